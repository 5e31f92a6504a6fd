/** What a site offers to whoever wants to read it: its feeds, its sitemap, what it says of itself. */
import { type CheerioAPI } from 'cheerio'
import { readBody } from '../articles/article.ts'
import { parseHtml } from '../articles/markup.ts'
import { Failure } from '../failures.ts'
import { type Draft, type Fetch, type Fetched, type Item } from '../model.ts'
import { type WholeFeed } from '../sources/feed-items.ts'
import { linkedFeeds, usualFeeds, wordpressApi } from '../sources/lists/feeds.ts'
import { parseFeed } from '../sources/rss.ts'
import { webUrl } from '../sources/web-url.ts'
import { findLists, type FoundLists } from './found-lists.ts'

/** A feed that was found and can be read. */
export interface FoundFeed {
  url: string
  title: string | null
  items: number
  /** Where it was found: linked from the page, a usual place, or the address itself. */
  found: 'linked' | 'guessed' | 'given'
  /** It holds whole articles, and not only their beginnings. */
  isFull: boolean
}

export interface SiteView {
  /** The front page, or the page that was asked for. */
  url: string
  title: string | null
  description: string | null
  language: string | null
  colour: string | null
  logo: string | null
  feeds: FoundFeed[]
  sitemaps: string[]
  /** Address of the WordPress API. */
  wordpress: string | null
  /** The lists on the page; null where a feed was asked for. */
  lists: FoundLists | null
}

/** What was read on the way, for who wants to look closer. */
export interface Looked {
  view: SiteView
  /** The items of the best feed. */
  items: Item[]
  /** The page at the address, unless a feed is there. */
  page?: { url: string; html: string }
}

const LARGEST_BYTES = 5_000_000

/** Looks at a site by the address of its front page, one of its pages, or its feed. Throws Failure `http.…`. */
export async function lookAt(url: string, fetch: Fetch): Promise<Looked> {
  const fetched = await fetch(url, { maxBytes: LARGEST_BYTES })
  const given = feedIn(fetched)
  if (given !== undefined) return lookAtFeed(fetched.url, given, fetch)
  const html = fetched.text()
  const $ = parseHtml(html)
  const linked = linkedFeeds($, fetched.url)
  const feeds = await readFeeds(linked, 'linked', fetch)
  if (feeds.length === 0) feeds.push(...(await guessFeeds(fetched.url, linked, fetch)))
  const [best] = feeds
  const lists = findLists(html, fetched.url)
  return {
    view: {
      ...aboutPage($, fetched.url, best?.feed),
      url: best === undefined ? fetched.url : (webUrl(best.feed.home, fetched.url) ?? fetched.url),
      feeds: await Promise.all(feeds.map((feed) => describeFeed(feed, fetch, feed === best))),
      ...(await machinesOf($, fetched.url, fetch)),
      lists,
    },
    // Without a feed, what the page lists.
    items:
      best === undefined
        ? lists.articles.slice(0, 1).map(({ url: address }) => ({ url: address }))
        : itemsOf(best.feed),
    page: { url: fetched.url, html },
  }
}

interface ReadFeed {
  url: string
  feed: WholeFeed
  found: FoundFeed['found']
}

async function lookAtFeed(url: string, feed: WholeFeed, fetch: Fetch): Promise<Looked> {
  const home = webUrl(feed.home) ?? new URL('/', url).href
  // What the front page says of the site is worth having, and no more than that.
  const front = await fetch(home, { maxBytes: LARGEST_BYTES }).catch(() => undefined)
  const $ = parseHtml(front?.text() ?? '')
  return {
    view: {
      ...aboutPage($, home, feed),
      url: home,
      feeds: [await describeFeed({ url, feed, found: 'given' }, fetch, true)],
      ...(await machinesOf($, home, fetch)),
      lists: null,
    },
    items: itemsOf(feed),
  }
}

function feedIn(fetched: Fetched): WholeFeed | undefined {
  try {
    return parseFeed(fetched.text(), fetched.url)
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined
    throw thrown
  }
}

/** The first feed at one of the usual places, beside the page and at the root of its site. */
async function guessFeeds(url: string, known: string[], fetch: Fetch): Promise<ReadFeed[]> {
  for (const place of usualFeeds(url).filter((one) => !known.includes(one))) {
    const found = await readFeeds([place], 'guessed', fetch)
    if (found.length > 0) return found
  }
  return []
}

