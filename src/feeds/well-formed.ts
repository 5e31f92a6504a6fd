/**
 * Reads a whole file at every publish, as a stream: is it well-formed XML with namespaces?
 *
 * Stricter than XML 1.0 where that costs us nothing (names in ASCII, UTF-8, no document type, `"` and `'` alike), so it may
 * refuse what is well-formed, but never lets through what saxes refuses: a property test holds the two against each other.
 */

/** What Char of XML 1.0 §2.2 leaves out; lone surrogates are looked for by themselves. */
const NO_CHAR = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?'
// Not `\s`, which is a good deal more than XML's white space.
const S = '[ \\t\\r\\n]'
const START = new RegExp(`<(${NAME})((?:${S}+${NAME}${S}*=${S}*(?:"[^"<]*"|'[^'<]*'))*)${S}*(/?)>`, 'y')
const END = new RegExp(`</(${NAME})${S}*>`, 'y')
const ATTRIBUTE = new RegExp(`(${NAME})${S}*=${S}*(?:"([^"]*)"|'([^']*)')`, 'g')
const DECLARATION = new RegExp(
  `<\\?xml${S}+version${S}*=${S}*(["'])1\\.0\\1(?:${S}+encoding${S}*=${S}*(["'])[Uu][Tt][Ff]-8\\2)?${S}*\\?>`,
  'y',
)
const INSTRUCTION = /<\?(?!xml[ \t\r\n?])[A-Za-z_][\w.-]*(?:[ \t\r\n][^?]*(?:\?(?!>)[^?]*)*)?\?>/iy
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));/y

const XML = 'http://www.w3.org/XML/1998/namespace'
const XMLNS = 'http://www.w3.org/2000/xmlns/'

type Scope = Readonly<Record<string, string>>

/** Takes what is read, in its order. */
export interface Taker {
  /** `{namespace}local`, and the attributes as they are written, prefix and all. */
  start(name: string, attributes: Record<string, string>): void
  text(text: string): void
  end(): void
}

interface Open {
  name: string
  scope: Scope
}

/**
 * How many elements of that name, prefix and all, there are in the file.
 * @throws Error with line and column at the first thing that is not well-formed.
 */
export function scanXml(xml: string, counted: string, taker?: Taker): number {
  checkCharacters(xml)
  return scanStructure(xml, counted, taker)
}

/** @throws Error where a character is none of XML's. */
function checkCharacters(xml: string): void {
  if (!xml.isWellFormed()) throw fault(xml, lonePlace(xml), 'a lone surrogate')
  const control = xml.search(NO_CHAR)
  if (control !== -1) throw fault(xml, control, 'a character that XML has no place for')
}

/** The same of a text whose every character is known to be one of XML's, because each of its pieces was read before. */
export function scanStructure(xml: string, counted: string, taker?: Taker): number {
  const open: Open[] = []
  let scope: Scope = { xml: XML }
  let count = 0
  let hasRoot = false
  let at = match(DECLARATION, xml, 0)?.[0].length ?? 0
  while (at < xml.length) {
    const next = xml.indexOf('<', at)
    const end = next === -1 ? xml.length : next
    if (end > at) checkText(xml, at, end, open.length > 0)
    if (end > at && taker && open.length > 0) taker.text(decode(xml.slice(at, end)))
    if (next === -1) break
    at = next
    const kind = xml[at + 1]
    if (kind === '!') {
      const start = at
      at = skipSection(xml, at, open.length > 0)
      if (taker && xml[start + 2] === '[') taker.text(endOfLine(xml.slice(start + 9, at - 3)))
    } else if (kind === '?') at += (match(INSTRUCTION, xml, at) ?? refuse(xml, at, 'a faulty instruction'))[0].length
    else if (kind === '/') {
      const element = open.pop()
      const name = element?.name ?? ''
      const isUsual = element !== undefined && xml[at + 2 + name.length] === '>' && xml.startsWith(name, at + 2)
      const [tag, ended] = isUsual ? [`</${name}>`, name] : (match(END, xml, at) ?? refuse(xml, at, 'a faulty end tag'))
      if (element === undefined || name !== ended) throw fault(xml, at, `the end of ${ended} where another is open`)
      scope = element.scope
      taker?.end()
      at += tag.length
    } else {
      const found = match(START, xml, at) ?? refuse(xml, at, 'a faulty start tag')
      const [tag, name = '', attributes = '', empty] = found
      if (open.length === 0 && hasRoot) throw fault(xml, at, 'a second root element')
      hasRoot = true
      const outer = scope
      scope = readAttributes(xml, at, name, attributes, scope)
      if (name === counted) count++
      taker?.start(expandedName(name, scope), taken(attributes))
      if (empty === '/') {
        scope = outer
        taker?.end()
      } else open.push({ name, scope: outer })
      at += tag.length
    }
  }
  if (open.length > 0) throw fault(xml, xml.length, `the end of the file where ${open.at(-1)?.name ?? ''} is open`)
  if (!hasRoot) throw fault(xml, xml.length, 'no root element')
  return count
}

