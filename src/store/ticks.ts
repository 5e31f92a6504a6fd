/** Ticks: when each scheduled thing was last due, begun and finished. */
import { type Selectable } from 'kysely'
import { fromDate, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'

export interface Tick {
  /** `collect:main`, `publish:all`, `compose:daily`, `upkeep`. */
  name: string
  /** All its times up to this one are dealt with. */
  dueAt: Date
  startedAt: Date
  /** Not given while it is at work, when its process died over it, or when it was wanted meanwhile. */
  finishedAt?: Date
  /** How often it was begun since it last succeeded. */
  failed: number
  /** When it last brought something, or was first done. */
  changedAt?: Date
}

/** All that were ever due, by name. */
export async function readTicks(db: Database): Promise<Map<string, Tick>> {
  const rows = await db.selectFrom('tick').selectAll().execute()
  return new Map(rows.map((row) => [row.name, toTick(row)]))
}

export async function readTick(db: Database, name: string): Promise<Tick | undefined> {
  const row = await db.selectFrom('tick').selectAll().where('name', '=', name).executeTakeFirst()
  return row && toTick(row)
}

/** Notes that it is begun. It counts as failed until it is finished: a process that dies over it says nothing more. */
export async function startTick(db: Database, name: string, dueAt: Date, now: Date): Promise<void> {
  const begun = { dueAt: fromDate(dueAt), startedAt: fromDate(now), finishedAt: null }
  await db
    .insertInto('tick')
    .values({ name, ...begun, failed: 1, changedAt: null })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ ...begun, failed: row('tick.failed', '+', 1) })),
    )
    .execute()
}

/** Notes that it is over, and whether it brought something, unless it was wanted again since it was begun for `dueAt`: then it stays due. */
export async function finishTick(
  db: Database,
  name: string,
  dueAt: Date,
  now: Date,
  succeeded: boolean,
  hasChanged = false,
): Promise<void> {
  await db
    .updateTable('tick')
    .set((row) => ({
      finishedAt: fromDate(now),
      ...(succeeded && { failed: 0 }),
      changedAt: hasChanged ? fromDate(now) : row.fn.coalesce('changedAt', row.val(fromDate(now))),
    }))
    .where('name', '=', name)
    .where('dueAt', '=', fromDate(dueAt))
    .execute()
}

/** Deals with all times up to `dueAt` without doing anything. With `from: now`, times count from `now` on. */
export async function passTick(db: Database, name: string, dueAt: Date, now: Date, anew: boolean): Promise<void> {
  const passed = { dueAt: fromDate(dueAt), finishedAt: fromDate(now), failed: 0 }
  const startedAt = fromDate(now)
  await db
    .insertInto('tick')
    .values({ name, ...passed, startedAt, changedAt: null })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ ...passed, ...(anew && { startedAt }) }))
    .execute()
}

/** Makes it due, now: also when it is at work at this moment, and has perhaps not seen why. */
export async function wantTick(db: Database, name: string, now: Date): Promise<void> {
  await transact(db, async (trx) => {
    const known = await readTick(trx, name)
    // Never the same moment twice: whoever began with the earlier one must not take this one for finished.
    const dueAt = fromDate(known === undefined ? now : new Date(Math.max(now.getTime(), known.dueAt.getTime() + 1)))
    await trx
      .insertInto('tick')
      .values({ name, dueAt, startedAt: fromDate(new Date(0)), finishedAt: null, failed: 0, changedAt: null })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ dueAt, finishedAt: null, failed: 0 }))
      .execute()
  })
}

function toTick(row: Selectable<Tables['tick']>): Tick {
  return {
    name: row.name,
    dueAt: toDate(row.dueAt, 'tick.due_at'),
    startedAt: toDate(row.startedAt, 'tick.started_at'),
    failed: row.failed,
    ...(row.finishedAt !== null && { finishedAt: toDate(row.finishedAt, 'tick.finished_at') }),
    ...(row.changedAt !== null && { changedAt: toDate(row.changedAt, 'tick.changed_at') }),
  }
}
