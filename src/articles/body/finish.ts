/** From the passages that were chosen to the article as a reader wants it. */
import { type ParentNode } from 'domhandler'
import { type Page } from '../metadata/page.ts'
import { cutOut } from './cut.ts'
import { type Hints } from './hints.ts'
import { withoutLabels } from './labels.ts'
import { withTimes } from './live.ts'
import { withoutMasthead } from './masthead.ts'
import { type Passages } from './passages.ts'
import { dropRepeats } from './repeats.ts'
import { withWhole } from './whole.ts'

/** The element that holds the article, and nothing else; none where nothing was chosen. */
export function finish(
  found: Passages,
  chosen: Set<number>,
  page: Page,
  hints: Pick<Hints, 'authors'>,
): ParentNode | undefined {
  const kept = withTimes(found, withoutLabels(found, withoutMasthead(found, withWhole(found, chosen), hints)), page)
  const article = cutOut(found, (index) => kept.has(index))
  if (article !== undefined) dropRepeats(article, page.base)
  return article
}
