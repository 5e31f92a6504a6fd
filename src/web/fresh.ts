/** Whether a client has the newest form already (RFC 9110, sections 13.1.2 and 13.1.3). */

/** The two headers, as they came. */
export interface Conditions {
  ifNoneMatch: string | undefined
  ifModifiedSince: string | undefined
}

/** If-None-Match is compared weakly, and where it stands If-Modified-Since is not looked at. */
export function isFresh(
  { ifNoneMatch, ifModifiedSince }: Conditions,
  etags: ReadonlySet<string>,
  modifiedAt: Date,
): boolean {
  if (ifNoneMatch !== undefined) {
    if (etags.has(ifNoneMatch) || ifNoneMatch.trim() === '*') return true
    return [...ifNoneMatch.slice(0, 4000).matchAll(/"[^"]*"/g)].some(([tag]) => etags.has(tag))
  }
  if (ifModifiedSince === undefined) return false
  const since = Date.parse(ifModifiedSince)
  // HTTP dates have no fractions of a second.
  return Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since
}
