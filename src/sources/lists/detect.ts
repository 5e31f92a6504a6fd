/** Finds the lists of articles on a page, in no language and without selectors. */
import { type CheerioAPI } from 'cheerio'
import { isTag, type AnyNode, type Element } from 'domhandler'
import { type Item } from '../../model.ts'
import { itemOf, readFields } from './fields.ts'
import { CHROME, outline, type Link, type Outline } from './outline.ts'
import { findGroups, type Group } from './records.ts'
import {
  chromeOutside,
  commonChrome,
  DOUBTFUL,
  isSameSite,
  judgeGroup,
  SURE,
  type Candidate,
  type Card,
  type Knowledge,
} from './score.ts'
import { type Shape } from './shape.ts'
import { plainDigits } from './words.ts'

export interface Detected {
  /** Each article once, in the order of the page. */
  items: Item[]
  /** The lists that were taken, best first. */
  lists: Candidate[]
  /** Those that were looked at and left, best first. */
  others: Candidate[]
  page: Outline
}

const MOST_CANDIDATES = 120
const MOST_ITEMS = 1000

/** The lists of the page; `stated` are the keys of addresses that its own data calls articles. */
export function detect($: CheerioAPI, url: string, stated: ReadonlySet<string> = new Set()): Detected {
  const page = outline($, url)
  const known: Knowledge = { inMenus: menuKeys(page), stated }
  const candidates = mostPromising(findGroups(page), page)
    .map((group) => judgeGroup(group, page, known))
    .filter(({ cards }) => cards.length > 1)
    .toSorted((a, b) => b.score - a.score)
  const { taken, left } = choose(candidates, page)
  const byKey = Map.groupBy(page.links, ({ shape }) => shape.key)
  for (const list of taken) {
    list.cards = list.cards.map((card) => withFirstText(card, byKey.get(card.link.shape.key) ?? [], page))
    settleDates(list.cards)
  }
  const cards = new Map<string, Card>()
  for (const { cards: some } of taken)
    for (const card of some) if (!cards.has(card.link.shape.key)) cards.set(card.link.shape.key, card)
  for (const card of alone(page, cards, taken, known)) cards.set(card.link.shape.key, card)
  const ordered = [...cards.values()].toSorted((a, b) => a.link.place.order - b.link.place.order).slice(0, MOST_ITEMS)
  return { items: ordered.map(({ link, fields }) => itemOf(link.url, fields)), lists: taken, others: left, page }
}

/** Where title and summary are links both, with no heading to tell them apart, the title is the first. */
function withFirstText(card: Card, links: Link[], page: Outline): Card {
  const { link, unit } = card
  const span = page.places.get(unit)
  if (link.isHeading || span === undefined || link.width < 30) return card
  const first = links
    .slice(0, 100)
    .find(({ place, width }) => place.order > span.order && place.order <= span.end && width >= 6)
  if (first === undefined || first === link || first.place.order > link.place.order) return card
  return { ...card, link: first, fields: readFields({ ...card, link: first }, page.base) }
}

const SLASHES = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?=\D|$)/

