/** Who follows a feed at our own hub, what each is still to get, and the requests that wait for a word of the subscriber. */
import { randomUUID } from 'node:crypto'
import { type Selectable } from 'kysely'
import { fromDate, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { type Topic } from './hub-topics.ts'
import { type Tables } from './schema.ts'

export type HubMode = 'subscribe' | 'unsubscribe' | 'denied'

/** What a subscriber asked for, until it said that it really did; or what it is to be told (`denied`). */
export interface HubRequest {
  /** Another one each time that it is asked for. */
  id: string
  topic: string
  callback: string
  mode: HubMode
  secret?: string
  leaseSeconds: number
  /** Why it is denied. */
  reason?: string
  /** How often the subscriber did not answer. */
  attempts: number
}

export interface HubSubscription {
  topic: string
  callback: string
  secret?: string
  /** How often in a row it took nothing. */
  attempts: number
  failingSince?: Date
}

export type Wish = Omit<HubRequest, 'id' | 'attempts'> & { host: string }

/** Keeps a request, in the place of an earlier one for the same document and callback. */
export async function putRequest(db: Database, wish: Wish, now: Date): Promise<void> {
  const { topic, callback, host, mode, secret, leaseSeconds, reason } = wish
  const asked = {
    id: randomUUID(),
    host,
    mode,
    secret: secret ?? null,
    leaseSeconds,
    reason: reason ?? null,
    dueAt: fromDate(now),
    attempts: 0,
  }
  await db
    .insertInto('hubRequest')
    .values({ topic, callback, ...asked })
    .onConflict((conflict) => conflict.columns(['topic', 'callback']).doUpdateSet(asked))
    .execute()
}

/** Requests whose turn it is, those that were tried least often first. */
export async function dueRequests(
  db: Database,
  now: Date,
  limit: number,
  withoutHosts: string[] = [],
): Promise<(HubRequest & { host: string })[]> {
  const rows = await db
    .selectFrom('hubRequest')
    .selectAll()
    .where('dueAt', '<=', fromDate(now))
    .$if(withoutHosts.length > 0, (rows) => rows.where('host', 'not in', withoutHosts))
    .orderBy('attempts')
    .orderBy('dueAt')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toRequest)
}

/** The subscriber did not answer, and is asked again then. */
export async function postponeRequest(db: Database, id: string, again: Date): Promise<void> {
  await db
    .updateTable('hubRequest')
    .set((row) => ({ attempts: row('attempts', '+', 1), dueAt: fromDate(again) }))
    .where('id', '=', id)
    .execute()
}

/** Lets go of a request; nothing happens when another has taken its place. */
export async function dropRequest(db: Database, id: string): Promise<void> {
  await db.deleteFrom('hubRequest').where('id', '=', id).execute()
}

/**
 * The subscriber said that it asked for this: it follows the document until then, or follows it no more. What it is
 * still to get stays so. False when another request took the place of this one, which is asked about itself.
 */
export async function grantRequest(
  db: Database,
  { id, topic, callback, mode, secret, host }: HubRequest & { host: string },
  expiresAt: Date,
): Promise<boolean> {
  return transact(db, async (trx) => {
    const { numDeletedRows } = await trx.deleteFrom('hubRequest').where('id', '=', id).executeTakeFirst()
    if (numDeletedRows !== 1n) return false
    if (mode === 'subscribe') {
      const granted = { host, secret: secret ?? null, expiresAt: fromDate(expiresAt) }
      await trx
        .insertInto('hubSubscription')
        .values({ topic, callback, ...granted, dueAt: null, attempts: 0, failingSince: null })
        .onConflict((conflict) => conflict.columns(['topic', 'callback']).doUpdateSet(granted))
        .execute()
    } else {
      await endHubSubscription(trx, { topic, callback })
    }
    return true
  })
}

/** Subscriptions that are to get news by now, those that took what they were sent first. */
export async function dueSubscriptions(
  db: Database,
  now: Date,
  limit: number,
  withoutHosts: string[] = [],
): Promise<(HubSubscription & { host: string })[]> {
  const rows = await db
    .selectFrom('hubSubscription')
    .selectAll()
    .where('dueAt', '<=', fromDate(now))
    .where('expiresAt', '>', fromDate(now))
    .$if(withoutHosts.length > 0, (rows) => rows.where('host', 'not in', withoutHosts))
    .orderBy('attempts')
    .orderBy('dueAt')
    .orderBy('topic')
    .orderBy('callback')
    .limit(limit)
    .execute()
  return rows.map(toSubscription)
}

