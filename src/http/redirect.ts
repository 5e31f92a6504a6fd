/** Where a redirect leads, and what must not go along. */
import { Failure } from '../failures.ts'
import { checkAddress, shown, type Allowed } from './guard.ts'

/** So many redirects are followed, one after the other. */
const MAX_REDIRECTS = 5

const REDIRECTS = new Set([301, 302, 303, 307, 308])

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}

/**
 * The next address, when it may be read. `trail` is every address so far, the last of them the one that answered.
 * Throws Failure `http.redirect`, `http.address` or `http.private`.
 */
export function nextAddress(trail: readonly URL[], location: string | undefined, allowed: Allowed): URL {
  const from = trail.at(-1)
  if (from === undefined) throw new RangeError('a redirect comes from somewhere')
  const refuse = (reason: string, to?: URL) =>
    new Failure('http.redirect', { url: shown(from), ...(to !== undefined && { to: shown(to) }), reason })
  const target = location === undefined ? undefined : unmangled(location)
  if (target === undefined || !URL.canParse(target, from.href)) throw refuse('it does not say where to')
  const to = checked(new URL(target, from), from, allowed)
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refuse('it leads from https to http', to)
  const names = [...trail, to].map(({ href }) => href)
  if (names.indexOf(to.href) < trail.length) throw refuse(`it goes round: ${names.join(' → ')}`, to)
  if (trail.length > MAX_REDIRECTS) throw refuse(`more than ${MAX_REDIRECTS} redirects one after the other`, to)
  return to
}

function checked(to: URL, from: URL, allowed: Allowed): URL {
  try {
    return checkAddress(to, allowed)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    throw new Failure(thrown.code, { ...thrown.details, redirectedFrom: shown(from) }, thrown)
  }
}

/** A header is read as Latin-1, and servers write UTF-8 into this one. */
function unmangled(location: string): string {
  return /^[\x00-\x7f]*$/.test(location) ? location : Buffer.from(location, 'latin1').toString('utf8')
}
