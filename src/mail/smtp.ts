/** A mail server that is sent through: a few connections, kept while there is something to send, and its rate. */
import { describe, Failure } from '../failures.ts'
import { type Message } from '../contracts.ts'
import { toMime } from './message.ts'
import { isNear, type TransportOptions } from './options.ts'
import { judge, type Verdict } from './outcome.ts'
import { openLimit, takeTurn, type Clock, type Limit } from './pace.ts'
import { openSession, patience, type Session, type SessionNeeds, type Timeouts } from './session.ts'

export interface SmtpNeeds extends Omit<SessionNeeds, 'timeouts'> {
  clock: Clock
  /** The limit of a recipient's domain, which all transports share. */
  limitOf(domain: string): Limit | undefined
  timeouts?: Timeouts | undefined
}

/** A connection that stands and may be used for one message now. */
export interface SmtpTurn {
  send(message: Message): Promise<Verdict>
  release(): void
}

export interface Smtp {
  id: string
  connections: number
  /** Undefined when it was stopped first. Throws Failure `mail.transport` when the server cannot be used. */
  reserve(to: string, stop?: AbortSignal): Promise<SmtpTurn | undefined>
  /** Connects and logs in, and says what it found. Throws Failure `mail.transport`. */
  probe(): Promise<{ server: string; encrypted: boolean; loggedIn: boolean; isNear: boolean }>
  /** Cuts off what is in the air. */
  interrupt(): void
  close(): Promise<void>
}

/** Many servers end a connection after so many messages anyway, and spread them better on a new one. */
const messagesAConnection = 100

/** A connection that is not used is given back soon: servers count them. */
const idleMs = 10_000

export function openSmtp({ id, url: server, rate, connections }: TransportOptions, needs: SmtpNeeds): Smtp {
  const limit = rate && openLimit(rate)
  const timeouts = needs.timeouts ?? patience
  const slots = openSlots(connections)
  const busy = new Set<Session>()
  const idle: Session[] = []
  const goodbyes = new Set<Promise<void>>()
  let idleTimer: NodeJS.Timeout | undefined

  const leave = (session: Session) => {
    const goodbye = session.quit().finally(() => goodbyes.delete(goodbye))
    goodbyes.add(goodbye)
  }
  const leaveIdle = () => {
    for (const session of idle.splice(0)) leave(session)
  }
  const hold = (session: Session) => {
    busy.add(session)
    return session
  }
  const open = () => openSession(id, server, { ...needs, timeouts })
  const take = async (): Promise<Session> => {
    for (let session = idle.pop(); session !== undefined; session = idle.pop()) {
      if (session.isOpen) return hold(session)
    }
    return hold(await open())
  }
  const giveBack = (session: Session) => {
    busy.delete(session)
    if (session.isOpen && session.used < messagesAConnection) {
      idle.push(session)
      clearTimeout(idleTimer)
      idleTimer = setTimeout(leaveIdle, idleMs).unref()
    } else leave(session)
  }

  /** Sends over a session that is held, and gives it back. */
  const sendOver = async (session: Session, message: Message): Promise<Verdict> => {
    let held = session
    try {
      const bytes = await toMime(message)
      const wasUsed = held.used > 0
      const attempt = await held.send(message.envelope, bytes)
      // Servers end connections that wait. Nothing of the message had left, so it may go over a new one, once.
      if (!wasUsed || attempt.stage !== 'envelope' || attempt.reply !== undefined || attempt.ours) return judge(attempt)
      giveBack(held)
      held = hold(await open())
      return judge(await held.send(message.envelope, bytes))
    } catch (error) {
      // Neither making the bytes nor opening a connection lets anything out.
      const reply = describe(error)
      const isServers = error instanceof Failure && error.code === 'mail.transport'
      return isServers
        ? { outcome: { kind: 'later', reply: String(error.details['reply']), untried: true }, blame: 'server' }
        : { outcome: { kind: 'later', reply }, blame: 'nobody' }
    } finally {
      if (busy.has(held)) giveBack(held)
    }
  }

  return {
    id,
    connections,
    async reserve(to, stop) {
      if (!(await slots.take(stop))) return undefined
      let session: Session | undefined
      const release = once(() => {
        if (session !== undefined) giveBack(session)
        slots.give()
      })
      try {
        const limits = [limit, needs.limitOf(domainOf(to))].filter((one) => one !== undefined)
        session = await take()
        if (!(await takeTurn(limits, needs.clock, stop))) {
          release()
          return undefined
        }
        const ready = session
        return {
          release,
          async send(message) {
            session = undefined
            try {
              return await sendOver(ready, message)
            } finally {
              release()
            }
          },
        }
      } catch (error) {
        release()
        throw error
      }
    },
    async probe() {
      const session = await open()
      const encrypted = session.isEncrypted
      await session.quit()
      return {
        server: `${server.host}:${server.port}`,
        encrypted,
        loggedIn: server.login !== undefined,
        isNear: isNear(server.host),
      }
    },
    interrupt() {
      for (const session of busy) session.cut('it was cut off, because the process had to end')
    },
    async close() {
      clearTimeout(idleTimer)
      leaveIdle()
      await Promise.all(goodbyes)
    },
  }
}

/** So many at once; whoever waits longest is next. */
function openSlots(count: number): { take(stop?: AbortSignal): Promise<boolean>; give(): void } {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take(stop) {
      if (stop?.aborted) return false
      if (free > 0) {
        free -= 1
        return true
      }
      return new Promise((resolve) => {
        const go = () => {
          stop?.removeEventListener('abort', giveUp)
          resolve(true)
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(go), 1)
          resolve(false)
        }
        stop?.addEventListener('abort', giveUp, { once: true })
        waiting.push(go)
      })
    },
    give() {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
