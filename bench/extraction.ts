/**
 * How well articles are taken out of pages, beside others: `npm run bench:extraction`, some minutes.
 *
 * Its default export is what the scorer of `../shared/bench/extraction` calls with each page; it answers with what users
 * get, `Article.text` and `Article.html`. Run by itself it scores all sets in its own process, with the scorer's own functions,
 * and prints Markdown tables (docs/performance.md): ours beside the peers' and what is asked. Without those pages it says
 * so and does nothing.
 *
 *   --sets zyte,wcxb   only these         --limit 50   only so many pages of each
 *   --out FILE.json    our score of each page, for the scorer's `--against` and `--worst`
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { load } from 'cheerio'
import { answerOf, readPage, type Answer } from '../src/articles/read-page.ts'

interface Page {
  id: string
  url: string
  html: string
  set: string
}

/** A fixed moment: what a page says as "two hours ago" is the same in every run. */
const NOW = new Date('2026-06-01T00:00:00Z')

export default function extract({ url, html }: Page): Answer {
  return answerOf(readPage(html, url, NOW))
}

/** What we use of the scorer (score.mjs). */
interface Scorer {
  findSets: (folder: string) => Record<string, string>
  loadTruth: (folder: string) => Record<string, { url: string }>
  loadPage: (folder: string, id: string) => string
  readMaybeGz: (path: string) => string
  scorePage: (truth: object, answer: object) => Score
  summarise: (scores: Scores, resamples: number) => Summary
  compare: (ours: Scores, theirs: Scores) => Partial<Record<string, Difference>>
  rounded: <T>(value: T) => T
}

interface Score {
  f1?: number
  ms?: number
  ref?: number
  words: number
  error?: string
}
type Scores = Record<string, Score>

interface Field {
  f1: number
  exact: number
  accuracy: number
  spurious?: number
}

interface Summary {
  pages: number
  empty: number
  errors: number
  text?: { f1: number; pageF1: number }
  seg?: { f1: number }
  fields: Partial<Record<'title' | 'author' | 'published' | 'image', Field>>
  isArticle?: { yes: number }
  ms?: { median: number; p95: number; max: number }
}

interface Difference {
  n: number
  diff: number
  lo: number
  hi: number
  ratio: number
}

/** One extractor's results: by set, then by page. */
type Results = Partial<Record<string, Scores>>

/** A row of the table of what is asked. */
interface Figure {
  name: string
  of: (results: Results) => number | undefined
  asked: number
  /** Less is better. */
  isMost?: boolean
  digits?: number
}

const HOME = fileURLToPath(new URL('../../shared/bench/extraction/', import.meta.url))
/** Sets whose pages are articles, all of them. */
const ARTICLES = ['zyte', 'wcxb', 'segments', 'postlight', 'mozilla']

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

