/** What nobody knows the fate of: listed for a person, who finds out and says so. */
import { type Delivery, type DeliveryState } from '../model.ts'
import { fromDate, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { lockEditionState, setEditionState } from './editions.ts'

/** A delivery whose message may have gone, and to whom. */
export interface UncertainDelivery extends Pick<Delivery, 'id' | 'subscriberId' | 'reason'> {
  email: string
  /** Since when nobody knows. */
  at: Date
}

/** What a person found out: it arrived, it was refused, or it did not go and is to be sent once more. */
export type Verdict = 'submitted' | 'refused' | 'again'

/** The uncertain deliveries of an edition, by address. */
export async function listUncertain(db: Database, editionId: string): Promise<UncertainDelivery[]> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriberId')
    .select(['delivery.id', 'delivery.subscriberId', 'delivery.reason', 'delivery.changedAt', 'subscriber.email'])
    .where('delivery.editionId', '=', editionId)
    .where('delivery.state', '=', 'uncertain')
    .orderBy('subscriber.addressKey')
    .execute()
  return rows.map(({ id, subscriberId, reason, changedAt, email }) => ({
    id,
    subscriberId,
    email,
    at: toDate(changedAt, 'delivery.changed_at'),
    ...(reason !== null && { reason }),
  }))
}

/**
 * Settles uncertain deliveries as a person found them to be. With `again` they are due once more, and the edition goes on
 * if it was done. Whoever sent one of them and learns the answer only now is no longer listened to. Gives how many were
 * uncertain until now; none when the edition was cancelled meanwhile and they should go again.
 */
export async function reconcile(
  db: Database,
  { editionId, ids, verdict, now }: { editionId: string; ids: string[]; verdict: Verdict; now: Date },
): Promise<number> {
  return transact(db, async (trx) => {
    if (verdict === 'again') {
      await setEditionState(trx, editionId, 'ready', ['done'])
      if ((await lockEditionState(trx, editionId)) === 'cancelled') return 0
    }
    const state: DeliveryState = verdict === 'again' ? 'due' : verdict
    const { numUpdatedRows } = await trx
      .updateTable('delivery')
      .set({
        state,
        reason: `the operator says: ${verdict}`,
        claimedUntil: null,
        claimedBy: null,
        changedAt: fromDate(now),
        ...(state === 'due' && { dueAt: fromDate(now) }),
      })
      .where('editionId', '=', editionId)
      .where('state', '=', 'uncertain')
      .where('id', 'in', ids)
      .executeTakeFirst()
    return Number(numUpdatedRows)
  })
}
