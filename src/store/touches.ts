/** Which articles changed since: feeds look at those alone. */
import { type Selectable } from 'kysely'
import { type Article } from '../model.ts'
import { toArticle } from './article-rows.ts'
import { chunksOf, toDate } from './columns.ts'
import { type Database } from './database.ts'
import { type Tables } from './schema.ts'

/**
 * A number greater than all before. Asked in the transaction of the change: whoever else changes an article waits for
 * its end, so that the changes are seen in the order of their numbers and none can be missed.
 */
export function nextTouch(db: Database): Promise<number> {
  return nextNumber(db, 'touch')
}

/** A number greater than all of this name before. */
export async function nextNumber(db: Database, name: string): Promise<number> {
  const { value } = await db
    .insertInto('counter')
    .values({ name, value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb('counter.value', '+', 1) })))
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}

/** Notes that what feeds may show of these articles changed; in the transaction of the change. */
export async function touchArticles(db: Database, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const touched = await nextTouch(db)
  for (const some of chunksOf(ids, 1000))
    await db.updateTable('article').set({ touched }).where('id', 'in', some).execute()
}

/** The number of the latest change. */
export async function latestTouch(db: Database): Promise<number> {
  const row = await db.selectFrom('counter').select('value').where('name', '=', 'touch').executeTakeFirst()
  return row?.value ?? 0
}

/** An article, and what a feed has to know of it beside what it says. */
export interface Changed {
  article: Article
  touched: number
  /** It was neither let go nor withdrawn, and no editor keeps it out. */
  isShown: boolean
  /** Its content was let go: of what it said there is only title and address. */
  isEmptied: boolean
  /** Since when it may not be shown. */
  goneAt?: Date
  /** The article whose story it tells again. */
  originalId?: string
}

/** What changed behind that point, in the order of the changes, whatever became of it. */
export async function articlesTouchedAfter(
  db: Database,
  { touched, id }: { touched: number; id: string },
  limit: number,
): Promise<Changed[]> {
  const rows = await db
    .selectFrom('article')
    .selectAll()
    .where((eb) => eb(eb.refTuple('touched', 'id'), '>', eb.tuple(touched, id)))
    .orderBy('touched')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toChanged)
}

/** All articles behind that point, in the order in which they were first seen, whatever became of them. */
export async function articlesBehind(
  db: Database,
  { firstSeenAt, id }: { firstSeenAt: string; id: string },
  limit: number,
): Promise<Changed[]> {
  const rows = await db
    .selectFrom('article')
    .selectAll()
    .where((eb) => eb(eb.refTuple('firstSeenAt', 'id'), '>', eb.tuple(firstSeenAt, id)))
    .orderBy('firstSeenAt')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toChanged)
}

/** Those that tell the story of one of these originals, and these themselves: which of them is shown is decided together. */
export async function tellingsOf(db: Database, originalIds: string[]): Promise<Changed[]> {
  const found: Changed[] = []
  for (const some of chunksOf(originalIds, 500)) {
    const copies = await db.selectFrom('article').selectAll().where('originalId', 'in', some).execute()
    if (copies.length === 0) continue
    const told = [...new Set(copies.map(({ originalId }) => originalId ?? ''))]
    const originals = await db.selectFrom('article').selectAll().where('id', 'in', told).execute()
    found.push(...[...originals, ...copies].map(toChanged))
  }
  return found
}

function toChanged(row: Selectable<Tables['article']>): Changed {
  const goneAt = row.withdrawnAt ?? row.excludedAt
  return {
    article: toArticle(row),
    touched: row.touched,
    isShown: row.retiredAt === null && goneAt === null,
    isEmptied: row.retiredAt !== null,
    ...(goneAt !== null && { goneAt: toDate(goneAt, 'article.withdrawn_at') }),
    ...(row.originalId !== null && { originalId: row.originalId }),
  }
}
