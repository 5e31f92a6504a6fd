/** Articles as they are kept: found again by what a source calls them, saved once, read newest first. */
import { sql } from 'kysely'
import { z } from 'zod'
import { type Article, type Enclosure, type Image, type SafeHtml } from '../model.ts'
import { chunksOf, fromDate, fromJson, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'

/** What may be known of an article whose address or guid changed; `path` is its address without scheme and host. */
export interface Traces {
  path: string
  hash: string
  title: string
}

/** Where to go on reading, newest first: the last article that was read. */
export type Cursor = Pick<Article, 'id' | 'publishedAt' | 'firstSeenAt'>

/** More of a source's articles than these never look alike but by a title or an address that says nothing. */
const MOST_CANDIDATES = 50

/** The article that any of these guids and addresses (`guid:…`, `url:…`) ever belonged to in this source. */
export async function findKnown(db: Database, sourceId: string, keys: string[]): Promise<Article | undefined> {
  if (keys.length === 0) return undefined
  const row = await db
    .selectFrom('article')
    .innerJoin('articleAlias', 'articleAlias.articleId', 'article.id')
    .selectAll('article')
    .where('articleAlias.sourceId', '=', sourceId)
    .where('articleAlias.key', 'in', keys)
    // Where two articles came to share a key, the first of them has it.
    .orderBy('article.firstSeenAt')
    .orderBy('article.id')
    .limit(1)
    .executeTakeFirst()
  return row && toArticle(row)
}

/** What an article is called now, and a key by which its source called it at some time. */
export interface Named extends Pick<Article, 'url' | 'guid'> {
  key: string
}

/** Whose these keys are in this source. Of several articles the first is the one that `findKnown` gives for their keys. */
export async function findNamed(db: Database, sourceId: string, keys: string[]): Promise<Named[]> {
  const found: { order: string; named: Named }[] = []
  for (const some of chunksOf(keys, 1000)) {
    const rows = await db
      .selectFrom('article')
      .innerJoin('articleAlias', 'articleAlias.articleId', 'article.id')
      .select(['articleAlias.key', 'article.id', 'article.url', 'article.guid', 'article.firstSeenAt'])
      .where('articleAlias.sourceId', '=', sourceId)
      .where('articleAlias.key', 'in', some)
      .execute()
    for (const { key, id, url, guid, firstSeenAt } of rows)
      found.push({ order: `${firstSeenAt} ${id}`, named: { key, url, ...(guid !== null && { guid }) } })
  }
  return found.toSorted((a, b) => (a.order < b.order ? -1 : 1)).map(({ named }) => named)
}

/**
 * Articles of this source that may be the one with these traces under another name: at most 50, those with the same
 * text first, then those with the same path. Whether one is the same is decided in articles/identity.ts.
 */
export async function findMoved(db: Database, sourceId: string, traces: Traces): Promise<Article[]> {
  const { path, hash, title } = traces
  const rows = await db
    .selectFrom('article')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('sourceId', '=', sourceId), eb('hash', '=', hash)]),
        eb.and([eb('sourceId', '=', sourceId), eb('path', '=', path)]),
        // The beginning is what the index holds.
        eb.and([eb('sourceId', '=', sourceId), sameBeginning(title), eb('title', '=', title)]),
      ]),
    )
    .orderBy(sql`case when hash = ${hash} then 0 when path = ${path} then 1 else 2 end`)
    .orderBy('firstSeenAt', 'desc')
    .orderBy('id')
    .limit(MOST_CANDIDATES)
    .execute()
  return rows.map(toArticle)
}

/**
 * Saves an article together with all the `keys` by which its source may name it again, in one transaction. `path` is
 * its address without scheme and host, as `findMoved` is asked for it.
 *
 * A new id whose keys belong to another article is that article come in by another process: the first stays, and this
 * is `unchanged`. An article that is known keeps its `firstSeenAt`. One that is added gets a later `firstSeenAt` than the
 * given one if an edition has already been composed beyond that moment: a reader would never be mailed it otherwise.
 */
