/** The pages that a site lists in its sitemaps. */
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import type { FindContext } from './index.ts'
import { id, pageParts, webAddress, webBase } from './options.ts'
import { matchesAny } from './patterns.ts'
import { parseWhole, readSitemap, type Sitemap } from './sitemap-reader.ts'
import { webUrl } from './web-url.ts'

export const options = z.strictObject({
  id,
  kind: z.literal('sitemap').describe('The sitemaps of a site: XML, gzipped or not, lists of addresses, news sitemaps'),
  url: webAddress.describe(
    'Address of a sitemap or an index of them, or of the site, whose robots.txt then names them',
  ),
  items: z
    .int()
    .min(1)
    .max(5000)
    .default(100)
    .describe('Of the addresses that include and exclude let through, the newest so many'),
  fullText: z
    .literal(true)
    .default(true)
    .describe("Reads each article's own page: a sitemap holds no text, so it is always so"),
  select: z
    .strictObject(pageParts)
    .prefault({})
    .describe('What of an article’s page is the article, where it is not found by itself'),
  ...webBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
For a site without a feed, or with one that is too short: its sitemap, and then each article's own page.

\`\`\`yaml
- { id: harbour, kind: sitemap, url: https://harbour.example/, include: [/news/], exclude: [/news/archive/] }
\`\`\`

- **Which ones.** Everything that the sitemaps list, so \`include\` and \`exclude\` should say what an article is, by addresses or
  by titles in news sitemaps. The front page, pictures and documents are never taken for one. \`exclude\` holds for sitemaps in
  an index too, and those that WordPress writes for categories, tags, authors and fixed pages are passed over.
- **Indexes** are followed three deep, up to 50 files in one collection: news sitemaps first, then the one that changed last.
  A sitemap may have 50 MB unpacked, and 50 000 addresses; what is packed is told by its content, not by its name.
- **Newest first**, by the date in a news sitemap, or that in the address, or \`lastmod\`. Of what was never met, the first
  collection takes the newest \`items\`; a collection reads up to 100 pages, the next one goes on.
- **\`lastmod\` is a hint**: where it changes, the page is read again. It is never the date of an article, and a sitemap that
  gives most of its pages the same one is not believed. Titles, dates, languages and keywords of news sitemaps are.
- **Unchanged** sitemaps cost one conditional request each and bring nothing.
`

export type SitemapOptions = z.output<typeof options>

const LARGEST_BYTES = 50 * 1024 * 1024
const MOST_FILES = 50
const DEEPEST = 3
/** Beyond it, what is older than the newest is forgotten while the next file is read. */
const MOST_KEPT = 20_000

const ACCEPT = 'application/xml, text/xml;q=0.9, application/gzip;q=0.8, text/plain;q=0.8, */*;q=0.5'
const USUAL_PLACES = ['/sitemap.xml', '/sitemap_index.xml', '/wp-sitemap.xml', '/news-sitemap.xml']

/** Of WordPress and its plugins: lists of lists, and the pages that are no news. */
const NO_ARTICLES =
  /(?:^|[/_-])(?:categor(?:y|ies)|post_tag|tags?|authors?|page|attachment|local|kml)[_-]?sitemap[\d_-]*\.xml|wp-sitemap-(?:taxonomies|users|posts-page)-/i

const NO_PAGE = /\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|zip|gz|mp[34]|m4[av]|webm|mov|css|js|json|xml|rss|atom)$/i // prettier-ignore

/** The newest articles that the sitemaps list. Throws Failure `http.…` or `source.notSitemap`. */
export async function find(options: SitemapOptions, context: FindContext): Promise<Item[]> {
  return await findIn(await sitemapsOf(options, context), options, context)
}

/** The same of the sitemaps at these addresses, and of those that they name. */
export async function findIn(starts: string[], options: SitemapOptions, context: FindContext): Promise<Item[]> {
  const walk = await readAll(starts, options, context)
  const newest = newestOf(walk.items, options.items)
  if (!walk.isPartial) return newest.map(({ item }) => item)
  return withoutArchive(newest, context)
}

/** What one file lists. Throws Failure `source.notSitemap`. */
export function parseSitemap(text: string, url: string): { items: Item[]; sitemaps: string[] } {
  const { items, sitemaps } = parseWhole(text, url)
  return { items: withBelievedRevisions(items), sitemaps: inOrder(sitemaps).map(({ url: address }) => address) }
}

interface Walk {
  items: Item[]
  /** Some of the files were as they were last time, and are not among what was read. */
  isPartial: boolean
}

async function readAll(starts: string[], options: SitemapOptions, context: FindContext): Promise<Walk> {
  const queue = starts.map((url) => ({ url, depth: 0 }))
  const seen = new Set(starts)
  const walk: Walk = { items: [], isPartial: false }
  const unchanged: string[] = []
  const failures: Failure[] = []
  const keep = (items: Item[]) => {
    walk.items.push(...withBelievedRevisions(items).filter((item) => isCandidate(item, options)))
    if (walk.items.length > MOST_KEPT) walk.items = newestOf(walk.items, options.items).map(({ item }) => item)
  }
  let files = 0
  for (let next = queue.shift(); next !== undefined && files < MOST_FILES; next = queue.shift()) {
    const { url, depth } = next
    files++
    const sitemap = await readFile(url, true, context, failures)
    if (failures.at(-1)?.code === 'http.later') break
    if (sitemap === 'unchanged') unchanged.push(url)
    if (sitemap === 'unchanged' || sitemap === undefined) continue
    keep(sitemap.items)
    if (depth === DEEPEST) continue
    for (const { url: child } of inOrder(sitemap.sitemaps)) {
      if (seen.has(child) || NO_ARTICLES.test(child) || matchesAny(options.exclude, [child])) continue
      seen.add(child)
      queue.push({ url: child, depth: depth + 1 })
    }
  }
  // What a news sitemap adds to the common one must not come and go with the file that happened to change.
  for (const url of walk.items.length > 0 ? unchanged.filter(isOfNews) : []) {
    const again = await readFile(url, false, context, failures)
    if (typeof again === 'object') keep(again.items)
  }
  const [first] = failures
  if (first !== undefined && failures.length === files) throw first
  failures.forEach(context.fault)
  walk.isPartial = unchanged.length > 0
  return walk
}

/** One file; nothing, and one failure more, when it cannot be read. */
async function readFile(
  url: string,
  conditional: boolean,
  { fetch }: FindContext,
  failures: Failure[],
): Promise<Sitemap | 'unchanged' | undefined> {
  try {
    const fetched = await fetch(url, { accept: ACCEPT, conditional, maxBytes: LARGEST_BYTES })
    return fetched.status === 'unchanged' ? 'unchanged' : await readSitemap(fetched.body, fetched.url)
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code === 'http.stopped') throw thrown
    failures.push(thrown)
    return undefined
  }
}

