/** What a reader finds in each of the three files, for the check against the articles. */
import type { FeedFile } from '../addresses.ts'
import { childrenOf, readXml, textOf, type ReadElement } from './read-xml.ts'

/** `undefined` where the file says nothing. Times as ISO 8601. */
export interface ReadEntry {
  id: string | undefined
  url: string | undefined
  title: string | undefined
  authors: string[]
  topics: string[]
  published: string | undefined
  updated: string | undefined
  excerpt: string | undefined
  html: string | undefined
}

const ATOM = '{http://www.w3.org/2005/Atom}'
const DC = '{http://purl.org/dc/elements/1.1/}'
const CONTENT = '{http://purl.org/rss/1.0/modules/content/}'

/** The entries of one file in their order. Throws an Error when the file is not well-formed or not such a feed. */
export const readBack: Record<FeedFile, (text: string) => ReadEntry[]> = {
  'rss.xml': (text) => {
    const channel = childrenOf(root(text, '{}rss'), '{}channel')[0]
    if (!channel) throw new Error('it has no channel')
    mustHave(channel, ['{}title', '{}link', '{}description', '{}lastBuildDate', `${ATOM}link`])
    return childrenOf(channel, '{}item').map(readRssItem)
  },
  'atom.xml': (text) => {
    const feed = root(text, `${ATOM}feed`)
    mustHave(feed, [`${ATOM}id`, `${ATOM}title`, `${ATOM}updated`, `${ATOM}author`, `${ATOM}link`])
    return childrenOf(feed, `${ATOM}entry`).map(readAtomEntry)
  },
  'feed.json': (text) => {
    const feed = JSON.parse(text) as { version?: unknown; title?: unknown; items?: unknown }
    if (feed.version !== 'https://jsonfeed.org/version/1.1') throw new Error('its version is not 1.1')
    if (typeof feed.title !== 'string' || !Array.isArray(feed.items)) throw new Error('it has no title or no items')
    return feed.items.map((item) => readJsonItem(item as JsonItem))
  },
}

function root(text: string, name: string): ReadElement {
  const element = readXml(text)
  if (element.name !== name) throw new Error(`its root is ${element.name}, not ${name}`)
  return element
}

function mustHave(element: ReadElement, names: string[]): void {
  for (const name of names) {
    if (childrenOf(element, name).length === 0) throw new Error(`it lacks ${name}`)
  }
}

function readRssItem(item: ReadElement): ReadEntry {
  const published = textOf(item, '{}pubDate')
  return {
    id: textOf(item, '{}guid'),
    url: textOf(item, '{}link'),
    title: textOf(item, '{}title'),
    authors: childrenOf(item, `${DC}creator`).map(({ text }) => text),
    topics: childrenOf(item, '{}category').map(({ text }) => text),
    published: published === undefined ? undefined : readDate(published),
    updated: textOf(item, `${ATOM}updated`),
    excerpt: textOf(item, '{}description'),
    html: textOf(item, `${CONTENT}encoded`),
  }
}

function readAtomEntry(entry: ReadElement): ReadEntry {
  const addresses = childrenOf(entry, `${ATOM}link`).filter(({ attributes }) => attributes['rel'] === 'alternate')
  return {
    id: textOf(entry, `${ATOM}id`),
    url: addresses[0]?.attributes['href'],
    title: textOf(entry, `${ATOM}title`),
    authors: childrenOf(entry, `${ATOM}author`).map((author) => textOf(author, `${ATOM}name`) ?? ''),
    topics: childrenOf(entry, `${ATOM}category`).map(({ attributes }) => attributes['term'] ?? ''),
    published: textOf(entry, `${ATOM}published`),
    updated: textOf(entry, `${ATOM}updated`),
    excerpt: textOf(entry, `${ATOM}summary`),
    html: textOf(entry, `${ATOM}content`),
  }
}

interface JsonItem {
  id?: string
  url?: string
  title?: string
  authors?: { name: string }[]
  tags?: string[]
  date_published?: string
  date_modified?: string
  summary?: string
  content_text?: string
  content_html?: string
}

function readJsonItem(item: JsonItem): ReadEntry {
  return {
    id: item.id,
    url: item.url,
    title: item.title,
    authors: (item.authors ?? []).map(({ name }) => name),
    topics: item.tags ?? [],
    published: item.date_published,
    updated: item.date_modified,
    excerpt: item.summary ?? item.content_text,
    html: item.content_html,
  }
}

function readDate(text: string): string {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? text : date.toISOString()
}
