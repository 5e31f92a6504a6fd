/** A site of which nothing is known but the address of a page that lists its articles. */
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Fetch, type Fetched } from '../contracts.ts'
import { type Item } from '../item.ts'
import { select, type AutoAnswer } from './auto-page.ts'
import type { FindContext } from './index.ts'
import { findChannels, readAgain, readChannel } from './lists/channels.ts'
import { doubtAll, listMemory, MOST_KEYS, remember, type ListMemory, type SpareChannel } from './lists/memory.ts'
import { keyOf, mergeItems } from './lists/read.ts'
import { confirm } from './lists/samples.ts'
import { describeSpare, isRefusal, readSpare, seekSpare } from './lists/spare.ts'
import { id, pages, webAddress, webBase } from './options.ts'
import { readPages } from './paging.ts'
import { FAMILIAR, familiarity } from './repair.ts'

export const options = z.strictObject({
  id,
  kind: z.literal('auto').describe('A site, by the address of its front page or of any page that lists its articles'),
  url: webAddress.describe('Address of the page'),
  select: select
    .default({ remove: [] })
    .describe('Only where something is not found by itself: where it is, as CSS selectors'),
  pages,
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
- **Where the page lists nothing**, as one that its scripts fill, the articles are looked for in the API of WordPress and in
  the sitemaps of the site, of which only the parts count that hold articles. What was found is read from then on;
  \`broadsheet sources list\` names it. When it says that it is there no more, all is looked for again: what is found
  must hold at least 60 % of what was known. While nothing is found, that is done again after 48 collections.
- **Further pages** of the lists are read with \`pages\` above 1, as by \`page\`. One on which the lists are not found is the end.
- **Lists of which it cannot be known** whether they are of articles are left out until a later collection finds that they
  have gained at the head, as menus never do.
- **Pages** are read as by \`page\`. \`select\` overrides whatever is not found well.
`

export type AutoOptions = z.output<typeof options>

const LARGEST_BYTES = 5_000_000
const ACCEPT = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.5'

/**
 * The articles of the site; none when all is as it was. `fetchPage` reads the pages that list them.
 * Throws Failure `http.…`, `source.empty` or `source.changed`.
 */
export async function find(
  given: AutoOptions,
  context: FindContext,
  fetchPage: Fetch = context.fetch,
): Promise<Item[]> {
  const { url } = given
  const memory = readMemory(context.memory?.last)
  const home = await fetchPage(url, { accept: ACCEPT, conditional: true, maxBytes: LARGEST_BYTES })
  const read = new Map<string, Fetched>()
  for (const channel of memory?.channels ?? []) {
    const fetched = await readChannel(channel.url, context, true)
    if (fetched !== undefined) read.set(channel.url, fetched)
  }
  const spare = memory?.spare && (await readKnownSpare(memory.spare, given, context))
  const isSame = [home, ...read.values()].every(({ status }) => status === 'unchanged')
  if (isSame && memory !== undefined && !(spare instanceof Failure)) return spare ?? []

  // Some of it is new: what the others said must not be missing from what is put together.
  const fresh = home.status === 'fresh' ? home : await fetchPage(url, { accept: ACCEPT, maxBytes: LARGEST_BYTES })
  const first = { html: fresh.text(), url: fresh.url }
  const answer = await context.parse('list', first.html, first.url, memory, given.select)
  const found =
    memory === undefined ? await findChannels(answer, fresh.url, context) : await readAgain(memory, read, context)
  const told = found.flatMap(({ items }) => items)
  const { listed, keep, failure } = await judge(answer, told, fresh.url, context, memory)
  const channels = found.map(({ channel }) => channel)
  const remembered = (next: Partial<ListMemory>, items: Item[] = []) => {
    const keys = items.length > 0 ? keysOf(items) : (memory?.keys ?? [])
    const { version, lists, doubts } = keep
    context.memory?.keep(JSON.stringify({ version, lists, doubts, keys, channels, ...next } satisfies ListMemory))
    return items
  }
  if (listed.length + told.length > 0)
    return remembered({}, join(told, await readFurther(listed, keep.lists, first, given, context, fetchPage)))
  if (Array.isArray(spare)) return remembered({ spare: memory?.spare }, spare)

  const { spare: before, inVain } = memory ?? {}
  const isEmpty = failure?.code === 'source.empty'
  const isDue = !isEmpty && (inVain === undefined || inVain >= REST)
  const elsewhere = isDue ? await seek(answer, fresh.url, given, context, memory) : undefined
  if (elsewhere !== undefined) return remembered(elsewhere.next, elsewhere.items)
  remembered({ spare: before, ...(!isEmpty && { inVain: isDue ? 0 : (inVain ?? 0) + 1 }) })
  throw spare ?? failure ?? new Failure('source.empty', { url: fresh.url })
}

/** What a page listed on those after it too, as far as `pages` says and until what was met before. */
async function readFurther(
  listed: Item[],
  lists: ListMemory['lists'],
  first: { html: string; url: string },
  { pages, select }: AutoOptions,
  context: FindContext,
  fetchPage: Fetch,
): Promise<Item[]> {
  if (pages === 1 || listed.length === 0) return listed
  const read = async (address: string, isFirst: boolean) => {
    if (isFirst) return { items: listed, next: await context.parse('nextPage', first.html, first.url) }
    const fetched = await fetchPage(address, { accept: ACCEPT, maxBytes: LARGEST_BYTES })
    const items = await context.parse('furtherList', fetched.text(), fetched.url, lists, select)
    return { items, next: await context.parse('nextPage', fetched.text(), fetched.url) }
  }
  return await readPages({ start: first.url, pages, read }, context)
}

/** The channel that was chosen before; a Failure where it says that it is there no more. */
async function readKnownSpare(spare: SpareChannel, given: AutoOptions, context: FindContext) {
  try {
    return await readSpare(spare, given, context)
  } catch (thrown) {
    if (thrown instanceof Failure && isRefusal(thrown)) return thrown
    throw thrown
  }
}

/** After so many collections that found nothing, some day of them, all channels are looked for again. */
const REST = 48

interface Elsewhere {
  items: Item[]
  next: Partial<ListMemory>
}

/**
 * Where the articles are, now that they are not where they were, or have never been on the page. What was known has to
 * be among it.
 */
async function seek(
  answer: AutoAnswer,
  url: string,
  given: AutoOptions,
  context: FindContext,
  memory?: ListMemory,
): Promise<Elsewhere | undefined> {
  const take = async ({ items, next }: Elsewhere) => {
    if (items.length === 0) return undefined
    if (memory === undefined || memory.keys.length === 0) return { items, next }
    const { known, isSame } = await resemblance(items, memory.keys, context)
    if (!isSame) return undefined
    const now = readsOf({ ...memory, lists: [], channels: [], spare: undefined, ...next }).join('; ')
    context.notice?.(new Failure('source.elsewhere', { url, was: readsOf(memory).join('; '), now, known }))
    return { items, next }
  }
  // When the page is read for the first time, its feeds were looked for already.
  const told = memory === undefined ? [] : await findChannels(answer, url, context)
  const inFeeds = await take({
    items: told.flatMap(({ items }) => items),
    next: { channels: told.map(({ channel }) => channel) },
  })
  if (inFeeds !== undefined) return inFeeds
  const spare = await seekSpare(given, { url, wordpress: answer.wordpress }, context)
  return spare && (await take({ items: spare.items, next: { lists: [], channels: [], spare: spare.channel } }))
}

/** Whether most of what was known is among it, or most of it is known. */
async function resemblance(items: Item[], keys: string[], context: FindContext) {
  const now = new Set(keysOf(items))
  const count = keys.filter((key) => now.has(key)).length
  if (count >= keys.length * FAMILIAR) return { known: `${count} of ${keys.length}`, isSame: true }
  return await familiarity(items, context)
}

/** Where a source reads what it gives, by what it remembers; one place a line, none where nothing is remembered. */
export function describeReading(last: string | undefined): string[] {
  const memory = readMemory(last)
  return memory === undefined ? [] : readsOf(memory)
}

function readsOf({ lists, channels, spare, keys }: ListMemory): string[] {
  const places = [
    ...lists.slice(0, 5).map(({ item }) => `the list ${item} on the page`),
    ...channels.map(({ kind, url }) => `the ${kind === 'feed' ? 'feed' : 'sitemap of news'} ${url}`),
    ...(spare === undefined ? [] : [describeSpare(spare)]),
  ]
  return places.length > 0 || keys.length === 0 ? places : ['the data that the page holds for machines']
}

interface Judged {
  /** What the lists of the page hold, where they are believed. */
  listed: Item[]
  /** What of it is remembered: nothing that was not believed. */
  keep: ListMemory
  /** Why the lists of the page are not among it. */
  failure?: Failure
}

/** What stands in the lists, beside what the other channels say; nothing where they cannot be believed. */
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
    return { listed: [], keep: memory ?? remember(answer, []), failure }
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
    ? { listed: items, keep: remember(answer, []) }
    : { listed: [], keep: remember(doubtAll(answer, memory), []) }
}

/** Feeds first, whose order is that of time; each address once, with what all of them say of it. */
function join(told: Item[], listed: Item[]): Item[] {
  const own = mergeItems(told, [listed])
  const keys = new Set(own.map((item) => keyOf(item.url)))
  return [...own, ...listed.filter((item) => !keys.has(keyOf(item.url)))]
}

function keysOf(items: Item[]): string[] {
  return items.map(({ url }) => keyOf(url)).slice(0, MOST_KEYS)
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
