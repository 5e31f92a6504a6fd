/** What is remembered of a page of lists from one collection to the next, and what a new reading of the page makes of it. */
import { type CheerioAPI } from 'cheerio'
import { isTag } from 'domhandler'
import { z } from 'zod'
import { type Item } from '../../item.ts'
import { itemOf } from './fields.ts'
import { keyOf, readArticles, type PageText, type Reading } from './read.ts'
import { type Candidate } from './score.ts'
import { markOf } from './selectors.ts'

const list = z.object({
  item: z.string(),
  link: z.string().optional(),
  container: z.string(),
  /** How many articles stood in it. */
  count: z.number(),
})

/** A list of which it is not known yet whether it is one of articles: those gain at the head, menus stay as they are. */
const doubt = z.object({ item: z.string(), keys: z.array(z.string()), seen: z.number() })

/** An API of posts, or the sitemaps of a whole site, of which only the groups named hold articles (spare.ts). */
const spare = z.object({
  kind: z.enum(['wordpress', 'sitemap']),
  urls: z.array(z.string()),
  groups: z.array(z.string()).default([]),
})

export type SpareChannel = z.output<typeof spare>

export const listMemory = z.object({
  version: z.literal(1),
  lists: z.array(list),
  doubts: z.array(doubt).default([]),
  /** Keys of the articles that were found last time. */
  keys: z.array(z.string()).default([]),
  /** Feeds and sitemaps that were found beside the page. */
  channels: z.array(z.object({ kind: z.enum(['feed', 'sitemap']), url: z.string() })).default([]),
  /** What is read because the page itself lists nothing. */
  spare: spare.optional(),
  /** So many collections found nothing since all channels were looked for. */
  inVain: z.number().optional(),
})

export type ListMemory = z.output<typeof listMemory>

/** What came of reading a page beside what is remembered of it. Plain values: it is made in another process. */
export interface ListAnswer {
  items: Item[]
  lists: ListMemory['lists']
  doubts: ListMemory['doubts']
  /**
   * `same`: the lists stand where they stood. `new`: nothing was remembered. `moved`: they do not, and these were
   * detected anew. `empty`: what they stood in is there, without them. `gone`: nothing of them is there.
   */
  state: 'same' | 'new' | 'moved' | 'empty' | 'gone'
  /** A list that was doubted when it was first seen has new articles at its head since. */
  hasGained: boolean
  /** What the lists stood in is still there. */
  stands: boolean
  chosen: Reading['chosen']
  /** How sure the best list is of itself. */
  score: number
  /** Addresses to sample: of the list that is least sure of itself. */
  samples: string[]
}

export const MOST_KEYS = 300

/** Reads a page by what is remembered of it, and by detection where that does not hold any more. */
export function readList(page: PageText, memory?: ListMemory): ListAnswer {
  const reading = readArticles(page)
  const { $ } = page
  const lists = reading.lists.flatMap((one) => describeList($, one))
  const doubts = doubtsOf($, reading, memory)
  const settled = settle(reading, doubts, memory)
  const answer = {
    items: settled.items,
    lists: onceEach([...lists, ...settled.lists]),
    doubts: doubts.filter(({ item }) => !settled.lists.some((one) => one.item === item)),
    hasGained: reading.lists.some(({ cards }) => isGrown(cards, memory)),
    stands: memory?.lists.some(({ container }) => matches($, container) > 0) ?? false,
    chosen: reading.chosen,
    score: reading.lists[0]?.score ?? 0,
    samples: samplesOf(reading),
  }
  if (memory === undefined || memory.lists.length === 0) return { ...answer, state: 'new' }
  if (stands($, reading, memory)) return { ...answer, state: 'same', lists: keptLists($, answer.lists, memory) }
  if (answer.items.length > 0) return { ...answer, state: 'moved' }
  return { ...answer, state: answer.stands ? 'empty' : 'gone' }
}

/** The rest of the memory is the caller's; of a list that is read for the first time there is nothing else. */
export function remember({ lists, doubts, items }: ListAnswer, channels: ListMemory['channels']): ListMemory {
  return { version: 1, lists, doubts, keys: items.map(({ url }) => keyOf(url)).slice(0, MOST_KEYS), channels }
}

/** The same with nothing believed: its lists are those of which it is not known yet what they are. */
export function doubtAll(answer: ListAnswer, memory?: ListMemory): ListAnswer {
  const keys = answer.items.map(({ url }) => keyOf(url)).slice(0, 50)
  const doubts = answer.lists.map(
    ({ item }) => memory?.doubts.find((one) => one.item === item) ?? { item, keys, seen: 1 },
  )
  return { ...answer, items: [], lists: [], doubts: [...doubts, ...answer.doubts] }
}

