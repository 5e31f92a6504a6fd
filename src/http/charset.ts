/** Bytes to text: charset by byte order mark, Content-Type and what the document declares, where the bytes agree. */

import { isAscii, isUtf8 } from 'node:buffer'
import { errors, guessCharset, isWestern, sampleOf, utf16Of } from './charset-guess.ts'

/** How far into a document its own declaration is looked for. HTML asks for 1,024 bytes; real pages need more. */
const PRESCAN_BYTES = 8 * 1024

/** The text of a body. Bytes that are wrong in its charset become U+FFFD. */
export function decodeText(body: Uint8Array, contentType: string | undefined): string {
  return new TextDecoder(charsetOf(body, contentType)).decode(body)
}

/** A share of wrong signs up to here is damage; beyond it, the charset is not what it is said to be. */
const DAMAGE = 0.02

/** Signs of several bytes that are right in UTF-8 are so by no accident: where most are, others were pasted in. */
const DAMAGE_OF_UTF8 = 0.3

/**
 * The charset of a body, as TextDecoder calls it: its byte order mark, the header, what the document declares, as long as the
 * bytes do not say otherwise. Servers name a charset for files that they know nothing of, and templates outlive conversions.
 */
export function charsetOf(body: Uint8Array, contentType: string | undefined): string {
  const marked = markedCharset(body) ?? utf16Of(body)
  if (marked !== undefined) return marked
  const stated = [knownLabel(charsetParameter(contentType)), declaredCharset(body)].filter((one) => one !== undefined)
  const [first] = stated
  if (first?.startsWith('utf-16') === true && body.subarray(0, 1024).includes(0)) return first
  // What is all ASCII is the same in any of them; but for one, whose escape sequences are ASCII.
  if (isAscii(body)) return first === undefined || first.startsWith('utf-16') ? 'utf-8' : first
  if (isUtf8(body)) return first !== undefined && mayBeBoth(body, first) ? first : 'utf-8'
  const sample = sampleOf(body)
  return stated.find((charset) => reads(sample, charset)) ?? guessed(sample, first)
}

/** Whether the bytes can be what they are said to be. Nearly any byte is a letter in charsets of one byte. */
function reads(sample: Uint8Array, charset: string): boolean {
  if (charset.startsWith('utf-16')) return false
  if (charset === 'windows-1252') return isWestern(sample)
  return errors(sample, charset) <= (charset === 'utf-8' ? DAMAGE_OF_UTF8 : DAMAGE)
}

/** With so few letters outside of ASCII, what is said of them is as good as what they look like. */
const FEW = 3

function guessed(sample: Uint8Array, stated: string | undefined): string {
  const isFew = sample.filter((byte) => byte >= 0x80).length < FEW
  return isFew && stated !== undefined && !stated.startsWith('utf-16') ? stated : guessCharset(sample)
}

/** Pairs of bytes of a short text may be signs of an East Asian charset as well as letters in UTF-8. */
function mayBeBoth(body: Uint8Array, charset: string): boolean {
  if (!/^(?:gb|euc|shift|big5)/.test(charset)) return false
  const sample = sampleOf(body)
  const signs = new TextDecoder().decode(sample).match(/[^\x00-\x7f]/g) ?? []
  return signs.length < 8 && signs.every((sign) => sign < '\u0800') && errors(sample, charset) === 0
}

function markedCharset(body: Uint8Array): string | undefined {
  const [a, b, c] = body
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return undefined
}

function charsetParameter(contentType: string | undefined): string | undefined {
  const found = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]+))/i.exec(contentType ?? '')
  return found?.[1] ?? found?.[2] ?? found?.[3]
}

/** The XML declaration (XML 1.0, appendix F) or a `meta` element (HTML, section 13.2.3.2). */
function declaredCharset(body: Uint8Array): string | undefined {
  const [a, b, c, d] = body
  if (a === 0x3c && b === 0 && c === 0x3f && d === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c && c === 0 && d === 0x3f) return 'utf-16be'
  const head = new TextDecoder('latin1').decode(body.subarray(0, PRESCAN_BYTES))
  const xml = /^\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([^"'>]+)["']/.exec(head)?.[1]
  const label = knownLabel(xml) ?? metaCharset(head)
  // What could be read as ASCII so far is not UTF-16, whatever it says of itself.
  return label?.startsWith('utf-16') === true ? 'utf-8' : label
}

function metaCharset(head: string): string | undefined {
  const visible = head.replace(/<!--[\s\S]*?(?:-->|$)/g, '')
  for (const [tag] of visible.matchAll(/<meta[\s/][^>]*>/gi)) {
    const attributes = attributesOf(tag)
    const own = knownLabel(attributes.get('charset'))
    if (own !== undefined) return own
    if (attributes.get('http-equiv')?.toLowerCase() === 'content-type') {
      const label = knownLabel(/charset\s*=\s*["']?([^\s"';]+)/i.exec(attributes.get('content') ?? '')?.[1])
      if (label !== undefined) return label
    }
  }
  return undefined
}

function attributesOf(tag: string): Map<string, string> {
  const found = tag.matchAll(/([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g)
  return new Map([...found].map(([, name = '', ...values]) => [name.toLowerCase(), values.join('')]))
}

/** The label as the encoding standard names it, where it knows it. */
function knownLabel(label: string | undefined): string | undefined {
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label.trim()).encoding
  } catch {
    return undefined
  }
}
