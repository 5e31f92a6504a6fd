/**
 * Places within an article that its own links lead to, such as footnotes: they keep an id, under a name that is the
 * article's own, so that no page, feed or mail which shows several articles has one twice or one of its scripts'.
 */
import { createHash } from 'node:crypto'
import { type ChildNode, type Element, isTag } from 'domhandler'
import { parseUrl } from './links.ts'

export interface Anchors {
  /** The name of an element's place, if a link leads to it. */
  nameOf(element: Element): string | undefined
  /** The name of the place that a link leads to; nothing where it leads elsewhere. */
  leadsTo(href: string): string | undefined
  /** The HTML with each name once, and none without its link; a link without its place leads to the page again. */
  settle(html: string): string
}

/** Of this shape are all names, and one that has it already keeps it. */
const OURS = /^n[\da-f]{6}-[\w-]{1,60}$/
const MOST = 2000

/** The places that links in these nodes lead to, which are of the page at `base`. */
export function findAnchors(nodes: ChildNode[], base: string): Anchors {
  const page = withoutFragment(base)
  const wanted = new Set<string>()
  const places: Element[] = []
  const waiting = nodes.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isTag(node)) continue
    const { href } = node.attribs
    if (node.name === 'a' && href !== undefined && wanted.size < MOST) {
      const fragment = fragmentOf(href, page)
      if (fragment !== undefined) wanted.add(fragment)
    }
    if (placeName(node) !== undefined) places.push(node)
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index]
      if (child !== undefined) waiting.push(child)
    }
  }
  const names = new Map<string, string>()
  const elements = new Map<Element, string>()
  const written = new Map<string, string>()
  for (const element of places) {
    const id = placeName(element)
    if (id === undefined || !wanted.has(id) || names.has(id)) continue
    const name = freeName(id, page, written)
    names.set(id, name)
    written.set(name, id)
    elements.set(element, name)
  }
  return {
    nameOf: (element) => elements.get(element),
    leadsTo: (href) => {
      const fragment = elements.size === 0 ? undefined : fragmentOf(href, page)
      return fragment === undefined ? undefined : names.get(fragment)
    },
    settle: (html) => (elements.size === 0 ? html : settle(html, page, written)),
  }
}

function placeName({ name, attribs }: Element): string | undefined {
  const id = attribs['id'] ?? (name === 'a' ? attribs['name'] : undefined)
  return id === undefined || id === '' || id.length > 200 ? undefined : id
}

/** What stands behind `#` in a link to the page itself. */
function fragmentOf(href: string, page: string): string | undefined {
  const written = href.trim()
  const at = written.indexOf('#')
  if (at < 0 || at === written.length - 1) return undefined
  if (at > 0 && withoutFragment(written.slice(0, at)) !== page) return undefined
  const fragment = written.slice(at + 1)
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** The address without what varies of one page. */
function withoutFragment(url: string): string {
  const parsed = parseUrl(url)
  return parsed === undefined ? url : parsed.origin + parsed.pathname
}

function freeName(id: string, page: string, taken: ReadonlyMap<string, string>): string {
  const prefix = `n${createHash('sha256').update(page).digest('hex').slice(0, 6)}`
  const name = OURS.test(id) ? id : `${prefix}-${id.replace(/[^\w-]+/g, '-').slice(0, 40)}`
  let free = name
  for (let count = 2; taken.has(free); count++) free = `${name.slice(0, 50)}-${count}`
  return free
}

/** The HTML is as `clean` writes it: a quote in it ends an attribute. */
function settle(html: string, page: string, written: ReadonlyMap<string, string>): string {
  const linked = new Set(Array.from(html.matchAll(/ href="#([^"]*)"/g), ([, name]) => name))
  const there = new Set<string>()
  const once = html.replace(/ id="([^"]*)"/g, (attribute, name: string) => {
    if (!linked.has(name) || there.has(name)) return ''
    there.add(name)
    return attribute
  })
  return once.replace(/ href="#([^"]*)"/g, (attribute, name: string) =>
    there.has(name) ? attribute : ` href="${page}#${encodeURIComponent(written.get(name) ?? name)}"`,
  )
}
