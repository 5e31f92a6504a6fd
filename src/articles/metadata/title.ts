/** The title of the article, without the name of the site. */
import { type Element, isTag, isText } from 'domhandler'
import { evenText, fold } from '../characters.ts'
import { parseUrl } from '../links.ts'
import { type Claim } from './claim.ts'
import { textOf } from './data.ts'
import { type Marked, oncePerPage, type Page, type Spot, wordsOf } from './page.ts'
import { type SiteNames, siteNames } from './site.ts'

const LONGEST = 500
const MOST_HEADINGS = 30

/** What the page is called in its head is written for search engines and cards; its headline is what a reader sees. */
export function claimTitle(page: Page): Claim<string>[] {
  const site = siteNames(page)
  const headings = new Set(headingsOf(page).map(({ element }) => fold(wordsOf(element, LONGEST))))
  const without = (text: string) => withoutSite(text.slice(0, LONGEST), site, headings)
  const named: Claim<string>[] = [
    { place: 'JSON-LD headline', weight: 0.55, text: textOf(page.article['headline']) ?? textOf(page.article['name']) },
    { place: 'og:title', weight: 0.55, text: page.meta('og:title', 'twitter:title', 'parsely-title', 'sailthru.title')[0] },
    { place: 'meta title', weight: 0.45, text: page.meta('citation_title', 'dc.title', 'dcterms.title', 'title', 'headline')[0] },
    { place: 'title element', weight: 0.5, text: page.title === '' ? undefined : page.title },
  ].flatMap(({ text, ...claim }) => (text === undefined ? [] : [{ ...claim, weight: text.length < 12 ? claim.weight * 0.6 : claim.weight, value: without(text) }])) // prettier-ignore
  const names = named.map(({ value }) => value)
  const claims = [...named, ...claimHeadings(page, names, site)]
  const isEmpty = (text: string) => !/[\p{L}\p{N}]/u.test(text)
  return claims
    .map((claim) =>
      site.has(claim.value) && parseUrl(page.url)?.pathname !== '/' ? { ...claim, weight: claim.weight * 0.3 } : claim,
    ) // prettier-ignore
    .filter(({ value }) => !isEmpty(value))
}

function headingsOf(page: Page): Spot[] {
  return [
    ...page.tagged('h1').slice(0, MOST_HEADINGS),
    ...page.tagged('h2').slice(0, 15),
    ...page.tagged('h3').slice(0, 3),
  ]
}

/** Equal but for punctuation; one that was cut short is the whole one. */
export function isSameTitle(a: string, b: string): boolean {
  const [one, other] = [fold(a), fold(b)]
  return one === other || isCut(a, one, other) || isCut(b, other, one)
}

function isCut(text: string, folded: string, whole: string): boolean {
  return (/(?:…|\.\.\.)\s*$/.test(text) || folded.length > 90) && folded.length > 10 && whole.startsWith(folded)
}

/** The heading that is the headline, as far as the page's own names for itself tell. */
export const headlineOf = oncePerPage((page: Page): Spot | undefined => {
  const [first, ...others] = page.tagged('h1').slice(0, MOST_HEADINGS)
  const rest = page.tagged('h2').slice(0, 8)
  const names = [page.meta('og:title')[0], textOf(page.article['headline']), page.title].filter(
    (name) => name !== undefined,
  )
  const site = siteNames(page)
  const like = likenessTo(names)
  const rank = (spot: Spot) => {
    const text = wordsOf(spot.element, LONGEST)
    return (isOfSite(spot.element, page, site, like) ? 0 : like(text)) + (spot.element.name === 'h1' ? 0.3 : 0)
  }
  const spots = [...(first === undefined ? [] : [first]), ...others, ...rest]
  let best: Spot | undefined
  let most = 0.2
  for (const spot of spots) {
    const value = rank(spot)
    if (value > most) [best, most] = [spot, value]
  }
  return best
})

const SURROUNDING = new Set(['nav', 'aside', 'footer', 'dialog', 'form', 'figure', 'blockquote'])

