/** What is known of each feed beside its articles: how far they were looked through, and what is to be written anew. */
import { type Insertable, type Selectable } from 'kysely'
import { z } from 'zod'
import { type FailureReport } from '../failures.ts'
import { type Each } from '../model.ts'
import { chunksOf, failureReport, fromJson } from './columns.ts'
import { isPostgres, transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'
import { nextNumber } from './touches.ts'

/** A feed under `feeds`, or one that was made of it. */
export interface FeedState {
  feedId: string
  /** Which of the owner's articles it has, where it was made of it. */
  made?: Made
  /** How many articles ever were in it. */
  entries: number
  /** How many pages its archive has; on the last one: articles, and bytes of their content. */
  pages: number
  pageEntries: number
  pageWeight: number
  /** How many articles its files show. */
  shown: number
  choice?: string
  look?: string
  reading?: Reading
}

export interface Made {
  kind: Each
  /** In the spelling by which it is compared, and as people write it. */
  value: string
  name: string
}

/** How far the articles were looked through. */
export interface Reading {
  /** Changes are read behind this point. */
  touched: number
  id: string
  /** First of all, while the choice is new: all articles, behind this one. */
  all?: { firstSeenAt: string; id: string } | undefined
}

const reading: z.ZodType<Reading> = z.strictObject({
  touched: z.number(),
  id: z.string(),
  all: z.strictObject({ firstSeenAt: z.string(), id: z.string() }).optional(),
})

/** The feed of this id and all that were ever made of it, by their ids: the feed itself first. */
export async function feedStates(db: Database, ownerId: string): Promise<FeedState[]> {
  const rows = await db.selectFrom('feedState').selectAll().where('ownerId', '=', ownerId).orderBy('feedId').execute()
  return rows.map(toState)
}

/** What was made of any of these feeds. */
export async function madeFeeds(db: Database): Promise<{ ownerId: string; feedId: string; made: Made }[]> {
  const rows = await db
    .selectFrom('feedState')
    .select(['ownerId', 'feedId', 'kind', 'value', 'name'])
    .where('kind', 'is not', null)
    .orderBy('feedId')
    .execute()
  return rows.flatMap((row) => {
    const made = madeOf(row)
    return made === undefined ? [] : [{ ownerId: row.ownerId, feedId: row.feedId, made }]
  })
}

/** Writes what is known of these feeds. */
export async function saveStates(db: Database, ownerId: string, states: FeedState[]): Promise<void> {
  for (const some of chunksOf(states, 500)) {
    await db
      .insertInto('feedState')
      .values(some.map((state) => toRow(state, ownerId)))
      .onConflict((conflict) =>
        conflict.column('feedId').doUpdateSet((eb) => ({
          entries: eb.ref('excluded.entries'),
          pages: eb.ref('excluded.pages'),
          pageEntries: eb.ref('excluded.pageEntries'),
          pageWeight: eb.ref('excluded.pageWeight'),
          choice: eb.ref('excluded.choice'),
          readUpTo: eb.ref('excluded.readUpTo'),
        })),
      )
      .execute()
  }
}

/** How far a feed is: each step of it writes another. */
export interface Progress {
  choice: string | undefined
  reading: Reading | undefined
}

/** Whether the feed is still where it was when this was read; in the transaction of the next step, which others wait for. */
export async function isReadSoFar(
  db: Database,
  ownerId: string,
  { choice, reading: read }: Progress,
): Promise<boolean> {
  const row = await db
    .selectFrom('feedState')
    .select(['choice', 'readUpTo'])
    .where('feedId', '=', ownerId)
    .$if(isPostgres(db), (locked) => locked.forUpdate())
    .executeTakeFirst()
  const known = row === undefined ? undefined : readingOf(row)
  return (row?.choice ?? undefined) === choice && writtenOf(known) === writtenOf(read)
}

/** A page of a feed's archive, or its files themselves (page 0). */
export interface FeedPage {
  feedId: string
  page: number
}

export interface StalePage extends FeedPage {
  stale: number
}

/** From now on these are to be written anew. */
export async function markStale(db: Database, ownerId: string, pages: FeedPage[]): Promise<void> {
  if (pages.length === 0) return
  const stale = await nextNumber(db, 'stale')
  for (const some of chunksOf(pages, 1000)) {
    await db
      .insertInto('feedPage')
      .values(some.map(({ feedId, page }) => ({ feedId, page, ownerId, stale, isFaulty: null, faults: null })))
      .onConflict((conflict) => conflict.columns(['feedId', 'page']).doUpdateSet({ stale }))
      .execute()
  }
}

/** When all that decides what files look like is another: everything of the feed, and of those made of it, is stale. */
export async function noteLook(db: Database, ownerId: string, look: string): Promise<void> {
  await transact(db, async (trx) => {
    const stale = await nextNumber(trx, 'stale')
    await trx.updateTable('feedState').set({ look }).where('feedId', '=', ownerId).execute()
    await trx.updateTable('feedPage').set({ stale }).where('ownerId', '=', ownerId).execute()
    await markStale(trx, ownerId, [{ feedId: ownerId, page: 0 }])
  })
}

/** What is to be written anew, feed by feed, the newest page of each first: an older one names it. */
export async function stalePages(
  db: Database,
  ownerId: string,
  { limit, after }: { limit: number; after?: FeedPage | undefined },
): Promise<StalePage[]> {
  let query = db
    .selectFrom('feedPage')
    .select(['feedId', 'page', 'stale'])
    .where('ownerId', '=', ownerId)
    .where('stale', 'is not', null)
  if (after !== undefined)
    query = query.where((eb) =>
      eb.or([eb('feedId', '>', after.feedId), eb.and([eb('feedId', '=', after.feedId), eb('page', '<', after.page)])]),
    )
  const rows = await query.orderBy('feedId').orderBy('page', 'desc').limit(limit).execute()
  return rows.flatMap(({ stale, ...page }) => (stale === null ? [] : [{ ...page, stale }]))
}

/**
 * The page was written: it is stale no more, unless something changed since it was read. Where somebody else wrote it
 * meanwhile, one of the two may have written what is old by now: it stays stale.
 */
export async function settlePage(
  db: Database,
  { feedId, page, stale }: StalePage,
  faults: FailureReport[],
  shown?: number,
): Promise<void> {
  await transact(db, async (trx) => {
    await trx
      .updateTable('feedPage')
      .set((eb) => ({
        stale: eb
          .case()
          .when('stale', '=', stale)
          .then(null)
          .else(eb.fn.coalesce('stale', eb.val(stale)))
          .end(),
        isFaulty: faults.length > 0 ? 1 : null,
        faults: faults.length > 0 ? JSON.stringify(faults) : null,
      }))
      .where('feedId', '=', feedId)
      .where('page', '=', page)
      .execute()
    if (shown !== undefined) await trx.updateTable('feedState').set({ shown }).where('feedId', '=', feedId).execute()
  })
}

/** What the last rendering of each page left out. */
export async function standingFaults(db: Database, ownerId: string): Promise<FailureReport[]> {
  const rows = await db
    .selectFrom('feedPage')
    .select('faults')
    .where('ownerId', '=', ownerId)
    .where('isFaulty', '=', 1)
    .orderBy('feedId')
    .orderBy('page')
    .execute()
  return rows.flatMap(({ faults }) => (faults === null ? [] : fromJson(reports, faults, 'feed_page.faults')))
}

const reports = z.array(failureReport)

/** Everything of a feed goes along to its new id; what came under that one already, from scratch, gives way. */
export async function moveFeed(db: Database, former: string, id: string): Promise<void> {
  const moved = await db.selectFrom('feedState').select('feedId').where('ownerId', '=', former).execute()
  if (moved.length === 0) return
  const replaced = await db.selectFrom('feedState').select('feedId').where('ownerId', '=', id).execute()
  for (const { feedId } of replaced)
    for (const table of ['feedEntry', 'feedPage', 'feedState'] as const)
      await db.deleteFrom(table).where('feedId', '=', feedId).execute()
  for (const { feedId } of moved) {
    const to = `${id}${feedId.slice(former.length)}`
    await db.updateTable('feedEntry').set({ feedId: to }).where('feedId', '=', feedId).execute()
    await db.updateTable('feedPage').set({ feedId: to, ownerId: id }).where('feedId', '=', feedId).execute()
    await db.updateTable('feedState').set({ feedId: to, ownerId: id }).where('feedId', '=', feedId).execute()
  }
}

function toState(row: Selectable<Tables['feedState']>): FeedState {
  const { feedId, entries, pages, pageEntries, pageWeight, shown, choice, look } = row
  const made = madeOf(row)
  const read = readingOf(row)
  return {
    feedId,
    ...(made !== undefined && { made }),
    entries,
    pages,
    pageEntries,
    pageWeight,
    shown,
    ...(choice !== null && { choice }),
    ...(look !== null && { look }),
    ...(read !== undefined && { reading: read }),
  }
}

function readingOf({ readUpTo }: Pick<Selectable<Tables['feedState']>, 'readUpTo'>): Reading | undefined {
  return readUpTo === null ? undefined : fromJson(reading, readUpTo, 'feed_state.read_up_to')
}

function madeOf({ kind, value, name }: Pick<Selectable<Tables['feedState']>, 'kind' | 'value' | 'name'>) {
  return kind === null || value === null || name === null ? undefined : { kind: kind as Each, value, name }
}

function toRow(state: FeedState, ownerId: string): Insertable<Tables['feedState']> {
  const { feedId, made, entries, pages, pageEntries, pageWeight, choice, reading: read } = state
  return {
    feedId,
    ownerId,
    kind: made?.kind ?? null,
    value: made?.value ?? null,
    name: made?.name ?? null,
    entries,
    pages,
    pageEntries,
    pageWeight,
    choice: choice ?? null,
    readUpTo: writtenOf(read) ?? null,
  }
}

function writtenOf(read: Reading | undefined): string | undefined {
  if (read === undefined) return undefined
  const { touched, id, all } = read
  return JSON.stringify({ touched, id, ...(all && { all: { firstSeenAt: all.firstSeenAt, id: all.id } }) })
}
