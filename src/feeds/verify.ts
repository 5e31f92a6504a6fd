/** The check of rendered feeds, before they replace the ones that readers have. */
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import type { FeedFile } from '../addresses.ts'
import { describe, Failure } from '../failures.ts'
import type { Article } from '../model.ts'
import { textAsHtml } from './characters.ts'
import { readEntries, type Entry } from './entry.ts'
import { readBack, type ReadEntry } from './read-back.ts'
import type { FeedFiles } from './render.ts'

/**
 * Whether the files say of these articles exactly what they should: read strictly (saxes with namespaces, JSON.parse)
 * and once more as a feed reader reads them (feedsmith). Gives a Failure `feed.invalid` for each thing that differs,
 * naming the article where it is about one; none when all is well. Articles that cannot be shown are not expected.
 */
export function verifyFeed(files: FeedFiles, articles: readonly Article[]): Failure[] {
  const { entries } = readEntries(articles)
  return [
    ...verifyFile(files, 'rss.xml', entries, (entry) => ({
      ...expected(entry),
      // RFC 822 knows no fractions of a second.
      published: new Date(Math.floor(entry.published.getTime() / 1000) * 1000).toISOString(),
      excerpt: textAsHtml(entry.excerpt),
    })),
    ...verifyFile(files, 'atom.xml', entries, (entry) => ({
      ...expected(entry),
      id: entry.id,
      updated: entry.updated.toISOString(),
    })),
    ...verifyFile(files, 'feed.json', entries, expected),
  ]
}

function expected(entry: Entry): ReadEntry {
  const { guid, url, title, authors, topics, published, updated, excerpt, html } = entry
  return {
    id: guid,
    url,
    title,
    authors,
    topics,
    published: published.toISOString(),
    updated: updated > published ? updated.toISOString() : undefined,
    excerpt,
    html,
  }
}

function verifyFile(
  files: FeedFiles,
  file: FeedFile,
  entries: Entry[],
  expect: (entry: Entry) => ReadEntry,
): Failure[] {
  try {
    const text = files[file]
    const found = readBack[file](text)
    const seen = secondReader[file](text)
    const counts = [found.length, seen.length].filter((count) => count !== entries.length)
    if (counts.length > 0) {
      return [new Failure('feed.invalid', { file, field: 'count', expected: entries.length, found: counts[0] })]
    }
    return entries.flatMap((entry, index) => [
      ...differences(file, entry, expect(entry), found[index]),
      ...differences(file, entry, expect(entry), seen[index]),
    ])
  } catch (error) {
    return [new Failure('feed.invalid', { file, reason: describe(error) }, error)]
  }
}

function differences(
  file: FeedFile,
  entry: Entry,
  expect: ReadEntry,
  found: Partial<ReadEntry> | undefined = {},
): Failure[] {
  const fields = Object.keys(found) as (keyof ReadEntry)[]
  return (
    fields
      .filter((field) => said(found[field]) !== said(expect[field]))
      // A feed of excerpts has no content at all.
      .filter((field) => field !== 'html' || found.html !== undefined)
      .map((field) => {
        const details = { expected: shorten(expect[field]), found: shorten(found[field]) }
        return new Failure('feed.invalid', { file, article: entry.article.id, url: entry.url, field, ...details })
      })
  )
}

/** What is not there says as much as what is empty. */
function said(value: string | string[] | undefined): string {
  return JSON.stringify(value ?? '')
}

function shorten(value: string | string[] | undefined): string {
  const text = said(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

type Essentials = Pick<ReadEntry, 'id' | 'url' | 'title' | 'published'>

/** The same files in the eyes of another parser, one that is made for whatever feeds there are. */
const secondReader: Record<FeedFile, (text: string) => Partial<Essentials>[]> = {
  'rss.xml': (text) =>
    (parseRssFeed(text).items ?? []).map((item) => ({
      id: item.guid?.value,
      url: item.link,
      title: item.title,
      published: item.pubDate && new Date(item.pubDate).toISOString(),
    })),
  'atom.xml': (text) =>
    (parseAtomFeed(text).entries ?? []).map((entry) => ({
      id: entry.id,
      url: entry.links?.at(-1)?.href,
      title: entry.title?.value,
      published: entry.published,
    })),
  // It reads references in JSON strings as if they were HTML, so only what cannot hold any is compared.
  'feed.json': (text) => (parseJsonFeed(text).items ?? []).map((item) => ({ published: item.date_published })),
}
