/** One look at a source, from the web or from a recording: what it gives, without keeping anything. */
import { readFeedDate } from '../articles/dates.ts'
import { parseHtml } from '../articles/markup.ts'
import { openWeb } from '../collect-web.ts'
import { describe, Failure, type FailureReport } from '../failures.ts'
import { type Fetch } from '../contracts.ts'
import { type Draft, type Item } from '../item.ts'
import { sourceParsing, type Parse } from '../parse.ts'
import { describeReading } from '../sources/auto.ts'
import { find, isWeb, readsPages, wants, type SourceOptions } from '../sources/index.ts'
import { extractedOf, type Extracted } from './extracted.ts'
import { readWhole } from './whole.ts'

/** What a source is looked at with. */
export interface Looking {
  /** The folder of the config file, absolute. */
  root: string
  /** Where articles of folders are shown. */
  base: string
  timezone: string
  fetch: Fetch
  parse: Parse
  now: Date
  /** Of so many of its articles, the whole article. */
  articles: number
}

/** An item as the list or feed says it. */
export interface SeenItem {
  url: string
  title: string | null
  published: string | null
  authors: string[]
  image: string | null
  /** The list or feed itself holds its text. */
  hasText: boolean
  isWanted: boolean
}

export interface Ran {
  id: string
  kind: SourceOptions['kind']
  items: SeenItem[]
  /** Where one that finds its articles by itself reads them. */
  reads: string[]
  /** The first of those that are wanted, as articles. */
  articles: Extracted[]
  faults: FailureReport[]
}

/** Reads the source as a first collection would. Whatever goes wrong is among the faults. */
export async function runSource(source: SourceOptions, looking: Looking): Promise<Ran> {
  const { root, base, timezone, fetch } = looking
  const ran: Ran = { id: source.id, kind: source.kind, items: [], reads: [], articles: [], faults: [] }
  const fault = (failure: Failure) => ran.faults.push(failure.toJSON())
  const web = isWeb(source) ? openWeb(source, fetch) : undefined
  try {
    const { parse } = looking
    const items = await find(source, {
      root,
      base,
      fault,
      fetch: web?.fetch ?? fetch,
      parse: sourceParsing(parse, fault),
      parseHtml,
      memory: { keep: (json) => (ran.reads = findsItself(source.kind) ? describeReading(json) : []) },
    })
    const wanted: Item[] = []
    for (const item of items) {
      try {
        const seen = seenItem(source, item, await parse('readItem', item, timezone), timezone)
        if (seen.isWanted) wanted.push(item)
        ran.items.push(seen)
      } catch (thrown) {
        fault(failureOf(thrown, source.id))
      }
    }
    for (const item of wanted.slice(0, looking.articles)) {
      try {
        const read = web !== undefined && readsPages(source, item) ? await web.readPage(item) : item
        const options = { zone: timezone, parts: isWeb(source) ? source.select : undefined }
        const { draft } = await readWhole(
          read,
          (url) => web?.readPage({ url }) ?? Promise.resolve({ url }),
          parse,
          options,
        )
        ran.articles.push(await extractedOf(parse, read, draft, looking.now, source.topics))
      } catch (thrown) {
        fault(failureOf(thrown, source.id))
      }
    }
  } catch (thrown) {
    fault(failureOf(thrown, source.id))
  }
  return ran
}

/** Whether sources of the kind choose themselves where they read. */
export function findsItself(kind: SourceOptions['kind']): boolean {
  return kind === 'auto' || kind === 'browser'
}

function seenItem(source: SourceOptions, item: Item, draft: Draft, timezone: string): SeenItem {
  const title = item.title ?? draft.title
  const published = item.published === undefined ? draft.publishedAt : readFeedDate(item.published, timezone)
  return {
    url: item.url,
    title: title ?? null,
    published: published?.toISOString() ?? null,
    authors: item.authors ?? draft.authors,
    image: item.image?.url ?? draft.image?.url ?? null,
    hasText: item.body !== undefined,
    isWanted: wants(source, item, title ?? ''),
  }
}

function failureOf(thrown: unknown, source: string): Failure {
  return thrown instanceof Failure
    ? new Failure(thrown.code, { source, ...thrown.details }, thrown.cause)
    : new Failure('source.failed', { source, reason: describe(thrown) }, thrown)
}

const FIELDS = { title: 'title', published: 'date', authors: 'author', image: 'picture', hasText: 'text' } as const

/** In how many of the items of a list each field is filled, from 0 to 1. */
export type Fill = Record<keyof typeof FIELDS, number>

/** What became of a source since it was recorded. */
export interface Comparison {
  recordedAt: string
  gained: string[]
  lost: string[]
  fill: { then: Fill; now: Fill }
}

/** What of the list is new and what is gone, and how well its fields are filled, then and now. */
export function compare(then: Ran, now: Ran, recordedAt: string): Comparison {
  const before = new Set(then.items.map(({ url }) => url))
  const after = new Set(now.items.map(({ url }) => url))
  return {
    recordedAt,
    gained: [...after].filter((url) => !before.has(url)),
    lost: [...before].filter((url) => !after.has(url)),
    fill: { then: fillOf(then), now: fillOf(now) },
  }
}

function fillOf({ items }: Ran): Fill {
  const share = (isFilled: (item: SeenItem) => boolean) =>
    items.length === 0 ? 0 : Math.round((items.filter(isFilled).length / items.length) * 100) / 100
  return {
    title: share(({ title }) => title !== null && title !== ''),
    published: share(({ published }) => published !== null),
    authors: share(({ authors }) => authors.length > 0),
    image: share(({ image }) => image !== null),
    hasText: share(({ hasText }) => hasText),
  }
}

/** A comparison for a person: what is gained and lost, and the fields whose fill changed. */
export function showComparison({ recordedAt, gained, lost, fill }: Comparison): string {
  const names = (urls: string[]) => [
    ...urls.slice(0, 5).map((url) => `    ${url}`),
    ...(urls.length > 5 ? ['    …'] : []),
  ]
  const changed = (Object.keys(FIELDS) as (keyof Fill)[]).filter((field) => fill.then[field] !== fill.now[field])
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return [
    `since the recording of ${recordedAt.slice(0, 10)}: ${gained.length} gained, ${lost.length} lost`,
    ...(gained.length > 0 ? ['  gained', ...names(gained)] : []),
    ...(lost.length > 0 ? ['  lost', ...names(lost)] : []),
    ...changed.map(
      (field) => `  ${FIELDS[field]}: ${percent(fill.then[field])} of the items, now ${percent(fill.now[field])}`,
    ),
  ].join('\n')
}
