/** A feed as a whole, the same for every format. */
import { createHash } from 'node:crypto'
import { archiveAddress, feedAddress, styleAddress, type Addresses, type FeedFile } from '../addresses.ts'
import type { Feed, Podcast, Site } from '../model.ts'
import { languageTag, oneLine, webAddress } from './characters.ts'
import type { Entry } from './entry.ts'

/** Where a document stands in the history of its feed (RFC 5005, section 4). */
export interface Place {
  /** Its number, where it is a page of the archive; 1 is the oldest. The feed itself has none. */
  page?: number
  /** Of the page before it. */
  older?: number | undefined
  /** Of the page after it. */
  newer?: number | undefined
  /** Nothing will be added to it any more. */
  isClosed?: boolean
  gone?: Tombstone[]
}

/** What was in a feed and is not any more (RFC 6721). */
export interface Tombstone {
  /** Atom's id of the entry. */
  id: string
  at: Date
}

export interface FeedDocument {
  /** Atom's id: of the publication and the feed, so that it outlives the host that serves it. */
  id: string
  title: string
  description: string
  language: string
  /** The publication's front page. */
  home: string
  /** Of this document. */
  address: (file: FeedFile) => string
  /** Of the feed as it is now: the document itself, unless it is a page of the archive. */
  current: (file: FeedFile) => string
  /** The documents beside it. */
  links: (file: FeedFile) => DocumentLink[]
  /** A page to which nothing will be added any more. */
  isArchive: boolean
  gone: Tombstone[]
  /** Of a style sheet for browsers that show XML. */
  style: string
  /** Who answers for articles without a byline. */
  author: string
  logo?: string
  podcast?: Podcast
  /** When the newest change of its articles was; never the present moment, so the same articles give the same bytes. */
  updated: Date
  content: Feed['content']
  entries: Entry[]
}

/** What of a feed its items depend on. */
export type Look = Pick<FeedDocument, 'content' | 'language'>

/** A file but for its items. */
export interface Frame {
  open: string
  between: string
  close: string
}

export interface DocumentLink {
  rel: 'hub' | 'current' | 'prev-archive' | 'next-archive'
  href: string
}

export function feedDocument(
  feed: Feed,
  site: Site,
  addresses: Addresses,
  entries: Entry[],
  place: Place = {},
): FeedDocument {
  const title = oneLine(feed.title)
  const logo = webAddress(site.logo)
  const { page, older, newer, isClosed = false, gone = [] } = place
  const current = (file: FeedFile) => feedAddress(addresses, feed.id, file)
  const pageAddress = (number: number, file: FeedFile) => archiveAddress(addresses, feed.id, number, file)
  const times = [...entries.map(({ updated }) => updated), ...gone.map(({ at }) => at)].map((date) => date.getTime())
  return {
    id: feedUrn(site, feed),
    title,
    description: oneLine(feed.description ?? site.description ?? '') || title,
    language: feedLanguage(site),
    home: webAddress(site.url) ?? addresses.server,
    style: styleAddress(addresses),
    address: (file) => (page === undefined ? current(file) : pageAddress(page, file)),
    current,
    links: (file) => [
      // A page of the archive has no news that one could wait for.
      ...(page !== undefined || addresses.hub === undefined ? [] : [{ rel: 'hub' as const, href: addresses.hub }]),
      ...(page === undefined ? [] : [{ rel: 'current' as const, href: current(file) }]),
      ...(older === undefined ? [] : [{ rel: 'prev-archive' as const, href: pageAddress(older, file) }]),
      ...(newer === undefined ? [] : [{ rel: 'next-archive' as const, href: pageAddress(newer, file) }]),
    ],
    isArchive: isClosed,
    gone,
    author: oneLine(site.editor?.name ?? '') || oneLine(site.title),
    ...(logo && { logo }),
    ...(feed.podcast && { podcast: feed.podcast }),
    updated: new Date(Math.max(0, ...times)),
    content: feed.content,
    entries,
  }
}

export function feedLanguage(site: Site): string {
  return languageTag(site.language) ?? 'en'
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
