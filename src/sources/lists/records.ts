/** What repeats on a page: links that stand at the same place of the same mark-up, and the card around each of them. */
import { isTag, isText, type AnyNode, type Element } from 'domhandler'
import { isHeadingTag, type Link, type Outline } from './outline.ts'

/** One link and the part of the page that is about it alone. */
export interface Repeat {
  link: Link
  /** The outermost element that holds no other link of its kind. */
  unit: Element
  /** The unit, and the siblings that belong to it where a page has no element around both. */
  region: AnyNode[]
}

/** Links of one kind, one a record, in document order. */
export interface Group {
  records: Repeat[]
  /** How many steps up from the link its unit is. */
  height: number
}

const MOST_RECORDS = 2000

/** Every group of two and more; a link that stands alone of its kind is in none. */
export function findGroups(page: Outline): Group[] {
  const byPath = new Map<number, Link[]>()
  for (const link of page.links) {
    const same = byPath.get(link.place.path)
    if (same === undefined) byPath.set(link.place.path, [link])
    else same.push(link)
  }
  return [...byPath.values()].flatMap((links) => (links.length < 2 ? [] : groupsOf(links, page)))
}

function groupsOf(links: Link[], page: Outline): Group[] {
  const heights = heightsOf(links)
  const height = commonest(heights.filter((one) => one >= 0))
  if (height === undefined) return []
  const clusters = new Map<string, Repeat[]>()
  const unitsBy = new Map<Element, Link>()
  const found: { link: Link; unit: Element }[] = []
  for (const [at, link] of links.slice(0, 10 * MOST_RECORDS).entries()) {
    const own = heights[at] ?? -1
    // A card alone in its row is no wider than the others, and one that stands closer to its sister no wider than it can be.
    const unit = climb(link.element, own < 0 ? height : Math.min(own, height))
    const first = unitsBy.get(unit)
    if (first?.shape.key === link.shape.key) {
      // An image and a title with one address: the one that says more speaks for both.
      const at = found.findLast((one) => one.unit === unit)
      if (at !== undefined && at.link.width < 4 && link.width > at.link.width) at.link = link
      continue
    }
    unitsBy.set(unit, link)
    found.push({ link, unit })
  }
  const names = classNames(found.map(({ unit }) => unit))
  const siblings = new Map<AnyNode | null, number>()
  for (const { unit } of found) siblings.set(unit.parent, (siblings.get(unit.parent) ?? 0) + 1)
  for (const { link, unit } of found) {
    const chrome = unit.parent !== null && isTag(unit.parent) ? (page.places.get(unit.parent)?.chrome ?? 0) : 0
    const own = names.get(unit) ?? ''
    // Units without a name of their own are told apart by the names of what they stand in.
    const container = (siblings.get(unit.parent) ?? 0) > 2 ? page.places.get(unit.parent as Element)?.order : ''
    const key = `${chrome} ${own === '' ? `${namesAbove(unit)} ${container ?? ''}` : own}`
    const cluster = clusters.get(key) ?? []
    if (cluster.length < MOST_RECORDS) cluster.push({ link, unit, region: [unit] })
    clusters.set(key, cluster)
  }
  const groups = [...clusters.values()].map((records) => ({ records, height }))
  for (const { records } of groups)
    for (const some of Map.groupBy(records, ({ unit }) => unit.parent).values()) widen(some)
  return groups
}

/** For each link the steps up to the last element that holds none of the others; -1 where it stands alone. */
function heightsOf(links: Link[]): number[] {
  const holder = new Map<AnyNode, string>()
  const shared = new Set<AnyNode>()
  for (const { element, shape } of links) {
    for (let node: AnyNode | null = element; node !== null; node = node.parent) {
      const other = holder.get(node)
      if (other === undefined) holder.set(node, shape.key)
      else {
        if (other !== shape.key) shared.add(node)
        break
      }
    }
  }
  return links.map(({ element }) => {
    let height = 0
    let node: Element = element
    for (;;) {
      const { parent } = node
      if (parent === null || !isTag(parent)) return -1
      if (shared.has(parent)) return height
      node = parent
      height++
    }
  })
}

function climb(element: Element, height: number): Element {
  let node = element
  for (let step = 0; step < height; step++) if (node.parent !== null && isTag(node.parent)) node = node.parent
  return node
}

function commonest(numbers: number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0]
}

/** The class names of an element that could be those of others too. */
export function namesOf(element: Element): string[] {
  return (element.attribs['class'] ?? '')
    .slice(0, 400)
    .split(/\s+/)
    .filter(
      (name) =>
        name !== '' && !/\d{3}|\d+$|[\da-f]{8}/i.test(name.replace(/-(?:xs|sm|md|lg|xl)-\d+$|\b[a-z]{1,3}-\d+$/, '')),
    )
}

