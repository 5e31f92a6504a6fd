/** One item of a source becomes an article in the store, whichever article it is. */
import { join } from 'node:path'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { folderAddress, mediaAddress } from './addresses.ts'
import { type MakeOptions, type OwnCopy } from './articles/article.ts'
import { findCorrection } from './articles/corrections.ts'
import { addressVariants, aliasKeys, evenTitle, isSameArticle, mintId, urlPath } from './articles/identity.ts'
import { originsOfArticle } from './articles/origins.ts'
import { COPIED_WITHIN_MS } from './articles/shingles.ts'
import { settleStory } from './collect-story.ts'
import { type CollectedSource, type CollectNeeds } from './collect.ts'
import { keepMedia } from './disk/media.ts'
import { describe, Failure } from './failures.ts'
import { type Draft, type Item } from './item.ts'
import { type Article } from './model.ts'
import { isWeb, wants, type SourceOptions } from './sources/index.ts'
import { asSiteSays } from './store/article-corrections.ts'
import { restoreArticle } from './store/article-fates.ts'
import { findKnown, findMoved, saveArticle, saveKeys } from './store/articles.ts'
import { transact, type Database } from './store/database.ts'
import { noteItem, type SeenItem } from './store/items.ts'
import { watchPage } from './store/page-checks.ts'

/** One source, and what its collection is done with. */
export interface Round extends CollectNeeds {
  source: SourceOptions
  fault: (failure: Failure) => void
  /** Now, and later each time. */
  moment: () => Date
}

/** An item and what was read out of it. */
export interface Reading {
  item: Item
  draft: Draft
  /** Every name by which the source may speak of it again. */
  keys: string[]
  /** The addresses of its further pages: they lead to it, but it is not recognised by them. */
  partKeys?: string[]
  /** It was read on its own page. */
  isPage?: boolean
  /** What is noted of it once it is saved, so that it is not read again while it stays the same. */
  seen?: SeenItem
}

/** What one run must keep apart. */
export interface Run {
  /** The keys of all that the source has now. */
  present: Set<string>
  /** By the id of each article, the item that is it. */
  claimed: Map<string, string>
  /** The ids of articles whose pages were read in it. */
  read: Set<string>
  counts: CollectedSource
  /** Nothing of it is left for another time. */
  isWhole: boolean
}

/** Clocks differ: an article dated this little ahead is of now. */
const AHEAD_MS = 60_000

export type Outcome = 'added' | 'updated' | 'unchanged' | 'waiting' | 'leftOut' | 'faulty'

/** Saves what was read of one item. What is wrong with it is told to `round.fault`. */
export async function collectOne(round: Round, reading: Reading, run: Run): Promise<Outcome> {
  const { db, source, now, moment, fault } = round
  const { item, seen } = reading
  const about = { source: source.id, ...(item.place === undefined ? { url: item.url } : { file: item.place }) }
  await othersTurn()
  if (reading.draft.isUnfinished === true || !wants(source, item, item.title ?? reading.draft.title ?? ''))
    return 'leftOut'
  const isAhead = (reading.draft.publishedAt?.getTime() ?? 0) > now().getTime() + AHEAD_MS
  if (isAhead && !isWeb(source)) return 'waiting'

  const { id: sourceId, topics } = source
  // The body was read: as large as a page may be, it need not go to the other process once more.
  const said: Item = { ...item }
  delete said.body
  const options: MakeOptions = { sourceId, topics, now: moment(), mayLackTitle: isWeb(source) }
  let fresh: Article
  try {
    fresh = await round.parse('makeArticle', said, reading.draft, undefined, options)
  } catch (thrown) {
    fault(asFailure(thrown, 'article.failed', about))
    // It was told once; the site is not asked again until it says something else.
    if (seen) await noteItem(db, seen)
    return 'faulty'
  }
  let { keys } = reading
  const { known: kept, isTaken } = await recognise(db, fresh, keys, run)
  // What its editor corrected is no change of the site's.
  const known = kept && (await asSiteSays(db, kept))
  const other = known && run.claimed.get(known.id)
  if (other !== undefined) {
    fault(new Failure('article.sameAddress', { ...about, other, url: fresh.url }))
    if (seen) await noteItem(db, seen)
    return 'faulty'
  }
  const draft = isWeb(source) ? withBelievedDates(reading.draft, known?.firstSeenAt ?? now()) : reading.draft
  const media = await keepPictures(round, item, fresh)
  // Made again where it is known by now which article it is, when it may have appeared, or which pictures are ours.
  const isFinal = known === undefined && media.size === 0 && draft.publishedAt === reading.draft.publishedAt
  const made = isFinal ? fresh : await round.parse('makeArticle', said, draft, known, { ...options, media })
  const article = known && isWeb(source) ? await withoutNoise(round, item, known, made) : made
  dropLostPictures(round, item, article)
  if (isTaken) {
    // Its address belonged to an article that has moved on, and so did the id that is minted from it.
    keys = await untakenKeys(db, source.id, keys)
    if (known === undefined) article.id = mintId(source.id, `${article.id}\n${article.hash}`)
  }
  run.claimed.set(article.id, item.place ?? item.url)
  if (reading.isPage) run.read.add(article.id)
  return transact(db, async (trx) => {
    const outcome = await saveArticle(trx, article, keys, urlPath(article.url), {
      now: now(),
      why: item.place === undefined ? 'the site changed it' : 'the file was changed',
      origins: originsOfArticle(item, reading.draft),
      correction: findCorrection(article.text),
    })
    // Unchanged without having been known is an article that another process saved meanwhile, perhaps under another id.
    if (seen && (known !== undefined || outcome !== 'unchanged')) await noteItem(trx, seen, article.id)
    if (known !== undefined || outcome !== 'unchanged') await saveKeys(trx, article, reading.partKeys ?? [])
    const isNew = outcome === 'added' || (outcome === 'updated' && known?.hash !== article.hash)
    if (isNew && isLate(article, now())) await settleStory(trx, article, reading.draft.originalUrl)
    if (isWeb(source)) await lookAfterPage(trx, round, reading, article, outcome, run)
    return outcome
  })
}

