/** Our own hub at work: subscribers are asked whether it was they who asked, and get what changed. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { drain } from './announce-queue.ts'
import { type AnnounceNeeds, type AnnounceResult } from './announce.ts'
import { readIfThere } from './disk/write.ts'
import { describe, Failure } from './failures.ts'
import { againAt, isPassing } from './hub/backoff.ts'
import { documentAt, hashOf, linkHeader, mediaTypeOf } from './hub/documents.ts'
import { denyAddress, isConfirmed, signatureOf, verifyAddress } from './hub/subscribing.ts'
import {
  denyTopic,
  dropRequest,
  dueRequests,
  dueSubscriptions,
  endHubSubscription,
  followedTopics,
  grantRequest,
  newsFailed,
  newsTaken,
  postponeRequest,
  putRequest,
  sweepHubSubscriptions,
  type HubRequest,
  type HubSubscription,
} from './store/hub-subscriptions.ts'
import { findTopic, noteTopics } from './store/hub-topics.ts'

/** Subscribers that are spoken to at once, and at one host. */
const atOnce = 16
const atOneHost = 2

const longestMs = 60_000

/** A subscriber that does not answer at all is asked so often whether it wants what was asked in its name. */
const mostQuestions = 3

/** Who took nothing for so long is gone. */
const patienceMs = 3 * 24 * 60 * 60_000

const endedReason = 'this address is not, or no longer, that of a feed that can be followed here'

/** All that is due by now, requests before news. */
export async function serveFollowers(needs: AnnounceNeeds, hub: string, result: AnnounceResult): Promise<void> {
  const { db, addresses, feeds, log, stop } = needs
  const lapsed = await sweepHubSubscriptions(db, needs.now())
  if (lapsed > 0) log.info({ subscriptions: lapsed }, 'subscriptions ran out')
  for (const topic of await followedTopics(db))
    if (documentAt(addresses, feeds, topic) === undefined) await endTopic(needs, topic, result)

  const bounds = { atOnce, atOneHost, longestMs, stop }
  const keyOf = ({ topic, callback }: { topic: string; callback: string }) => `${topic} ${callback}`
  const hostOf = ({ host }: { host: string }) => host
  await Promise.all([
    drain<HubRequest & { host: string }>({
      ...bounds,
      keyOf: ({ id }) => id,
      hostOf,
      due: (limit, without) => dueRequests(db, needs.now(), limit, without),
      work: (request) => (request.mode === 'denied' ? deny(needs, request) : verify(needs, request, result)),
    }),
    drain<HubSubscription & { host: string }>({
      ...bounds,
      keyOf,
      hostOf,
      due: (limit, without) => dueSubscriptions(db, needs.now(), limit, without),
      work: (subscription) => sendNews(needs, hub, subscription, result),
    }),
  ])
}

async function endTopic({ db, log, now }: AnnounceNeeds, topic: string, result: AnnounceResult): Promise<void> {
  const ended = await denyTopic(db, topic, endedReason, now())
  result.ended += ended
  log.info({ topic, subscriptions: ended }, 'the feed is no more: its subscribers are told')
}

/** Asks whether it was the subscriber itself that asked (section 5.3): anybody can name an address. */
async function verify(
  needs: AnnounceNeeds,
  request: HubRequest & { host: string },
  result: AnnounceResult,
): Promise<void> {
  const { db, addresses, feeds, log } = needs
  const { id, topic, callback, host, mode, leaseSeconds, attempts } = request
  if (mode === 'denied') return
  if (documentAt(addresses, feeds, topic) === undefined) {
    await putRequest(db, { topic, callback, host, mode: 'denied', leaseSeconds: 0, reason: endedReason }, needs.now())
    return
  }
  const challenge = randomBytes(24).toString('base64url')
  const answer = await ask(needs, verifyAddress({ callback, mode, topic, leaseSeconds }, challenge))
  if (answer.isTaken && isConfirmed(answer.text, challenge)) {
    if (await grantRequest(db, request, new Date(needs.now().getTime() + leaseSeconds * 1000))) {
      result.verified += 1
      log.info({ topic, host, mode }, 'the subscriber confirmed')
    }
    return
  }
  result.failed += 1
  // Whoever answers and does not repeat the challenge never asked for this (404), or is no subscriber.
  const isOver = !answer.mayPass || attempts + 1 >= mostQuestions
  log.info(
    { topic, host, mode, status: answer.status, reason: answer.reason, isOver },
    'the subscriber did not confirm',
  )
  if (isOver) await dropRequest(db, id)
  else await postponeRequest(db, id, againAt(attempts + 1, needs.now(), answer.later))
}

