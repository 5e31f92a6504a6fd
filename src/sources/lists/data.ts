/** What a page's own data says of articles: JSON-LD, and the state that its scripts begin with; read, never run. */
import { type Item } from '../../item.ts'
import { isObject, listOf, parseJson, textsOf, type Json, type JsonObject } from './json.ts'
import { recordOf } from './json-records.ts'
import { flightIn, revive, scriptsOf, statesIn, statesInAttributes } from './states.ts'
import { widthOf } from './words.ts'

/** Items that one place of the page's data speaks of. */
export interface Stated {
  channel: 'json-ld' | 'state'
  items: Item[]
  /** The data calls them articles, and does not only look as if. */
  isSure: boolean
}

const MOST_VALUES = 200_000
const MOST_ITEMS = 500

/** In one pass over the text of the page, since its parsed form holds no script. */
export function readData(html: string, url: string): Stated[] {
  const found: Stated[] = []
  let states: Item[] = []
  // One page has one state; the largest list in any of them is the likeliest.
  const look = (value: Json | undefined) => {
    const items = readState(value, url)
    if (items.length > states.length) states = items
  }
  for (const { type, id, text } of scriptsOf(html)) {
    if (/ld\+json/i.test(type)) {
      const items = readJsonLd(parseJson(text.replace(/^\s*<!--|-->\s*$/g, '')), url)
      if (items.length > 0) found.push({ channel: 'json-ld', items, isSure: true })
      continue
    }
    const isJson = /^application\/(?:[\w.-]+\+)?json$/i.test(type) || id === '__NEXT_DATA__'
    for (const value of isJson ? [revive(parseJson(text))] : [...statesIn(text), ...flightIn(text)]) look(value)
  }
  for (const value of statesInAttributes(html)) look(value)
  if (states.length > 0) found.push({ channel: 'state', items: states, isSure: false })
  return found
}

const ARTICLE = /^(?:[A-Za-z]*Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report|Review|CriticReview|PodcastEpisode|VideoObject|DiscussionForumPosting)$/ // prettier-ignore
const LISTS = /^(?:ItemList|CollectionPage|Blog|SearchResultsPage|DataFeed|PodcastSeries|WebPage|WebSite)$/

/** Articles in JSON-LD; those that a list names only by address come with nothing but that. */
function readJsonLd(data: Json | undefined, url: string): Item[] {
  const items: Item[] = []
  const inList = new Set<JsonObject>()
  for (const node of objectsIn(data)) {
    const types = textsOf(node['@type'])
    if (types.some((type) => LISTS.test(type))) {
      for (const part of [node['itemListElement'], node['blogPost'], node['hasPart'], node['dataFeedElement']].flatMap(
        listOf,
      ))
        if (isObject(part)) inList.add(part)
    }
    const isEntry = types.includes('ListItem') && !isObject(node['item'])
    const isArticle = types.some((type) => ARTICLE.test(type))
    if (!isArticle && !(isEntry && inList.has(node) && items.length < MOST_ITEMS)) continue
    // Crumbs of a path are list items too, but of a BreadcrumbList, which is none of the lists above.
    const item = recordOf(node, url)
    if (item !== undefined && items.length < MOST_ITEMS) items.push(item)
  }
  return items
}

/** Every object in the data, outer ones first, without recursion. */
function* objectsIn(data: Json | undefined): Generator<JsonObject> {
  const waiting: Json[] = data === undefined ? [] : [data]
  for (let count = 0; waiting.length > 0 && count < MOST_VALUES; count++) {
    const value = waiting.pop()
    // SvelteKit and others keep answers of their APIs as text.
    if (typeof value === 'string') {
      const parsed = parseJson(value)
      if (typeof parsed === 'object' && parsed !== null) waiting.push(parsed)
      continue
    }
    if (value === null || typeof value !== 'object') continue
    if (!Array.isArray(value)) yield value
    const parts = Object.values(value)
    for (let at = Math.min(parts.length, 10_000) - 1; at >= 0; at--) {
      const part = parts[at]
      if (
        (typeof part === 'object' && part !== null) ||
        (typeof part === 'string' && part.length > 200 && /^[[{]/.test(part))
      )
        waiting.push(part)
    }
  }
}

/** The largest array of objects that have an address and a title, and more than menus have. */
function readState(data: Json | undefined, url: string): Item[] {
  let best: Item[] = []
  let bestWorth = 0
  for (const node of objectsIn(data === undefined ? undefined : { data })) {
    // A store keeps its articles by id, beside all else it has: those of them that are like articles count.
    const records = Object.values(node).filter(isObject)
    const kept = records.length > 2 ? records.filter((one) => worthOfNode(one, url) >= 2) : []
    for (const list of [...Object.values(node), kept]) {
      if (!Array.isArray(list) || list.length < 2) continue
      const items = list.slice(0, MOST_ITEMS).flatMap((one) => {
        if (!isObject(one)) return []
        // `{ node: {…} }` and `{ article: {…} }` are wrappers of one.
        const [only] = Object.values(one).filter(isObject)
        return (
          recordOf(one, url) ??
          (only !== undefined && Object.keys(one).length <= 3 ? recordOf(only, url) : undefined) ??
          []
        )
      })
      const worth = items.reduce((sum, item) => sum + worthOf(item), 0)
      if (items.length >= list.length * 0.6 && items.length > 1 && worth / items.length >= 2 && worth > bestWorth) {
        best = items
        bestWorth = worth
      }
    }
  }
  return best
}

function worthOfNode(node: JsonObject, url: string): number {
  const item = recordOf(node, url)
  return item === undefined ? 0 : worthOf(item)
}

function worthOf({ title, published, image, excerpt, authors }: Item): number {
  const width = widthOf(title ?? '')
  return (width > 30 ? 1 : width > 15 ? 0.5 : 0) + (published === undefined ? 0 : 2) + (image === undefined ? 0 : 0.5) + (excerpt === undefined ? 0 : 1) + (authors === undefined ? 0 : 0.5) // prettier-ignore
}
