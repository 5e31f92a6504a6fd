/** What the editor wrote in place of what a site says: it stays when the site is read again, and can be undone. */
import { z } from 'zod'
import { type Article } from '../model.ts'
import { noteChange } from './article-changes.ts'
import { toArticle, type ArticleRow } from './article-rows.ts'
import { fromDate, fromJson, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { touchArticles } from './touches.ts'

export const CORRECTABLE = ['title', 'text', 'excerpt', 'authors', 'topics', 'picture', 'published'] as const

export type Correctable = (typeof CORRECTABLE)[number]

/** Columns of an article, as its row holds them. */
type Columns = Partial<Pick<ArticleRow, (typeof COLUMNS)[Correctable][number]>>

const COLUMNS = {
  title: ['title'],
  text: ['html', 'text'],
  excerpt: ['excerpt'],
  authors: ['authors'],
  topics: ['topics'],
  picture: ['images'],
  published: ['publishedAt', 'datedAt'],
} as const satisfies Record<Correctable, (keyof ArticleRow)[]>

/** What an editor writes of an article; a field that is not given stays as it is. */
export interface Corrected {
  title?: string
  /** Cleaned, and its plain text. */
  text?: Pick<Article, 'html' | 'text'>
  excerpt?: string
  authors?: string[]
  topics?: string[]
  picture?: Article['images']
  published?: Date
}

/** A field that the editor corrected. */
export interface Correction {
  field: Correctable
  at: Date
  /** What the site says of it. */
  said: Columns
}

/**
 * Writes what an editor corrects: from now on the article says this, whatever its site does. Its `updated` moves when
 * title or text change. False when the article is not there, or was let go.
 */
export async function correctArticle(db: Database, id: string, corrected: Corrected, now: Date): Promise<boolean> {
  return transact(db, async (trx) => {
    const known = await trx.selectFrom('article').selectAll().where('id', '=', id).executeTakeFirst()
    if (known?.retiredAt !== null) return false
    const columns = toColumns(corrected)
    for (const [field, value] of Object.entries(columns) as [Correctable, Columns][]) {
      const said = pick(known, field)
      await trx
        .insertInto('articleCorrection')
        .values({ articleId: id, field, value: JSON.stringify(value), said: JSON.stringify(said), at: fromDate(now) })
        // A second correction of a field corrects the first: what the site says stays what it was.
        .onConflict((conflict) =>
          conflict.columns(['articleId', 'field']).doUpdateSet({ value: JSON.stringify(value), at: fromDate(now) }),
        )
        .execute()
    }
    await change(trx, known, Object.assign({}, ...Object.values(columns)) as Columns, { now, why: 'corrected by the editor' }) // prettier-ignore
    return true
  })
}

/** Takes corrections back, of these fields or of all: the article says what its site says. Gives those that were there. */
export async function undoCorrections(
  db: Database,
  id: string,
  fields: readonly Correctable[],
  now: Date,
): Promise<Correctable[]> {
  // prettier-ignore
  return transact(db, async (trx) => {
    const known = await trx.selectFrom('article').selectAll().where('id', '=', id).executeTakeFirst()
    if (known === undefined) return []
    const undone = (await correctionsOf(trx, id)).filter(({ field }) => fields.includes(field))
    if (undone.length === 0) return []
    const names = undone.map(({ field }) => field)
    await trx.deleteFrom('articleCorrection').where('articleId', '=', id).where('field', 'in', names).execute()
    const columns = Object.assign({}, ...undone.map(({ said }) => said)) as Columns
    await change(trx, known, columns, { now, why: `the editor undid: ${names.join(', ')}` })
    return names
  })
}

/** The fields of an article that the editor corrected. */
export async function correctionsOf(db: Database, id: string): Promise<Correction[]> {
  const rows = await db.selectFrom('articleCorrection').selectAll().where('articleId', '=', id).execute()
  return rows
    .map(({ field, said, at }) => ({
      field: field as Correctable,
      at: toDate(at, 'article_correction.at'),
      said: fromJson(columnsShape, said, 'article_correction.said'),
    }))
    .toSorted((a, b) => CORRECTABLE.indexOf(a.field) - CORRECTABLE.indexOf(b.field))
}

/** An article as its site told it last, to compare with what that says now. */
export async function asSiteSays(db: Database, article: Article): Promise<Article> {
  const corrections = await correctionsOf(db, article.id)
  if (corrections.length === 0) return article
  const row = await db.selectFrom('article').selectAll().where('id', '=', article.id).executeTakeFirstOrThrow()
  return toArticle(Object.assign(row, ...corrections.map(({ said }) => said)) as typeof row)
}

/**
 * What is saved of what a site says now: where the editor corrected, their word, and the site's beside it. `updated` stays
 * where nothing that is shown moved.
 */
export async function keepCorrections(db: Database, known: ArticleRow, said: ArticleRow): Promise<ArticleRow> {
  const rows = await db.selectFrom('articleCorrection').selectAll().where('articleId', '=', known.id).execute()
  if (rows.length === 0) return said
  let row = said
  for (const { field, value, said: before } of rows) {
    const now = JSON.stringify(pick(said, field as Correctable))
    if (now !== before)
      await db
        .updateTable('articleCorrection')
        .set({ said: now })
        .where('articleId', '=', known.id)
        .where('field', '=', field)
        .execute()
    row = { ...row, ...fromJson(columnsShape, value, 'article_correction.value') }
  }
  return row.title === known.title && row.text === known.text ? { ...row, updatedAt: known.updatedAt } : row
}

async function change(db: Database, known: ArticleRow, columns: Columns, details: { now: Date; why: string }) {
  const row = { ...known, ...columns }
  const isText = row.title !== known.title || row.text !== known.text
  const updatedAt = isText ? fromDate(details.now) : known.updatedAt
  await db
    .updateTable('article')
    .set({ ...columns, updatedAt })
    .where('id', '=', known.id)
    .execute()
  await touchArticles(db, [known.id])
  await noteChange(db, known, { ...row, updatedAt }, details)
}

function toColumns(corrected: Corrected): Partial<Record<Correctable, Columns>> {
  const { title, text, excerpt, authors, topics, picture, published } = corrected
  return {
    ...(title !== undefined && { title: { title } }),
    ...(text !== undefined && { text: { html: text.html, text: text.text } }),
    ...(excerpt !== undefined && { excerpt: { excerpt } }),
    ...(authors !== undefined && { authors: { authors: JSON.stringify(authors) } }),
    ...(topics !== undefined && { topics: { topics: JSON.stringify(topics) } }),
    ...(picture !== undefined && { picture: { images: JSON.stringify(picture) } }),
    ...(published !== undefined && { published: { publishedAt: fromDate(published), datedAt: fromDate(published) } }),
  }
}

function pick(row: ArticleRow, field: Correctable): Columns {
  return Object.fromEntries(COLUMNS[field].map((column) => [column, row[column]]))
}

const columnsShape: z.ZodType<Columns> = z.strictObject({
  title: z.string().exactOptional(),
  html: z.string().exactOptional(),
  text: z.string().exactOptional(),
  excerpt: z.string().exactOptional(),
  authors: z.string().exactOptional(),
  topics: z.string().exactOptional(),
  images: z.string().exactOptional(),
  publishedAt: z.string().nullable().exactOptional(),
  datedAt: z.string().exactOptional(),
})
