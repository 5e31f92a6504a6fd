/** The documents that can be followed: what each held when it was last looked at, and whether the hub has heard of it. */
import { type FailureReport } from '../failures.ts'
import { chunksOf, failureReport, fromDate, fromJson, toDate } from './columns.ts'
import { transact, type Database } from './database.ts'

/** A document by its address, and a hash of its bytes. */
export interface Topic {
  topic: string
  hash: string
}

/**
 * Notes what these documents hold now. Of one that changed, the hub is to hear where there is one (`isPinged`), and so is
 * everybody who follows it here. To be called when the files are there: a process that dies before it calls writes, and
 * notes, them again. Gives how many changed.
 */
export async function noteTopics(
  db: Database,
  topics: readonly Topic[],
  { now, isPinged }: { now: Date; isPinged: boolean },
): Promise<number> {
  const changed = async (from: Database): Promise<Topic[]> => {
    const known = new Map<string, string>()
    for (const some of chunksOf(topics, 500)) {
      const names = some.map(({ topic }) => topic)
      const rows = await from.selectFrom('hubTopic').select(['topic', 'hash']).where('topic', 'in', names).execute()
      for (const { topic, hash } of rows) known.set(topic, hash)
    }
    return topics.filter(({ topic, hash }) => known.get(topic) !== hash)
  }
  // Mostly nothing has: then nobody waits for the one who may write.
  if ((await changed(db)).length === 0) return 0
  return transact(db, async (trx) => {
    const news = await changed(trx)
    const changedAt = fromDate(now)
    const dueAt = isPinged ? changedAt : null
    for (const { topic, hash } of news) {
      await trx
        .insertInto('hubTopic')
        .values({ topic, hash, changedAt, dueAt, attempts: 0, failingSince: null, failure: null })
        .onConflict((conflict) => conflict.column('topic').doUpdateSet({ hash, changedAt, dueAt }))
        .execute()
      // Who did not take the last news gets these when it is tried again, and no sooner.
      await trx
        .updateTable('hubSubscription')
        .set({ dueAt: changedAt })
        .where('topic', '=', topic)
        .where('dueAt', 'is', null)
        .execute()
    }
    return news.length
  })
}

export async function findTopic(db: Database, topic: string): Promise<Topic | undefined> {
  return db.selectFrom('hubTopic').select(['topic', 'hash']).where('topic', '=', topic).executeTakeFirst()
}

/** One that the hub is to hear of. */
export interface DuePing extends Topic {
  /** How often it was told in vain. */
  attempts: number
}

/** Those that the hub is to hear of by now, the ones that failed least often first. */
export async function duePings(db: Database, now: Date, limit: number): Promise<DuePing[]> {
  return db
    .selectFrom('hubTopic')
    .select(['topic', 'hash', 'attempts'])
    .where('dueAt', '<=', fromDate(now))
    .orderBy('attempts')
    .orderBy('dueAt')
    .orderBy('topic')
    .limit(limit)
    .execute()
}

/** The hub has heard of it as it was then. Where it has changed since, it is to hear of that too. */
export async function pingTaken(db: Database, { topic, hash }: Topic): Promise<void> {
  await transact(db, async (trx) => {
    const well = { attempts: 0, failingSince: null, failure: null }
    await trx.updateTable('hubTopic').set(well).where('topic', '=', topic).execute()
    await trx.updateTable('hubTopic').set({ dueAt: null }).where('topic', '=', topic).where('hash', '=', hash).execute()
  })
}

/** It was told in vain, and is to be told again then. */
export async function pingFailed(
  db: Database,
  topic: string,
  { now, again, failure }: { now: Date; again: Date; failure: FailureReport },
): Promise<void> {
  await db
    .updateTable('hubTopic')
    .set((row) => ({
      attempts: row('attempts', '+', 1),
      dueAt: fromDate(again),
      failingSince: row.fn.coalesce('failingSince', row.val(fromDate(now))),
      failure: JSON.stringify(failure),
    }))
    .where('topic', '=', topic)
    .execute()
}

/** One that is no document of ours any more. */
export async function forgetTopic(db: Database, topic: string): Promise<void> {
  await db.deleteFrom('hubTopic').where('topic', '=', topic).execute()
}

/** What the hub was told in vain, again and again. */
export interface FailingPings {
  /** How many documents. */
  count: number
  /** Of the one that fails longest. */
  since: Date
  failure: FailureReport
}

/** Pings that failed at least so often; undefined when all is well. */
export async function failingPings(db: Database, attempts: number): Promise<FailingPings | undefined> {
  const failing = db.selectFrom('hubTopic').where('failingSince', 'is not', null).where('attempts', '>=', attempts)
  const worst = await failing.select(['failingSince', 'failure']).orderBy('failingSince').limit(1).executeTakeFirst()
  if (worst?.failure == null || worst.failingSince === null) return undefined
  const { count } = await failing
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow()
  return {
    count: Number(count),
    since: toDate(worst.failingSince, 'hub_topic.failing_since'),
    failure: fromJson(failureReport, worst.failure, 'hub_topic.failure'),
  }
}