export async function saveArticle(
  db: Database,
  article: Article,
  keys: string[],
  path: string,
): Promise<'added' | 'updated' | 'unchanged'> {
  return transact(db, async (trx) => {
    const known = await trx.selectFrom('article').selectAll().where('id', '=', article.id).executeTakeFirst()
    if (known !== undefined) {
      await saveKeys(trx, article, keys)
      // What retention let go of does not come back because its source still lists it.
      if (known.retiredAt !== null) return 'unchanged'
      const row = toRow({ ...article, firstSeenAt: toDate(known.firstSeenAt, 'article.first_seen_at') }, path)
      if (isSame(known, row)) return 'unchanged'
      await trx.updateTable('article').set(row).where('id', '=', article.id).execute()
      return 'updated'
    }
    if ((await findKnown(trx, article.sourceId, keys)) !== undefined) return 'unchanged'
    const row = toRow({ ...article, firstSeenAt: await afterEveryEdition(trx, article.firstSeenAt) }, path)
    const added = await trx
      .insertInto('article')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    await saveKeys(trx, article, keys)
    return added.numInsertedOrUpdatedRows === 0n ? 'unchanged' : 'added'
  })
}

/** The newest articles, of these sources or of all, by when they were published or else first seen. */
export async function newestArticles(
  db: Database,
  { sources, limit, before }: { sources?: string[] | undefined; limit: number; before?: Cursor | undefined },
): Promise<Article[]> {
  let query = db
    .selectFrom('article')
    .selectAll()
    .where('retiredAt', 'is', null)
    .orderBy('datedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (sources !== undefined) query = query.where('sourceId', 'in', sources)
  if (before !== undefined) {
    const datedAt = fromDate(datedAtOf(before))
    query = query.where((eb) => eb(eb.refTuple('datedAt', 'id'), '<', eb.tuple(datedAt, before.id)))
  }
  return (await query.execute()).map(toArticle)
}

/** What is new to a reader whose watermark is `after`, of these sources or of all, oldest first. */
export async function articlesSeenAfter(
  db: Database,
  after: Date,
  { sources }: { sources?: string[] | undefined } = {},
): Promise<Article[]> {
  let query = db
    .selectFrom('article')
    .selectAll()
    .where('firstSeenAt', '>', fromDate(after))
    .where('retiredAt', 'is', null)
  if (sources !== undefined) query = query.where('sourceId', 'in', sources)
  return (await query.orderBy('firstSeenAt').orderBy('id').execute()).map(toArticle)
}

/** Up to `limit` articles that were first seen before that moment, oldest first, beginning behind the last one read. */
export async function articlesSeenBefore(
  db: Database,
  before: Date,
  { limit, after }: { limit: number; after?: Pick<Article, 'id' | 'firstSeenAt'> | undefined },
): Promise<Article[]> {
  let query = db
    .selectFrom('article')
    .selectAll()
    .where('firstSeenAt', '<', fromDate(before))
    .where('retiredAt', 'is', null)
  if (after !== undefined) {
    const firstSeenAt = fromDate(after.firstSeenAt)
    query = query.where((eb) => eb(eb.refTuple('firstSeenAt', 'id'), '>', eb.tuple(firstSeenAt, after.id)))
  }
  return (await query.orderBy('firstSeenAt').orderBy('id').limit(limit).execute()).map(toArticle)
}

/** The articles of these ids, in the order of the ids; those that are not there are left out. */
export async function articlesById(db: Database, ids: string[]): Promise<Article[]> {
  const found = new Map<string, Article>()
  for (const some of chunksOf(ids, 1000)) {
    const rows = await db
      .selectFrom('article')
      .selectAll()
      .where('id', 'in', some)
      .where('retiredAt', 'is', null)
      .execute()
    for (const row of rows) found.set(row.id, toArticle(row))
  }
  return ids.map((id) => found.get(id)).filter((article) => article !== undefined)
}

/** The article at this canonical address: the one first seen, should several sources have it. */
export async function articleByUrl(db: Database, url: string): Promise<Article | undefined> {
  const row = await db
    .selectFrom('article')
    .selectAll()
    .where('url', '=', url)
    .where('retiredAt', 'is', null)
    .orderBy('firstSeenAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && toArticle(row)
}

const sameBeginning = (title: string) => sql<boolean>`substr(title, 1, 200) = substr(${title}, 1, 200)`

async function saveKeys(db: Database, { id, sourceId }: Article, keys: string[]): Promise<void> {
  if (keys.length === 0) return
  await db
    .insertInto('articleAlias')
    .values(keys.map((key) => ({ sourceId, key, articleId: id })))
    .onConflict((conflict) => conflict.columns(['sourceId', 'key']).doNothing())
    .execute()
}

/** `firstSeenAt`, or a millisecond after the moment up to which editions were composed while this was being read. */
async function afterEveryEdition(db: Database, firstSeenAt: Date): Promise<Date> {
  const { upTo } = await db
    .selectFrom('edition')
    .select(({ fn }) => fn.max('upTo').as('upTo'))
    .executeTakeFirstOrThrow()
  // Without an edition there is no row to take the maximum of.
  if ((upTo as string | null) === null) return firstSeenAt
  const latest = toDate(upTo, 'edition.up_to')
  return firstSeenAt > latest ? firstSeenAt : new Date(latest.getTime() + 1)
}

const image: z.ZodType<Image> = z.strictObject({
  url: z.string(),
  alt: z.string().exactOptional(),
  caption: z.string().exactOptional(),
  credit: z.string().exactOptional(),
  type: z.string().exactOptional(),
  bytes: z.number().exactOptional(),
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
})

const enclosure: z.ZodType<Enclosure> = z.strictObject({
  url: z.string(),
  type: z.string(),
  bytes: z.number(),
  title: z.string().exactOptional(),
})

const texts = z.array(z.string())
const images = z.array(image)
const enclosures = z.array(enclosure)

const datedAtOf = ({ publishedAt, firstSeenAt }: Pick<Article, 'publishedAt' | 'firstSeenAt'>): Date =>
  publishedAt ?? firstSeenAt

/** What an article says of itself; whether it was retired, it does not. */
type ArticleRow = Omit<Tables['article'], 'retiredAt'>

function isSame(known: ArticleRow, row: ArticleRow): boolean {
  return (Object.keys(row) as (keyof ArticleRow)[]).every((column) => known[column] === row[column])
}

function toRow(article: Article, path: string): ArticleRow {
  return {
    id: article.id,
    sourceId: article.sourceId,
    guid: article.guid ?? null,
    url: article.url,
    path,
    title: article.title,
    authors: JSON.stringify(article.authors),
    html: article.html,
    text: article.text,
    excerpt: article.excerpt,
    topics: JSON.stringify(article.topics),
    language: article.language ?? null,
    images: JSON.stringify(article.images),
    enclosures: JSON.stringify(article.enclosures),
    hash: article.hash,
    publishedAt: article.publishedAt ? fromDate(article.publishedAt) : null,
    updatedAt: article.updatedAt ? fromDate(article.updatedAt) : null,
    firstSeenAt: fromDate(article.firstSeenAt),
    datedAt: fromDate(datedAtOf(article)),
  }
}

function toArticle(row: Tables['article']): Article {
  return {
    id: row.id,
    sourceId: row.sourceId,
    ...(row.guid !== null && { guid: row.guid }),
    url: row.url,
    title: row.title,
    authors: fromJson(texts, row.authors, 'article.authors'),
    // Only an Article's html is ever written there, and that is safe.
    html: row.html as SafeHtml,
    text: row.text,
    excerpt: row.excerpt,
    topics: fromJson(texts, row.topics, 'article.topics'),
    ...(row.language !== null && { language: row.language }),
    images: fromJson(images, row.images, 'article.images'),
    enclosures: fromJson(enclosures, row.enclosures, 'article.enclosures'),
    hash: row.hash,
    ...(row.publishedAt !== null && { publishedAt: toDate(row.publishedAt, 'article.published_at') }),
    ...(row.updatedAt !== null && { updatedAt: toDate(row.updatedAt, 'article.updated_at') }),
    firstSeenAt: toDate(row.firstSeenAt, 'article.first_seen_at'),
  }
}
