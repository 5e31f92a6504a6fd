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
  judgeGroup,
  SURE,
  type Candidate,
  type Card,
  type Knowledge,
} from './score.ts'
import { isSameSite, shapeNameOf, usualNameOf, type Shape } from './shape.ts'
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
  const groups = mostPromising(findGroups(page), page)
  const judge = (known: Knowledge) =>
    groups
      .map((group) => judgeGroup(group, page, known))
      .filter(({ cards }) => cards.length > 1)
      .toSorted((a, b) => rankOf(b) - rankOf(a))
  const first = { inMenus: menuKeys(page), stated, shapes: countShapes(page) }
  const seen = judge(first)
  const labels = labelsOf(seen)
  const known: Knowledge = { ...first, labels }
  const candidates = labels.size === 0 ? seen : judge(known)
  const { taken, left } = choose(candidates, page)
  const byKey = Map.groupBy(page.links, ({ shape }) => shape.key)
  for (const list of taken) {
    list.cards = list.cards.map((card) => withFirstText(card, byKey.get(card.link.shape.key) ?? [], page, known.labels))
    settleDates(list.cards)
  }
  const cards = new Map<string, Card>()
  for (const { cards: some } of taken)
    for (const card of some) {
      const key = card.link.shape.key
      const other = cards.get(key)
      // What stands in two lists is shown by one with its picture, by the other with its date.
      cards.set(key, other === undefined ? card : { ...other, fields: { ...card.fields, ...other.fields } })
    }
  for (const card of alone(page, cards, { taken, left }, known)) cards.set(card.link.shape.key, card)
  const ordered = [...cards.values()].toSorted((a, b) => a.link.place.order - b.link.place.order).slice(0, MOST_ITEMS)
  return { items: ordered.map(({ link, fields }) => itemOf(link.url, fields)), lists: taken, others: left, page }
}

/** Where title and summary are links both, with no heading to tell them apart, the title is the first. */
function withFirstText(card: Card, links: Link[], page: Outline, labels?: ReadonlySet<string>): Card {
  const { link, unit } = card
  const span = page.places.get(unit)
  if (link.isHeading || span === undefined || link.width < 30) return card
  const first = links
    .slice(0, 100)
    .find(({ place, width }) => place.order > span.order && place.order <= span.end && width >= 6)
  if (first === undefined || first === link || first.place.order > link.place.order) return card
  return { ...card, link: first, fields: readFields({ ...card, link: first }, page.base, labels) }
}

/** Lists with dates come first: what has none is measured against them. */
function rankOf({ score, wholeDates, signs }: Candidate): number {
  return score + (wholeDates > 0.6 && (signs['order'] ?? 0) >= -0.3 ? 0.7 : 0)
}

/** Texts beside titles that are the same again and again: the section, `Live`, `Video`. */
function labelsOf(candidates: Candidate[]): Set<string> {
  const texts = new Map<string, string[]>()
  const seen = new Set<Element>()
  for (const { cards } of candidates)
    for (const { unit, fields } of cards) {
      if (seen.has(unit)) continue
      seen.add(unit)
      for (const { mark, text } of fields.parts) {
        const same = texts.get(mark)
        if (same === undefined) texts.set(mark, [text])
        else same.push(text)
      }
    }
  const isLabel = (some: string[]) =>
    some.length >= 4 && new Set(some).size <= some.length * 0.6 && some.every((text) => text.length < 40)
  return new Set([...texts].flatMap(([mark, some]) => (isLabel(some) ? [mark] : [])))
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

/** Addresses that promise articles, by shape: a page of news holds many of one. */
function countShapes({ links }: Outline): Map<string, number> {
  const counts = new Map<string, number>()
  const seen = new Set<string>()
  for (const { shape, place, width } of links) {
    if (seen.has(shape.key) || shape.promise < 0.5 || width < 10 || place.chrome & (CHROME.menu | CHROME.foot)) continue
    seen.add(shape.key)
    counts.set(usualNameOf(shape), (counts.get(usualNameOf(shape)) ?? 0) + 1)
  }
  return counts
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
    const best = waiting.find((one) => one.score >= leastFor(one, page))
    if (best !== undefined) {
      waiting.splice(waiting.indexOf(best), 1)
      taking(best)
    }
  }
  for (const candidate of waiting) {
    const isLike =
      taken.length > 0 &&
      candidate.score >= DOUBTFUL &&
      akinOf(candidate, taken, learned) >= (candidate.score >= 1.2 ? 0.55 : 0.7)
    const chrome = commonChrome(candidate.cards, page)
    if (isLike && !(chrome & ~(CHROME.head | CHROME.box)) && !isSplit(candidate, taken, page)) taking(candidate)
    else left.push(candidate)
  }
  return { taken, left }
}