/** Its page is looked at again later (recheck.ts); one that is read is there, whatever was thought of it. */
async function lookAfterPage(
  db: Database,
  { source, now, log }: Round,
  { item: { url }, isPage = false }: Reading,
  article: Article,
  outcome: 'added' | 'updated' | 'unchanged',
  { counts }: Run,
): Promise<void> {
  const { id } = article
  const isChanged = outcome === 'updated'
  if ((outcome === 'added' || isPage) && isLate(article, now()))
    await watchPage(db, { articleId: id, sourceId: source.id, url, isSeen: isPage, isChanged, now: now() })
  if (!isPage || !(await restoreArticle(db, id, { by: 'site', why: 'its page is there again', now: now() }))) return
  counts.restored = (counts.restored ?? 0) + 1
  log.info({ source: source.id, article: id, url }, 'its page is there again, and so is the article')
}

/** Old articles that a source lists late are neither copied nor edited any more. */
function isLate({ publishedAt, firstSeenAt }: Article, now: Date): boolean {
  return now.getTime() - (publishedAt ?? firstSeenAt).getTime() <= 2 * COPIED_WITHIN_MS + DAY_MS
}

const DAY_MS = 86_400_000

/** The article as it was read again, to the letter as it was but for real changes. */
async function withoutNoise({ parse }: Round, item: Item, known: Article, made: Article): Promise<Article> {
  const article =
    known.html === made.html && known.title === made.title ? made : await parse('withoutNoise', known, made)
  const { publishedAt } = known
  if (item.published !== undefined || publishedAt === undefined || article.hash !== known.hash) return article
  // A page that says "two hours ago" says another moment each time that it is read.
  const movedMs = Math.abs((article.publishedAt ?? publishedAt).getTime() - publishedAt.getTime())
  return movedMs <= DAY_MS ? { ...article, publishedAt } : article
}

/**
 * An article that was seen on the web had been published by then, whatever it says: a later date is a wrong zone, an
 * event to come, or a site that dates everything anew with each change. A folder is the publisher's own hand.
 */
function withBelievedDates({ publishedAt, ...draft }: Draft, firstSeenAt: Date): Draft {
  const isBelieved = publishedAt !== undefined && publishedAt.getTime() <= firstSeenAt.getTime() + AHEAD_MS
  return isBelieved ? { ...draft, publishedAt } : draft
}

/** Every name of an item: what the article says of itself first, then where it was found. */
export function keysOf(item: Item, draft: Draft): string[] {
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
  { present }: Pick<Run, 'present'>,
): Promise<{ known: Article | undefined; isTaken: boolean }> {
  const byKey = await findKnown(db, fresh.sourceId, keys)
  if (byKey && ownKeys(byKey).some((key) => keys.includes(key))) return { known: byKey, isTaken: false }
  const moved = await findMoved(db, fresh.sourceId, { ...fresh, path: urlPath(fresh.url) })
  const standing = moved.find((article) => ownKeys(article).some((key) => keys.includes(key)))
  const gone = [...(byKey ? [byKey] : []), ...moved].find(
    (article) =>
      (article === byKey || isSameArticle(article, fresh)) && !ownKeys(article).some((key) => present.has(key)),
  )
  const known = standing ?? gone ?? (byKey === undefined ? await findVersion(db, fresh) : undefined)
  return { known, isTaken: byKey !== undefined && byKey.id !== known?.id }
}

/** The same article that was met at the address of which this one is a version for phones, for AMP, for printing. */
async function findVersion(db: Database, { sourceId, url, title, hash }: Article): Promise<Article | undefined> {
  const keys = addressVariants(url).flatMap((variant) => aliasKeys({ url: variant }))
  const known = await findKnown(db, sourceId, keys)
  return known && (known.hash === hash || evenTitle(known.title) === evenTitle(title)) ? known : undefined
}

export function ownKeys({ url, guid }: Pick<Article, 'url' | 'guid'>): string[] {
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
  // Recordings are never copied: they are where the publisher's own site has them.
  for (const { url } of article.enclosures.filter((file) => file.url.startsWith(home)))
    fault(new Failure('media.unserved', { source: source.id, file: item.place, recording: url }))
  article.enclosures = article.enclosures.filter((file) => !file.url.startsWith(home))
}

export function asFailure(
  thrown: unknown,
  code: 'source.failed' | 'article.failed' | 'media.unusable',
  about: Record<string, string | undefined>,
): Failure {
  return thrown instanceof Failure
    ? new Failure(thrown.code, { ...about, ...thrown.details }, thrown.cause)
    : new Failure(code, { ...about, reason: describe(thrown) }, thrown)
}
