/** Retry-After (RFC 9110, section 10.2.3): until when a server asks to be left alone. */

/** A server that asks for longer is asked again after a day: its clock or its config may be wrong. */
const LONGEST_MS = 24 * 60 * 60 * 1000

/** Seconds, or an HTTP-date in any of its three forms (section 5.6.7). Undefined where it says nothing that can be read. */
export function readRetryAfter(value: string | undefined, now: Date): Date | undefined {
  const text = value?.trim() ?? ''
  const until = /^\d{1,12}$/.test(text) ? now.getTime() + Number(text) * 1000 : readHttpDate(text)
  if (until === undefined) return undefined
  return new Date(Math.min(Math.max(until, now.getTime()), now.getTime() + LONGEST_MS))
}

function readHttpDate(text: string): number | undefined {
  if (!/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined
  // The asctime form names no zone, and is in UTC as the others are.
  const time = Date.parse(/ GMT$/i.test(text) ? text : `${text} GMT`)
  return Number.isNaN(time) ? undefined : time
}