/** What the best list of a page has to reach where none is sure. */
function leastFor({ cards, signs }: Candidate, page: Outline): number {
  const isPlain = commonChrome(cards, page) === 0
  if (isPlain && cards.length > 2 && (signs['naked'] ?? 0) > -0.3) return 0.3
  return cards.length > 3 ? 1 : 1.5
}

/** The further from the best, the more like it its addresses have to be; what is dated as news is needs no likeness. */
function bar({ score, signs, wholeDates }: Candidate): number {
  if (score >= SURE + 1.3 && wholeDates > 0.6 && (signs['order'] ?? 0) >= 0) return 0
  if ((signs['usualShape'] ?? 0) >= 1) return 0
  return score >= SURE + 1 ? 0.35 : 0.55
}

/** How many of its addresses are of a shape that the lists already taken have; those of another section count less. */
function akinOf(candidate: Candidate, taken: Candidate[], learned: Shapes): number {
  if (taken.length === 0) return 0
  const isAlike = taken.some((list) => isSimilar(list, candidate))
  const isStated = taken.some(({ signs }) => (signs['stated'] ?? 0) > 1.5) && (candidate.signs['stated'] ?? 0) <= 0
  const sum = candidate.cards.reduce((all, { link: { shape } }) => {
    if (learned.begins(shape)) return all + 1
    // What begins otherwise is of another section, or of something else: then it has to look the same.
    if (!isAlike || isStated || isForSale(candidate)) return all
    if (learned.knows(shape)) return all + 0.8
    return all + (learned.hasKinds(shape) ? (shape.promise >= 0.8 ? 0.8 : 0.6) : 0)
  }, 0)
  return sum / candidate.cards.length
}

/** Or to be visited: things and events are dated, illustrated and named like articles. */
function isForSale({ signs }: Candidate): boolean {
  return (signs['prices'] ?? 0) < -1 || (signs['calendar'] ?? 0) < -1
}

