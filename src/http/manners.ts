/** Keeps what each site asks in its robots.txt for a day, and says whether an address may be read (RFC 9309). */
import { Failure, type FailureCode } from '../failures.ts'
import { type FetchMemory } from '../contracts.ts'
import { decodeText } from './charset.ts'
import { shown } from './guard.ts'
import { mayRead, parseRobots, type Robots } from './robots.ts'

/** Longer than a day it is not to be believed (section 2.4). */
const FRESH_MS = 24 * 60 * 60 * 1000

/** Before it is tried again where it could not be read: a site that is down is not asked before each page of it. */
const UNREAD_MS = 5 * 60 * 1000

/** A longer Crawl-delay is answered by this one. */
const LONGEST_DELAY_MS = 30_000

export interface MannersOptions {
  /** Our name in robots.txt, without version. */
  product: string
  memory: FetchMemory
  now: () => Date
  /** Reads a robots.txt, redirects followed. Throws Failure `http.…`. */
  read: (url: URL) => Promise<Uint8Array>
  /** Told of a site's own wish for a pause. */
  slow: (url: URL, gapMs: number) => void
}

interface Known {
  robots: Robots | Failure
  until: number
}

/** Throws Failure `http.robots` where robots.txt forbids the address, `http.robotsUnread` or another where it is not known. */
export type AskManners = (url: URL) => Promise<void>

/** From here on what is out of date is put away. */
const MANY_SITES = 1_000

export function openManners(options: MannersOptions): AskManners {
  const { memory, now } = options
  const known = new Map<string, Known>()
  const reading = new Map<string, Promise<Known>>()

  const learn = async (origin: string): Promise<Known> => {
    const url = new URL('/robots.txt', origin)
    const remembered = await memory.read(url.href)
    const stale = remembered?.body === undefined ? undefined : parseRobots(remembered.body, options.product)
    const freshUntil = remembered?.freshUntil?.getTime() ?? 0
    if (stale !== undefined && freshUntil > now().getTime()) return { robots: stale, until: freshUntil }
    try {
      const text = await readText(url)
      const fetchedAt = now()
      const until = new Date(fetchedAt.getTime() + FRESH_MS)
      await memory.write(url.href, { body: text, fetchedAt, freshUntil: until })
      return { robots: parseRobots(text, options.product), until: until.getTime() }
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      // An old copy serves as long as there is no newer one to be had (section 2.4).
      return { robots: stale ?? thrown, until: now().getTime() + UNREAD_MS }
    }
  }

  const readText = async (url: URL): Promise<string> => {
    try {
      return decodeText(await options.read(url), 'text/plain; charset=utf-8')
    } catch (thrown) {
      if (thrown instanceof Failure && isAbsent(thrown)) return ''
      throw thrown
    }
  }

  const robotsOf = async (origin: string): Promise<Robots | Failure> => {
    const found = known.get(origin)
    if (found !== undefined && found.until > now().getTime()) return found.robots
    // Several who ask at once wait for one answer.
    const asked = reading.get(origin) ?? learn(origin).finally(() => reading.delete(origin))
    reading.set(origin, asked)
    const learnt = await asked
    if (known.size >= MANY_SITES) sweep(known, now().getTime())
    if (!isPassing(learnt.robots)) known.set(origin, learnt)
    return learnt.robots
  }

  return async (url) => {
    const robots = await robotsOf(url.origin)
    if (robots instanceof Failure) throw unread(robots, url)
    const asked = (robots.crawlDelay ?? 0) * 1000
    if (asked > 0) options.slow(url, Math.min(asked, LONGEST_DELAY_MS))
    if (!mayRead(robots, url)) throw new Failure('http.robots', { url: shown(url) })
  }
}

/** No robots.txt: every 4xx but "too many requests", and one that redirects for ever (sections 2.3.1.2 and 2.3.1.3). */
function isAbsent(failure: Failure): boolean {
  if (failure.code === 'http.missing' || failure.code === 'http.gone' || failure.code === 'http.redirect') return true
  const { status } = failure.details
  return failure.code === 'http.status' && typeof status === 'number' && status >= 400 && status <= 499
}

/** Says something of this moment, not of the site. */
function isPassing(robots: Robots | Failure): boolean {
  return robots instanceof Failure && (robots.code === 'http.stopped' || robots.code === 'http.later')
}

/** Where the whole host cannot be read its robots.txt is no news: the failure is that of the address itself. */
const OF_THE_HOST: FailureCode[] = ['http.resolve', 'http.connect', 'http.timeout', 'http.private']

function unread(failure: Failure, url: URL): Failure {
  if (isPassing(failure) || (OF_THE_HOST.includes(failure.code) && isAt(failure, url)))
    return new Failure(failure.code, { ...failure.details, url: shown(url) }, failure.cause)
  const robots = new URL('/robots.txt', url).href
  return new Failure('http.robotsUnread', { url: shown(url), robots, reason: failure.message }, failure)
}

function isAt({ details }: Failure, url: URL): boolean {
  return typeof details['url'] === 'string' && new URL(details['url']).origin === url.origin
}

function sweep(known: Map<string, Known>, now: number): void {
  for (const [origin, { until }] of known) if (until <= now) known.delete(origin)
}
