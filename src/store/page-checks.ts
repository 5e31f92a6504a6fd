/** When the pages of articles are looked at again, and which of them are gone. */
import { z } from 'zod'
import { type Article } from '../model.ts'
import { restoreArticle, withdrawArticle } from './article-fates.ts'
import { toArticle } from './article-rows.ts'
import { fromDate, fromJson, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { type Recall } from './recalls.ts'

const HOUR_MS = 3_600_000

/** Pauses between two looks at a page that stays as it is: a week in all, since it was met. */
const PAUSES_MS = [3, 9, 24, 48, 84].map((hours) => hours * HOUR_MS)

/** After a sleep longer than this, nobody makes up for the looks that were missed. */
const WATCHED_MS = 8 * 24 * HOUR_MS

/** Of a page that is gone: it may come back. */
const PAUSES_GONE_MS = [6, 24, 48, 96, 192, 384].map((hours) => hours * HOUR_MS)

/** A page that is missing is asked for once more after this; twice within less counts once. */
const CONFIRM_MS = 2 * HOUR_MS

/** A page that is due to be looked at. */
export interface DuePage {
  article: Article
  url: string
  /** The fields that the feed or list gave, by the origins kept with it. */
  listed: string[]
  /** Its site withdrew it by taking its page away. */
  isWithdrawn: boolean
}

/**
 * An article was read: from now on its page is looked at again. `isSeen`: at `url` just now. What is looked at already
 * keeps its times, unless it changed: what was edited once is edited again soon.
 */
export async function watchPage(
  db: Database,
  { articleId, sourceId, url, isSeen, isChanged, now }: { articleId: string; sourceId: string; url: string; isSeen: boolean; isChanged: boolean; now: Date }, // prettier-ignore
): Promise<void> {
  const seen = isSeen ? { seenAt: fromDate(now), missedAt: null } : {}
  const anew = { step: 0, dueAt: dueAfter(PAUSES_MS[0], now) }
  await db
    .insertInto('pageCheck')
    .values({ articleId, sourceId, url, seenAt: null, missedAt: null, ...anew, ...seen })
    .onConflict((conflict) =>
      conflict.column('articleId').doUpdateSet({ url, sourceId, ...seen, ...(isChanged && anew) }),
    )
    .execute()
}

/** Pages of a source that are due, the missing ones first, then the newest. */
export async function duePages(db: Database, sourceId: string, now: Date, limit: number): Promise<DuePage[]> {
  const rows = await db
    .selectFrom('pageCheck')
    .innerJoin('article', 'article.id', 'pageCheck.articleId')
    .selectAll('article')
    .select('pageCheck.url as pageUrl')
    .where('pageCheck.sourceId', '=', sourceId)
    .where('pageCheck.dueAt', '<=', fromDate(now))
    .where('article.retiredAt', 'is', null)
    .where((eb) =>
      eb.or([
        eb('article.firstSeenAt', '>=', fromDate(new Date(now.getTime() - WATCHED_MS))),
        eb('pageCheck.missedAt', 'is not', null),
      ]),
    )
    .where((eb) => eb.or([eb('article.withdrawnBy', 'is', null), eb('article.withdrawnBy', '=', 'site')]))
    .orderBy((eb) => eb.case().when('pageCheck.missedAt', 'is', null).then(1).else(0).end())
    .orderBy('article.firstSeenAt', 'desc')
    .orderBy('article.id')
    .limit(limit)
    .execute()
  return rows.map(({ pageUrl, ...row }) => ({
    article: toArticle(row),
    url: pageUrl,
    isWithdrawn: row.withdrawnAt !== null,
    listed: row.origins === null ? [] : listedIn(fromJson(origins, row.origins, 'article.origins')),
  }))
}

const origins = z.record(z.string(), z.looseObject({ place: z.string() }))

function listedIn(kept: z.output<typeof origins>): string[] {
  return Object.entries(kept)
    .filter(([, { place, lacks }]) => place === 'the feed or list' && lacks === undefined)
    .map(([field]) => field)
}

/** The page is there, or could not be looked at for now (`isSeen` false). Tells whether its article came back by it. */
export async function pageStands(
  db: Database,
  articleId: string,
  { isSeen, isChanged, now }: { isSeen: boolean; isChanged: boolean; now: Date },
): Promise<boolean> {
  return transact(db, async (trx) => {
    const row = await trx.selectFrom('pageCheck').selectAll().where('articleId', '=', articleId).executeTakeFirst()
    if (row !== undefined) {
      const step = isChanged ? 0 : row.step + 1
      await trx
        .updateTable('pageCheck')
        .set({ step, dueAt: dueAfter(PAUSES_MS[step], now), ...(isSeen && { seenAt: fromDate(now), missedAt: null }) })
        .where('articleId', '=', articleId)
        .execute()
    }
    return isSeen && (await restoreArticle(trx, articleId, { by: 'site', why: 'its page is there again', now }))
  })
}

/**
 * The page is gone (404 or 410). The second time, hours later, its article is withdrawn; where no page was ever seen
 * there, nothing can be gone. `knownAt`: when it was read, where nobody looks after its page. Where the article was
 * withdrawn just now, gives the editions that held it.
 */
export async function pageMissed(
  db: Database,
  { articleId, sourceId, url, knownAt, now }: { articleId: string; sourceId: string; url: string; knownAt: Date; now: Date }, // prettier-ignore
): Promise<Recall[] | undefined> {
  return transact(db, async (trx) => {
    await trx
      .insertInto('pageCheck')
      .values({ articleId, sourceId, url, step: 0, dueAt: null, seenAt: fromDate(knownAt), missedAt: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await trx
      .selectFrom('pageCheck')
      .selectAll()
      .where('articleId', '=', articleId)
      .executeTakeFirstOrThrow()
    const missedAt = row.missedAt === null ? undefined : toDate(row.missedAt, 'page_check.missed_at')
    const isAgain = missedAt !== undefined && now.getTime() - missedAt.getTime() >= CONFIRM_MS
    const isGone = isAgain && row.seenAt !== null
    const why = 'its page was gone twice (404 or 410)'
    const fate = isGone ? await withdrawArticle(trx, articleId, { by: 'site', why, now }) : undefined
    const withdrawn = fate?.changed === true
    // Asked for because its source speaks of it, and not because it was time to look.
    if (isAgain && !withdrawn && row.dueAt !== null && row.dueAt > fromDate(now)) return undefined
    const step = withdrawn ? 0 : isAgain ? row.step + 1 : row.step
    const pause = isGone ? PAUSES_GONE_MS[step] : isAgain ? PAUSES_MS[step] : CONFIRM_MS
    await trx
      .updateTable('pageCheck')
      .set({ step, dueAt: dueAfter(pause, now), missedAt: row.missedAt ?? fromDate(now) })
      .where('articleId', '=', articleId)
      .execute()
    return withdrawn ? fate.recalls : undefined
  })
}

/** The address of a page of the source that stood when it was looked at last, of none of these articles: the newest. */
export async function standingPage(db: Database, sourceId: string, except: string[]): Promise<string | undefined> {
  const row = await db
    .selectFrom('pageCheck')
    .select('url')
    .where('sourceId', '=', sourceId)
    .where('seenAt', 'is not', null)
    .where('missedAt', 'is', null)
    .where('articleId', 'not in', except)
    .orderBy('seenAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.url
}

/** Forgets pages that are looked at no more and were not for so long: gives how many. */
export async function sweepPageChecks(db: Database, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('pageCheck')
    .where('dueAt', 'is', null)
    .where('seenAt', '<', fromDate(before))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

function dueAfter(pauseMs: number | undefined, now: Date): string | null {
  return pauseMs === undefined ? null : fromDate(new Date(now.getTime() + pauseMs))
}
