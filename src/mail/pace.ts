/** How many messages may go in how long: exact, however many connections share it. */

/** So many in a stretch of time, in milliseconds. */
export interface Rate {
  count: number
  periodMs: number
}

/** One rate and the moments at which it was used of late. */
export interface Limit {
  /** How long from `now` until the next may go; 0 for at once. */
  delay(now: number): number
  take(now: number): void
}

/** The milliseconds of a clock that never goes back, and a wait that ends early when it is told to. */
export interface Clock {
  now: () => number
  wait: (ms: number, stop?: AbortSignal) => Promise<void>
}

const periods = { s: 1000, m: 60_000, h: 3_600_000 }

/** More often than this a timer is not asked to wake up: shorter steps go together. */
const stepMs = 100

/** Reads `50/s`, `100/m` or `1000/h`; undefined when it is none of these. */
export function readRate(text: string): Rate | undefined {
  const [, count, unit] = /^([1-9]\d{0,6})\/([smh])$/.exec(text) ?? []
  if (count === undefined || unit === undefined) return undefined
  return { count: Number(count), periodMs: periods[unit as keyof typeof periods] }
}

/**
 * A limit that lets no more than `count` pass in any stretch of `periodMs`, and spreads them over it: 50 a second go as
 * 5 in each tenth of one, 100 an hour as one in each 36 seconds.
 */
export function openLimit({ count, periodMs }: Rate): Limit {
  const atOnce = Math.max(1, Math.floor((count * stepMs) / periodMs))
  const windowMs = (atOnce * periodMs) / count
  const taken: number[] = []
  return {
    delay(now) {
      const oldest = taken.length < atOnce ? undefined : taken[0]
      return oldest === undefined ? 0 : Math.max(0, oldest + windowMs - now)
    },
    take(now) {
      taken.push(now)
      if (taken.length > atOnce) taken.shift()
    },
  }
}

/**
 * Waits until all of these limits let one more pass, and uses each. Looking and taking is one step that nothing comes
 * between, so whoever shares the limits shares the rate. False when it was stopped first.
 */
export async function takeTurn(limits: Limit[], { now, wait }: Clock, stop?: AbortSignal): Promise<boolean> {
  for (;;) {
    if (stop?.aborted) return false
    const at = now()
    const delay = Math.max(0, ...limits.map((limit) => limit.delay(at)))
    if (delay === 0) {
      for (const limit of limits) limit.take(at)
      return true
    }
    // A timer may fire a moment early: then the loop waits for the rest.
    await wait(Math.ceil(delay), stop)
  }
}
