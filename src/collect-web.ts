/** What a collection asks of the web for one source: its list or feed, and the pages of its articles. */
import { createHash } from 'node:crypto'
import { aliasKeys } from './articles/identity.ts'
import { collectOne, ownKeys, type Round, type Run } from './collect-one.ts'
import { isLasting, readPage } from './collect-page.ts'
import { Failure } from './failures.ts'
import { isBinary } from './http/sniff.ts'
import { type Fetch, type Fetched, type FetchRequest } from './contracts.ts'
import { type Body, type Item } from './item.ts'
import { type Article } from './model.ts'
import { isWeb, wants, type WebSource } from './sources/index.ts'
import { isSameOrigin } from './sources/web-url.ts'
import { findNamed } from './store/articles.ts'
import { notedItems, type SeenItem } from './store/items.ts'
import { pageMissed } from './store/page-checks.ts'

/** One collection's reading for one source. */
export interface Web {
  /** For the source itself: conditional, with its headers. */
  fetch: Fetch
  /** The source is the same as last time: there was an answer, and none that brought anything. */
  isUnchanged(): boolean
  /** The item's own page, at the address where it was found. Throws Failure `http.…` or `article.empty`. */
  readPage(item: Item): Promise<Item>
  /**
   * The same, and a way to ask only for what is newer from now on; with `isAgain`, that is asked for, and there is no item
   * where nothing is. With `asksAnyway` it is also asked for where the site said once that it is gone for good.
   */
  openPage(item: Item, opening?: Opening): Promise<OpenedPage>
  /** From now on, ask only for what is newer. Called when everything that was read is saved. */
  remember(): Promise<void>
}

export interface OpenedPage {
  item?: Item
  /** With what is to be known of the page as long as it is the same. */
  remember: (kept?: string) => Promise<void>
  /** What was kept with it, where it is the same. */
  kept?: string
}

/** How a page is opened. */
export interface Opening {
  isAgain?: boolean
  asksAnyway?: boolean
}

const LARGEST_PAGE = 5_000_000

export function openWeb(source: WebSource, fetch: Fetch): Web {
  const read: Fetched[] = []
  // Scheduled otherwise or renamed, it is the same source; any other option may let through what it did not before.
  const reader = `${source.id} ${hashOf({ ...source, schedule: '', was: [] })}`
  const request = (url: string, more: FetchRequest): FetchRequest => ({
    ...more,
    ...(source.url !== undefined &&
      isSameOrigin(url, source.url) && { headers: source.headers, ignoreRobots: source.ignoreRobots }),
  })
  return {
    async fetch(url, more = {}) {
      const fetched = await fetch(url, request(url, { ...more, reader }))
      // Nothing is gained by remembering what will not be asked for in that way.
      if (more.conditional === true) read.push(fetched)
      return fetched
    },
    isUnchanged: () => read.length > 0 && read.every(({ status }) => status === 'unchanged'),
    async readPage(item) {
      return (await openPage(item)).item ?? item
    },
    openPage,
    async remember() {
      for (const fetched of read) await fetched.remember()
    },
  }

  async function openPage(item: Item, { isAgain = false, asksAnyway = false }: Opening = {}): Promise<OpenedPage> {
    const accept = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1'
    const more = {
      ...{ accept, maxBytes: LARGEST_PAGE, conditional: isAgain, asksAnyway, reader: `${source.id} page` },
      ...(source.kind === 'browser' && source.articles === 'browser' && { render: renderOf(source.select.content) }),
    }
    const page = await fetch(item.url, request(item.url, more))
    const remember = (kept?: string) => page.remember(kept)
    if (page.status === 'unchanged') return { remember, ...(page.kept !== undefined && { kept: page.kept }) }
    const type = page.headers['content-type'] ?? 'text/html'
    if (!/^\s*(?:text\/|application\/(?:xhtml\+)?xml)/i.test(type))
      throw new Failure('article.empty', { url: item.url, reason: `it is no page but ${type.slice(0, 100)}` })
    if (isBinary(page.body))
      throw new Failure('article.empty', { url: item.url, reason: 'it is no page, though its server says so' })
    if (pathOf(page.url) === '/' && pathOf(item.url) !== '/')
      throw new Failure('article.empty', { url: item.url, reason: 'its address leads to the front page' })
    const body: Body = { form: 'page', value: page.text() }
    return { item: { ...item, url: page.url, body }, remember }
  }
}

function renderOf(waitFor: string | undefined): { waitFor?: string } {
  return waitFor === undefined ? {} : { waitFor }
}

/** An item that is to be read, and what is noted of it once it was. */
export interface Unread {
  item: Item
  seen?: SeenItem
}

/**
 * The items of which the source says something new; the others are counted. The last of the list come first: an
 * article without a date is as new as the moment at which it was met.
 */