/** For each unit the name that most of those share which have it: `post` of `post sticky` and of `post odd`. */
function classNames(units: Element[]): Map<Element, string> {
  const counts = new Map<string, number>()
  for (const unit of units) for (const name of new Set(namesOf(unit))) counts.set(name, (counts.get(name) ?? 0) + 1)
  const named = new Map<Element, string>()
  for (const unit of units) {
    const best = namesOf(unit).toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0]
    if (best !== undefined && (counts.get(best) ?? 0) > 1) named.set(unit, best)
  }
  return named
}

/** Up to the first that has a name. */
function namesAbove(unit: Element): string {
  const names: string[] = []
  for (let node = unit.parent, steps = 0; node !== null && isTag(node) && steps < 3; node = node.parent, steps++) {
    const own = namesOf(node).toSorted()
    names.push(`${node.name}.${own.join('.')}`)
    if (own.length > 0) break
  }
  return names.join(' ')
}

const MOST_SIBLINGS = 8

/** Titles without a card around them: what stands between two of them belongs to one. */
function widen(records: Repeat[]): void {
  const isUnit = new Set<AnyNode>(records.map(({ unit }) => unit))
  if (records.every(({ unit }) => unit.name === 'a' || unit.name === 'b')) {
    for (const record of records) record.region = [record.unit, ...lineAround(record.unit, isUnit)]
    return
  }
  const isBare = (unit: Element) => isHeadingTag(unit.name) || /^(?:dt|dd|tr|p|a|b|strong|span|font)$/.test(unit.name)
  const bare = records.filter(({ unit }) => isBare(unit))
  if (bare.length < records.length) return
  const gaps = bare.map(({ unit }) => siblingsAfter(unit, isUnit))
  const usual = commonest(gaps.slice(0, -1).map((gap) => gap.length)) ?? 0
  if (usual === 0) return
  const [pattern = []] = gaps.filter((gap) => gap.length === usual)
  const first = bare[0]
  const before = first === undefined ? [] : siblingsBefore(first.unit, usual)
  // What follows the last title belongs below each; what precedes the first one, and looks as what precedes the second, above.
  const below = alike(gaps.at(-1) ?? [], pattern)
  const above = Math.min(usual - below, alike(before.toReversed(), pattern.toReversed()))
  for (const [at, record] of bare.entries()) {
    const prior = at === 0 ? before : (gaps[at - 1] ?? [])
    const gap = gaps[at] ?? []
    const isLast = at === bare.length - 1
    const under = isLast ? gap.slice(0, Math.max(below, above === 0 ? usual : 0)) : gap.slice(0, Math.max(0, Math.min(gap.length, usual + 2) - above)) // prettier-ignore
    record.region = [...(above === 0 ? [] : prior.slice(-above)), record.unit, ...under]
  }
}

/** How many elements at the beginning of two rows are of the same kind. */
function alike(a: Element[], b: Element[]): number {
  const kind = (element: Element | undefined) =>
    `${element?.name ?? ''}.${element === undefined ? '' : namesOf(element).join('.')}`
  let count = 0
  while (count < a.length && count < b.length && kind(a[count]) === kind(b[count])) count++
  return count
}

/** What stands on one line with a link, between two `<br>` or two other links of its kind. */
function lineAround(unit: Element, isUnit: Set<AnyNode>): AnyNode[] {
  const found: AnyNode[] = []
  for (const way of ['prev', 'next'] as const)
    for (
      let node = unit[way], steps = 0;
      node !== null && steps < MOST_SIBLINGS && !isUnit.has(node);
      node = node[way], steps++
    ) {
      if (isTag(node) && /^(?:br|hr|p|div|ul|ol|table|h[1-6])$/.test(node.name)) break
      if (isTag(node) || (isText(node) && node.data.trim() !== '' && node.data.length < 500)) found.push(node)
    }
  return found
}

function siblingsAfter(unit: Element, isUnit: Set<AnyNode>): Element[] {
  const found: Element[] = []
  let node = unit.next
  while (node !== null && found.length < MOST_SIBLINGS && !isUnit.has(node)) {
    if (isTag(node)) {
      // A heading of its own begins something else.
      if (isHeadingTag(node.name) && (!isHeadingTag(unit.name) || node.name <= unit.name)) break
      if (node.name !== 'br') found.push(node)
    }
    node = node.next
  }
  return found
}

function siblingsBefore(unit: Element, count: number): Element[] {
  const found: Element[] = []
  for (let node = unit.prev; node !== null && found.length < count; node = node.prev)
    if (isTag(node)) found.unshift(node)
  return found
}
