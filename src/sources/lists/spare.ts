/** Where the articles of a site are to be had when its page lists none: the API of WordPress, or the sitemaps of all its pages. */
import { Failure, type FailureCode } from '../../failures.ts'
import { type Item } from '../../item.ts'
import type { FindContext } from '../index.ts'
import * as sitemap from '../sitemap.ts'
import * as wordpress from '../wordpress.ts'
import { type SpareChannel } from './memory.ts'
import { confirm } from './samples.ts'
import { shapeOf } from './shape.ts'

/** What of the options of the source holds for its channels too. */
export interface Wanted {
  id: string
  url: string
  include: sitemap.SitemapOptions['include']
  exclude: sitemap.SitemapOptions['exclude']
}

export interface Found {
  channel: SpareChannel
  items: Item[]
}

/** Of a sitemap, so many are looked through, and so many articles taken. */
const MOST_LISTED = 1000
const MOST_ITEMS = 100

/**
 * The first of them that has articles: an API that the page names or that stands where they do, then the sitemaps that
 * robots.txt names or that stand where they do. Guessed addresses are asked for, so that it costs some ten requests.
 */
export async function seekSpare(
  wanted: Wanted,
  page: { url: string; wordpress: string | null },
  context: FindContext,
): Promise<Found | undefined> {
  const quiet: FindContext = {
    ...context,
    fault: () => undefined,
    // Asked as it will be asked from now on, so that the next answer can be that nothing has changed.
    async fetch(url, request) {
      const fetched = await context.fetch(url, request)
      return fetched.status === 'fresh' ? fetched : await context.fetch(url, { ...request, conditional: false })
    },
  }
  const roots = page.wordpress === null ? usualRoots(page.url) : [page.wordpress]
  for (const root of roots) {
    const channel: SpareChannel = { kind: 'wordpress', urls: [root], groups: [] }
    const items = (await unlessRefused(() => readSpare(channel, wanted, quiet))) ?? []
    if (items.length > 0) return { channel, items }
  }
  const urls = (await unlessRefused(() => sitemap.sitemapsOf({ url: new URL('/', page.url).href }, quiet))) ?? []
  const listed = (await unlessRefused(() => readSitemaps(urls, wanted, quiet))) ?? []
  const groups = await articleGroups(listed, quiet)
  const items = inGroups(listed, groups)
  return items.length > 0 ? { channel: { kind: 'sitemap', urls, groups }, items } : undefined
}

/** What it has now, none when that is the same as last time. Throws Failure `http.…`, `source.notWordpress` or `source.notSitemap`. */
export async function readSpare(
  { kind, urls, groups }: SpareChannel,
  wanted: Wanted,
  context: FindContext,
): Promise<Item[]> {
  if (kind === 'sitemap') return inGroups(await readSitemaps(urls, wanted, context), groups)
  const [root = wanted.url] = urls
  const { id, url } = wanted
  const posts = await wordpress.findAt(root, wordpress.options.parse({ id, kind, url }), context)
  // The API has the whole text, and pages that scripts fill have none.
  return posts.map((item) => (item.body === undefined ? item : { ...item, isWhole: true }))
}

async function readSitemaps(urls: string[], { id, url, include, exclude }: Wanted, context: FindContext) {
  if (urls.length === 0) return []
  const options = sitemap.options.parse({ id, kind: 'sitemap', url, items: MOST_LISTED })
  return await sitemap.findIn(urls, { ...options, include, exclude }, context)
}

function usualRoots(url: string): string[] {
  return [...new Set([new URL('wp-json/', url).href, new URL('/wp-json/', url).href])]
}

/** The groups of addresses to look into, those with most first. */
const MOST_GROUPS = 5

/** The groups in which articles are that are known, or of which two were read and are some. */
async function articleGroups(items: Item[], context: FindContext): Promise<string[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const name = groupOf(item.url)
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), item])
  }
  const good: string[] = []
  for (const [name, some] of [...groups].toSorted(([, a], [, b]) => b.length - a.length).slice(0, MOST_GROUPS)) {
    if ((await context.areKnown?.(some))?.includes(true) === true) {
      good.push(name)
      continue
    }
    const samples = [some[0], some[Math.floor(some.length / 2)]].flatMap((item) => item?.url ?? [])
    if (await confirm({ items: some, samples: [...new Set(samples)], score: 0 }, context)) good.push(name)
  }
  return good
}

function inGroups(items: Item[], groups: string[]): Item[] {
  return items.filter(({ url }) => groups.includes(groupOf(url) ?? '')).slice(0, MOST_ITEMS)
}

/** Host, first segment and depth of an address that may be an article's; years and numbers are all one segment. */
function groupOf(url: string): string | undefined {
  const shape = shapeOf(url)
  if (shape === undefined || shape.promise <= -0.3) return undefined
  const kinds = shape.kinds.split('?', 1)[0]?.split('/') ?? []
  const [first = ''] = kinds
  return [shape.host, kinds.length, /^[Y9#]/.test(first) ? first : shape.prefix].join(' ')
}

/** For a person. */
export function describeSpare({ kind, urls }: SpareChannel): string {
  return `${kind === 'wordpress' ? 'the API of WordPress at' : 'the sitemap'} ${urls.join(', ')}`
}

/** What fails may as well not be there; but a site that is to be left alone is not asked further. */
async function unlessRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code === 'http.stopped' || thrown.code === 'http.later') throw thrown
    return undefined
  }
}

/** An answer by which what was read before is there no more; a pause or a broken network says nothing of it. */
export function isRefusal({ code, details: { status } }: Failure): boolean {
  if (code === 'http.status') return typeof status === 'number' && status < 500
  return REFUSALS.includes(code)
}

const REFUSALS: FailureCode[] = ['source.notWordpress', 'source.notSitemap', 'http.missing', 'http.gone', 'http.robots', 'http.redirect'] // prettier-ignore
