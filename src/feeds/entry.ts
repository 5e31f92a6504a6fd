/** An article as every feed format shows it: one choice of id, address, names and dates for all of them. */
import { Failure } from '../failures.ts'
import type { Article, Enclosure, Episode, Image } from '../model.ts'
import { fittingHtml, languageTag, oneLine, webAddress } from './characters.ts'

export interface Entry {
  /** Atom's, which must be an absolute IRI; never changed. */
  id: string
  /** The guid of RSS and the id of JSON Feed, which may be any text: the article's own, to the letter. */
  guid: string
  article: Article
  url: string
  title: string
  authors: string[]
  topics: string[]
  language?: string
  published: Date
  /** Never before `published`. */
  updated: Date
  /** Plain text on one line. */
  excerpt: string
  html: string
  picture?: Image
  /** First the recording that podcast apps play, if there is one; then, of each kind, those of which the length is known. */
  enclosures: Enclosure[]
  episode?: Episode
}

/** The article's own guid where that is an absolute IRI, so that a feed which is taken over shows no duplicates. */
export function entryId(article: Pick<Article, 'id' | 'guid'>): string {
  const guid = article.guid ?? ''
  return isUri(guid) ? guid : `urn:uuid:${article.id}`
}

/** The article's own guid where RSS and JSON can write it as it is; else Atom's id. */
function entryGuid(article: Pick<Article, 'id' | 'guid'>): string {
  const { guid = '' } = article
  // Some readers take a guid for an address.
  const isWritable = guid !== '' && oneLine(guid) === guid && !RUNS.test(guid)
  return isWritable ? guid : entryId(article)
}

/**
 * The articles that can be shown, the pinned first and then the newest whatever the order given, and a Failure `feed.item` for each that
 * cannot: without a web address, a title or a writable date, or with the guid of a newer one. A guid that is no IRI is
 * its source's own: where two sources use one for different articles, the article that was seen first keeps it.
 */
export function readEntries(articles: readonly Article[]): { entries: Entry[]; faults: Failure[] } {
  const faults: Failure[] = []
  const entries: Entry[] = []
  const named = new Map<string, Entry>()
  for (const article of articles.toSorted(newestFirst)) {
    const entry = readEntry(article)
    if (typeof entry === 'string') {
      faults.push(leftOut(article, entry))
      continue
    }
    const other = named.get(entry.id) ?? named.get(entry.guid)
    if (other !== undefined && !isApart(entry, other)) {
      faults.push(leftOut(article, 'a newer article has the same guid'))
      continue
    }
    const later = other && [entry, other].toSorted((a, b) => seenFirst(b.article, a.article))[0]
    if (later) later.guid = later.id
    entries.push(entry)
    for (const shown of other ? [entry, other] : [entry]) named.set(shown.id, shown).set(shown.guid, shown)
  }
  return { entries, faults }
}

/** Two articles to which two sources gave one name, each for itself. */
function isApart(entry: Entry, other: Entry): boolean {
  return entry.id !== other.id && entry.article.sourceId !== other.article.sourceId && entry.url !== other.url
}

function seenFirst(one: Article, other: Article): number {
  return one.firstSeenAt.getTime() - other.firstSeenAt.getTime() || (one.id < other.id ? -1 : 1)
}

export function leftOut(article: Article, reason: string): Failure {
  return new Failure('feed.item', { article: article.id, url: article.url, reason })
}

/** The entry, or why there can be none. */
function readEntry(article: Article): Entry | string {
  const url = webAddress(article.url)
  if (!url) return 'its address is not an http or https URL'
  const title = oneLine(article.title)
  if (!title) return 'its title has no character that can be shown'
  const published = publishedAt(article)
  const updated = article.updatedAt && article.updatedAt > published ? article.updatedAt : published
  if (!isWritable(published) || !isWritable(updated)) return 'its date is beyond what a feed can write'

  const language = languageTag(article.language)
  const episode = readEpisode(article.episode)
  const picture = article.images.map(readPicture).find((image) => image !== undefined)
  return {
    id: entryId(article),
    guid: entryGuid(article),
    article,
    url,
    title,
    authors: distinct(article.authors),
    topics: distinct(article.topics),
    ...(language && { language }),
    published,
    updated,
    excerpt: oneLine(article.excerpt),
    html: fittingHtml(article.html),
    ...(picture && { picture }),
    enclosures: article.enclosures
      .map(readEnclosure)
      .filter((file) => file !== undefined)
      .toSorted((one, other) => placeOf(one) - placeOf(other)),
    ...(episode && { episode }),
  }
}