function figures({ summarise, compare }: Scorer, parse: Results): Figure[] {
  const of = (set: string, pick: (summary: Summary) => number | undefined) => (results: Results) => {
    const scores = results[set]
    return scores === undefined ? undefined : pick(summarise(scores, 0))
  }
  const below = (set: string, least: number) => (results: Results) => {
    const scores = Object.values(results[set] ?? {}).flatMap(({ f1 }) => f1 ?? [])
    return scores.length === 0 ? undefined : scores.filter((f1) => f1 < least).length / scores.length
  }
  const failed = (results: Results) => {
    const found = ARTICLES.flatMap((set) => Object.values(results[set] ?? {}))
    return found.length === 0
      ? undefined
      : found.filter(({ words, error }) => words === 0 || error !== undefined).length
  }
  const timed = (results: Results) => compare(results['zyte'] ?? {}, parse['zyte'] ?? {})['time']?.ratio
  const timedOnBoth = (results: Results) => compare(pool(results), pool(parse))['time']?.ratio
  return [
    { name: 'zyte F1', of: of('zyte', ({ text }) => text?.f1), asked: 0.975 },
    { name: 'zyte page-F1', of: of('zyte', ({ text }) => text?.pageF1), asked: 0.965 },
    { name: 'wcxb F1', of: of('wcxb', ({ text }) => text?.f1), asked: 0.962 },
    { name: 'wcxb page-F1', of: of('wcxb', ({ text }) => text?.pageF1), asked: 0.955 },
    { name: 'wcxb pages below .5', of: below('wcxb', 0.5), asked: 0.008, isMost: true },
    { name: 'segments snippets F1', of: of('segments', ({ seg }) => seg?.f1), asked: 0.92 },
    { name: 'title exact, wcxb', of: of('wcxb', ({ fields }) => fields.title?.exact), asked: 0.88 },
    { name: 'author F1, wcxb', of: of('wcxb', ({ fields }) => fields.author?.f1), asked: 0.82 },
    { name: 'date F1, wcxb', of: of('wcxb', ({ fields }) => fields.published?.f1), asked: 0.87 },
    {
      name: 'date given where there is none, wcxb',
      of: of('wcxb', ({ fields }) => fields.published?.spurious),
      asked: 0.08,
      isMost: true,
    },
    { name: 'date right, dates', of: of('dates', ({ fields }) => fields.published?.accuracy), asked: 0.9 },
    { name: 'lead image, postlight', of: of('postlight', ({ fields }) => fields.image?.accuracy), asked: 0.98 },
    {
      name: 'not an article, pagetype',
      of: of('pagetype', ({ isArticle }) => isArticle && 1 - isArticle.yes),
      asked: 0.85,
    },
    ...['zyte', 'wcxb', 'segments'].map((set) => ({
      name: `an article, ${set}`,
      of: of(set, ({ isArticle }) => isArticle?.yes),
      asked: 0.98,
    })),
    { name: 'errors and empty answers on articles', of: failed, asked: 0, isMost: true, digits: 0 },
    { name: 'time ÷ cheerio-parse, median, zyte', of: timed, asked: 2.5, isMost: true, digits: 2 },
    { name: 'time ÷ cheerio-parse, median, zyte and wcxb', of: timedOnBoth, asked: 2.5, isMost: true, digits: 2 },
  ]
}

/** The two sets with whole texts as one, for paired differences and times. */
function pool(results: Results): Scores {
  const sets = ['zyte', 'wcxb'].flatMap((set) =>
    Object.entries(results[set] ?? {}).map(([id, score]) => [`${set}/${id}`, score] as const),
  )
  return Object.fromEntries(sets)
}

interface Measured {
  ours: Results
  /** Cheerio's parse of the same pages, timed between. */
  parse: Results
}

