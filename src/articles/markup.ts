/**
 * Reads untrusted HTML into a cheerio document within bounds of time, memory and depth.
 *
 * The parser is parse5, cheerio's own: what it makes of broken mark-up is what a browser makes of it, so what is judged
 * here is what would have run there. Two things precede it. A linear scan cuts what is never looked at (script, style,
 * comments) and what parse5 takes quadratic time for (thousands of attributes in one tag). And its tree may cost only
 * so much: a document beyond that is scanned again, to paragraphs, headings and pictures without any nesting.
 */
import { type CheerioAPI, load } from 'cheerio'
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
    createElement: (...element) => {
      if (++elements > MOST_ELEMENTS) throw new TooCostly()
      return adapter.createElement(...element)
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
  let from = 0
  let flatTags = 0
  let roots = 0
  let svgs = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    if (html.startsWith('<!--', at)) {
      pieces.push(html.slice(from, at))
      at = from = commentEnd(html, at)
      continue
    }
    const tag = readTag(html, at)
    if (tag === undefined) {
      at++
      continue
    }
    pieces.push(html.slice(from, at))
    at = from = tag.end
    // In svg these may close themselves, and what follows is the page again.
    const isEmpty = svgs > 0 && tag.closesItself
    if (RAW.has(tag.name) && !tag.isEnd && !isEmpty && !unclosed.has(tag.name)) {
      const end = new RegExp(`</${tag.name}(?=[\\s/>])`, 'gi')
      end.lastIndex = at
      const found = end.exec(html)
      const isKept = CUT.has(tag.name) ? keepData && /ld\+json/i.test(tag.text) : !flat
      if (found !== null) {
        // Of a frame its address and title, and nothing that could be in it.
        if (tag.name === 'iframe' && !flat) pieces.push(tag.text, '</iframe>')
        else if (isKept) pieces.push(tag.text, html.slice(at, found.index), `</${tag.name}>`)
        at = from = readTag(html, found.index)?.end ?? html.length
        continue
      }
      // Looked for once: a document of nothing but `<title>` would otherwise be searched through for each.
      unclosed.add(tag.name)
      if (flat) from = html.length
      if (flat) break
    }
    if (tag.name === 'svg') svgs += tag.isEnd ? -1 : 1
    // Drawings are never shown: their shapes, a tenth of what pages hold, need not be read.
    if (svgs > 0 && !tag.isEnd && SHAPES.has(tag.name)) tag.text = isEmpty ? `<${tag.name}/>` : `<${tag.name}>`
    // Each further body gives its attributes to the first, which the parser compares one by one.
    if (tag.name === 'html' || tag.name === 'body') {
      if (++roots <= 6) pieces.push(tag.text)
    } else if (!flat) pieces.push(tag.text)
    else if (++flatTags > MOST_FLAT_TAGS) pieces.push(' ')
    else if (FLAT.has(tag.name) || tag.name === 'base' || tag.name === 'meta') pieces.push(tag.text)
    else pieces.push(FLAT_BREAKS.has(tag.name) ? '<p>' : '')
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
  /** As the parser may see it: with a bounded number of attributes, and an end tag with none. */
  text: string
  /** Behind its `>`. */
  end: number
}

const TAG_NAME = /<(\/?)([a-z][^\s/>]*)/iy
const ATTRIBUTE = /[\s/]*[^\s/>][^\s/>=]*(?:\s*=\s*(?:(["'])|[^\s"'>][^\s>]*|(?=>)))?/y
const TAG_END = /[\s/]*>/y

/** The tag at `at`, read as the HTML tokenizer does (HTML, 13.2.5.6 and on); nothing where the `<` is only text. */
function readTag(html: string, at: number): Tag | undefined {
  TAG_NAME.lastIndex = at
  const found = TAG_NAME.exec(html)
  if (found?.[2] === undefined) return undefined
  const isEnd = found[1] === '/'
  const name = found[2].toLowerCase()
  // The parser too drops a tag that the document ends in.
  const unfinished = { name, isEnd, closesItself: false, text: '', end: html.length }
  let end = TAG_NAME.lastIndex
  let attributes = 0
  let kept = end
  for (;;) {
    ATTRIBUTE.lastIndex = end
    const attribute = ATTRIBUTE.exec(html)
    if (attribute === null) break
    end = ATTRIBUTE.lastIndex
    if (attribute[1] !== undefined) {
      end = html.indexOf(attribute[1], end) + 1
      if (end === 0) return unfinished
    }
    if (++attributes <= MOST_ATTRIBUTES) kept = end
  }
  TAG_END.lastIndex = end
  const close = TAG_END.exec(html)
  if (close === null) return unfinished
  const rest = attributes <= MOST_ATTRIBUTES ? close[0] : '>'
  const text = isEnd ? `</${found[2]}>` : html.slice(at, kept) + rest
  return { name, isEnd, closesItself: close[0].endsWith('/>'), text, end: TAG_END.lastIndex }
}
