/** Which addresses may be read at all: http and https on the public internet, and what the config lets through. */
import ipaddr from 'ipaddr.js'
import { Failure } from '../failures.ts'

/** HOST:PORTs that may be read although they are private, as `readAllowed` wrote them. */
export type Allowed = ReadonlySet<string>

/** What is not the internet: IANA's special-purpose registries, and every way to wrap such an address into another one. */
const SPECIAL_V4 = [
  ['0.0.0.0/8', 'this network, RFC 791'],
  ['10.0.0.0/8', 'private, RFC 1918'],
  ['100.64.0.0/10', 'carrier-grade NAT, RFC 6598'],
  ['127.0.0.0/8', 'loopback, RFC 1122'],
  ['169.254.0.0/16', 'link-local, RFC 3927'],
  ['172.16.0.0/12', 'private, RFC 1918'],
  ['192.0.0.0/24', 'protocol assignments, RFC 6890'],
  ['192.0.2.0/24', 'documentation, RFC 5737'],
  ['192.31.196.0/24', 'AS112, RFC 7535'],
  ['192.52.193.0/24', 'AMT, RFC 7450'],
  ['192.88.99.0/24', '6to4 relays, RFC 7526'],
  ['192.168.0.0/16', 'private, RFC 1918'],
  ['192.175.48.0/24', 'AS112, RFC 7534'],
  ['198.18.0.0/15', 'benchmarks, RFC 2544'],
  ['198.51.100.0/24', 'documentation, RFC 5737'],
  ['203.0.113.0/24', 'documentation, RFC 5737'],
  ['224.0.0.0/4', 'multicast, RFC 5771'],
  ['240.0.0.0/4', 'reserved and broadcast, RFC 1112 and 919'],
] as const

/** IPv6 has one block of public addresses (RFC 4291); what is special inside it is named, all outside it is refused. */
const PUBLIC_V6 = '2000::/3'
const SPECIAL_V6 = [
  ['2001::/23', 'protocol assignments, Teredo, benchmarks, ORCHID, RFC 2928'],
  ['2001:db8::/32', 'documentation, RFC 3849'],
  ['2002::/16', '6to4, RFC 3056'],
  ['2620:4f:8000::/48', 'AS112, RFC 7534'],
  ['3fff::/20', 'documentation, RFC 9637'],
] as const

const specialV4 = SPECIAL_V4.map(([range]) => ipaddr.IPv4.parseCIDR(range))
const publicV6 = ipaddr.IPv6.parseCIDR(PUBLIC_V6)
const specialV6 = SPECIAL_V6.map(([range]) => ipaddr.IPv6.parseCIDR(range))

/**
 * Whether an IP address, as a resolver or a socket writes it, is one of the public internet. An IPv4 address inside an
 * IPv6 one (mapped, compatible, NAT64, 6to4, Teredo) never is: no server on the internet is reached by such a one alone.
 */
export function isPublic(address: string): boolean {
  const bare = address.replace(/%.*$/, '')
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) {
    const ip = ipaddr.IPv4.parse(bare)
    return !specialV4.some((range) => ip.match(range))
  }
  if (!ipaddr.IPv6.isValid(bare)) return false
  const ip = ipaddr.IPv6.parse(bare)
  return ip.match(publicV6) && !specialV6.some((range) => ip.match(range))
}

/** Whether a host of a URL is an IP address and no name. */
export function isLiteral(hostname: string): boolean {
  return ipaddr.isValid(unbracketed(hostname))
}

/** The `fetch.allow` of the config in the spelling by which it is compared. Each is `HOST:PORT`, IPv6 in brackets. */
export function readAllowed(entries: readonly string[]): Allowed {
  return new Set(
    entries.map((entry) => {
      const authority = readAuthority(entry)
      if (authority === undefined) throw new Failure('http.address', { allow: entry, reason: 'it is not HOST:PORT' })
      return authority
    }),
  )
}

/** One `HOST:PORT` in the spelling by which it is compared, if it is one. */
export function readAuthority(entry: string): string | undefined {
  const port = /^[^\s/?#@*]+:(\d{1,5})$/.exec(entry)?.[1]
  if (port === undefined || !URL.canParse(`http://${entry}/`)) return undefined
  return `${unbracketed(new URL(`http://${entry}/`).hostname)} ${Number(port)}`
}

/** Whether the config lets exactly this host and port through, whatever its address. Port '' is the scheme's own. */
export function isAllowed(allowed: Allowed, at: { hostname: string; port: string; protocol: string }): boolean {
  const port = at.port === '' ? (at.protocol === 'https:' ? '443' : '80') : at.port
  return allowed.has(`${unbracketed(at.hostname)} ${port}`)
}

/**
 * The address as a URL without its fragment, when it may be read as far as can be told before its host is looked up.
 * The host of a URL has one spelling: `new URL` has made 127.0.0.1 of 2130706433, 0x7f.1 and 0177.0.0.1 already.
 * Throws Failure `http.address` or `http.private`.
 */
export function checkAddress(text: string | URL, allowed: Allowed): URL {
  if (!URL.canParse(text.toString()))
    throw new Failure('http.address', { url: text.toString(), reason: 'it is no URL' })
  const url = new URL(text)
  url.hash = ''
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Failure('http.address', { url: shown(url), reason: `it begins with ${url.protocol}` })
  if (url.username !== '' || url.password !== '')
    throw new Failure('http.address', { url: shown(url), reason: 'it holds a name or a password' })
  if (isLiteral(url.hostname) && !isPublic(unbracketed(url.hostname)) && !isAllowed(allowed, url))
    throw new Failure('http.private', { url: shown(url), address: unbracketed(url.hostname) })
  return url
}

/** An address for messages: without name and password. */
export function shown(url: URL): string {
  const copy = new URL(url)
  copy.username = ''
  copy.password = ''
  return copy.href
}

export function unbracketed(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
