/** What a page's own data says of articles: JSON-LD, and the state that its scripts begin with; read, never run. */
import { type Item, type Picture } from '../../model.ts'
import { webUrl } from '../web-url.ts'
import { oneLine, widthOf } from './words.ts'

/** Items that one place of the page's data speaks of. */
export interface Stated {
  channel: 'json-ld' | 'state'
  items: Item[]
  /** The data calls them articles, and does not only look as if. */
  isSure: boolean
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type JsonObject = Record<string, Json>

const LONGEST_SCRIPT = 3_000_000
const MOST_SCRIPTS = 200
const MOST_VALUES = 200_000
const MOST_ITEMS = 500

/** In one pass over the text of the page, since its parsed form holds no script. */
export function readData(html: string, url: string): Stated[] {
  const found: Stated[] = []
  let states: Item[] = []
  for (const { type, id, text } of scriptsOf(html)) {
    if (/ld\+json/i.test(type)) {
      const items = readJsonLd(parseJson(text.replace(/^\s*<!--|-->\s*$/g, '')), url)
      if (items.length > 0) found.push({ channel: 'json-ld', items, isSure: true })
      continue
    }
    const isJson = /^application\/(?:[\w.-]+\+)?json$/i.test(type) || id === '__NEXT_DATA__'
    for (const value of isJson ? [parseJson(text)] : statesIn(text)) {
      const items = readState(value, url)
      // One page has one state; the largest list in any of them is the likeliest.
      if (items.length > states.length) states = items
    }
  }
  if (states.length > 0) found.push({ channel: 'state', items: states, isSure: false })
  return found
}

/** The scripts of a page as text, in order, in linear time. */
function* scriptsOf(html: string): Generator<{ type: string; id: string; text: string }> {
  const open = /<script(?=[\s>])/gi
  const close = /<\/script\s*>/gi
  for (let count = 0; count < MOST_SCRIPTS; count++) {
    const start = open.exec(html)
    const tagEnd = start === null ? -1 : html.indexOf('>', start.index)
    if (start === null || tagEnd < 0) return
    close.lastIndex = tagEnd
    const end = close.exec(html)
    if (end === null) return
    const tag = html.slice(start.index, Math.min(tagEnd, start.index + 2000))
    const text = html.slice(tagEnd + 1, Math.min(end.index, tagEnd + LONGEST_SCRIPT))
    open.lastIndex = close.lastIndex
    const attribute = (name: string) => new RegExp(`\\b${name}\\s*=\\s*["']?([^"'\\s>]+)`, 'i').exec(tag)?.[1] ?? ''
    yield { type: attribute('type'), id: attribute('id'), text }
  }
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The values of assignments such as `window.__STATE__ = {…}` and `JSON.parse("…")`, where they are plain JSON. */
function statesIn(script: string): (Json | undefined)[] {
  if (script.length < 200) return []
  const values: (Json | undefined)[] = []
  const assignment =
    /(?:window|self|globalThis)?\s*(?:\.\s*|\[\s*["'])?([A-Za-z_$][\w$]{2,60})(?:["']\s*\])?\s*=\s*(?=[{[]|JSON\.parse\(\s*["'])/g
  let from = 0
  for (let tries = 0; tries < 20; tries++) {
    assignment.lastIndex = from
    const found = assignment.exec(script)
    if (found === null) break
    const start = assignment.lastIndex
    const isText = script.startsWith('JSON', start)
    const end = isText ? endOfString(script, start) : endOfValue(script, start)
    from = Math.max(start + 1, end ?? start + 1)
    if (end === undefined || end - start < 100) continue
    const written = script.slice(start, end)
    if (!isText) values.push(parseJson(written))
    else {
      const text = parseJson(written.replace(/^JSON\.parse\(\s*/, '').replace(/^'([^]*)'$/, (_, inner: string) => `"${inner.replaceAll("\\'", "'").replaceAll('"', '\\"').replaceAll('\\\\"', '\\"')}"`)) // prettier-ignore
      if (typeof text === 'string') values.push(parseJson(text))
    }
  }
  return values
}

/** Where the object or array that begins at `start` ends: brackets counted outside of texts. */
function endOfValue(script: string, start: number): number | undefined {
  let depth = 0
  const token = /["{}[\]]/g
  token.lastIndex = start
  for (let found = token.exec(script); found !== null; found = token.exec(script)) {
    const [mark] = found
    if (mark === '"') {
      const end = endOfQuote(script, found.index, '"')
      if (end === undefined) return undefined
      token.lastIndex = end
    } else if (mark === '{' || mark === '[') depth++
    else if (--depth === 0) return token.lastIndex
  }
  return undefined
}

function endOfString(script: string, start: number): number | undefined {
  const [open = ''] = /["']/.exec(script.slice(start, start + 40)) ?? []
  return open === '' ? undefined : endOfQuote(script, script.indexOf(open, start), open)
}

function endOfQuote(script: string, start: number, quote: string): number | undefined {
  const token = quote === '"' ? /["\\]/g : /['\\]/g
  token.lastIndex = start + 1
  for (let found = token.exec(script); found !== null; found = token.exec(script)) {
    if (found[0] === quote) return token.lastIndex
    token.lastIndex++
  }
  return undefined
}

const ARTICLE = /^(?:[A-Za-z]*Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report|Review|CriticReview|PodcastEpisode|VideoObject|DiscussionForumPosting)$/ // prettier-ignore
const LISTS = /^(?:ItemList|CollectionPage|Blog|SearchResultsPage|DataFeed|PodcastSeries|WebPage|WebSite)$/

/** Articles in JSON-LD; those that a list names only by address come with nothing but that. */
function readJsonLd(data: Json | undefined, url: string): Item[] {
  const items: Item[] = []
  const inList = new Set<JsonObject>()
  for (const node of objectsIn(data)) {
    const types = textsOf(node['@type'])
    if (types.some((type) => LISTS.test(type))) {
      for (const part of [node['itemListElement'], node['blogPost'], node['hasPart'], node['dataFeedElement']].flatMap(
        listOf,
      ))
        if (isObject(part)) inList.add(part)
    }
    const isEntry = types.includes('ListItem') && !isObject(node['item'])
    const isArticle = types.some((type) => ARTICLE.test(type))
    if (!isArticle && !(isEntry && inList.has(node) && items.length < MOST_ITEMS)) continue
    // Crumbs of a path are list items too, but of a BreadcrumbList, which is none of the lists above.
    const item = itemOf(node, url)
    if (item !== undefined && items.length < MOST_ITEMS) items.push(item)
  }
  return items
}

/** Every object in the data, outer ones first, without recursion. */
function* objectsIn(data: Json | undefined): Generator<JsonObject> {
  const waiting: Json[] = data === undefined ? [] : [data]
  for (let count = 0; waiting.length > 0 && count < MOST_VALUES; count++) {
    const value = waiting.pop()
    if (value === null || typeof value !== 'object') continue
    if (!Array.isArray(value)) yield value
    const parts = Object.values(value)
    for (let at = Math.min(parts.length, 10_000) - 1; at >= 0; at--) {
      const part = parts[at]
      if (typeof part === 'object' && part !== null) waiting.push(part)
    }
  }
}

/** The largest array of objects that have an address and a title, and more than menus have. */
function readState(data: Json | undefined, url: string): Item[] {
  let best: Item[] = []
  let bestWorth = 0
  for (const node of objectsIn(data)) {
    for (const list of Object.values(node)) {
      if (!Array.isArray(list) || list.length < 2) continue
      const items = list.slice(0, MOST_ITEMS).flatMap((one) => {
        if (!isObject(one)) return []
        // `{ node: {…} }` and `{ article: {…} }` are wrappers of one.
        const [only] = Object.values(one).filter(isObject)
        return (
          itemOf(one, url) ?? (only !== undefined && Object.keys(one).length <= 3 ? itemOf(only, url) : undefined) ?? []
        )
      })
      const worth = items.reduce((sum, item) => sum + worthOf(item), 0)
      if (items.length >= list.length * 0.6 && items.length > 1 && worth / items.length >= 2 && worth > bestWorth) {
        best = items
        bestWorth = worth
      }
    }
  }
  return best
}

function worthOf({ title, published, image, excerpt, authors }: Item): number {
  const width = widthOf(title ?? '')
  return (width > 30 ? 1 : width > 15 ? 0.5 : 0) + (published === undefined ? 0 : 2) + (image === undefined ? 0 : 0.5) + (excerpt === undefined ? 0 : 1) + (authors === undefined ? 0 : 0.5) // prettier-ignore
}

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

function itemOf(node: JsonObject, base: string): Item | undefined {
  const url = URL_KEYS.map((key) => addressOf(node[key], base)).find((found) => found !== undefined)
  const title = first(node, TITLE_KEYS, textOf)
  if (url === undefined) return undefined
  if (title === undefined && !textsOf(node['@type']).includes('ListItem')) return undefined
  const published = first(node, DATE_KEYS, dateOf)
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

function listOf(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
}

function textsOf(value: Json | undefined): string[] {
  return listOf(value).filter((one) => typeof one === 'string')
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
