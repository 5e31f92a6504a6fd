/** By what an article is known again: its address in one spelling, its keys, its hash, and the id minted from them. */
import { createHash } from 'node:crypto'
import { absolute, parseUrl, withoutTracking } from './links.ts'

/**
 * The address in its one spelling: absolute, without tracking, fragment, default port and user name. What is no web
 * address (a file on this machine) comes back as it is, without its fragment.
 */
export function canonicalUrl(url: string): string {
  const web = absolute(url, url)
  if (web === undefined) return url.trim().split('#', 1)[0] ?? ''
  const parsed = new URL(withoutTracking(web))
  // `#!` was a way to name pages before sites could do better.
  if (!parsed.hash.startsWith('#!')) parsed.hash = ''
  // An empty query (`…?`) is none.
  if (parsed.search === '') parsed.search = ''
  return parsed.href
}

/** Every name by which the source may speak of it again: none of them depends on scheme, `www.`, tracking or a last slash. */
export function aliasKeys({ url, guid }: { url: string; guid?: string | undefined }): string[] {
  const name = guid?.trim()
  return [
    ...(name === undefined || name === '' ? [] : [`guid:${/^https?:\/\//i.test(name) ? schemeless(name) : name}`]),
    `url:${schemeless(url)}`,
  ]
}

/**
 * Addresses at which the page at `url` may also stand: with and without what AMP, mobile and print versions add to an
 * address, and out of the caches of AMP pages. To look one up by, and never to keep: that they are one article is likely
 * and not sure. The address itself is not among them.
 */
export function addressVariants(url: string): string[] {
  const parsed = parseUrl(canonicalUrl(url))
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return []
  const cached = AMP_CACHE.exec(`${parsed.host}${parsed.pathname}`)?.[1]
  const plain = URL.parse(cached === undefined ? parsed.href : `https://${cached}${parsed.search}`) ?? parsed
  plain.hostname = plain.hostname.replace(/^(?:www\.)?(?:amp|m|mobile|mobil|wap|touch)\.(?=[^.]+\.)/i, '')
  // Emptied and not deleted: that would spell the whole query anew.
  plain.search = plain.search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '' && !VERSION_PARAMETER.test(part))
    .join('&')
  const path = plain.pathname.replace(/\/+$/, '')
  const paths = new Set([path, path.replace(/^\/(?:amp|m|mobile|print)(?=\/)/i, ''), ...VERSION_ENDINGS.map((end) => path.replace(end, '$1'))]) // prettier-ignore
  const found = [...paths].map((pathname) => {
    const variant = new URL(plain.href)
    variant.pathname = pathname
    return variant.href
  })
  return [...new Set(found)].filter((variant) => schemeless(variant) !== schemeless(url))
}

// `www.google.com/amp/s/HOST/PATH`, `HOST-with-hyphens.cdn.ampproject.org/c/s/HOST/PATH`
const AMP_CACHE =
  /^(?:(?:www\.)?google\.[a-z.]+\/amp|[a-z0-9-]+\.cdn\.ampproject\.org\/[a-z]{1,2})\/(?:s\/)?([^/]+\.[^/]+\/.+)$/i

const VERSION_PARAMETER =
  /^(?:amp|mobile|m|print|printable|printpage|view|output|outputType|format|layout|version)(?:=(?:1|0|true|yes|amp|mobile|print|printable|html|desktop|full)?)?$/i

const VERSION_ENDINGS = [
  /(\/[^/]+)\/(?:amp|print|mobile|m|drucken|imprimer|imprimir|stampa)$/i,
  /(\/[^/]+)[.-](?:amp|print|mobile)$/i,
  /(\/[^/]+)[.-](?:amp|print|mobile)\.[a-z]{3,5}$/i,
  /^(.*)\/index\.[a-z]{3,5}$/i,
  /(\/[^/]+?)[.-](?:amp|print)(?=\.s?html?$)/i,
]

/** The address without scheme and host, in one spelling: it stays when a site moves. */
export function urlPath(url: string): string {
  const parsed = parseUrl(canonicalUrl(url))
  if (parsed === undefined) return url
  return (parsed.pathname.replace(/\/+$/, '') || '/') + parsed.search + parsed.hash
}

function schemeless(url: string): string {
  const parsed = parseUrl(canonicalUrl(url))
  if (parsed === undefined || parsed.host === '') return canonicalUrl(url)
  return parsed.host.replace(/^www\./, '') + urlPath(url)
}

/** SHA-256, in hexadecimal, of title and text as a reader sees them: white space and Unicode form do not count. */
export function contentHash(title: string, text: string): string {
  const even = (part: string) => part.normalize('NFC').replace(/\s+/g, ' ').trim()
  return createHash('sha256')
    .update(`${even(title)}\n${even(text)}`)
    .digest('hex')
}

/** The UUID (version 8, RFC 9562 section 5.8) of what a source calls by this guid or address: the same for ever. */
export function mintId(sourceId: string, guidOrUrl: string): string {
  const bytes = createHash('sha256').update(`${sourceId}\n${guidOrUrl}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** What two sightings of one source are compared by. */
export interface Sighting {
  url: string
  title: string
  hash: string
  publishedAt?: Date | undefined
}

/**
 * Whether two sightings of one source are one article, although no key of theirs is the same: the site moved or gave a
 * new slug. One thing may have changed, so the rest must agree. A wrong yes swallows an article and a wrong no shows one
 * twice; where nothing but the title speaks for it, the answer is no.
 */
export function isSameArticle(known: Sighting, fresh: Sighting): boolean {
  if (schemeless(known.url) === schemeless(fresh.url)) return true
  const isSamePath = urlPath(known.url) === urlPath(fresh.url)
  const dates = compareDates(known.publishedAt, fresh.publishedAt)
  // The same words on another day at another path are the next of a series: a weekly form, a notice that returns.
  if (known.hash === fresh.hash) return isSamePath || dates !== 'apart'
  const isSameTitle = evenTitle(known.title) === evenTitle(fresh.title) && evenTitle(fresh.title) !== ''
  return isSameTitle && dates === 'same' && (isSamePath || isSameHost(known.url, fresh.url))
}

const DAY_MS = 86_400_000

/** `same` to the second, for a moment that is no bare date. */
function compareDates(a: Date | undefined, b: Date | undefined): 'same' | 'near' | 'apart' {
  if (a === undefined || b === undefined) return 'near'
  if (a.getTime() === b.getTime()) return a.getTime() % DAY_MS === 0 ? 'near' : 'same'
  return Math.abs(a.getTime() - b.getTime()) <= DAY_MS ? 'near' : 'apart'
}

function isSameHost(a: string, b: string): boolean {
  const hostOf = (url: string) => parseUrl(url)?.host.replace(/^www\./, '')
  return hostOf(a) === hostOf(b)
}

/** A title for comparison: its letters and digits, in small letters. */
export function evenTitle(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
