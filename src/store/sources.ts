/** What each source said last time. */
import { type FailureReport } from '../failures.ts'
import { failureReport, fromDate, fromJson, toDate } from './columns.ts'
import { type Database } from './database.ts'
import { type Tables } from './schema.ts'
import { toNotice, type SourceNotice } from './sightings.ts'

/** How the last collection of a source went. */
export interface SourceState {
  id: string
  collectedAt?: Date
  succeededAt?: Date
  /** Why the last collection failed, when it did. */
  failure?: FailureReport
  /** How many collections in a row have failed. */
  failures: number
  /** What its operator should know of it, though nothing failed. */
  notice?: SourceNotice
}

/** Notes that a source was collected just now, and whether that failed: `succeededAt` stays where it did. */
export async function sourceCollected(db: Database, id: string, now: Date, failure?: FailureReport): Promise<void> {
  const state =
    failure === undefined
      ? { collectedAt: fromDate(now), succeededAt: fromDate(now), failure: null }
      : { collectedAt: fromDate(now), failure: JSON.stringify(failure) }
  await db
    .insertInto('source')
    .values({ id, succeededAt: null, failures: failure === undefined ? 0 : 1, ...state })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        ...state,
        failures: failure === undefined ? row.lit(0) : row('source.failures', '+', 1),
      })),
    )
    .execute()
}

/** Every source that was ever collected, by id. */
export async function listSources(db: Database): Promise<SourceState[]> {
  const rows = await db.selectFrom('source').selectAll().orderBy('id').execute()
  return rows.map(toSource)
}

/** How many articles each source has, of those that are kept whole. */
export async function countArticles(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('article')
    .select(({ fn }) => ['sourceId', fn.countAll().as('articles')])
    .where('retiredAt', 'is', null)
    .groupBy('sourceId')
    .execute()
  return new Map(rows.map(({ sourceId, articles }) => [sourceId, Number(articles)]))
}

export function toSource(row: Tables['source']): SourceState {
  return {
    id: row.id,
    failures: row.failures,
    ...(row.collectedAt !== null && { collectedAt: toDate(row.collectedAt, 'source.collected_at') }),
    ...(row.succeededAt !== null && { succeededAt: toDate(row.succeededAt, 'source.succeeded_at') }),
    ...(row.notice !== null && { notice: toNotice(row.notice) }),
    ...(row.failure !== null && { failure: fromJson(failureReport, row.failure, 'source.failure') }),
  }
}