function claimHeadings(page: Page, names: string[], site: SiteNames): Claim<string>[] {
  const like = likenessTo(names)
  const h1s = page.tagged('h1').slice(0, MOST_HEADINGS)
  const others = [...page.tagged('h2').slice(0, 8), ...page.tagged('h3').slice(0, 3)]
  const called = page.marked.filter(isCalledTitle).slice(0, 10)
  const seen = new Set<Element>(h1s.map(({ element }) => element))
  const rest = [...called, ...others].filter(({ element }) => !seen.has(element) && seen.add(element))
  const judge = (spot: Spot, place: string, index: number) => judgeHeading(spot, place, index, names, like, site)
  let index = 0
  const firsts = h1s.map((spot) => {
    const isSites = isOfSite(spot.element, page, site, like)
    const claim = judge(spot, 'headline (h1)', isSites ? 0 : index++)
    return isSites ? { ...claim, weight: claim.weight * 0.2 } : claim
  })
  const seconds = rest.map((spot, index) => judge(spot, called.includes(spot as Marked) ? 'element called title' : `headline (${spot.element.name})`, index)) // prettier-ignore
  return [...firsts, ...seconds].filter(({ value, weight }) => value !== '' && weight > 0)
}

function isCalledTitle({ element, names, roles }: Marked): boolean {
  if (element.name === 'meta' || element.name === 'link' || element.name === 'body' || element.name === 'html')
    return false
  return roles.includes('headline') || /(?:^|[\s_-])(?:(?:article|entry|post|story|page|content|news|blog|main)[_-]?_?(?:title|headline|heading)|headline|p-name|titre|titel|titulo)(?:$|\s)/.test(names) // prettier-ignore
}

function judgeHeading(
  { element }: Spot,
  place: string,
  index: number,
  names: string[],
  like: (text: string) => number,
  site: SiteNames,
): Claim<string> {
  const value = partNamed(element, names) ?? withoutLabel(withoutSiteEnd(wordsOf(element, LONGEST), site), names)
  const likeness = like(value)
  const isFirst = element.name === 'h1'
  let weight = isFirst ? 0.74 + 0.55 * Math.min(likeness, 0.4) : 0.05 + 0.6 * likeness ** 2
  if (isFirst && index > 0) weight *= likeness > 0.3 ? 0.95 : 0.4
  if (value.length > 160) weight *= 0.6
  // `Our blog`, `Updates`: a short one that is unlike the long title which two places agree on.
  const agreed = names.find((name, at) => names.indexOf(name) !== at) ?? ''
  if (isFirst && likeness < 0.42 && value.length < 28 && agreed.length > value.length * 1.5) weight *= 0.65
  for (let node = element.parent, depth = 0; node && isTag(node) && depth < 12; node = node.parent, depth++)
    if (SURROUNDING.has(node.name)) weight *= 0.4
  return { value, place, weight: Math.min(weight, 0.97) }
}

const SITE_HEAD =
  /(?:^|[\s_-])(?:logo|brand(?:ing)?|site-?(?:title|name|header|logo|id|heading)|blog-?title|masthead|navbar\S*)(?:$|[\s_-])/

/** Whether a heading is the paper's name: called so, or a link to the front page. */
function isOfSite(element: Element, { base }: Page, site: SiteNames, like: (text: string) => number): boolean {
  const text = wordsOf(element, LONGEST)
  if (site.has(text)) return true
  for (let node: Element['parent'] = element, depth = 0; node && isTag(node) && depth < 4; node = node.parent, depth++)
    if (SITE_HEAD.test(`${node.attribs['class'] ?? ''} ${node.attribs['id'] ?? ''}`.slice(0, 300).toLowerCase())) {
      // Themes call the head of an article `masthead` too.
      const likeness = like(text)
      if (likeness < 0.4 || likeness > 0.95) return true
    }
  const link = [element.parent, ...element.children].find((node) => node && isTag(node) && node.name === 'a')
  const href = link && isTag(link) ? link.attribs['href'] : undefined
  const url = href === undefined ? undefined : parseUrl(href, base)
  return url !== undefined && (url.pathname === '/' || url.pathname === '') && url.search === '' && url.hash === ''
}

/** A headline may hold its kicker or its second line as an element of its own: the part that the page is named for. */
function partNamed(element: Element, names: string[]): string | undefined {
  const parts = element.children.length > 30 ? [] : element.children.map((child) => (isTag(child) ? wordsOf(child, LONGEST) : isText(child) ? evenText(child.data, LONGEST) : '')).filter((text) => text !== '') // prettier-ignore
  if (parts.length < 2) return undefined
  return parts.find((part) => part.length > 8 && names.some((name) => fold(name) === fold(part)))
}

