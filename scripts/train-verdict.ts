/**
 * Trains what `articles/verdict.ts` weighs: `node scripts/train-verdict.ts`, a few minutes; `--dry` only measures.
 *
 * A logistic regression on the pages of `../shared/bench/extraction`: those of `pagetype` are no articles, those of the
 * other sets are. Signs that a person summed up (`verdict/kinds.ts`) are bound loosely, the single ones strongly: there are
 * but 90 pages that are no articles. What is printed is of sites that were held back (ten parts by site); what is written
 * has learned from all. Articles that stand in a forum, a shop or a manual by every sign teach nothing.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { extract } from '../src/articles/extract.ts'
import { parseHtml } from '../src/articles/markup.ts'
import { openPage } from '../src/articles/metadata/page.ts'
import { type Signs } from '../src/articles/verdict/signs.ts'
import { allSigns, lookAt } from '../src/articles/verdict.ts'

interface Scorer {
  findSets: (folder: string) => Record<string, string>
  loadTruth: (folder: string) => Record<string, { url: string; site?: string; pageType?: string }>
  loadPage: (folder: string, id: string) => string
}

interface Row {
  set: string
  url: string
  site: string
  kind: string
  isArticle: boolean
  /** Certain without the model. */
  isWall: boolean
  signs: Signs
}

interface Model {
  bias: number
  weights: [name: string, mean: number, spread: number, weight: number][]
}

const HOME = fileURLToPath(new URL('../../shared/bench/extraction/', import.meta.url))
const OUTPUT = fileURLToPath(new URL('../src/articles/verdict/weights.ts', import.meta.url))
const SETS = ['zyte', 'wcxb', 'segments', 'postlight', 'mozilla', 'pagetype']
/** Of each of these sets so many pages must stay articles. */
const KEPT: Record<string, number> = { zyte: 0.981, wcxb: 0.981, segments: 0.981 }
const FOLDS = 10
const OTHERS_WEIGH = 2
const BOUND_SINGLE = 100
const BOUND_SUMS = 10
const ROUNDS = 400
const FARTHEST = 4

async function readRows(): Promise<Row[]> {
  const scorer = (await import(pathToFileURL(`${HOME}score.mjs`).href)) as Scorer
  return Object.entries(scorer.findSets(HOME))
    .filter(([set]) => SETS.includes(set))
    .flatMap(([set, folder]) =>
      Object.entries(scorer.loadTruth(folder)).map(([id, { url, site, pageType }]) => {
        const html = scorer.loadPage(folder, id)
        const draft = extract(html, url)
        const look = lookAt(openPage(parseHtml(html, { keepData: true }), url), html)
        const signs = allSigns(look, parseHtml(draft.html)('body')[0], draft)
        const host = new URL(url).hostname.split('.').slice(-2).join('.')
        const isWall = look.wall !== undefined || (signs['body.letters'] === 0 && !draft.html.includes('<img'))
        return { set, url, site: site ?? host, kind: pageType ?? set, isArticle: set !== 'pagetype', isWall, signs }
      }),
    )
}

/** An article in name only: what such a page is cannot be told from what it says. */
function misleads({ isArticle, signs, isWall }: Row): boolean {
  if (!isArticle) return isWall
  return isWall || of(signs, 'kind.forum') >= 3 || of(signs, 'kind.shop') >= 3 || of(signs, 'kind.manual') >= 3
}

function of(signs: Signs, name: string): number {
  return signs[name] ?? 0
}

function train(rows: Row[]): Model {
  const names = Object.keys(rows[0]?.signs ?? {})
  const means = names.map((name) => rows.reduce((sum, { signs }) => sum + of(signs, name), 0) / rows.length)
  const spreads = names.map((name, at) => {
    const square = rows.reduce((sum, { signs }) => sum + (of(signs, name) - (means[at] ?? 0)) ** 2, 0)
    return Math.max(Math.sqrt(square / rows.length), 0.1)
  })
  const figures = rows.map(({ signs }) => Float64Array.from(names, (name, at) => scale(of(signs, name), means[at], spreads[at]))) // prettier-ignore
  const bounds = names.map((name) => (name.startsWith('kind.') ? BOUND_SUMS : BOUND_SINGLE))
  const weights = new Float64Array(names.length + 1)
  // Adam (Kingma and Ba, 2015) over all rows at once.
  const first = new Float64Array(weights.length)
  const second = new Float64Array(weights.length)
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = weights.map((weight, at) => weight * (bounds[at] ?? 0))
    for (const [index, row] of figures.entries()) {
      const isArticle = rows[index]?.isArticle === true
      const error = (chanceOf(weights, row) - (isArticle ? 1 : 0)) * (isArticle ? 1 : OTHERS_WEIGH)
      for (let at = 0; at < row.length; at++) slope[at] = (slope[at] ?? 0) + error * (row[at] ?? 0)
      slope[row.length] = (slope[row.length] ?? 0) + error
    }
    for (const [at, value] of slope.entries()) {
      const mean = (first[at] = 0.9 * (first[at] ?? 0) + 0.1 * value)
      const square = (second[at] = 0.99 * (second[at] ?? 0) + 0.01 * value * value)
      const step = mean / (1 - 0.9 ** round) / (Math.sqrt(square / (1 - 0.99 ** round)) + 1e-8)
      weights[at] = (weights[at] ?? 0) - 0.05 * step
    }
  }
  return {
    bias: weights[names.length] ?? 0,
    weights: names.map((name, at) => [name, means[at] ?? 0, spreads[at] ?? 1, weights[at] ?? 0]),
  }
}

