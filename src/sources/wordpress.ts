/** The posts of a WordPress site, by its REST API. */
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Fetched } from '../contracts.ts'
import { type Item } from '../item.ts'
import { type Picture } from '../model.ts'
import type { FindContext } from './index.ts'
import { id, selectWithFullText, webAddress, webBase } from './options.ts'
import { webUrl } from './web-url.ts'
import { type Lacks, type Names } from './wordpress-posts.ts'

export const options = z.strictObject({
  id,
  kind: z.literal('wordpress').describe('A site made with WordPress, read by its API'),
  url: webAddress.describe('Address of the site, or of its API where that is elsewhere'),
  type: z
    .string()
    .regex(/^[a-z][\w-]{0,49}$/i, { error: 'the name of a type of posts in the API, such as posts or events' })
    .default('posts')
    .describe('Which posts: `posts`, `pages`, or what the API calls a type of its own'),
  items: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('The first collection reads the newest so many; later ones go back to what is known'),
  fullText: z
    .boolean()
    .default(false)
    .describe("Reads each article's own page too, for sites that build their texts outside of the post"),
  select: selectWithFullText,
  ...webBase,
})

/** What \`docs/sources.md\` says of it beyond the options; Markdown. */
export const guide = `
The whole text of each post with its real dates, authors, categories, tags and lead picture, without reading a page.

\`\`\`yaml
- { id: harbour, kind: wordpress, url: https://harbour.example/ }
\`\`\`

- **Where the API is** is found out: at \`wp-json/\` below the address, where the site's own page says, or at \`?rest_route=/\`.
- **As many pages as it takes.** The first collection reads the newest \`items\`. Each later one reads from the newest post
  to the first that is known, and then what was changed since, however old it is.
- **Fields.** Dates are those in UTC; a later change is \`updated\`. Titles, names and captions are plain text. The guid is kept:
  it is the one in the site's own feed. An excerpt counts where an editor wrote one.
- **Not public, not read.** Posts that are private, behind a password or not published yet are left out, also when
  \`headers\` hold a login that sees them.
- **A closed API** (401, 403, 404, a page instead of JSON) is a failure that says so; what is published stays as it is. The
  site's feed or sitemap is then the way.
`

export type WordpressOptions = z.output<typeof options>

const LARGEST_BYTES = 5_000_000
/** Posts a request; where they are so long that the answer would be too large, the next. */
const SIZES = [50, 10, 2]
/** Once most of it is known. */
const USUAL_SIZE = 20
/** Of a page that is only looked at for one link in its head. */
const LONGEST_HEAD = 200_000
const DAY_MS = 86_400_000

const FIELDS =
  'id,link,guid,status,type,lang,date,date_gmt,modified_gmt,title,content,excerpt,author,authors,coauthors,featured_media,categories,tags,jetpack_featured_media_url,yoast_head_json.author,yoast_head_json.og_image,_links,_embedded'

/** The posts, newest first. Throws Failure `http.…` or `source.notWordpress`. */
export async function find(options: WordpressOptions, context: FindContext): Promise<Item[]> {
  return await atApi(options, context, (api) => readPosts(api, options, context))
}

/** The same at the root of an API, and nowhere else. */
export async function findAt(root: string, options: WordpressOptions, context: FindContext): Promise<Item[]> {
  return await readPosts({ root, fetch: context.fetch, parse: context.parse, isOpen: false }, options, context)
}

async function readPosts(api: Api, options: WordpressOptions, context: FindContext): Promise<Item[]> {
  const posts = await readNewest(api, options, context)
  if (context.since !== undefined) posts.push(...(await readChanged(api, context.since, options)))
  const once = new Map(posts.map((item) => [item.guid ?? item.url, item]))
  return [...once.values()].toSorted((a, b) => (b.published ?? '').localeCompare(a.published ?? ''))
}

interface Api {
  root: string
  fetch: FindContext['fetch']
  parse: FindContext['parse']
  /** It has given posts: whatever fails from now on is no question of where it is. */
  isOpen: boolean
}

