/** The one fetcher: whatever Broadsheet reads of the web, it reads through here, politely and safely. */
import { Failure } from '../failures.ts'
import { type Log } from '../log.ts'
import { type Fetch, type Fetched, type FetchMemory, type FetchRequest, type Validators } from '../contracts.ts'
import { ACCEPT_ENCODING, type BodyLimits } from './body.ts'
import { decodeText } from './charset.ts'
import { guardedConnector, type Dial, type Resolve } from './connect.ts'
import { isTransient, openExchange, type Answer, type Limits } from './exchange.ts'
import { openFates } from './fates.ts'
import { freshUntil, LONGEST_FRESH_MS } from './freshness.ts'
import { checkAddress, readAllowed, shown } from './guard.ts'
import { laneKey, later, openLanes, waitOrStop, type Wait } from './lanes.ts'
import { readRetryAfter } from './later.ts'
import { openManners } from './manners.ts'
import { isRedirect, nextAddress } from './redirect.ts'
import { ROBOTS_BYTES } from './robots.ts'

/** Our name in robots.txt and, with version and contact, in the User-Agent. */
export const PRODUCT = 'Broadsheet'

export interface FetcherOptions {
  userAgent: string
  /** HOST:PORTs that may be read although they are private. */
  allow: readonly string[]
  memory: FetchMemory
  /** Whether robots.txt is asked at all. */
  robots?: boolean
  /** Between two requests to one site. */
  gapMs?: number
  /** For one request and its whole answer. */
  timeoutMs?: number
  /** What replaces the limits that follow from `timeoutMs`. */
  limits?: Partial<Limits>
  /** A pause that a site asks for is waited for up to here. */
  patienceMs?: number
  now: () => Date
  wait: Wait
  /** From 0 up to 1. */
  random: () => number
  resolve?: Resolve
  dial?: Dial
  log?: Log
}

export interface Fetcher {
  fetch: Fetch
  /** What waits fails with `http.stopped` at once; what is in the air has `graceMs` to end. */
  close: (graceMs?: number) => Promise<void>
}

const DEFAULT_BYTES = 10 * 1024 * 1024
const RETRIES = 2
const BACKOFF_MS = 1_000
const PATIENCE_MS = 10_000
/** Where a site that is overloaded does not say for how long. */
const BLOCK_MS = 60_000
const GRACE_MS = 5_000

/** Of these a source has no say: they are ours, or belong to the connection. */
const OURS = new Set(
  `accept accept-encoding connection content-length expect host if-modified-since if-none-match keep-alive
  proxy-authorization proxy-connection range te trailer transfer-encoding upgrade user-agent`.split(/\s+/),
)

/** How one chain of redirects is followed. */
interface Walk extends BodyLimits {
  accept: string
  headers: Record<string, string>
  /** Whether addresses that moved or ended for good are known as such. */
  knowsFates?: boolean
  /** What is said to be gone is asked all the same. */
  asksGone?: boolean
  /** The memory of each address, where the request is conditional. */
  recall?: (url: URL) => Promise<Validators | undefined>
  /** Only what the server says of it is wanted. */
  only?: FetchRequest['only']
  /** Whether robots.txt is asked before this address is read. */
  asks: (url: URL) => boolean
}

/** Where a walk ended. */
interface End {
  url: URL
  answer: Answer
  /** What was known of the address there. */
  known?: Validators | undefined
  /** The server was not asked: what it said last time still holds. */
  isKept?: true
  /** Where the address that was asked for has moved for good. */
  movedTo?: URL | undefined
}

