/** Where a list goes on: the address of its next page, as links, pagers and "load more" buttons tell it. */
import { type CheerioAPI } from 'cheerio'
import { isTag, isText, type AnyNode, type Element } from 'domhandler'
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
    fit(numbered(elements, links, url)?.attribs['href']) ??
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

/** In a pager of numbers, the link to the one after the page that is shown. */
function numbered(elements: Element[], links: Element[], url: string): Element | undefined {
  const numberOf = (element: Element) => {
    const text = shortText(element)
    return /^\d{1,4}$/.test(text) ? Number(text) : undefined
  }
  const numbers = new Map<AnyNode | null, { link: Element; number: number }[]>()
  for (const link of links) {
    const number = numberOf(link)
    if (number === undefined || number === 0) continue
    // Links stand side by side, or each in an item of a list.
    const row = rowOf(link)
    const list = numbers.get(row) ?? []
    list.push({ link, number })
    numbers.set(row, list)
  }
  const marked = new Set(
    elements.filter(({ attribs, name }) => {
      if (attribs['aria-current'] === 'page' || attribs['aria-current'] === 'true') return true
      return name !== 'body' && /(?:^|[\s_-])(?:current|active|selected)(?:[\s_-]|$)/i.test(attribs['class'] ?? '')
    }),
  )
  const shown = new Map<AnyNode | null, number>()
  for (const element of marked) {
    const number = numberOf(element)
    if (number !== undefined)
      for (const row of [rowOf(element), element.parent]) if (!shown.has(row)) shown.set(row, number)
  }
  for (const [row, list] of numbers) {
    const own = shown.get(row) ?? bareNumbers(row, list)[0] ?? pageIn(url)
    const next = list.find(({ number, link }) => number === (own ?? 1) + 1 && !marked.has(link))
    // One number alone is a count or a year.
    if (next !== undefined && (list.length > 1 || own !== undefined)) return next.link
  }
  return undefined
}

/** What the number of the page stands in beside its link: itself, or the item of a list that it is alone in. */
function rowOf(element: Element): AnyNode | null {
  const { parent } = element
  return parent !== null && isTag(parent) && ['li', 'span', 'td'].includes(parent.name) ? parent.parent : parent
}

/** The number that is no link is the page that is shown. */
function bareNumbers(row: AnyNode | null, links: { number: number }[]): number[] {
  if (row === null || !isTag(row)) return []
  const linked = new Set(links.map(({ number }) => number))
  return row.children.slice(0, 50).flatMap((child) => {
    const text = isText(child) ? child.data.trim() : isTag(child) ? shortText(child) : ''
    return /^\d{1,4}$/.test(text) && !linked.has(Number(text)) ? [Number(text)] : []
  })
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

const NEXT = /^(?:(?:next|older)(?: (?:page|posts|articles|entries|stories))?|nächste(?: seite)?|weiter|ältere (?:beiträge|artikel)|(?:page )?suivante?|articles plus anciens|(?:página )?siguiente|entradas (?:más )?antiguas|próxima(?: página)?|seguinte|(?:pagina )?successiva|avanti|volgende(?: pagina)?|oudere berichten|nästa(?: sida)?|næste(?: side)?|neste(?: side)?|seuraava|następna(?: strona)?|další(?: stránka)?|következő|următoarea|sonraki(?: sayfa)?|далее|следующая(?: страница)?|вперёд|наступна|επόμενη|التالي|الصفحة التالية|הבא|הבאה|بعدی|अगला|ถัดไป|berikutnya|tiếp theo|trang sau|次へ|次のページ|下一页|下一頁|다음(?: 페이지)?)$/iu // prettier-ignore
const ARROW = /^[\s›»→❯>]{1,3}$/u
const PAGER = /pag(?:er|inat|ing|enav)|(?:^|[\s_-])nav[_-]?(?:links|previous|next)|wp-block-query-pagination/i

function saysNext(link: Element): boolean {
  const text = shortText(link).replace(/^[‹«←❮<\s]+|[\s›»→❯>]+$/gu, '')
  const label = (link.attribs['aria-label'] ?? link.attribs['title'] ?? '').trim()
  if (NEXT.test(text) || NEXT.test(label)) return true
  const isNamed = /(?:^|[\s_-])next(?:[\s_-]|$)/i.test(link.attribs['class'] ?? '')
  return (isNamed || ARROW.test(shortText(link))) && isInPager(link)
}

function isInPager(link: Element): boolean {
  let node: AnyNode | null = link
  for (let up = 0; up < 5 && node !== null; up++, node = node.parent)
    if (
      isTag(node) &&
      PAGER.test(`${node.attribs['class'] ?? ''} ${node.attribs['id'] ?? ''} ${node.attribs['aria-label'] ?? ''}`)
    )
      return true
  return false
}

const LONGEST_LABEL = 60

/** The text of something small; of anything larger, only its beginning. */
function shortText(element: Element): string {
  let text = ''
  const open: AnyNode[] = [element]
  for (let steps = 0; steps < 50 && text.length < LONGEST_LABEL; steps++) {
    const node = open.pop()
    if (node === undefined) break
    if (isText(node)) text += node.data.slice(0, LONGEST_LABEL)
    else if (isTag(node)) open.push(...node.children.slice(0, 20).toReversed())
  }
  return text.replace(/\s+/g, ' ').trim()
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
