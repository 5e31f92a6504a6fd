/** The parsers of npm, each as its manual has it used. */
import { Readable } from 'node:stream'
import { load } from 'cheerio'
import FeedParser from 'feedparser'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import RssParser from 'rss-parser'
import { editor } from './articles.ts'
import { asText, momentOf, type Limit, type Polled, type Reader, type Sight, type Subscription } from './reader.ts'

const both = ['rss.xml', 'atom.xml'] as const

const second = (date: string | Date | null | undefined): string =>
  date === undefined || date === null ? '' : momentOf(Math.floor(new Date(date).getTime() / 1000))

const fileOf = (type: string | undefined, bytes: string | number | undefined, url: string | undefined): string =>
  `${type ?? '?'} ${bytes ?? '?'} ${url ?? ''}`

/** The web's own fetch, with a memory; it follows redirects. */
function fetching(url: string, read: (body: Buffer) => Promise<Sight[]> | Sight[]): Subscription {
  let etag: string | undefined
  return {
    async poll(): Promise<Polled> {
      const answer = await fetch(url, { headers: etag === undefined ? {} : { 'If-None-Match': etag } })
      const body = Buffer.from(await answer.arrayBuffer())
      if (answer.status === 304) return { sights: [], isUnchanged: true }
      if (!answer.ok) return { sights: [], fault: `status ${answer.status}` }
      etag = answer.headers.get('etag') ?? undefined
      return { sights: await read(body) }
    },
  }
}

const nothing = () => undefined

export const npmFeedparser: Reader = {
  name: 'npm feedparser',
  version: '2.6.0',
  files: both,
  keeps: ['id', 'title', 'url', 'published', 'authors', 'topics', 'html', 'files'],
  limits: [
    {
      field: 'title',
      files: both,
      says: 'what looks like markup is taken out of titles',
      by: 'feedparser/README.md, “List of article properties”: titles have any HTML stripped',
      sees: ({ title }) => title.replace(/<\/?[^>]+>/g, ''),
    },
    {
      field: 'authors',
      files: ['rss.xml'],
      says: 'of several authors, the first',
      by: 'feedparser/README.md: `author` is one text',
      sees: ({ authors }) => authors.slice(0, 1),
    },
    {
      field: 'authors',
      files: ['atom.xml'],
      says: 'where there are several authors, or none, that of the feed',
      by: 'feedparser/lib/feedparser.js, handleItem: several `author` elements are a list, which has no name',
      sees: ({ authors }) => (authors.length === 1 ? authors : [editor]),
    },
  ],
  asksWhetherChanged: 'the 2nd time',
  corrected: 'as the feed is',
  moved: 'followed',
  lacks: nothing,
  subscribe: async (url) =>
    fetching(url, async (body) => {
      const sights: Sight[] = []
      const parser = Readable.from([body]).pipe(new FeedParser({ feedurl: url }))
      for await (const item of parser as AsyncIterable<FeedParser.Item>) {
        sights.push({
          ...{ id: item.guid, title: item.title, url: item.link, published: second(item.pubdate) },
          authors: [item.author as string | null].filter((name) => name !== null),
          ...{ topics: item.categories, html: item.description },
          // Pictures are among them, with half a type.
          files: item.enclosures.flatMap(({ type, length, url: address }) =>
            type === 'image' ? [] : [fileOf(type, length, address)],
          ),
        })
      }
      return sights
    }),
}

