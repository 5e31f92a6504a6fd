/** What a site offers to whoever wants to read it: its feeds, its sitemap, what it says of itself. */
import { parseHtml } from '../articles/markup.ts'
import { Failure } from '../failures.ts'
import { type Fetch, type Fetched } from '../contracts.ts'
import { isArticle } from '../is-article.ts'
import { type Item } from '../item.ts'
import { sourceParsing, type Parse } from '../parse.ts'
import { type WholeFeed } from '../sources/feed-items.ts'
import { type FindContext } from '../sources/index.ts'
import { usualFeeds } from '../sources/lists/feeds.ts'
import { type FoundLists } from '../sources/lists/found.ts'
import { evenLine, languageOf, type Front } from '../sources/lists/front.ts'
import { describeSpare, seekSpare } from '../sources/lists/spare.ts'
import { webUrl } from '../sources/web-url.ts'
import { count } from '../terminal.ts'

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
  /** What `kind: auto` would read where the page lists nothing and no feed is found, in words. */
  instead: string | null
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

/** How a site is looked at: what reads its answers does so in a process of its own. */
interface Look {
  fetch: Fetch
  parse: Parse
  read: ReturnType<typeof sourceParsing>
}

/** Looks at a site by the address of its front page, one of its pages, or its feed. Throws Failure `http.…`, `reading.tooHard`. */
export async function lookAt(url: string, fetch: Fetch, parse: Parse): Promise<Looked> {
  const look = { fetch, parse, read: sourceParsing(parse, () => undefined) }
  const fetched = await fetch(url, { maxBytes: LARGEST_BYTES })
  const given = await feedIn(fetched, look)
  if (given !== undefined) return lookAtFeed(fetched.url, given, look)
  const html = fetched.text()
  const front = await look.read('front', html, fetched.url)
  const feeds = await readFeeds(front.feeds, 'linked', look)
  if (feeds.length === 0) feeds.push(...(await guessFeeds(fetched.url, front.feeds, look)))
  const [best] = feeds
  const lists = await look.read('lists', html, fetched.url)
  const isBare = !feeds.some(({ feed }) => itemsOf(feed).length > 0) && lists.articles.length < 2
  const spare = isBare ? await findSpare(fetched.url, front.wordpress ?? null, look) : undefined
  const api = spare?.channel.kind === 'wordpress' ? spare.channel.urls[0] : undefined
  return {
    view: {
      ...aboutPage(front, best?.feed),
      url: best === undefined ? fetched.url : (webUrl(best.feed.home, fetched.url) ?? fetched.url),
      feeds: await Promise.all(feeds.map((feed) => describeFeed(feed, look, feed === best))),
      sitemaps: await findSitemaps(fetched.url, fetch),
      wordpress: front.wordpress ?? api ?? null,
      instead: spare === undefined ? null : `${describeSpare(spare.channel)}: ${count(spare.items.length, 'article')}`,
      lists,
    },
    // Without a feed, what the page lists.
    items:
      best === undefined
        ? (lists.articles.length > 0 ? lists.articles : (spare?.items ?? []))
            .slice(0, 1)
            .map(({ url: address }) => ({ url: address }))
        : itemsOf(best.feed),
    page: { url: fetched.url, html },
  }
}

/** What a source of kind auto would find instead of a list. */
async function findSpare(url: string, wordpress: string | null, { fetch, parse, read }: Look) {
  const wanted = { id: 'site', url, include: [], exclude: [] }
  const context: FindContext = {
    ...{ root: '', base: url, fetch, parse: read, parseHtml, fault: () => undefined },
    isArticle: (html, address) => isArticle(parse, html, address),
  }
  return await seekSpare(wanted, { url, wordpress }, context)
}

interface ReadFeed {
  url: string
  feed: WholeFeed
  found: FoundFeed['found']
}

