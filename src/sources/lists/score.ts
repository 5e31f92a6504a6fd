/** How much a group of records is like a list of articles: what each sign says for it and against it. */
import { isTag, isText, type AnyNode } from 'domhandler'
import { CHROME, spaceNames, type Outline } from './outline.ts'
import { readFields, type Fields } from './fields.ts'
import { type Group, type Repeat } from './records.ts'
import { isSameSite, usualNameOf, type Shape } from './shape.ts'
import { dayNumber, widthOf } from './words.ts'

/** A record with what it says. */
export interface Card extends Repeat {
  fields: Fields
}

/** A group that was looked at closely. */
export interface Candidate {
  cards: Card[]
  height: number
  score: number
  /** What each sign gave, for `inspect`. */
  signs: Record<string, number>
  /** Share of the cards with each field. */
  fill: Fill
  /** Share of those whose date has day, month and year. */
  wholeDates: number
  headings: number
}

export interface Fill {
  title: number
  published: number
  authors: number
  image: number
  excerpt: number
}

/** What is known of a page beyond its groups. */
export interface Knowledge {
  /** Keys of addresses that stand in menus. */
  inMenus: ReadonlySet<string>
  /** Keys of addresses of which the page's own data says that they are articles. */
  stated: ReadonlySet<string>
  /** How many addresses of each shape stand on the page outside its menus, where that shape promises articles. */
  shapes: ReadonlyMap<string, number>
  /** Marks of texts that stand beside titles and are none: `span.kicker`. */
  labels?: ReadonlySet<string>
}

/** With this score a group is taken without anything else speaking for it. */
export const SURE = 2.2
/** Below this nothing makes it a list of articles. */
export const DOUBTFUL = 0.4

export function judgeGroup(group: Group, page: Outline, known: Knowledge): Candidate {
  const records = onceEach(group.records)
  const labels = new Set([...(known.labels ?? []), ...genericTexts(records)])
  const cards = records.map((record) => ({ ...record, fields: readFields(record, page.base, labels) }))
  const size = cards.length
  const share = (isSo: (card: Card) => boolean) => (size === 0 ? 0 : cards.filter(isSo).length / size)
  const fill: Fill = {
    title: share(({ fields }) => fields.title !== undefined),
    published: share(({ fields }) => fields.published !== undefined),
    authors: share(({ fields }) => fields.authors !== undefined),
    image: share(({ fields }) => fields.image !== undefined),
    excerpt: share(({ fields }) => fields.excerpt !== undefined),
  }
  const titles = cards.map(({ fields }) => fields.title ?? '')
  const distinct = new Set(titles).size / Math.max(1, size)
  const width = median(titles.map(widthOf))
  const inner = (counts: Uint32Array, { region }: Repeat) =>
    region.reduce((sum, part) => {
      const place = isTag(part) ? page.places.get(part) : undefined
      return place === undefined ? sum : sum + (counts[place.end + 1] ?? 0) - (counts[place.order] ?? 0)
    }, 0)
  const longInside = median(cards.map((card) => inner(page.longBefore, card)))
  const headingsInside = median(cards.map((card) => inner(page.headingsBefore, card)))
  const { host } = page
  const chrome = commonChrome(cards, page)
  const order = orderOf(cards)
  const headings = share(({ link, fields }) => link.isHeading || fields.hasHeading)
  const wholeDates = share(({ fields }) => fields.isWhole === true)
  const naked = share(
    ({ link, fields }) => fields.beside < 4 && fields.image === undefined && fields.published === undefined && !link.isHeading && (fields.title ?? '').length >= link.text.length,
  ) // prettier-ignore
  const signs = {
    count: size < 2 ? -1 : size === 2 ? -0.3 : size === 3 ? 0 : size < 8 ? 0.4 : 0.7,
    title: titleSign(width, Math.max(fill.image, fill.published, fill.excerpt, headings)),
    distinct: distinct < 0.7 ? -2 * (1 - distinct) - 0.5 : 0,
    heading: 0.9 * headings,
    dates: 1.2 * fill.published + 0.8 * wholeDates,
    order: fill.published > 0.6 ? order * 0.5 : 0,
    prices: -2.5 * share(({ fields }) => fields.hasPrice),
    calendar: -2 * share(isOfCalendar),
    others: -1.7 * share((card) => isCalled(card, OTHERS)),
    images: 0.6 * fill.image,
    excerpts: 0.9 * fill.excerpt,
    authors: 0.3 * fill.authors,
    addresses: 1.4 * mean(cards.map(({ link }) => link.shape.promise)),
    usualShape: mean(cards.map(({ link }) => usualSign(link.shape, known))),
    inText: -2.5 * share((card) => isInText(card)),
    elsewhere: -2 * share(({ link }) => !isSameSite(link.shape.host, host)),
    crowded: longInside >= 3 || headingsInside >= 3 ? -3.5 : 0,
    naked: -0.9 * naked,
    menus: -3 * share(({ link }) => known.inMenus.has(link.shape.key)),
    stated: 2.5 * share(({ link }) => known.stated.has(link.shape.key)),
    menu: chrome & CHROME.menu ? -2.6 : 0,
    foot: chrome & CHROME.foot ? -2.2 : 0,
    side: chrome & CHROME.side ? -1.2 : 0,
    head: chrome & CHROME.head ? -1 : 0,
    ad: chrome & CHROME.ad ? -1.6 : 0,
  }
  const score = Object.values(signs).reduce((sum, sign) => sum + sign, 0)
  return { cards, height: group.height, score, signs, fill, wholeDates, headings }
}

