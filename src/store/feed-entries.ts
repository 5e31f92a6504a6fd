/** Which articles are in a feed, in the order in which they came, and on which page of its archive each is. */
import { type Article } from '../model.ts'
import { toArticle } from './article-rows.ts'
import { chunksOf, fromDate, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { isReadSoFar, markStale, saveStates, type FeedPage, type FeedState, type Progress } from './feed-states.ts'
import { withAnswers } from './media-files.ts'
import { type Tables } from './schema.ts'

/** An article, and in which of a feed and those made of it, it is to be from now on. */
export interface Member {
  article: Pick<Article, 'id'>
  /** What newest first goes by. */
  datedAt: Date
  /** Hash of the guid that it has of its own. */
  guid?: string
  /** Bytes of its content. */
  weight: number
  feedIds: ReadonlySet<string>
  /** It stays where it is: nothing is known of it any more that could tell. */
  isKept: boolean
  /** Since when it is in no other. */
  goneAt: Date
}

/** What a page of an archive holds at most: so many articles, and, unless it is one alone, bytes of content. */
export interface PageLimits {
  entries: number
  weight: number
}

/**
 * Puts these articles into the feeds where they are to be and takes them out of the others, in one transaction: those
 * that are new in a feed behind all that ever were in it, one that comes back where it was. `states` are all feeds that
 * are judged, by their ids, the owner first; they are brought up to date. With `isChange`, the articles themselves
 * changed, and whatever shows them is stale. False, and nothing is done, when somebody else did some of it since
 * `progress` was read: then `states` are not what is known any more.
 */
export async function applyMembers(
  db: Database,
  states: Map<string, FeedState>,
  members: Member[],
  { limits, isChange, progress }: { limits: PageLimits; isChange: boolean; progress: Progress },
): Promise<boolean> {
  const [ownerId = ''] = states.keys()
  return transact(db, async (trx) => {
    if (!(await isReadSoFar(trx, ownerId, progress))) return false
    const known = await entriesOf(trx, members, states)
    const taken = await takenGuids(trx, members)
    const stale = new Map<string, FeedPage>()
    const added: Tables['feedEntry'][] = []
    const touchPages = (feedId: string, ...pages: number[]) => {
      for (const page of [0, ...pages]) stale.set(`${page} ${feedId}`, { feedId, page })
    }
    for (const member of members) {
      const entries = known.get(member.article.id) ?? []
      for (const entry of entries) {
        const change = changeOf(entry, member)
        if (change !== undefined) await updateEntry(trx, entry, change)
        if (change !== undefined || (isChange && entry.goneAt === null)) touchPages(entry.feedId, entry.page)
      }
      for (const feedId of member.feedIds) {
        const state = states.get(feedId)
        if (state === undefined || entries.some((entry) => entry.feedId === feedId)) continue
        const closed = turnPage(state, member, limits)
        const guid = member.guid === undefined || taken.has(`${feedId} ${member.guid}`) ? null : member.guid
        if (guid !== null) taken.add(`${feedId} ${guid}`)
        added.push({
          feedId,
          articleId: member.article.id,
          position: state.entries,
          page: state.pages,
          guid,
          datedAt: fromDate(member.datedAt),
          goneAt: null,
        })
        // The page before is closed now, and names the one behind it.
        touchPages(feedId, state.pages, ...(closed === undefined ? [] : [closed]))
      }
    }
    for (const some of chunksOf(added, 500)) await trx.insertInto('feedEntry').values(some).execute()
    const fed = new Set(added.map(({ feedId }) => feedId))
    await saveStates(
      trx,
      ownerId,
      [...states.values()].filter(({ feedId }) => feedId === ownerId || fed.has(feedId)),
    )
    await markStale(trx, ownerId, [...stale.values()])
    return true
  })
}

async function entriesOf(
  db: Database,
  members: Member[],
  states: Map<string, FeedState>,
): Promise<Map<string, Tables['feedEntry'][]>> {
  const rows: Tables['feedEntry'][] = []
  for (const some of chunksOf(members, 500)) {
    const ids = some.map(({ article }) => article.id)
    rows.push(...(await db.selectFrom('feedEntry').selectAll().where('articleId', 'in', ids).execute()))
  }
  return Map.groupBy(
    rows.filter(({ feedId }) => states.has(feedId)),
    ({ articleId }) => articleId,
  )
}

/** Two sources may call two articles the same: in one feed, the first to come keeps the name. */
async function takenGuids(db: Database, members: Member[]): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const some of chunksOf(
    members.flatMap(({ guid }) => guid ?? []),
    500,
  )) {
    const rows = await db.selectFrom('feedEntry').select(['feedId', 'guid']).where('guid', 'in', some).execute()
    for (const { feedId, guid } of rows) taken.add(`${feedId} ${guid ?? ''}`)
  }
  return taken
}

type Change = Partial<Pick<Tables['feedEntry'], 'goneAt' | 'datedAt'>>

function changeOf(entry: Tables['feedEntry'], member: Member): Change | undefined {
  const isIn = member.feedIds.has(entry.feedId) || (member.isKept && entry.goneAt === null)
  if (!isIn) return entry.goneAt === null ? { goneAt: fromDate(member.goneAt) } : undefined
  const datedAt = fromDate(member.datedAt)
  return entry.goneAt === null && entry.datedAt === datedAt ? undefined : { goneAt: null, datedAt }
}

async function updateEntry(db: Database, { feedId, articleId }: Tables['feedEntry'], change: Change): Promise<void> {
  await db
    .updateTable('feedEntry')
    .set(change)
    .where('feedId', '=', feedId)
    .where('articleId', '=', articleId)
    .execute()
}

