/**
 * Builds a document of blocks that hold lines of text, of which every HTML parser makes the same tree again.
 *
 * That is what keeps mutation XSS out: no element is ever where the parser would move, close or repeat it. A paragraph
 * holds no block, a link no link, an inline element stands nested and closed within one block, tables are complete.
 */
import { escapeHtml } from './characters.ts'

/** An element that was built; `attributes` are written out already, each with a space before it. */
interface Built {
  name: string
  attributes: string
  children: (Built | string)[]
  /** Something to see is in it. */
  isSolid: boolean
}

/** An inline element that what comes next is to stand in. */
export interface Wanted {
  name: string
  attributes: string
}

/** Where what may stand: blocks and wrapped text; blocks and bare text; text only; only parts of its own kind. */
type Kind = 'flow' | 'loose' | 'leaf' | 'parts'

const KINDS: Partial<Record<string, Kind>> = {
  '': 'flow', blockquote: 'flow',
  li: 'loose', dd: 'loose', td: 'loose', th: 'loose', figure: 'loose',
  p: 'leaf', h1: 'leaf', h2: 'leaf', h3: 'leaf', h4: 'leaf', h5: 'leaf', h6: 'leaf', pre: 'leaf',
  dt: 'leaf', figcaption: 'leaf', caption: 'leaf',
  ul: 'parts', ol: 'parts', dl: 'parts', table: 'parts', thead: 'parts', tbody: 'parts', tfoot: 'parts', tr: 'parts',
} // prettier-ignore

/** What has its place only in these. */
const PARENTS: Partial<Record<string, readonly string[]>> = {
  li: ['ul', 'ol'],
  dt: ['dl'],
  dd: ['dl'],
  figcaption: ['figure'],
  caption: ['table'],
  thead: ['table'],
  tbody: ['table'],
  tfoot: ['table'],
  tr: ['thead', 'tbody', 'tfoot'],
  td: ['tr'],
  th: ['tr'],
}

/** The part that text or a block opens which stands in a list without one. */
const PART: Partial<Record<string, string>> = { ul: 'li', ol: 'li', dl: 'dd' }

const DEEPEST = 40
/** Ten times the longest of articles: what feeds, pages and mails are rendered from is bounded by it. */
const LARGEST = 1_000_000
const WHITE = /[ \t\n\f\r]+/g
// What is not even visible as a gap: a block of only these is empty.
const BLANK = /^[\s\u00ad\u200b-\u200f\u2060\ufeff]*$/

export class Blocks {
  /** Inline elements around what comes next, outermost first, no name twice. */
  readonly wanted: Wanted[] = []
  readonly #root: Built = build('', '')
  readonly #open: Built[] = [this.#root]
  /** Open parts of lists that the source does not name, which end where it names one. */
  readonly #implied = new Set<Built>()
  /** Those of `wanted` that are open in the present line. */
  #inline: { wanted: Wanted; built: Built }[] = []
  /** Whether the innermost block has a line that goes on. */
  #isRunning = false
  #hasSpace = false
  #breaks = 0
  #size = 0

