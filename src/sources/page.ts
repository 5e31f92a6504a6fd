/** A page that lists articles, read by CSS selectors. */
import { type CheerioAPI } from 'cheerio'
import { isTag, type AnyNode, type Element } from 'domhandler'
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import { type Picture } from '../model.ts'
import type { FindContext } from './index.ts'
import { fullTextOfList, id, pageParts, pages, selector, webAddress, webBase } from './options.ts'
import { readPages } from './paging.ts'
import { readOrRepair } from './repair.ts'
import { webUrl } from './web-url.ts'

const select = z.strictObject({
  item: selector.describe('Each article in the list'),
  link: selector
    .optional()
    .describe('In it: the link to the article; without it the item itself, or the first link in it'),
  title: selector.optional().describe('In it: the title; without it the one on the article’s own page'),
  date: selector.optional().describe('In it: when it was published, as `datetime` or in words'),
  author: selector.optional().describe('In it: who wrote it'),
  image: selector.optional().describe('In it: the picture'),
  ...pageParts,
})

export const options = z.strictObject({
  id,
  kind: z.literal('page').describe('A page that lists articles, such as a front page or an archive'),
  url: webAddress.describe('Address of the page'),
  select: select.describe('Where things are on the page, as CSS selectors'),
  pages,
  fullText: fullTextOfList,
  ...webBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
For a site without a feed: a page that lists its articles, and where they are on it.

\`\`\`yaml
- id: notices
  kind: page
  url: https://harbour.example/notices
  select: { item: article.card, link: h2 a, title: h2, date: time, content: .story, remove: [.promo] }
\`\`\`

- **The list.** \`item\` matches each article; the other selectors are looked for inside of it. Relative links begin at the
  page's \`<base>\`, or else at the page. Up to 5 MB, and 1000 items.
- **Further pages** of the list are read with \`pages\` above 1: where a link says \`rel=next\`, where the markup holds the address
  that a “load more” button asks for, or by a pager with numbers or the word “next”. They are read while nothing on them was
  met before, so that the first collection goes as deep as \`pages\` says and later ones only to what is known.
- **The article's own page** is then read for its text, and for all that the list does not say. \`content\` and \`remove\`
  are for sites where the text is not found by itself. An article on several pages is read whole
  (docs/extraction.md).
- **Pages** are read once, again when the list says something else of the article, and a few times by themselves while
  it is late news (docs/articles.md). Failures of pages are as for \`rss\`.
- **Dates** are read in many languages, in the time zone of the site. Articles without one are dated when they were first
  seen, the first of the list last.
- **After a redesign**, when the selectors find nothing on the page, or nothing that is known, its lists are looked for
  without them. One of which at least 60 % of the articles are known is taken, and \`broadsheet sources list\` says which
  selector would fit now.
- **Nothing found** is a failure of the source, never an article: what is published stays as it is, and
  \`broadsheet sources list\` says so. \`source.empty\`: what the articles stood in is there, without them.
  \`source.changed\`: it is gone.
`

export type PageOptions = z.output<typeof options>

const LARGEST_BYTES = 5_000_000
const MOST_ITEMS = 1000

/** The articles in the list; none when it is the same as last time. Throws Failure `http.…` or `source.empty`. */
export async function find({ url, select, fullText, pages }: PageOptions, context: FindContext): Promise<Item[]> {
  const { fetch, parse } = context
  const read = async (address: string, isFirst: boolean) => {
    const fetched = await fetch(address, {
      accept: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.5',
      conditional: isFirst,
      maxBytes: LARGEST_BYTES,
    })
    if (fetched.status === 'unchanged') return undefined
    const selected = () => parse('page', fetched.text(), fetched.url, { select, fullText })
    // What stands in the list is the article where pages are not read: then only the selectors know where it is.
    const items =
      isFirst && fullText
        ? await readOrRepair({ html: fetched.text(), url: fetched.url, selector: select.item, read: selected }, context)
        : await selected()
    const next = pages === 1 ? undefined : await parse('nextPage', fetched.text(), fetched.url)
    return { items, next }
  }
  return await readPages({ start: url, pages, read }, context)
}

/** The articles in the list that was read from `url`, in its order, each address once. Throws Failure `source.empty`. */
export function parse(
  $: CheerioAPI,
  url: string,
  { select, fullText }: Pick<PageOptions, 'select' | 'fullText'>,
): Item[] {
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const found = new Set(outermost([...$(select.item)].filter(isTag)).slice(0, MOST_ITEMS))
  if (found.size === 0) throw new Failure('source.empty', { url, selector: select.item })
  const links = within($, 'a[href]', found)
  const fields = {
    link: select.link === undefined ? undefined : within($, select.link, found),
    title: within($, select.title, found),
    date: within($, select.date, found),
    author: within($, select.author, found),
    image: within($, select.image, found),
  }
  const items = new Map<string, { item: Item; element: Element }>()
  for (const element of found) {
    const named = fields.link === undefined ? [element] : (fields.link.get(element) ?? [])
    const address = linkOf(named, links.get(element) ?? [], base)
    if (address === undefined || items.has(address)) continue
    const [title] = fields.title.get(element) ?? []
    const [date] = fields.date.get(element) ?? []
    const [image] = fields.image.get(element) ?? []
    const authors = (fields.author.get(element) ?? []).map((one) => words($, one)).filter((name) => name !== '')
    const item: Item = {
      url: address,
      ...known('title', title && words($, title)),
      ...(authors.length > 0 && { authors: authors.slice(0, 20) }),
      ...known('published', date && dateOf($, date)),
      ...known('image', image && pictureOf(image, base)),
    }
    items.set(address, { item, element })
  }
  if (items.size === 0) throw new Failure('source.empty', { url, selector: select.link ?? `${select.item} a[href]` })
  if (fullText) return [...items.values()].map(({ item }) => item)

  for (const selector of [...select.remove, select.title, select.date])
    for (const [, parts] of within($, selector, found)) $(parts).remove()
  const contents = select.content === undefined ? undefined : within($, select.content, found)
  return [...items.values()].map(({ item, element }) => {
    const parts = contents === undefined ? [element] : outermost(contents.get(element) ?? [])
    const html = $.html($('<base>').attr('href', base)) + parts.map((part) => $.html(part.children)).join('')
    return { ...item, body: { form: 'fragment', value: html } }
  })
}

/** More matches in one item are a selector that fits everything. */
const MOST_MATCHES = 1000

/**
 * What the selector matches in each of the items. One search of the whole page: cheerio's `find` takes quadratic time
 * where an element has thousands of children.
 */
function within($: CheerioAPI, selector: string | undefined, items: ReadonlySet<Element>): Map<Element, Element[]> {
  const found = new Map<Element, Element[]>()
  for (const match of selector === undefined ? [] : $(selector)) {
    if (!isTag(match)) continue
    let item: AnyNode | null = match
    while (item !== null && !(isTag(item) && items.has(item))) item = item.parent
    if (item === null || item === match || !isTag(item)) continue
    const list = found.get(item) ?? []
    if (list.length < MOST_MATCHES) list.push(match)
    found.set(item, list)
  }
  return found
}

/** Without those that are part of another. */
function outermost(elements: Element[]): Element[] {
  const found = new Set<AnyNode>(elements)
  return elements.filter((element) => {
    let { parent } = element
    while (parent && !found.has(parent)) ({ parent } = parent)
    return !parent
  })
}

/** The first web address that one of the elements has, or one of the links in it. */
function linkOf(elements: Element[], links: Element[], base: string): string | undefined {
  for (const element of elements.slice(0, 10)) {
    const isInside = (link: Element) => {
      let node: AnyNode | null = link
      while (node !== null && node !== element) node = node.parent
      return node === element
    }
    for (const { attribs } of [element, ...links.filter(isInside)]) {
      const url = webUrl(attribs['href'], base)
      if (url !== undefined) return url
    }
  }
  return undefined
}

function words($: CheerioAPI, element: Element): string {
  return $(element).text().replace(/\s+/g, ' ').trim()
}

/** What machines are told of the date, or else what people are. */
function dateOf($: CheerioAPI, element: Element): string {
  const stamped = first(element, ({ attribs }) => (attribs['datetime'] ?? attribs['content'] ?? '').trim() !== '')
  return (stamped?.attribs['datetime'] ?? stamped?.attribs['content'] ?? '').trim() || words($, element)
}

function pictureOf(element: Element, base: string): Picture | undefined {
  const attribs: Partial<Record<string, string>> = first(element, ({ name }) => name === 'img')?.attribs ?? {}
  // A lazy picture has its real address beside a placeholder.
  const address = attribs['data-src'] ?? attribs['data-lazy-src'] ?? attribs['src']
  const url = webUrl(address, base) ?? webUrl(/^\s*(\S+?),?(?:\s|$)/.exec(attribs['srcset'] ?? '')?.[1], base)
  const alt = attribs['alt']?.trim()
  return url === undefined ? undefined : { url, ...(alt && { alt }) }
}

/** The element itself, or the first one in it, of which this is so. */
function first(element: Element, isSo: (element: Element) => boolean): Element | undefined {
  if (isSo(element)) return element
  for (const child of element.children) {
    const found = isTag(child) ? first(child, isSo) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function known<K extends string, V>(key: K, value: V | '' | undefined): Partial<Record<K, V>> {
  return value === undefined || value === '' ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}