export const rssParser: Reader = {
  name: 'npm rss-parser',
  version: '3.13.0',
  files: both,
  keeps: ['id', 'title', 'url', 'published', 'authors', 'html', 'files'],
  limits: [
    {
      field: 'authors',
      files: both,
      says: 'of several authors, the first',
      by: 'rss-parser/lib/parser.js: creator and author are one text',
      sees: ({ authors }) => authors.slice(0, 1),
    },
    {
      field: 'files',
      files: ['rss.xml'],
      says: 'of several files, the first',
      by: 'rss-parser/lib/parser.js: item.enclosure is one',
      sees: ({ files }) => files.slice(0, 1),
    },
    {
      field: 'files',
      files: ['atom.xml'],
      says: 'no files',
      by: 'rss-parser/lib/parser.js, parseItemAtom: of links, only the article’s own',
      sees: () => [],
    },
  ],
  asksWhetherChanged: 'never',
  corrected: 'as the feed is',
  moved: 'followed',
  lacks: nothing,
  async subscribe(url) {
    const parser = new RssParser({ timeout: 240_000 })
    return {
      async poll() {
        try {
          const { items } = await parser.parseURL(url)
          return {
            sights: (items as (RssParser.Item & { id?: string; author?: string; 'content:encoded'?: string })[]).map(
              (item) => ({
                ...{ id: item.guid ?? item.id ?? '', title: item.title ?? '', url: item.link ?? '' },
                published: second(item.isoDate),
                authors: [item.creator ?? item.author ?? []].flat(),
                html: item['content:encoded'] ?? item.content ?? '',
                files: item.enclosure ? [fileOf(item.enclosure.type, item.enclosure.length, item.enclosure.url)] : [],
              }),
            ),
          }
        } catch (thrown) {
          return { sights: [], fault: String(thrown) }
        }
      },
    }
  },
}

/** What feedsmith makes of every text in JSON. */
const unescaped = (text: string): string => text.replace(/&#?\w+;/g, (reference) => load(reference).text())

const fromJson = (limit: Pick<Limit, 'field' | 'sees'>): Limit => ({
  files: ['feed.json'],
  says: 'references in texts of JSON Feed are read as those of HTML',
  by: 'feedsmith/dist/common/utils.mjs, parseString, through which every text of every format goes',
  ...limit,
})

export const feedsmith: Reader = {
  name: 'npm feedsmith',
  version: '3.0.1',
  files: ['rss.xml', 'atom.xml', 'feed.json'],
  keeps: ['id', 'title', 'url', 'published', 'authors', 'topics', 'html', 'files'],
  limits: [
    fromJson({ field: 'title', sees: ({ title }) => unescaped(title) }),
    fromJson({ field: 'html', sees: ({ html }) => unescaped(html) }),
  ],
  asksWhetherChanged: 'the 2nd time',
  corrected: 'as the feed is',
  moved: 'followed',
  lacks: nothing,
  subscribe: async (url) =>
    fetching(url, (body) => {
      const text = body.toString('utf8')
      if (url.endsWith('json')) return smithJson(text)
      return url.endsWith('atom.xml') ? smithAtom(text) : smithRss(text)
    }),
}

function smithRss(text: string): Sight[] {
  return (parseRssFeed(text).items ?? []).map(({ guid, title, link, pubDate, dc, categories, content, ...item }) => ({
    ...{ id: guid?.value ?? '', title: title ?? '', url: link ?? '', published: second(pubDate) },
    authors: dc?.creators ?? [],
    topics: (categories ?? []).map(({ name }) => name ?? ''),
    html: content?.encoded ?? item.description ?? '',
    files: [
      ...(item.enclosures ?? []).map((file) => fileOf(file.type, file.length, file.url)),
      ...(item.media?.contents ?? [])
        .filter(({ medium }) => medium !== 'image')
        .map((file) => fileOf(file.type, file.fileSize, file.url)),
    ],
  }))
}

function smithAtom(text: string): Sight[] {
  return (parseAtomFeed(text).entries ?? []).map(({ id, title, links = [], published, ...entry }) => ({
    ...{ id: id ?? '', title: title?.value ?? '', published: second(published) },
    url: links.find(({ rel }) => rel === 'alternate')?.href ?? '',
    authors: (entry.authors ?? []).map(({ name }) => name ?? ''),
    topics: (entry.categories ?? []).map(({ term }) => term ?? ''),
    html: entry.content?.value ?? asText(entry.summary?.value ?? ''),
    files: links.filter(({ rel }) => rel === 'enclosure').map((file) => fileOf(file.type, file.length, file.href)),
  }))
}

function smithJson(text: string): Sight[] {
  return (parseJsonFeed(text).items ?? []).map(({ id, title, url, date_published: published, ...item }) => ({
    ...{ id: id ?? '', title: title ?? '', url: url ?? '', published: second(published) },
    authors: (item.authors ?? []).map(({ name }) => name ?? ''),
    topics: item.tags ?? [],
    html: item.content_html ?? '',
    files: (item.attachments ?? []).map((file) => fileOf(file.mime_type, file.size_in_bytes, file.url)),
  }))
}
