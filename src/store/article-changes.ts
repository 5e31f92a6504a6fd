/** The history of an article: what it said before each of its changes, when, and why. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type ArticleRow } from './article-rows.ts'
import { fromDate, fromJson, toDate } from './columns.ts'
import { type Database } from './database.ts'

/** The fields of which history is kept. */
export type Kept = Pick<ArticleRow, 'title' | 'text' | 'url' | 'publishedAt' | 'updatedAt'>

export interface ArticleChange {
  at: Date
  /** Who changed it, and why, in words. */
  why: string
  /** The fields that changed, as they were. */
  before: Partial<Kept>
}

const FIELDS = ['title', 'text', 'url', 'publishedAt', 'updatedAt'] as const satisfies (keyof Kept)[]

/** Of one article; the oldest go. */
const MOST_CHANGES = 50

/** Keeps what an article said before it says something else; what changes none of the fields of its history is not noted. */
export async function noteChange(
  db: Database,
  known: { id: string } & Kept,
  row: Kept,
  { now, why }: { now: Date; why: string },
): Promise<void> {
  const changed = FIELDS.filter((field) => known[field] !== row[field])
  if (changed.length > 0) await note(db, known.id, Object.fromEntries(changed.map((field) => [field, known[field]])), { now, why }) // prettier-ignore
}

/** Notes what was done with an article without changing what it says: withdrawn, back again. */
export async function noteFate(db: Database, articleId: string, details: { now: Date; why: string }): Promise<void> {
  await note(db, articleId, {}, details)
}

async function note(
  db: Database,
  articleId: string,
  before: Partial<Kept>,
  { now, why }: { now: Date; why: string },
): Promise<void> {
  const row = { id: randomUUID(), articleId, at: fromDate(now), why, before: JSON.stringify(before) }
  await db.insertInto('articleChange').values(row).execute()
  const old = await db
    .selectFrom('articleChange')
    .select('id')
    .where('articleId', '=', articleId)
    .orderBy('at', 'desc')
    .orderBy('id')
    .offset(MOST_CHANGES)
    .limit(MOST_CHANGES)
    .execute()
  if (old.length === 0) return
  const ids = old.map(({ id }) => id)
  await db.deleteFrom('articleChange').where('id', 'in', ids).execute()
}

const before: z.ZodType<Partial<Kept>> = z.strictObject({
  title: z.string().exactOptional(),
  text: z.string().exactOptional(),
  url: z.string().exactOptional(),
  publishedAt: z.string().nullable().exactOptional(),
  updatedAt: z.string().nullable().exactOptional(),
})

/** The changes of an article, the latest first. */
export async function changesOf(db: Database, articleId: string): Promise<ArticleChange[]> {
  const rows = await db
    .selectFrom('articleChange')
    .selectAll()
    .where('articleId', '=', articleId)
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    at: toDate(row.at, 'article_change.at'),
    why: row.why,
    before: fromJson(before, row.before, 'article_change.before'),
  }))
}

/** Forgets changes of before. Gives how many. */
export async function sweepChanges(db: Database, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('articleChange').where('at', '<', fromDate(before)).executeTakeFirst()
  return Number(numDeletedRows)
}