function scale(value: number, mean = 0, spread = 1): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, (value - mean) / spread))
}

function chanceOf(weights: Float64Array, row: Float64Array): number {
  let sum = weights[row.length] ?? 0
  for (let at = 0; at < row.length; at++) sum += (weights[at] ?? 0) * (row[at] ?? 0)
  return 1 / (1 + Math.exp(-sum))
}

function ask({ bias, weights }: Model, { signs, isWall }: Row): number {
  if (isWall) return -Infinity
  return weights.reduce(
    (sum, [name, mean, spread, weight]) => sum + weight * scale(of(signs, name), mean, spread),
    bias,
  )
}

function partOf(site: string): number {
  let hash = 2166136261
  for (const letter of site) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619)
  return (hash >>> 0) % FOLDS
}

/** The highest bar that leaves so many of each set above it. */
function barFor(rows: Row[], odds: Map<Row, number>): number {
  const bars = Object.entries(KEPT).map(([set, kept]) => {
    const sorted = rows.filter((row) => row.set === set).map((row) => odds.get(row) ?? 0)
    sorted.sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length * (1 - kept))] ?? 0
  })
  return Math.min(...bars) - 1e-6
}

function report(title: string, rows: Row[], odds: Map<Row, number>, bar: number): void {
  const yes = (some: Row[]) => some.filter((row) => (odds.get(row) ?? 0) > bar).length
  const kinds = (name: 'set' | 'kind') => [...new Set(rows.map((row) => row[name]))]
  console.log(title)
  for (const set of kinds('set')) {
    const some = rows.filter((row) => row.set === set)
    console.log(`  ${set.padEnd(14)} an article: ${(yes(some) / some.length).toFixed(3)} of ${some.length}`)
  }
  const others = rows.filter(({ isArticle }) => !isArticle)
  const line = kinds('kind').flatMap((kind) => {
    const some = others.filter((row) => row.kind === kind)
    return some.length === 0 ? [] : [`${kind} ${some.length - yes(some)}/${some.length}`]
  })
  console.log(`  told to be none: ${line.join(', ')}`)
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { dry: { type: 'boolean', default: false } } })
  if (!existsSync(`${HOME}score.mjs`)) {
    console.log(`SKIPPED: the pages to learn from are not here (${HOME}).`)
    return
  }
  const rows = await readRows()
  const heldBack = new Map<Row, number>()
  for (let part = 0; part < FOLDS; part++) {
    const model = train(rows.filter((row) => partOf(row.site) !== part && !misleads(row)))
    for (const row of rows) if (partOf(row.site) === part) heldBack.set(row, ask(model, row))
  }
  const bar = barFor(rows, heldBack)
  report('Sites that were held back:', rows, heldBack, bar)
  const model = train(rows.filter((row) => !misleads(row)))
  const learned = new Map(rows.map((row) => [row, ask(model, row)]))
  report('Sites that were learned from:', rows, learned, bar)
  if (values.dry) return
  const lines = model.weights.map(
    ([name, ...numbers]) => `  ['${name}', ${numbers.map((number) => Number(number.toFixed(4))).join(', ')}],`,
  )
  // The bar is part of the bias: above 0 is an article.
  const text = `/** Made by scripts/train-verdict.ts: for each sign its mean, its spread and its weight. */
export const BIAS = ${Number((model.bias - bar).toFixed(4))}

export const WEIGHTS: readonly (readonly [name: string, mean: number, spread: number, weight: number])[] = [
${lines.join('\n')}
] // prettier-ignore
`
  writeFileSync(OUTPUT, text)
}

await run()
