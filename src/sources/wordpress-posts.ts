/** What the REST API of WordPress answers, as items (developer.wordpress.org/rest-api/reference/posts). */
import { load } from 'cheerio'
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import { type Picture } from '../model.ts'
import { webUrl } from './web-url.ts'

/** What posts only name by numbers, where they do not bring it along. */
export interface Names {
  users: Map<number, string>
  terms: Map<number, string>
  media: Map<number, Picture>
}

/** The numbers in posts whose names did not come along. */
export interface Lacks {
  users: number[]
  categories: number[]
  tags: number[]
  media: number[]
}

type Data = Partial<Record<string, unknown>>

const NO_NAMES: Names = { users: new Map(), terms: new Map(), media: new Map() }

/**
 * The public posts of one answer, in its order, and which names a second question has to bring. Throws Failure
 * `source.notWordpress`.
 */
export function readPosts(text: string, url: string, names = NO_NAMES): { items: Item[]; lacks: Lacks } {
  const posts = postsIn(text, url)
  return { items: posts.flatMap((post) => itemOf(post, url, names) ?? []), lacks: lacksOf(posts, url) }
}

function lacksOf(posts: Data[], url: string): Lacks {
  const lacks: Lacks = { users: [], categories: [], tags: [], media: [] }
  for (const post of posts) {
    const { author, featured_media: media } = post
    const embedded = dataOf(post['_embedded'])
    if (isId(author) && authorsOf(post, embedded, NO_NAMES).length === 0) lacks.users.push(author)
    if (isId(media) && pictureOf(post, embedded, url, NO_NAMES) === undefined) lacks.media.push(media)
    if (embedded['wp:term'] !== undefined) continue
    lacks.categories.push(...listOf(post['categories']).filter(isId))
    lacks.tags.push(...listOf(post['tags']).filter(isId))
  }
  const once = (ids: number[]) => [...new Set(ids)].slice(0, MOST_LOOKED_UP)
  return {
    users: once(lacks.users),
    categories: once(lacks.categories),
    tags: once(lacks.tags),
    media: once(lacks.media),
  }
}

/** As many as one question may name. */
const MOST_LOOKED_UP = 100

/** What was looked up by numbers: names of users or terms, or pictures; nothing when the answer holds none. */
export function readNames(text: string, url: string): { names: Map<number, string>; pictures: Map<number, Picture> } {
  const names = new Map<number, string>()
  const pictures = new Map<number, Picture>()
  for (const one of dataIn(text)) {
    const { id, name, slug } = one
    const plain = plainOf(name)
    const picture = mediumOf(one, url)
    if (isId(id) && plain !== undefined && slug !== 'uncategorized') names.set(id, plain)
    if (isId(id) && picture !== undefined) pictures.set(id, picture)
  }
  return { names, pictures }
}