/** A headline without what only labels it: `Blog: Storm at sea`, where two places call the page `Storm at sea`. */
function withoutLabel(heading: string, names: string[]): string {
  const [name = ''] = names.filter((one, at) => names.indexOf(one) !== at)
  if (name.length < 12 || heading.length > name.length + 40 || heading === name) return heading
  if (heading.endsWith(name) && heading.length - name.length <= 25) return name
  const rest = heading.startsWith(name) ? heading.slice(name.length).trim() : ''
  return /^(?:\([\w.-]+\.\w{2,6}\))?\s*[\d\W]*$/.test(rest) && /\d|\(/.test(rest) ? name : heading
}

/** How alike a text is to the most alike of the titles, 0…1: runs of three characters shared, so that it holds without spaces too. */
function likenessTo(titles: string[]): (text: string) => number {
  const known = titles.map((title) => ({ folded: fold(title), runs: triples(title) }))
  // Each heading is asked about several times.
  const asked = new Map<string, number>()
  const judge = (text: string) => {
    const runs = triples(text)
    const likenesses = known.map((title) => {
      if (runs.size === 0 || title.runs.size === 0) return fold(text) === title.folded ? 1 : 0
      let shared = 0
      for (const run of runs) if (title.runs.has(run)) shared++
      return (2 * shared) / (runs.size + title.runs.size)
    })
    return Math.max(0, ...likenesses)
  }
  return (text) => {
    const likeness = asked.get(text) ?? judge(text)
    asked.set(text, likeness)
    return likeness
  }
}

function triples(text: string): ReadonlySet<string> {
  const even = fold(text.slice(0, LONGEST)).replaceAll(' ', '')
  const found = new Set<string>()
  for (let at = 0; at + 2 < even.length; at++) found.add(even.slice(at, at + 3))
  return found
}

const SEPARATOR =
  /\s+(?:[|–—·•»«:/~>‹›‐―∣-]|::|\|\|)\s+|\s*[|｜]\s*|(?<=[\p{L}\p{N}])\s?[_＿]\s?(?=\p{Lo})|\s*[–—]\s+(?=\S+\.\p{L}{2,5}$)/u

/** `Storm at sea | The Harbour Gazette` without the paper's name, where the page says what that is, or it is the short end. */
function withoutSite(title: string, site: SiteNames, headings: ReadonlySet<string>): string {
  const known = withoutSiteEnd(title, site)
  if (headings.has(fold(known))) return known
  const { parts, ends } = split(known)
  if (parts.length < 2) return known
  // The longest beginning, else the longest end, that is a headline on the page.
  for (let count = parts.length - 1; count > 0; count--) {
    const start = known.slice(0, ends[count - 1])
    if (headings.has(fold(start))) return start
    const end = known.slice(startOf(known, parts.length - count))
    if (headings.has(fold(end))) return end
  }
  if (known !== title) return known
  const longest = parts.toSorted((a, b) => b.length - a.length)[0] ?? known
  // A name begins like one; what goes on in small letters is the title's own.
  const isNamed = /^[\p{Lu}\p{Lo}\p{N}]/u.test(parts[1] ?? '') && (parts.at(-1) ?? '').split(' ').length <= 6
  return isNamed && longest.length > known.length * 0.5 && longest === parts[0] ? longest : known
}

/** Without the parts at its end or beginning that are the name of the site. */
function withoutSiteEnd(title: string, site: SiteNames): string {
  let rest = title
  for (let round = 0; round < 3; round++) {
    const { parts, ends } = split(rest)
    if (parts.length < 2) return rest
    if (site.has(parts.at(-1) ?? '')) rest = rest.slice(0, ends.at(-2))
    else if (site.has(parts[0] ?? '')) rest = rest.slice(startOf(rest, 1))
    else return rest
  }
  return rest
}

interface Parts {
  parts: string[]
  /** Where each ends. */
  ends: number[]
}

function split(title: string): Parts {
  const parts: string[] = []
  const ends: number[] = []
  const separator = new RegExp(SEPARATOR, 'gu')
  let from = 0
  for (let found = separator.exec(title); found !== null && parts.length < 12; found = separator.exec(title)) {
    parts.push(title.slice(from, found.index))
    ends.push(found.index)
    from = found.index + found[0].length
  }
  return { parts: [...parts, title.slice(from)], ends: [...ends, title.length] }
}

/** Where the part of this number begins. */
function startOf(title: string, number: number): number {
  const { parts, ends } = split(title)
  return (ends[number] ?? title.length) - (parts[number] ?? '').length
}
