/** People, what they subscribed to, and the evidence that they wanted it. */
import { randomUUID } from 'node:crypto'
import { Failure } from '../failures.ts'
import { type Address, type Subscriber, type Subscription, type SubscriptionState } from '../model.ts'
import { fromDate, toDate } from './columns.ts'
import { isPostgres, transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'
import { type ConsentEvent } from './tables/newsletters.ts'

/** What every change of consent leaves behind: when, by which path (`cli`, `link`, …), in which words. */
export interface Consent {
  now: Date
  path: string
  evidence: string
  confirmationId?: string | undefined
  wordingId?: string | undefined
  /** As a keyed hash (subscribers/token.ts). */
  network?: string | undefined
  agent?: string | undefined
}

/** A person and one of their subscriptions. */
export interface Subscribed {
  subscriber: Subscriber
  subscription: Subscription
}

/**
 * Makes a subscription active, and the subscriber where there is none of this address; `watermark` is where they start.
 * One that is active already stays as it is, and `changed` is false. One that has ended is revived only `by` the reader:
 * for the operator, which is the default, it throws Failure `subscriber.left`.
 */
export async function subscribe(
  db: Database,
  wish: Address & Consent & { newsletterId: string; watermark: Date; by?: 'operator' | 'reader' },
): Promise<Subscribed & { changed: boolean }> {
  return transact(db, async (trx) => {
    const subscriber = await addSubscriber(trx, wish)
    const key = { subscriberId: subscriber.id, newsletterId: wish.newsletterId }
    const known = await lockSubscription(trx, key)
    if (known?.state === 'active') return { subscriber, subscription: known, changed: false }
    if (known?.state === 'ended' && wish.by !== 'reader') {
      throw new Failure('subscriber.left', { address: subscriber.email, newsletter: wish.newsletterId })
    }
    const subscription: Subscription = { ...key, state: 'active', watermark: wish.watermark, since: wish.now }
    await putSubscription(trx, subscription)
    await addConsentEvent(trx, key, 'activated', wish)
    return { subscriber, subscription, changed: true }
  })
}

/**
 * Ends a subscription at once: no message to this reader is begun any more, and what was due is dropped. False when there
 * was nothing to end, which is no fault: the same link may be opened twice.
 */
export async function endSubscription(
  db: Database,
  wish: Consent & { subscriberId: string; newsletterId: string; reason: string },
): Promise<boolean> {
  return transact(db, async (trx) => {
    // The subscription before the deliveries, as `startSending` does it: the other order could lock up PostgreSQL.
    const { numUpdatedRows } = await trx
      .updateTable('subscription')
      .set({ state: 'ended', endedAt: fromDate(wish.now), reason: wish.reason })
      .where('subscriberId', '=', wish.subscriberId)
      .where('newsletterId', '=', wish.newsletterId)
      .where('state', '!=', 'ended')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await trx
      .updateTable('delivery')
      .set({ state: 'dropped', reason: 'left', claimedUntil: null, claimedBy: null, changedAt: fromDate(wish.now) })
      .where('subscriberId', '=', wish.subscriberId)
      .where('state', 'in', ['due', 'claimed'])
      .where('editionId', 'in', (editions) =>
        editions.selectFrom('edition').select('id').where('newsletterId', '=', wish.newsletterId),
      )
      .execute()
    await addConsentEvent(trx, wish, 'ended', wish)
    return true
  })
}

/** Whoever has this address, in whatever case it is written. */
export async function findSubscriber(db: Database, { key }: Pick<Address, 'key'>): Promise<Subscriber | undefined> {
  const row = await db.selectFrom('subscriber').selectAll().where('addressKey', '=', key).executeTakeFirst()
  return row && toSubscriber(row)
}

export async function subscriberById(db: Database, id: string): Promise<Subscriber | undefined> {
  const row = await db.selectFrom('subscriber').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toSubscriber(row)
}

/** One subscription, in whatever state. */
export async function findSubscription(
  db: Database,
  of: { subscriberId: string; newsletterId: string },
): Promise<Subscription | undefined> {
  const row = await subscriptionOf(db, of).executeTakeFirst()
  return row && toSubscription(row)
}

/** All subscriptions in whatever state, or those of one newsletter, with whose they are: by address, then newsletter. */
export async function listSubscriptions(
  db: Database,
  { newsletterId }: { newsletterId?: string | undefined } = {},
): Promise<Subscribed[]> {
  let query = db
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriberId')
    .selectAll('subscription')
    .select(['subscriber.id', 'subscriber.email', 'subscriber.addressKey', 'subscriber.createdAt'])
  if (newsletterId !== undefined) query = query.where('subscription.newsletterId', '=', newsletterId)
  const rows = await query.orderBy('subscriber.addressKey').orderBy('subscription.newsletterId').execute()
  return rows.map((row) => ({ subscriber: toSubscriber(row), subscription: toSubscription(row) }))
}

/** How many subscriptions a newsletter has in each state. All zero: it never had a reader. */
export async function countSubscriptions(
  db: Database,
  newsletterId: string,
): Promise<Record<SubscriptionState, number>> {
  const rows = await db
    .selectFrom('subscription')
    .select(({ fn }) => ['state', fn.countAll().as('count')])
    .where('newsletterId', '=', newsletterId)
    .groupBy('state')
    .execute()
  const counts: Record<SubscriptionState, number> = { pending: 0, active: 0, ended: 0 }
  for (const { state, count } of rows) counts[state] = Number(count)
  return counts
}

/** The subscriber of this address, made where there is none. */
export async function addSubscriber(
  db: Database,
  { email, key, now }: Address & Pick<Consent, 'now'>,
): Promise<Subscriber> {
  const known = await findSubscriber(db, { key })
  if (known !== undefined) return known
  // An id says nothing of the address: it stands in links.
  await db
    .insertInto('subscriber')
    .values({ id: randomUUID(), email, addressKey: key, createdAt: fromDate(now) })
    .onConflict((conflict) => conflict.column('addressKey').doNothing())
    .execute()
  // On PostgreSQL another process may have been first.
  const row = await db.selectFrom('subscriber').selectAll().where('addressKey', '=', key).executeTakeFirstOrThrow()
  return toSubscriber(row)
}

/** One subscription, for whoever changes it in the same transaction: on PostgreSQL it is theirs until then. */
export async function lockSubscription(
  db: Database,
  of: { subscriberId: string; newsletterId: string },
): Promise<Subscription | undefined> {
  const row = await subscriptionOf(db, of)
    .$if(isPostgres(db), (locked) => locked.forUpdate())
    .executeTakeFirst()
  return row && toSubscription(row)
}

/** Writes a subscription as it now is. */
export async function putSubscription(db: Database, subscription: Subscription): Promise<void> {
  const { subscriberId, newsletterId, ...state } = toRow(subscription)
  await db
    .insertInto('subscription')
    .values({ subscriberId, newsletterId, ...state })
    .onConflict((conflict) => conflict.columns(['subscriberId', 'newsletterId']).doUpdateSet(state))
    .execute()
}

/** Adds to the evidence, which is never changed afterwards. */
export async function addConsentEvent(
  db: Database,
  { subscriberId, newsletterId }: { subscriberId: string; newsletterId: string },
  event: ConsentEvent,
  { now, path, evidence, confirmationId, wordingId, network, agent }: Consent,
): Promise<void> {
  const what = { id: randomUUID(), subscriberId, newsletterId, at: fromDate(now), event, path, evidence }
  await db
    .insertInto('consentEvent')
    .values({ ...what, confirmationId, wordingId, network, agent })
    .execute()
}

function subscriptionOf(db: Database, { subscriberId, newsletterId }: { subscriberId: string; newsletterId: string }) {
  return db
    .selectFrom('subscription')
    .selectAll()
    .where('subscriberId', '=', subscriberId)
    .where('newsletterId', '=', newsletterId)
}

function toSubscriber(row: Tables['subscriber']): Subscriber {
  return { id: row.id, email: row.email, createdAt: toDate(row.createdAt, 'subscriber.created_at') }
}

function toRow(subscription: Subscription): Tables['subscription'] {
  return {
    subscriberId: subscription.subscriberId,
    newsletterId: subscription.newsletterId,
    state: subscription.state,
    watermark: fromDate(subscription.watermark),
    since: fromDate(subscription.since),
    endedAt: subscription.endedAt ? fromDate(subscription.endedAt) : null,
    reason: subscription.reason ?? null,
  }
}

export function toSubscription(row: Tables['subscription']): Subscription {
  return {
    subscriberId: row.subscriberId,
    newsletterId: row.newsletterId,
    state: row.state,
    watermark: toDate(row.watermark, 'subscription.watermark'),
    since: toDate(row.since, 'subscription.since'),
    ...(row.endedAt !== null && { endedAt: toDate(row.endedAt, 'subscription.ended_at') }),
    ...(row.reason !== null && { reason: row.reason }),
  }
}
