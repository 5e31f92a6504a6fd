/** Where a list goes on: the address of its next page, as links, pagers and "load more" buttons tell it. */
import { type CheerioAPI } from 'cheerio'
import { isTag, type Element } from 'domhandler'
import { nextNumbered, saysNext } from '../pager.ts'
import { webUrl } from './web-url.ts'

/**
 * The page after the one at `url`, on the same host; nothing where the list ends or does not say. What stands in a link
 * with `rel=next` is believed first, then a button that loads more, then a pager.
 */
export function nextPage($: CheerioAPI, url: string): string | undefined {
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const own = new URL(url)
  own.hash = ''
  const fit = (address: string | undefined) => {
    if (address === undefined || /^\s*(?:#|$)/.test(address)) return undefined
    const next = webUrl(address, base)
    if (next === undefined) return undefined
    const target = new URL(next)
    target.hash = ''
    return target.host === own.host && target.href !== own.href ? target.href : undefined
  }
  const elements = [...$('*')].slice(0, MOST_ELEMENTS).filter(isTag)
  const links = elements.filter(({ name, attribs }) => name === 'a' && attribs['href'] !== undefined)
  return (
    first(elements, ({ name, attribs }) =>
      (name === 'link' || name === 'a') && hasWord(attribs['rel'], 'next') ? fit(attribs['href']) : undefined,
    ) ??
    first(elements, (element) => fit(moreAddress(element))) ??
    fit(nextNumbered(elements, links, pageIn(url))?.attribs['href']) ??
    first(links, (link) => (saysNext(link) ? fit(link.attribs['href']) : undefined))
  )
}

/** What an address that a button asks for answers: a piece of HTML, or JSON that holds one, as HTML. */
export function pieceOf(text: string): string {
  const data = jsonIn(text)
  if (data === undefined) return text
  return stringsIn(data)
    .filter(([, value]) => /<[a-z][^>]*>/i.test(value))
    .map(([, value]) => value)
    .join('\n')
}

/** The address after such an answer, where it is JSON and names one. */
export function nextInJson(text: string, url: string): string | undefined {
  const found = stringsIn(jsonIn(text)).find(
    ([key, value]) => /^next(?:_?(?:page)?_?(?:url|link|href))?$/i.test(key) && webUrl(value, url) !== undefined,
  )
  return found === undefined ? undefined : webUrl(found[1], url)
}

const MOST_ELEMENTS = 100_000
const MOST_STRINGS = 1000

/** On anything, these hold the address of more of the list. */
const ITS_OWN = ['data-next-url', 'data-next-page-url', 'data-next-href', 'data-load-more-url', 'data-more-url']
/** These hold any address: that of more of the list where the element is called so. */
const ANY = [
  'data-url',
  'data-href',
  'data-ajax-url',
  'data-src',
  'data-endpoint',
  'data-next',
  'hx-get',
  'data-hx-get',
  'href',
]
const MORE = /(?:^|[\s_-])(?:(?:load|show|view|see|read)[_-]?more(?!\w)|more[_-](?:posts|articles|news|stories|items|button|link)|loadmore|infinite[_-]?(?:scroll|next|more)|next[_-]?page|pagination[_-]{0,2}next|pager[_-]{0,2}next|nextpostslink)/i // prettier-ignore

function moreAddress({ name, attribs }: Element): string | undefined {
  const own = ITS_OWN.map((key) => attribs[key]).find((value) => value !== undefined && value !== '')
  if (own !== undefined) return own
  if (!MORE.test(` ${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`)) return undefined
  const keys = name === 'a' ? [...ANY.filter((key) => key !== 'href'), 'href'] : ANY.filter((key) => key !== 'href')
  // A state in `data-next` may be a number: it is no address.
  return keys.map((key) => attribs[key]).find((value) => value !== undefined && /[/?]/.test(value))
}

/** Which page of a list an address is of, where it says. */
function pageIn(url: string): number | undefined {
  const { pathname, searchParams } = new URL(url)
  const said =
    /\/(?:page|seite|pagina|p)[/-]?(\d{1,4})\/?$/i.exec(pathname)?.[1] ??
    searchParams.get('page') ??
    searchParams.get('paged') ??
    searchParams.get('p')
  return said !== null && /^\d{1,4}$/.test(said) ? Number(said) : undefined
}

function first<T>(elements: Element[], give: (element: Element) => T | undefined): T | undefined {
  for (const element of elements) {
    const found = give(element)
    if (found !== undefined) return found
  }
  return undefined
}

function hasWord(list: string | undefined, word: string): boolean {
  return (list ?? '').toLowerCase().split(/\s+/).includes(word)
}

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Every text in it with the key that it stands at, not deep. */
function stringsIn(data: unknown, key = '', depth = 0): [key: string, value: string][] {
  if (typeof data === 'string') return [[key, data]]
  if (typeof data !== 'object' || data === null || depth > 5) return []
  return Object.entries(data)
    .slice(0, MOST_STRINGS)
    .flatMap(([name, value]) => stringsIn(value, Array.isArray(data) ? key : name, depth + 1))
}
