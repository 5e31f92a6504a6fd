/** For how long a server says that its answer stays as it is (RFC 9111, section 4.2): until then it is not asked again. */

/** No answer is believed to stay for longer: its server's clock or config may be wrong. */
export const LONGEST_FRESH_MS = 24 * 60 * 60 * 1000

/** Until when the answer is fresh, by Cache-Control, or else Expires. Undefined where it says nothing, or is stale at once. */
export function freshUntil(headers: Record<string, string>, now: Date): Date | undefined {
  const control = (headers['cache-control'] ?? '').toLowerCase()
  if (/(?:^|[\s,])no-(?:cache|store)(?:$|[\s,;])/.test(control)) return undefined
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})"?/.exec(control)?.[1]
  const ms = seconds === undefined ? untilExpiry(headers, now) : (Number(seconds) - ageOf(headers)) * 1000
  if (ms === undefined || Number.isNaN(ms) || ms <= 0) return undefined
  return new Date(now.getTime() + Math.min(ms, LONGEST_FRESH_MS))
}

/** How long it had lain in caches on the way. */
function ageOf(headers: Record<string, string>): number {
  const age = /^\s*(\d{1,10})/.exec(headers['age'] ?? '')?.[1]
  return age === undefined ? 0 : Number(age)
}

/** Both are of the server's own clock. */
function untilExpiry(headers: Record<string, string>, now: Date): number | undefined {
  const expires = Date.parse(headers['expires'] ?? '')
  if (Number.isNaN(expires)) return undefined
  const date = Date.parse(headers['date'] ?? '')
  return expires - (Number.isNaN(date) ? now.getTime() : date)
}
