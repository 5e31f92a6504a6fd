/** Only what passed the check leaves: a faulty article is left out and named, a faulty feed is held. */
import type { Failure } from '../failures.ts'
import type { Article } from '../model.ts'
import { leftOut, readEntries } from './entry.ts'
import type { FeedFiles } from './render.ts'
import { verifyFeed } from './verify.ts'

export interface CheckedFeed {
  /** `undefined` when the feed is held: the last good files stay. */
  files: FeedFiles | undefined
  /** The articles in the files, newest first. */
  articles: Article[]
  /** `feed.item`, one for each article left out. */
  faults: Failure[]
  /** `feed.invalid`, why the feed is held. */
  held: Failure[]
}

/**
 * The files of these articles, checked. When they do not pass, every article is tried in a feed of its own, and those
 * that fail there are left out.
 */
export function checkFeed(
  articles: readonly Article[],
  render: (articles: readonly Article[]) => FeedFiles,
): CheckedFeed {
  const { entries, faults } = readEntries(articles)
  const shown = entries.map(({ article }) => article)
  const whole = attempt(shown, render)
  if (whole.failures.length === 0) return { files: whole.files, articles: shown, faults, held: [] }

  const good: Article[] = []
  for (const article of shown) {
    const [failure] = attempt([article], render).failures
    if (failure) faults.push(leftOut(article, failure.message))
    else good.push(article)
  }
  const rest = attempt(good, render)
  if (rest.failures.length > 0) return { files: undefined, articles: [], faults, held: rest.failures }
  return { files: rest.files, articles: good, faults, held: [] }
}

function attempt(
  articles: readonly Article[],
  render: (articles: readonly Article[]) => FeedFiles,
): { files: FeedFiles; failures: Failure[] } {
  const files = render(articles)
  return { files, failures: verifyFeed(files, articles) }
}
