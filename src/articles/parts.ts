/** Whether a page is one of several that its site shows one article on, and where the others are. */
import { type AnyNode, type Element, isTag } from 'domhandler'
import { type OtherParts } from '../item.ts'
import { isInPager, nextNumbered, saysNext, shortText } from '../pager.ts'
import { absolute, parseUrl, withoutTracking } from './links.ts'
import { type Page } from './metadata/page.ts'
import { type Reading, readingsOf } from './parts/addresses.ts'
import { namesPage, saysOtherArticle, saysWhole } from './parts/words.ts'

/**
 * The other parts of the article on this page; nothing where it is alone. The address of the next part is that of the
 * first and a number, and a link, pager or label says so as well: an article that follows is no part of this one.
 */
export function findParts(page: Page): OtherParts | undefined {
  const here = parseUrl(page.url)
  // The front page is no article.
  if (here === undefined || !/^https?:$/.test(here.protocol) || here.pathname === '/') return undefined
  const own = readingsOf(here)
  const links = linksOf(page, here, namesOf(own))
  const steps = links.flatMap((link) => {
    const step = stepTo(link.url, own)
    return step === undefined ? [] : [{ ...link, ...step }]
  })
  const first = firstOf(page, here, own, links)
  const next = steps.length === 0 ? undefined : steps.filter(isNextOf).find(believe(page, links, own))
  const address = next?.url ?? namedTwice(page, here)
  if (address === undefined && first === undefined) return undefined
  const whole = address === undefined ? undefined : wholeOf(linksOf(page, here), own)
  return {
    ...(address !== undefined && { next: address.href }),
    ...(whole !== undefined && { whole: whole.href }),
    ...(first !== undefined && { first }),
    ...((next?.from.number ?? 1) > 1 && { isLater: true as const }),
  }
}

interface Link {
  element: Element
  url: URL
  /** It is called the next one in mark-up (`rel=next`). */
  isNext: boolean
  isAnchor: boolean
}

interface Step {
  number: number
  kind: Reading['kind']
  /** How the page's own address was read for it. */
  from: Reading
}

const MOST_LINKS = 2000

/**
 * The links of the page to other pages on its host; with `names`, only those that may be parts of what has such a name at the
 * end of its address: most pages are alone, and all their links need not be read for it.
 */
