/** Which addresses can be followed: those of the files of each feed, but not of its archive, which has no news. */
import { createHash } from 'node:crypto'
import { feedAddress, type Addresses, type FeedFile } from '../addresses.ts'

export interface FollowedDocument {
  feedId: string
  file: FeedFile
}

const mediaTypes: Record<FeedFile, string> = {
  'rss.xml': 'application/rss+xml; charset=utf-8',
  'atom.xml': 'application/atom+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
}

/**
 * The document at `topic`, which is compared to the letter. A feed made of one under `feeds` (`all/topic/harbour`) is one
 * of that; what has ended or gone elsewhere has no news.
 */
export function documentAt(
  addresses: Addresses,
  feeds: readonly { id: string; retired?: boolean }[],
  topic: string,
): FollowedDocument | undefined {
  if (!topic.startsWith(addresses.publish)) return undefined
  const names = readNames(topic.slice(addresses.publish.length))
  const file = names?.pop()
  const [owner] = names ?? []
  if (names === undefined || file === undefined || !isFeedFile(file)) return undefined
  const feedId = names.join('/')
  if (feedAddress(addresses, feedId, file) !== topic) return undefined
  return feeds.some(({ id, retired }) => id === owner && retired !== true) ? { feedId, file } : undefined
}

/** What stands for the bytes of a document: that it changed is seen by it. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

export function mediaTypeOf(file: FeedFile): string {
  return mediaTypes[file]
}

/** The header Link of a document, or of the news of it (WebSub, section 4; RFC 8288). Addresses hold no `>`. */
export function linkHeader(hub: string, topic: string): string {
  return `<${hub}>; rel="hub", <${topic}>; rel="self"`
}

function isFeedFile(name: string): name is FeedFile {
  return Object.hasOwn(mediaTypes, name)
}

/** The names of a path, if it is one as `publish` writes them: no step up, nothing hidden. */
function readNames(path: string): string[] | undefined {
  try {
    const names = path.split('/').map(decodeURIComponent)
    return names.every((name) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(name)) ? names : undefined
  } catch {
    return undefined
  }
}
