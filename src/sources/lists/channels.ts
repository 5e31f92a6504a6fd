/** The channels beside a page of lists that say what its articles are: feeds, and sitemaps of news. */
import { Failure } from '../../failures.ts'
import { type Fetched } from '../../contracts.ts'
import { type Item } from '../../item.ts'
import type { FindContext } from '../index.ts'
import { readSitemap as readSitemapFile } from '../sitemap-reader.ts'
import { sitemapsIn } from '../sitemap.ts'
import { usualFeeds } from './feeds.ts'
import { type ListMemory } from './memory.ts'

const LARGEST_BYTES = 5_000_000
const FEEDS = 'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5'

export type Channel = ListMemory['channels'][number]

/** A channel, and what it says. */
export interface Told {
  channel: Channel
  items: Item[]
}

/** The first feed that can be read of those linked, or at the usual places; and the news sitemaps that robots.txt names. */
export async function findChannels(
  answer: { feeds: string[]; state: string },
  url: string,
  context: FindContext,
): Promise<Told[]> {
  const told: Told[] = []
  const places = answer.feeds.length > 0 ? answer.feeds : answer.state === 'same' ? [] : usualFeeds(url)
  for (const place of places) {
    const feed = await readFeed(place, context)
    if (feed !== undefined && feed.length > 0) {
      told.push({ channel: { kind: 'feed', url: place }, items: feed })
      break
    }
  }
  const robots = await readQuietly(new URL('/robots.txt', url).href, context, true)
  const [news] = sitemapsIn(robots?.text() ?? '', url).filter((place) => /news/i.test(new URL(place).pathname))
  if (news !== undefined) {
    const items = await readSitemap(news, context)
    if (items !== undefined && items.length > 0) told.push({ channel: { kind: 'sitemap', url: news }, items })
  }
  return told
}

/** What they say now; those of which the answer was that nothing is new are asked once more. */
export async function readAgain(memory: ListMemory, read: Map<string, Fetched>, context: FindContext): Promise<Told[]> {
  const told: Told[] = []
  for (const channel of memory.channels) {
    const answer = read.get(channel.url)
    const fetched = answer?.status === 'fresh' ? answer : answer && (await readChannel(channel.url, context, false))
    const items = fetched && (await itemsOf(channel, fetched, context))
    told.push({ channel, items: items ?? [] })
  }
  return told
}

/** Nothing where it cannot be read, which is told to `fault`. */
export async function readChannel(
  url: string,
  { fetch, fault }: FindContext,
  conditional: boolean,
): Promise<Fetched | undefined> {
  try {
    return await fetch(url, { accept: FEEDS, conditional, maxBytes: LARGEST_BYTES })
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code === 'http.stopped') throw thrown
    fault(thrown)
    return undefined
  }
}

async function itemsOf({ kind, url }: Channel, fetched: Fetched, context: FindContext): Promise<Item[] | undefined> {
  try {
    if (kind === 'feed') return await context.parse('rss', fetched.text(), fetched.url)
    return (await readSitemapFile(fetched.body, fetched.url)).items.slice(0, 200)
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code === 'http.stopped') throw thrown
    context.fault(new Failure(thrown.code, { ...thrown.details, url }, thrown.cause))
    return undefined
  }
}

/** An address that may as well not be there: what it fails by is no fault of the site. */
async function readQuietly(url: string, { fetch }: FindContext, ignoreRobots = false): Promise<Fetched | undefined> {
  const request = { accept: FEEDS, maxBytes: LARGEST_BYTES, ...(ignoreRobots && { ignoreRobots }) }
  try {
    // Asked as it will be asked from now on, so that the next answer can be that nothing has changed.
    const fetched = await fetch(url, { ...request, conditional: !ignoreRobots })
    return fetched.status === 'fresh' ? fetched : await fetch(url, request)
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code === 'http.stopped') throw thrown
    return undefined
  }
}

async function readFeed(url: string, context: FindContext): Promise<Item[] | undefined> {
  const fetched = await readQuietly(url, context)
  return fetched && (await itemsOf({ kind: 'feed', url }, fetched, { ...context, fault: () => undefined }))
}

async function readSitemap(url: string, context: FindContext): Promise<Item[] | undefined> {
  const fetched = await readQuietly(url, context)
  return fetched && (await itemsOf({ kind: 'sitemap', url }, fetched, { ...context, fault: () => undefined }))
}
