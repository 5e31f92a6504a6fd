/** Articles to RSS 2.0, Atom 1.0 and JSON Feed 1.1. */
import type { Addresses, FeedFile } from '../addresses.ts'
import type { Article, Feed, Site } from '../model.ts'
import { atomEntry, atomFrame } from './atom.ts'
import { feedDocument, type FeedDocument, type Frame, type Look, type Place } from './document.ts'
import { readEntries, type Entry } from './entry.ts'
import { jsonFrame, jsonItem } from './json-feed.ts'
import { rssFrame, rssItem } from './rss.ts'

export const FEED_FILES = ['rss.xml', 'atom.xml', 'feed.json'] as const satisfies FeedFile[]

export type FeedFiles = Record<FeedFile, string>

/** One article in each of the three files. */
export type Pieces = Record<FeedFile, string>

export type Frames = Record<FeedFile, Frame>

export function renderPieces(entry: Entry, look: Look): Pieces {
  return { 'rss.xml': rssItem(entry, look), 'atom.xml': atomEntry(entry, look), 'feed.json': jsonItem(entry, look) }
}

export function renderFrames(document: FeedDocument): Frames {
  return { 'rss.xml': rssFrame(document), 'atom.xml': atomFrame(document), 'feed.json': jsonFrame(document) }
}

export function assemble(frames: Frames, pieces: readonly Pieces[]): FeedFiles {
  const fill = (file: FeedFile) => {
    const { open, between, close } = frames[file]
    const parts = pieces.flatMap((piece) => [between, piece[file]])
    parts[0] = open
    parts.push(close)
    // Joined in one go, because a text of this size should not be copied twice.
    return parts.join('')
  }
  return { 'rss.xml': fill('rss.xml'), 'atom.xml': fill('atom.xml'), 'feed.json': fill('feed.json') }
}

/**
 * The feed's newest articles in all three formats, unchecked. The same articles give the same bytes, in whatever order they
 * are given; those that cannot be shown are missing (`readEntries` says which and why). With a `place` they are the files
 * of a page of its archive.
 */
export function renderFeed(
  feed: Feed,
  site: Site,
  addresses: Addresses,
  articles: readonly Article[],
  place?: Place,
): FeedFiles {
  const entries = readEntries(articles).entries.slice(0, feed.items)
  const document = feedDocument(feed, site, addresses, entries, place)
  return assemble(
    renderFrames(document),
    entries.map((entry) => renderPieces(entry, document)),
  )
}
