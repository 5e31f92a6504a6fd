/**
 * Measures how well articles are found on a page that lists them: `npm run bench:lists`. The labelled pages are in
 * `bench/lists/open` and, by an author who does not know the detector, in `bench/lists/sealed`; `docs/notes/lists.md`
 * says what is counted. `-- --misses` names what was missed and what was wrong in the open half.
 */
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { readDate } from '../src/articles/dates.ts'
import { canonicalUrl } from '../src/articles/identity.ts'
import { parseHtml } from '../src/articles/markup.ts'
import { type Item } from '../src/item.ts'
import { readArticles } from '../src/sources/lists/read.ts'

/** What a person found on the page. */
export interface Label {
  url: string
  language: string
  shape: string
  items: { url: string; title: string; date?: string; author?: string | string[]; image?: string | string[] }[]
  /** Neither right nor wrong. */
  optional?: string[]
}

export interface Score {
  id: string
  expected: number
  right: number
  given: number
  missed: string[]
  wrong: string[]
  /** For each field: how often it was expected of an item that was found, and how often it was given and right. */
  fields: Record<string, { expected: number; right: number; wrong: string[] }>
}

const FIELDS = ['title', 'date', 'author', 'image'] as const

/** One labelled page. */
export function scorePage(folder: string, id: string): Score {
  const label = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Label
  const html = readFileSync(join(folder, `${id}.html`), 'utf8')
  const { items } = readArticles({ html, $: parseHtml(html), url: label.url })
  const optional = new Set((label.optional ?? []).map(keyOf))
  const found = new Map(items.map((item) => [keyOf(item.url), item]))
  const wanted = new Set(label.items.map(({ url }) => keyOf(url)))
  const given = [...found.keys()].filter((key) => wanted.has(key) || !optional.has(key))
  const score: Score = {
    id,
    expected: wanted.size,
    right: given.filter((key) => wanted.has(key)).length,
    given: given.length,
    missed: [...wanted].filter((key) => !found.has(key)),
    wrong: given.filter((key) => !wanted.has(key)),
    fields: Object.fromEntries(FIELDS.map((field) => [field, { expected: 0, right: 0, wrong: [] }])),
  }
  for (const item of label.items) {
    const mine = found.get(keyOf(item.url))
    if (mine === undefined) continue
    for (const field of FIELDS) {
      const counts = score.fields[field]
      if (item[field] === undefined || counts === undefined) continue
      counts.expected++
      if (isRight(field, item[field], mine, label)) counts.right++
      else counts.wrong.push(`${JSON.stringify(item[field])} ≠ ${JSON.stringify(shown(field, mine))}`)
    }
  }
  return score
}

function shown(field: (typeof FIELDS)[number], item: Item): unknown {
  return { title: item.title, date: item.published, author: item.authors, image: item.image?.url }[field]
}

function isRight(
  field: (typeof FIELDS)[number],
  expected: string | string[],
  item: Item,
  { language }: Label,
): boolean {
  const all = [expected].flat()
  switch (field) {
    case 'title':
      return even(item.title ?? '') === even(all[0] ?? '')
    case 'date': {
      const written = item.published ?? ''
      // The day as it is written: a moment late in the evening is the next day elsewhere.
      const day =
        /^\d{4}-\d\d-\d\d/.exec(written)?.[0] ?? readDate(written, 'UTC', { language })?.toISOString().slice(0, 10)
      return day === all[0]
    }
    case 'author':
      return (
        all.length === item.authors?.length &&
        all.every((name) => item.authors?.some((one) => even(one) === even(name)))
      )
    case 'image':
      return item.image !== undefined && all.map(canonicalUrl).includes(canonicalUrl(item.image.url))
  }
}

function even(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s“”"‘’']+/g, ' ')
    .trim()
    .toLowerCase()
}

function keyOf(url: string): string {
  return canonicalUrl(url)
    .replace(/^https?:\/\/(?:www\.)?/, '')
    .replace(/\/$/, '')
}

/** Every page of a folder; none without it. */
export function scoreFolder(folder: string): Score[] {
  if (!existsSync(folder)) return []
  const ids = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5))
  return ids.sort().map((id) => scorePage(folder, id))
}

export interface Summary {
  pages: number
  precision: number
  recall: number
  fill: Record<string, number>
}

/** Precision and recall as means over the pages, so that a long page counts no more than a short one. */
export function summarize(scores: Score[]): Summary {
  const mean = (of: (score: Score) => number) =>
    scores.reduce((sum, score) => sum + of(score), 0) / Math.max(1, scores.length)
  const fill = Object.fromEntries(
    FIELDS.map((field) => {
      const total = (key: 'expected' | 'right') =>
        scores.reduce((sum, { fields }) => sum + (fields[field]?.[key] ?? 0), 0)
      return [field, total('right') / Math.max(1, total('expected'))]
    }),
  )
  return {
    pages: scores.length,
    precision: mean(({ right, given, expected }) => (given === 0 ? (expected === 0 ? 1 : 0) : right / given)),
    recall: mean(({ right, expected }) => (expected === 0 ? 1 : right / expected)),
    fill,
  }
}

if (import.meta.main) {
  const folders = ['open', 'sealed'].map((half) => ({ half, folder: join(import.meta.dirname, 'lists', half) }))
  const row = (cells: (string | number)[]) =>
    console.log(cells.map((cell, at) => String(cell).padEnd(at === 0 ? 8 : 11)).join(''))
  row(['half', 'pages', 'precision', 'recall', ...FIELDS])
  const asPercent = (share: number) => `${(share * 100).toFixed(1)} %`
  for (const { half, folder } of folders) {
    const scores = scoreFolder(folder)
    if (scores.length === 0) {
      console.log(`${half}: no pages`)
      continue
    }
    const { pages, precision, recall, fill } = summarize(scores)
    row([half, pages, asPercent(precision), asPercent(recall), ...FIELDS.map((field) => asPercent(fill[field] ?? 0))])
    if (half === 'open' && process.argv.includes('--misses')) showMisses(scores)
  }
}

function showMisses(scores: Score[]): void {
  for (const { id, right, given, expected, missed, wrong, fields } of scores) {
    const faults = Object.entries(fields).filter(([, { wrong: some }]) => some.length > 0)
    if (missed.length + wrong.length + faults.length === 0) continue
    console.log(`\n${id}: ${right} of ${expected}, ${given} given`)
    for (const url of missed.slice(0, 4)) console.log(`  missed ${url}`)
    for (const url of wrong.slice(0, 8)) console.log(`  wrong  ${url}`)
    for (const [field, { wrong: some, right: good }] of faults)
      console.log(`  ${field}: ${some.length} wrong, ${good} right: ${some[0]?.slice(0, 160) ?? ''}`)
  }
}
