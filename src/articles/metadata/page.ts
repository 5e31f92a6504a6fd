/** A page as metadata is read from it: everything that may say something of its article, gathered in one walk. */
import { type CheerioAPI } from 'cheerio'
import { type AnyNode, type Element, isTag, isText } from 'domhandler'
import { evenText } from '../characters.ts'
import { absolute } from '../links.ts'
import { articleIn, type Data, readData } from './data.ts'
import { decode } from './references.ts'

export interface Page {
  $: CheerioAPI
  /** Where it was read. */
  url: string
  /** Where its relative addresses begin. */
  base: string
  /** Every node of its JSON-LD, outermost first; `data.ts` reads them. */
  data: Data[]
  /** The node that describes the article; empty when there is none. */
  article: Data
  /** The page's own name for itself. */
  title: string
  /** Contents of the meta elements of these names (lower case), in the order of the names; even text, never empty. */
  meta: (...names: string[]) => string[]
  /** The elements of this tag, in document order. */
  tagged: (name: string) => Spot[]
  /** Elements that bear a class, id, itemprop, property or rel, in document order. */
  marked: Marked[]
  /** Elements with this itemprop. */
  props: (name: string) => Marked[]
  /** The text that a reader sees, line by line as its blocks break it; a long line is cut short. */
  lines: Line[]
  /** How many elements there are: every `at` is below it. */
  size: number
}

/** An element and its place in the order of the document. */
export interface Spot {
  element: Element
  at: number
}

export interface Marked extends Spot {
  /** Its class and id in lower case, words separated by spaces. */
  names: string
  /** Its itemprop, property or rel in lower case. */
  roles: string[]
}

export interface Line {
  /** The innermost block that holds all of it. */
  element: Element
  /** Position of the last element that began before its end. */
  at: number
  text: string
  /** Its real length, when `text` is cut. */
  length: number
  /** How much of it stands in links. */
  linked: number
}

const LONGEST_LINE = 300
const MOST_LINES = 20_000
const MOST_METAS = 2000

/** Their content is nothing that a reader reads. */
const UNSEEN = new Set(['script', 'style', 'noscript', 'template', 'textarea', 'select', 'svg', 'math', 'object', 'iframe', 'head']) // prettier-ignore