/** Makes room for one more; gives the page that it closed. */
function turnPage(state: FeedState, { weight }: Member, limits: PageLimits): number | undefined {
  const isFull =
    state.pageEntries >= limits.entries || (state.pageEntries > 0 && state.pageWeight + weight > limits.weight)
  const closed = isFull ? state.pages : undefined
  if (isFull || state.pages === 0) {
    state.pages += 1
    state.pageEntries = 0
    state.pageWeight = 0
  }
  state.entries += 1
  state.pageEntries += 1
  state.pageWeight += weight
  return closed
}

/** Where to go on, newest first. */
export interface EntryCursor {
  datedAt: string
  articleId: string
}

/** The newest articles of a feed that may be shown, each under its name there. */
export async function newestEntries(
  db: Database,
  feedId: string,
  { limit, before }: { limit: number; before?: EntryCursor | undefined },
): Promise<{ articles: Article[]; last?: EntryCursor }> {
  let query = db
    .selectFrom('feedEntry')
    .innerJoin('article', 'article.id', 'feedEntry.articleId')
    .selectAll('article')
    .select(['feedEntry.guid as name', 'feedEntry.datedAt as placedAt'])
    .where('feedEntry.feedId', '=', feedId)
    .where('feedEntry.goneAt', 'is', null)
    .orderBy('feedEntry.datedAt', 'desc')
    .orderBy('feedEntry.articleId', 'desc')
    .limit(limit)
  if (before !== undefined)
    query = query.where((eb) =>
      eb(eb.refTuple('feedEntry.datedAt', 'feedEntry.articleId'), '<', eb.tuple(before.datedAt, before.articleId)),
    )
  const rows = await query.execute()
  const last = rows.at(-1)
  return {
    // An article whose content was let go stays in the archive alone.
    articles: await withAnswers(
      db,
      rows.filter(({ retiredAt }) => retiredAt === null).map((row) => named(toArticle(row), row.name)),
    ),
    ...(last !== undefined && rows.length === limit && { last: { datedAt: last.placedAt, articleId: last.id } }),
  }
}

/** What the editor wants first in a feed: what was pinned last, first. */
export async function pinnedEntries(db: Database, feedId: string, limit: number): Promise<Article[]> {
  const rows = await db
    .selectFrom('article')
    .innerJoin('feedEntry', 'feedEntry.articleId', 'article.id')
    .selectAll('article')
    .select('feedEntry.guid as name')
    .where('article.pinnedAt', 'is not', null)
    .where('feedEntry.feedId', '=', feedId)
    .where('feedEntry.goneAt', 'is', null)
    .where('article.retiredAt', 'is', null)
    .orderBy('article.pinnedAt', 'desc')
    .orderBy('article.id')
    .limit(limit)
    .execute()
  return withAnswers(
    db,
    rows.map((row) => named(toArticle(row), row.name)),
  )
}

/** An article that was in a feed. */
export interface GoneEntry {
  article: Pick<Article, 'id' | 'guid'>
  goneAt: Date
}

/** The latest of those that left a feed, of those at least as new as `since`. */
export async function goneEntries(
  db: Database,
  feedId: string,
  { limit, since }: { limit: number; since?: Date | undefined },
): Promise<GoneEntry[]> {
  let query = db
    .selectFrom('feedEntry')
    .innerJoin('article', 'article.id', 'feedEntry.articleId')
    .select(['article.id', 'article.guid', 'feedEntry.guid as name', 'feedEntry.goneAt'])
    .where('feedEntry.feedId', '=', feedId)
    .where('feedEntry.goneAt', 'is not', null)
  if (since !== undefined) query = query.where('feedEntry.datedAt', '>=', fromDate(since))
  const rows = await query.orderBy('feedEntry.goneAt', 'desc').orderBy('article.id').limit(limit).execute()
  return rows.map(toGone)
}

export interface ArchivePage {
  /** In the order in which they came. `isEmptied`: of its content there is nothing any more. */
  entries: { article: Article; isEmptied: boolean }[]
  gone: GoneEntry[]
}

export async function archivePage(db: Database, { feedId, page }: FeedPage): Promise<ArchivePage> {
  const rows = await db
    .selectFrom('feedEntry')
    .innerJoin('article', 'article.id', 'feedEntry.articleId')
    .selectAll('article')
    .select(['feedEntry.guid as name', 'feedEntry.goneAt'])
    .where('feedEntry.feedId', '=', feedId)
    .where('feedEntry.page', '=', page)
    .orderBy('feedEntry.position')
    .execute()
  const there = rows.filter(({ goneAt }) => goneAt === null)
  const articles = await withAnswers(
    db,
    // Nothing is first there: an archive stays as it was.
    there.map((row) => named(toArticle({ ...row, pinnedAt: null }), row.name)),
  )
  return {
    entries: articles.map((article, index) => ({ article, isEmptied: there[index]?.retiredAt !== null })),
    gone: rows.filter(({ goneAt }) => goneAt !== null).map(toGone),
  }
}

function toGone(row: { id: string; guid: string | null; name: string | null; goneAt: string | null }): GoneEntry {
  return {
    article: { id: row.id, ...(row.guid !== null && row.name !== null && { guid: row.guid }) },
    goneAt: toDate(row.goneAt ?? '', 'feed_entry.gone_at'),
  }
}

/** Without its own guid where another article has it in this feed. */
function named({ guid, ...article }: Article, name: string | null): Article {
  return guid === undefined || name === null ? article : { ...article, guid }
}