/** From the newest back to one that is known, or as many as are wanted. */
async function readNewest(
  api: Api,
  { type, items: most }: WordpressOptions,
  { areKnown, since }: FindContext,
): Promise<Item[]> {
  return await inSizes(since === undefined ? SIZES : [USUAL_SIZE, ...SIZES.slice(1)], async (size) => {
    const found: Item[] = []
    for (let page = 1; ; page++) {
      const query = { per_page: Math.min(size, most), page, orderby: 'date', order: 'desc' }
      const answer = await askPosts(api, type, query, page === 1)
      // The first page as it was: nothing was published, and nothing stands further back that did not.
      if (answer === undefined) return found
      found.push(...answer.items)
      const known = (await areKnown?.(answer.items)) ?? []
      if (page >= answer.pages || found.length >= most || known.includes(true)) return found.slice(0, most)
    }
  })
}

/** Whatever was changed since, from a day before: the API compares with times that may be of any zone. */
async function readChanged(api: Api, since: Date, { type, items: most }: WordpressOptions): Promise<Item[]> {
  const day = new Date(Math.floor(since.getTime() / DAY_MS - 1) * DAY_MS).toISOString().slice(0, 19)
  return await inSizes(SIZES, async (size) => {
    const found: Item[] = []
    for (let page = 1; ; page++) {
      const query = { per_page: Math.min(size, most), page, orderby: 'modified', order: 'desc', modified_after: day }
      const answer = await askPosts(api, type, query)
      found.push(...(answer?.items ?? []).filter(({ updated, published }) => (updated ?? published ?? day) >= day))
      // Versions before 5.7 do not know the condition, and go on to the oldest post of all.
      const isPast = answer?.items.some(({ updated, published }) => (updated ?? published ?? day) < day) ?? true
      if (answer === undefined || isPast || page >= answer.pages || found.length >= most) return found.slice(0, most)
    }
  })
}

async function inSizes<T>(sizes: number[], read: (size: number) => Promise<T>): Promise<T> {
  for (const size of sizes.slice(0, -1)) {
    try {
      return await read(size)
    } catch (thrown) {
      if (!(thrown instanceof Failure && thrown.code === 'http.tooLarge')) throw thrown
    }
  }
  return await read(sizes.at(-1) ?? 1)
}

/** One page of posts with all their names; nothing when it is as it was. */
async function askPosts(
  api: Api,
  type: string,
  query: Query,
  conditional = false,
): Promise<{ items: Item[]; pages: number } | undefined> {
  const embed = { _embed: 'author,wp:term,wp:featuredmedia', _fields: FIELDS }
  const answer = await ask(api, type, { ...query, ...embed }, conditional)
  api.isOpen ||= answer.status === 'unchanged'
  if (answer.status === 'unchanged') return undefined
  const text = answer.text()
  const first = await api.parse('wordpress', text, answer.url)
  api.isOpen = true
  const names = await namesFor(api, first.lacks)
  const { items } = names === undefined ? first : await api.parse('wordpress', text, answer.url, names)
  const pages = Number(answer.headers['x-wp-totalpages'] ?? 1)
  return { items, pages: Number.isSafeInteger(pages) ? pages : 1 }
}

/** Some sites leave out what was asked to come along. Names that may not be known stay unknown. */
async function namesFor(api: Api, { users, categories, tags, media }: Lacks): Promise<Names | undefined> {
  if (users.length + categories.length + tags.length + media.length === 0) return undefined
  const look = async (route: string, ids: number[], fields: string) => {
    if (ids.length === 0) return undefined
    const query = { include: ids.join(','), per_page: 100, _fields: `id,${fields}` }
    const answer = await ask(api, route, query).catch(refused)
    return answer && (await api.parse('wordpressNames', answer.text(), answer.url))
  }
  const named = {
    users: await look('users', users, 'name'),
    categories: await look('categories', categories, 'name,slug'),
    tags: await look('tags', tags, 'name'),
    media: await look('media', media, 'source_url,media_type,alt_text,caption'),
  }
  return {
    users: named.users?.names ?? new Map<number, string>(),
    terms: new Map([...(named.categories?.names ?? []), ...(named.tags?.names ?? [])]),
    media: named.media?.pictures ?? new Map<number, Picture>(),
  }
}

