/** The title of the article, without the name of the site. */
import { type Claim, claimsOf } from './claim.ts'
import { textOf } from './data.ts'
import { fold, type Page, wordsOf } from './page.ts'

export function claimTitle(page: Page): Claim<string>[] {
  const { article } = page
  const headings = page
    .tagged('h1')
    .map(({ element }) => wordsOf(element))
    .filter((text) => text !== '')
  const named = fold(page.meta('og:title', 'twitter:title')[0] ?? page.title)
  const repeated = headings.filter((text) => text.length > 3 && named.includes(fold(text)))
  const h2 = page.tagged('h2')[0]
  return [
    ...claimsOf('JSON-LD headline', 0.9, known(textOf(article['headline']))),
    ...claimsOf('headline (h1) that the page is named for', 0.85, repeated.length === 1 ? repeated : []),
    ...claimsOf('itemprop headline', 0.7, page.props('headline').slice(0, 1).map(({ element }) => wordsOf(element))),
    ...claimsOf('og:title', 0.6, page.meta('og:title', 'twitter:title', 'dc.title', 'citation_title').slice(0, 1).map((text) => withoutSite(text, page))),
    ...claimsOf('h1', 0.5, headings.slice(0, 1)),
    ...claimsOf('title element', 0.4, page.title === '' ? [] : [withoutSite(page.title, page)]),
    ...claimsOf('h2', 0.1, h2 === undefined ? [] : [wordsOf(h2.element)]),
  ].filter(({ value }) => value !== '') // prettier-ignore
}

export function isSameTitle(a: string, b: string): boolean {
  return fold(a) === fold(b)
}

function known<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}

/** `Storm at sea | The Harbour Gazette` without the paper's name, where the page says what that is, or it is the short end. */
function withoutSite(title: string, page: Page): string {
  const site = fold(page.meta('og:site_name', 'application-name')[0] ?? '')
  const parts = title.split(/\s+[|–—·•»:-]\s+|\s*\|\s*/)
  if (parts.length < 2) return title
  const isSite = (part = '') => site !== '' && fold(part) === site
  if (isSite(parts.at(-1))) return title.slice(0, title.lastIndexOf(parts.at(-1) ?? '')).replace(/[\s|–—·•»:-]+$/, '')
  if (isSite(parts[0])) return title.slice((parts[0] ?? '').length).replace(/^[\s|–—·•»:-]+/, '')
  const longest = parts.toSorted((a, b) => b.length - a.length)[0] ?? title
  return longest.length > title.length * 0.5 && longest === parts[0] ? longest : title
}
