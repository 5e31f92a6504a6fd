/** Feeds that are made of one: for each topic, author or source of its articles. */
import { createHash } from 'node:crypto'
import type { Article, Each, Feed } from '../model.ts'
import { oneLine } from './characters.ts'
import { podcastOfPart } from './podcast.ts'

/** More of one kind than these in one article are no topics. */
const MOST_VALUES = 30

/** Characters of a name in an address, so that with the longest of them it is a file name everywhere. */
const MOST_LETTERS = 60

/** The topics, authors or source of an article, as people write them. */
export function valuesOf({ topics, authors, sourceId }: Article, kind: Each): string[] {
  const values = { topic: topics, author: authors, source: [sourceId] }[kind]
  return values.map(oneLine).filter(Boolean).slice(0, MOST_VALUES)
}

/**
 * The id of the feed that is made of `ownerId` for this value: `all/topic/harbour`. Letters and digits of any script,
 * in small letters, and hyphens; where `isTaken`, or where nothing is left of the value, it ends in a hash of `value`.
 */
export function madeFeedId(ownerId: string, kind: Each, value: string, isTaken: (id: string) => boolean): string {
  const slug = slugOf(value)
  const id = (name: string) => `${ownerId}/${kind}/${name}`
  if (slug !== '' && Array.from(slug).length <= MOST_LETTERS && !isTaken(id(slug))) return id(slug)
  const hash = createHash('sha256').update(value).digest('hex').slice(0, 10)
  const short = Array.from(slug)
    .slice(0, MOST_LETTERS - 11)
    .join('')
    .replace(/-+$/, '')
  return id(short === '' ? hash : `${short}-${hash}`)
}

/** By way of capitals, so that no two differ by what a file system without case takes for the same. */
function slugOf(value: string): string {
  return value
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^[-\p{M}]+|-+$/gu, '')
}

/** The feed of this value; `name` is the value as people write it. */
export function madeFeed(feed: Feed, id: string, name: string): Feed {
  return {
    ...feed,
    id,
    title: `${feed.title} – ${name}`,
    each: [],
    ...(feed.podcast && { podcast: podcastOfPart(feed.podcast) }),
  }
}
