/** Who wrote the article. */
import { fold } from '../characters.ts'
import { isTag } from 'domhandler'
import { type Claim, decide, type Finding } from './claim.ts'
import { claimBylines } from './byline.ts'
import { isData, listOf, resolve } from './data.ts'
import { isHandle, isPersonal, splitNames } from './names.ts'
import { type Marked, type Page, wordsOf } from './page.ts'
import { decode } from './references.ts'
import { headlineOf } from './title.ts'
import { type SiteNames, siteNames } from './site.ts'

const META = ['author', 'article:author', 'parsely-author', 'dc.creator', 'dcterms.creator', 'citation_author', 'byl', 'sailthru.author', 'cxenseparse:author', 'twitter:data1'] // prettier-ignore

/** A claim is of all authors that one place names. */
export function claimAuthors(page: Page): Claim<string[]>[] {
  const site = siteNames(page)
  const claims = [...claimData(page), ...claimMeta(page), ...claimMarks(page), ...claimBylines(page)]
  // A byline that goes on behind a name which another place knows: `Mara Lund Harbour Gazette`.
  const known = claims.filter(({ place }) => STATED.has(place)).flatMap(({ value }) => value.filter(isPersonal))
  const shortened = (name: string) => known.find((one) => name.startsWith(`${one} `)) ?? name
  return claims.flatMap((claim) => {
    const value = distinct(claim.value.map(shortened))
    return value.length === 0 ? [] : [{ ...claim, value, weight: claim.weight * trust(claim.place, value, site) }]
  })
}

/** Which of them are believed: nothing where none is sure enough, since a wrong name is worse than none. */
export function decideAuthors(claims: Claim<string[]>[]): Finding<string[]> | undefined {
  const found = decide(claims, isSameAuthors)
  if (found === undefined || found.confidence < LEAST) return undefined
  // Of those that agree in part, the fullest that stands in a good place.
  const fuller = claims.filter(({ value, weight, place }) => weight >= 0.5 && FULL.has(place) && value.length > found.value.length && isSameAuthors(value, found.value)) // prettier-ignore
  const [fullest] = fuller.toSorted((a, b) => b.value.length - a.value.length)
  return fullest === undefined ? found : { ...found, value: fullest.value, place: fullest.place }
}

const LEAST = 0.33
const FULL = new Set(['byline', 'JSON-LD author', 'meta author'])

/** The same people; or all of the one among the others, which a place that names only the first gives. */
function isSameAuthors(a: string[], b: string[]): boolean {
  const [few, many] = [a, b].map((names) => new Set(names.map(bare))).toSorted((one, other) => one.size - other.size)
  return few !== undefined && many !== undefined && [...few].every((name) => many.has(name))
}

function bare(name: string): string {
  return fold(name).replace(/^(?:dr|prof|professor|mr|mrs|ms) /, '')
}

function distinct(names: string[]): string[] {
  const found = new Map(names.map((name) => [bare(name), name]))
  found.delete('')
  return [...found.values()].slice(0, 12)
}

/** Names of sites, log-ins and things are authors only where readers are told so. */
function trust(place: string, names: string[], site: SiteNames): number {
  if (names.every(isPersonal)) return 1
  const isShown = SHOWN.has(place)
  if (names.some((name) => site.has(name))) return isShown ? 0.75 : 0.3
  if (names.some(isHandle)) return isShown ? 0.8 : 0.3
  return isShown ? 0.9 : 0.65
}

const STATED = new Set(['JSON-LD author', 'meta author', 'marked as author'])
const SHOWN = new Set(['byline', 'element called author', 'marked as author'])

function claimData(page: Page): Claim<string[]>[] {
  const { article } = page
  const people = [article['author'], article['creator']].map((value) => peopleIn(value, page))
  const isOrganisation = listOf(article['author']).some((one) => isData(one) && one['@type'] === 'Organization')
  return people.map((value) => ({ value, place: 'JSON-LD author', weight: isOrganisation ? 0.3 : 0.75 }))
}

function peopleIn(value: unknown, page: Page): string[] {
  return listOf(value).flatMap((one) => {
    if (typeof one === 'string') return splitNames(decode(one))
    if (!isData(one)) return []
    const node = resolve(one, page.data) ?? one
    return listOf(node['name']).flatMap((name) => (typeof name === 'string' ? splitNames(decode(name)) : []))
  })
}

function claimMeta(page: Page): Claim<string[]>[] {
  return META.flatMap((name) => {
    const contents = page.meta(name).map(decode)
    if (name === 'twitter:data1' && !/written|author|by/i.test(page.meta('twitter:label1')[0] ?? '')) return []
    return [{ value: contents.flatMap(splitNames), place: 'meta author', weight: 0.6 }]
  })
}

/** Elements that the page marks as its author: microdata, rel, microformats, links to someone's page. */
function claimMarks(page: Page): Claim<string[]>[] {
  const marks = innermost(page)
  const people = marks.map((mark) => ({ mark, names: splitNames(nameWithin(mark)) })).filter(({ names }) => names.length > 0) // prettier-ignore
  const headline = headlineOf(page)
  const near = headline && people.filter(({ mark: { at } }) => at > headline.at - 60 && at < headline.at + 120)
  const claim = (names: string[], weight: number) => [{ value: distinct(names), place: 'marked as author', weight }]
  const beside = near?.flatMap(({ names }) => names) ?? []
  if (beside.length > 0 && distinct(beside).length <= 4) return claim(beside, 0.7)
  const all = distinct(people.flatMap(({ names }) => names))
  // Many different ones are the authors of other articles, listed below.
  if (all.length <= 3) return claim(all, 0.6)
  return claim((near?.[0] ?? people[0])?.names ?? [], 0.45)
}

/** The marks, each as the name within it where that is marked too. */
function innermost(page: Page): Marked[] {
  const marks = page.marked.filter(isAuthorMark).slice(0, 40)
  const outer = new Map(marks.map((mark) => [mark.element, mark]))
  for (const name of [...page.props('name'), ...page.marked.filter(({ names }) => /(?:^|\s)(?:fn|p-name)(?:\s|$)/.test(names))].slice(0, 100)) {
    for (let node = name.element.parent, depth = 0; node && isTag(node) && depth < 5; node = node.parent, depth++)
      if (outer.has(node)) outer.set(node, name)
  }
  return [...new Set(outer.values())]
} // prettier-ignore

function isAuthorMark({ element, names, roles }: Marked): boolean {
  if (element.name === 'link') return false
  if (roles.includes('author') || roles.includes('creator')) return true
  return /(?:^|\s)(?:p-author|vcard author|author vcard)(?:$|\s)/.test(names)
}

function nameWithin({ element }: Marked): string {
  if (element.name === 'meta') return element.attribs['content'] ?? ''
  return wordsOf(element, 120)
}
