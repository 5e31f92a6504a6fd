/** VERB: hubs, and whoever follows a feed at our own, hear of what changed. */
import { drain } from './announce-queue.ts'
import { serveFollowers } from './announce-followers.ts'
import { isOwnHub, type Addresses } from './addresses.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { type Send } from './http/send.ts'
import { againAt, isPassing } from './hub/backoff.ts'
import { documentAt } from './hub/documents.ts'
import { type Log } from './log.ts'
import { type Feed } from './model.ts'
import { type Database } from './store/database.ts'
import { dueRequests, dueSubscriptions, hasLapsed } from './store/hub-subscriptions.ts'
import { duePings, failingPings, forgetTopic, pingFailed, pingTaken, type DuePing } from './store/hub-topics.ts'

export interface AnnounceNeeds {
  db: Database
  addresses: Addresses
  /** Where the folders of the feeds are. */
  directory: string
  feeds: Feed[]
  send: Send
  now: () => Date
  log: Log
  /** Aborted: what is in the air is finished, nothing more is begun. */
  stop?: AbortSignal | undefined
}

export interface AnnounceResult {
  /** How many documents the hub was told of. */
  pinged: number
  /** How many subscribers said that they want, or do not want, what was asked in their name. */
  verified: number
  /** How often a document was sent to a subscriber. */
  sent: number
  /** What was not taken: by the hub, or by subscribers. */
  failed: number
  /** Subscriptions that ended without being asked to. */
  ended: number
  /** What the hub was told in vain, again and again. */
  faults: FailureReport[]
  /** Always empty: nothing here waits for a person. */
  held: FailureReport[]
}

/** A hub that has not heard of a change after so many attempts is a fault; one hiccup is none. */
const attemptsInARow = 3

/** Then others have their turn: the next round goes on. */
const longestMs = 60_000

/** Whether there is anything to tell, or to let go of. Without a hub there never is. */
export async function isNewsDue(db: Database, addresses: Addresses, now: Date): Promise<boolean> {
  if (addresses.hub === undefined) return false
  if (!isOwnHub(addresses)) return (await duePings(db, now, 1)).length > 0
  if ((await dueRequests(db, now, 1)).length > 0) return true
  return (await dueSubscriptions(db, now, 1)).length > 0 || (await hasLapsed(db, now))
}

/**
 * Tells all that is due to be told by now. What is not taken stays due, later each time, and is tried again by the next call
 * then; a process that dies loses none, and may tell one thing twice.
 */
export async function announce(needs: AnnounceNeeds): Promise<AnnounceResult> {
  const result: AnnounceResult = { pinged: 0, verified: 0, sent: 0, failed: 0, ended: 0, faults: [], held: [] }
  const { db, addresses, log } = needs
  const { hub } = addresses
  if (hub === undefined) return result
  if (isOwnHub(addresses)) {
    await serveFollowers(needs, hub, result)
    return result
  }
  await drain<DuePing>({
    due: (limit) => duePings(db, needs.now(), limit),
    keyOf: ({ topic }) => topic,
    hostOf: () => hub,
    work: (ping) => tellHub(needs, hub, ping, result),
    atOnce: 2,
    atOneHost: 2,
    longestMs,
    stop: needs.stop,
  })
  const failing = await failingPings(db, attemptsInARow)
  if (failing) {
    const { reason, status } = failing.failure.details
    const since = failing.since.toISOString()
    const failure = new Failure('hub.ping', { hub: hostOf(hub), reason, status, files: failing.count, since })
    log.warn({ failure }, failure.message)
    result.faults.push(failure.toJSON())
  }
  return result
}

/** One POST, as hubs have understood it since PubSubHubbub; what exactly it holds, WebSub leaves to the hub (section 6). */
async function tellHub(needs: AnnounceNeeds, hub: string, ping: DuePing, result: AnnounceResult): Promise<void> {
  const { db, addresses, feeds, send, log } = needs
  const { topic, attempts } = ping
  // The feed was removed or renamed, or its address changed.
  if (documentAt(addresses, feeds, topic) === undefined) return forgetTopic(db, topic)
  const body = new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': topic, 'hub.topic': topic }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  let failure: Failure
  let asked: Date | undefined
  let isHopeless = false
  try {
    const { status, later } = await send(hub, { method: 'POST', body, headers })
    if (status >= 200 && status <= 299) {
      await pingTaken(db, ping)
      result.pinged += 1
      log.info({ topic, hub: hostOf(hub) }, 'the hub was told')
      return
    }
    failure = new Failure('hub.ping', { hub: hostOf(hub), topic, status })
    asked = later
    isHopeless = !isPassing(status)
  } catch (thrown) {
    failure = new Failure('hub.ping', { hub: hostOf(hub), topic, reason: describe(thrown) }, thrown)
  }
  const now = needs.now()
  // A hub that says no will hardly say yes in a minute; but its owner, or ours, may mend what is wrong.
  const again = againAt(isHopeless ? Infinity : attempts + 1, now, asked)
  await pingFailed(db, topic, { now, again, failure: failure.toJSON() })
  result.failed += 1
  log.warn({ failure, err: failure.cause, again }, failure.message)
}

/** The address itself may hold a key. */
function hostOf(hub: string): string {
  return new URL(hub).host
}
