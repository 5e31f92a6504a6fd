/** The language that the article is in, as a BCP 47 tag. */
import { type Claim, claimsOf } from './claim.ts'
import { textOf } from './data.ts'
import { type Page } from './page.ts'

export function claimLanguage(page: Page): Claim<string>[] {
  const html = page.tagged('html')[0]?.element.attribs ?? {}
  const body = [...page.tagged('body'), ...page.tagged('article')].find(({ element }) => element.attribs['lang'])
  return [
    ...claimsOf('lang of html', 0.8, tagOf(html['lang'] ?? html['xml:lang'])),
    ...claimsOf('JSON-LD inLanguage', 0.7, tagOf(textOf(page.article['inLanguage']))),
    ...claimsOf('meta language', 0.6, page.meta('content-language', 'dc.language', 'language', 'og:locale').slice(0, 1).flatMap(tagOf)), // prettier-ignore
    ...claimsOf('lang of body', 0.5, tagOf(body?.element.attribs['lang'])),
  ]
}

export function isSameLanguage(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function tagOf(text: string | undefined): string[] {
  const tag = text?.trim().replaceAll('_', '-') ?? ''
  return /^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.test(tag) ? [tag] : []
}
