/** A page walked once: each element's place, and every link with what a detector asks of it. */
import { type CheerioAPI } from 'cheerio'
import { isTag, isText, type AnyNode, type Element } from 'domhandler'
import { webUrl } from '../web-url.ts'
import { isSameSite, learnParameters, shapeOf, withoutWhence, type Shape } from './shape.ts'
import { oneLine, widthOf } from './words.ts'

/** What surrounds an element, as bits; inside of an article's own card the same elements mean nothing. */
export const CHROME = { menu: 1, foot: 2, side: 4, head: 8, ad: 16, box: 32 } as const

export interface Place {
  /** In document order; descendants have the numbers up to `end`. */
  order: number
  end: number
  depth: number
  /** One number for one path of tag names from the root. */
  path: number
  /** Bits of `CHROME`, of the element itself and all around it. */
  chrome: number
}

export interface Link {
  element: Element
  place: Place
  url: string
  shape: Shape
  text: string
  width: number
  isHeading: boolean
}

export interface Outline {
  url: string
  base: string
  own: Shape | undefined
  /** Of the site: where its relative addresses lead. */
  host: string
  places: Map<Element, Place>
  links: Link[]
  /** How many links with a text like a title begin before the element of this number. */
  longBefore: Uint32Array
  headingsBefore: Uint32Array
}

const MOST_ELEMENTS = 300_000
const MOST_LINKS = 100_000
const LONG_TITLE = 15

const MENU_NAMES =
  /(?:^|[-_ ])(?:nav|navbar|navigation|menu|submenu|breadcrumbs?|pagination|pager|page-?numbers?|toolbar|social|share|sharing|tag-?cloud|tags|tag-?list|languages?|skip)(?:$|[-_ ])/i
const FOOT_NAMES = /(?:^|[-_ ])(?:footer|site-?footer|colophon|copyright|bottom-?bar|legal)(?:$|[-_ ])/i
const SIDE_NAMES =
  /(?:^|[-_ ])(?:sidebar|side|aside|widgets?|most-?(?:read|popular|viewed)|popular|trending|related|recommended|ranking|recent-?comments|blogroll)(?:$|[-_ ])/i
const AD_NAMES =
  /(?:^|[-_ ])(?:ads?|advert(?:s|ising|isement)?|banner-?ads?|sponsor(?:s|ed)?|promo(?:ted|tion)?|partner-?content|affiliate|taboola|outbrain)(?:$|[-_ ])/i

/** What stands among articles and is none. Alone it says nothing: newsletters have archives, and shops papers. */
const BOX_NAMES =
  /(?:^|[-_ ])(?:newsletter|subscribe|subscription|sign-?up|cookies?|shop|products?|donate|cta|banner)(?:$|[-_ ])/i

const ROLES: Partial<Record<string, number>> = {
  navigation: CHROME.menu,
  menu: CHROME.menu,
  menubar: CHROME.menu,
  tablist: CHROME.menu,
  contentinfo: CHROME.foot,
  complementary: CHROME.side,
  banner: CHROME.head,
}
const TAGS: Partial<Record<string, number>> = { nav: CHROME.menu, menu: CHROME.menu, footer: CHROME.foot, aside: CHROME.side, header: CHROME.head } // prettier-ignore

export const isHeadingTag = (name: string) => /^h[1-6]$/.test(name)

