/** What the operator was told of, and what an editor still has to look at. */
import { type FailureReport } from '../failures.ts'
import { type Alert } from '../model.ts'
import { failureReport, fromDate, fromJson, toDate } from './columns.ts'
import { type Database } from './database.ts'
import { type Tables } from './schema.ts'

/** Every alert that is remembered, by key. */
export async function listAlerts(db: Database): Promise<Alert[]> {
  return (await db.selectFrom('alert').selectAll().orderBy('raisedAt').orderBy('key').execute()).map(toAlert)
}

/** Remembers these as they are now, and forgets those keys. */
export async function keepAlerts(db: Database, alerts: Alert[], forget: string[]): Promise<void> {
  for (const { key, ...row } of alerts.map(toRow)) {
    await db
      .insertInto('alert')
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute()
  }
  if (forget.length > 0) await db.deleteFrom('alert').where('key', 'in', forget).execute()
}

/** Notes that the operator heard of these at `now`. What changed in them since counts as coming later. */
export async function alertsTold(db: Database, keys: string[], now: Date): Promise<void> {
  await db
    .updateTable('alert')
    .set({ toldAt: fromDate(now) })
    .where('key', 'in', keys)
    .execute()
}

/** An edition that waits for an editor, and why. */
export interface WaitingEdition {
  id: string
  newsletterId: string
  number: number
  composedAt: Date
  heldFor: FailureReport
}

/** The editions that are held back, without what is in them. */
export async function waitingEditions(db: Database): Promise<WaitingEdition[]> {
  const rows = await db
    .selectFrom('edition')
    .select(['id', 'newsletterId', 'number', 'composedAt', 'heldFor'])
    .where('state', '=', 'draft')
    .orderBy('composedAt')
    .orderBy('id')
    .execute()
  return rows.flatMap(({ heldFor, composedAt, ...edition }) =>
    heldFor === null
      ? []
      : {
          ...edition,
          composedAt: toDate(composedAt, 'edition.composed_at'),
          heldFor: fromJson(failureReport, heldFor, 'edition.held_for'),
        },
  )
}

function toRow({ key, failure, raisedAt, toldAt, clearedAt }: Alert): Tables['alert'] {
  return {
    key,
    failure: JSON.stringify(failure),
    raisedAt: fromDate(raisedAt),
    toldAt: toldAt ? fromDate(toldAt) : null,
    clearedAt: clearedAt ? fromDate(clearedAt) : null,
  }
}

function toAlert(row: Tables['alert']): Alert {
  return {
    key: row.key,
    failure: fromJson(failureReport, row.failure, 'alert.failure'),
    raisedAt: toDate(row.raisedAt, 'alert.raised_at'),
    ...(row.toldAt !== null && { toldAt: toDate(row.toldAt, 'alert.told_at') }),
    ...(row.clearedAt !== null && { clearedAt: toDate(row.clearedAt, 'alert.cleared_at') }),
  }
}
