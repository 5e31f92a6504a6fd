/** VERB: a source's new items become articles in the store. */
import { join } from 'node:path'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { folderAddress, mediaAddress, type Addresses } from './addresses.ts'
import { makeArticle, readBody, type MakeOptions, type OwnCopy } from './articles/article.ts'
import { aliasKeys, isSameArticle, mintId, urlPath } from './articles/identity.ts'
import { keepMedia } from './disk/media.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { type Log } from './log.ts'
import { type Article, type Draft, type Item, type Report } from './model.ts'
import { find, wants, type SourceOptions } from './sources/index.ts'
import { findKnown, findMoved, saveArticle } from './store/articles.ts'
import { type Database } from './store/database.ts'
import { sourceCollected } from './store/sources.ts'

export interface CollectNeeds {
  db: Database
  /** The folder of the config file, absolute. */
  root: string
  addresses: Addresses
  /** Copies of pictures go to `media/` in it. */
  publishDirectory: string
  sources: SourceOptions[]
  /** Of dates that name no zone themselves. UTC if not given. */
  timezone?: string
  now: () => Date
  log: Log
  report?: Report
}

export interface CollectedSource {
  id: string
  /** How many items it has now; the other counts and the faulty ones make up this one. */
  found: number
  added: number
  updated: number
  unchanged: number
  /** Dated in the future. */
  waiting: number
  /** Drafts, and what include and exclude do not let through. */
  leftOut: number
}

export interface CollectResult {
  sources: CollectedSource[]
  faults: FailureReport[]
  held: FailureReport[]
}

/** Clocks differ: an article dated this little ahead is of now. */
const AHEAD_MS = 60_000

/**
 * Collects these sources, or all. A faulty item is named in `faults` and never stops its source, and no source stops the
 * others. Nothing is ever deleted; doing it again changes nothing.
 * @throws Failure `usage.unknown` for an id that is not in `sources`, before anything is done.
 */
export async function collect(needs: CollectNeeds, ids?: string[]): Promise<CollectResult> {
  const unknown = ids?.find((id) => !needs.sources.some((source) => source.id === id))
  if (unknown !== undefined) throw new Failure('usage.unknown', { source: unknown })
  const result: CollectResult = { sources: [], faults: [], held: [] }
  for (const source of needs.sources.filter(({ id }) => ids?.includes(id) ?? true)) {
    const fault = (failure: Failure) => {
      needs.log.warn({ source: source.id, failure, err: failure.cause }, failure.message)
      result.faults.push(failure.toJSON())
    }
    const collected = await collectSource({ ...needs, source, fault })
    const { id, ...counts } = collected
    needs.log.info({ source: id, ...counts }, 'source collected')
    result.sources.push(collected)
  }
  return result
}

/** One source, and what its collection is done with. */
interface Round extends CollectNeeds {
  source: SourceOptions
  fault: (failure: Failure) => void
}

/** An item and what was read out of it. */
interface Reading {
  item: Item
  draft: Draft
}

async function collectSource(round: Round): Promise<CollectedSource> {
  const { db, source, root, addresses, fault, report } = round
  const counts = { id: source.id, found: 0, added: 0, updated: 0, unchanged: 0, waiting: 0, leftOut: 0 }
  let failed: Failure | undefined
  try {
    const items = await find(source, { root, base: folderAddress(addresses, source.id), fault })
    counts.found = items.length
    const readings = await readAll(round, items)
    // Items that could not be read still stand where they stood: what is known of them did not move elsewhere.
    const present = new Set([...items.flatMap(aliasKeys), ...readings.flatMap(keysOf)])
    const claimed = new Map<string, string>()
    for (const [done, reading] of readings.entries()) {
      report?.({ verb: 'collect', id: source.id, done, total: readings.length })
      const outcome = await collectOne(round, reading, { present, claimed })
      if (outcome !== 'faulty') counts[outcome]++
    }
    report?.({ verb: 'collect', id: source.id, done: readings.length, total: readings.length })
  } catch (thrown) {
    failed = asFailure(thrown, 'source.failed', { source: source.id })
    fault(failed)
  }
  await sourceCollected(db, source.id, round.now(), failed?.toJSON()).catch((thrown: unknown) =>
    fault(asFailure(thrown, 'source.failed', { source: source.id })),
  )
  return counts
}

async function readAll({ source, timezone, fault }: Round, items: Item[]): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const item of items) {
    // Reading is pure work: without a pause, a web server in this process would answer nobody until it is done.
    await othersTurn()
    try {
      const draft: Draft = item.body ? readBody(item.body, item.url, timezone) : { authors: [], topics: [], html: '' }
      readings.push({ item, draft })
    } catch (thrown) {
      fault(asFailure(thrown, 'article.failed', { source: source.id, file: item.place }))
    }
  }
  return readings
}

/** What one run must keep apart: the keys of all that the source has now, and which item is which known article. */
interface Run {
  present: ReadonlySet<string>
  claimed: Map<string, string>
}

type Outcome = 'added' | 'updated' | 'unchanged' | 'waiting' | 'leftOut' | 'faulty'

