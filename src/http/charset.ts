/** Bytes to text: charset by byte order mark, Content-Type, what the document declares, and else a guess that holds. */

/** How far into a document its own declaration is looked for. HTML asks for 1,024 bytes; real pages need more. */
const PRESCAN_BYTES = 8 * 1024

/** The text of a body. Bytes that are wrong in its charset become U+FFFD. */
export function decodeText(body: Uint8Array, contentType: string | undefined): string {
  const charset = charsetOf(body, contentType)
  if (charset !== undefined) return new TextDecoder(charset).decode(body)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    // Nothing says what it is and it is not UTF-8: the legacy default of the web (HTML, section 13.2.3.2).
    return new TextDecoder('windows-1252').decode(body)
  }
}

/** The charset that a body is said to have, as a label that TextDecoder knows, if anything says so. */
export function charsetOf(body: Uint8Array, contentType: string | undefined): string | undefined {
  return markedCharset(body) ?? knownLabel(charsetParameter(contentType)) ?? declaredCharset(body)
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
