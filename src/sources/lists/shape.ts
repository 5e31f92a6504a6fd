/** The shape of an address: what the addresses of a site's articles have in common, and menus have not. */

/** An address taken apart for comparison. */
export interface Shape {
  /** Without scheme, `www.`, tracking, fragment and last slash: two addresses with one key lead to one page. */
  key: string
  host: string
  /** Kinds of its segments and parameters: `2026/3/a-long-slug.html` is `Y/9/S.html`. */
  kinds: string
  /** The first segment as it stands, while others follow it. */
  prefix: string
  /** From -1, a front page, to 1, an address that only an article has. */
  promise: number
}

const TRACKING =
  /^(?:utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|_ga|ref_src|cmpid|ncid|icid|spm|xtor)$/i
/** Places that programs make for every site, whatever its language: pages of lists, people, searches, files. */
const MACHINE =
  /^(?:page|tags?|category|categories|authors?|search|feed|rss|login|signin|sign-?in|sign-?up|register|subscribe|account|cart|wp-admin|wp-login\.php|comments?|about|contact|privacy|terms|imprint|impressum|cookies?|sitemap)(?:\.\w{2,5})?$/i
const FILE =
  /\.(?:jpe?g|png|gif|webp|avif|svg|pdf|zip|mp3|m4a|ogg|mp4|webm|xml|rss|atom|json|css|js|ics|docx?|xlsx?|epub|apk|exe)$/i

/** Nothing for what is no web address. */
export function shapeOf(url: string): Shape | undefined {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined
  const host = parsed.host.replace(/^www\./, '')
  const path = parsed.pathname.replace(/\/+$/, '')
  const parameters = [...parsed.searchParams].filter(([name]) => !TRACKING.test(name)).slice(0, 12)
  const query = parameters.map(([name, value]) => `${name}=${value}`).join('&')
  const segments = path.split('/').slice(1, 12).map(decode)
  const kinds = segments.map(kindOf)
  const parts = parameters.map(([name, value]) => `${name}=${kindOf(value)}`).toSorted()
  return {
    key: `${host}${path}${query === '' ? '' : `?${query}`}${parsed.hash.startsWith('#!') ? parsed.hash : ''}`,
    host,
    kinds: kinds.join('/') + (parts.length === 0 ? '' : `?${parts.join('&')}`),
    prefix: segments.length > 1 ? (segments[0] ?? '') : '',
    promise: promiseOf(segments, kinds, parameters),
  }
}

function promiseOf(segments: string[], kinds: string[], parameters: [string, string][]): number {
  const last = kinds.at(-1) ?? ''
  const isFile = FILE.test(segments.at(-1) ?? '')
  if (isFile) return -1
  const [first = ''] = segments
  if (parameters.length > 0 && kinds.length <= 2) {
    if (
      parameters.every(([name]) =>
        /^(?:s|q|query|search|paged?|cat|tag|author|lang|sort|p?start|offset|view)$/i.test(name),
      )
    )
      return -0.8
    // `?p=123`, `article.php?id=7`: old systems keep all their pages in one.
    return parameters.some(([, value]) => /^\d+$/.test(value)) ? 0.4 : -0.2
  }
  if (segments.length === 0) return -1
  if (segments.some((segment, at) => MACHINE.test(segment) && (at === 0 || at === segments.length - 2))) return -0.7
  if (/^\d{1,3}$/.test(segments.at(-1) ?? '') && /^page/i.test(segments.at(-2) ?? '')) return -1
  let promise = segments.length === 1 ? -0.2 : 0
  if (kinds.includes('Y')) promise += kinds.at(-1) === 'Y' || last === '9' ? -0.2 : 0.6
  if (last.startsWith('S')) promise += 0.6
  else if (last.startsWith('#')) promise += 0.5
  else if (last.startsWith('t')) promise += 0.2
  else if (segments.length === 1) promise -= 0.3
  if (/\.\w{2,5}$/.test(last)) promise += 0.2
  if (first.length === 2 && segments.length === 1) promise -= 0.3
  return Math.max(-1, Math.min(1, promise))
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** `Y` a year, `9` a small number, `#` a number or code, `S` a slug of several words, `t` one of two, `w` a word. */
function kindOf(segment: string): string {
  const [, stem = segment, ending = ''] = /^(.+?)(\.[a-z]{2,5})?$/i.exec(segment) ?? []
  return kindOfStem(stem) + ending.toLowerCase()
}

function kindOfStem(stem: string): string {
  if (/^(?:19|20)\d\d$/.test(stem)) return 'Y'
  if (/^\d{1,2}$/.test(stem)) return '9'
  if (/^(?:19|20)\d\d-?[01]\d(?:-?[0-3]\d)?$/.test(stem)) return 'Y'
  if (/^[\da-f-]{8,}$/i.test(stem) && /\d/.test(stem)) return '#'
  if (/^\w{0,3}\d{3,}$/.test(stem)) return '#'
  const joints = stem.match(/[-_+ ~,]/g)?.length ?? 0
  if (joints >= 2 || stem.length >= 24) return 'S'
  // In other scripts than Latin one segment of eight letters is a phrase.
  if (/[^\u0000-\u024f]/.test(stem)) return stem.length >= 6 ? 'S' : 't'
  if (/\d{4,}/.test(stem)) return '#'
  return joints === 1 ? 't' : 'w'
}