async function lookAtFeed(url: string, feed: WholeFeed, look: Look): Promise<Looked> {
  const home = webUrl(feed.home) ?? new URL('/', url).href
  // What the front page says of the site is worth having, and no more than that.
  const page = await look.fetch(home, { maxBytes: LARGEST_BYTES }).catch(() => undefined)
  const front = await look.read('front', page?.text() ?? '', home)
  return {
    view: {
      ...aboutPage(front, feed),
      url: home,
      feeds: [await describeFeed({ url, feed, found: 'given' }, look, true)],
      sitemaps: await findSitemaps(home, look.fetch),
      wordpress: front.wordpress ?? null,
      instead: null,
      lists: null,
    },
    items: itemsOf(feed),
  }
}

async function feedIn(fetched: Fetched, { read }: Look): Promise<WholeFeed | undefined> {
  try {
    return await read('feed', fetched.text(), fetched.url)
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code !== 'reading.tooHard') return undefined
    throw thrown
  }
}

/** The first feed at one of the usual places, beside the page and at the root of its site. */
async function guessFeeds(url: string, known: string[], look: Look): Promise<ReadFeed[]> {
  for (const place of usualFeeds(url).filter((one) => !known.includes(one))) {
    const found = await readFeeds([place], 'guessed', look)
    if (found.length > 0) return found
  }
  return []
}

/** Those of the addresses at which there is a feed. */
async function readFeeds(urls: string[], found: FoundFeed['found'], look: Look): Promise<ReadFeed[]> {
  const feeds: ReadFeed[] = []
  for (const url of urls) {
    // One that cannot be read costs only itself.
    const feed = await look
      .fetch(url, { maxBytes: LARGEST_BYTES })
      .then((fetched) => feedIn(fetched, look))
      .catch((thrown: unknown) => {
        if (thrown instanceof Failure) return undefined
        throw thrown
      })
    if (feed !== undefined) feeds.push({ url, feed, found })
  }
  return feeds
}

function itemsOf({ entries }: WholeFeed): Item[] {
  return entries.filter((entry): entry is Item => !('lacks' in entry))
}

async function describeFeed({ url, feed, found }: ReadFeed, look: Look, isBest: boolean): Promise<FoundFeed> {
  const items = itemsOf(feed)
  const isFull = isBest ? await holdsWhole(items, look) : (await lengthOf(items[0], look)) > LONG
  return { url, title: feed.title ?? null, items: items.length, found, isFull }
}

/** So much text is an article, where its page cannot be compared. */
const LONG = 1200

/** Whether the feed's newest item has about as much text as its page. */
async function holdsWhole(items: Item[], look: Look): Promise<boolean> {
  const item = items.find(({ body }) => body !== undefined) ?? items[0]
  if (item === undefined) return true
  const length = await lengthOf(item, look)
  if (length === 0) return false
  try {
    const page = await look.fetch(item.url, { maxBytes: LARGEST_BYTES })
    const { html } = await look.parse('readBody', { form: 'page', value: page.text() }, page.url)
    return length > (await look.read('letters', html)) * 0.7
  } catch (thrown) {
    if (thrown instanceof Failure) return length > LONG
    throw thrown
  }
}

async function lengthOf(item: Item | undefined, { read }: Look): Promise<number> {
  return await read('letters', item?.body?.value ?? '')
}

type About = Pick<SiteView, 'title' | 'description' | 'language' | 'colour' | 'logo'>

/** What page and feed say of the publication; the page's own name for it is the best one. */
function aboutPage(front: Front, feed: WholeFeed | undefined): About {
  return {
    title: front.name ?? evenLine(feed?.title) ?? front.title ?? null,
    description: front.description ?? evenLine(feed?.description) ?? null,
    language: front.language ?? languageOf(feed?.language) ?? null,
    colour: front.colour ?? null,
    logo: front.logo ?? null,
  }
}

async function findSitemaps(url: string, fetch: Fetch): Promise<string[]> {
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
  return sitemaps
}