/** Does the work at the first of the places where an API may be that answers: the usual one, what the site names, a query. */
async function atApi<T>(
  { url, type }: WordpressOptions,
  { fetch, parse }: FindContext,
  work: (api: Api) => Promise<T>,
): Promise<T> {
  const refusals: string[] = []
  const tried = new Set<string>()
  const given = rootIn(url)
  const usual = given ?? new URL('wp-json/', url.endsWith('/') ? url : `${url}/`).href
  const places = [
    () => usual,
    ...(given === undefined ? [() => linkedRoot(url, fetch)] : []),
    () => new URL('?rest_route=/', given === undefined ? url : new URL('/', url)).href,
  ]
  for (const place of places) {
    const root = await place()
    if (root === undefined || tried.has(root)) continue
    tried.add(root)
    const api: Api = { root, fetch, parse, isOpen: false }
    try {
      return await work(api)
    } catch (thrown) {
      if (api.isOpen || !(thrown instanceof Failure) || !isRefusal(thrown)) throw thrown
      const { status, reason } = thrown.details
      refusals.push(`${root} ${String(status ?? reason ?? thrown.message)}`)
    }
  }
  throw new Failure('source.notWordpress', { url, type, reason: refusals.join('; ') })
}

async function ask({ root, fetch }: Api, route: string, query: Query, conditional = false): Promise<Fetched> {
  return await fetch(addressOf(root, route, query), {
    accept: 'application/json',
    conditional,
    maxBytes: LARGEST_BYTES,
  })
}

type Query = Record<string, string | number>

/** The root of the API in an address that is part of it. */
function rootIn(url: string): string | undefined {
  const { searchParams, origin, pathname } = new URL(url)
  if (searchParams.has('rest_route')) return `${origin}${pathname}?rest_route=/`
  const root = /^.*?\/wp-json(?=\/|$)/.exec(pathname)?.[0]
  return root === undefined ? undefined : `${origin}${root}/`
}

/** Where the site's own page says that its API is (developer.wordpress.org/rest-api/using-the-rest-api/discovery). */
async function linkedRoot(url: string, fetch: FindContext['fetch']): Promise<string | undefined> {
  const page = await fetch(url, { accept: 'text/html', maxBytes: LARGEST_BYTES }).catch(refused)
  if (page === undefined) return undefined
  const inHeader = /<([^<>]+)>\s*;[^,]*?rel\s*=\s*"?https:\/\/api\.w\.org\/"?/i.exec(page.headers['link'] ?? '')?.[1]
  const [tag] = /<link\b[^>]{0,500}https:\/\/api\.w\.org\/[^>]{0,500}>/i.exec(page.text().slice(0, LONGEST_HEAD)) ?? []
  const inPage = /\bhref\s*=\s*["']([^"']+)["']/i.exec(tag ?? '')?.[1]
  return webUrl(inHeader ?? inPage?.replaceAll('&amp;', '&'), page.url)
}

function addressOf(root: string, route: string, query: Query): string {
  const url = new URL(root)
  const path = `wp/v2/${route}`
  const before = url.searchParams.get('rest_route')
  if (before === null) url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`
  else url.searchParams.set('rest_route', `${before.replace(/\/+$/, '')}/${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url.href
}

/** An answer that says no; anything else (no network, a pause that the site asks for) is no word on its API. */
function isRefusal({ code, details: { status } }: Failure): boolean {
  if (code === 'http.status') return typeof status === 'number' && status < 500
  return ['source.notWordpress', 'http.missing', 'http.gone', 'http.robots', 'http.redirect'].includes(code)
}

function refused(thrown: unknown): undefined {
  if (!(thrown instanceof Failure) || !isRefusal(thrown)) throw thrown
}
