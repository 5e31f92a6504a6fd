/** Due deliveries become submitted messages: the ledger says which, and learns what became of each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Addresses } from './addresses.ts'
import { readDesk, writeMessage, type Desk } from './desk.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { type Log } from './log.ts'
import { messageIdOf } from './mail/message.ts'
import { type Message, type Outcome, type Report, type Transport, type Turn } from './contracts.ts'
import { type Delivery, type Edition, type Newsletter, type SigningKey, type Site } from './model.ts'
import { type Database } from './store/database.ts'
import { claimDue, countDeliveries, releaseClaims, releaseLapsed, settle, startSending } from './store/deliveries.ts'
import { editionById, editionsIn, setEditionState } from './store/editions.ts'
import { signingKeys } from './store/signing-keys.ts'

/** What delivering is given. */
export interface DeliverNeeds {
  db: Database
  site: Site
  addresses: Addresses
  newsletters: Newsletter[]
  transport: Transport
  now: () => Date
  log: Log
  report?: Report | undefined
  /** Names this process in the ledger; no other one that runs has the same. */
  worker: string
  /** Aborted: what is in the air is finished, nothing more is begun, the rest stays due. */
  stop?: AbortSignal | undefined
  /** How long a transport may take over what is in the air once `stop` was aborted; by default 8 seconds. */
  graceMs?: number | undefined
}

export interface DeliverResult {
  submitted: number
  refused: number
  /** Due again at a later time. */
  later: number
  uncertain: number
  /** Not sent, because the reader left. */
  dropped: number
  faults: FailureReport[]
  held: FailureReport[]
}

const minute = 60_000

/** Messages in the air at once, and so the most that a killed process leaves uncertain, where the transport has no say. */
const usualConnections = 4

/** For each connection; few enough that a claim does not lapse before its turn. */
const claimedAtOnce = 5
const claimMs = 5 * minute

/** Longer than any transport takes over one message: what is older was left behind by a process that died. */
const sendingMs = 15 * minute

/** After each attempt that was answered with `later`, so long until the next; after the last, some 37 hours on, no more. */
const waitsMs = [1, 5, 15, 60, 240, 480, 480, 480, 480].map((minutes) => minutes * minute)

/** When a message could not even be made, or no server takes its sender, which is no one's answer: not counted as attempts. */
const unmadeMs = 15 * minute

/** A service that is stopped is killed after 10 seconds or more; what is in the air is cut off before. */
const usualGraceMs = 8000

/**
 * Hands over every message that is due, of all editions that are ready. A failure of one message is noted in the ledger
 * and stops no other. Throws what the database throws when the ledger itself cannot be read.
 */
export async function deliver(needs: DeliverNeeds): Promise<DeliverResult> {
  const round = await openRound(needs)
  await reportLapsed(round)
  const watch = cutOffAfterStop(needs)
  const limit = claimedAtOnce * connectionsOf(needs.transport)
  try {
    while (!needs.stop?.aborted && !round.isDown) {
      const now = needs.now()
      const until = new Date(now.getTime() + claimMs)
      const claims = await claimDue(needs.db, { now, until, by: needs.worker, limit })
      if (claims.length === 0) break
      await sendAll(round, claims)
    }
  } finally {
    watch.abort()
    await settleLate(round)
  }
  await closeEditions(needs)
  const { result } = round
  result.faults.push(...round.troubles.values(), ...(needs.transport.takeFaults?.() ?? []))
  return result
}

/** A server that keeps us waiting must not keep the process from ending: what it was handed is `uncertain` then. */
function cutOffAfterStop({ stop, transport, log, graceMs = usualGraceMs }: DeliverNeeds): AbortController {
  const watch = new AbortController()
  const cutOff = async () => {
    await sleep(graceMs, undefined, { signal: watch.signal })
    log.warn({ transport: transport.id }, 'cutting off what is still in the air')
    transport.interrupt?.()
  }
  const begin = () => void cutOff().catch(() => undefined)
  if (stop?.aborted) begin()
  else stop?.addEventListener('abort', begin, { signal: watch.signal })
  return watch
}

function connectionsOf({ connections }: Transport): number {
  return connections ?? usualConnections
}