/** It took the document as it was then. Where that has changed since, it is to get it once more. */
export async function newsTaken(
  db: Database,
  { topic, callback }: Pick<HubSubscription, 'topic' | 'callback'>,
  { hash }: Pick<Topic, 'hash'>,
): Promise<void> {
  await transact(db, async (trx) => {
    const now = await trx.selectFrom('hubTopic').select('hash').where('topic', '=', topic).executeTakeFirst()
    await trx
      .updateTable('hubSubscription')
      .set({ attempts: 0, failingSince: null, ...((now === undefined || now.hash === hash) && { dueAt: null }) })
      .where('topic', '=', topic)
      .where('callback', '=', callback)
      .execute()
  })
}

/** It did not take it, and gets what there is then. */
export async function newsFailed(
  db: Database,
  { topic, callback }: Pick<HubSubscription, 'topic' | 'callback'>,
  { now, again }: { now: Date; again: Date },
): Promise<void> {
  await db
    .updateTable('hubSubscription')
    .set((row) => ({
      attempts: row('attempts', '+', 1),
      dueAt: fromDate(again),
      failingSince: row.fn.coalesce('failingSince', row.val(fromDate(now))),
    }))
    .where('topic', '=', topic)
    .where('callback', '=', callback)
    .execute()
}

export async function endHubSubscription(
  db: Database,
  { topic, callback }: Pick<HubSubscription, 'topic' | 'callback'>,
): Promise<void> {
  await db.deleteFrom('hubSubscription').where('topic', '=', topic).where('callback', '=', callback).execute()
}

/** Ends those whose lease has run out. Gives how many. */
export async function sweepHubSubscriptions(db: Database, now: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('hubSubscription')
    .where('expiresAt', '<=', fromDate(now))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

export async function hasLapsed(db: Database, now: Date): Promise<boolean> {
  const lapsed = db.selectFrom('hubSubscription').select('topic').where('expiresAt', '<=', fromDate(now))
  return (await lapsed.limit(1).executeTakeFirst()) !== undefined
}

/** Every document that somebody follows. */
export async function followedTopics(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('hubSubscription').select('topic').distinct().orderBy('topic').execute()
  return rows.map(({ topic }) => topic)
}

/** Ends all subscriptions to a document; whoever had one is to be told why. */
export async function denyTopic(db: Database, topic: string, reason: string, now: Date): Promise<number> {
  return transact(db, async (trx) => {
    const rows = await trx.selectFrom('hubSubscription').selectAll().where('topic', '=', topic).execute()
    for (const { callback, host } of rows)
      await putRequest(trx, { topic, callback, host, mode: 'denied', leaseSeconds: 0, reason }, now)
    await trx.deleteFrom('hubSubscription').where('topic', '=', topic).execute()
    return rows.length
  })
}

/** How many subscriptions there are, at all and at one host; and requests of that host that wait for its word. */
export async function countFollowers(
  db: Database,
  host: string,
): Promise<{ all: number; atHost: number; waiting: number }> {
  const rows = (from: 'hubSubscription' | 'hubRequest') =>
    db.selectFrom(from).select(({ fn }) => fn.countAll<number | string>().as('count'))
  const all = await rows('hubSubscription').executeTakeFirstOrThrow()
  const atHost = await rows('hubSubscription').where('host', '=', host).executeTakeFirstOrThrow()
  const waiting = await rows('hubRequest').where('host', '=', host).executeTakeFirstOrThrow()
  return { all: Number(all.count), atHost: Number(atHost.count), waiting: Number(waiting.count) }
}

export async function isFollower(
  db: Database,
  { topic, callback }: Pick<HubSubscription, 'topic' | 'callback'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('hubSubscription')
    .select('topic')
    .where('topic', '=', topic)
    .where('callback', '=', callback)
    .executeTakeFirst()
  return row !== undefined
}

function toRequest(row: Selectable<Tables['hubRequest']>): HubRequest & { host: string } {
  const { secret, reason, id, topic, callback, host, mode, leaseSeconds, attempts } = row
  return {
    ...{ id, topic, callback, host, mode, leaseSeconds, attempts },
    ...(secret !== null && { secret }),
    ...(reason !== null && { reason }),
  }
}

function toSubscription(row: Selectable<Tables['hubSubscription']>): HubSubscription & { host: string } {
  const { topic, callback, host, secret, attempts, failingSince } = row
  return {
    ...{ topic, callback, host, attempts },
    ...(secret !== null && { secret }),
    ...(failingSince !== null && { failingSince: toDate(failingSince, 'hub_subscription.failing_since') }),
  }
}
