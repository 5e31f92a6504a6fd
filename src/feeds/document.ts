/** A feed as a whole, the same for every format. */
import { createHash } from 'node:crypto'
import { feedAddress, styleAddress, type Addresses, type FeedFile } from '../addresses.ts'
import type { Article, Feed, Site } from '../model.ts'
import { languageTag, oneLine, webAddress } from './characters.ts'
import { readEntries, type Entry } from './entry.ts'

export interface FeedDocument {
  /** Atom's id: of the publication and the feed, so that it outlives the host that serves it. */
  id: string
  title: string
  description: string
  language: string
  /** The publication's front page. */
  home: string
  address: (file: FeedFile) => string
  /** Of a style sheet for browsers that show XML. */
  style: string
  /** Who answers for articles without a byline. */
  author: string
  logo?: string
  /** When the newest change of its articles was; never the present moment, so the same articles give the same bytes. */
  updated: Date
  content: Feed['content']
  entries: Entry[]
}

export function feedDocument(feed: Feed, site: Site, addresses: Addresses, articles: readonly Article[]): FeedDocument {
  const entries = readEntries(articles).entries.slice(0, feed.items)
  const title = oneLine(feed.title)
  const logo = webAddress(site.logo)
  return {
    id: feedUrn(site, feed),
    title,
    description: oneLine(feed.description ?? site.description ?? '') || title,
    language: languageTag(site.language) ?? 'en',
    home: webAddress(site.url) ?? addresses.server,
    style: styleAddress(addresses),
    address: (file) => feedAddress(addresses, feed.id, file),
    author: oneLine(site.editor?.name ?? '') || oneLine(site.title),
    ...(logo && { logo }),
    updated: new Date(Math.max(0, ...entries.map(({ updated }) => updated.getTime()))),
    content: feed.content,
    entries,
  }
}

/** A UUID of version 8 (RFC 9562 §5.8). */
function feedUrn(site: Site, feed: Feed): string {
  const bytes = createHash('sha256').update(`feed\n${site.url}\n${feed.id}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return `urn:uuid:${parts.join('-')}`
}
