/** What the article is about: its section and tags. */
import { type Claim, claimsOf } from './claim.ts'
import { listOf, textOf } from './data.ts'
import { fold, type Page, wordsOf } from './page.ts'

export function claimTopics(page: Page): Claim<string[]>[] {
  const sections = listOf(page.article['articleSection']).flatMap((one) => textOf(one) ?? [])
  return [
    ...claimsOf('JSON-LD articleSection', 0.9, [sections]),
    ...claimsOf('meta article:section', 0.7, [page.meta('article:section', 'parsely-section', 'section')]),
    ...claimsOf('itemprop articleSection', 0.6, [page.props('articlesection').map(({ element }) => wordsOf(element))]),
  ].flatMap((claim) => (claim.value.length === 0 ? [] : [{ ...claim, value: claim.value.slice(0, 5) }]))
}

export function isSameTopics(a: string[], b: string[]): boolean {
  return a.map(fold).join('|') === b.map(fold).join('|')
}
