/** Articles that the mark-up itself names: h-entry and hAtom (microformats.org), and schema.org microdata. */
import { type CheerioAPI } from 'cheerio'
import { isTag, type AnyNode, type Element } from 'domhandler'
import { type Item } from '../../item.ts'
import { webUrl } from '../web-url.ts'
import { textOf } from './outline.ts'

const MOST_ITEMS = 500
const ENTRY = '.h-entry, .hentry, [itemtype*="Article" i], [itemtype*="BlogPosting" i]'

interface Entry {
  url?: string
  title?: string
  published?: string
  authors: string[]
  excerpt?: string
  image?: string
}

/** The entries of a page in its order; those without an address are left out. One search of the page for each property. */
export function readMicroformats($: CheerioAPI, url: string): Item[] {
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const entries = new Map<Element, Entry>()
  for (const element of $(ENTRY)) if (isTag(element) && entries.size < MOST_ITEMS) entries.set(element, { authors: [] })
  if (entries.size < 2) return []
  const each = (selector: string, note: (entry: Entry, element: Element) => void) => {
    for (const match of $(selector)) {
      let node: AnyNode | null = match
      while (node !== null && !(isTag(node) && entries.has(node))) node = node.parent
      const entry = node !== null && isTag(node) ? entries.get(node) : undefined
      if (entry !== undefined && isTag(match)) note(entry, match)
    }
  }
  const address = ({ attribs }: Element) => webUrl(attribs['href'] ?? attribs['src'] ?? attribs['content'], base)
  each('.u-url[href], a[rel~="bookmark"][href], a[itemprop~="url"][href], link[itemprop~="url"][href], .entry-title a[href], [itemprop~="headline"] a[href], .p-name[href]', (entry, element) => {
    const found = address(element)
    if (found !== undefined) entry.url ??= found.replace(/#(?!!).*$/, '')
  }) // prettier-ignore
  each('.p-name, .entry-title, [itemprop~="headline"], [itemprop~="name"]', (entry, element) => {
    const isOfAuthor = /\b(?:h-card|vcard|p-author|author)\b/.test(`${element.attribs['class'] ?? ''} ${isTag(element.parent ?? element) ? ((element.parent as Element).attribs['class'] ?? '') : ''}`) || element.attribs['itemprop'] === 'name' // prettier-ignore
    const title = textOf(element, 500)
    if (!isOfAuthor && title !== '') entry.title ??= title
  })
  each('.dt-published, time.published, [itemprop~="datePublished"]', (entry, element) => {
    const published = element.attribs['datetime'] ?? element.attribs['content'] ?? textOf(element, 80)
    if (published !== '') entry.published ??= published
  })
  each('.p-author, [itemprop~="author"], .author .fn', (entry, element) => {
    const name = (element.attribs['content'] ?? textOf(element, 100)).trim()
    if (name !== '' && name.length < 80 && !entry.authors.includes(name)) entry.authors.push(name)
  })
  each('.p-summary, [itemprop~="description"]', (entry, element) => {
    entry.excerpt ??= element.attribs['content'] ?? textOf(element, 2000)
  })
  each('.u-photo, .u-featured, img[itemprop~="image"], meta[itemprop~="image"]', (entry, element) => {
    const found = address(element)
    if (found !== undefined) entry.image ??= found
  })
  return [...entries.values()].flatMap(({ url: found, title, published, authors, excerpt, image }) =>
    found === undefined
      ? []
      : [
          {
            url: found,
            ...(title && { title }),
            ...(published && { published }),
            ...(authors.length > 0 && { authors: authors.slice(0, 10) }),
            ...(excerpt && { excerpt }),
            ...(image && { image: { url: image } }),
          },
        ],
  )
}
