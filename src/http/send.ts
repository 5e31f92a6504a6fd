/** Asks another server once, and reads little of its answer: a hub that is told of news, a subscriber that gets them. */
import { guardedConnector, systemResolve, type Resolve } from './connect.ts'
import { openExchange, type Limits, type Sending } from './exchange.ts'
import { checkAddress, readAllowed } from './guard.ts'
import { readRetryAfter } from './later.ts'

export interface SenderOptions {
  userAgent: string
  /** HOST:PORTs that may be reached although they are private. */
  allow: readonly string[]
  /** For one request and its whole answer. */
  timeoutMs?: number
  now: () => Date
  resolve?: Resolve
}

export interface Sent {
  status: number
  /** The beginning of the answer to what was understood; nothing of another. */
  text: string
  /** Until when it asks to be left alone. */
  later?: Date
}

/**
 * Sends one request. A redirect is not followed: it is an answer like any other. No robots.txt is asked for: whoever gets
 * this wants it, or is about to say so. Throws a Failure of the kind `http.…` where nothing answers, or nothing may be sent.
 */
export type Send = (address: string, request: Sending & { headers?: Record<string, string> }) => Promise<Sent>

export interface Sender {
  send: Send
  /** Ends what is in the air at once. */
  close(): Promise<void>
}

/** Of an answer, no more is read. */
const answerBytes = 4096

/**
 * Names looked up at once. Each takes one of the four threads that Node also reads files with, and whoever chooses the
 * name can let the look-up hang.
 */
const lookUpsAtOnce = 2

export function openSender(options: SenderOptions): Sender {
  const totalMs = options.timeoutMs ?? 10_000
  const limits: Limits = {
    connectMs: Math.min(5_000, totalMs),
    headersMs: totalMs,
    idleMs: totalMs,
    totalMs,
    headerBytes: 16 * 1024,
  }
  const allowed = readAllowed(options.allow)
  const resolve = fewAtOnce(options.resolve ?? systemResolve, lookUpsAtOnce)
  const exchange = openExchange(guardedConnector({ allowed, timeoutMs: limits.connectMs, resolve }), limits)
  return {
    async send(address, { headers = {}, ...sending }) {
      const url = checkAddress(address, allowed)
      const bounds = { maxBytes: answerBytes, isCut: true }
      const answer = await exchange(url, { ...headers, 'user-agent': options.userAgent }, bounds, sending)
      const later = readRetryAfter(answer.headers['retry-after'], options.now())
      const text = Buffer.from(answer.body).toString('utf8')
      return { status: answer.status, text, ...(later !== undefined && { later }) }
    },
    close: () => exchange.destroy(),
  }
}

/** The same, where whoever comes when `most` are at it waits for a turn. */
function fewAtOnce(resolve: Resolve, most: number): Resolve {
  const waiting: (() => void)[] = []
  let running = 0
  return async (hostname) => {
    if (running >= most) await new Promise<void>((turn) => waiting.push(turn))
    else running += 1
    try {
      return await resolve(hostname)
    } finally {
      // Whoever waits takes the place over.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
