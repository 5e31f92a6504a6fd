/** One document of a feed: its newest articles, or a page of its archive, rendered, checked and written. */
import { join } from 'node:path'
import { archivePath, feedAddress, isOwnHub, type Addresses, type FeedFile } from './addresses.ts'
import { writePacked } from './disk/packed.ts'
import { writeAtomically } from './disk/write.ts'
import { describe, Failure } from './failures.ts'
import { checkFeed } from './feeds/checked.ts'
import { type Place } from './feeds/document.ts'
import { entryId, readEntries } from './feeds/entry.ts'
import { asExcerpt, isOnSite } from './feeds/foreign.ts'
import { renderFeedPage, type Beside } from './feeds/page.ts'
import { openMemory } from './feeds/memory.ts'
import { type FeedFiles } from './feeds/render.ts'
import { hashOf } from './hub/documents.ts'
import { type Log } from './log.ts'
import { type Article, type Feed, type Site } from './model.ts'
import { type Database } from './store/database.ts'
import {
  archivePage, goneEntries, newestEntries, pinnedEntries, type EntryCursor, type GoneEntry,
} from './store/feed-entries.ts' // prettier-ignore
import { type FeedState } from './store/feed-states.ts'
import { noteTopics } from './store/hub-topics.ts'

export interface DocumentNeeds {
  db: Database
  site: Site
  addresses: Addresses
  /** Where the folders of the feeds are. */
  directory: string
  /** What the config says of who owns the articles of a source; without it, the domain of each address decides. */
  sources?: { id: string; kind: string; ours?: boolean | undefined }[]
  templates: { read(path: string): Promise<string> }
  /** The clock; the real one by default. */
  now?: () => Date
  log: Log
}

export interface Outcome {
  articles: number
  /** The files that changed, by their paths in the feed's folder. */
  written: string[]
  faults: Failure[]
  held: Failure[]
}

/** For the life of the process: what is in it goes by a hash of all that it shows, so whoever asks gets the same. */
const memory = openMemory()

/** Articles read from the store at a time. */
const PAGE = 200

/** The feed's files as they are now. `beside`: the feeds that its page for people speaks of. */
export async function publishNewest(
  needs: DocumentNeeds,
  feed: Feed,
  state: FeedState,
  beside: Beside,
): Promise<Outcome> {
  return attempt({ feed: feed.id }, async (outcome) => {
    const { db, site, addresses } = needs
    const articles = (await gather(db, feed)).map((article) => asOurs(needs, article))
    const gone = await goneEntries(db, feed.id, { limit: feed.items, since: oldestOf(feed, articles) })
    const place = { older: state.pages || undefined, gone: tombstones(gone) }
    const now = needs.now?.()
    const checked = checkFeed(feed, site, addresses, articles, { place, memory, now })
    outcome.faults.push(...checked.faults)
    outcome.held.push(...checked.held)
    if (!checked.files) return

    outcome.articles = checked.articles.length
    for (const [file, text] of Object.entries(checked.files)) await write(needs, feed, file, text, outcome)
    await noteNews(needs, feed, checked.files)
    // The page comes last: whatever is wrong with its template, the feeds themselves are out.
    const template = await needs.templates.read('web/feed.html')
    const page = renderFeedPage(feed, site, addresses, checked.articles, template, beside)
    await write(needs, feed, 'index.html', page, outcome)
  })
}

/** Also when no file was written: a process may have died between writing and noting. */
async function noteNews({ db, addresses, now }: DocumentNeeds, feed: Feed, files: FeedFiles): Promise<void> {
  if (addresses.hub === undefined) return
  const topics = (Object.entries(files) as [FeedFile, string][]).map(([file, text]) => ({
    topic: feedAddress(addresses, feed.id, file),
    hash: hashOf(text),
  }))
  await noteTopics(db, topics, { now: now?.() ?? new Date(), isPinged: !isOwnHub(addresses) })
}

/**
 * A page of the feed's archive (RFC 5005, section 4). Each names the one before it; one that is closed, because another
 * stands behind it, names that too and is an archive for good.
 */
