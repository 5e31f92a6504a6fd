/** Articles to RSS 2.0, Atom 1.0 and JSON Feed 1.1. */
import type { Addresses, FeedFile } from '../addresses.ts'
import type { Article, Feed, Site } from '../model.ts'
import { renderAtom } from './atom.ts'
import { feedDocument, type Place } from './document.ts'
import { renderJsonFeed } from './json-feed.ts'
import { renderRss } from './rss.ts'

export type FeedFiles = Record<FeedFile, string>

/**
 * The feed's newest articles in all three formats. The same articles give the same bytes, in whatever order they are
 * given; those that cannot be shown are missing (`readEntries` says which and why). With a `place` they are the files of a
 * page of its archive.
 */
export function renderFeed(
  feed: Feed,
  site: Site,
  addresses: Addresses,
  articles: readonly Article[],
  place?: Place,
): FeedFiles {
  const document = feedDocument(feed, site, addresses, articles, place)
  return {
    'rss.xml': renderRss(document),
    'atom.xml': renderAtom(document),
    'feed.json': renderJsonFeed(document),
  }
}