/** Whatever it answers: it was told. */
async function deny(needs: AnnounceNeeds, { id, topic, callback, reason = '', attempts }: HubRequest): Promise<void> {
  const { mayPass, later } = await ask(needs, denyAddress({ callback, topic }, reason))
  if (mayPass && attempts + 1 < mostQuestions)
    await postponeRequest(needs.db, id, againAt(attempts + 1, needs.now(), later))
  else await dropRequest(needs.db, id)
}

/** The whole document as it is now (section 7), to one subscriber. */
async function sendNews(
  needs: AnnounceNeeds,
  hub: string,
  subscription: HubSubscription & { host: string },
  result: AnnounceResult,
): Promise<void> {
  const { db, addresses, feeds, directory, log } = needs
  const { topic, callback, host, secret, attempts, failingSince } = subscription
  const document = documentAt(addresses, feeds, topic)
  const text = document && (await readIfThere(join(directory, document.feedId, document.file)))
  if (document === undefined || text === undefined) return endTopic(needs, topic, result)
  const content = Buffer.from(text)
  const hash = hashOf(content)
  // Written and not noted yet: what is sent is noted first, so that it is not sent again for that.
  if ((await findTopic(db, topic))?.hash !== hash)
    await noteTopics(db, [{ topic, hash }], { now: needs.now(), isPinged: false })

  const answer = await ask(needs, callback, {
    content,
    headers: {
      'content-type': mediaTypeOf(document.file),
      link: linkHeader(hub, topic),
      ...(secret !== undefined && { 'x-hub-signature': signatureOf(secret, content) }),
    },
  })
  const now = needs.now()
  if (answer.isTaken) {
    await newsTaken(db, subscription, { hash })
    result.sent += 1
    log.debug({ topic, host }, 'the subscriber has the news')
    return
  }
  const isGone = answer.status === 410
  result.failed += 1
  if (isGone || (failingSince !== undefined && now.getTime() - failingSince.getTime() > patienceMs)) {
    await endHubSubscription(db, subscription)
    result.ended += 1
    log.info({ topic, host, status: answer.status }, 'the subscriber is gone, and so is the subscription')
    return
  }
  await newsFailed(db, subscription, { now, again: againAt(attempts + 1, now, answer.later) })
  log.info({ topic, host, status: answer.status, reason: answer.reason }, 'the subscriber did not take the news')
}

interface Reply {
  isTaken: boolean
  /** Whether it may come out otherwise a little later. */
  mayPass: boolean
  text: string
  status?: number
  later?: Date
  /** Why there was no answer. */
  reason?: string
}

/** What came of one request: nothing is thrown. */
async function ask(
  { send }: AnnounceNeeds,
  address: string,
  news?: { content: Uint8Array; headers: Record<string, string> },
): Promise<Reply> {
  try {
    const answer = await send(
      address,
      news === undefined ? { method: 'GET' } : { method: 'POST', body: news.content, headers: news.headers },
    )
    const { status } = answer
    return { ...answer, isTaken: status >= 200 && status <= 299, mayPass: isPassing(status) }
  } catch (thrown) {
    const mayPass = !(thrown instanceof Failure) || thrown.retry
    return { isTaken: false, mayPass, text: '', reason: describe(thrown) }
  }
}
