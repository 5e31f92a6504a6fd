/** VERB: a feed's articles become feed files. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { archivePath, listFile, styleFile, type FeedFile } from './addresses.ts'
import { missingIn } from './disk/missing.ts'
import { removeFiles } from './disk/sweep.ts'
import { readIfThere, writeAtomically } from './disk/write.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { madeFeed } from './feeds/each.ts'
import { headersFile, redirectsFile } from './feeds/hosting.ts'
import { expire } from './feeds/json-feed.ts'
import { renderOpml } from './feeds/opml.ts'
import { type Beside } from './feeds/page.ts'
import { updateMembers, type Members } from './members.ts'
import { type Report } from './contracts.ts'
import { type Feed } from './model.ts'
import { publishNewest, publishPage, write, type DocumentNeeds, type Outcome } from './publish-feed.ts'
import {
  feedStates, madeFeeds, markStale, noteLook, settlePage, stalePages, standingFaults, type FeedState, type StalePage,
} from './store/feed-states.ts' // prettier-ignore

export interface PublishNeeds extends DocumentNeeds {
  feeds: (Feed & { was?: string[] })[]
  /** Former ids of feeds that went elsewhere: another feed's id, or an address. */
  moved?: Record<string, string> | undefined
  /** The clock; the real one by default. */
  now?: () => Date
  report?: Report
}