function postsIn(text: string, url: string): Data[] {
  let read: unknown
  try {
    read = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (thrown) {
    const reason = /^\s*</.test(text) ? 'it answers with a web page instead of JSON' : 'its answer is no JSON'
    throw new Failure('source.notWordpress', { url, reason }, thrown)
  }
  if (Array.isArray(read)) return read.map(dataOf)
  const { code, message } = dataOf(read)
  const said = [code, message].filter((part) => typeof part === 'string').join(': ')
  throw new Failure('source.notWordpress', {
    url,
    reason: said === '' ? 'its answer is no list of posts' : said.slice(0, 300),
  })
}

function dataIn(text: string): Data[] {
  try {
    return listOf(JSON.parse(text)).map(dataOf)
  } catch {
    return []
  }
}

/** Nothing for what is not public: private, waiting, or behind a password. */
function itemOf(post: Data, base: string, names: Names): Item | undefined {
  const url = webUrl(textOf(post['link']), base)
  const content = dataOf(post['content'])
  const { status } = post
  if (url === undefined || content['protected'] === true || (typeof status === 'string' && status !== 'publish'))
    return undefined
  const embedded = dataOf(post['_embedded'])
  const published = momentOf(post['date_gmt']) ?? textOf(post['date'])
  const modified = momentOf(post['modified_gmt'])
  const authors = authorsOf(post, embedded, names)
  const ids = [...listOf(post['categories']), ...listOf(post['tags'])].filter(isId)
  const topics = [...termsOf(embedded), ...ids.flatMap((id) => names.terms.get(id) ?? [])]
  const html = textOf(content['rendered'])
  return {
    url,
    ...known('guid', renderedOf(post['guid'])),
    ...known('title', plainOf(renderedOf(post['title']))),
    ...(authors.length > 0 && { authors }),
    ...(topics.length > 0 && { topics: [...new Set(topics)] }),
    ...known('language', languageOf(post['lang'])),
    ...known('published', published),
    // A post that waited for its day was changed before it was published.
    ...known('updated', modified !== undefined && modified > (published ?? '') ? modified : undefined),
    ...known('excerpt', excerptOf(renderedOf(post['excerpt']))),
    ...known('image', pictureOf(post, embedded, base, names)),
    ...(html !== undefined && { body: { form: 'fragment', value: html } }),
  }
}

/** Its author, or the several that plugins for co-authors name. */
function authorsOf(post: Data, embedded: Data, { users }: Names): string[] {
  const several = [...listOf(post['authors']), ...listOf(post['coauthors'])].map(dataOf)
  const named = [
    several.map((one) => plainOf(one['display_name'] ?? one['name'])),
    listOf(embedded['author']).map((one) => plainOf(dataOf(one)['name'])),
    [isId(post['author']) ? users.get(post['author']) : undefined],
    [plainOf(dataOf(post['yoast_head_json'])['author'])],
  ].map((names) => names.filter((name) => name !== undefined))
  return [...new Set(named.find((names) => names.length > 0))]
}

/** Names of categories, tags and further taxonomies; not those that only say how a post looks, or that it has none. */
function termsOf(embedded: Data): string[] {
  const terms = listOf(embedded['wp:term']).flatMap(listOf).map(dataOf)
  return terms.flatMap(({ name, slug, taxonomy }) => {
    const plain = plainOf(name)
    return plain === undefined || taxonomy === 'post_format' || slug === 'uncategorized' ? [] : [plain]
  })
}

function pictureOf(post: Data, embedded: Data, base: string, { media }: Names): Picture | undefined {
  const [first] = listOf(embedded['wp:featuredmedia'])
  const id = post['featured_media']
  const picture = mediumOf(dataOf(first), base) ?? (isId(id) ? media.get(id) : undefined)
  if (picture !== undefined) return picture
  const [shared] = listOf(dataOf(post['yoast_head_json'])['og_image'])
  const url = webUrl(textOf(post['jetpack_featured_media_url']) ?? textOf(dataOf(shared)['url']), base)
  return url === undefined ? undefined : { url }
}

function mediumOf(medium: Data, base: string): Picture | undefined {
  const { source_url: address, media_type: type, alt_text: alt, caption } = medium
  const url = webUrl(textOf(address), base)
  if (url === undefined || (typeof type === 'string' && type !== 'image')) return undefined
  return { url, ...known('alt', plainOf(alt)), ...known('caption', plainOf(renderedOf(caption))) }
}

/** What an editor wrote, and not the beginning of the text, which ends in dots. */
function excerptOf(rendered: string | undefined): string | undefined {
  const text = plainOf(rendered)
  return text === undefined || /\[?(?:…|\.\.\.)\]?$/.test(text) ? undefined : text
}

/** A time without its zone, which is UTC by its name; WordPress writes zeros where it knows none. */
function momentOf(gmt: unknown): string | undefined {
  const text = textOf(gmt)
  return text === undefined || !/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? undefined : `${text}Z`
}

function languageOf(tag: unknown): string | undefined {
  return typeof tag === 'string' && /^[a-z]{2,3}(?:[-_][a-z\d]{2,8})*$/i.test(tag)
    ? tag.replaceAll('_', '-')
    : undefined
}

function renderedOf(field: unknown): string | undefined {
  return textOf(field) ?? textOf(dataOf(field)['rendered'])
}

/** Rendered HTML as the text that it shows. What would look like mark-up afterwards is written as such. */
function plainOf(rendered: unknown): string | undefined {
  const html = textOf(rendered)?.slice(0, 20_000)
  if (html === undefined) return undefined
  const text = (/[&<]/.test(html) ? load(html, { xml: { xmlMode: false, decodeEntities: true } }, false).text() : html)
    .replace(/\s+/g, ' ')
    .trim()
  if (text === '') return undefined
  return /<\/?[a-z]|&(?:#|[a-z]+;)/i.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : text
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function dataOf(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 1000) : []
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function known<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}
