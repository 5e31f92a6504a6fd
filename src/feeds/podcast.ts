/** Podcasts in RSS: Apple's tags, and the basic ones of the Podcast Index. Atom and JSON Feed have none of them. */
import { createHash } from 'node:crypto'
import type { Feed, Podcast } from '../model.ts'
import { oneLine, webAddress } from './characters.ts'
import type { Entry } from './entry.ts'
import { categoryNames } from './podcast-categories.ts'
import type { XmlElement } from './xml.ts'

export const ITUNES_NAMESPACE = 'http://www.itunes.com/dtds/podcast-1.0.dtd'
export const PODCAST_NAMESPACE = 'https://podcastindex.org/namespace/1.0'

const ITUNES = ` xmlns:itunes="${ITUNES_NAMESPACE}"`
const PODCAST = ` xmlns:podcast="${PODCAST_NAMESPACE}"`

/** Both of them, for items whose feed is not known. */
export const PODCAST_NAMESPACES = `${ITUNES}${PODCAST}`

/** What an item of RSS says of an episode. */
export function episodeElements({ enclosures, episode = {} }: Pick<Entry, 'enclosures' | 'episode'>): XmlElement[] {
  const [first] = enclosures
  const { image, explicit, season, number, kind, transcripts = [] } = episode
  const said = Object.entries({
    // Of the recording that stands as the enclosure.
    duration: first?.bytes === undefined ? undefined : first.seconds,
    explicit,
    season,
    episode: number,
    episodeType: kind,
  }).filter(([, value]) => value !== undefined)
  return [
    ...said.map(([name, value]) => ({ name: `itunes:${name}`, content: String(value) })),
    ...(image === undefined ? [] : [{ name: 'itunes:image', attributes: { href: image } }]),
    ...transcripts.map(({ url, type, language, rel }) => ({
      name: 'podcast:transcript',
      attributes: { url, type, language, rel },
    })),
  ]
}

/** The declarations that a feed of these entries needs: none that is not used, so that other feeds stay as they were. */
export function podcastNamespaces(podcast: Podcast | undefined, entries: readonly Entry[]): string {
  if (podcast !== undefined) return PODCAST_NAMESPACES
  const names = entries.flatMap((entry) => episodeElements(entry).map(({ name }) => name))
  const isUsed = (prefix: string) => names.some((name) => name.startsWith(`${prefix}:`))
  return `${isUsed('itunes') ? ITUNES : ''}${isUsed('podcast') ? PODCAST : ''}`
}

export interface Show {
  /** Who answers for the feed, where no one else is named. */
  author: string
  /** Of its RSS. */
  address: string
}

/** What the channel says of a podcast. */
export function showElements(podcast: Podcast, { author, address }: Show): XmlElement[] {
  const { owner, image, categories, explicit, type, locked, guid } = podcast
  return [
    { name: 'itunes:author', content: oneLine(podcast.author ?? '') || author },
    { name: 'itunes:type', content: type },
    { name: 'itunes:explicit', content: String(explicit) },
    { name: 'itunes:image', attributes: { href: webAddress(image) } },
    ...categories.map(categoryElement),
    ...(owner
      ? [
          {
            name: 'itunes:owner',
            content: [
              { name: 'itunes:name', content: oneLine(owner.name) },
              { name: 'itunes:email', content: owner.email },
            ],
          },
        ]
      : []),
    { name: 'podcast:guid', content: guid ?? podcastGuid(address) },
    { name: 'podcast:locked', attributes: { owner: owner?.email }, content: locked ? 'yes' : 'no' },
  ]
}

function categoryElement(written: string): XmlElement {
  const [name = '', part] = categoryNames(written)
  const inner = part === undefined ? {} : { content: [{ name: 'itunes:category', attributes: { text: part } }] }
  return { name: 'itunes:category', attributes: { text: name }, ...inner }
}

/** The namespace of these UUIDs, as the Podcast Index fixed it. */
const GUIDS = 'ead4c236-bf58-58c6-a2c6-a6b28d128cb6'

/** The UUID that the Podcast Index gives a feed at this address: version 5, of the address without its scheme and last slashes. */
export function podcastGuid(address: string): string {
  const name = address.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '')
  const bytes = createHash('sha1')
    .update(Buffer.from(GUIDS.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/** Of a feed that was made of a podcast: a podcast of its own, so that no two have one name. */
export function podcastOfPart(podcast: Feed['podcast']): Feed['podcast'] {
  return podcast && { ...podcast, guid: undefined }
}