  /** Opens a block, closing what it cannot stand in; nothing when it has no place here, and then it is only a break. */
  open(name: string, attributes = ''): Built | undefined {
    const parents = PARENTS[name]
    if (parents === undefined) return this.#makeRoom() ? this.#push(name, attributes) : undefined
    const isHolder = (block: Built) => KINDS[block.name] !== 'leaf'
    const around = this.#open.findLast((block) => isHolder(block) && !this.#implied.has(block))
    if (around === undefined || !parents.includes(around.name)) return undefined
    while (this.#top !== around) this.#pop()
    return this.#push(name, attributes)
  }

  /** Closes the block and all within it; one that was closed before leaves only a break. */
  close(block: Built): void {
    if (!this.#open.includes(block)) this.break()
    else while (this.#open.includes(block)) this.#pop()
  }

  /** The end of a paragraph, as a `<div>` makes it. */
  break(): void {
    const name = this.#top.name
    if (name === 'p') this.#pop()
    else if (KINDS[name] !== 'leaf') this.#endLine()
    else if (/^(h\d|dt)$/.test(name)) this.#hasSpace = true
    else if (this.#isRunning) this.#breaks = Math.max(this.#breaks, 1)
  }

  /** A `<br>`: kept between two pieces of text only; two of them end a paragraph. */
  lineBreak(): void {
    if (this.#isRunning) this.#breaks++
  }

  rule(): void {
    const holder = this.#makeRoom() ? this.#top : undefined
    const last = holder?.children.at(-1)
    if (holder === undefined || last === undefined || (typeof last !== 'string' && last.name === 'hr')) return
    this.#endLine()
    holder.children.push({ ...build('hr', ''), isSolid: true })
  }

  text(text: string): void {
    if (this.#top.name === 'pre') {
      // The parser skips a line feed behind `<pre>` (HTML, 13.2.6.4.7), so none may stand there.
      const lines = this.#isRunning ? text : text.replace(/^[\r\n]+/, '')
      if (lines !== '') this.#put(lines)
      return
    }
    const words = text.replace(WHITE, ' ')
    const trimmed = words.replace(/^ | $/g, '')
    if (words.startsWith(' ')) this.#hasSpace = true
    if (trimmed === '') return
    this.#put(trimmed)
    if (words.endsWith(' ')) this.#hasSpace = true
  }

  /** A picture. */
  image(attributes: string): void {
    this.#put(build('img', attributes))
  }

  /** Where a word may be broken. */
  wordBreak(): void {
    if (this.#isRunning && !this.#hasSpace && this.#breaks === 0) this.#put(build('wbr', ''))
  }

  toString(): string {
    while (this.#open.length > 1) this.#pop()
    this.#endLine()
    while (isRule(this.#root.children.at(-1))) this.#root.children.pop()
    const pieces: string[] = []
    for (const child of this.#root.children) {
      write(child, pieces)
      pieces.push('\n')
    }
    return pieces.join('').trimEnd()
  }

  /** Whether a paragraph here is part of the line: in a heading or a caption. */
  get isInLine(): boolean {
    return this.#top.name !== 'p' && KINDS[this.#top.name] === 'leaf'
  }

  /** Whether an open block is of that name. */
  isIn(name: string): boolean {
    return this.#open.some((block) => block.name === name)
  }

  get #top(): Built {
    return this.#open.at(-1) ?? this.#root
  }

  #put(piece: string | Built): void {
    const size = typeof piece === 'string' ? escapeHtml(piece).length : piece.attributes.length + 5
    if (!this.#openLine(size)) return
    const holder = this.#inline.at(-1)?.built ?? this.#top
    holder.children.push(piece)
    const isVisible = typeof piece === 'string' ? !BLANK.test(piece) : piece.name === 'img'
    if (isVisible) this.#top.isSolid = true
  }

  /**
   * Makes ready for a piece of a line: a block that takes it, the breaks before it, the inline elements around it.
   * False, and nothing is begun, when there is no room for a piece of that size.
   */
  #openLine(size: number): boolean {
    this.#findHolder()
    if (this.#breaks > 1 && this.#top.name === 'p') {
      const { attributes } = this.#top
      this.#pop()
      this.#push('p', attributes)
    }
    let shared = 0
    while (shared < this.#inline.length && this.#inline[shared]?.wanted === this.wanted[shared]) shared++
    const missing = this.wanted.slice(shared)
    if (!this.#mayGrow(missing.reduce((sum, { name, attributes }) => sum + tagSize(name, attributes), size)))
      return false
    this.#inline.length = shared
    const holder = this.#inline.at(-1)?.built ?? this.#top
    if (this.#top.name === 'pre') holder.children.push(...(this.#breaks > 0 ? ['\n'] : []))
    else if (this.#isRunning && this.#breaks > 0)
      holder.children.push(...Array.from({ length: Math.min(this.#breaks, 2) }, () => build('br', '')))
    else if (this.#isRunning && this.#hasSpace) holder.children.push(' ')
    this.#breaks = 0
    this.#hasSpace = false
    this.#isRunning = true
    for (const wanted of missing) {
      const built = build(wanted.name, wanted.attributes)
      const around = this.#inline.at(-1)?.built ?? this.#top
      around.children.push(built)
      this.#inline.push({ wanted, built })
    }
    return true
  }

  /** Opens or closes blocks until the innermost one takes text. */
  #findHolder(): void {
    for (;;) {
      const { name, children } = this.#top
      const kind = KINDS[name]
      if (kind === 'leaf' || (kind === 'loose' && (this.#isRunning || children.length === 0))) return
      const part = kind === 'parts' ? PART[name] : 'p'
      if (part === undefined) this.#pop()
      else this.#imply(part)
    }
  }

  /** Opens or closes blocks until the innermost one takes a block; false when that would be too deep. */
  #makeRoom(): boolean {
    this.#closeLeaf()
    for (;;) {
      const { name, children } = this.#top
      const part = PART[name]
      const last = children.at(-1)
      if (KINDS[name] !== 'parts') return this.#open.length < DEEPEST
      if (part === undefined) this.#pop()
      // A list right in a list is meant to be in the point before it.
      else if (typeof last === 'object' && last.name === part) {
        this.#open.push(last)
        this.#implied.add(last)
      } else this.#imply(part)
    }
  }

  #imply(part: string): void {
    this.#implied.add(this.#push(part, ''))
  }

  #push(name: string, attributes: string): Built {
    this.#endLine()
    this.#size += tagSize(name, attributes)
    const block = build(name, attributes)
    this.#top.children.push(block)
    this.#open.push(block)
    return block
  }

  #closeLeaf(): void {
    while (KINDS[this.#top.name] === 'leaf') this.#pop()
  }

  #pop(): void {
    this.#endLine()
    const block = this.#open.pop()
    const parent = this.#top
    if (block === undefined) return
    this.#implied.delete(block)
    while (isRule(block.children.at(-1))) block.children.pop()
    if (block.isSolid) parent.isSolid = true
    // An empty cell keeps the others in their columns.
    else if (block.name !== 'td' && block.name !== 'th') parent.children.pop()
  }

  #endLine(): void {
    this.#inline = []
    this.#isRunning = false
    this.#hasSpace = false
    this.#breaks = 0
  }

  #mayGrow(size: number): boolean {
    this.#size += size
    return this.#size <= LARGEST
  }
}

function build(name: string, attributes: string): Built {
  return { name, attributes, children: [], isSolid: false }
}

function tagSize(name: string, attributes: string): number {
  return name.length * 2 + 5 + attributes.length
}

function isRule(child: Built | string | undefined): boolean {
  return typeof child === 'object' && child.name === 'hr'
}

const VOID = new Set(['br', 'hr', 'img', 'wbr'])

function write(node: Built | string, pieces: string[]): void {
  if (typeof node === 'string') {
    pieces.push(escapeHtml(node))
    return
  }
  pieces.push(`<${node.name}${node.attributes}>`)
  if (VOID.has(node.name)) return
  for (const child of node.children) write(child, pieces)
  pieces.push(`</${node.name}>`)
}
