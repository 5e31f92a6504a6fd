/** The files beside articles: which of them their hosts are still to be asked about, and what these said. */
import { type Article, type Enclosure } from '../model.ts'
import { chunksOf, fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'
import { touchArticles } from './touches.ts'

/** A file about which its host is to be asked. */
export interface DueFile {
  url: string
  /** As the source says; empty where it does not. */
  type: string
  attempts: number
}

/**
 * What came of asking. `known`: type and length, as far as its host tells them; where it tells no length, nobody does.
 * `missing`: there is no such file. `unasked`: what the source says has to do.
 */
export type FileAnswer =
  { fate: 'known'; type?: string | undefined; bytes?: number | undefined } | { fate: 'missing' } | { fate: 'unasked' }

/**
 * Notes which files an article has now, in the transaction that saves it: about a new one, and one of which the source
 * says other numbers than before, its host is asked.
 */
export async function noteFiles(
  db: Database,
  { id, enclosures }: Pick<Article, 'id' | 'enclosures'>,
  now: Date,
): Promise<void> {
  const known = await db.selectFrom('mediaFile').selectAll().where('articleId', '=', id).execute()
  const left = new Map(known.map((row) => [row.url, row]))
  for (const { url, type, bytes } of enclosures) {
    const said = { saidType: type, saidBytes: bytes ?? null }
    const last = left.get(url)
    left.delete(url)
    if (last?.saidType === said.saidType && last.saidBytes === said.saidBytes) continue
    const anew = { ...said, type: null, bytes: null, fate: null, dueAt: fromDate(now), attempts: 0 }
    await db
      .insertInto('mediaFile')
      .values({ articleId: id, url, ...anew })
      .onConflict((conflict) => conflict.columns(['articleId', 'url']).doUpdateSet(anew))
      .execute()
  }
  for (const url of left.keys())
    await db.deleteFrom('mediaFile').where('articleId', '=', id).where('url', '=', url).execute()
}

/** Files of a source that are due, those of the newest articles first; each address once. */
export async function dueFiles(db: Database, sourceId: string, now: Date, limit: number): Promise<DueFile[]> {
  const rows = await db
    .selectFrom('mediaFile')
    .innerJoin('article', 'article.id', 'mediaFile.articleId')
    .select(['mediaFile.url', 'mediaFile.saidType', 'mediaFile.attempts'])
    .where('mediaFile.dueAt', 'is not', null)
    .where('mediaFile.dueAt', '<=', fromDate(now))
    .where('article.sourceId', '=', sourceId)
    .where('article.retiredAt', 'is', null)
    .where('article.withdrawnAt', 'is', null)
    .orderBy('article.datedAt', 'desc')
    .orderBy('article.id')
    .orderBy('mediaFile.url')
    .limit(limit)
    .execute()
  const files = new Map(rows.map(({ url, saidType: type, attempts }) => [url, { url, type, attempts }]))
  return [...files.values()]
}

/** When a host is asked about a file once more, and how often it was by then. */
export interface NextTime {
  dueAt: Date
  attempts: number
}

/** Keeps an answer, for every article that waits for one on this address; what feeds show of these may be another now. */
export async function settleFile(db: Database, url: string, answer: FileAnswer, again?: NextTime): Promise<void> {
  await transact(db, async (trx) => {
    const waiting = await trx
      .selectFrom('mediaFile')
      .selectAll()
      .where('url', '=', url)
      .where('dueAt', 'is not', null)
      .execute()
    const { type = null, bytes = null } = answer.fate === 'known' ? answer : {}
    const { fate } = answer
    await trx
      .updateTable('mediaFile')
      .set({ type, bytes, fate, dueAt: null, ...(again && { ...again, dueAt: fromDate(again.dueAt) }) })
      .where('url', '=', url)
      .where('dueAt', 'is not', null)
      .execute()
    const changed = waiting.filter((row) => {
      const said = asSaid(row)
      return JSON.stringify(asAnswered(said, row)) !== JSON.stringify(asAnswered(said, { type, bytes, fate }))
    })
    await touchArticles(trx, [...new Set(changed.map(({ articleId }) => articleId))])
  })
}

/** It could not be told now: its host is asked again then. */
export async function postponeFile(db: Database, url: string, { dueAt, attempts }: NextTime): Promise<void> {
  await db
    .updateTable('mediaFile')
    .set({ dueAt: fromDate(dueAt), attempts })
    .where('url', '=', url)
    .where('dueAt', 'is not', null)
    .execute()
}

/** The articles with their files as the hosts of these know them; what is not there any more is left out. */
export async function withAnswers(db: Database, articles: Article[]): Promise<Article[]> {
  const ids = articles.filter(({ enclosures }) => enclosures.length > 0).map(({ id }) => id)
  if (ids.length === 0) return articles
  const answers = new Map<string, Tables['mediaFile']>()
  for (const some of chunksOf(ids, 1000)) {
    const rows = await db
      .selectFrom('mediaFile')
      .selectAll()
      .where('articleId', 'in', some)
      .where('fate', 'is not', null)
      .execute()
    for (const row of rows) answers.set(`${row.articleId} ${row.url}`, row)
  }
  return articles.map((article) => ({
    ...article,
    enclosures: article.enclosures
      .map((file) => asAnswered(file, answers.get(`${article.id} ${file.url}`)))
      .filter((file) => file !== undefined),
  }))
}

function asAnswered(
  file: Enclosure,
  row: Pick<Tables['mediaFile'], 'fate' | 'type' | 'bytes'> | undefined,
): Enclosure | undefined {
  if (row?.fate === 'missing') return undefined
  if (row?.fate !== 'known') return file
  const answered = { ...file, ...(row.type !== null && { type: row.type }) }
  // Where its host tells none, what the source says of its length is not believed either.
  delete answered.bytes
  return row.bytes === null ? answered : { ...answered, bytes: row.bytes }
}

function asSaid({ url, saidType: type, saidBytes: bytes }: Tables['mediaFile']): Enclosure {
  return { url, type, ...(bytes !== null && { bytes }) }
}
