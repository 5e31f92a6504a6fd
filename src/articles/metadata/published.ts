/** When the article was published, and when it was last changed. */
import { type Element, isText } from 'domhandler'
import { evenText } from '../characters.ts'
import { readDate } from '../dates.ts'
import { type Claim, claimsOf } from './claim.ts'
import { textOf } from './data.ts'
import { type Page, type Spot } from './page.ts'

export function claimPublished(page: Page): Claim<Date>[] {
  const { article, url } = page
  const props = page.props('datepublished')
  const classed = page.marked.filter(({ element, names }) => (element.name === 'time' && /\b(?:published|entry-date)\b/.test(names)) || ` ${names} `.includes(' dt-published ')) // prettier-ignore
  const times = page.tagged('time').filter(({ element }) => element.attribs['datetime'] !== undefined)
  const named = page.marked.filter(({ names }) => /publish|date|posted/.test(names)).slice(0, 20)
  const address = /\/(\d{4})[/-](\d\d)[/-](\d\d)(?:[/-]|$)/.exec(url)?.slice(1).join('-')
  return [
    ...one('JSON-LD datePublished', 0.9, known(textOf(article['datePublished']))),
    ...one('meta article:published_time', 0.85, page.meta('article:published_time', 'og:article:published_time', 'article:published', 'parsely-pub-date', 'sailthru.date')),
    ...one('meta date', 0.8, page.meta('datepublished', 'dc.date.issued', 'dcterms.issued', 'dc.date', 'dcterms.created', 'citation_publication_date', 'pubdate', 'publishdate', 'publish-date', 'publish_date', 'date')),
    ...one('itemprop datePublished', 0.75, stamps([...props, ...classed])),
    ...one('JSON-LD dateCreated', 0.7, known(textOf(article['dateCreated']))),
    ...one('time', 0.5, stamps(times.slice(0, 1))),
    ...one('element called date', 0.4, stamps(named)),
    ...one('address', 0.4, known(address)),
  ] // prettier-ignore
}

export function claimUpdated(page: Page): Claim<Date>[] {
  return [
    ...one('JSON-LD dateModified', 0.9, known(textOf(page.article['dateModified']))),
    ...one('meta article:modified_time', 0.8, page.meta('article:modified_time', 'og:updated_time', 'article:updated_time', 'dcterms.modified', 'dc.date.modified', 'last-modified')),
    ...one('itemprop dateModified', 0.7, stamps(page.props('datemodified'))),
  ] // prettier-ignore
}

export function isSameDay(a: Date, b: Date): boolean {
  return a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10)
}

/** The first of the values that is a date. */
function one(place: string, weight: number, values: string[]): Claim<Date>[] {
  for (const value of values) {
    const date = readDate(value) ?? readDate(value.replace(/^[^\d]{0,30}?(?=\p{Lu}?\p{L}*\s?\d)/u, ''))
    if (date !== undefined) return claimsOf(place, weight, [date])
  }
  return []
}

/** The moments that elements carry, as attribute or as words. */
function stamps(spots: Spot[]): string[] {
  return spots.slice(0, 20).flatMap(({ element }) => {
    const { datetime, content, title } = element.attribs
    return [datetime, content, ownWords(element), title].flatMap((text) => (text === undefined || text.trim() === '' ? [] : [evenText(text)])) // prettier-ignore
  })
}

function ownWords(element: Element): string {
  return element.children.map((child) => (isText(child) ? child.data : '')).join(' ')
}

function known<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}
