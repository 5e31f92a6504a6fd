/** VERB: a feed's articles become feed files. */
import { join } from 'node:path'
import { feedAddress, styleFile, type Addresses } from './addresses.ts'
import { matches } from './articles/choice.ts'
import { writePacked } from './disk/packed.ts'
import { readIfThere, writeAtomically } from './disk/write.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { checkFeed } from './feeds/checked.ts'
import { asExcerpt, isOnSite } from './feeds/foreign.ts'
import { headersFile, redirectsFile } from './feeds/hosting.ts'
import { expire } from './feeds/json-feed.ts'
import { readEntries } from './feeds/entry.ts'
import { renderFeedPage } from './feeds/page.ts'
import { renderFeed } from './feeds/render.ts'
import { type Log } from './log.ts'
import { type Article, type Feed, type Report, type Site } from './model.ts'
import { newestArticles, pinnedArticles } from './store/articles.ts'
import { type Database } from './store/database.ts'
import { withoutCopies } from './stories.ts'

export interface PublishNeeds {
  db: Database
  site: Site
  addresses: Addresses
  /** Where the folders of the feeds are. */
  directory: string
  feeds: (Feed & { was?: string[] })[]
  /** What the config says of who owns the articles of a source; without it, the domain of each address decides. */
  sources?: { id: string; kind: string; ours?: boolean | undefined }[]
  /** Former ids of feeds that went elsewhere: another feed's id, or an address. */
  moved?: Record<string, string>
  templates: { read(path: string): Promise<string> }
  log: Log
  report?: Report
}

export interface PublishedFeed {
  id: string
  /** How many articles it shows. */
  articles: number
  /** The files that changed. */
  written: string[]
  /** Nothing in it changed. */
  unchanged: boolean
}

export interface PublishResult {
  feeds: PublishedFeed[]
  faults: FailureReport[]
  /** Feeds that did not pass their check; readers keep the last good files. */
  held: FailureReport[]
}

/** Articles read from the store at a time. */
const PAGE = 200

/**
 * Publishes these feeds, or all: `directory`/ID/{rss.xml, atom.xml, feed.json, index.html}, each file replaced whole and
 * only when it changed. One feed's failure never stops the others.
 * @throws Failure `usage.unknown` for an id that is not in `feeds`, before anything is done.
 */
export async function publish(needs: PublishNeeds, ids?: string[]): Promise<PublishResult> {
  const unknown = ids?.find((id) => !needs.feeds.some((feed) => feed.id === id))
  if (unknown !== undefined) throw new Failure('usage.unknown', { feed: unknown })
  const feeds = needs.feeds.filter((feed) => ids?.includes(feed.id) ?? true)

  const result: PublishResult = { feeds: [], faults: [], held: [] }
  for (const [done, feed] of feeds.entries()) {
    needs.report?.({ verb: 'publish', id: feed.id, done, total: feeds.length })
    const { faults, held, ...published } = await publishFeed(needs, feed)
    for (const failure of [...faults, ...held]) {
      needs.log.warn({ feed: feed.id, failure, err: failure.cause }, failure.message)
    }
    const { articles, written } = published
    if (held.length === 0) needs.log.info({ feed: feed.id, articles, written }, 'feed published')
    result.feeds.push({ id: feed.id, ...published, unchanged: written.length === 0 })
    result.faults.push(...faults.map((failure) => failure.toJSON()))
    result.held.push(...held.map((failure) => failure.toJSON()))
    needs.report?.({ verb: 'publish', id: feed.id, done: done + 1, total: feeds.length })
  }
  try {
    await writeStyle(needs)
    await writeHosting(needs)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    needs.log.warn({ failure: thrown, err: thrown.cause }, thrown.message)
    result.faults.push(thrown.toJSON())
  }
  return result
}

/** For the browsers of people who open a feed itself: it says what it is. */
async function writeStyle({ directory, templates }: PublishNeeds): Promise<void> {
  await writeAtomically(join(directory, styleFile), await templates.read('web/feed.css'))
}

