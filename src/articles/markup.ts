/**
 * Reads untrusted HTML into a cheerio document within bounds of time, memory and depth.
 *
 * The parser is parse5, cheerio's own: what it makes of broken mark-up is what a browser makes of it, so what is judged
 * here is what would have run there. Two things precede it. A linear scan cuts what is never looked at (script, style,
 * comments) and what parse5 takes quadratic time for (thousands of attributes in one tag). And its tree may cost only
 * so much: a document beyond that is scanned again, to paragraphs, headings and pictures without any nesting.
 */
import { type CheerioAPI, load } from 'cheerio'
import { type Element, isTag } from 'domhandler'
import { adapter } from 'parse5-htmlparser2-tree-adapter'

const LONGEST = 5_000_000
/** Chromium and WebKit go as deep as this. */
const DEEPEST = 512
/** Elements, and steps over elements that are open or were moved: ten times what the heaviest real pages need. */
const MOST_ELEMENTS = 300_000
const MOST_STEPS = 15_000_000
const MOST_ATTRIBUTES = 100

/** `keepData` leaves JSON-LD scripts in, which `metadata.ts` reads; no other script is ever in the document. */
export function parseHtml(html: string, { keepData = false } = {}): CheerioAPI {
  const text = html.slice(0, LONGEST).toWellFormed()
  try {
    return parse(trim(text, { keepData, flat: false }))
  } catch (thrown) {
    if (!(thrown instanceof TooCostly)) throw thrown
    return parse(trim(text, { keepData, flat: true }))
  }
}

/** The body of a document that the parser made: it makes one of any page but one of frames. */
export function bodyOf($: CheerioAPI): Element | undefined {
  const html = $.root()[0]?.children.find((node) => isTag(node) && node.name === 'html')
  const body = html !== undefined && isTag(html) ? html.children.find((node) => isTag(node) && node.name === 'body') : undefined // prettier-ignore
  return body !== undefined && isTag(body) ? body : undefined
}

class TooCostly extends Error {}

function parse(html: string): CheerioAPI {
  let depth = 0
  let elements = 0
  let steps = 0
  const spend = (count: number) => {
    steps += count
    if (steps > MOST_STEPS) throw new TooCostly()
  }
  const treeAdapter: typeof adapter = {
    ...adapter,
    createElement: (name, namespace, attributes) => {
      if (++elements > MOST_ELEMENTS) throw new TooCostly()
      return adapter.createElement(name, namespace, attributes)
    },
    onItemPush: () => {
      if (++depth > DEEPEST) throw new TooCostly()
      spend(depth)
    },
    onItemPop: () => {
      depth--
    },
    insertBefore: (parent, node, reference) => {
      spend(parent.children.length)
      adapter.insertBefore(parent, node, reference)
    },
    insertTextBefore: (parent, text, reference) => {
      spend(parent.children.length)
      adapter.insertTextBefore(parent, text, reference)
    },
    detachNode: (node) => {
      spend(node.parent?.children.length ?? 0)
      adapter.detachNode(node)
    },
  }
  // With scripting, as in a browser: `<noscript>` holds text up to its end tag, whatever is left open in it.
  return load(html, { treeAdapter, scriptingEnabled: true })
}

/** Elements whose content is text up to their end tag, whatever it looks like (HTML, 13.2.5.2 to 13.2.5.4). */
const CUT = new Set(['script', 'style', 'iframe', 'noembed', 'noframes'])
const RAW = new Set([...CUT, 'noscript', 'textarea', 'title', 'xmp'])

/** Elements of SVG that nothing depends on but how they look. */
const SHAPES = new Set(['path', 'g', 'rect', 'circle', 'ellipse', 'line', 'polygon', 'polyline', 'use', 'defs', 'stop', 'lineargradient', 'radialgradient', 'clippath', 'mask', 'symbol']) // prettier-ignore

const FLAT = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'br', 'img'])
const FLAT_BREAKS = new Set([
  'div',
  'li',
  'tr',
  'section',
  'article',
  'blockquote',
  'ul',
  'ol',
  'table',
  'pre',
  'dd',
  'dt',
])
/** A page of hundreds of thousands of paragraphs is none. */
const MOST_FLAT_TAGS = 20_000