export interface PublishedFeed {
  id: string
  /** How many articles it shows. */
  articles: number
  /** The files that changed, also those of its archive and of the feeds made of it. */
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

const files = ['rss.xml', 'atom.xml', 'feed.json'] as const satisfies FeedFile[]

/** Documents looked up at a time. */
const SOME = 500

/** Of the code that renders: when the same articles are to look otherwise, this is another. */
const RENDERING = 3

/**
 * Publishes these feeds, or all: `directory`/ID/{rss.xml, atom.xml, feed.json, index.html}, their archives and the feeds
 * made of them; only what changed since is rendered, and each file replaced whole and only when it is another. One feed's
 * failure never stops the others.
 * @throws Failure `usage.unknown` for an id that is not in `feeds`, before anything is done.
 */
export async function publish(needs: PublishNeeds, ids?: string[]): Promise<PublishResult> {
  const unknown = ids?.find((id) => !needs.feeds.some((feed) => feed.id === id))
  if (unknown !== undefined) throw new Failure('usage.unknown', { feed: unknown })
  const feeds = needs.feeds.filter((feed) => ids?.includes(feed.id) ?? true)

  const result: PublishResult = { feeds: [], faults: [], held: [] }
  let hasNewFeeds = false
  for (const [done, feed] of feeds.entries()) {
    needs.report?.({ verb: 'publish', id: feed.id, done, total: feeds.length })
    const { hasMade, faults, held, ...published } = await publishFeed(needs, feed)
    hasNewFeeds ||= hasMade
    for (const failure of [...faults, ...held]) needs.log.warn({ feed: feed.id, failure }, failure.says)
    const { articles, written } = published
    if (held.length === 0) needs.log.info({ feed: feed.id, articles, written }, 'feed published')
    result.feeds.push({ id: feed.id, ...published, unchanged: written.length === 0 })
    result.faults.push(...faults)
    result.held.push(...held)
    needs.report?.({ verb: 'publish', id: feed.id, done: done + 1, total: feeds.length })
  }
  try {
    if (hasNewFeeds || !told.has(needs.feeds)) await writeAboutAll(needs)
    told.add(needs.feeds)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    needs.log.warn({ failure: thrown, err: thrown.cause }, thrown.message)
    result.faults.push(thrown.toJSON())
  }
  return result
}

/** The configs of which this process has written already what is said of all feeds: each feed is published on its own. */
const told = new WeakSet<PublishNeeds['feeds']>()

/** The list of all feeds, their style sheet, and what static hosts have to be told. */
async function writeAboutAll(needs: PublishNeeds): Promise<void> {
  const { db, directory, site, addresses, feeds, moved = {}, templates } = needs
  const made = await madeFeeds(db)
  const listed = feeds.map((feed) => ({
    feed,
    made: made
      .filter((one) => one.ownerId === feed.id && feed.each?.includes(one.made.kind) === true)
      .map((one) => madeFeed(feed, one.feedId, one.made.name)),
  }))
  await writeAtomically(join(directory, styleFile), await templates.read('web/feed.css'))
  const list = renderOpml(listed, site, addresses)
  if (list === undefined) await removeFiles(directory, [listFile])
  else await writeAtomically(join(directory, listFile), list)
  const hosted = { addresses, feeds, moved }
  await writeAtomically(join(directory, '_headers'), headersFile(hosted))
  await writeAtomically(join(directory, '_redirects'), redirectsFile(hosted))
}

interface Published {
  articles: number
  written: string[]
  faults: FailureReport[]
  held: FailureReport[]
  /** A feed was made of it that was not there before. */
  hasMade: boolean
}

async function publishFeed(needs: PublishNeeds, feed: Feed): Promise<Published> {
  const published: Published = { articles: 0, written: [], faults: [], held: [], hasMade: false }
  try {
    if (feed.retired === true) {
      await expireAll(needs, feed, published)
      return published
    }
    const members = await updateMembers(needs.db, feed, needs.now?.() ?? new Date())
    published.hasMade = members.hasMade
    await findStale(needs, feed, members.states)
    await publishStale(needs, feed, members, published)
    const [owner] = await feedStates(needs.db, feed.id)
    published.articles = owner?.shown ?? 0
    published.faults.push(...(await standingFaults(needs.db, feed.id)))
    published.faults = withoutRepetition(published.faults)
    published.held = withoutRepetition(published.held)
  } catch (thrown) {
    const failure =
      thrown instanceof Failure ? thrown : new Failure('feed.invalid', { reason: describe(thrown) }, thrown)
    const report = new Failure(failure.code, { feed: feed.id, ...failure.details }, failure.cause).toJSON()
    published[failure.code === 'feed.invalid' ? 'held' : 'faults'].push(report)
  }
  return published
}

/** What ended says so in its last JSON; nothing else of it is touched. */
async function expireAll(needs: PublishNeeds, feed: Feed, { written }: Published): Promise<void> {
  const made = (await feedStates(needs.db, feed.id)).map(({ feedId }) => feedId)
  for (const id of new Set([feed.id, ...made])) {
    const last = await readIfThere(join(needs.directory, id, 'feed.json'))
    if (last === undefined) continue
    const one = { written: [] as string[] }
    await write(needs, { ...feed, id }, 'feed.json', expire(last), one)
    written.push(...one.written.map((file) => pathIn(feed, id, file)))
  }
}

/** Whatever the articles: files are written anew when they are to look otherwise, and when they are not there. */
async function findStale(needs: PublishNeeds, feed: Feed, states: FeedState[]): Promise<void> {
  const look = await lookOf(needs, feed)
  if (states[0]?.look !== look) {
    await noteLook(needs.db, feed.id, look)
    return
  }
  const missing: { feedId: string; page: number }[] = []
  for (const { feedId, pages } of states) {
    const folder = join(needs.directory, feedId)
    if ((await missingIn(folder, [...files, 'index.html'])).length > 0) missing.push({ feedId, page: 0 })
    const names = (page: number) => files.map((file) => archivePath(page, file).slice('archive/'.length))
    const all = Array.from({ length: pages }, (_, index) => index + 1)
    const absent = new Set(await missingIn(join(folder, 'archive'), all.flatMap(names)))
    for (const page of absent.size === 0 ? [] : all)
      if (names(page).some((name) => absent.has(name))) missing.push({ feedId, page })
  }
  await markStale(needs.db, feed.id, missing)
}

/** Of everything beside its articles that a feed's files depend on. */
async function lookOf({ site, addresses, sources, templates }: PublishNeeds, feed: Feed): Promise<string> {
  const template = await templates.read('web/feed.html')
  const owners = sources?.map(({ id, kind, ours }) => [id, kind, ours])
  return createHash('sha256')
    .update(JSON.stringify([RENDERING, feed, site, addresses, owners, template]))
    .digest('hex')
}

async function publishStale(needs: PublishNeeds, feed: Feed, { states }: Members, published: Published) {
  const byId = new Map(states.map((state) => [state.feedId, state]))
  for (let after: StalePage | undefined; ;) {
    const pages = await stalePages(needs.db, feed.id, { limit: SOME, after })
    for (const page of pages) {
      const state = byId.get(page.feedId)
      // What is no longer made of the feed stays as it is.
      if (state === undefined) continue
      const outcome = await publishOne(needs, feed, { state, states, page })
      published.written.push(...outcome.written.map((file) => pathIn(feed, page.feedId, file)))
      await settle(needs, page, outcome, published)
      // Where one file could not be written, the next hundred cannot either: all of them stay stale.
      if (outcome.faults.some(({ code }) => code.startsWith('disk.'))) return
    }
    after = pages.at(-1)
    if (pages.length < SOME) return
  }
}

async function publishOne(
  needs: PublishNeeds,
  feed: Feed,
  { state, states, page: { page } }: { state: FeedState; states: FeedState[]; page: StalePage },
): Promise<Outcome> {
  const one = state.made === undefined ? feed : madeFeed(feed, state.feedId, state.made.name)
  return page === 0
    ? publishNewest(needs, one, state, besides(feed, state, states))
    : publishPage(needs, one, state, page)
}

/** What the page of a feed says of the feeds that were made of it, or of the one that it was made of. */
function besides(feed: Feed, { made }: FeedState, states: FeedState[]): Beside {
  if (made !== undefined) return { of: feed, made: [] }
  return { made: states.flatMap((one) => (one.made ? [{ feedId: one.feedId, ...one.made }] : [])) }
}

/** Articles that were left out are remembered with the page; what failed otherwise is tried again the next time. */
async function settle(needs: PublishNeeds, page: StalePage, outcome: Outcome, published: Published): Promise<void> {
  const { faults, held, articles } = outcome
  // What is dated in the future can be shown when its time has come, though nothing of it changes.
  const isItem = ({ code, details }: Failure) =>
    code === 'feed.item' && !String(details['reason']).startsWith('item.future')
  published.held.push(...held.map((failure) => failure.toJSON()))
  published.faults.push(...faults.map((failure) => failure.toJSON()))
  if (held.length > 0 || !faults.every(isItem)) return
  await settlePage(
    needs.db,
    page,
    faults.map((failure) => failure.toJSON()),
    page.page === 0 ? articles : undefined,
  )
}

/** What is wrong with an article or a template shows in every page and feed that it is in, and is said once. */
function withoutRepetition(reports: FailureReport[]): FailureReport[] {
  const said = new Set<string>()
  return reports.filter(({ code, details }) => {
    const place = { ...details, feed: undefined, page: undefined }
    const key = JSON.stringify([code, code === 'feed.item' ? details['article'] : place])
    if (said.has(key)) return false
    said.add(key)
    return true
  })
}

function pathIn(feed: Feed, feedId: string, file: string): string {
  return feedId === feed.id ? file : `${feedId.slice(feed.id.length + 1)}/${file}`
}