/** What static hosts have to be told, beside the folders of the feeds. */
async function writeHosting({ directory, addresses, feeds, moved = {} }: PublishNeeds): Promise<void> {
  const hosted = { addresses, feeds, moved }
  await writeAtomically(join(directory, '_headers'), headersFile(hosted))
  await writeAtomically(join(directory, '_redirects'), redirectsFile(hosted))
}

interface Outcome {
  articles: number
  written: string[]
  faults: Failure[]
  held: Failure[]
}

async function publishFeed(needs: PublishNeeds, feed: Feed): Promise<Outcome> {
  const outcome: Outcome = { articles: 0, written: [], faults: [], held: [] }
  try {
    if (feed.retired === true) {
      const last = await readIfThere(join(needs.directory, feed.id, 'feed.json'))
      if (last !== undefined) await write(needs, feed, 'feed.json', expire(last), outcome)
      return outcome
    }
    const gathered = (await gather(needs.db, feed)).map((article) =>
      isOurs(needs, article) ? article : asExcerpt(article),
    )
    const checked = checkFeed(gathered, (articles) => renderFeed(feed, needs.site, needs.addresses, articles))
    outcome.faults.push(...checked.faults.map((failure) => inFeed(feed, failure)))
    outcome.held.push(...checked.held.map((failure) => inFeed(feed, failure)))
    if (!checked.files) return outcome

    outcome.articles = checked.articles.length
    for (const [file, text] of Object.entries(checked.files)) await write(needs, feed, file, text, outcome)
    // The page comes last: whatever is wrong with its template, the feeds themselves are out.
    const template = await needs.templates.read('web/feed.html')
    const page = renderFeedPage(feed, needs.site, needs.addresses, checked.articles, template)
    await write(needs, feed, 'index.html', page, outcome)
  } catch (thrown) {
    const failure =
      thrown instanceof Failure ? thrown : new Failure('feed.invalid', { reason: describe(thrown) }, thrown)
    const { [failure.code === 'feed.invalid' ? 'held' : 'faults']: list } = outcome
    list.push(inFeed(feed, failure))
  }
  return outcome
}

async function write(
  { directory, addresses, log }: PublishNeeds,
  feed: Feed,
  file: string,
  text: string,
  { written }: Outcome,
): Promise<void> {
  const path = join(directory, feed.id, file)
  const outcome = await writeAtomically(path, text)
  await writePacked(path, text)
  if (outcome === 'unchanged') return
  written.push(file)
  log.debug({ feed: feed.id, file, url: `${feedAddress(addresses, feed.id)}${file}` }, 'feed file written')
}

/**
 * What the editor pinned, then the newest articles that the feed chooses, as many as it shows; beside them those that it
 * would show but cannot, so that they are named.
 */
async function gather(db: Database, feed: Feed): Promise<Article[]> {
  const sources = feed.where.sources?.length ? feed.where.sources : undefined
  const isChosen = (article: Article) => matches(article, feed.where)
  const choose = (articles: Article[]) => withoutCopies(db, articles.filter(isChosen), isChosen)
  const chosen = (await choose(await pinnedArticles(db, { sources }))).slice(0, feed.items)
  const isFull = () => chosen.length >= feed.items && readEntries(chosen).entries.length >= feed.items
  for (let before: Article | undefined; ;) {
    if (isFull()) return chosen
    const page = await newestArticles(db, { sources, limit: PAGE, before })
    for (const article of await choose(page)) {
      if (article.pinnedAt !== undefined && chosen.some(({ id }) => id === article.id)) continue
      chosen.push(article)
      if (isFull()) return chosen
    }
    before = page.at(-1)
    if (page.length < PAGE) return chosen
  }
}

/** What somebody else published is not ours to publish whole. */
function isOurs({ sources = [], site, addresses }: PublishNeeds, { sourceId, url }: Article): boolean {
  const source = sources.find(({ id }) => id === sourceId)
  return source?.ours ?? (source?.kind === 'folder' || isOnSite(url, [site.url, addresses.server]))
}

function inFeed(feed: Feed, { code, details, cause }: Failure): Failure {
  return new Failure(code, { feed: feed.id, ...details }, cause)
}