function isSimilar(a: Candidate, b: Candidate): boolean {
  if (Math.abs(a.fill.published - b.fill.published) >= 0.5 || Math.abs(a.fill.authors - b.fill.authors) > 0.7)
    return false
  const unlike = Math.abs(a.fill.image - b.fill.image) + Math.abs(a.fill.excerpt - b.fill.excerpt)
  return unlike < 1.2 || (a.headings > 0.6 && b.headings > 0.6)
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
  return (
    link.width >= (/[YS#]/.test(link.shape.kinds) ? 12 : 20) && link.shape.promise > -0.5 && learned.knows(link.shape)
  )
}

/** Without what stands in a list of articles and is none: advertisements, "all news", a box to subscribe. */
function withoutStrays(list: Candidate, learned: Shapes, page: Outline): Candidate {
  const shapes = new Shapes()
  for (const { link } of list.cards) shapes.add(link.shape)
  const { host } = page
  const foreign = list.cards.filter(({ link }) => !isSameSite(link.shape.host, host)).length
  const { fill } = list
  const isAd = ({ unit }: Card) =>
    ((chromeOutside(unit, page) | (page.places.get(unit)?.chrome ?? 0)) & (CHROME.ad | CHROME.box)) !== 0
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
  readonly #loose = new Map<string, Set<string>>()
  #all = 0

  add(shape: Shape): void {
    this.#all++
    this.#counts.set(shapeNameOf(shape), (this.#counts.get(shapeNameOf(shape)) ?? 0) + 1)
    const known = this.#prefixes.get(shapeNameOf(shape)) ?? new Set()
    if (known.size < 200) known.add(shape.prefix)
    this.#prefixes.set(shapeNameOf(shape), known)
    const loose = this.#loose.get(looseNameOf(shape)) ?? new Set()
    if (loose.size < 200) loose.add(shape.prefix)
    this.#loose.set(looseNameOf(shape), loose)
  }

  /** Which part of them has this shape. */
  share(shape: Shape): number {
    return (this.#counts.get(shapeNameOf(shape)) ?? 0) / Math.max(1, this.#all)
  }

  /** Whether several are of these kinds, one of which is a slug of many words or a number, wherever they begin. */
  hasKinds(shape: Shape): boolean {
    return /[S#]/.test(shape.kinds) && shape.promise > 0 && (this.#counts.get(shapeNameOf(shape)) ?? 0) >= 2
  }

  /** Whether several have this shape; one of plain words has to begin like them too. */
  knows(shape: Shape): boolean {
    if (shape.promise <= -0.5 && !this.begins(shape)) return false
    const name = shapeNameOf(shape)
    const prefixes = this.#prefixes.get(name)
    if (prefixes === undefined || (this.#counts.get(name) ?? 0) < 2) return this.begins(shape)
    return prefixes.has(shape.prefix) || prefixes.size > 3 || (/[YS#]/.test(shape.kinds) && prefixes.size > 1)
  }

  /** Whether some of these kinds, or nearly, begin with the same word. */
  begins(shape: Shape): boolean {
    if (this.#prefixes.get(shapeNameOf(shape))?.has(shape.prefix) === true) return true
    return shape.prefix !== '' && (this.#loose.get(looseNameOf(shape))?.has(shape.prefix) ?? false)
  }

  /** Whether one of any shape begins so. */
  hasPrefix({ prefix }: Shape): boolean {
    return [...this.#prefixes.values()].some((known) => known.has(prefix))
  }
}

/** A slug of two words may be one of the articles whose slugs have more; or the name of a person. */
function looseNameOf({ host, kinds }: Shape): string {
  return `${host} ${kinds.replace(/\bt\b/g, 'S')}`
}

/** A lead story has a mark-up of its own and stands in no group: it is known by its address, as one of those taken. */
function alone(
  page: Outline,
  cards: Map<string, Card>,
  { taken, left }: { taken: Candidate[]; left: Candidate[] },
  known: Knowledge,
): Card[] {
  if (taken.length === 0) return []
  const shapes = new Shapes()
  for (const { link } of cards.values()) shapes.add(link.shape)
  const others = left.filter(
    ({ signs, cards: some }) =>
      (signs['calendar'] ?? 0) < -1 ||
      (signs['prices'] ?? 0) < -1 ||
      (some.length > 2 && (signs['crowded'] ?? 0) === 0),
  )
  // What stands in a list that was left is not taken one by one, unless it begins like what was taken.
  const isOther = new Set(
    others.flatMap((list) => list.cards.flatMap(({ link }) => (shapes.begins(link.shape) ? [] : [link.shape.key]))),
  )
  const byKey = new Map<string, Link[]>()
  for (const link of page.links) {
    const isMeant = !cards.has(link.shape.key) && (known.stated.has(link.shape.key) || shapes.knows(link.shape))
    if (!isMeant || known.inMenus.has(link.shape.key) || isOther.has(link.shape.key)) continue
    if (link.place.chrome & (CHROME.menu | CHROME.foot | CHROME.ad | CHROME.side | CHROME.box)) continue
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
    const fields = readFields({ link, unit, region }, page.base, known.labels)
    const says =
      (link.isHeading || fields.hasHeading ? 1 : 0) + (fields.image === undefined ? 0 : 1) + (fields.published === undefined ? 0 : 1) + (fields.excerpt === undefined ? 0 : 0.5) // prettier-ignore
    const isTitle = link.width >= 16 || (link.isHeading && link.width >= 6) || known.stated.has(link.shape.key)
    const isStrong = /[YS#]/.test(link.shape.kinds)
    if (fields.title === undefined || !isTitle || says < leastSaid(link.shape, isStrong, isDated, shapes)) return []
    return [{ link, unit, region, fields }]
  })
}

function leastSaid(shape: Shape, isStrong: boolean, isDated: boolean, shapes: Shapes): number {
  if (shape.promise >= 0.8 && shapes.hasPrefix(shape)) return 0
  if (isStrong) return shapes.hasPrefix(shape) ? 1 : isDated ? 3 : 2
  return isDated ? 2 : 1.5
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
