/** What a reader finds of an item in each of the three files, for the check against the article. */
import { ITUNES_NAMESPACE, PODCAST_NAMESPACE } from './podcast.ts'
import { childrenOf, textOf, type ReadElement } from './read-xml.ts'

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
  /** Of the lead picture and each file its type, length and address, as far as they are said. */
  media: string[]
  language: string | undefined
  /** What podcast apps read of it, as `name value`. */
  episode: string[]
}

const ATOM = '{http://www.w3.org/2005/Atom}'
const DC = '{http://purl.org/dc/elements/1.1/}'
const CONTENT = '{http://purl.org/rss/1.0/modules/content/}'
const MEDIA = '{http://search.yahoo.com/mrss/}'
const ITUNES = `{${ITUNES_NAMESPACE}}`
const PODCAST = `{${PODCAST_NAMESPACE}}`

export function readRssItem(item: ReadElement): ReadEntry {
  const published = textOf(item, '{}pubDate')
  const media = childrenOf(item, `${MEDIA}content`).map(({ attributes }) => attributes)
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
    media: [
      ...childrenOf(item, '{}enclosure').map(({ attributes: { type, length, url } }) => mediaLine(type, length, url)),
      ...media.map(({ type, fileSize, url }) => mediaLine(type, fileSize, url)),
    ],
    language: textOf(item, `${DC}language`),
    episode: episodeLines(item),
  }
}

export function readAtomEntry(entry: ReadElement): ReadEntry {
  const links = childrenOf(entry, `${ATOM}link`).map(({ attributes }) => attributes)
  const media = childrenOf(entry, `${MEDIA}content`).map(({ attributes }) => attributes)
  return {
    id: textOf(entry, `${ATOM}id`),
    url: links.find(({ rel }) => rel === 'alternate')?.['href'],
    title: textOf(entry, `${ATOM}title`),
    authors: childrenOf(entry, `${ATOM}author`).map((author) => textOf(author, `${ATOM}name`) ?? ''),
    topics: childrenOf(entry, `${ATOM}category`).map(({ attributes }) => attributes['term'] ?? ''),
    published: textOf(entry, `${ATOM}published`),
    updated: textOf(entry, `${ATOM}updated`),
    excerpt: textOf(entry, `${ATOM}summary`),
    html: textOf(entry, `${ATOM}content`),
    media: [
      ...media.map(({ type, fileSize, url }) => mediaLine(type, fileSize, url)),
      ...links.filter(({ rel }) => rel === 'enclosure').map(({ type, length, href }) => mediaLine(type, length, href)),
    ],
    language: entry.attributes['xml:lang'],
    episode: [],
  }
}

function episodeLines({ children }: ReadElement): string[] {
  return children.flatMap(({ name, text, attributes }) => {
    if (name === `${ITUNES}image`) return [`image ${attributes['href'] ?? ''}`]
    if (name.startsWith(ITUNES)) return [`${name.slice(ITUNES.length)} ${text}`]
    if (name !== `${PODCAST}transcript`) return []
    const { url = '', type = '', language = '', rel = '' } = attributes
    return [`transcript ${url} ${type} ${language} ${rel}`]
  })
}

export function mediaLine(type: string | undefined, bytes: string | number | undefined, url = ''): string {
  return `${type ?? ''} ${bytes ?? ''} ${url}`
}

export interface JsonItem {
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
  image?: string
  attachments?: { url: string; mime_type: string; size_in_bytes?: number; duration_in_seconds?: number }[]
  language?: string
}

export function readJsonItem(item: JsonItem): ReadEntry {
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
    media: [
      ...(item.image === undefined ? [] : [mediaLine(undefined, undefined, item.image)]),
      ...(item.attachments ?? []).map((file) => mediaLine(file.mime_type, file.size_in_bytes, file.url)),
    ],
    language: item.language,
    episode: (item.attachments ?? []).flatMap(({ duration_in_seconds: seconds }) =>
      seconds === undefined ? [] : [`duration ${seconds}`],
    ),
  }
}

function readDate(text: string): string {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? text : date.toISOString()
}