/** What the parser gets to see of `html`, found in one pass. With `flat`, no element that another could be in. */
function trim(html: string, { keepData, flat }: { keepData: boolean; flat: boolean }): string {
  const pieces: string[] = []
  const unclosed = new Set<string>()
  /** Where the run begins that goes on unchanged: most tags stay as they are written. */
  let from = 0
  let flatTags = 0
  let roots = 0
  let svgs = 0
  const replace = (start: number, end: number, ...written: string[]) => {
    pieces.push(html.slice(from, start), ...written)
    from = end
  }
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    const start = at
    if (html.startsWith('<!--', at)) {
      at = commentEnd(html, at)
      replace(start, at)
      continue
    }
    const tag = readTag(html, at)
    if (tag === undefined) {
      at++
      continue
    }
    at = tag.end
    const { name, isEnd } = tag
    // In svg these may close themselves, and what follows is the page again.
    const isEmpty = svgs > 0 && tag.closesItself
    if (!isEnd && RAW.has(name) && !isEmpty && !unclosed.has(name)) {
      const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
      end.lastIndex = at
      const found = end.exec(html)
      if (found !== null) {
        const text = tag.rewritten ?? html.slice(start, tag.end)
        const isKept = CUT.has(name) ? keepData && /ld\+json/i.test(text) : !flat
        at = readTag(html, found.index)?.end ?? html.length
        // Of a frame its address and title, and nothing that could be in it.
        if (name === 'iframe' && !flat) replace(start, at, text, '</iframe>')
        else if (isKept) replace(start, at, text, html.slice(tag.end, found.index), `</${name}>`)
        else replace(start, at)
        continue
      }
      // Looked for once: a document of nothing but `<title>` would otherwise be searched through for each.
      unclosed.add(name)
      if (flat) {
        replace(start, html.length)
        break
      }
    }
    if (name === 'svg') svgs += isEnd ? -1 : 1
    // Each further body gives its attributes to the first, which the parser compares one by one.
    const isSpare = (name === 'html' || name === 'body') && ++roots > 6
    // Drawings are never shown: their shapes, a tenth of what pages hold, need not be read.
    const isShape = svgs > 0 && !isEnd && SHAPES.has(name)
    const rewritten = isShape ? (isEmpty ? `<${name}/>` : `<${name}>`) : tag.rewritten
    if (isSpare) replace(start, at)
    else if (!flat || name === 'html' || name === 'body') {
      if (rewritten !== undefined) replace(start, at, rewritten)
    } else if (++flatTags > MOST_FLAT_TAGS) replace(start, at, ' ')
    else if (FLAT.has(name) || name === 'base' || name === 'meta') {
      if (rewritten !== undefined) replace(start, at, rewritten)
    } else replace(start, at, FLAT_BREAKS.has(name) ? '<p>' : '')
  }
  pieces.push(html.slice(from))
  return pieces.join('')
}

function commentEnd(html: string, at: number): number {
  if (html.startsWith('>', at + 4)) return at + 5
  if (html.startsWith('->', at + 4)) return at + 6
  const end = /--!?>/g
  end.lastIndex = at + 4
  return end.exec(html) === null ? html.length : end.lastIndex
}

interface Tag {
  name: string
  isEnd: boolean
  /** Whether it ends in `/>`: in svg that counts. */
  closesItself: boolean
  /** As the parser may see it, with a bounded number of attributes, and an end tag with none; where it is not written so. */
  rewritten: string | undefined
  /** Behind its `>`. */
  end: number
}

/** The tag at `at`, read as the HTML tokenizer does (HTML, 13.2.5.6 and on); nothing where the `<` is only text. */
function readTag(html: string, at: number): Tag | undefined {
  const isEnd = html.charCodeAt(at + 1) === SLASH
  const start = isEnd ? at + 2 : at + 1
  if (!isLetter(html.charCodeAt(start))) return undefined
  let end = start
  while (end < html.length && !endsName(html.charCodeAt(end))) end++
  const written = html.slice(start, end)
  const name = written.toLowerCase()
  let attributes = 0
  let kept = end
  let close = skipGap(html, end)
  while (close < html.length && html.charCodeAt(close) !== GREATER) {
    end = attributeEnd(html, close)
    if (++attributes <= MOST_ATTRIBUTES) kept = end
    close = skipGap(html, end)
  }
  // The parser too drops a tag that the document ends in.
  if (close >= html.length) return { name, isEnd, closesItself: false, rewritten: '', end: html.length }
  const closesItself = close > end && html.charCodeAt(close - 1) === SLASH
  const behind = close + 1
  let rewritten: string | undefined
  if (isEnd && behind - start > written.length + 1) rewritten = `</${written}>`
  else if (!isEnd && attributes > MOST_ATTRIBUTES) rewritten = `${html.slice(at, kept)}>`
  return { name, isEnd, closesItself, rewritten, end: behind }
}

/** Behind the attribute that begins at `at`; beyond the end where it is not finished. */
function attributeEnd(html: string, at: number): number {
  let end = at + 1
  for (let code = html.charCodeAt(end); end < html.length && code !== EQUALS && !endsName(code);)
    code = html.charCodeAt(++end)
  const sign = skipSpace(html, end)
  if (html.charCodeAt(sign) !== EQUALS) return end
  const value = skipSpace(html, sign + 1)
  const first = html.charCodeAt(value)
  if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
    const quote = html.indexOf(first === DOUBLE_QUOTE ? '"' : "'", value + 1)
    return quote < 0 ? html.length : quote + 1
  }
  end = value
  for (let code = first; end < html.length && code !== GREATER && !isSpace(code);) code = html.charCodeAt(++end)
  return end
}

const [SLASH, GREATER, EQUALS, DOUBLE_QUOTE, SINGLE_QUOTE] = [0x2f, 0x3e, 0x3d, 0x22, 0x27]

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

const WIDE_SPACE = /\s/

function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13)
  return code >= 0xa0 && WIDE_SPACE.test(String.fromCharCode(code))
}

function endsName(code: number): boolean {
  return code === SLASH || code === GREATER || isSpace(code)
}

function skipSpace(html: string, at: number): number {
  let end = at
  while (isSpace(html.charCodeAt(end))) end++
  return end
}

/** Behind white space and slashes, which stand between attributes. */
function skipGap(html: string, at: number): number {
  let end = at
  for (let code = html.charCodeAt(end); code === SLASH || isSpace(code);) code = html.charCodeAt(++end)
  return end
}
