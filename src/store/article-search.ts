/** Articles as an editor looks for them: by what they are called now or were, with all that became of them. */
import { type Selectable } from 'kysely'
import { z } from 'zod'
import { type Origins } from '../item.ts'
import { type Article } from '../model.ts'
import { toArticle } from './article-rows.ts'
import { fromDate, fromJson, toDate } from './columns.ts'
import { type Database } from './database.ts'
import { type Tables } from './schema.ts'

/** An article with what became of it. */
export interface Filed {
  article: Article
  /** Its content was let go by `retention`. */
  retiredAt?: Date
  originalId?: string
  withdrawnAt?: Date
  withdrawnBy?: 'site' | 'editor'
  excludedAt?: Date
  correctedAt?: Date
  /** The line of its text that says so. */
  correction?: { kind: 'correction' | 'update'; note: string }
  origins?: Origins
}

export interface Search {
  sourceId?: string | undefined
  /** First seen then or later. */
  since?: Date | undefined
  /** Only what is withdrawn, what is excluded, what is pinned; without, all but what was let go. */
  only?: 'withdrawn' | 'excluded' | 'pinned' | undefined
  limit: number
  before?: Article | undefined
}

/** The newest first. */
export async function searchArticles(db: Database, { sourceId, since, only, limit, before }: Search): Promise<Filed[]> {
  let query = db.selectFrom('article').selectAll().where('retiredAt', 'is', null)
  if (sourceId !== undefined) query = query.where('sourceId', '=', sourceId)
  if (since !== undefined) query = query.where('firstSeenAt', '>=', fromDate(since))
  if (only !== undefined) query = query.where(`${only}At`, 'is not', null)
  if (before !== undefined) {
    const datedAt = fromDate(before.publishedAt ?? before.firstSeenAt)
    query = query.where((eb) => eb(eb.refTuple('datedAt', 'id'), '<', eb.tuple(datedAt, before.id)))
  }
  return (await query.orderBy('datedAt', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(toFiled)
}

/** The articles whose id begins so: at most `limit`. */
export async function filedByBeginning(db: Database, id: string, limit: number): Promise<Filed[]> {
  // Nothing in it that a pattern of SQL would read as more than a letter.
  if (!/^[0-9a-z-]{4,64}$/i.test(id)) return []
  const query = db.selectFrom('article').selectAll().where('id', 'like', `${id.toLowerCase()}%`)
  return (await query.orderBy('id').limit(limit).execute()).map(toFiled)
}

/** The articles of all sources that any of these keys (`url:…`, `guid:…`) ever belonged to: the first seen first. */
export async function filedByKeys(db: Database, keys: string[]): Promise<Filed[]> {
  const rows = await db
    .selectFrom('article')
    .selectAll()
    .where('id', 'in', (ids) => ids.selectFrom('articleAlias').select('articleId').where('key', 'in', keys))
    .orderBy('firstSeenAt')
    .orderBy('id')
    .limit(MOST_FOUND)
    .execute()
  return rows.map(toFiled)
}

const MOST_FOUND = 20

/** The copies of an article: the first seen first. */
export async function filedCopies(db: Database, originalId: string): Promise<Filed[]> {
  const query = db.selectFrom('article').selectAll().where('originalId', '=', originalId)
  return (await query.orderBy('firstSeenAt').orderBy('id').limit(MOST_FOUND).execute()).map(toFiled)
}

export async function filedById(db: Database, id: string): Promise<Filed | undefined> {
  const row = await db.selectFrom('article').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toFiled(row)
}

/** Every guid and address by which its source ever named it. */
export async function aliasesOf(db: Database, articleId: string): Promise<string[]> {
  const rows = await db.selectFrom('articleAlias').select('key').where('articleId', '=', articleId).execute()
  return rows.map(({ key }) => key).toSorted()
}

const origins: z.ZodType<Origins> = z.record(
  z.string(),
  z.object({
    place: z.string(),
    confidence: z.number().exactOptional(),
    runnerUp: z.object({ value: z.string(), place: z.string() }).exactOptional(),
    lacks: z.enum(['paywall', 'pages']).exactOptional(),
  }),
)

const correction = z.object({ kind: z.enum(['correction', 'update']), note: z.string() })

function toFiled(row: Selectable<Tables['article']>): Filed {
  const date = (column: 'retiredAt' | 'withdrawnAt' | 'excludedAt' | 'correctedAt') =>
    row[column] === null ? {} : { [column]: toDate(row[column], `article.${column}`) }
  return {
    article: toArticle(row),
    ...date('retiredAt'),
    ...date('withdrawnAt'),
    ...date('excludedAt'),
    ...date('correctedAt'),
    ...(row.originalId !== null && { originalId: row.originalId }),
    ...(row.withdrawnBy !== null && { withdrawnBy: row.withdrawnBy }),
    ...(row.correction !== null && { correction: fromJson(correction, row.correction, 'article.correction') }),
    ...(row.origins !== null && { origins: fromJson(origins, row.origins, 'article.origins') }),
  }
}
