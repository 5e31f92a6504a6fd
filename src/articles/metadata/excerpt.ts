/** What the page says its article is about, in a sentence or two. */
import { fold } from '../characters.ts'
import { type Claim, claimsOf } from './claim.ts'
import { textOf } from './data.ts'
import { type Page } from './page.ts'

export function claimExcerpt(page: Page): Claim<string>[] {
  const said = page.meta('og:description', 'description', 'twitter:description', 'dc.description')
  const data = textOf(page.article['description'])
  return [
    ...claimsOf('meta description', 0.8, said.slice(0, 1)),
    ...claimsOf('JSON-LD description', 0.7, data === undefined ? [] : [data]),
  ]
}

export function isSameExcerpt(a: string, b: string): boolean {
  return fold(a) === fold(b)
}
