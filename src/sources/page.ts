/** A page that lists articles, read by CSS selectors. */
import { load, type Cheerio, type CheerioAPI } from 'cheerio'
import { isTag, type Element } from 'domhandler'
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Item } from '../model.ts'
import type { FindContext } from './index.ts'
import { id, pageParts, selector, webAddress, webBase } from './options.ts'
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
  fullText: z
    .boolean()
    .default(true)
    .describe("Reads each article's own page; with `false`, what stands in the list is the article"),
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
- **The article's own page** is then read for its text, and for all that the list does not say. \`content\` and \`remove\`
  are for sites where the text is not found by itself.
- **Pages are read once**, and again when the list says something else of the article. Failures of pages are as for \`rss\`.
- **Dates** are read in many languages, in the time zone of the site. Articles without one are dated when they were first
  seen, the first of the list last.
- **Nothing found** is a failure of the source (the site may have been redesigned), never an article: what is published
  stays as it is, and \`broadsheet sources list\` says so.
`

export type PageOptions = z.output<typeof options>

type Select = PageOptions['select']

const LARGEST_BYTES = 5_000_000
const MOST_ITEMS = 1000

/** The articles in the list; none when it is the same as last time. Throws Failure `http.…` or `source.empty`. */
export async function find(options: PageOptions, { fetch }: FindContext): Promise<Item[]> {
  const fetched = await fetch(options.url, {
    accept: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.5',
    conditional: true,
    maxBytes: LARGEST_BYTES,
  })
  if (fetched.status === 'unchanged') return []
  return parse(fetched.text(), fetched.url, options)
}

/** The articles in the list that was read from `url`, in its order, each address once. Throws Failure `source.empty`. */
export function parse(
  html: string,
  url: string,
  { select, fullText }: Pick<PageOptions, 'select' | 'fullText'>,
): Item[] {
  const $ = load(html)
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const found = [...$(select.item)].filter(isTag).slice(0, MOST_ITEMS)
  if (found.length === 0) throw new Failure('source.empty', { url, selector: select.item })
  const items = new Map<string, Item>()
  for (const element of found) {
    const item = readItem($, element, { select, fullText, base })
    if (item !== undefined && !items.has(item.url)) items.set(item.url, item)
  }
  if (items.size === 0) throw new Failure('source.empty', { url, selector: select.link ?? `${select.item} a[href]` })
  return [...items.values()]
}

interface Reading {
  select: Select
  fullText: boolean
  base: string
}

function readItem($: CheerioAPI, element: Element, { select, fullText, base }: Reading): Item | undefined {
  const item = $(element)
  const within = (selector: string | undefined): Cheerio<Element> =>
    selector === undefined ? $([]) : item.find(selector)
  const url = linkOf(select.link === undefined ? item.add(item.find('a[href]')) : within(select.link), base)
  if (url === undefined) return undefined
  const title = words(within(select.title).first())
  const authors = within(select.author)
    .toArray()
    .map((one) => words($(one)))
    .filter((name) => name !== '')
  const published = dateOf(within(select.date).first())
  const image = pictureOf(within(select.image).first(), base)
  return {
    url,
    ...(title !== '' && { title }),
    ...(authors.length > 0 && { authors }),
    ...(published !== '' && { published }),
    ...(image && { image }),
    ...(!fullText && { body: { form: 'fragment', value: bodyOf($, item, select, base) } }),
  }
}

/** The first web address among the elements and, where they hold links, in them. */
function linkOf(elements: Cheerio<Element>, base: string): string | undefined {
  const links = elements.filter('[href]').add(elements.find('a[href]'))
  for (const link of links) {
    const url = webUrl(link.attribs['href'], base)
    if (url !== undefined) return url
  }
  return undefined
}

function words(element: Cheerio<Element>): string {
  return element.text().replace(/\s+/g, ' ').trim()
}

/** What machines are told of the date, or else what people are. */
function dateOf(element: Cheerio<Element>): string {
  const stamped = element.is('[datetime], [content]') ? element : element.find('[datetime]').first()
  return (stamped.attr('datetime') ?? stamped.attr('content') ?? '').trim() || words(element)
}

function pictureOf(element: Cheerio<Element>, base: string): { url: string; alt?: string } | undefined {
  const image = element.is('img') ? element : element.find('img').first()
  // A lazy picture has its real address beside a placeholder.
  const address = image.attr('data-src') ?? image.attr('data-lazy-src') ?? image.attr('src')
  const url = webUrl(address ?? /^\s*(\S+?),?(?:\s|$)/.exec(image.attr('srcset') ?? '')?.[1], base)
  const alt = image.attr('alt')?.trim()
  return url === undefined ? undefined : { url, ...(alt && { alt }) }
}

/** The part of the list that is the article, its relative addresses as they are on the page. */
function bodyOf($: CheerioAPI, item: Cheerio<Element>, { content, remove, title, date }: Select, base: string): string {
  const copy = item.clone()
  for (const selector of [...remove, ...[title, date].filter((one) => one !== undefined)]) copy.find(selector).remove()
  const parts = content === undefined ? copy : copy.find(content)
  return $.html($('<base>').attr('href', base)) + [...parts].map((part) => $(part).html() ?? '').join('')
}
