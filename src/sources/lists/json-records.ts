/** An object of a page's data as an item, by the names that its fields have everywhere. */
import { type Item } from '../../item.ts'
import { type Picture } from '../../model.ts'
import { webUrl } from '../web-url.ts'
import { isObject, listOf, textsOf, type Json, type JsonObject } from './json.ts'
import { oneLine } from './words.ts'

const URL_KEYS = ['url', '@id', 'link', 'href', 'permalink', 'canonicalUrl', 'canonical_url', 'webUrl', 'path', 'uri', 'mainEntityOfPage', 'pageUrl', 'fullUrl', 'full_url'] // prettier-ignore
const TITLE_KEYS = ['headline', 'title', 'name', 'heading', 'displayTitle', 'subject']
const DATE_KEYS = ['datePublished', 'publishedAt', 'published_at', 'publishDate', 'publishedDate', 'published', 'publicationDate', 'pubDate', 'post_date', 'firstPublished', 'firstPublishedAt', 'date', 'date_gmt', 'createdAt', 'created_at', 'uploadDate', 'displayDate', 'timestamp'] // prettier-ignore
const AUTHOR_KEYS = ['author', 'authors', 'byline', 'creator', 'writer', 'contributors', 'publishedBylines']
const IMAGE_KEYS = ['image', 'thumbnailUrl', 'thumbnail', 'cover_image', 'coverImage', 'featuredImage', 'feature_image', 'heroImage', 'leadImage', 'picture', 'promoImage', 'media', 'img'] // prettier-ignore
const EXCERPT_KEYS = [
  'description',
  'excerpt',
  'dek',
  'summary',
  'subtitle',
  'standfirst',
  'teaser',
  'abstract',
  'subheadline',
]

export function recordOf(node: JsonObject, base: string): Item | undefined {
  const url =
    URL_KEYS.map((key) => addressOf(node[key], base)).find((found) => found !== undefined) ?? addressByKey(node, base)
  const title = first(node, TITLE_KEYS, textOf)
  if (url === undefined) return undefined
  if (title === undefined && !textsOf(node['@type']).includes('ListItem')) return undefined
  const published = first(node, DATE_KEYS, dateOf) ?? first(node, Object.keys(node).slice(0, 60).filter((key) => /publish|pub_?date|posted/i.test(key)), dateOf) // prettier-ignore
  const authors = first(node, AUTHOR_KEYS, namesOf)
  const image = first(node, IMAGE_KEYS, (value) => pictureOf(value, base))
  const excerpt = first(node, EXCERPT_KEYS, textOf)
  return {
    url,
    ...(title && { title: oneLine(title).slice(0, 500) }),
    ...(published && { published }),
    ...(authors && { authors }),
    ...(image && { image }),
    ...(excerpt && { excerpt: oneLine(excerpt).slice(0, 2000) }),
  }
}

const LIKE_ADDRESS = /(?:url|uri|link|href|path|permalink|route|slug)$/i
const OF_ELSE =
  /image|img|thumb|avatar|photo|picture|icon|logo|author|api|feed|section|category|video|audio|share|parent|next|prev/i

/** Where the address has a name of the site's own: `storyUrl`, `web_path`. */
function addressByKey(node: JsonObject, base: string): string | undefined {
  for (const [key, value] of Object.entries(node).slice(0, 60)) {
    if (!LIKE_ADDRESS.test(key) || OF_ELSE.test(key)) continue
    // `news/storm` is a path from the root of the site; a lone word says too little.
    const isPath = typeof value === 'string' && /^[\w-]+(?:\/[\w.-]+)+\/?$/.test(value)
    const found = addressOf(isPath ? `/${value}` : value, base)
    if (found !== undefined) return found
  }
  return undefined
}

function first<T>(node: JsonObject, keys: string[], read: (value: Json) => T | undefined): T | undefined {
  for (const key of keys) {
    const value = node[key]
    const found = value === undefined ? undefined : read(value)
    if (found !== undefined) return found
  }
  return undefined
}

/** An address with a path: a lone word is a slug, of which nobody knows where it is. */
function addressOf(value: Json | undefined, base: string): string | undefined {
  if (isObject(value)) return addressOf(value['@id'] ?? value['url'] ?? value['current'], base)
  if (typeof value !== 'string' || !/^(?:https?:\/\/|\/)\S+$/.test(value.trim())) return undefined
  return webUrl(value, base)?.replace(/#(?!!).*$/, '')
}

function textOf(value: Json): string | undefined {
  if (isObject(value)) return textOf(value['rendered'] ?? value['text'] ?? value['main'] ?? value['title'] ?? null)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function dateOf(value: Json): string | undefined {
  if (typeof value === 'string') return /\d{4}/.test(value) ? value.slice(0, 80) : undefined
  if (typeof value !== 'number') return undefined
  // Seconds or milliseconds since 1970, between 2000 and 2100.
  const ms = value > 1e11 ? value : value * 1000
  return ms > 946_684_800_000 && ms < 4_102_444_800_000 ? new Date(ms).toISOString() : undefined
}

function namesOf(value: Json): string[] | undefined {
  const names = listOf(value).flatMap((one) => {
    const name = isObject(one) ? (one['name'] ?? one['displayName'] ?? one['fullName'] ?? one['title']) : one
    return typeof name === 'string' && name.trim() !== '' && name.length < 100 && !/^https?:/.test(name)
      ? [oneLine(name)]
      : []
  })
  return names.length === 0 ? undefined : [...new Set(names)].slice(0, 10)
}

function pictureOf(value: Json, base: string): Picture | undefined {
  for (const one of listOf(value)) {
    const address = isObject(one)
      ? (one['url'] ?? one['src'] ?? one['contentUrl'] ?? one['@id'] ?? one['sourceUrl'])
      : one
    const url =
      typeof address === 'string' && /^(?:https?:)?\/|\.(?:jpe?g|png|webp|avif|gif)/i.test(address)
        ? webUrl(address, base)
        : undefined
    if (url !== undefined) return { url }
  }
  return undefined
}