/** Opens the fetcher. It keeps connections and what it knows of each site until it is closed. */
export function openFetcher(options: FetcherOptions): Fetcher {
  const { memory, now, wait, log } = options
  const totalMs = options.timeoutMs ?? 30_000
  const patienceMs = options.patienceMs ?? PATIENCE_MS
  const limits: Limits = {
    connectMs: Math.min(10_000, totalMs),
    headersMs: totalMs,
    idleMs: Math.min(15_000, totalMs),
    totalMs,
    headerBytes: 32 * 1024,
    ...options.limits,
  }
  const allowed = readAllowed(options.allow)
  const stop = new AbortController()
  const { signal } = stop
  const inAir = new Set<Promise<unknown>>()
  const { resolve, dial } = options
  const connector = guardedConnector({
    allowed,
    timeoutMs: limits.connectMs,
    ...(resolve !== undefined && { resolve }),
    ...(dial !== undefined && { dial }),
  })
  const exchange = openExchange(connector, limits)
  const lanes = openLanes({ gapMs: options.gapMs ?? 1_000, patienceMs, memory, now, wait, signal })
  const fates = openFates(memory, now)
  const ask = openManners({
    product: PRODUCT,
    memory,
    now,
    slow: lanes.slow,
    read: async (url) => {
      const walk = {
        accept: 'text/plain, */*;q=0.5',
        headers: {},
        asks: () => false,
        maxBytes: ROBOTS_BYTES,
        isCut: true,
      }
      return (await follow(url, walk)).answer.body
    },
  })

  /** One request in its lane. A site that wants to be left alone is, before the next in the lane has its turn. */
  const once = (url: URL, headers: Record<string, string>, walk: Walk) =>
    lanes.run(url, async () => {
      const answer = await exchange(url, headers, walk, { method: walk.only === 'head' ? 'HEAD' : 'GET' })
      const asked = readRetryAfter(answer.headers['retry-after'], now())
      if (answer.status !== 429 && (answer.status !== 503 || asked === undefined)) return { answer }
      const until = asked ?? new Date(now().getTime() + BLOCK_MS)
      await lanes.block(url, until)
      log?.info({ url: shown(url), status: answer.status, until: until.toISOString() }, 'the site asks for a pause')
      return { answer, until }
    })

  const repeat = async (url: URL, headers: Record<string, string>, walk: Walk): Promise<Answer> => {
    for (let tries = 0; ; tries += 1) {
      const isLast = tries === RETRIES
      try {
        const { answer, until } = await once(url, headers, walk)
        if (until !== undefined) {
          if (isLast || until.getTime() - now().getTime() > patienceMs) throw later(url, until)
          continue
        }
        if (answer.status < 500 || isLast) return answer
        log?.debug({ url: shown(url), status: answer.status }, 'asked again after an error of the server')
      } catch (thrown) {
        if (!(thrown instanceof Failure) || !isTransient(thrown) || isLast) throw thrown
        log?.debug({ url: shown(url), reason: thrown.message }, 'asked again after a failure')
      }
      await waitOrStop(wait, BACKOFF_MS * 2 ** tries * (0.5 + options.random() / 2), signal, url)
    }
  }

  /** The next address, and what may go there. */
  const step = (trail: URL[], location: string | undefined, own: Record<string, string>) => {
    const from = trail.at(-1)
    const url = nextAddress(trail, location, allowed)
    trail.push(url)
    // Another origin is another party: nothing that was meant for this one goes there, and nothing comes back with the way.
    return { url, own: url.origin === from?.origin ? own : {} }
  }

  const follow = async (start: URL, walk: Walk): Promise<End> => {
    const trail = [start]
    // Up to which place of the trail every step was one for good.
    let lasting = 0
    const skipped: URL[] = []
    let own = walk.headers
    try {
      for (let url = start; ;) {
        if (walk.asks(url)) await ask(url)
        const fate = walk.knowsFates === true ? await fates.read(url) : undefined
        if (fate?.isGone === true && walk.asksGone !== true)
          throw new Failure('http.gone', { url: shown(url), asked: 'not again' })
        if (fate?.movedTo !== undefined) {
          skipped.push(url)
          if (lasting === trail.length - 1) lasting += 1
          ;({ url, own } = step(trail, fate.movedTo, own))
          continue
        }
        const movedTo = lasting > 0 ? trail[lasting] : undefined
        const known = await walk.recall?.(url)
        if ((known?.freshUntil?.getTime() ?? 0) > now().getTime())
          return { url, answer: { status: 304, headers: {}, body: new Uint8Array() }, known, isKept: true, movedTo }
        const headers = {
          ...own,
          accept: walk.accept,
          // Packed, it would have another length.
          'accept-encoding': walk.only === undefined ? ACCEPT_ENCODING : 'identity',
          'user-agent': options.userAgent,
          ...(walk.only === 'first' && { range: 'bytes=0-0' }),
          ...(known?.etag !== undefined && { 'if-none-match': known.etag }),
          ...(known?.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
        }
        const answer = await repeat(url, headers, walk)
        if (!isRedirect(answer.status)) {
          const isUnchanged = answer.status === 304 && (known?.etag ?? known?.lastModified) !== undefined
          if (answer.status === 410 && walk.knowsFates === true) await fates.gone(url)
          else if (fate?.isGone === true) await fates.forget(url)
          if (!isUnchanged && (answer.status < 200 || answer.status > 299)) throw statusFailure(url, answer, now())
          return { url, answer, known, movedTo }
        }
        const next = step(trail, answer.headers['location'], own)
        if (walk.knowsFates === true) {
          if (answer.status === 301 || answer.status === 308) await fates.moved(url, next.url)
          else await fates.forget(url)
        }
        ;({ url, own } = next)
      }
    } catch (thrown) {
      // What moved there and is not there is asked for where it was again.
      if (thrown instanceof Failure && !isOfNow(thrown)) for (const url of skipped) await fates.forget(url)
      throw thrown
    }
  }

  const read = async (address: string, request: FetchRequest): Promise<Fetched> => {
    const start = checkAddress(address, allowed)
    if (signal.aborted) throw new Failure('http.stopped', { url: shown(start) })
    const asksRobots = options.robots ?? true
    const { url, answer, known, isKept, movedTo } = await follow(start, {
      knowsFates: true,
      asksGone: request.asksAnyway === true,
      accept: request.accept ?? '*/*',
      headers: ownHeaders(request.headers ?? {}),
      ...(request.only === undefined
        ? { maxBytes: request.maxBytes ?? DEFAULT_BYTES }
        : // Who knows no ranges begins to send the whole.
          { only: request.only, maxBytes: 1, isCut: true }),
      asks: (hop) => asksRobots && !(request.ignoreRobots === true && isSameSite(hop, start)),
      ...(request.conditional === true && { recall: (hop: URL) => memory.read(memoryKey(hop, request.reader)) }),
    })
    const { headers, body } = answer
    let keptMs = 0
    return {
      status: answer.status === 304 ? 'unchanged' : 'fresh',
      url: url.href,
      ...(movedTo && { movedTo: movedTo.href }),
      headers,
      body,
      ...(answer.status === 304 && known?.body !== undefined && { kept: known.body }),
      text: () => decodeText(body, headers['content-type']),
      keepFor(ms) {
        keptMs = Math.min(ms, LONGEST_FRESH_MS)
      },
      async remember(kept) {
        if (isKept) return
        // A 304 may leave away what stays, and begins the time anew (RFC 9111, section 4.3.4).
        const last = answer.status === 304 ? known : undefined
        const lastMs = last?.freshUntil === undefined ? 0 : last.freshUntil.getTime() - last.fetchedAt.getTime()
        const stated = freshUntil(headers, now())?.getTime() ?? 0
        const ms = Math.max(keptMs, stated === 0 ? lastMs : 0)
        const until = Math.max(stated, ms > 0 ? now().getTime() + ms : 0)
        const fresh = until > 0 ? { freshUntil: new Date(until) } : {}
        if (last !== undefined && until === 0) return
        const { etag = last?.etag, 'last-modified': lastModified = last?.lastModified } = headers
        const isKnown = etag !== undefined || lastModified !== undefined || until > 0
        const said = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) }
        const note = kept ?? last?.body
        const beside = note === undefined ? {} : { body: note }
        const validators = isKnown ? { fetchedAt: now(), ...said, ...fresh, ...beside } : undefined
        await memory.write(memoryKey(url, request.reader), validators)
      },
    }
  }

  return {
    async fetch(address, request = {}) {
      const reading = read(address, request)
      inAir.add(reading)
      try {
        return await reading
      } finally {
        inAir.delete(reading)
      }
    },
    async close(graceMs = GRACE_MS) {
      stop.abort()
      let timer: NodeJS.Timeout | undefined
      const grace = new Promise<void>((done) => (timer = setTimeout(done, graceMs)))
      await Promise.race([Promise.allSettled(inAir), grace])
      clearTimeout(timer)
      await exchange.destroy()
    },
  }
}

