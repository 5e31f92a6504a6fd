/** JSON Feed 1.1 (jsonfeed.org/version/1.1). */
import type { FeedDocument, Frame, Look } from './document.ts'
import type { Entry } from './entry.ts'

/** All of the file but its items. */
export function jsonFrame(document: FeedDocument): Frame {
  const { title, home, description, logo, author, language } = document
  const links = document.links('feed.json')
  const hubs = links.filter(({ rel }) => rel === 'hub').map(({ href }) => ({ type: 'WebSub', url: href }))
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: home,
    // Also of a page of its archive: it is what the feed is known by.
    feed_url: document.current('feed.json'),
    next_url: links.find(({ rel }) => rel === 'prev-archive')?.href,
    description,
    icon: logo,
    authors: [{ name: author }],
    language,
    hubs: hubs.length > 0 ? hubs : undefined,
    items: [],
  }
  const head = JSON.stringify(feed, undefined, 2)
  const open = head.slice(0, head.lastIndexOf(']'))
  if (document.entries.length === 0) return { open, between: '', close: ']\n}\n' }
  return { open: `${open}\n`, between: ',\n', close: '\n  ]\n}\n' }
}

/** The same feed as it stays when it has ended: `expired` tells readers to stop asking. Throws a SyntaxError. */
export function expire(feed: string): string {
  const { items, ...head } = JSON.parse(feed) as Record<string, unknown>
  return `${JSON.stringify({ ...head, expired: true, items }, undefined, 2)}\n`
}

// What is undefined, JSON.stringify leaves out.
export function jsonItem(entry: Entry, { content, language }: Look): string {
  const { guid, url, title, excerpt, html, picture, published, updated, authors, topics, enclosures } = entry
  const full = content === 'full' && html !== ''
  const item = {
    id: guid,
    url,
    title,
    content_html: full ? html : undefined,
    // One of the two must be there; what is the text itself is not repeated as its summary.
    content_text: full ? undefined : excerpt,
    summary: full && excerpt ? excerpt : undefined,
    image: picture?.url,
    date_published: published.toISOString(),
    date_modified: updated > published ? updated.toISOString() : undefined,
    authors: authors.length > 0 ? authors.map((name) => ({ name })) : undefined,
    tags: topics.length > 0 ? topics : undefined,
    language: entry.language === language ? undefined : entry.language,
    attachments: enclosures.length > 0 ? enclosures.map(attachment) : undefined,
  }
  // Line feeds stand between values only: in a string they are escaped.
  return `    ${JSON.stringify(item, undefined, 2).replaceAll('\n', '\n    ')}`
}

function attachment({ url, type, bytes, title, seconds }: Entry['enclosures'][number]): Record<string, unknown> {
  return { url, mime_type: type, title, size_in_bytes: bytes, duration_in_seconds: seconds }
}
