/** When that which was not taken is tried again. */

const minute = 60_000

/** No pause is longer. */
const longestMs = 6 * 60 * minute

/** After so many attempts that failed: in a minute, and each time twice as many; later where the other side says so. */
export function againAt(attempts: number, now: Date, asked?: Date): Date {
  const ours = now.getTime() + Math.min(minute * 2 ** Math.max(0, attempts - 1), longestMs)
  return new Date(Math.max(ours, Math.min(asked?.getTime() ?? 0, now.getTime() + longestMs)))
}

/** Whether the other side may take later what it answers to so now (RFC 9110, section 15). */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 425
}