export async function findFresh(round: Round, items: Item[], run: Run): Promise<Unread[]> {
  const { db, source, timezone } = round
  if (!isWeb(source)) return items.map((item) => ({ item }))
  const fresh: Unread[] = []
  const keysOfAll = items.map((item) => aliasKeys(item))
  // Asked once for all: a long feed in which one item is new costs little more than one in which none is.
  const notedByKey = await notedItems(db, source.id, [...new Set(keysOfAll.map(([key]) => key ?? ''))])
  const named = await findNamed(db, source.id, [...new Set(keysOfAll.flat())])
  const places = new Map(named.map(({ key }, place) => [key, place]))
  for (const [at, item] of items.entries()) {
    const keys = keysOfAll[at] ?? []
    const seen = { sourceId: source.id, key: keys[0] ?? item.url, hash: itemHash(item, source, timezone) }
    const last = notedByKey.get(seen.key)
    const noted = last?.hash === seen.hash ? last : undefined
    if (item.title !== undefined && !wants(source, item, item.title)) run.counts.leftOut++
    else if (noted === undefined) fresh.unshift({ item, seen })
    else if (noted.articleId === undefined) run.counts.leftOut++
    else {
      run.counts.unchanged++
      run.claimed.set(noted.articleId, item.url)
      // It stands in the list under this item's names, whatever it calls itself.
      const known = named[Math.min(...keys.map((key) => places.get(key) ?? Infinity))]
      if (known !== undefined) for (const key of ownKeys(known)) run.present.add(key)
    }
  }
  return fresh
}

/** Which of the items this source spoke of before, or is known by an article's guid or address. */
export async function areKnown({ db, source }: Round, items: readonly Item[]): Promise<boolean[]> {
  const keysOfAll = items.map((item) => aliasKeys(item))
  const noted = await notedItems(db, source.id, [...new Set(keysOfAll.map(([key]) => key ?? ''))])
  const named = new Set((await findNamed(db, source.id, [...new Set(keysOfAll.flat())])).map(({ key }) => key))
  return keysOfAll.map((keys) => noted.has(keys[0] ?? '') || keys.some((key) => named.has(key)))
}

/** More pages of one source are left for its next collection. */
const MOST_PAGES = 100

/** A site whose pages fail so often, one after the other, is left alone until then too. */
const MOST_FAILURES = 5

/** Reads the page of each item and saves what is on it, one after the other. */
export async function readPages(round: Round, web: Web, fresh: Unread[], run: Run): Promise<void> {
  const { source, report, stop } = round
  const now = fresh.slice(-MOST_PAGES)
  let left = fresh.length
  let failures = 0
  for (const [done, unread] of now.entries()) {
    if (stop?.aborted || failures >= MOST_FAILURES) break
    report?.({ verb: 'collect', id: source.id, done, total: now.length })
    const { reading, failure, known, remember, isPart } = await readPage(round, web, unread, run)
    failures = failure === undefined || isLasting(failure) ? 0 : failures + 1
    if (failure !== undefined && !isLasting(failure)) run.isWhole = false
    if (failure?.code === 'http.stopped') break
    if (failure !== undefined) round.fault(failure)
    if (failure?.code === 'http.later') break
    left--
    if (isPart) {
      run.counts.leftOut++
      continue
    }
    const outcome = reading === undefined ? 'faulty' : await collectOne(round, reading, run)
    if (outcome !== 'faulty') run.counts[outcome]++
    if (outcome !== 'faulty') await remember?.()
    if (known && isMissing(failure)) await noteMissed(round, known, run)
  }
  run.counts.waiting += left
  if (left > 0) run.isWhole = false
  report?.({ verb: 'collect', id: source.id, done: now.length, total: now.length })
}

/** The page of an article is gone; the second time its article is withdrawn. */
export async function noteMissed(
  { db, now, log, source }: Round,
  { id, url, firstSeenAt }: Article,
  run: Run,
): Promise<void> {
  const page = { articleId: id, sourceId: source.id, url, knownAt: firstSeenAt, now: now() }
  const recalls = await pageMissed(db, page)
  if (recalls === undefined) return
  run.counts.withdrawn = (run.counts.withdrawn ?? 0) + 1
  const editions = recalls.map(({ newsletterId, number, state }) => `${newsletterId}/${number} ${state}`)
  log.warn({ source: source.id, article: id, url, editions }, 'its page was gone twice: the article is withdrawn')
}

/** The site was asked just now, and said that there is nothing: what it said of old is no second word. */
function isMissing(failure: Failure | undefined): boolean {
  return failure?.code === 'http.missing' || (failure?.code === 'http.gone' && failure.details['asked'] === undefined)
}

/** Of everything that the source says of an item, and of the options that decide what becomes of it. */
function itemHash(item: Item, source: WebSource, timezone: string | undefined): string {
  const { topics, fullText, select } = source
  return hashOf([item, topics, fullText, select, timezone])
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)
}

function pathOf(url: string): string | undefined {
  return URL.parse(url)?.pathname
}
