/** A list as CSS selectors that find it again tomorrow, checked on the page where it was found. */
import { type CheerioAPI } from 'cheerio'
import { isTag, type AnyNode, type Element } from 'domhandler'
import { isHeadingTag } from './outline.ts'
import { namesOf, type Repeat } from './records.ts'

/** By what a list is known again: it may hold other articles, but looks the same. */
export interface ListMark {
  /** Matches each article's part of the page. */
  item: string
  /** In it: the link to the article, where it is not the first. */
  link?: string
  /** What the articles stand in: while it is there without them, the list is empty, and not broken. */
  container: string
}

const IDENTIFIER = /^-?[a-z_][\w-]*$/i
const MOST_STEPS = 6

/** Nothing where no selector tells the list from the rest of the page. */
export function markOf($: CheerioAPI, records: readonly Repeat[]): ListMark | undefined {
  const units = records.map(({ unit }) => unit)
  const [first] = units
  if (first === undefined) return undefined
  const wanted = new Set<AnyNode>(units)
  let best: { item: string; miss: number } | undefined
  for (const item of candidatesFor(units)) {
    const found = $(item)
    const right = [...found].filter((element) => wanted.has(element)).length
    const miss = (units.length - right) * 2 + (found.length - right)
    if (best === undefined || miss < best.miss) best = { item, miss }
    if (miss === 0) break
  }
  if (best === undefined || best.miss > units.length) return undefined
  const link = linkIn(records)
  return { item: best.item, ...(link !== undefined && { link }), container: containerOf(units) }
}

/** Ever longer ones, from the unit's own names up to what all of the units stand in. */
function candidatesFor(units: Element[]): string[] {
  const own = stepFor(units)
  const found = [own]
  let chain = own
  let above: Element[] = units
  for (let step = 0; step < MOST_STEPS; step++) {
    const parents = [...new Set(above.map(({ parent }) => parent))].filter((node) => node !== null).filter(isTag)
    if (parents.length === 0 || parents.length < above.length / 50) break
    above = parents
    chain = `${stepFor(parents)} > ${chain}`
    found.push(chain)
    if (parents.length === 1 && parents[0]?.attribs['id'] !== undefined) break
    if (parents[0]?.name === 'body') break
  }
  // A bare `li` may be all there is today, and half the page tomorrow.
  const telling = found.filter((selector) => /[.#>]/.test(selector) && selector.length <= 500)
  return telling.some((selector) => /[.#]/.test(selector))
    ? telling.filter((selector) => /[.#]/.test(selector))
    : telling
}

/** The tag and the names that all of them share. */
function stepFor(elements: Element[]): string {
  const [first] = elements
  if (first === undefined) return '*'
  const tag = elements.every(({ name }) => name === first.name) ? first.name : '*'
  const id = first.attribs['id'] ?? ''
  if (elements.length === 1 && IDENTIFIER.test(id) && !/\d{3}/.test(id)) return `${tag}#${id}`
  const shared = namesOf(first).filter((name) => IDENTIFIER.test(name) && elements.every((one) => hasName(one, name)))
  return (
    tag +
    shared
      .slice(0, 3)
      .map((name) => `.${name}`)
      .join('')
  )
}

function hasName({ attribs }: Element, name: string): boolean {
  return (attribs['class'] ?? '').split(/\s+/).includes(name)
}

function linkIn(records: readonly Repeat[]): string | undefined {
  const steps = records.map(({ link, unit }) => {
    const { element } = link
    if (element === unit) return undefined
    const heading = holderOf(element, unit)
    if (heading !== undefined) return `${heading} a`
    const [name] = namesOf(element)
    return name !== undefined && IDENTIFIER.test(name) ? `a.${name}` : 'a'
  })
  const counts = new Map<string, number>()
  for (const step of steps) if (step !== undefined) counts.set(step, (counts.get(step) ?? 0) + 1)
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1])
  return best === undefined || best[1] < records.length * 0.6 ? undefined : best[0]
}

function holderOf(element: Element, unit: Element): string | undefined {
  for (
    let node: AnyNode | null = element.parent;
    node !== null && isTag(node) && node !== unit.parent;
    node = node.parent
  ) {
    if (isHeadingTag(node.name)) return node.name
    if (node === unit) return undefined
  }
  return undefined
}

/** What most of the units stand in, named by an id or class of its own or of what is around it. */
export function containerOf(units: Element[]): string {
  const parents = units
    .map(({ parent }) => parent)
    .filter((node) => node !== null)
    .filter(isTag)
  const names: string[] = []
  let above = [...new Set(parents)]
  for (let step = 0; step < 4 && above.length > 0; step++) {
    const name = stepFor(above)
    names.unshift(name)
    if (/[.#]/.test(name)) break
    above = [
      ...new Set(
        above
          .map(({ parent }) => parent)
          .filter((node) => node !== null)
          .filter(isTag),
      ),
    ]
  }
  return names.join(' > ') || 'body'
}