/**
 * The files to begin with: the address itself, or for a site what its robots.txt names, or the usual place that answers.
 * Throws Failure `http.…` or `source.notSitemap`.
 */
export async function sitemapsOf(
  { url }: Pick<SitemapOptions, 'url'>,
  { fetch }: Pick<FindContext, 'fetch'>,
): Promise<string[]> {
  if (/\.(?:xml|gz|txt)$|sitemap/i.test(new URL(url).pathname)) return [url]
  const robots = await fetch(new URL('/robots.txt', url).href, { ignoreRobots: true, maxBytes: 512 * 1024 }).catch(
    absent,
  )
  const named = sitemapsIn(robots?.text() ?? '', url)
  if (named.length > 0) return named
  for (const place of USUAL_PLACES.map((path) => new URL(path, url).href)) {
    const found = await fetch(place, { accept: ACCEPT, maxBytes: LARGEST_BYTES }).catch(absent)
    if (found !== undefined && isSitemap(found.body)) return [place]
  }
  const reason = `its robots.txt names none, and there is none at ${USUAL_PLACES.join(', ')}`
  throw new Failure('source.notSitemap', { url, reason })
}

/** The sitemaps that a robots.txt names (sitemaps.org/protocol.html#submit_robots), each once. */
export function sitemapsIn(robots: string, url: string): string[] {
  const lines = robots.matchAll(/^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)/gim)
  return [...new Set([...lines].flatMap(([, address]) => webUrl(address, url) ?? []))].slice(0, MOST_FILES)
}