/** Those of the addresses at which there is a feed. */
async function readFeeds(urls: string[], found: FoundFeed['found'], fetch: Fetch): Promise<ReadFeed[]> {
  const feeds: ReadFeed[] = []
  for (const url of urls) {
    const fetched = await fetch(url, { maxBytes: LARGEST_BYTES }).catch((thrown: unknown) => {
      if (thrown instanceof Failure) return undefined
      throw thrown
    })
    const feed = fetched && feedIn(fetched)
    if (feed !== undefined) feeds.push({ url, feed, found })
  }
  return feeds
}

function itemsOf({ entries }: WholeFeed): Item[] {
  return entries.filter((entry): entry is Item => !('lacks' in entry))
}

async function describeFeed({ url, feed, found }: ReadFeed, fetch: Fetch, isBest: boolean): Promise<FoundFeed> {
  const items = itemsOf(feed)
  const isFull = isBest ? await holdsWhole(items, fetch) : lengthOf(items[0]) > LONG
  return { url, title: feed.title ?? null, items: items.length, found, isFull }
}

/** So much text is an article, where its page cannot be compared. */
const LONG = 1200

/** Whether the feed's newest item has about as much text as its page. */
async function holdsWhole(items: Item[], fetch: Fetch): Promise<boolean> {
  const item = items.find(({ body }) => body !== undefined) ?? items[0]
  if (item === undefined) return true
  const length = lengthOf(item)
  if (length === 0) return false
  try {
    const page = await fetch(item.url, { maxBytes: LARGEST_BYTES })
    return length > lengthOfHtml(readPage(page.text(), page.url).html) * 0.7
  } catch (thrown) {
    if (thrown instanceof Failure) return length > LONG
    throw thrown
  }
}

export function readPage(html: string, url: string): Draft {
  return readBody({ form: 'page', value: html }, url)
}

function lengthOf(item: Item | undefined): number {
  return lengthOfHtml(item?.body?.value ?? '')
}

function lengthOfHtml(html: string): number {
  return parseHtml(html).root().text().replace(/\s+/g, ' ').trim().length
}

type About = Pick<SiteView, 'title' | 'description' | 'language' | 'colour' | 'logo'>

/** What page and feed say of the publication; the page's own name for it is the best one. */
function aboutPage($: CheerioAPI, url: string, feed: WholeFeed | undefined): About {
  const meta = (...names: string[]) => {
    const found = names.map((name) => $(`meta[property="${name}" i], meta[name="${name}" i]`).first().attr('content'))
    return found.map(even).find((text) => text !== undefined)
  }
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const icon = $('link[rel~="apple-touch-icon" i][href], link[rel="apple-touch-icon-precomposed" i][href]').first()
  return {
    title: meta('og:site_name', 'application-name') ?? even(feed?.title) ?? even($('title').first().text()) ?? null,
    description: meta('description', 'og:description') ?? even(feed?.description) ?? null,
    language: languageOf($('html').attr('lang')) ?? languageOf(feed?.language) ?? null,
    colour: colourOf(meta('theme-color')) ?? null,
    logo: webUrl(icon.attr('href'), base) ?? null,
  }
}

function even(text: string | undefined): string | undefined {
  const line = text?.replace(/\s+/g, ' ').trim().slice(0, 300)
  return line === '' ? undefined : line
}

function languageOf(tag: string | undefined): string | undefined {
  try {
    return tag === undefined ? undefined : Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

function colourOf(text: string | undefined): string | undefined {
  const [, digits] = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text ?? '') ?? []
  if (digits === undefined) return undefined
  return `#${(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits).toLowerCase()}`
}

/** Sitemap and API. */
async function machinesOf($: CheerioAPI, url: string, fetch: Fetch): Promise<Pick<SiteView, 'sitemaps' | 'wordpress'>> {
  const read = async (path: string) => {
    const fetched = await fetch(new URL(path, url).href, { maxBytes: LARGEST_BYTES, ignoreRobots: true }).catch(
      (thrown: unknown) => {
        if (thrown instanceof Failure) return undefined
        throw thrown
      },
    )
    return fetched?.text() ?? ''
  }
  const named = [...(await read('/robots.txt')).matchAll(/^[ \t]*sitemap[ \t]*:[ \t]*(\S+)/gim)]
  const sitemaps = named.flatMap(([, address]) => webUrl(address, url) ?? []).slice(0, 20)
  if (sitemaps.length === 0 && /<(?:urlset|sitemapindex)\b/i.test((await read('/sitemap.xml')).slice(0, 5000)))
    sitemaps.push(new URL('/sitemap.xml', url).href)
  return { sitemaps, wordpress: wordpressApi($, url) ?? null }
}
