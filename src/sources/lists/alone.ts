/** Lead stories, which stand in no list and are known by their addresses. */
import { isTag, type AnyNode, type Element } from 'domhandler'
import { isForSale } from './choose.ts'
import { readFields } from './fields.ts'
import { Shapes } from './known-shapes.ts'
import { CHROME, type Link, type Outline } from './outline.ts'
import { type Candidate, type Card, type Knowledge } from './score.ts'
import { type Shape } from './shape.ts'

/** A lead story has a mark-up of its own and stands in no group: it is known by its address, as one of those taken. */
export function alone(
  page: Outline,
  cards: Map<string, Card>,
  { taken, left }: { taken: Candidate[]; left: Candidate[] },
  known: Knowledge,
): Card[] {
  if (taken.length === 0) return []
  const shapes = new Shapes()
  for (const { link } of cards.values()) shapes.add(link.shape)
  const others = left.filter((list) => isForSale(list) || (list.cards.length > 2 && (list.signs['crowded'] ?? 0) === 0))
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