async function collectOne(round: Round, reading: Reading, run: Run): Promise<Outcome> {
  const { db, source, now, fault } = round
  const { item, draft } = reading
  const about = { source: source.id, file: item.place }
  await othersTurn()
  if (draft.isUnfinished === true || !wants(source, item, item.title ?? draft.title ?? '')) return 'leftOut'
  const publishedAt = item.publishedAt ?? draft.publishedAt
  if (publishedAt && publishedAt.getTime() > now().getTime() + AHEAD_MS) return 'waiting'

  const options: MakeOptions = { sourceId: source.id, topics: source.topics, now: now() }
  let fresh: Article
  try {
    fresh = makeArticle(item, draft, undefined, options)
  } catch (thrown) {
    fault(asFailure(thrown, 'article.failed', about))
    return 'faulty'
  }
  let keys = keysOf(reading)
  const { known, isTaken } = await recognise(db, fresh, keys, run)
  const other = known && run.claimed.get(known.id)
  if (other !== undefined) {
    fault(new Failure('article.sameAddress', { ...about, other, url: fresh.url }))
    return 'faulty'
  }
  // Made again, now that it is known which article it is and which pictures it names.
  const media = await keepPictures(round, item, fresh)
  const article = makeArticle(item, draft, known, { ...options, media })
  dropLostPictures(round, item, article)
  if (isTaken) {
    // Its address belonged to an article that has moved on, and so did the id that is minted from it.
    keys = await untakenKeys(db, source.id, keys)
    if (known === undefined) article.id = mintId(source.id, `${article.id}\n${article.hash}`)
  }
  run.claimed.set(article.id, item.place ?? item.url)
  return saveArticle(db, article, keys, urlPath(article.url))
}

/** By every name: what the article says of itself first, then where it lies. */
function keysOf({ item, draft }: Reading): string[] {
  const guid = item.guid ?? draft.guid
  return [...new Set([...aliasKeys({ url: draft.canonicalUrl ?? item.url, guid }), ...aliasKeys({ url: item.url })])]
}

/**
 * The article that this one is, if it was met before. One that still stands in the source under a name of its own is
 * never another that moved: two that the source lists together stay two. `isTaken`: a key is an old one of another.
 */
async function recognise(
  db: Database,
  fresh: Article,
  keys: string[],
  { present }: Run,
): Promise<{ known: Article | undefined; isTaken: boolean }> {
  const byKey = await findKnown(db, fresh.sourceId, keys)
  if (byKey && ownKeys(byKey).some((key) => keys.includes(key))) return { known: byKey, isTaken: false }
  const moved = await findMoved(db, fresh.sourceId, { ...fresh, path: urlPath(fresh.url) })
  const standing = moved.find((article) => ownKeys(article).some((key) => keys.includes(key)))
  const gone = [...(byKey ? [byKey] : []), ...moved].find(
    (article) =>
      (article === byKey || isSameArticle(article, fresh)) && !ownKeys(article).some((key) => present.has(key)),
  )
  const known = standing ?? gone
  return { known, isTaken: byKey !== undefined && byKey.id !== known?.id }
}

function ownKeys({ url, guid }: Article): string[] {
  return aliasKeys({ url, guid })
}

async function untakenKeys(db: Database, sourceId: string, keys: string[]): Promise<string[]> {
  const untaken: string[] = []
  for (const key of keys) if ((await findKnown(db, sourceId, [key])) === undefined) untaken.push(key)
  return untaken
}

/** Copies the pictures that lie beside the item and that the article really names; a bad one stays where it is. */
async function keepPictures(round: Round, item: Item, { images }: Article): Promise<Map<string, OwnCopy>> {
  const { source, addresses, publishDirectory, fault } = round
  const named = new Set(images.map(({ url }) => url))
  const media = new Map<string, OwnCopy>()
  for (const { url, path } of (item.files ?? []).filter((file) => named.has(file.url))) {
    try {
      const { fileName, ...copy } = await keepMedia(path, join(publishDirectory, 'media'))
      media.set(url, { url: mediaAddress(addresses, fileName), ...copy })
    } catch (thrown) {
      fault(asFailure(thrown, 'media.unusable', { source: source.id, file: item.place }))
    }
  }
  return media
}

/** A picture that is still at the address of a folder which only Broadsheet shows is nowhere: no mail may lead with it. */
function dropLostPictures({ source, addresses, fault }: Round, item: Item, article: Article): void {
  const home = folderAddress(addresses, source.id)
  for (const { url } of article.images.filter((image) => image.url.startsWith(home))) {
    const isThere = item.files?.some((file) => file.url === url) ?? false
    if (!isThere) fault(new Failure('media.missing', { source: source.id, file: item.place, picture: url }))
  }
  article.images = article.images.filter((image) => !image.url.startsWith(home))
}

function asFailure(
  thrown: unknown,
  code: 'source.failed' | 'article.failed' | 'media.unusable',
  about: Record<string, string | undefined>,
): Failure {
  return thrown instanceof Failure
    ? new Failure(thrown.code, { ...about, ...thrown.details }, thrown.cause)
    : new Failure(code, { ...about, reason: describe(thrown) }, thrown)
}
