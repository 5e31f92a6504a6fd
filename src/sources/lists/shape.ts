/** The shape of an address: what the addresses of a site's articles have in common, and menus have not. */
import { getDomain } from 'tldts'

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
/** What these hold is never an article, however deep they are. */
const FILING = /^(?:page|tags?|category|categories|authors?|search|label)$/i
const FILE =
  /\.(?:jpe?g|png|gif|webp|avif|svg|pdf|zip|mp3|m4a|ogg|mp4|webm|xml|rss|atom|json|css|js|ics|docx?|xlsx?|epub|apk|exe)$/i

/** Nothing for what is no web address. */
export function shapeOf(url: string, given: Parameters = NONE): Shape | undefined {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined
  const host = parsed.host.replace(/^www\./, '')
  const path = parsed.pathname.replace(/\/+$/, '')
  const parameters = [...parsed.searchParams].filter(([name]) => !saysWhence(name, given)).slice(0, 12)
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
  if (segments.length <= 2 && MACHINE.test(first)) return -0.7
  if (segments.length > 2 && FILING.test(segments.at(-2) ?? '')) return -0.7
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

const SAYS_WHENCE =
  /^(?:ref|from|src|source|via|pos|position|cmp|int_?cmp|intcid|itm_\w+|partner|link_?(?:source|from|id)|origin|campaign|trk|track\w*)$/i

/** What the parameters of a site's addresses are for, as far as one page of it shows. */
export interface Parameters {
  /** They name pages, though elsewhere they only say whence. */
  naming: ReadonlySet<string>
  /** They say the same wherever they stand, and name nothing. */
  idle: ReadonlySet<string>
}

const NONE: Parameters = { naming: new Set(), idle: new Set() }

function saysWhence(name: string, { naming, idle }: Parameters): boolean {
  return TRACKING.test(name) || idle.has(name) || (SAYS_WHENCE.test(name) && !naming.has(name))
}

/** The address without parameters that only say where on the page it was followed. */
export function withoutWhence(url: string, parameters: Parameters = NONE): string {
  const parsed = url.includes('?') ? URL.parse(url) : null
  const left = [...(parsed?.searchParams.keys() ?? [])].filter((name) => saysWhence(name, parameters))
  if (parsed === null || left.length === 0) return url
  for (const name of left) parsed.searchParams.delete(name)
  return parsed.href
}

const OF_LANGUAGE = /^(?:l|hl|lang|language|locale|sprache|langue|idioma|edition|region)$/i

/** Looks at all addresses of a page. */
export function learnParameters(urls: readonly string[]): Parameters {
  const values = new Map<string, Set<string>>()
  const uses = new Map<string, { count: number; paths: Set<string>; values: Set<string> }>()
  for (const url of urls) {
    const parsed = url.includes('?') ? URL.parse(url) : null
    if (parsed === null) continue
    const path = parsed.host + parsed.pathname
    // Where the path names the article already, its parameters need not.
    const isNamed = /[S#]/.test(kindOf(decode(parsed.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '')))
    for (const [name, value] of [...parsed.searchParams].slice(0, 12)) {
      if (SAYS_WHENCE.test(name)) {
        const key = `${name} ${withoutWhence(url)}`
        const known = values.get(key) ?? new Set()
        if (known.size < 5) known.add(value)
        values.set(key, known)
      }
      const use = uses.get(name) ?? { count: 0, paths: new Set(), values: new Set() }
      use.count++
      if (isNamed && use.paths.size < 1000) use.paths.add(path)
      if (use.values.size < 1000) use.values.add(value)
      uses.set(name, use)
    }
  }
  const naming = [...values].flatMap(([key, { size }]) => (size > 4 ? [key.slice(0, key.indexOf(' '))] : []))
  const idle = [...uses].flatMap(([name, { count, paths, values: said }]) =>
    paths.size >= 4 && paths.size > count * 0.6 && said.size <= paths.size / 2 && !OF_LANGUAGE.test(name) ? [name] : [],
  )
  return { naming: new Set(naming), idle: new Set(idle) }
}

/** Whether two hosts are of one site. */
export function isSameSite(host: string, own: string): boolean {
  return host === own || (getDomain(host) ?? host) === (getDomain(own) ?? own)
}

/** What the addresses of one kind of page have in common. */
export function shapeNameOf({ host, kinds }: Shape): string {
  return `${host} ${kinds}`
}

/** The same, with how they begin where that is all that tells articles from other pages. */
export function usualNameOf(shape: Shape): string {
  return shape.promise >= 0.65 ? shapeNameOf(shape) : `${shapeNameOf(shape)} ${shape.prefix}`
}
