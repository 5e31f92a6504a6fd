/** All feeds as a list that readers take in one go (OPML 2.0), written by feedsmith. */
import { generateOpml } from 'feedsmith'
import { feedAddress, type Addresses } from '../addresses.ts'
import type { Feed, Site } from '../model.ts'
import { languageTag, oneLine, webAddress } from './characters.ts'

/** A feed, and those that were made of it. */
export interface Listed {
  feed: Feed
  made: Feed[]
}

/**
 * Those that were made of a feed stand in a folder behind it; feeds that have ended are not offered.
 * Undefined when there is none: a list must not be empty.
 */
export function renderOpml(listed: readonly Listed[], site: Site, addresses: Addresses): string | undefined {
  const outline = (feed: Feed) => ({
    text: oneLine(feed.title),
    title: oneLine(feed.title),
    type: 'rss',
    xmlUrl: feedAddress(addresses, feed.id, 'rss.xml'),
    htmlUrl: feedAddress(addresses, feed.id),
    description: oneLine(feed.description ?? site.description ?? ''),
    language: languageTag(site.language) ?? 'en',
    version: 'RSS2',
  })
  const outlines = listed
    .filter(({ feed }) => feed.retired !== true)
    .flatMap(({ feed, made }) => [
      outline(feed),
      ...(made.length === 0 ? [] : [{ text: oneLine(feed.title), outlines: made.map(outline) }]),
    ])
  if (outlines.length === 0) return undefined
  const name = oneLine(site.editor?.name ?? '')
  const email = site.editor?.email
  return `${generateOpml({
    head: {
      title: oneLine(site.title),
      ...(name && { ownerName: name }),
      ...(email !== undefined && { ownerEmail: email }),
      ownerId: webAddress(site.url) ?? addresses.server,
      docs: 'http://opml.org/spec2.opml',
    },
    body: { outlines },
  })}\n`
}
