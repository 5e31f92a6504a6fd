/** A site of which nothing is known but the address of a page that lists its articles. */
import { type CheerioAPI } from 'cheerio'
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Fetched } from '../contracts.ts'
import { type Item } from '../model.ts'
import type { FindContext } from './index.ts'
import { linkedFeeds, usualFeeds, wordpressApi } from './lists/feeds.ts'
import { doubtAll, listMemory, readList, remember, type ListAnswer, type ListMemory } from './lists/memory.ts'
import { keyOf, mergeItems } from './lists/read.ts'
import { confirm } from './lists/samples.ts'
import { id, pageParts, selector, webAddress, webBase } from './options.ts'
import * as page from './page.ts'
import { familiarity } from './repair.ts'
import { readSitemap as readSitemapFile } from './sitemap-reader.ts'
import { sitemapsIn } from './sitemap.ts'

const select = z.strictObject({
  item: selector.optional().describe('Each article in the list, where what is found by itself is not right'),
  link: selector.optional().describe('In it: the link to the article'),
  title: selector.optional().describe('In it: the title'),
  date: selector.optional().describe('In it: when it was published'),
  author: selector.optional().describe('In it: who wrote it'),
  image: selector.optional().describe('In it: the picture'),
  ...pageParts,
})

export const options = z.strictObject({
  id,
  kind: z.literal('auto').describe('A site, by the address of its front page or of any page that lists its articles'),
  url: webAddress.describe('Address of the page'),
  select: select
    .default({ remove: [] })
    .describe('Only where something is not found by itself: where it is, as CSS selectors'),
  fullText: z
    .boolean()
    .default(true)
    .describe("Reads each article's own page; with `false`, what its feed or the list says is the article"),
  ...webBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
For a site of which you know nothing but the address.

\`\`\`yaml
- { id: main, kind: auto, url: https://gazette.example/ }
\`\`\`

- **Where it looks.** At the page's lists, found by what repeats on it, in whatever language; at the data that it holds for
  machines (JSON-LD, microformats, the state that its scripts begin with); at the feed that it links or that stands at
  one of the usual places; and at a sitemap of news. What they say of one address is put together, field by field.
- **The first time**, two or three of the articles are read, to see whether they are articles. \`broadsheet inspect URL\`
  shows what would be found, and why.
- **From then on** it knows the list by its place on the page. When the site is redesigned, the list is looked for again:
  it is taken when at least 60 % of what stands in it is known already, and \`broadsheet sources list\` says what
  changed; otherwise the source fails with \`source.changed\`, and what is published stays as it is.
- **A list without articles** (\`source.empty\`) is told from one that is gone (\`source.changed\`) by whether that still
  stands on the page in which they were.
- **Lists of which it cannot be known** whether they are of articles are left out until a later collection finds that they
  have gained at the head, as menus never do.
- **Pages** are read as by \`page\`. \`select\` overrides whatever is not found well.
`

export type AutoOptions = z.output<typeof options>

const LARGEST_BYTES = 5_000_000
const ACCEPT = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.5'
const FEEDS = 'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5'

type Channel = ListMemory['channels'][number]

/** The articles of the site; none when all is as it was. Throws Failure `http.…`, `source.empty` or `source.changed`. */
export async function find(given: AutoOptions, context: FindContext): Promise<Item[]> {
  const { url } = given
  const memory = readMemory(context.memory?.last)
  const home = await context.fetch(url, { accept: ACCEPT, conditional: true, maxBytes: LARGEST_BYTES })
  const channels = memory?.channels.map((channel) => ({ channel, fetch: true })) ?? []
  const read = new Map<string, Fetched>()
  for (const { channel } of channels) {
    const fetched = await readChannel(channel.url, context, true)
    if (fetched !== undefined) read.set(channel.url, fetched)
  }
  const isSame = [home, ...read.values()].every(({ status }) => status === 'unchanged')
  if (isSame && memory !== undefined) return []

  // Some of it is new: what the others said must not be missing from what is put together.
  const fresh = home.status === 'fresh' ? home : await context.fetch(url, { accept: ACCEPT, maxBytes: LARGEST_BYTES })
  const html = fresh.text()
  const answer = await context.parse('list', html, fresh.url, memory, given.select)
  const found =
    memory === undefined ? await findChannels(answer, fresh.url, context) : await readAgain(memory, read, context)
  const told = found.flatMap(({ items }) => items)
  const { items, keep, failure } = await judge(answer, told, fresh.url, context, memory)
  context.memory?.keep(JSON.stringify({ ...keep, channels: found.map(({ channel }) => channel) }))
  if (items.length === 0) throw failure ?? new Failure('source.empty', { url: fresh.url })
  return items
}

/** What the parser of a page gives: its lists, and the feeds it names. Plain values, made in another process. */
export interface AutoAnswer extends ListAnswer {
  feeds: string[]
  wordpress: string | null
}

/** What a page says by itself, beside what is remembered of it; `select` overrides where its list is. */
export function parse(
  $: CheerioAPI,
  html: string,
  url: string,
  memory?: ListMemory,
  select?: AutoOptions['select'],
): AutoAnswer {
  const found = readList({ $, html, url }, memory)
  const { item = found.lists[0]?.item, link, title, date, author, image, remove = [] } = select ?? {}
  const isTold = [select?.item, link, title, date, author, image].some((given) => given !== undefined)
  const own =
    isTold && item !== undefined
      ? page.parse($, url, { select: { item, link, title, date, author, image, remove }, fullText: true })
      : undefined
  return {
    ...found,
    ...(own && { items: mergeItems(own, [found.items]), state: 'same' as const, score: Infinity }),
    feeds: linkedFeeds($, url),
    wordpress: wordpressApi($, url) ?? null,
  }
}

interface Judged {
  items: Item[]
  /** What of it is remembered: nothing that was not believed. */
  keep: ListMemory
  /** Why the lists of the page are not among it. */
  failure?: Failure
}

/** What stands in the lists and what the other channels say, put together; without the lists where they cannot be believed. */
async function judge(
  answer: AutoAnswer,
  told: Item[],
  url: string,
  context: FindContext,
  memory?: ListMemory,
): Promise<Judged> {
  const { state, items, lists } = answer
  const [was] = memory?.lists ?? []
  const isOf = { url, was: was?.item, container: was?.container }
  const without = (failure: Failure): Judged => {
    // With a feed beside it the source goes on, and its operator is told of the page.
    if (told.length > 0) context.notice?.(failure)
    return { items: told, keep: memory ?? remember(answer, []), failure }
  }
  if (state === 'empty') return without(new Failure('source.empty', isOf))
  if (state === 'gone') return without(new Failure('source.changed', isOf))
  if (state === 'moved') {
    const { known, isSame } = await familiarity(items, context)
    const details = { ...isOf, now: lists[0]?.item, known }
    if (!isSame) return without(new Failure(answer.stands ? 'source.empty' : 'source.changed', details))
    context.notice?.(new Failure('source.repaired', details))
  }
  const isConfirmed =
    state !== 'new' ||
    answer.hasGained ||
    overlaps(items, told) ||
    // What was doubted when it was first seen is not sampled at each look: it has to gain at the head.
    (memory === undefined && (await confirm(answer, context)))
  return isConfirmed
    ? { items: join(told, items), keep: remember(answer, []) }
    : { items: told, keep: remember(doubtAll(answer, memory), []) }
}

/** Feeds first, whose order is that of time; each address once, with what all of them say of it. */
function join(told: Item[], listed: Item[]): Item[] {
  const own = mergeItems(told, [listed])
  const keys = new Set(own.map((item) => keyOf(item.url)))
  return [...own, ...listed.filter((item) => !keys.has(keyOf(item.url)))]
}

/** Whether a feed names some of what stands in the list. */
function overlaps(items: Item[], told: Item[]): boolean {
  const keys = new Set(told.map((item) => keyOf(item.url)))
  return items.filter((item) => keys.has(keyOf(item.url))).length >= Math.min(3, Math.max(1, items.length / 3))
}

/** Nothing, where what is remembered was written by another version. */
function readMemory(last: string | undefined): ListMemory | undefined {
  if (last === undefined) return undefined
  try {
    return listMemory.parse(JSON.parse(last))
  } catch {
    return undefined
  }
}

interface Told {
  channel: Channel
  items: Item[]
}

/** The first feed that can be read of those linked, or at the usual places; and the news sitemaps that robots.txt names. */
async function findChannels(answer: AutoAnswer, url: string, context: FindContext): Promise<Told[]> {
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

async function readAgain(memory: ListMemory, read: Map<string, Fetched>, context: FindContext): Promise<Told[]> {
  const told: Told[] = []
  for (const channel of memory.channels) {
    const answer = read.get(channel.url)
    const fetched = answer?.status === 'fresh' ? answer : answer && (await readChannel(channel.url, context, false))
    const items = fetched && (await itemsOf(channel, fetched, context))
    told.push({ channel, items: items ?? [] })
  }
  return told
}

async function readChannel(
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