/** One call of `deliver`: what it read once, and what it has to tell. */
interface Round {
  needs: DeliverNeeds
  key: SigningKey
  desks: Map<string, Promise<Desk>>
  result: DeliverResult
  /** Faults that are alike told once, with their number. */
  troubles: Map<string, FailureReport>
  /** No server can be used: whatever is left stays due. */
  isDown: boolean
  /** Answers that the ledger could not take down when they came. */
  unsettled: { id: string; edition: Edition; outcome: Outcome; retryAt: Date }[]
}

async function openRound(needs: DeliverNeeds): Promise<Round> {
  const [key] = await signingKeys(needs.db, needs.now())
  if (key === undefined) throw new Failure('database.unusable', { reason: 'it holds no signing key' })
  const result = { submitted: 0, refused: 0, later: 0, uncertain: 0, dropped: 0, faults: [], held: [] }
  return { needs, key, desks: new Map(), result, troubles: new Map(), isDown: false, unsettled: [] }
}

/** Those whose process died in the middle may have gone: they are told, once, and not repeated. */
async function reportLapsed({ needs, result }: Round): Promise<void> {
  const { released, uncertain } = await releaseLapsed(needs.db, needs.now())
  if (released > 0) needs.log.info({ released }, 'took up what another process had claimed and left')
  for (const { id, editionId, reason } of uncertain) {
    const edition = await editionById(needs.db, editionId)
    result.uncertain += 1
    result.faults.push(uncertainty(id, edition, reason).toJSON())
    needs.log.error({ delivery: id, edition: editionId }, 'nobody knows whether this message went out')
  }
}

/** A few at a time; whoever is free takes the next. Claims that were not begun go back. */
async function sendAll(round: Round, claims: Delivery[]): Promise<void> {
  const { db, stop, worker, now, transport } = round.needs
  const waiting = [...claims]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (stop?.aborted || round.isDown) {
        waiting.unshift(next)
        return
      }
      await sendOne(round, next)
    }
  }
  // All are awaited, whatever one of them met: what is in the air is never left alone.
  const ended = await Promise.allSettled(Array.from({ length: connectionsOf(transport) }, work))
  await releaseClaims(
    db,
    waiting.map(({ id }) => id),
    worker,
    now(),
  )
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

async function sendOne(round: Round, delivery: Delivery): Promise<void> {
  const { db, now, worker, report } = round.needs
  const made = await makeMessage(round, delivery)
  if (made === undefined) return
  const { desk, message } = made
  const turn = await takeTurn(round, delivery, message)
  if (turn === undefined) return
  // Once this is on the disk the message is begun, in the same breath: the reader was there a moment ago.
  const begun = await startSending(db, delivery.id, worker, now(), new Date(now().getTime() + sendingMs)).catch(
    (error: unknown) => {
      turn.release()
      throw error
    },
  )
  if (begun === 'sending') await settleOutcome(round, delivery, desk, await handOver(round, delivery, message, turn))
  else turn.release()
  if (begun === 'left') round.result.dropped += 1
  desk.done += 1
  const total = Math.max(desk.done, desk.total)
  report?.({ verb: 'deliver', id: desk.newsletter.id, done: desk.done, total })
}

/** Waits until the transport is free for it. Where it is not to be had the claim goes back, and no attempt is counted. */
async function takeTurn(round: Round, { id }: Delivery, message: Message): Promise<Turn | undefined> {
  const { db, now, worker, transport, stop } = round.needs
  if (transport.reserve === undefined) return { send: (one) => transport.send(one), release: () => undefined }
  const turn = await transport.reserve(message.envelope, stop)
  if (typeof turn !== 'string') return turn
  if (turn === 'down') round.isDown = true
  // Only this sender's messages are put off, or the round would meet them again and again.
  const retryAt = turn === 'sender' ? new Date(now().getTime() + unmadeMs) : undefined
  await releaseClaims(db, [id], worker, now(), retryAt)
  return undefined
}

/** One reader's message; without it, after a failure, the delivery is due again later and the failure told. */
async function makeMessage(round: Round, delivery: Delivery): Promise<{ desk: Desk; message: Message } | undefined> {
  const { db, now, worker } = round.needs
  const { id, editionId } = delivery
  try {
    const desk = await openDesk(round, editionId)
    return { desk, message: await writeMessage({ ...round.needs, key: round.key }, desk, delivery) }
  } catch (error) {
    const reason = describe(error)
    const failure =
      error instanceof Failure ? error : new Failure('edition.failed', { edition: editionId, reason }, error)
    round.needs.log.error({ delivery: id, edition: editionId, err: error }, 'message not made; tried again later')
    await releaseClaims(db, [id], worker, now(), new Date(now().getTime() + unmadeMs))
    round.result.later += 1
    tell(round, `${editionId} ${failure.message}`, failure)
    return undefined
  }
}

