/** The ledger: one row for each edition and subscriber, which decides who is mailed and that nobody is mailed twice. */
import { createHash } from 'node:crypto'
import { type Outcome } from '../contracts.ts'
import { type Delivery, type DeliveryState, type EditionState } from '../model.ts'
import { chunksOf, fromDate, toDate } from './columns.ts'
import { isPostgres, transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'

/** Editions in any other state are not composed to the end, or were stopped, or are over. */
const GOING_OUT: EditionState[] = ['ready', 'sending']

/**
 * Opens a due delivery of an edition's slice to each of these subscribers. Whoever has one of this edition already keeps
 * it: opening the same again after a crash adds nothing. Gives how many were added.
 */
export async function openDeliveries(
  db: Database,
  editionId: string,
  sliceId: string,
  subscriberIds: string[],
  now: Date,
): Promise<number> {
  let added = 0
  for (const some of chunksOf(subscriberIds, 1000)) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('delivery')
      .values(some.map((subscriberId) => newRow(editionId, sliceId, subscriberId, now)))
      .onConflict((conflict) => conflict.columns(['editionId', 'subscriberId']).doNothing())
      .executeTakeFirst()
    added += Number(numInsertedOrUpdatedRows ?? 0)
  }
  return added
}

/**
 * Claims up to `limit` deliveries that are due at `now`, of editions that may go out, for the process `by` until `until`:
 * the longest due first. One statement, so that two processes never get the same.
 */
export async function claimDue(
  db: Database,
  { now, until, by, limit }: { now: Date; until: Date; by: string; limit: number },
): Promise<Delivery[]> {
  const rows = await db
    .updateTable('delivery')
    .set({ state: 'claimed', claimedUntil: fromDate(until), claimedBy: by, changedAt: fromDate(now) })
    .where('id', 'in', (deliveries) =>
      deliveries
        .selectFrom('delivery')
        .select('id')
        .where('state', '=', 'due')
        .where('dueAt', '<=', fromDate(now))
        .where('editionId', 'in', (editions) =>
          editions.selectFrom('edition').select('id').where('state', 'in', GOING_OUT),
        )
        .orderBy('dueAt')
        .orderBy('id')
        .limit(limit)
        .$if(isPostgres(db), (shared) => shared.forUpdate().skipLocked()),
    )
    .returningAll()
    .execute()
  return rows.map(toDelivery).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1))
}

/**
 * Gives deliveries that `by` has claimed and not begun back to the ledger: due again, at `retryAt` where it is given.
 * Those that are no longer `by`'s stay as they are. Gives how many it gave back.
 */
export async function releaseClaims(
  db: Database,
  ids: string[],
  by: string,
  now: Date,
  retryAt?: Date,
): Promise<number> {
  if (ids.length === 0) return 0
  const { numUpdatedRows } = await db
    .updateTable('delivery')
    .set({
      state: 'due',
      claimedUntil: null,
      claimedBy: null,
      changedAt: fromDate(now),
      ...(retryAt && { dueAt: fromDate(retryAt) }),
    })
    .where('id', 'in', ids)
    .where('state', '=', 'claimed')
    .where('claimedBy', '=', by)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/**
 * Takes back what processes left behind that died: a claim whose lease is over is due again; what was being sent is
 * `uncertain`, because it may have gone, and is given for a report.
 */
export async function releaseLapsed(db: Database, now: Date): Promise<{ released: number; uncertain: Delivery[] }> {
  return transact(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('delivery')
      .set({ state: 'due', claimedUntil: null, claimedBy: null, changedAt: fromDate(now) })
      .where('state', '=', 'claimed')
      .where('claimedUntil', '<=', fromDate(now))
      .executeTakeFirst()
    // `claimedBy` stays: should that process live and know the answer after all, it may still settle.
    const uncertain = await trx
      .updateTable('delivery')
      .set({
        state: 'uncertain',
        claimedUntil: null,
        reason: 'the process that sent it ended before the answer was noted',
        changedAt: fromDate(now),
      })
      .where('state', '=', 'sending')
      .where('claimedUntil', '<=', fromDate(now))
      .returningAll()
      .execute()
    return { released: Number(numUpdatedRows), uncertain: uncertain.map(toDelivery) }
  })
}

/**
 * Marks a delivery that `by` has claimed as `sending` until `until`, durably, before its message is begun. In the same
 * transaction it reads whether the reader is still there: if not, the delivery is dropped and the answer is `left`. `gone`
 * says that it is no longer `by`'s to send; one whose edition was stopped meanwhile is due again, for when it goes on.
 */