/** `Broadsheet/VERSION (+CONTACT)`: who we are, and where one can complain of us. */
export function userAgentOf(version: string, contact: string): string {
  const written = URL.canParse(contact) ? new URL(contact).href : contact
  // What would end the comment, and what no header can hold.
  const safe = written.replace(/[^!-~]|[()\\]/gu, (found) => Buffer.from(found).toString('hex').replace(/../g, '%$&'))
  return `${PRODUCT}/${version} (+${safe})`
}

/** Remembers nothing: for a look at a single page. */
export const noMemory: FetchMemory = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() }

function ownHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !OURS.has(name)),
  )
}

function isSameSite(a: URL, b: URL): boolean {
  return a.host === b.host || laneKey(a) === laneKey(b)
}

/** Of the address that gave the validators, at the end of all redirects. No address has a fragment here. */
function memoryKey(url: URL, reader: string | undefined): string {
  return reader === undefined ? url.href : `${url.href}#${reader}`
}

/** Says something of this moment, not of the address. */
function isOfNow({ code }: Failure): boolean {
  return code === 'http.stopped' || code === 'http.later' || code === 'http.timeout'
}

function statusFailure(url: URL, { status }: Answer, now: Date): Failure {
  if (status === 404) return new Failure('http.missing', { url: shown(url) })
  if (status === 410) return new Failure('http.gone', { url: shown(url) })
  if (status === 503) return later(url, new Date(now.getTime() + BLOCK_MS))
  return new Failure('http.status', { url: shown(url), status })
}