/** An address of a kind of which the page holds many; more for a kind that only articles have. */
function usualSign(shape: Shape, { shapes }: Knowledge): number {
  const often = Math.max(0, Math.min(1, ((shapes.get(usualNameOf(shape)) ?? 0) - 4) / 6))
  return often * (shape.promise >= 0.65 ? 2 : 1)
}

/** A word alone may be a title where the card around it is one of an article. */
function titleSign(width: number, structure: number): number {
  const sign = width < 4 ? -1.4 : width < 8 ? -0.9 : width < 14 ? -0.4 : width < 22 ? 0.3 : width < 34 ? 1 : 1.5
  return sign < 0 && width >= 2 && structure > 0.7 ? sign / 3 : sign
}

const CALENDAR =
  /(?:^|[-_ /])(?:events?|calendar|termine?|veranstaltung(?:en)?|kalender|agenda|eventos?|evenements?|eventi|wydarzenia|afisha|etkinlik(?:ler)?|evenemang|whats-on)(?:$|[-_ /])/i
/** People, wares, vacancies and what is paid for, as sites call them; of articles some sites say so too. */
const OTHERS =
  /(?:^|[-_ /])(?:team|staff|our-people|authors?|autor(?:en|es|i|zy)|auteurs?|columnists?|kolumnist(?:en|i)?|contributors?|yazarlar|hosts?|members?|products?|produkte?|productos?|produits?|prodotti|shop|store|boutique|tienda|loja|sklep|jobs?|careers?|karriere|vacanc(?:y|ies)|stellen(?:angebote)?|empleos?|emplois|sponsored|advertorials?|partner-?content|native-?ads?|anzeigen?|patrocinado|publi(?:reportage|reportaje)|courses?|kurse|cursos|partners|services?)(?:$|[-_ /])/i

/** What will be, not what was: dated, illustrated and titled like news. */
function isOfCalendar(card: Repeat): boolean {
  return isCalled(card, CALENDAR)
}

/** By the address up to its last part, or by the names of the card and of what it stands in. */
function isCalled({ link, unit }: Repeat, names: RegExp): boolean {
  const path = URL.parse(link.url)?.pathname ?? ''
  if (names.test(path.slice(0, path.replace(/\/$/, '').lastIndexOf('/') + 1))) return true
  let node: AnyNode | null = unit
  for (let step = 0; step < 3 && node !== null && isTag(node) && node.name !== 'body'; step++, node = node.parent) {
    const { attribs } = node
    if (names.test(spaceNames(`${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`.slice(0, 200)))) return true
  }
  return false
}

/** Whether the link is a few words in the middle of a sentence. */
function isInText({ link, unit, fields }: Card): boolean {
  if (link.isHeading || fields.image !== undefined) return false
  const { prev, next } = link.element
  const words = (node: typeof prev) => (node !== null && isText(node) ? widthOf(node.data.trim()) : 0)
  return unit.name !== 'tr' && words(prev) + words(next) > 60 && link.width < 40 && words(prev) > 20
}

/** `Read more`: a text that most of the links have says nothing of any. */
function genericTexts(records: Repeat[]): string[] {
  const counts = new Map<string, number>()
  for (const { link } of records) counts.set(link.text, (counts.get(link.text) ?? 0) + 1)
  return [...counts].flatMap(([text, count]) =>
    text !== '' && count >= 3 && count > records.length / 2 ? [`=${text}`] : [],
  )
}

/** One link once: of two records with one address the one that says more is kept. */
function onceEach(records: Repeat[]): Repeat[] {
  const byKey = new Map<string, Repeat>()
  for (const record of records) {
    const other = byKey.get(record.link.shape.key)
    if (
      other === undefined ||
      (!other.link.isHeading && (record.link.isHeading || (other.link.width < 4 && record.link.width >= 4)))
    )
      byKey.set(record.link.shape.key, record)
  }
  return [...byKey.values()]
}

/** What surrounds most of the units from outside. */
export function commonChrome(records: Repeat[], page: Outline): number {
  let common = 0
  for (const bit of Object.values(CHROME)) {
    const count = records.filter(({ unit }) => chromeOutside(unit, page) & bit).length
    if (count > records.length / 2) common |= bit
  }
  return common
}

export function chromeOutside(unit: Repeat['unit'], page: Outline): number {
  const { parent } = unit
  return parent !== null && isTag(parent) ? (page.places.get(parent)?.chrome ?? 0) : 0
}

/** 1 where the newest come first, 0 where nothing is known, less where dates go up and down, or only up as in a calendar. */
function orderOf(cards: Card[]): number {
  const days = cards.flatMap(({ fields }) => dayNumber(fields.published ?? '') ?? [])
  if (days.length < 3) return 0
  let falling = 0
  for (const [at, day] of days.entries()) if (at > 0 && day <= (days[at - 1] ?? 0)) falling++
  const rising = days.filter((day, at) => at > 0 && day > (days[at - 1] ?? 0)).length
  if (rising === days.length - 1) return -3
  return falling / (days.length - 1) > 0.7 ? 1 : -0.3
}

function mean(numbers: number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
