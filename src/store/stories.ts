/** One story told by several sources: which article is the original, and which are its copies. */
import { type Article } from '../model.ts'
import { isShown, toArticle } from './article-rows.ts'
import { chunksOf, fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { touchArticles } from './touches.ts'

/** An article that may tell the same story. */
export interface Telling {
  article: Article
  /** Those of the names asked for that it has. */
  keys: string[]
  originalId?: string
}

const MOST_TELLINGS = 12

/** Files an article under these names instead of those that it had. */
export async function fileBands(db: Database, articleId: string, bands: string[]): Promise<void> {
  await transact(db, async (trx) => {
    await trx.deleteFrom('articleBand').where('articleId', '=', articleId).execute()
    if (bands.length === 0) return
    await trx
      .insertInto('articleBand')
      .values([...new Set(bands)].map((band) => ({ band, articleId })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/**
 * Articles of other sources with one of these names (`url:…`, `original:…`), or filed under one of these bands and first seen between
 * the two moments: those with the names first, then those with the most bands in common.
 */
export async function findTellings(
  db: Database,
  { sourceId, keys, bands, from, to }: { sourceId: string; keys: string[]; bands: string[]; from: Date; to: Date },
): Promise<Telling[]> {
  const named = await db
    .selectFrom('articleAlias')
    .innerJoin('article', 'article.id', 'articleAlias.articleId')
    .selectAll('article')
    .select('articleAlias.key')
    .where('articleAlias.key', 'in', keys)
    .where('articleAlias.sourceId', '!=', sourceId)
    .where('article.retiredAt', 'is', null)
    .orderBy('article.firstSeenAt')
    .limit(MOST_TELLINGS)
    .execute()
  const filed = await db
    .selectFrom('articleBand')
    .innerJoin('article', 'article.id', 'articleBand.articleId')
    .select(({ fn }) => ['article.id', fn.countAll().as('shared')])
    .where('articleBand.band', 'in', bands)
    .where('article.sourceId', '!=', sourceId)
    .where('article.firstSeenAt', '>=', fromDate(from))
    .where('article.firstSeenAt', '<=', fromDate(to))
    .where('article.retiredAt', 'is', null)
    .groupBy('article.id')
    .orderBy('shared', 'desc')
    .orderBy('article.id')
    .limit(MOST_TELLINGS)
    .execute()
  const namedIds = new Set(named.map(({ id }) => id))
  const ids = filed.map(({ id }) => id).filter((id) => !namedIds.has(id))
  const others = ids.length === 0 ? [] : await db.selectFrom('article').selectAll().where('id', 'in', ids).execute()
  const byId = new Map([...others, ...named].map((row) => [row.id, row]))
  return [...namedIds, ...ids].flatMap((id) => {
    const row = byId.get(id)
    if (row === undefined) return []
    const { originalId } = row
    const has = named.filter((one) => one.id === id).map(({ key }) => key)
    return [{ article: toArticle(row), keys: has, ...(originalId !== null && { originalId }) }]
  })
}

/** From now on `copyId`, and what was a copy of it, is a copy of `originalId`. */
export async function markCopy(db: Database, copyId: string, originalId: string): Promise<void> {
  await transact(db, async (trx) => {
    const before = await trx
      .selectFrom('article')
      .select('originalId')
      .where('id', 'in', [copyId, originalId])
      .execute()
    const copies = await trx
      .updateTable('article')
      .set({ originalId })
      .where((eb) => eb.or([eb('id', '=', copyId), eb('originalId', '=', copyId)]))
      .returning('id')
      .execute()
    await trx.updateTable('article').set({ originalId: null }).where('id', '=', originalId).execute()
    // What told a story together with them until now may have to stand in for them.
    const others = before.flatMap((row) => row.originalId ?? [])
    await touchArticles(trx, [...new Set([originalId, ...copies.map(({ id }) => id), ...others])])
  })
}

/** Whether readers may have met it: a feed was published, or an edition composed, since it was first seen. */
export async function mayBeKnownToReaders(
  db: Database,
  { firstSeenAt }: Pick<Article, 'firstSeenAt'>,
): Promise<boolean> {
  const since = fromDate(firstSeenAt)
  const edition = await db.selectFrom('edition').select('id').where('upTo', '>=', since).limit(1).executeTakeFirst()
  if (edition !== undefined) return true
  const tick = await db
    .selectFrom('tick')
    .select('name')
    .where('name', 'like', 'publish:%')
    .where('startedAt', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return tick !== undefined
}

/** Of these articles, those that are copies, with the id of the original. */
export async function copiesAmong(db: Database, ids: string[]): Promise<Map<string, string>> {
  const copies = new Map<string, string>()
  for (const some of chunksOf(ids, 1000)) {
    const rows = await db
      .selectFrom('article')
      .select(['id', 'originalId'])
      .where('id', 'in', some)
      .where('originalId', 'is not', null)
      .execute()
    for (const { id, originalId } of rows) if (originalId !== null) copies.set(id, originalId)
  }
  return copies
}

/** A story: who tells it and may be shown, the original first and then the one seen first. */
export interface Story {
  originalId: string
  /** The editor keeps the original out: then no copy stands in for it. */
  isKeptOut: boolean
  tellings: Article[]
}

export async function storiesOf(db: Database, originalIds: string[]): Promise<Map<string, Story>> {
  const stories = new Map<string, Story>()
  for (const some of chunksOf([...new Set(originalIds)], 500)) {
    const originals = await db
      .selectFrom('article')
      .select(['id', 'excludedAt', 'withdrawnBy'])
      .where('id', 'in', some)
      .execute()
    for (const { id, excludedAt, withdrawnBy } of originals)
      stories.set(id, { originalId: id, isKeptOut: excludedAt !== null || withdrawnBy === 'editor', tellings: [] })
    const rows = await db
      .selectFrom('article')
      .selectAll()
      .where((eb) => eb.or([eb('id', 'in', some), eb('originalId', 'in', some)]))
      .where(isShown)
      .orderBy('firstSeenAt')
      .orderBy('id')
      .execute()
    for (const row of rows.filter(({ originalId }) => originalId === null))
      stories.get(row.id)?.tellings.push(toArticle(row))
    for (const row of rows) if (row.originalId !== null) stories.get(row.originalId)?.tellings.push(toArticle(row))
  }
  return stories
}

/**
 * Notes where an article says that it was published first (`original:…`): no name of its own, so that two articles that
 * name one original stay two.
 */
export async function noteOriginal(
  db: Database,
  { id, sourceId }: Pick<Article, 'id' | 'sourceId'>,
  key: string,
): Promise<void> {
  await db
    .insertInto('articleAlias')
    .values({ sourceId, key, articleId: id })
    .onConflict((conflict) => conflict.columns(['sourceId', 'key']).doNothing())
    .execute()
}

/** Whether another article of its source tells the story of this original. */
export async function isToldBy(
  db: Database,
  originalId: string,
  { id, sourceId }: Pick<Article, 'id' | 'sourceId'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('article')
    .select('id')
    .where((eb) => eb.or([eb('id', '=', originalId), eb('originalId', '=', originalId)]))
    .where('sourceId', '=', sourceId)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
