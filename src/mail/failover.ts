/** Several mail servers as one transport: in their order, the next while one is down, back to the first after a pause. */
import { Failure, type FailureReport } from '../failures.ts'
import { type Log } from '../log.ts'
import { type Outcome, type Transport, type Turn } from '../contracts.ts'
import { type Blame, type Verdict } from './outcome.ts'
import { type Smtp, type SmtpTurn } from './smtp.ts'

/** How long a server is left alone after it failed once, twice in a row, and so on. */
const pausesMs = [1, 2, 5, 10, 15].map((minutes) => minutes * 60_000)

/** So many doubtful answers in a row, none of a server's good ones between them, are the server's own. */
const mostDoubts = 3

/** What is known of one server. */
interface Health {
  smtp: Smtp
  /** Until when it is left alone, and the pauses since it last took a message. */
  downUntil: number
  failures: number
  doubts: number
  /** The same for a sender that it takes nothing from. */
  senders: Map<string, number>
}

/** A transport of these servers. A message whose fate at one is uncertain is never handed to another. */
export function openFailover(servers: Smtp[], { now, log }: { now: () => number; log: Log }): Transport {
  const healths: Health[] = servers.map((smtp) => ({ smtp, downUntil: -1, failures: 0, doubts: 0, senders: new Map() }))
  // By server and sender: told once, however many messages met it; and again as long as it stands in the way.
  const faults = new Map<string, Failure>()
  const untold = new Set<string>()

  const note = (key: string, failure: Failure) => {
    faults.set(key, failure)
    untold.add(key)
    log.warn(
      { transport: failure.details['transport'], failure: failure.toJSON() },
      'mail server left alone for a while',
    )
  }
  const suspend = (health: Health, failure: Failure) => {
    // Those that were under way together meet the same trouble: it is one.
    if (health.downUntil > now()) return
    const pause = pausesMs[Math.min(health.failures, pausesMs.length - 1)] ?? 0
    health.downUntil = now() + pause
    health.failures += 1
    health.doubts = 0
    note(health.smtp.id, failure)
  }
  const isOpenFor = ({ downUntil, senders }: Health, sender: string) =>
    downUntil <= now() && (senders.get(sender) ?? -1) <= now()

  const learn = (health: Health, { outcome, blame }: Verdict, sender: string) => {
    const { id } = health.smtp
    const failure = (at: string) => new Failure('mail.transport', { transport: id, at, reply: outcome.reply })
    if (outcome.kind === 'submitted') {
      health.failures = 0
      health.doubts = 0
    }
    const learned: Record<Blame, () => void> = {
      nobody: () => undefined,
      server: () => suspend(health, failure('handing over a message')),
      sender: () => {
        if (!isOpenFor(health, sender)) return
        health.senders.set(sender, now() + (pausesMs.at(-1) ?? 0))
        note(`${id} ${sender}`, failure(`taking mail from ${sender}`))
      },
      doubt: () => {
        health.doubts += 1
        if (health.doubts >= mostDoubts) suspend(health, failure(`${health.doubts} messages, one after the other`))
      },
    }
    learned[blame]()
  }

  const turnOf = (health: Health, turn: SmtpTurn, sender: string): Turn => ({
    async send(message): Promise<Outcome> {
      const verdict = await turn.send(message)
      learn(health, verdict, sender)
      return verdict.outcome
    },
    release: () => turn.release(),
  })

  const reserve: Transport['reserve'] = async ({ from, to }, stop) => {
    for (const health of healths) {
      if (!isOpenFor(health, from)) continue
      try {
        const turn = await health.smtp.reserve(to, stop)
        if (turn === undefined) return 'stopped'
        // While this one waited for its turn, another may have found the server down.
        if (isOpenFor(health, from)) return turnOf(health, turn, from)
        turn.release()
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        suspend(health, error)
      }
    }
    const isDown = healths.every(({ downUntil }) => downUntil > now())
    for (const { smtp, downUntil, senders } of healths) {
      if (downUntil > now()) untold.add(smtp.id)
      else if ((senders.get(from) ?? -1) > now()) untold.add(`${smtp.id} ${from}`)
    }
    return isDown ? 'down' : 'sender'
  }

  return {
    id: servers.map(({ id }) => id).join(', '),
    connections: Math.max(...servers.map(({ connections }) => connections)),
    reserve,
    async send(message) {
      for (;;) {
        const turn = await reserve(message.envelope)
        if (typeof turn === 'string') {
          const [fault] = [...untold].map((key) => faults.get(key))
          return {
            kind: 'later',
            reply: String(fault?.details['reply'] ?? 'no mail server can be used'),
            untried: true,
          }
        }
        const outcome = await turn.send(message)
        // Not asked about: each such answer has closed a server for this sender, so there is an end to it.
        if (outcome.untried !== true) return outcome
      }
    },
    takeFaults() {
      const told = [...untold]
        .map((key) => faults.get(key)?.toJSON())
        .filter((fault): fault is FailureReport => !!fault)
      untold.clear()
      return told
    },
    standing() {
      const keys = healths.flatMap(({ smtp: { id }, failures, senders }) => [
        ...(failures > 0 ? [id] : []),
        ...[...senders].filter(([, until]) => until > now()).map(([sender]) => `${id} ${sender}`),
      ])
      return keys.flatMap((key) => faults.get(key)?.toJSON() ?? [])
    },
    interrupt() {
      for (const { smtp } of healths) smtp.interrupt()
    },
    async close() {
      await Promise.all(servers.map((smtp) => smtp.close()))
    },
  }
}