function isSitemap(body: Uint8Array): boolean {
  return (
    (body[0] === 0x1f && body[1] === 0x8b) ||
    /<(?:urlset|sitemapindex)\b/i.test(Buffer.from(body.subarray(0, 5000)).toString('latin1'))
  )
}

function absent(thrown: unknown): undefined {
  if (
    thrown instanceof Failure &&
    (thrown.code === 'http.missing' || thrown.code === 'http.gone' || thrown.code === 'http.status')
  )
    return undefined
  throw thrown
}

/** News first, then what changed last; those that do not say when, in their order. */
function inOrder(sitemaps: Sitemap['sitemaps']): Sitemap['sitemaps'] {
  const rank = ({ url }: { url: string }) => Number(isOfNews(url))
  return sitemaps.toSorted((a, b) => rank(b) - rank(a) || (timeOf(b.lastmod) ?? 0) - (timeOf(a.lastmod) ?? 0))
}

function isOfNews(url: string): boolean {
  return /news/i.test(new URL(url).pathname.split('/').at(-1) ?? '')
}

/** A list that was built anew gives most of its pages one and the same date, which says nothing of any of them. */
function withBelievedRevisions(items: Item[]): Item[] {
  const counts = new Map<string, number>()
  for (const { revision } of items) if (revision !== undefined) counts.set(revision, (counts.get(revision) ?? 0) + 1)
  if (items.length < 10 || Math.max(0, ...counts.values()) <= items.length / 2) return items
  return items.map((item) => {
    const { revision, ...others } = item
    return revision === undefined ? item : others
  })
}

function isCandidate(item: Item, { include, exclude }: SitemapOptions): boolean {
  const { pathname } = new URL(item.url)
  if (pathname === '/' || NO_PAGE.test(pathname)) return false
  const names = [item.url, ...(item.title === undefined ? [] : [item.title])]
  if (matchesAny(exclude, names)) return false
  return include.length === 0 || matchesAny(include, names)
}

interface Dated {
  item: Item
  /** In milliseconds; nothing is known of those without it. */
  time?: number
}

/** The newest, each address once; those without any date come last, in their order. */
function newestOf(items: Item[], most: number): Dated[] {
  const once = new Map<string, Dated>()
  for (const item of items) {
    // A news sitemap and the common one list the same page: what either says of it counts.
    const both = { ...item, ...once.get(item.url)?.item }
    const time = timeOf(both.published) ?? timeInAddress(both.url) ?? timeOf(both.revision)
    once.set(item.url, { item: both, ...(time !== undefined && { time }) })
  }
  return [...once.values()].toSorted((a, b) => (b.time ?? -Infinity) - (a.time ?? -Infinity) || 0).slice(0, most)
}

/** Of a page that is as old as everything that was met here before, but was not: it is archive, which an old file brought up. */
async function withoutArchive(newest: Dated[], { areKnown, since }: FindContext): Promise<Item[]> {
  const known = (await areKnown?.(newest.map(({ item }) => item))) ?? []
  const times = newest.flatMap(({ time }, at) => (known[at] === true && time !== undefined ? [time] : []))
  const oldest = times.length > 0 ? Math.min(...times) : (since?.getTime() ?? 0) - MONTH_MS
  return newest.flatMap(({ item, time }, at) =>
    known[at] === true || time === undefined || time >= oldest ? [item] : [],
  )
}

const MONTH_MS = 30 * 86_400_000

/** A W3C date, as sitemaps have it. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** Of `/2026/03/14/` and the like, year first. */
function timeInAddress(url: string): number | undefined {
  const [, year, month, day] =
    /[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_-])/.exec(new URL(url).pathname) ?? []
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day))
}