/** Runs our extractor and cheerio's parse page by page, now the one first and now the other. */
function measure(scorer: Scorer, sets: string[], most: number): Measured {
  const measured: Measured = { ours: {}, parse: {} }
  for (const [set, folder] of Object.entries(scorer.findSets(HOME)).filter(([set]) => sets.includes(set))) {
    const truth = scorer.loadTruth(folder)
    const ids = Object.keys(truth).slice(0, most)
    // What the compiler learns on the first pages is no part of what a page takes.
    for (const id of ids.slice(0, 20))
      timePage({ id, set, url: truth[id]?.url ?? '', html: scorer.loadPage(folder, id) })
    const ours: Scores = {}
    const parse: Scores = {}
    for (const [at, id] of ids.entries()) {
      if (process.stderr.isTTY) process.stderr.write(`\r${set} ${at + 1} of ${ids.length} `)
      const page = { id, set, url: truth[id]?.url ?? '', html: scorer.loadPage(folder, id) }
      const { answer, ms, parseMs } = timePage(page, at % 2 === 0)
      // The same reference for both: only their quotient counts.
      ours[id] = scorer.scorePage(truth[id] ?? {}, { ...answer, ms, ref: 1 })
      parse[id] = { words: 0, ms: parseMs, ref: 1 }
    }
    measured.ours[set] = ours
    measured.parse[set] = parse
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  return measured
}

function timePage(page: Page, parseFirst = false): { answer: Answer | { error: string }; ms: number; parseMs: number } {
  const clock = (work: () => void) => {
    const start = performance.now()
    work()
    return performance.now() - start
  }
  let answer: Answer | { error: string } = { error: 'not run' }
  let parseMs = parseFirst ? clock(() => load(page.html)) : 0
  const ms = clock(() => {
    try {
      answer = extract(page)
    } catch (thrown) {
      answer = { error: String(thrown) }
    }
  })
  if (!parseFirst) parseMs = clock(() => load(page.html))
  return { answer, ms, parseMs }
}

/** The peers that were run on the same pages, by name. */
function readPeers(scorer: Scorer): Record<string, Results> {
  const files = readdirSync(`${HOME}peers`).filter(
    (file) => file.endsWith('.json.gz') && !file.startsWith('published_'),
  )
  return Object.fromEntries(
    files.map((file) => [
      basename(file, '.json.gz'),
      JSON.parse(scorer.readMaybeGz(`${HOME}peers/${file}`)) as Results,
    ]),
  )
}

function table(rows: string[][]): string {
  const [head = [], ...rest] = rows
  return [head, head.map(() => '---'), ...rest].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function askedTable(scorer: Scorer, { ours, parse }: Measured, peers: Record<string, Results>): string {
  const { 'cheerio-parse': theirParse = {}, ...rivals } = peers
  const own = figures(scorer, parse)
  const theirs = figures(scorer, theirParse)
  const rows = own.flatMap((figure, at) => {
    const { name, asked, isMost = false, digits = 3 } = figure
    const value = figure.of(ours)
    if (value === undefined) return []
    const show = (number: number | undefined) => (number === undefined ? '–' : number.toFixed(digits))
    const isKept = isMost ? value <= asked : value >= asked
    const others = Object.entries(rivals).flatMap(([rival, results]) => {
      const found = theirs[at]?.of(results)
      return found === undefined ? [] : [{ rival, found }]
    })
    const [best] = others.toSorted((a, b) => (isMost ? a.found - b.found : b.found - a.found))
    const of = (rival: string) => show(others.find((one) => one.rival === rival)?.found)
    const bestWords = best === undefined ? '–' : `${show(best.found)} ${best.rival}`
    const sign = isKept ? '✔' : '✘'
    const line = `${isMost ? '≤' : '≥'} ${show(asked)}`
    return [[name, line, `**${show(value)}** ${sign}`, of('readability-linkedom'), of('trafilatura'), bestWords]]
  })
  return table([['figure', 'asked', 'ours', 'readability', 'trafilatura', 'best of the peers'], ...rows])
}

function pairedTable({ compare, rounded }: Scorer, { ours }: Measured, peers: Record<string, Results>): string {
  const mine = rounded(pool(ours))
  const rows = ['readability-linkedom', 'readability-jsdom', 'trafilatura', 'defuddle-linkedom'].flatMap((rival) => {
    const found = compare(mine, pool(peers[rival] ?? {}))
    return ['F1', 'pageF1'].flatMap((measure) => {
      const paired = found[measure]
      if (paired === undefined) return []
      const sign = (number: number) => (number < 0 ? '' : '+') + number.toFixed(4)
      const { diff, lo, hi, n } = paired
      return [[rival, measure, `${sign(diff)} (${sign(lo)} to ${sign(hi)})`, lo > 0 ? '✔' : '✘', String(n)]]
    })
  })
  return table([['zyte and wcxb, paired against', 'measure', 'difference (95 %)', 'above 0', 'pages'], ...rows])
}

function timeTable({ summarise }: Scorer, { ours, parse }: Measured): string {
  const rows = Object.entries(ours).flatMap(([set, scores = {}]) => {
    const { pages, ms } = summarise(scores, 0)
    const ratios = Object.entries(scores).map(([id, score]) => (score.ms ?? 0) / (parse[set]?.[id]?.ms ?? NaN))
    if (ms === undefined) return []
    return [
      [set, String(pages), ...[ms.median, ms.p95, ms.max, median(ratios) ?? NaN].map((value) => value.toFixed(1))],
    ]
  })
  return table([['set', 'pages', 'median ms', '95th of 100', 'slowest', '÷ cheerio-parse'], ...rows])
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { sets: { type: 'string' }, limit: { type: 'string' }, out: { type: 'string' } },
  })
  if (!existsSync(`${HOME}score.mjs`)) {
    console.log(`SKIPPED: the pages of the benchmark are not here (${HOME}). Nothing was measured.`)
    return
  }
  const scorer = (await import(pathToFileURL(`${HOME}score.mjs`).href)) as Scorer
  const sets = values.sets?.split(',') ?? [...ARTICLES, 'dates', 'pagetype']
  const measured = measure(scorer, sets, Number(values.limit ?? Infinity))
  const peers = readPeers(scorer)
  const tables = [
    askedTable(scorer, measured, peers),
    pairedTable(scorer, measured, peers),
    timeTable(scorer, measured),
  ]
  console.log(tables.join('\n\n'))
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(scorer.rounded(measured.ours)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
