/** The gate. Only what passed the check leaves: a faulty article is left out and named, a faulty feed is held. */
import type { Addresses } from '../addresses.ts'
import { Failure } from '../failures.ts'
import type { Article, Feed, Site } from '../model.ts'
import { feedDocument, feedLanguage, type Look, type Place } from './document.ts'
import { leftOut, readEntries, type Entry } from './entry.ts'
import { asLink } from './foreign.ts'
import { openMemory, type Item, type Memory } from './memory.ts'
import { assemble, FEED_FILES, renderFrames, type FeedFiles, type Frames } from './render.ts'
import { AHEAD_MS, MOST_BYTES, USUAL_BYTES } from './rules/limits.ts'
import { verifyWhole } from './verify.ts'

export interface CheckedFeed {
  /** `undefined` when the feed is held: the last good files stay. */
  files: FeedFiles | undefined
  /** The articles in the files, in their order. */
  articles: Article[]
  /** Good ones that had no place any more, by `items` or by `bytes`: they belong to the archive. */
  beyond: Article[]
  /** `feed.item`, one for each article left out. */
  faults: Failure[]
  /** `feed.invalid`, why the feed is held. */
  held: Failure[]
}

export interface CheckOptions {
  /** Of a page of the archive. */
  place?: Place | undefined
  /** What was rendered and checked before. */
  memory?: Memory | undefined
  /** Articles dated later are faulty. Without it no date is too late. */
  now?: Date | undefined
  /** All articles belong in it, as in a page of the archive: none has to make room. */
  isWhole?: boolean | undefined
}

/**
 * The files of these articles, checked against docs/feed-checklist.md. An article that breaks a rule is left out; when more
 * than a tenth do, and more than one, the feed is held, as it is when it is faulty itself.
 */
export function checkFeed(
  feed: Feed,
  site: Site,
  addresses: Addresses,
  articles: readonly Article[],
  { place, memory = openMemory(), now, isWhole = false }: CheckOptions = {},
): CheckedFeed {
  const look = { content: feed.content, language: feedLanguage(site) }
  const usual = Math.min(feed.bytes ?? USUAL_BYTES, MOST_BYTES)
  const most = isWhole ? MOST_BYTES : usual
  const { entries, faults } = readEntries(articles)
  const document = (shown: Entry[]) => feedDocument(feed, site, addresses, shown, place)
  const around = frameBytes(renderFrames(document(entries)))
  const room = most - around
  // Of one article, wherever it stands.
  const each = usual - around

  const good: Shown[] = []
  const items = memory.items(entries, look)
  for (const [index, entry] of entries.entries()) {
    const shown = fit({ entry, item: items[index] }, each, memory, look)
    const fault = isAhead(entry, now) ? `item.future: ${entry.published.toISOString()}` : faultOf(shown, each)
    if (fault === undefined) good.push(shown)
    else faults.push(leftOut(entry.article, fault))
  }
  const held: Failure[] = []
  // One article alone never holds a feed: a small paper would wait for it for ever.
  if (faults.length > 1 && faults.length * 10 > articles.length)
    held.push(new Failure('feed.invalid', { faulty: faults.length, of: articles.length, reason: faults[0]?.message }))
  const shown = isWhole ? shortened(good, room, memory, look) : fitting(good.slice(0, feed.items), room)
  const rest = good.slice(shown.length).map(({ entry }) => entry.article)
  const files = held.length > 0 ? undefined : finish(shown, most, document, held)
  if (files === undefined) return { files, articles: [], beyond: [], faults, held }
  return { files, articles: shown.map(({ entry }) => entry.article), beyond: rest, faults, held }
}

interface Shown {
  entry: Entry
  item: Item | undefined
}

function faultOf({ item }: Shown, room: number): string | undefined {
  if (item === undefined) return 'it could not be rendered'
  if (item.fault) return `${item.fault.rule}: ${item.fault.found}`
  return item.bytes > room ? `item.size: ${item.bytes} bytes` : undefined
}

function isAhead({ published, updated }: Entry, now: Date | undefined): boolean {
  return now !== undefined && Math.max(published.getTime(), updated.getTime()) > now.getTime() + AHEAD_MS
}

/** An article that is too large by itself becomes excerpt and link; cut HTML would be another text. */
function fit({ entry, item }: Shown, room: number, memory: Memory, look: Look): Shown {
  return item === undefined || item.bytes <= room ? { entry, item } : short(entry, memory, look)
}

function short(entry: Entry, memory: Memory, look: Look): Shown {
  const shorter = { ...entry, html: asLink(entry) }
  return { entry: shorter, item: memory.items([shorter], look)[0] }
}

/** The first of them, as many as there is room for: what is left out is older than all that is in. */
function fitting(good: Shown[], room: number): Shown[] {
  let used = 0
  const end = good.findIndex(({ item }) => {
    // Whichever of its pieces is the largest, in any file: near enough, and never too much.
    used += (item?.bytes ?? 0) + BETWEEN
    return used > room
  })
  return end === -1 ? good : good.slice(0, Math.max(1, end))
}

/** All of them, the largest shortened first when they are too much together. */
function shortened(good: Shown[], room: number, memory: Memory, look: Look): Shown[] {
  const all = [...good]
  const size = ({ item }: Shown) => (item?.bytes ?? 0) + BETWEEN
  let used = all.reduce((sum, each) => sum + size(each), 0)
  const largest = [...all.keys()].toSorted((a, b) => sizeAt(all, b) - sizeAt(all, a))
  for (const index of largest) {
    const each = all[index]
    if (used <= room || each === undefined) break
    const shorter = short(each.entry, memory, look)
    used += size(shorter) - size(each)
    all[index] = shorter
  }
  return all
}

function sizeAt(all: Shown[], index: number): number {
  return all[index]?.item?.bytes ?? 0
}

/** Between two items of JSON. */
const BETWEEN = 2

function frameBytes(frames: Frames): number {
  return Math.max(...FEED_FILES.map((file) => Buffer.byteLength(frames[file].open + frames[file].close))) + BETWEEN
}

function finish(
  shown: Shown[],
  most: number,
  document: (entries: Entry[]) => ReturnType<typeof feedDocument>,
  held: Failure[],
): FeedFiles | undefined {
  const whole = document(shown.map(({ entry }) => entry))
  const frames = renderFrames(whole)
  const pieces = shown.map(({ item }) => item?.pieces).filter((piece) => piece !== undefined)
  const files = assemble(frames, pieces)
  for (const { file, rule, found } of verifyWhole(whole, frames, files, most))
    held.push(new Failure('feed.invalid', { file, rule, found }))
  return held.length === 0 ? files : undefined
}