/** Walks the whole document once, without recursion; what is beyond the bounds is not there. */
export function outline($: CheerioAPI, url: string): Outline {
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const places = new Map<Element, Place>()
  const paths = new Map<string, number>()
  const anchors: { element: Element; place: Place; headings: number }[] = []
  const order: { element: Element; place: Place; links: number; parent: number }[] = []
  const [root] = $('body').toArray()
  const stack: { node: AnyNode; parent: number; headings: number }[] = root
    ? [{ node: root, parent: -1, headings: 0 }]
    : []
  while (stack.length > 0 && order.length < MOST_ELEMENTS) {
    const { node, parent, headings } = stack.pop() ?? { node: undefined, parent: -1, headings: 0 }
    if (node === undefined || !isTag(node)) continue
    const above = order[parent]?.place
    // The columns of a table are different things, though each is a cell.
    const step = `${above?.path ?? -1} ${node.name}${node.name === 'td' ? columnOf(node) : ''}`
    let path = paths.get(step)
    if (path === undefined) paths.set(step, (path = paths.size))
    const place: Place = { order: order.length, end: order.length, depth: (above?.depth ?? 0) + 1, path, chrome: 0 }
    places.set(node, place)
    const at = order.length
    order.push({ element: node, place, links: 0, parent })
    const inHeading = headings + (isHeadingTag(node.name) || node.attribs['role'] === 'heading' ? 1 : 0)
    if (node.name === 'a' && node.attribs['href'] !== undefined && anchors.length < MOST_LINKS)
      anchors.push({ element: node, place, headings: inHeading })
    for (let child = node.lastChild; child !== null; child = child.prev)
      if (isTag(child)) stack.push({ node: child, parent: at, headings: inHeading })
  }
  for (const { place } of anchors) {
    const own = order[place.order]
    if (own !== undefined) own.links++
  }
  for (let at = order.length - 1; at > 0; at--) {
    const { place, links, parent } = order[at] ?? { place: undefined, links: 0, parent: -1 }
    const above = order[parent]
    if (above === undefined || place === undefined) continue
    above.links += links
    above.place.end = Math.max(above.place.end, place.end)
  }
  for (const { element, place, links, parent } of order) {
    // What holds most of the page's links is the page, whatever it is called.
    const isAll = links > anchors.length * 0.6 && anchors.length > 8
    place.chrome = (order[parent]?.place.chrome ?? 0) | (isAll ? 0 : chromeOf(element))
  }
  const long = new Uint32Array(order.length + 1)
  const heads = new Uint32Array(order.length + 1)
  const links: Link[] = []
  const own = shapeOf(url)
  const host = shapeOf(base)?.host ?? ''
  const counted = new Set<string>()
  const addresses = anchors.map(({ element }) => webUrl(element.attribs['href'], base))
  const parameters = learnParameters(addresses.filter((address) => address !== undefined))
  for (const [at, { element, place, headings }] of anchors.entries()) {
    const address = addresses[at]
    const shape = address === undefined ? undefined : shapeOf(address, parameters)
    if (address === undefined || shape === undefined || shape.key === own?.key) continue
    const text = textOf(element, 600)
    const width = widthOf(text)
    const isHeading = headings > 0 || holdsHeading(element)
    // Each address once: a card may link its article from title, picture, summary and comments. A link in the middle of
    // a text is no title, however long, and one to another site is for sharing.
    if (!counted.has(shape.key) && shape.promise > -0.5 && isSameSite(shape.host, host)) {
      if (isHeading) heads[place.order + 1] = 1
      else if (width >= LONG_TITLE && !isAmongWords(element)) long[place.order + 1] = 1
      if (isHeading || width >= LONG_TITLE) counted.add(shape.key)
    }
    links.push({
      element,
      place,
      url: withoutWhence(withoutFragment(address), parameters),
      shape,
      text,
      width,
      isHeading,
    })
  }
  for (let at = 1; at <= order.length; at++) {
    long[at] = (long[at] ?? 0) + (long[at - 1] ?? 0)
    heads[at] = (heads[at] ?? 0) + (heads[at - 1] ?? 0)
  }
  return { url, base, own, host, places, links, longBefore: long, headingsBefore: heads }
}

/** `mostRead` as `most-Read`. */
export function spaceNames(names: string): string {
  return names.replace(/([a-z])([A-Z])/g, '$1-$2')
}

function columnOf(cell: Element): number {
  let column = 0
  for (let { prev } = cell; prev !== null && column < 30; { prev } = prev) if (isTag(prev)) column++
  return column
}

function chromeOf({ name, attribs }: Element): number {
  const called = spaceNames(`${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`.slice(0, 300))
  const named =
    called.length < 2 || /^(?:body|main|article|a|h[1-6]|time|img)$/.test(name)
      ? 0
      : (MENU_NAMES.test(called) ? CHROME.menu : 0) |
        (FOOT_NAMES.test(called) ? CHROME.foot : 0) |
        (SIDE_NAMES.test(called) ? CHROME.side : 0) |
        (AD_NAMES.test(called) ? CHROME.ad : 0) |
        (BOX_NAMES.test(called) ? CHROME.box : 0)
  return (TAGS[name] ?? 0) | (ROLES[attribs['role'] ?? ''] ?? 0) | named
}

function isAmongWords({ prev, next }: Element): boolean {
  const words = [prev, next].map((node) => (node !== null && isText(node) ? widthOf(node.data.trim()) : 0))
  return (words[0] ?? 0) + (words[1] ?? 0) > 25
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at < 0 || url.startsWith('#!', at) ? url : url.slice(0, at)
}

function holdsHeading(element: Element): boolean {
  let looked = 0
  for (const node of within(element)) {
    if (++looked > 60) return false
    if (isTag(node) && (isHeadingTag(node.name) || node.attribs['role'] === 'heading')) return true
  }
  return false
}

const UNSEEN = new Set(['script', 'style', 'noscript', 'template', 'svg', 'select', 'button'])

/** What is in an element, in order, without recursion; not what nobody sees. */
export function* within(root: AnyNode): Generator<AnyNode> {
  let node: AnyNode | null = root
  while (node !== null) {
    if (node !== root) yield node
    const isOpen: boolean = isTag(node) && (node === root || !UNSEEN.has(node.name))
    let next: AnyNode | null = isOpen && isTag(node) ? node.firstChild : null
    while (next === null && node !== null && node !== root) {
      next = node.next
      if (next === null) node = node.parent
    }
    node = next
  }
}

const BREAKS = /^(?:p|div|li|h[1-6]|br|td|tr|dd|dt|section|article|header|footer|figure|figcaption|time)$/

/** The text of an element in one line, up to so many characters. */
export function textOf(root: AnyNode, limit: number): string {
  let text = ''
  for (const node of within(root)) {
    if (isText(node)) text += node.data.slice(0, limit)
    else if (isTag(node) && BREAKS.test(node.name)) text += ' '
    if (text.length > limit * 2) break
  }
  return oneLine(text).slice(0, limit)
}