export async function startSending(
  db: Database,
  id: string,
  by: string,
  now: Date,
  until: Date,
): Promise<'sending' | 'left' | 'gone'> {
  return transact(db, async (trx) => {
    const delivery = await trx
      .selectFrom('delivery')
      .innerJoin('edition', 'edition.id', 'delivery.editionId')
      .select(['delivery.subscriberId', 'edition.newsletterId', 'edition.state as editionState'])
      .where('delivery.id', '=', id)
      .executeTakeFirst()
    if (delivery === undefined) return 'gone'
    // Locked until this transaction ends: an unsubscription now waits, and finds the message begun before it.
    const subscription = await trx
      .selectFrom('subscription')
      .select('state')
      .where('subscriberId', '=', delivery.subscriberId)
      .where('newsletterId', '=', delivery.newsletterId)
      .$if(isPostgres(trx), (shared) => shared.forShare())
      .executeTakeFirst()

    const free = { claimedUntil: null, claimedBy: null, changedAt: fromDate(now) }
    const isActive = subscription?.state === 'active'
    const isGoingOut = GOING_OUT.includes(delivery.editionState)
    const { numUpdatedRows } = await trx
      .updateTable('delivery')
      .where('id', '=', id)
      .where('state', '=', 'claimed')
      .where('claimedBy', '=', by)
      .set(({ eb }) =>
        !isActive
          ? { ...free, state: 'dropped', reason: 'left' }
          : !isGoingOut
            ? { ...free, state: 'due' }
            : {
                state: 'sending',
                attempts: eb('attempts', '+', 1),
                claimedUntil: fromDate(until),
                changedAt: fromDate(now),
              },
      )
      .executeTakeFirst()
    if (!isActive) return 'left'
    return isGoingOut && numUpdatedRows === 1n ? 'sending' : 'gone'
  })
}

/**
 * Writes down what became of a message that `by` was sending; `later` makes it due again at `retryAt`, by default at once.
 * Whoever took too long and finds the delivery declared `uncertain` may still say what the server answered: that is
 * better known than not. Gives false, and changes nothing, when it is not `by`'s to settle.
 */
export async function settle(
  db: Database,
  id: string,
  by: string,
  outcome: Outcome,
  now: Date,
  retryAt: Date = now,
): Promise<boolean> {
  const state: DeliveryState = outcome.kind === 'later' ? 'due' : outcome.kind
  const { numUpdatedRows } = await db
    .updateTable('delivery')
    .set(({ eb }) => ({
      state,
      reason: outcome.reply,
      claimedUntil: null,
      claimedBy: null,
      changedAt: fromDate(now),
      ...(state === 'due' && { dueAt: fromDate(retryAt) }),
      // `startSending` counted an attempt that no server has seen.
      ...(outcome.untried && { attempts: eb('attempts', '-', 1) }),
    }))
    .where('id', '=', id)
    .where('claimedBy', '=', by)
    .where('state', 'in', ['sending', 'uncertain'])
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** How many deliveries of an edition are in each state, those included whose rows retention has summed up. */
export async function countDeliveries(db: Database, editionId: string): Promise<Record<DeliveryState, number>> {
  const rows = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll().as('count')])
    .where('editionId', '=', editionId)
    .groupBy('state')
    .execute()
  const counts: Record<DeliveryState, number> = {
    due: 0,
    claimed: 0,
    sending: 0,
    submitted: 0,
    refused: 0,
    uncertain: 0,
    dropped: 0,
  }
  const sums = await db
    .selectFrom('deliverySum')
    .select(['state', 'count'])
    .where('editionId', '=', editionId)
    .execute()
  for (const { state, count } of [...rows, ...sums]) counts[state] += Number(count)
  return counts
}

/** The same for the same edition and subscriber wherever it is made: Message-IDs are built on it. */
function deliveryId(editionId: string, subscriberId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([editionId, subscriberId]))
    .digest('hex')
    .slice(0, 32)
}

function newRow(editionId: string, sliceId: string, subscriberId: string, now: Date): Tables['delivery'] {
  return {
    id: deliveryId(editionId, subscriberId),
    editionId,
    subscriberId,
    sliceId,
    state: 'due',
    attempts: 0,
    dueAt: fromDate(now),
    claimedUntil: null,
    claimedBy: null,
    reason: null,
    changedAt: fromDate(now),
  }
}

function toDelivery(row: Tables['delivery']): Delivery {
  return {
    id: row.id,
    editionId: row.editionId,
    subscriberId: row.subscriberId,
    sliceId: row.sliceId,
    state: row.state,
    attempts: row.attempts,
    dueAt: toDate(row.dueAt, 'delivery.due_at'),
    ...(row.claimedUntil !== null && { claimedUntil: toDate(row.claimedUntil, 'delivery.claimed_until') }),
    ...(row.reason !== null && { reason: row.reason }),
  }
}
