/** Who wrote the article. */
import { evenText } from '../characters.ts'
import { type Claim, claimsOf } from './claim.ts'
import { decode, isData, listOf } from './data.ts'
import { fold, type Marked, type Page, wordsOf } from './page.ts'

const META = ['author', 'article:author', 'parsely-author', 'dc.creator', 'citation_author', 'byl', 'sailthru.author']

export function claimAuthors(page: Page): Claim<string[]>[] {
  const read = (spots: Marked[]) => spots.slice(0, 4).flatMap(({ element }) => splitNames(wordsOf(element)))
  const byRole = page.marked.filter(({ roles, names, element }) => roles.includes('author') || ` ${names} `.includes(' p-author ') || element.attribs['rel'] === 'author') // prettier-ignore
  const byline = page.marked.filter(({ names }) => /byline|author-name|author_name/.test(names))
  return [
    ...claimsOf('JSON-LD author', 0.9, [namesIn(page.article['author'])]),
    ...claimsOf('meta author', 0.8, [page.meta(...META).flatMap(splitNames)]),
    ...claimsOf('link to the author', 0.7, [read(byRole)]),
    ...claimsOf('byline', 0.6, [read(byline.slice(0, 1))]),
  ].filter(({ value }) => value.length > 0)
}

export function isSameAuthors(a: string[], b: string[]): boolean {
  return a.map(fold).toSorted().join('|') === b.map(fold).toSorted().join('|')
}

function namesIn(value: unknown): string[] {
  const found = listOf(value).flatMap((one) => {
    if (typeof one === 'string') return splitNames(decode(one))
    return isData(one) ? listOf(one['name']).flatMap((name) => (typeof name === 'string' ? splitNames(decode(name)) : [])) : [] // prettier-ignore
  })
  return [...new Set(found)]
}

/** The names in a byline; addresses and sentences are none. */
function splitNames(byline: string): string[] {
  const line = evenText(byline).replace(/^(?:(?:written|posted|words|story)\s+)?(?:by|von|par|por|di|door)[\s:]+/i, '')
  return line
    .split(/\s*(?:,|;|\||•|·|\s&\s|\sand\s|\sund\s|\set\s|\sy\s)\s*/i)
    .filter(
      (name) =>
        /\p{L}/u.test(name) && name.length <= 60 && !/https?:|@|^\d|\d{4}/.test(name) && name.split(' ').length <= 6,
    )
    .slice(0, 10)
}
