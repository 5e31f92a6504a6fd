/** Which of the candidates on a page are lists of articles: the best one, and those that are like it. */
import { isTag, type AnyNode, type Element } from 'domhandler'
import { Shapes } from './known-shapes.ts'
import { CHROME, type Outline } from './outline.ts'
import { chromeOutside, commonChrome, DOUBTFUL, SURE, type Candidate, type Card } from './score.ts'
import { isSameSite } from './shape.ts'

/** The lists among the candidates, which come best first. */
export function choose(candidates: Candidate[], page: Outline): { taken: Candidate[]; left: Candidate[] } {
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
export function isForSale({ signs }: Candidate): boolean {
  return (['prices', 'calendar', 'others'] as const).some((sign) => (signs[sign] ?? 0) < -1)
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