/** Reads an edition once in a round. Throws Failure `usage.unknown` when its newsletter is no longer in the config. */
function openDesk(round: Round, editionId: string): Promise<Desk> {
  const known = round.desks.get(editionId)
  if (known !== undefined) return known
  const opening = readDesk(round.needs, editionId)
  round.desks.set(editionId, opening)
  return opening
}

async function handOver({ needs }: Round, delivery: Delivery, message: Message, turn: Turn): Promise<Outcome> {
  try {
    const outcome = await turn.send(message)
    if (outcome.kind === 'later' && outcome.untried !== true && delivery.attempts >= waitsMs.length) {
      return { kind: 'refused', reply: `given up after ${delivery.attempts + 1} attempts: ${outcome.reply}` }
    }
    return outcome
  } catch (error) {
    // A transport answers and does not throw: this is a fault in it, and how far it had come nobody knows.
    needs.log.error({ delivery: delivery.id, err: error }, 'the transport broke over a message')
    return { kind: 'uncertain', reply: describe(error) }
  }
}

async function settleOutcome(round: Round, delivery: Delivery, desk: Desk, outcome: Outcome): Promise<void> {
  const { db, now, worker, log } = round.needs
  const { id, editionId } = delivery
  const { edition, newsletter } = desk
  // The transport tells of it: this message only waits for the next server, or for this one to be back.
  const isUntried = outcome.untried === true
  if (!isUntried) round.result[outcome.kind] += 1
  log.debug({ delivery: id, outcome: outcome.kind, queueId: outcome.queueId }, 'answered')
  const facts = { newsletter: newsletter.id, edition: editionId, reply: outcome.reply }
  if (outcome.kind === 'uncertain') round.result.faults.push(uncertainty(id, edition, outcome.reply).toJSON())
  if (outcome.kind === 'refused') tell(round, `${editionId} refused`, new Failure('mail.refused', facts))
  if (outcome.kind === 'later' && !isUntried) tell(round, `${editionId} later`, new Failure('mail.later', facts))
  const retryAt = new Date(now().getTime() + (isUntried ? 0 : (waitsMs[delivery.attempts] ?? 0)))
  try {
    await settle(db, id, worker, outcome, now(), retryAt)
  } catch (error) {
    log.error({ delivery: id, outcome: outcome.kind, err: error }, 'the answer could not be written down')
    round.unsettled.push({ id, edition, outcome, retryAt })
  }
}

/** What the ledger could not take down, a full disk or a lock perhaps: once more, and else it will count as uncertain. */
async function settleLate({ needs, unsettled, result }: Round): Promise<void> {
  for (const { id, edition, outcome, retryAt } of unsettled) {
    try {
      await settle(needs.db, id, needs.worker, outcome, needs.now(), retryAt)
    } catch (error) {
      const reason = `it was ${outcome.kind}, which could not be written down: ${describe(error)}`
      result.faults.push(uncertainty(id, edition, reason).toJSON())
    }
  }
}

/** An edition with nothing left to send is done; one whose messages wait for later is not. */
async function closeEditions({ db, log }: DeliverNeeds): Promise<void> {
  for (const { id, newsletterId } of await editionsIn(db, ['ready', 'sending'])) {
    const counts = await countDeliveries(db, id)
    if (counts.due + counts.claimed + counts.sending > 0) continue
    if (await setEditionState(db, id, 'done', ['ready', 'sending'])) {
      log.info({ newsletter: newsletterId, edition: id, ...counts }, 'edition done')
    }
  }
}

/** Like faults of an edition make one, with the first reply and the number of messages. */
function tell({ troubles }: Round, key: string, failure: Failure): void {
  const report = troubles.get(key) ?? failure.toJSON()
  const { messages } = report.details
  troubles.set(key, { ...report, details: { ...report.details, messages: Number(messages ?? 0) + 1 } })
}

function uncertainty(deliveryId: string, edition: Edition | undefined, reason: string | undefined): Failure {
  const messageId = edition && messageIdOf(deliveryId, edition.from)
  return new Failure('mail.uncertain', { newsletter: edition?.newsletterId, delivery: deliveryId, messageId, reason })
}
