/** One request at a time to each site, with a pause in between, and none while the site asks to be left alone. */
import { getDomain } from 'tldts'
import { Failure } from '../failures.ts'
import { type FetchMemory } from '../contracts.ts'
import { isLiteral, isPublic, shown, unbracketed } from './guard.ts'

/** Waits; rejects when the signal says so. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

export interface LaneOptions {
  gapMs: number
  /** A pause that a site asks for and that is no longer than this is waited for; a longer one is a failure. */
  patienceMs: number
  memory: FetchMemory
  now: () => Date
  wait: Wait
  signal: AbortSignal
}

interface Lane {
  /** Settles when the last request that queued up is done. */
  last: Promise<unknown>
  queued: number
  /** The next request may begin then. */
  freeAt: number
  /** The site asked to be left alone until then. */
  blockedUntil: number
}

export interface Lanes {
  /** Runs `work` when it is its turn. Throws Failure `http.later` or `http.stopped` when it will not be. */
  run<T>(url: URL, work: () => Promise<T>): Promise<T>
  /** Nothing more goes to the site of this address until then, also from the next process. */
  block(url: URL, until: Date): Promise<void>
  /** The site's own wish for a longer pause. */
  slow: (url: URL, gapMs: number) => void
}

/** From here on lanes that stand empty are put away. */
const MANY_LANES = 1_000

export function openLanes(options: LaneOptions): Lanes {
  const { memory, now, wait, signal } = options
  const lanes = new Map<string, Lane>()
  const gaps = new Map<string, number>()

  const laneOf = async (key: string): Promise<Lane> => {
    const known = lanes.get(key)
    if (known !== undefined) return known
    if (lanes.size >= MANY_LANES) sweep(lanes, now().getTime())
    const remembered = isShared(key) ? await memory.read(memoryKey(key)) : undefined
    const blockedUntil = remembered?.freshUntil?.getTime() ?? 0
    const lane = lanes.get(key) ?? { last: Promise.resolve(), queued: 0, freeAt: 0, blockedUntil }
    lanes.set(key, lane)
    return lane
  }

  return {
    async run(url, work) {
      const key = laneKey(url)
      const lane = await laneOf(key)
      const before = lane.last
      lane.queued += 1
      const turn = (async () => {
        await before
        if (signal.aborted) throw new Failure('http.stopped', { url: shown(url) })
        const blockedMs = lane.blockedUntil - now().getTime()
        if (blockedMs > options.patienceMs) throw later(url, new Date(lane.blockedUntil))
        const ms = Math.ceil(Math.max(lane.freeAt - now().getTime(), blockedMs))
        if (ms > 0) await waitOrStop(wait, ms, signal, url)
        try {
          return await work()
        } finally {
          lane.freeAt = now().getTime() + Math.max(options.gapMs, gaps.get(key) ?? 0)
        }
      })()
      lane.last = turn.then(
        () => (lane.queued -= 1),
        () => (lane.queued -= 1),
      )
      return await turn
    },

    async block(url, until) {
      const key = laneKey(url)
      const lane = await laneOf(key)
      lane.blockedUntil = Math.max(lane.blockedUntil, until.getTime())
      if (isShared(key))
        await memory.write(memoryKey(key), { fetchedAt: now(), freshUntil: new Date(lane.blockedUntil) })
    },

    slow(url, gapMs) {
      gaps.set(laneKey(url), gapMs)
    },
  }
}

/** Waits for `ms`. Throws Failure `http.stopped` when the signal comes first. */
export async function waitOrStop(wait: Wait, ms: number, signal: AbortSignal, url: URL): Promise<void> {
  try {
    await wait(ms, signal)
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  }
  if (signal.aborted) throw new Failure('http.stopped', { url: shown(url) })
}

export function later(url: URL, until: Date): Failure {
  return new Failure('http.later', { url: shown(url), until: until.toISOString() })
}

/**
 * What may have one request at a time: the registrable domain, by the public suffix list with its private part, so that
 * two papers at one host of blogs do not wait for each other. An address inside a network, which only the config opens,
 * is its owner's own: there each URL stands for itself.
 */
export function laneKey(url: URL): string {
  const host = unbracketed(url.hostname)
  if (isLiteral(host)) return isPublic(host) ? host : url.href
  const domain = getDomain(host, { allowPrivateDomains: true, validateHostname: false })
  // A name without a dot is known in one network only; one with a dot and no domain is a public suffix itself.
  return domain ?? (host.includes('.') ? host : url.href)
}

/** Whether the lane is a whole site and not one private URL. */
function isShared(key: string): boolean {
  return !key.includes('/')
}

/** Beside the addresses in the same memory; no address looks like it. */
function memoryKey(key: string): string {
  return `later:${key}`
}

function sweep(lanes: Map<string, Lane>, now: number): void {
  for (const [key, lane] of lanes) {
    if (lane.queued === 0 && lane.freeAt <= now && lane.blockedUntil <= now) lanes.delete(key)
  }
}
