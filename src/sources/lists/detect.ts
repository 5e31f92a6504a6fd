/** Finds the lists of articles on a page, in no language and without selectors. */
import { type CheerioAPI } from 'cheerio'
import { type Element } from 'domhandler'
import { type Item } from '../../item.ts'
import { alone } from './alone.ts'
import { choose } from './choose.ts'
import { itemOf, readFields } from './fields.ts'
import { CHROME, outline, type Link, type Outline } from './outline.ts'
import { findGroups, type Group } from './records.ts'
import { commonChrome, judgeGroup, type Candidate, type Card, type Knowledge } from './score.ts'
import { usualNameOf } from './shape.ts'
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
