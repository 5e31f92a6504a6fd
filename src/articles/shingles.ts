/** Whether two sources tell one story: by the words they share, in order, and by what differs. */
import { evenTitle } from './identity.ts'

/** What a story is compared by. */
export interface Telling {
  title: string
  text: string
  /** When it was published, or else first seen. */
  at: Date
}

/** Texts of fewer words than these say too little to be known by. */
const LEAST = 12
const LEAST_FOR_PARTS = 40

const MOST_TOKENS = 8_000
const LONGEST = 200_000

/** Words in a row that make one shingle. */
const WIDTH = 4

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Copies follow within days. */
export const COPIED_WITHIN_MS = 3 * DAY_MS

const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{M}\p{N}]+/gu

/** Words in small letters; where a script writes no spaces, its characters. */
function tokensOf(text: string): string[] {
  return (text.slice(0, LONGEST).normalize('NFKC').toLowerCase().match(TOKEN) ?? []).slice(0, MOST_TOKENS)
}

function shinglesOf(tokens: readonly string[]): number[] {
  const words = tokens.map(hashText)
  return words.slice(0, Math.max(0, words.length - WIDTH + 1)).map((_, at) => {
    let hash = 0
    for (let next = 0; next < WIDTH; next += 1) hash = mix(Math.imul(hash, 31) + (words[at + next] ?? 0))
    return hash
  })
}

/** FNV-1a over UTF-16. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix(hash)
}

/** Spreads every bit over all others (the end of MurmurHash3). */
function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const BANDS = 16
const ROWS = 2

/**
 * Names under which a text is filed, so that one that shares half of its shingles is found under at least one of them
 * (99 of 100 times): minhashes, two to a band. None for a text that says too little.
 */
export function bandsOf({ title, text }: Pick<Telling, 'title' | 'text'>): string[] {
  const tokens = tokensOf(text)
  if (tokens.length < LEAST) return []
  // What is short is known by its title too: files of two lines are full of the same words.
  const shingles = new Set(shinglesOf(tokens.length < LEAST_FOR_PARTS ? [evenTitle(title), ...tokens] : tokens))
  const least = new Uint32Array(BANDS * ROWS).fill(0xffffffff)
  for (const shingle of shingles) {
    for (let row = 0; row < least.length; row += 1) {
      const hash = mix(Math.imul(shingle ^ Math.imul(row + 1, 0x9e3779b1), 0x01000193))
      if (hash < (least[row] ?? 0)) least[row] = hash
    }
  }
  return Array.from({ length: BANDS }, (_, band) => {
    const both = mix(Math.imul(least[band * ROWS] ?? 0, 31) + (least[band * ROWS + 1] ?? 0))
    return `${band.toString(36)}${both.toString(36)}`
  })
}

/**
 * Whether two texts of different sources are one story: wire copy, cut shorter or with a beginning of its own perhaps. Two
 * issues of one bulletin are not, however alike: they differ here and there within, in numbers above all, and in their
 * days. A wrong yes swallows an article and a wrong no shows one twice: in doubt it is no.
 */
export function isSameStory(one: Telling, other: Telling): boolean {
  const apartMs = Math.abs(one.at.getTime() - other.at.getTime())
  if (apartMs > COPIED_WITHIN_MS) return false
  if (numbersIn(one.title).join() !== numbersIn(other.title).join() && hasNumbers(one.title, other.title)) return false
  const sorted = [tokensOf(one.text), tokensOf(other.text)].toSorted((a, b) => a.length - b.length)
  const [short = [], long = []] = sorted
  if (short.length < LEAST) return false
  const isSameTitle = evenTitle(one.title) === evenTitle(other.title)
  if (short.length < LEAST_FOR_PARTS) {
    return isSameTitle && apartMs <= DAY_MS && short.join(' ') === long.join(' ')
  }
  if (long.length > short.length * MOST_TIMES_LONGER) return false
  const { shared, within, isWhole } = compare(short, long)
  if (shared < LEAST_SHARED || !hasAll(numbersOf(short), numbersOf(long))) return false
  // On another day the next issue is more likely than the same one with other words in it.
  if (apartMs > NEXT_DAY_MS) return within === 0 && isWhole
  return within <= Math.min(4, Math.floor(short.length / 100))
}

const MOST_TIMES_LONGER = 3
const LEAST_SHARED = 0.75
const NEXT_DAY_MS = 18 * HOUR_MS

/** Whether two texts have anything of their words in common: a page that only calls itself another has nothing. */
export function hasCommonWords(one: string, other: string): boolean {
  const [short = [], long = []] = [tokensOf(one), tokensOf(other)].toSorted((a, b) => a.length - b.length)
  if (short.length < LEAST) return true
  return compare(short, long).shared > 0.1
}

/**
 * The share of the shorter one's shingles that the longer one has, in how many places within it other words stand, and
 * whether its beginning and its end are in the longer one too.
 */
function compare(short: string[], long: string[]): { shared: number; within: number; isWhole: boolean } {
  const known = new Set(shinglesOf(long))
  const isKnown = shinglesOf(short).map((shingle) => known.has(shingle))
  const first = isKnown.indexOf(true)
  const last = isKnown.lastIndexOf(true)
  let run = 0
  let within = 0
  for (const has of first < 0 ? [] : isKnown.slice(first, last + 1)) {
    // Where the longer one only has something more, no more shingles break than span that place.
    if (has && run >= WIDTH) within += 1
    run = has ? 0 : run + 1
  }
  const shared = isKnown.length === 0 ? 0 : isKnown.filter(Boolean).length / isKnown.length
  return { shared, within, isWhole: first === 0 && last === isKnown.length - 1 }
}

function numbersOf(tokens: string[]): string[] {
  return tokens.filter((token) => /\p{N}/u.test(token))
}

function numbersIn(title: string): string[] {
  return numbersOf(tokensOf(title))
}

function hasNumbers(one: string, other: string): boolean {
  return numbersIn(one).length > 0 && numbersIn(other).length > 0
}

/** Whether `all` has each of `some`, as often. */
function hasAll(some: string[], all: string[]): boolean {
  const left = new Map<string, number>()
  for (const one of all) left.set(one, (left.get(one) ?? 0) + 1)
  return some.every((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count > 0
  })
}
