/** One request and its answer, within its limits: no redirect, no second try, no manners. */
import { Agent, errors, type Dispatcher } from 'undici'
import { describe, Failure, type FailureCode } from '../failures.ts'
import { readBody, type BodyLimits } from './body.ts'
import { type Connector } from './connect.ts'
import { shown } from './guard.ts'

export interface Limits {
  connectMs: number
  /** From the request to the last header. */
  headersMs: number
  /** Between two pieces of the body. */
  idleMs: number
  /** For all of it. */
  totalMs: number
  headerBytes: number
}

export interface Answer {
  status: number
  /** Names in lower case; repeated ones joined. */
  headers: Record<string, string>
  /** Of a 2xx; empty for everything else. */
  body: Uint8Array
}

/** What is asked; GET if not given. */
export interface Sending {
  method: 'GET' | 'HEAD' | 'POST'
  body?: string | Uint8Array
}

export interface Exchange {
  (url: URL, headers: Record<string, string>, limits: BodyLimits, sending?: Sending): Promise<Answer>
  /** Ends what is in the air at once. */
  destroy(): Promise<void>
}

/** Of an answer that is not read: so much is let pass, so that the connection can be used again. */
const DUMP_BYTES = 64 * 1024

/** What may be over when the same is asked again. */
const TRANSIENT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
])

/** Asks through one agent: connections are kept for the next request to the same place. */
export function openExchange(connector: Connector, limits: Limits): Exchange {
  const agent = new Agent({
    connect: connector,
    connections: 4,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
    maxHeaderSize: limits.headerBytes,
  })

  const exchange = async (
    url: URL,
    headers: Record<string, string>,
    bodyLimits: BodyLimits,
    { method, body: content }: Sending = { method: 'GET' },
  ): Promise<Answer> => {
    const signal = AbortSignal.timeout(limits.totalMs)
    let phase = 'its answer'
    try {
      const {
        statusCode,
        headers: raw,
        body,
      } = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        signal,
        ...(content !== undefined && { body: content }),
      })
      phase = 'the rest of its answer'
      const answered = plainHeaders(raw)
      if (statusCode < 200 || statusCode > 299) {
        await body.dump({ limit: DUMP_BYTES, signal }).catch(() => undefined)
        return { status: statusCode, headers: answered, body: new Uint8Array() }
      }
      const announced = Number(answered['content-length'] ?? 0)
      // What HEAD announces does not come.
      if (method !== 'HEAD' && announced > bodyLimits.maxBytes && bodyLimits.isCut !== true) {
        body.on('error', () => undefined).destroy()
        throw new Failure('http.tooLarge', { bytes: announced, limit: bodyLimits.maxBytes })
      }
      return {
        status: statusCode,
        headers: answered,
        body: await readBody(body, answered['content-encoding'], bodyLimits),
      }
    } catch (thrown) {
      throw failureOf(thrown, url, signal.aborted ? `${phase}, ${limits.totalMs} ms in all` : phase, signal.aborted)
    }
  }
  return Object.assign(exchange, { destroy: () => agent.destroy() })
}

/** Whether the same request, sent again in a moment, may go better. */
export function isTransient(failure: Failure): boolean {
  if (failure.code === 'http.timeout') return true
  if (failure.code !== 'http.connect' && failure.code !== 'http.resolve') return false
  return codesOf(failure.cause).some((code) => TRANSIENT.has(code))
}

function failureOf(thrown: unknown, url: URL, phase: string, isLate: boolean): Failure {
  const place = { url: shown(url) }
  if (thrown instanceof Failure)
    return new Failure(thrown.code, { ...place, ...thrown.details }, thrown.cause ?? thrown)
  const fail = (code: FailureCode, details: Record<string, string>) =>
    new Failure(code, { ...place, ...details }, thrown)
  if (isLate || thrown instanceof errors.HeadersTimeoutError || thrown instanceof errors.BodyTimeoutError)
    return fail('http.timeout', { waitingFor: phase })
  if (thrown instanceof errors.ConnectTimeoutError) return fail('http.timeout', { waitingFor: 'a connection' })
  const codes = codesOf(thrown)
  if (thrown instanceof errors.HeadersOverflowError || codes.includes('HPE_HEADER_OVERFLOW'))
    return fail('http.tooLarge', { reason: 'its headers are too large' })
  if (thrown instanceof errors.InvalidArgumentError) return fail('http.address', { reason: thrown.message })
  if (thrown instanceof errors.ClientDestroyedError || thrown instanceof errors.ClientClosedError)
    return fail('http.stopped', {})
  return fail('http.connect', { reason: describe(thrown) || (codes[0] ?? 'unknown') })
}

/** The codes of an error, of what caused it, and of the several that it stands for. */
function codesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error)) return []
  const own = 'code' in thrown && typeof thrown.code === 'string' ? [thrown.code] : []
  const inner = thrown instanceof AggregateError ? thrown.errors.flatMap(codesOf) : []
  return [...own, ...inner, ...codesOf(thrown.cause)]
}

function plainHeaders(raw: Dispatcher.ResponseData['headers']): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return plain
}