/** `3/4/2026` alone is two days; in a list with `18/4/2026` it is one. */
function settleDates(cards: Card[]): void {
  const read = cards.map(({ fields }) => SLASHES.exec(plainDigits(fields.published ?? '')))
  const isDayFirst = read.some((found) => Number(found?.[1]) > 12)
  const isMonthFirst = read.some((found) => Number(found?.[3]) > 12)
  if (isDayFirst === isMonthFirst) return
  for (const [at, found] of read.entries()) {
    const fields = cards[at]?.fields
    if (found === null || fields === undefined) continue
    const [whole, a = '', , b = '', year = ''] = found
    const [month, day] = isDayFirst ? [b, a] : [a, b]
    const rest = plainDigits(fields.published ?? '').slice(whole.length)
    fields.published = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${/^[ T]\d{1,2}:\d\d/.test(rest) ? rest : ''}`
  }
}

/** Addresses that menus lead to; a menu, or a footer, may show the latest articles too. */
function menuKeys({ links }: Outline): Set<string> {
  const keys = new Set<string>()
  for (const { shape, place, width } of links) {
    const isMenu = (place.chrome & CHROME.menu) !== 0
    if (!isMenu && !(place.chrome & CHROME.foot)) continue
    if (width < (isMenu ? 26 : 20) && shape.promise < (isMenu ? 0.5 : 0)) keys.add(shape.key)
  }
  return keys
}

/** A page may have thousands of groups: those with most to read are looked at closely. */
function mostPromising(groups: Group[], page: Outline): Group[] {
  const promise = ({ records }: Group) => {
    const some = records.slice(0, 200)
    const chrome = commonChrome(some, page)
    const letters = some.reduce((sum, { link }) => sum + Math.min(40, link.width) + (link.isHeading ? 20 : 0) + 10, 0)
    return chrome & (CHROME.menu | CHROME.foot) ? letters / 10 : letters
  }
  return groups
    .map((group) => ({ group, promise: promise(group) }))
    .toSorted((a, b) => b.promise - a.promise)
    .slice(0, MOST_CANDIDATES)
    .map(({ group }) => group)
}

/** The lists among the candidates, which come best first. */
function choose(candidates: Candidate[], page: Outline): { taken: Candidate[]; left: Candidate[] } {
  const taken: Candidate[] = []
  const left: Candidate[] = []
  const learned = new Shapes()
  const owners = new Map<Element, string>()
  const taking = (candidate: Candidate) => {
    const cards = candidate.cards.filter((card) => isOwn(card, owners) || isSibling(card, learned))
    const kept = withoutStrays({ ...candidate, cards }, learned, page)
    if (kept.cards.length === 0) return
    taken.push(kept)
    for (const { unit, link } of kept.cards) {
      owners.set(unit, link.shape.key)
      learned.add(link.shape)
    }
  }
  const waiting: Candidate[] = []
  for (const candidate of candidates) {
    if (isSplit(candidate, taken, page)) left.push(candidate)
    else if (candidate.score >= SURE && (taken.length === 0 || akinOf(candidate, taken, learned) >= bar(candidate)))
      taking(candidate)
    else waiting.push(candidate)
  }
  // A page with nothing sure on it still has a best list, if anything at all speaks for that.
  if (taken.length === 0) {
    const best = waiting.find(({ score, cards }) => score >= (cards.length > 3 ? 1 : 1.5))
    if (best !== undefined) {
      waiting.splice(waiting.indexOf(best), 1)
      taking(best)
    }
  }
  for (const candidate of waiting) {
    const isLike =
      taken.length > 0 &&
      candidate.score >= DOUBTFUL &&
      akinOf(candidate, taken, learned) >= (candidate.score >= SURE ? 0.55 : 0.7)
    const chrome = commonChrome(candidate.cards, page)
    if (isLike && !(chrome & ~CHROME.head) && !isSplit(candidate, taken, page)) taking(candidate)
    else left.push(candidate)
  }
  return { taken, left }
}

/** The further from the best, the more like it its addresses have to be; what is dated as news is needs no likeness. */
function bar({ score, signs, wholeDates }: Candidate): number {
  if (score >= SURE + 1.3 && wholeDates > 0.6 && (signs['order'] ?? 0) >= 0) return 0
  return score >= SURE + 1 ? 0.35 : 0.55
}

/** How many of its addresses are of a shape that the lists already taken have; those of another section count less. */
function akinOf(candidate: Candidate, taken: Candidate[], learned: Shapes): number {
  if (taken.length === 0) return 0
  const isAlike = taken.some(({ fill }) => isSimilar(fill, candidate.fill))
  const sum = candidate.cards.reduce((all, { link: { shape } }) => {
    if (learned.knows(shape)) return all + 1
    return all + (isAlike && learned.hasKinds(shape) ? 0.6 : 0)
  }, 0)
  return sum / candidate.cards.length
}

function isSimilar(a: Candidate['fill'], b: Candidate['fill']): boolean {
  return (
    Math.abs(a.published - b.published) < 0.5 && Math.abs(a.image - b.image) + Math.abs(a.excerpt - b.excerpt) < 1.2
  )
}

/** Whether its units are rather sections, with articles of their own in them. */
function isSplit({ cards }: Candidate, taken: Candidate[], page: Outline): boolean {
  const spans = cards.flatMap(({ unit }) => page.places.get(unit) ?? []).toSorted((a, b) => a.order - b.order)
  const orders = taken
    .flatMap((list) => list.cards.flatMap(({ unit }) => page.places.get(unit)?.order ?? []))
    .toSorted((a, b) => a - b)
  let at = 0
  let crowded = 0
  for (const { order, end } of spans) {
    while (at < orders.length && (orders[at] ?? 0) <= order) at++
    let inside = 0
    while (at + inside < orders.length && (orders[at + inside] ?? 0) <= end) inside++
    if (inside >= 2) crowded++
  }
  return crowded > cards.length / 3
}

/** Whether the unit, and all around it, belongs to no article but this one. */
function isOwn({ unit, link }: Card, owners: Map<Element, string>): boolean {
  for (let node: AnyNode | null = unit; node !== null && isTag(node); node = node.parent) {
    const owner = owners.get(node)
    if (owner !== undefined) return owner === link.shape.key
  }
  return true
}

/** A further article that a lead story's card names: its address is like those of the others, and it has a title. */
function isSibling({ link }: Card, learned: Shapes): boolean {
  return link.width >= 20 && /[YS#]/.test(link.shape.kinds) && learned.knows(link.shape)
}

/** Without what stands in a list of articles and is none: advertisements, "all news", a box to subscribe. */
function withoutStrays(list: Candidate, learned: Shapes, page: Outline): Candidate {
  const shapes = new Shapes()
  for (const { link } of list.cards) shapes.add(link.shape)
  const host = page.own?.host ?? ''
  const foreign = list.cards.filter(({ link }) => !isSameSite(link.shape.host, host)).length
  const { fill } = list
  const isAd = ({ unit }: Card) =>
    ((chromeOutside(unit, page) | (page.places.get(unit)?.chrome ?? 0)) & CHROME.ad) !== 0
  // Papers call their own stories promos too.
  const areAds = list.cards.filter(isAd).length > list.cards.length * 0.4
  const cards = list.cards.filter((card) => {
    const { link, fields } = card
    if (foreign < list.cards.length / 2 && !isSameSite(link.shape.host, host)) return false
    if (fields.title === undefined || link.shape.promise <= -0.9) return false
    if (isAd(card) && !areAds) return false
    const isUsual = shapes.share(link.shape) >= 0.12 || learned.knows(link.shape)
    const lacks =
      (fill.published > 0.6 && fields.published === undefined ? 1 : 0) +
      (fill.image > 0.8 && fields.image === undefined ? 0.5 : 0) +
      (fill.excerpt > 0.8 && fields.excerpt === undefined ? 0.5 : 0) +
      (link.shape.promise < -0.3 ? 1 : 0)
    return isUsual ? lacks < 2.5 : lacks < 1
  })
  return { ...list, cards }
}

/** The shapes of addresses that were taken for articles. */
class Shapes {
  readonly #counts = new Map<string, number>()
  readonly #prefixes = new Map<string, Set<string>>()
  #all = 0

  add(shape: Shape): void {
    this.#all++
    this.#counts.set(nameOf(shape), this.share(shape) * (this.#all - 1) + 1)
    const known = this.#prefixes.get(nameOf(shape)) ?? new Set()
    if (known.size < 200) known.add(shape.prefix)
    this.#prefixes.set(nameOf(shape), known)
  }

  /** Which part of them has this shape. */
  share(shape: Shape): number {
    return (this.#counts.get(nameOf(shape)) ?? 0) / Math.max(1, this.#all)
  }

  /** Whether several are of these kinds, one of which is a slug of many words or a number, wherever they begin. */
  hasKinds(shape: Shape): boolean {
    return /[S#]/.test(shape.kinds) && shape.promise > 0 && (this.#counts.get(nameOf(shape)) ?? 0) >= 2
  }

  /** Whether several have this shape; one of plain words has to begin like them too. */
  knows(shape: Shape): boolean {
    const name = nameOf(shape)
    const prefixes = this.#prefixes.get(name)
    if (prefixes === undefined || (this.#counts.get(name) ?? 0) < 2) return false
    if (prefixes.has(shape.prefix) || prefixes.size > 3) return shape.promise > -0.5 || prefixes.has(shape.prefix)
    return /[YS#]/.test(shape.kinds) && prefixes.size > 1
  }
}

function nameOf({ host, kinds }: Shape): string {
  return `${host} ${kinds.replace(/\bt\b/g, 'S')}`
}

/** A lead story has a mark-up of its own and stands in no group: it is known by its address, as one of those taken. */
function alone(page: Outline, cards: Map<string, Card>, taken: Candidate[], known: Knowledge): Card[] {
  if (taken.length === 0) return []
  const shapes = new Shapes()
  for (const { link } of cards.values()) shapes.add(link.shape)
  const byKey = new Map<string, Link[]>()
  for (const link of page.links) {
    const isMeant = !cards.has(link.shape.key) && (known.stated.has(link.shape.key) || shapes.knows(link.shape))
    if (!isMeant || known.inMenus.has(link.shape.key)) continue
    if (link.place.chrome & (CHROME.menu | CHROME.foot | CHROME.ad | CHROME.side)) continue
    byKey.set(link.shape.key, [...(byKey.get(link.shape.key) ?? []).slice(0, 5), link])
  }
  const holders = new Map<AnyNode, string>()
  const shared = new Set<AnyNode>()
  const claimed = [...[...cards.values()].map(({ link }) => link), ...[...byKey.values()].flat()]
  for (const { element, shape } of claimed)
    for (let node: AnyNode | null = element; node !== null; node = node.parent) {
      const other = holders.get(node)
      if (other === undefined) holders.set(node, shape.key)
      else {
        if (other !== shape.key) shared.add(node)
        break
      }
    }
  const isDated = taken.some(({ fill }) => fill.published > 0.7)
  return [...byKey.values()].flatMap((links) => {
    const link = links.toSorted((a, b) => Number(b.isHeading) - Number(a.isHeading) || b.width - a.width)[0]
    if (link === undefined) return []
    const unit = unitOf(link.element, shared)
    const region = [unit, ...freeSiblings(unit, holders)]
    const fields = readFields({ link, unit, region }, page.base)
    const says =
      (link.isHeading || fields.hasHeading ? 1 : 0) + (fields.image === undefined ? 0 : 1) + (fields.published === undefined ? 0 : 1) + (fields.excerpt === undefined ? 0 : 0.5) // prettier-ignore
    const isTitle = link.width >= 24 || (link.isHeading && link.width >= 6) || known.stated.has(link.shape.key)
    const isStrong = /[YS#]/.test(link.shape.kinds)
    if (fields.title === undefined || !isTitle || says < (isStrong ? 1 : isDated ? 2 : 1.5)) return []
    return [{ link, unit, region, fields }]
  })
}

/** What stands beside a lone title and is about nothing else: its picture, its summary. */
function freeSiblings(unit: Element, holders: Map<AnyNode, string>): Element[] {
  if (!/^(?:h[1-6]|a|p|strong|b)$/.test(unit.name)) return []
  const found: Element[] = []
  for (const way of ['prev', 'next'] as const)
    for (let node = unit[way], steps = 0; node !== null && steps < 6; node = node[way], steps++) {
      if (holders.has(node)) break
      if (isTag(node) && !/^h[1-6]$/.test(node.name)) found.push(node)
    }
  return found
}

const HIGHEST = 8

function unitOf(element: Element, shared: Set<AnyNode>): Element {
  let node = element
  for (let step = 0; step < HIGHEST; step++) {
    const { parent } = node
    if (parent === null || !isTag(parent) || shared.has(parent) || /^(?:body|main|html)$/.test(parent.name)) break
    node = parent
  }
  return node
}