function isGrown(cards: Candidate['cards'], memory?: ListMemory): boolean {
  const keys = cards.map(({ link }) => link.shape.key)
  return memory?.doubts.some((doubt) => hasGained(keys, doubt.keys)) ?? false
}

function describeList($: CheerioAPI, { cards }: Candidate): ListMemory['lists'] {
  const mark = markOf($, cards)
  return mark === undefined ? [] : [{ ...mark, count: cards.length }]
}

/** Two kinds of link in one kind of card are one list. */
function onceEach(lists: ListMemory['lists']): ListMemory['lists'] {
  return lists.filter(({ item }, at) => lists.findIndex((one) => one.item === item) === at)
}

function matches($: CheerioAPI, selector: string): number {
  try {
    return $(selector).length
  } catch {
    return 0
  }
}

/** Whether the lists are where they were: most of what is found now stands in what was a list before. */
function stands($: CheerioAPI, reading: Reading, memory: ListMemory): boolean {
  const units = new Set(memory.lists.flatMap(({ item }) => [...$(item)].filter(isTag)))
  const cards = reading.lists.flatMap(({ cards: some }) => some)
  if (units.size === 0) return false
  const known = cards.filter(({ unit }) => units.has(unit)).length
  const before = memory.lists.reduce((sum, { count }) => sum + count, 0)
  return known >= cards.length / 2 && known >= Math.min(3, before * 0.3)
}

/** The lists of now, and those of before that have nothing in them at the moment. */
function keptLists($: CheerioAPI, now: ListMemory['lists'], memory: ListMemory): ListMemory['lists'] {
  const names = new Set(now.map(({ item }) => item))
  const resting = memory.lists.filter(
    ({ item, container }) => !names.has(item) && matches($, item) === 0 && matches($, container) > 0,
  )
  return [...now, ...resting].slice(0, 30)
}

const DOUBTED = { least: 0.2, most: 2.2 }
const MOST_DOUBTS = 10

/** Lists that might be of articles, as they were first seen. */
function doubtsOf($: CheerioAPI, { others, lists }: Reading, memory?: ListMemory): ListMemory['doubts'] {
  const taken = new Set(lists.flatMap(({ cards }) => cards.map(({ link }) => link.shape.key)))
  return others
    .filter(({ score, cards }) => score >= DOUBTED.least && score < DOUBTED.most && cards.length >= 3)
    .filter(({ cards }) => !cards.some(({ link }) => taken.has(link.shape.key)))
    .slice(0, MOST_DOUBTS)
    .flatMap((candidate) => {
      const [mark] = describeList($, candidate)
      if (mark === undefined) return []
      const before = memory?.doubts.find(({ item }) => item === mark.item)
      // What stood in it first stays: a menu is one that never changes, however often it is looked at.
      return [
        before === undefined
          ? { item: mark.item, keys: candidate.cards.map(({ link }) => link.shape.key).slice(0, 50), seen: 1 }
          : { ...before, seen: before.seen + 1 },
      ]
    })
}

/** Doubtful lists that have gained at the head since they were first seen are lists of articles. */
function settle({ others, items }: Reading, doubts: ListMemory['doubts'], memory?: ListMemory) {
  const known = new Map((memory?.doubts ?? []).map((one) => [one.item, one.keys]))
  const lists: ListMemory['lists'] = []
  const gained: Item[] = []
  for (const { item } of doubts) {
    const first = known.get(item)
    if (first === undefined) continue
    const candidate = others.find(({ cards }) => cards.some(({ link }) => first.includes(link.shape.key)))
    if (
      candidate === undefined ||
      !hasGained(
        candidate.cards.map(({ link }) => link.shape.key),
        first,
      )
    )
      continue
    lists.push({ item, container: 'body', count: candidate.cards.length })
    gained.push(...candidate.cards.map(({ link, fields }) => itemOf(link.url, fields)))
  }
  return { items: [...items, ...gained], lists }
}

/** New ones stand before the old ones, which keep their order. */
function hasGained(now: string[], first: string[]): boolean {
  const head = now.findIndex((key) => first.includes(key))
  return head > 0 && now.slice(head).filter((key) => first.includes(key)).length >= Math.min(2, first.length)
}

/** Two or three articles of the list that has least to say for itself. */
function samplesOf({ lists, items }: Reading): string[] {
  const weakest = lists.toSorted((a, b) => a.score - b.score)[0]
  const urls = weakest?.cards.map(({ link }) => link.url) ?? items.map(({ url }) => url)
  return [urls[0], urls[Math.floor(urls.length / 2)], urls.at(-1)].filter((url, at, all) => url !== undefined && all.indexOf(url) === at) as string[] // prettier-ignore
}
