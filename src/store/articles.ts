/** Articles as they are kept: found again by what a source calls them, saved once, read newest first. */
import { sql } from 'kysely'
import { z } from 'zod'
import { type Origins } from '../item.ts'
import { type Article } from '../model.ts'
import { noteChange } from './article-changes.ts'
import { keepCorrections } from './article-corrections.ts'
import { datedAtOf, isSameRow, isShown, toArticle, toRow } from './article-rows.ts'
import { chunksOf, fromDate, fromJson, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { noteFiles } from './media-files.ts'
import { nextTouch, touchArticles } from './touches.ts'

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

/** What is noted with an article that is saved. */
export interface SaveDetails {
  now: Date
  /** Who changed it, and why, in words: for its history. */
  why: string
  /** Where its fields stood. */
  origins?: Origins
  /** The line of its text that names a correction. */
  correction?: { kind: 'correction' | 'update'; note: string } | undefined
}

/**
 * Saves an article together with all the `keys` by which its source may name it again, in one transaction. `path` is
 * its address without scheme and host, as `findMoved` is asked for it.
 *
 * A new id whose keys belong to another article is that article come in by another process: the first stays, and this
 * is `unchanged`. An article that is known keeps its `firstSeenAt`. One that is added gets a later `firstSeenAt` than the
 * given one if an edition has already been composed beyond that moment: a reader would never be mailed it otherwise.
 * What an editor corrected stays as they wrote it. With `details`, what it said before is kept in its history.
 */
export async function saveArticle(
  db: Database,
  article: Article,
  keys: string[],
  path: string,
  details?: SaveDetails,
): Promise<'added' | 'updated' | 'unchanged'> {
  return transact(db, async (trx) => {
    const known = await trx.selectFrom('article').selectAll().where('id', '=', article.id).executeTakeFirst()
    if (known !== undefined) {
      await saveKeys(trx, article, keys)
      // What retention let go of does not come back because its source still lists it.
      if (known.retiredAt !== null) return 'unchanged'
      const said = toRow({ ...article, firstSeenAt: toDate(known.firstSeenAt, 'article.first_seen_at') }, path)
      const row = await keepCorrections(trx, known, said)
      if (isSameRow(known, row)) {
        // The same text may be found to be all of it, or not: that is no change of the article.
        if (details?.origins !== undefined && lacksIn(known.origins) !== details.origins['text']?.lacks)
          await noteDetails(trx, article, details, known.correction)
        return 'unchanged'
      }
      await trx.updateTable('article').set(row).where('id', '=', article.id).execute()
      await touchArticles(trx, [article.id])
      await noteFiles(trx, article, details?.now ?? article.firstSeenAt)
      if (details !== undefined) await noteDetails(trx, article, details, known.correction)
      if (details !== undefined) await noteChange(trx, known, row, details)
      return 'updated'
    }
    if ((await findKnown(trx, article.sourceId, keys)) !== undefined) return 'unchanged'
    const row = toRow({ ...article, firstSeenAt: await afterEveryEdition(trx, article.firstSeenAt) }, path)
    const added = await trx
      .insertInto('article')
      .values({ ...row, touched: await nextTouch(trx) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    await saveKeys(trx, article, keys)
    if (added.numInsertedOrUpdatedRows === 0n) return 'unchanged'
    await noteFiles(trx, article, details?.now ?? article.firstSeenAt)
    if (details !== undefined) await noteDetails(trx, article, details, null)
    return 'added'
  })
}

function lacksIn(origins: string | null): unknown {
  return origins === null ? undefined : fromJson(marked, origins, 'article.origins')['text']?.lacks
}

const marked = z.record(z.string(), z.looseObject({ lacks: z.string().optional() }))

async function noteDetails(
  db: Database,
  { id, updatedAt, publishedAt }: Article,
  { now, origins, correction }: SaveDetails,
  known: string | null,
): Promise<void> {
  const line = correction === undefined ? null : JSON.stringify(correction)
  if (origins === undefined && line === known) return
  // A correction that was there at first sight was made when the site says that the article changed.
  const at = known === null ? (updatedAt ?? publishedAt ?? now) : now
  await db
    .updateTable('article')
    .set({
      ...(origins !== undefined && { origins: JSON.stringify(origins) }),
      ...(line !== known && { correction: line, correctedAt: line === null ? null : fromDate(at) }),
    })
    .where('id', '=', id)
    .execute()
}

/** The newest articles, of these sources or of all, by when they were published or else first seen. */
export async function newestArticles(
  db: Database,
  { sources, limit, before }: { sources?: string[] | undefined; limit: number; before?: Cursor | undefined },
): Promise<Article[]> {
  let query = db
    .selectFrom('article')
    .selectAll()
    .where(isShown)
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

/** What the editor wants first, of these sources or of all: what was pinned last, first. */
export async function pinnedArticles(
  db: Database,
  { sources }: { sources?: string[] | undefined } = {},
): Promise<Article[]> {
  let query = db.selectFrom('article').selectAll().where('pinnedAt', 'is not', null).where(isShown)
  if (sources !== undefined) query = query.where('sourceId', 'in', sources)
  return (await query.orderBy('pinnedAt', 'desc').orderBy('id').limit(MOST_PINNED).execute()).map(toArticle)
}

/** Of more than these, none is first. */
const MOST_PINNED = 20

/** What is new to a reader whose watermark is `after`, of these sources or of all, oldest first. */
export async function articlesSeenAfter(
  db: Database,
  after: Date,
  { sources }: { sources?: string[] | undefined } = {},
): Promise<Article[]> {
  let query = db.selectFrom('article').selectAll().where('firstSeenAt', '>', fromDate(after)).where(isShown)
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
    .where('withdrawnAt', 'is', null)
    .orderBy('firstSeenAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && toArticle(row)
}

const sameBeginning = (title: string) => sql<boolean>`substr(title, 1, 200) = substr(${title}, 1, 200)`

/** Further names of an article that is saved; those that another has stay that one's. */
export async function saveKeys(
  db: Database,
  { id, sourceId }: Pick<Article, 'id' | 'sourceId'>,
  keys: string[],
): Promise<void> {
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
