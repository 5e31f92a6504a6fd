/** Leases: who may do a thing alone, and until when unless they say so again. */
import { fromDate } from './columns.ts'
import { type Database } from './database.ts'

/** A lease that somebody wants or has. Two who work at once never have the same `holder`. */
export interface Lease {
  name: string
  holder: string
}

/**
 * Takes the lease until `now` and `forMs` more, if it is free: never taken, given back, or run out because its holder
 * died. One statement, so that of several who ask at once a single one gets it.
 */
export async function takeLease(db: Database, { name, holder }: Lease, now: Date, forMs: number): Promise<boolean> {
  const held = { holder, heldUntil: fromDate(new Date(now.getTime() + forMs)) }
  // Nobody holds one for so long: it was written by a clock that went wrong.
  const tooFar = fromDate(new Date(now.getTime() + 10 * forMs))
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('lease')
    .values({ name, ...held })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet(held)
        .where((eb) => eb.or([eb('lease.heldUntil', '<=', fromDate(now)), eb('lease.heldUntil', '>', tooFar)])),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Keeps a lease that is still this holder's; false when it has run out and somebody else took it. */
export async function renewLease(db: Database, { name, holder }: Lease, now: Date, forMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('lease')
    .set({ heldUntil: fromDate(new Date(now.getTime() + forMs)) })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Gives a lease back; nothing happens when it is no longer this holder's. */
export async function dropLease(db: Database, { name, holder }: Lease): Promise<void> {
  await db.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).execute()
}

/** Gives back whatever a process holds whose holders begin so, for one that ends in the middle of its work. */
export async function dropLeasesOf(db: Database, holders: string): Promise<void> {
  // No `like`: what it takes for a wildcard may stand in a name.
  const leases = await db.selectFrom('lease').select(['name', 'holder']).execute()
  for (const lease of leases.filter(({ holder }) => holder.startsWith(holders))) await dropLease(db, lease)
}