function linksOf({ base, tagged }: Page, here: URL, names?: string[]): Link[] {
  return [...tagged('link'), ...tagged('a')].slice(0, MOST_LINKS).flatMap(({ element }) => {
    const { name, attribs } = element
    const { href, rel } = attribs
    const isNext = rel !== undefined && hasWord(rel, 'next')
    if (href === undefined || (name === 'link' && !isNext) || /^\s*(?:#|$)/.test(href)) return []
    if (names !== undefined && /^\s*(?:https?:|\/)/i.test(href)) {
      const written = href.toLowerCase()
      if (!names.some((one) => written.includes(one))) return []
    }
    const url = parseUrl(withoutTracking(absolute(href, base) ?? ''))
    if (url === undefined) return []
    url.hash = ''
    if (url.host !== here.host || url.href === here.href) return []
    return [{ element, url, isNext, isAnchor: name === 'a' }]
  })
}

/** What addresses of these stems end in, in both of its spellings. */
function namesOf(readings: Reading[]): string[] {
  const ends = readings.map(({ stem }) => (stem.split('?', 1)[0] ?? '').split('/').at(-1) ?? '')
  return [...new Set(ends.flatMap((end) => [end.toLowerCase(), encodeURI(end.toWellFormed()).toLowerCase()]))]
}

/** How an address is a part of the same article as the page. */
function stepTo(url: URL, own: Reading[]): Step | undefined {
  for (const { stem, number, kind } of readingsOf(url)) {
    if (kind === 'bare') continue
    const from = own.find((reading) => reading.stem === stem && (reading.kind === 'bare' || reading.kind === kind))
    if (from !== undefined) return { number, kind, from }
  }
  return undefined
}

function isNextOf({ number, from, element }: Link & Step): boolean {
  // Some sites count from nought.
  return number === from.number + 1 || (from.kind === 'bare' && number === 1 && shortText(element) === '2')
}

/** Whether more than its address speaks for a link: the weaker that is, the more. */
function believe(page: Page, links: Link[], own: Reading[]): (link: Link & Step) => boolean {
  const numbered = new Map<number, Element | undefined>()
  const stems = new Set(own.map(({ stem }) => stem))
  const ours = ({ url }: Link) => readingsOf(url).some(({ stem }) => stems.has(stem))
  // Of the article's own pages, the first among them: other rows of numbers say nothing.
  const anchors = links.filter((link) => link.isAnchor && !isElsewhere(link.element) && ours(link))
  return ({ element, isAnchor, kind, from, isNext }) => {
    if (isAnchor && isElsewhere(element)) return false
    const label = labelOf(element)
    if (isAnchor && saysOtherArticle(label)) return false
    if (!numbered.has(from.number))
      numbered.set(from.number, nextNumbered(elementsOf(page), anchors.map((link) => link.element), from.number)) // prettier-ignore
    const isSaid = element === numbered.get(from.number) || (isAnchor && namesPage(label, from.number + 1))
    // `/12` after `/11` and `story-2` after `story` may as well be the next article.
    if (kind === 'weak' || from.kind !== 'bare') return isSaid
    return isSaid || isNext || (isAnchor && saysNext(element))
  }
}

/** An address of any shape, to which a link of the page's head and its pager of numbers both lead. */
function namedTwice(page: Page, here: URL): URL | undefined {
  if (!page.tagged('link').some(({ element: { attribs } }) => hasWord(attribs['rel'], 'next'))) return undefined
  const links = linksOf(page, here)
  const stated = links.find(({ isNext, isAnchor }) => isNext && !isAnchor)?.url
  const anchors = links.filter(({ element, isAnchor }) => isAnchor && !isElsewhere(element))
  if (!anchors.some(({ element, url }) => url.href === stated?.href && /^\d{1,2}$/.test(shortText(element))))
    return undefined
  const numbered = nextNumbered(elementsOf(page), anchors.map(({ element }) => element)) // prettier-ignore
  const link = anchors.find(({ element }) => element === numbered)
  return stated !== undefined && link?.url.href === stated.href && isInPager(link.element) ? stated : undefined
}

function elementsOf({ $ }: Page): Element[] {
  return [...$('*')].slice(0, MOST_ELEMENTS).filter(isTag)
}

const MOST_ELEMENTS = 100_000

/** Where the article begins of which this page is a later part, where the page itself says so. */
function firstOf(page: Page, here: URL, own: Reading[], links: Link[]): string | undefined {
  for (const { stem, number, kind } of own) {
    if (kind === 'bare' || kind === 'whole' || number < 2) continue
    const isFirst = (url: URL) =>
      url.host === here.host &&
      readingsOf(url).some(
        (one) => one.stem === stem && (one.kind === 'bare' || (one.kind === kind && one.number === 1)),
      )
    const numbers = links.filter(({ element, url, isAnchor }) => {
      const text = isAnchor ? shortText(element) : ''
      if (!/^\d{1,2}$/.test(text) || isElsewhere(element)) return false
      return text === '1' ? isFirst(url) : stepTo(url, own)?.kind === kind
    })
    const begin = numbers.find(({ element }) => shortText(element) === '1')
    // A row of numbers that begins with the first part.
    const hasRow = begin !== undefined && (numbers.length > 1 || isInPager(begin.element))
    const stated = [statedAs('canonical', page), ...(number === 2 ? [statedAs('prev', page)] : [])]
    const said = stated.find((url) => url !== undefined && isFirst(url))
    if (said !== undefined && (kind === 'strong' || hasRow)) return said.href
    if (hasRow) return begin.url.href
  }
  return undefined
}

function statedAs(role: string, { marked, base }: Page): URL | undefined {
  const link = marked.find(({ element: { name }, roles }) => name === 'link' && roles.includes(role))?.element
  return parseUrl(absolute(link?.attribs['href'] ?? '', base) ?? '')
}

/** All of it on one page, where that is offered. */
function wholeOf(links: Link[], own: Reading[]): URL | undefined {
  return links.find(({ element, url, isAnchor }) => {
    if (!isAnchor || isElsewhere(element)) return false
    const isNear = readingsOf(url).some(({ stem, kind }) => kind === 'whole' && own.some((one) => one.stem === stem))
    return saysWhole(labelOf(element), isNear)
  })?.url
}

const ELSEWHERE = /(?:^|[\s_-])(?:comments?|kommentare?|commentaires?|comentarios?|respond|disqus|discussion|forum|related|recommend\w*|sidebar|widget|calendar|archive|most-?read|popular)(?:[\s_-]|$)/i // prettier-ignore
const LARGE = new Set(['body', 'html', 'main', 'article'])

/** Whether it stands in the comments, in a list of other articles or in a calendar. */
function isElsewhere(element: Element): boolean {
  let node: AnyNode | null = element
  for (let up = 0; up < 8 && node !== null && isTag(node) && !LARGE.has(node.name); up++, node = node.parent)
    if (ELSEWHERE.test(`${node.attribs['class'] ?? ''} ${node.attribs['id'] ?? ''}`)) return true
  return false
}

function labelOf(element: Element): string {
  const { title, 'aria-label': label } = element.attribs
  return [shortText(element), label, title].filter((part) => part !== undefined && part !== '').join(' · ')
}

function hasWord(list: string | undefined, word: string): boolean {
  return (list ?? '').toLowerCase().split(/\s+/).includes(word)
}
