/** Requests to be subscribed, until they are confirmed, and how many there were of late. */
import { randomUUID } from 'node:crypto'
import { type Address, type Subscriber } from '../model.ts'
import { fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { addConsentEvent, addSubscriber, lockSubscription, putSubscription, type Consent } from './subscribers.ts'

/** A confirmation that waits for its mail to be sent and its button to be pressed. */
export interface Requested {
  confirmationId: string
  subscriber: Subscriber
}

/**
 * Keeps a request of newsletters, with its evidence and a new confirmation; whoever is not on the list is on it as
 * `pending`, which no mail but the confirmation's goes to. A subscription that has ended stays ended until its reader
 * confirms: anyone can type an address, and nobody but its reader may undo that they left.
 */
export async function requestSubscriptions(
  db: Database,
  wish: Address & Consent & { newsletterIds: string[]; expiresAt: Date; mailAt: Date },
): Promise<Requested> {
  return transact(db, async (trx) => {
    const subscriber = await addSubscriber(trx, wish)
    const confirmationId = randomUUID()
    // The newest link is the one to wait for: an older one still works, but its mail need not be tried any more.
    await trx.updateTable('confirmation').set({ mailAt: null }).where('subscriberId', '=', subscriber.id).execute()
    for (const newsletterId of wish.newsletterIds) {
      const key = { subscriberId: subscriber.id, newsletterId }
      const known = await lockSubscription(trx, key)
      if (known === undefined || known.state === 'pending') {
        await putSubscription(trx, { ...key, state: 'pending', watermark: wish.now, since: wish.now })
      }
      await trx
        .insertInto('confirmation')
        .values({
          id: confirmationId,
          newsletterId,
          subscriberId: subscriber.id,
          createdAt: fromDate(wish.now),
          expiresAt: fromDate(wish.expiresAt),
          usedAt: null,
          mailAt: fromDate(wish.mailAt),
        })
        .execute()
      await addConsentEvent(trx, key, 'requested', { ...wish, confirmationId })
    }
    return { confirmationId, subscriber }
  })
}

/** Which of these newsletters an address gets already. */
export async function activeAmong(db: Database, { key }: Pick<Address, 'key'>, newsletterIds: string[]) {
  const rows = await db
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriberId')
    .select('newsletterId')
    .where('addressKey', '=', key)
    .where('state', '=', 'active')
    .where('newsletterId', 'in', newsletterIds)
    .execute()
  return rows.map(({ newsletterId }) => newsletterId)
}

/**
 * Counts one attempt in a bucket, unless `limit` were counted there since `since`: then it counts nothing and is false.
 * What a bucket held before that is forgotten.
 */
export async function countAttempt(
  db: Database,
  { bucket, now, since, limit }: { bucket: string; now: Date; since: Date; limit: number },
): Promise<boolean> {
  return transact(db, async (trx) => {
    await trx.deleteFrom('signUpAttempt').where('bucket', '=', bucket).where('at', '<', fromDate(since)).execute()
    const { count } = await trx
      .selectFrom('signUpAttempt')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('bucket', '=', bucket)
      .executeTakeFirstOrThrow()
    if (Number(count) >= limit) return false
    await trx
      .insertInto('signUpAttempt')
      .values({ id: randomUUID(), bucket, at: fromDate(now) })
      .execute()
    return true
  })
}

/** Forgets the attempts from before; gives how many there were. */
export async function sweepAttempts(db: Database, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('signUpAttempt').where('at', '<', fromDate(before)).executeTakeFirst()
  return Number(numDeletedRows)
}

/**
 * Lets go of requests from before that nobody confirmed: the links, the evidence of the request, the pending
 * subscriptions and those subscribers of whom nothing else is known. What was ever active or ended stays. Gives the
 * number of links.
 */
export async function sweepUnconfirmed(db: Database, before: Date): Promise<number> {
  return transact(db, async (trx) => {
    const open = trx.selectFrom('confirmation').where('usedAt', 'is', null).where('createdAt', '<', fromDate(before))
    await trx
      .deleteFrom('consentEvent')
      .where('event', '=', 'requested')
      .where('confirmationId', 'in', open.select('id'))
      .execute()
    const gone = await open.select(['id', 'subscriberId']).execute()
    await trx.deleteFrom('confirmation').where('usedAt', 'is', null).where('createdAt', '<', fromDate(before)).execute()
    await trx.deleteFrom('subscription').where('state', '=', 'pending').where('since', '<', fromDate(before)).execute()
    // Those of this sweep only, one by one: few, and each found by its key.
    for (const subscriberId of new Set(gone.map((row) => row.subscriberId))) {
      await trx
        .deleteFrom('subscriber')
        .where('id', '=', subscriberId)
        .where((where) =>
          where.not(
            where.exists(where.selectFrom('subscription').select('state').where('subscriberId', '=', subscriberId)),
          ),
        )
        .where((where) =>
          where.not(
            where.exists(where.selectFrom('consentEvent').select('id').where('subscriberId', '=', subscriberId)),
          ),
        )
        .execute()
    }
    return new Set(gone.map(({ id }) => id)).size
  })
}
