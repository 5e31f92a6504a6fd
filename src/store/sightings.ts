/** What is remembered of each source between two collections: its lists, its history, what its operator should know. */
import { z } from 'zod'
import { type FailureReport } from '../failures.ts'
import { failureReport, fromDate, fromJson, toDate } from './columns.ts'
import { type Database } from './database.ts'

/** Something about a source that stopped nothing. */
export interface SourceNotice {
  failure: FailureReport
  /** Since when it is so. */
  since: Date
}

export interface SourceMemory {
  /** JSON of its own, which only its kind reads. */
  memory?: string
  /** JSON of Sightings (sources/history.ts), the latest last. */
  history?: string
  notice?: SourceNotice
}

const noticeShape = z.object({ failure: failureReport, since: z.string() })

export async function readMemory(db: Database, id: string): Promise<SourceMemory> {
  const row = await db
    .selectFrom('source')
    .select(['memory', 'history', 'notice'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return {}
  return {
    ...(row.memory !== null && { memory: row.memory }),
    ...(row.history !== null && { history: row.history }),
    ...(row.notice !== null && { notice: toNotice(row.notice) }),
  }
}

/** Of a source that was collected before: `sourceCollected` makes its row. */
export async function keepMemory(db: Database, id: string, { memory, history, notice }: SourceMemory): Promise<void> {
  const written = notice && JSON.stringify({ failure: notice.failure, since: fromDate(notice.since) })
  await db
    .updateTable('source')
    .set({ memory: memory ?? null, history: history ?? null, notice: written ?? null })
    .where('id', '=', id)
    .execute()
}

export function toNotice(written: string): SourceNotice {
  const { failure, since } = fromJson(noticeShape, written, 'source.notice')
  return { failure, since: toDate(since, 'source.notice') }
}