const INLINE = new Set(['a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'img', 'ins', 'kbd', 'label', 'mark', 'picture', 'q', 'rp', 'rt', 'ruby', 's', 'samp', 'small', 'source', 'span', 'strong', 'sub', 'sup', 'time', 'tt', 'u', 'var', 'wbr']) // prettier-ignore

/** Gathers the page that was parsed from `url`; later changes to the document are not seen. */
export function openPage($: CheerioAPI, url: string): Page {
  const tags = new Map<string, Spot[]>()
  const props = new Map<string, Marked[]>()
  const metas = new Map<string, string[]>()
  const marked: Marked[] = []
  const writer = new LineWriter()
  let at = 0
  /** The element inside which nothing is read. */
  let unseen: Element | undefined

  const enter = (element: Element) => {
    const { attribs } = element
    if (element.name === 'meta') gatherMeta(attribs, metas)
    const { class: classes, id, itemprop, rel, property } = attribs
    let spot: Spot = { element, at: at++ }
    if (classes !== undefined || id !== undefined || itemprop !== undefined || rel !== undefined) {
      const names = `${classes ?? ''} ${id ?? ''}`.slice(0, 500).toLowerCase()
      const one: Marked = { ...spot, names, roles: rolesOf(itemprop, rel, property) }
      spot = one
      marked.push(one)
      if (itemprop !== undefined) {
        for (const prop of itemprop.slice(0, 300).toLowerCase().split(/\s+/)) {
          const same = props.get(prop)
          if (same === undefined) props.set(prop, [one])
          else same.push(one)
        }
      }
    }
    const known = tags.get(element.name)
    if (known === undefined) tags.set(element.name, [spot])
    else known.push(spot)
    if (unseen === undefined && UNSEEN.has(element.name)) unseen = element
    if (unseen === undefined) writer.enter(element, at)
  }
  const leave = (element: Element) => {
    if (unseen === undefined) writer.leave(element, at)
    else if (unseen === element) unseen = undefined
  }
  walk($.root()[0]?.children[0], enter, leave, (text) => {
    if (unseen === undefined) writer.write(text)
  })

  const tagged = (name: string) => tags.get(name) ?? []
  const base = absolute(tagged('base').find(({ element }) => element.attribs['href'])?.element.attribs['href'] ?? '', url) ?? url // prettier-ignore
  const data = readData(tagged('script').map(({ element }) => element))
  const titles = tagged('title').filter(({ element }) => element.parent === null || !isSvg(element.parent))
  return {
    $,
    url,
    base,
    data,
    article: articleIn(data, url),
    title: titles[0] === undefined ? '' : wordsOf(titles[0].element),
    meta: (...names) => names.flatMap((name) => metas.get(name) ?? []),
    tagged,
    marked,
    props: (name) => props.get(name) ?? [],
    lines: writer.lines,
    size: at,
  }
}

/** Reads something off a page when it is first asked for, and remembers it as long as the page is there. */
export function oncePerPage<T>(read: (page: Page) => T): (page: Page) => T {
  const known = new WeakMap<Page, { value: T }>()
  return (page) => {
    let found = known.get(page)
    if (found === undefined) known.set(page, (found = { value: read(page) }))
    return found.value
  }
}

const NO_ROLES: string[] = []

function rolesOf(itemprop?: string, rel?: string, property?: string): string[] {
  if (itemprop === undefined && rel === undefined && property === undefined) return NO_ROLES
  const written = [itemprop, rel, property].filter((attribute) => attribute !== undefined)
  return written.join(' ').slice(0, 300).toLowerCase().split(/\s+/).filter((role) => role !== '') // prettier-ignore
}

function isSvg(node: AnyNode): boolean {
  return isTag(node) && node.name === 'svg'
}

function gatherMeta(attribs: Element['attribs'], metas: Map<string, string[]>): void {
  const name = attribs['property'] ?? attribs['name'] ?? attribs['itemprop'] ?? attribs['http-equiv']
  const text = evenText(decode((attribs['content'] ?? '').slice(0, 20_000)))
  if (name === undefined || text === '' || metas.size >= MOST_METAS) return
  const key = name.trim().toLowerCase()
  const known = metas.get(key)
  if (known === undefined) metas.set(key, [text])
  else if (known.length < 100 && !known.includes(text)) known.push(text)
}

/** Goes through all nodes in document order, without recursion. */
function walk(
  first: AnyNode | null | undefined,
  enter: (element: Element) => void,
  leave: (element: Element) => void,
  read: (text: string) => void,
): void {
  const top = first?.parent ?? null
  let node = first ?? null
  while (node !== null) {
    if (isTag(node)) {
      enter(node)
      const [child] = node.children
      if (child !== undefined) {
        node = child
        continue
      }
      leave(node)
    } else if (isText(node)) read(node.data)
    while (node.next === null) {
      const { parent }: AnyNode = node
      if (parent === null || parent === top) return
      if (isTag(parent)) leave(parent)
      node = parent
    }
    node = node.next
  }
}

/** Joins the text of inline elements into lines. */
class LineWriter {
  readonly lines: Line[] = []
  private text = ''
  private length = 0
  private linked = 0
  private links = 0
  private readonly blocks: Element[] = []

  enter(element: Element, at: number): void {
    if (element.name === 'a') this.links++
    if (INLINE.has(element.name)) return
    this.flush(at - 1)
    this.blocks.push(element)
  }

  leave(element: Element, at: number): void {
    if (element.name === 'a') this.links--
    if (INLINE.has(element.name)) return
    this.flush(at - 1)
    this.blocks.pop()
  }

  write(text: string): void {
    if (this.length < LONGEST_LINE * 2) this.text += text.slice(0, LONGEST_LINE * 2)
    this.length += text.length
    if (this.links > 0) this.linked += text.trim().length
  }

  private flush(at: number): void {
    const element = this.blocks.at(-1)
    if (this.text !== '' && /\S/.test(this.text) && element !== undefined && this.lines.length < MOST_LINES) {
      const text = evenText(this.text, LONGEST_LINE * 2).slice(0, LONGEST_LINE)
      const length = this.length <= LONGEST_LINE ? text.length : this.length
      if (text !== '') this.lines.push({ element, at, text, length, linked: this.linked })
    }
    this.text = ''
    this.length = 0
    this.linked = 0
  }
}

/** The text of an element as one even line, as far as `limit` UTF-16 units of it. */
export function wordsOf(element: Element, limit = 1000): string {
  let text = ''
  const [first] = element.children
  walk(
    first,
    ({ name }) => {
      if (!INLINE.has(name)) text += ' '
    },
    ({ name }) => {
      if (!INLINE.has(name)) text += ' '
    },
    (part) => {
      if (text.length < limit * 3) text += part
    },
  )
  // Soft hyphens and zero-width spaces are for setting it, and no part of the words.
  return evenText(text.replace(/[\u00ad\u200b\ufeff]/g, ''), limit * 3).slice(0, limit)
}