/** `{namespace}local`. */
function expandedName(name: string, scope: Scope): string {
  const colon = name.indexOf(':')
  return `{${scope[colon === -1 ? '' : name.slice(0, colon)] ?? ''}}${name.slice(colon + 1)}`
}

function taken(attributes: string): Record<string, string> {
  if (attributes === '') return {}
  const found = [...attributes.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => [
    key,
    // White space in an attribute is read as spaces (XML 1.0 §3.3.3), unless it is written as a reference.
    decode((double ?? single ?? '').replace(/\r\n|[\t\n\r]/g, ' ')),
  ])
  return Object.fromEntries(found) as Record<string, string>
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decode(text: string): string {
  if (!text.includes('&')) return endOfLine(text)
  return endOfLine(text).replace(/&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g, (_, hexadecimal, decimal, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? ''
    const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hexadecimal), 16)
    return String.fromCodePoint(code)
  })
}

/** XML 1.0 §2.11. */
function endOfLine(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/** CDATA and comments; a document type is refused, because with one a feed can say anything. */
function skipSection(xml: string, at: number, isInside: boolean): number {
  if (xml.startsWith('<![CDATA[', at)) {
    if (!isInside) throw fault(xml, at, 'CDATA outside the root element')
    const end = xml.indexOf(']]>', at + 9)
    if (end === -1) throw fault(xml, at, 'CDATA without an end')
    return end + 3
  }
  if (!xml.startsWith('<!--', at)) throw fault(xml, at, 'a declaration that feeds must not have')
  const end = xml.indexOf('--', at + 4)
  if (end === -1 || xml[end + 2] !== '>') throw fault(xml, at, 'a faulty comment')
  return end + 3
}

function checkText(xml: string, from: number, to: number, isInside: boolean): void {
  if (!isInside) {
    if (!/^[ \t\r\n]*$/.test(xml.slice(from, to))) throw fault(xml, from, 'text outside the root element')
    return
  }
  const text = xml.slice(from, to)
  const stray = text.indexOf(']]>')
  if (stray !== -1) throw fault(xml, from + stray, 'a stray ]]>')
  checkReferences(xml, from, text)
}

function checkReferences(xml: string, from: number, text: string): void {
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    const [, decimal, hexadecimal] = match(REFERENCE, text, at) ?? refuse(xml, from + at, 'a faulty reference')
    const code = decimal ? Number(decimal) : hexadecimal ? parseInt(hexadecimal, 16) : undefined
    if (code !== undefined && !isChar(code)) throw fault(xml, from + at, 'a reference to no character of XML')
  }
}

function isChar(code: number): boolean {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false
  return !NO_CHAR.test(String.fromCodePoint(code))
}

/** The namespaces within the element. */
function readAttributes(xml: string, at: number, name: string, attributes: string, outer: Scope): Scope {
  let scope = outer
  const prefixed: string[] = []
  // One attribute that means nothing to namespaces is always right.
  const isPlain = !/[&:]|xmlns/.test(attributes) && attributes.indexOf('=') === attributes.lastIndexOf('=')
  if (attributes !== '' && !isPlain) {
    if (attributes.includes('&')) checkReferences(xml, at + 1 + name.length, attributes)
    const seen = new Set<string>()
    for (const [, key = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
      if (seen.has(key)) throw fault(xml, at, `a second attribute ${key}`)
      seen.add(key)
      const value = double ?? single ?? ''
      if (key === 'xmlns' || key.startsWith('xmlns:'))
        scope = { ...scope, [key.slice(6)]: declared(xml, at, key, value) }
      else if (key.includes(':')) prefixed.push(key)
    }
  }
  const names = new Set<string>()
  for (const key of prefixed) {
    const expanded = `${namespaceOf(xml, at, key, scope)} ${key.slice(key.indexOf(':') + 1)}`
    if (names.has(expanded)) throw fault(xml, at, `a second attribute ${key} under another prefix`)
    names.add(expanded)
  }
  if (name.includes(':')) namespaceOf(xml, at, name, scope)
  return scope
}

/** Namespaces in XML 1.0 §3: what may be declared. */
function declared(xml: string, at: number, key: string, uri: string): string {
  const isReserved = uri === XML || uri === XMLNS || key === 'xmlns:xml' || key === 'xmlns:xmlns'
  const isEmpty = key !== 'xmlns' && uri === ''
  // An address with references in it could be another one in disguise.
  if (isReserved || isEmpty || uri.includes('&')) throw fault(xml, at, `a declaration of ${key} that is not allowed`)
  return uri
}

function namespaceOf(xml: string, at: number, name: string, scope: Scope): string {
  const prefix = name.slice(0, name.indexOf(':'))
  const uri = Object.hasOwn(scope, prefix) ? scope[prefix] : undefined
  if (uri === undefined) throw fault(xml, at, `the prefix ${prefix}, which is not declared`)
  return uri
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function refuse(xml: string, at: number, what: string): never {
  throw fault(xml, at, what)
}

function fault(xml: string, at: number, what: string): Error {
  const before = xml.slice(0, at)
  const line = before.split('\n').length
  return new Error(`${line}:${at - before.lastIndexOf('\n')}: ${what}`)
}

function lonePlace(xml: string): number {
  return xml.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
}