export async function publishPage(
  needs: DocumentNeeds,
  feed: Feed,
  { pages }: FeedState,
  page: number,
): Promise<Outcome> {
  return attempt({ feed: feed.id, page }, async (outcome) => {
    const { entries, gone } = await archivePage(needs.db, { feedId: feed.id, page })
    const isClosed = page < pages
    const place: Place = {
      page,
      older: page > 1 ? page - 1 : undefined,
      newer: isClosed ? page + 1 : undefined,
      isClosed,
      gone: tombstones(gone),
    }
    const shown = entries.map(({ article, isEmptied }) => (isEmptied ? asExcerpt(article) : asOurs(needs, article)))
    const { site, addresses } = needs
    // Who comes by a closed page once in a year must not push out what is rendered every hour.
    const remembered = isClosed ? undefined : memory
    const checked = checkFeed(feed, site, addresses, shown, {
      place,
      memory: remembered,
      now: needs.now?.(),
      isWhole: true,
    })
    outcome.faults.push(...checked.faults)
    outcome.held.push(...checked.held)
    if (!checked.files) return
    outcome.articles = checked.articles.length
    for (const [file, text] of Object.entries(checked.files) as [FeedFile, string][])
      await write(needs, feed, archivePath(page, file), text, outcome, isClosed)
  })
}

/** `about` is said of whatever goes wrong. */
async function attempt(
  about: { feed: string; page?: number },
  work: (outcome: Outcome) => Promise<void>,
): Promise<Outcome> {
  const outcome: Outcome = { articles: 0, written: [], faults: [], held: [] }
  try {
    await work(outcome)
  } catch (thrown) {
    const failure =
      thrown instanceof Failure ? thrown : new Failure('feed.invalid', { reason: describe(thrown) }, thrown)
    const { [failure.code === 'feed.invalid' ? 'held' : 'faults']: list } = outcome
    list.push(failure)
  }
  const named = ({ code, details, cause }: Failure) => new Failure(code, { ...about, ...details }, cause)
  return { ...outcome, faults: outcome.faults.map(named), held: outcome.held.map(named) }
}

/** Writes a file of the feed; `isPacked`: with its compressed copies, which one that changes all the time is not worth. */
export async function write(
  { directory, addresses, log }: Pick<DocumentNeeds, 'directory' | 'addresses' | 'log'>,
  feed: Feed,
  file: string,
  text: string,
  { written }: Pick<Outcome, 'written'>,
  isPacked = true,
): Promise<void> {
  const path = join(directory, feed.id, file)
  const outcome = await writeAtomically(path, text)
  if (isPacked) await writePacked(path, text)
  if (outcome === 'unchanged') return
  written.push(file)
  log.debug({ feed: feed.id, file, url: `${feedAddress(addresses, feed.id)}${file}` }, 'feed file written')
}

/**
 * What the editor pinned, then the newest articles of the feed, as many as it shows; beside them those that it would show
 * but cannot, so that they are named.
 */
async function gather(db: Database, feed: Feed): Promise<Article[]> {
  const chosen = await pinnedEntries(db, feed.id, feed.items)
  const pinned = new Set(chosen.map(({ id }) => id))
  const isFull = () => chosen.length >= feed.items && readEntries(chosen).entries.length >= feed.items
  for (let before: EntryCursor | undefined; !isFull();) {
    const { articles, last } = await newestEntries(db, feed.id, { limit: PAGE, before })
    for (const article of articles) {
      if (isFull()) break
      if (!pinned.has(article.id)) chosen.push(article)
    }
    if (last === undefined) break
    before = last
  }
  return chosen
}

/** What is gone from behind the oldest article that the feed shows, its readers were not shown of late. */
function oldestOf({ items }: Feed, articles: Article[]): Date | undefined {
  if (articles.length < items) return undefined
  const times = articles.map(({ publishedAt, firstSeenAt }) => (publishedAt ?? firstSeenAt).getTime())
  return new Date(Math.min(...times))
}

function tombstones(gone: GoneEntry[]): Place['gone'] & object {
  return gone.map(({ article, goneAt }) => ({ id: entryId(article), at: goneAt }))
}

/** What somebody else published is not ours to publish whole. */
function asOurs({ sources = [], site, addresses }: DocumentNeeds, article: Article): Article {
  const source = sources.find(({ id }) => id === article.sourceId)
  const isOurs = source?.ours ?? (source?.kind === 'folder' || isOnSite(article.url, [site.url, addresses.server]))
  return isOurs ? article : asExcerpt(article)
}
