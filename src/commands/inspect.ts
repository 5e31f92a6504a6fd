/** `inspect URL`: what Broadsheet sees at an address, and what it would make of one article there. */
import { type Command } from 'commander'
import { originsOfArticle } from '../articles/origins.ts'
import { refuseWall } from '../articles/verdict.ts'
import { type Run } from '../cli.ts'
import { Failure, type FailureReport } from '../failures.ts'
import { type Fetch } from '../contracts.ts'
import { type Item, type Origins, type Verdict } from '../item.ts'
import { type Parse } from '../parse.ts'
import { columns, count, showReport } from '../terminal.ts'
import { allowOption, withReading } from './extract.ts'
import { explain, extractedOf, type Extracted } from './extracted.ts'
import { showLists } from './found-lists.ts'
import { lookAt, type FoundFeed, type Looked, type SiteView } from './site.ts'
import { pagesOf, readWhole } from './whole.ts'

export function register(program: Command, run: Run): void {
  program
    .command('inspect')
    .argument('<url>', 'a front page, a page or a feed')
    .addOption(allowOption())
    .description(
      'what Broadsheet sees at an address: feeds, sitemap, lists of articles, one article, and where each field came from',
    )
    .action(
      run(async (call, url: string, { allow }: { allow: string[] }) =>
        withReading(call, url, allow, async (fetch, parse) => {
          const looked = await lookAt(url, fetch, parse)
          const { view } = looked
          const sample = await readSample(looked, fetch, parse)
          return {
            json: { ...view, ...sample },
            text: [
              ...showSite(view),
              ...(view.lists === null ? [] : showLists(view.lists)),
              ...showSample(sample),
            ].join('\n'),
            exit: 0,
          }
        }),
      ),
    )
}

interface Sample {
  article: Extracted | null
  /** For each of its fields, where it stood, how sure it is, and what else was said of it. */
  origins: Origins
  /** Whether its page is an article at all. */
  verdict: Verdict | null
  failure: FailureReport | null
}

/** The newest article of the feed, from its own page, as far as its words and the feed's agree; without a feed, the page itself. */
async function readSample({ items: [item], page }: Looked, fetch: Fetch, parse: Parse): Promise<Sample> {
  try {
    const fetched = item === undefined ? undefined : await fetch(item.url, { maxBytes: 5_000_000 })
    const { url, html } = fetched ? { url: fetched.url, html: fetched.text() } : (page ?? { url: '', html: '' })
    if (url === '') return { article: null, origins: {}, verdict: null, failure: null }
    const whole: Item = { ...item, url, body: { form: 'page', value: html } }
    const { draft } = await readWhole(whole, pagesOf(fetch), parse)
    refuseWall(draft, { url })
    return {
      article: await extractedOf(parse, whole, draft, new Date()),
      origins: originsOfArticle(whole, draft),
      verdict: draft.verdict ?? null,
      failure: null,
    }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return { article: null, origins: {}, verdict: null, failure: thrown.toJSON() }
  }
}

function showSite(view: SiteView): string[] {
  const facts = [
    ['site', view.title ?? ''],
    ['address', view.url],
    ['description', view.description ?? ''],
    ['language', view.language ?? ''],
    ['colour', view.colour ?? ''],
    ['logo', view.logo ?? ''],
    ...view.feeds.map((feed) => ['feed', `${feed.url}  ${describeFeed(feed)}`]),
    ...view.sitemaps.map((sitemap) => ['sitemap', sitemap]),
    ['WordPress', view.wordpress ?? ''],
    ['kind: auto', view.instead ?? ''],
  ]
  const nothing = view.feeds.length === 0 ? ['feed  none linked, and none at the usual places'] : []
  return [columns(facts.filter(([, value]) => value !== '')), ...nothing]
}

export function describeFeed({ title, items, isFull, found }: FoundFeed): string {
  return [
    title === null ? '' : `“${title}”, `,
    `${count(items, 'item')}, ${isFull ? 'whole articles' : 'beginnings of articles'}`,
    found === 'guessed' ? ', not linked' : '',
  ].join('')
}

function showSample({ article, origins, verdict, failure }: Sample): string[] {
  if (failure !== null) return ['', `no article: ${showReport(failure)}`]
  return article === null
    ? []
    : ['', 'an article, and where each field stood:', columns(explain(article, origins, verdict))]
}