function publishedAt(article: Article): Date {
  return article.publishedAt ?? article.firstSeenAt
}

/** What the editor pinned, then as the store gives them: of two with one date, the greater id first. */
function newestFirst(one: Article, other: Article): number {
  const pinned = (other.pinnedAt?.getTime() ?? 0) - (one.pinnedAt?.getTime() ?? 0)
  return pinned || timeOf(other) - timeOf(one) || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)
}

/** An invalid date, which is left out later, must not disturb the order of the others. */
function timeOf(article: Article): number {
  const time = publishedAt(article).getTime()
  return Number.isNaN(time) ? 0 : time
}

/** RFC 3339 and RFC 822 write a year with four digits, and readers take 0024 for 2024. */
function isWritable(date: Date): boolean {
  return !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 1000 && date.getUTCFullYear() <= 9999
}

// An Atom id is an IRI (RFC 4287 §4.2.6): no spaces, quotes or brackets. A scheme that runs names nothing.
const UNFIT_IN_URI = /[\s"<>\\^`{|}\p{C}]/u

const RUNS = /^\s*(?:javascript|vbscript|data):/i

function isUri(text: string): boolean {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.+)$/is.exec(text) ?? []
  if (!scheme || UNFIT_IN_URI.test(text) || RUNS.test(text)) return false
  return !/^https?$/i.test(scheme) || rest.startsWith('//')
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts.map(oneLine).filter(Boolean))]
}

/** The lead picture with what is really known of it; `bytes` and `type` are known of the files we hold. */
function readPicture(image: Image): Image | undefined {
  const url = webAddress(image.url)
  if (!url) return undefined
  const alt = oneLine(image.alt ?? '')
  const caption = oneLine(image.caption ?? '')
  const credit = oneLine(image.credit ?? '')
  const type = mediaType(image.type)
  return {
    url,
    ...(alt && { alt }),
    ...(caption && { caption }),
    ...(credit && { credit }),
    ...(type && { type }),
    ...(isCount(image.bytes) && { bytes: image.bytes }),
    ...(isCount(image.width) && { width: image.width }),
    ...(isCount(image.height) && { height: image.height }),
  }
}

/** What can be said of a file; its length and duration where they are known. */
function readEnclosure({ url: address, type: written, bytes, title: name, seconds }: Enclosure): Enclosure | undefined {
  const url = webAddress(address)
  const type = mediaType(written)
  const title = oneLine(name ?? '')
  if (!url || !type) return undefined
  return {
    ...{ url, type },
    ...(isCount(bytes) && { bytes }),
    ...(title && { title }),
    ...(isCount(seconds) && { seconds }),
  }
}

/** RSS has room for one file, and wants its length: what is played goes before what is read, and what is known first. */
function placeOf({ type, bytes }: Enclosure): number {
  return (bytes === undefined ? 2 : 0) + (/^(?:audio|video)\//.test(type) ? 0 : 1)
}

function readEpisode({ image: address, season, number, transcripts = [], ...rest }: Episode = {}): Episode | undefined {
  const image = webAddress(address)
  const words = transcripts.flatMap(({ url: written, type: said, language: tag, rel }) => {
    const url = webAddress(written)
    const type = mediaType(said)
    const language = languageTag(tag)
    // The namespace of podcasts allows nothing but https.
    if (url?.startsWith('https:') !== true || !type) return []
    return [{ url, type, ...(language && { language }), ...(rel && { rel }) }]
  })
  const episode: Episode = {
    ...rest,
    ...(image && isDirectoryPicture(image) && { image }),
    ...(isCount(season) && { season }),
    ...(isCount(number) && { number }),
    ...(words.length > 0 && { transcripts: words }),
  }
  return Object.keys(episode).length > 0 ? episode : undefined
}

/** Apple's directory takes JPEG and PNG. */
function isDirectoryPicture(url: string): boolean {
  return !/\.(?:gif|webp|avif|svg|bmp|tiff?)$/i.test(URL.parse(url)?.pathname ?? '')
}

function mediaType(text: string | undefined): string | undefined {
  return /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*/i.exec(text ?? '')?.[0].toLowerCase()
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0
}
