/** One POST to the operator's own webhook: Slack, Mattermost and their like read `text`, programs read `failures`. */
import { type ReadableStreamDefaultReader } from 'node:stream/web'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, Failure } from '../failures.ts'

export interface AskOptions {
  /** Of one attempt. */
  timeoutMs?: number
  /** Between attempts. */
  wait?: (ms: number) => Promise<void>
  /** Aborted: what is under way is cut off and nothing is tried again. */
  stop?: AbortSignal | undefined
}

/** How long is waited before each further attempt. */
const waitsMs = [1000, 5000]

const timeoutMs = 10_000

/** Of an answer, no more is read: some services say in it what was wrong. */
const answerBytes = 1000

/**
 * Posts `payload` as JSON; tried three times where trying again may help. Its address is config and not content, so that it
 * may be on a private network; a redirect is not followed, because nobody knows where it leads.
 * @throws Failure `alert.webhook`, which names the host only: the address itself is a secret.
 */
export async function postWebhook(address: string, payload: unknown, options: AskOptions = {}): Promise<void> {
  const { stop, wait = pause } = options
  const { url, headers } = requestTo(address)
  const body = JSON.stringify(payload)
  for (const [attempt, waitMs] of [...waitsMs, undefined].entries()) {
    const answer = await ask(
      url,
      { method: 'POST', body, headers: { ...headers, 'Content-Type': 'application/json' } },
      options,
    )
    if (answer.ok) return
    if (!answer.retry || waitMs === undefined || stop?.aborted === true) {
      throw new Failure('alert.webhook', { host: url.host, attempts: attempt + 1, reason: answer.reason })
    }
    await wait(waitMs)
  }
}

/** What came of one request: nothing is thrown. */
export type Answer = { ok: true } | { ok: false; retry: boolean; reason: string }

/** Asks once. */
export async function ask(url: URL, init: RequestInit, options: AskOptions): Promise<Answer> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? timeoutMs)
  const signal = options.stop === undefined ? timeout : AbortSignal.any([timeout, options.stop])
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal })
    const words = await readSome(response)
    if (response.ok) return { ok: true }
    const { status } = response
    const retry = status >= 500 || status === 429 || status === 408
    return { ok: false, retry, reason: [`it answered ${status}`, words].filter((part) => part !== '').join(': ') }
  } catch (thrown) {
    // What the network said is in the cause; the message of fetch itself is always the same.
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
    return { ok: false, retry: true, reason: describe(cause) }
  }
}

/** The address without name and password, which go into a header as HTTP wants them (RFC 7617). */
export function requestTo(address: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(address)
  const headers: Record<string, string> = { 'User-Agent': 'Broadsheet' }
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers['Authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
  }
  url.username = ''
  url.password = ''
  return { url, headers }
}

/** The beginning of an answer, in one line; the rest is not waited for. */
async function readSome({ body }: Response): Promise<string> {
  if (body === null) return ''
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>
  const pieces: Uint8Array[] = []
  let length = 0
  while (length < answerBytes) {
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(value)
    length += value.length
  }
  await reader.cancel()
  return Buffer.concat(pieces).subarray(0, answerBytes).toString('utf8').replace(/\s+/g, ' ').trim().slice(0, 200)
}
