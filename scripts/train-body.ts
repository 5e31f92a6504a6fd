/**
 * Trains the model that tells which passages of a page are its article (`src/articles/body/weights.ts`).
 * `node scripts/train-body.ts FOLDER [--cv] [--write]`: FOLDER holds sets of pages with their true texts; `--cv` prints what
 * is reached on sites that were not learned from.
 */
import { writeFileSync } from 'node:fs'
import { settle } from '../src/articles/body/choose.ts'
import { CONTEXT, contextOf, DOUBT, doubtful, withContext } from '../src/articles/body/context.ts'
import { FEATURES } from '../src/articles/body/features.ts'
import { ask, writeForest, type Forest } from '../src/articles/body/trees.ts'
import { bin, type Binned, grow, type Growth } from './train/forest.ts'
import { compareTexts } from './train/labels.ts'
import { type LearnedPage, readPages } from './train/pages.ts'

const FOLDS = 5
const FIRST: Growth = { trees: 160, leaves: 31, rate: 0.08, least: 0.1, rows: 0.6, features: 0.35, calm: 0.2 }
const SECOND: Growth = { trees: 160, leaves: 24, rate: 0.07, least: 0.1, rows: 0.6, features: 0.35, calm: 0.2 }

const [folder = '', ...flags] = process.argv.slice(2)
const limit = Number(flags.find((flag) => flag.startsWith('--limit='))?.slice(8) ?? Infinity)
const started = performance.now()
const log = (text: string) => console.error(`${((performance.now() - started) / 1000).toFixed(0)} s  ${text}`)

const pages = readPages(folder, ['zyte', 'wcxb', 'segments', 'mozilla', 'postlight'], limit)
log(
  `${pages.length} pages, ${pages.reduce((sum, page) => sum + page.texts.length, 0)} passages, ${FEATURES.length} features`,
)

const folds = foldsBySite(pages)
if (flags.includes('--cv')) {
  report('all passages with a label of .5 (the best that can be)', pages, (page) =>
    page.labels.map((label) => (label >= 0.5 ? 9 : -9)),
  )
}
// All passages that there is a label for, page by page.
const taught = pages.map((page) => [...page.weights.keys()].filter((index) => (page.weights[index] ?? 0) > 0))
const labels = Float32Array.from(
  pages.flatMap((page, at) => (taught[at] ?? []).map((index) => page.labels[index] ?? 0)),
)
const weights = Float32Array.from(
  pages.flatMap((page, at) => (taught[at] ?? []).map((index) => page.weights[index] ?? 0)),
)
const foldOfRow = Uint8Array.from(pages.flatMap((page, at) => (taught[at] ?? []).map(() => folds.get(page) ?? 0)))

const firstBins = binAll((page) => page.rows, FEATURES.length)
log(`${labels.length} passages with a label`)
const firstOdds = new Map<LearnedPage, Float64Array>()
for (let fold = 0; fold < FOLDS; fold++) {
  const forest = grow(
    firstBins,
    { labels, weights: weights.map((weight, row) => (foldOfRow[row] === fold ? 0 : weight)) },
    FIRST,
  )
  for (const page of pages) if (folds.get(page) === fold) firstOdds.set(page, ask(forest, page.rows, FEATURES.length))
  log(`first look, fold ${fold}`)
}
report('first look, sites not learned from', pages, (page) => firstOdds.get(page) ?? [])
const contexts = new Map(
  pages.map((page) => [
    page,
    contextOf(page.passages, firstOdds.get(page) ?? new Float64Array(), [...page.texts.keys()]),
  ]),
)
const contextBins = binAll((page) => contexts.get(page) ?? new Float32Array(), CONTEXT.length)
// The second look is only for what the first one leaves in doubt.
const oddsOfRow = pages.flatMap((page, at) => (taught[at] ?? []).map((index) => firstOdds.get(page)?.[index] ?? 0))
const secondWeights = weights.map((weight, row) => ((oddsOfRow[row] ?? 0) > DOUBT ? weight : 0))
const secondBins: Binned = {
  count: firstBins.count,
  columns: [...firstBins.columns, ...contextBins.columns],
  edges: [...firstBins.edges, ...contextBins.edges],
}
if (flags.includes('--write')) {
  write(grow(firstBins, { labels, weights }, FIRST), grow(secondBins, { labels, weights: secondWeights }, SECOND))
}
if (flags.includes('--cv')) {
  const secondOdds = new Map<LearnedPage, Float64Array>()
  for (let fold = 0; fold < FOLDS; fold++) {
    const forest = grow(
      secondBins,
      { labels, weights: secondWeights.map((weight, row) => (foldOfRow[row] === fold ? 0 : weight)) },
      SECOND,
    )
    for (const page of pages)
      if (folds.get(page) === fold) {
        const odds = Float64Array.from(firstOdds.get(page) ?? [])
        const indices = doubtful(odds)
        const context = contextOf(page.passages, odds, indices)
        const { rows, width } = withContext({ rows: page.rows, width: FEATURES.length }, context, indices)
        for (const [at, answer] of ask(forest, rows, width).entries()) odds[indices[at] ?? 0] = answer
        secondOdds.set(page, odds)
      }
    log(`second look, fold ${fold}`)
  }
  for (const cut of [-0.3, 0, 0.3])
    report(
      `second look, sites not learned from, cut ${cut}`,
      pages,
      (page) => secondOdds.get(page)?.map((odds) => odds - cut) ?? [],
    )
  report(
    'mean of both looks',
    pages,
    (page) => secondOdds.get(page)?.map((odds, index) => (odds + (firstOdds.get(page)?.[index] ?? 0)) / 2) ?? [],
  )
  const worst = flags.find((flag) => flag.startsWith('--worst='))?.slice(8)
  if (worst !== undefined) explainWorst(Number(worst), secondOdds)
}
function binAll(rows: (page: LearnedPage) => Float32Array, width: number): Binned {
  const all = new Float32Array(labels.length * width)
  let at = 0
  for (const [number, page] of pages.entries())
    for (const index of taught[number] ?? []) {
      all.set(rows(page).subarray(index * width, (index + 1) * width), at)
      at += width
    }
  return bin(all, width)
}

/** For the worst pages: the largest pieces that were wrongly left out or let in. */
function explainWorst(count: number, odds: Map<LearnedPage, Float64Array>): void {
  const graded = pages.flatMap((page) => {
    const answers = odds.get(page)
    if (answers === undefined || page.truth.articleBody === undefined) return []
    const text = page.texts.filter((_, index) => (answers[index] ?? -9) > 0).join('\n')
    return [{ page, answers, ...compareTexts(page.truth.articleBody, text) }]
  })
  for (const { page, answers, f1, precision, recall } of graded.toSorted((a, b) => a.f1 - b.f1).slice(0, count)) {
    console.log(
      `${page.set} ${page.id} ${page.site} F1 ${f1.toFixed(3)} P ${precision.toFixed(3)} R ${recall.toFixed(3)}`,
    )
    const wrong = page.texts.flatMap((text, index) => {
      const label = page.labels[index] ?? 0
      const isIn = (answers[index] ?? 0) > 0
      return label >= 0.5 === isIn ? [] : [{ text, isIn, box: page.passages.passages[index]?.box }]
    })
    for (const { text, isIn, box } of wrong.toSorted((a, b) => b.text.length - a.text.length).slice(0, 3))
      console.log(
        `    ${isIn ? 'extra  ' : 'missing'} ${String(text.length).padStart(5)} ${box?.signature.slice(0, 60) ?? ''}: ${text.slice(0, 90)}`,
      )
  }
}

function foldsBySite(all: LearnedPage[]): Map<LearnedPage, number> {
  const numbers = new Map<string, number>()
  for (const site of [...new Set(all.map((page) => page.site))].toSorted()) {
    let hash = 7
    for (const letter of site) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
    numbers.set(site, (hash >>> 3) % FOLDS)
  }
  return new Map(all.map((page) => [page, numbers.get(page.site) ?? 0]))
}

function report(name: string, all: LearnedPage[], odds: (page: LearnedPage) => ArrayLike<number>): void {
  console.log(name)
  for (const set of new Set(all.map((page) => page.set))) {
    const own = all.filter((page) => page.set === set)
    const scores: { precision: number; recall: number; f1: number }[] = []
    const snippets = { right: 0, wrong: 0, missed: 0 }
    for (const page of own) {
      const kept = settle(page.passages, Float64Array.from(odds(page)), page.hints)
      const text = page.passages.passages
        .filter((_, index) => kept.has(index))
        .map((passage) => passage.text)
        .join('\n')
      if (page.truth.articleBody !== undefined) scores.push(compareTexts(page.truth.articleBody, text))
      const flat = text.replace(/\s+/g, ' ')
      const has = (snippet: string) => flat.includes(snippet.replace(/\s+/g, ' ').trim())
      const found = (page.truth.with ?? []).filter(has).length
      snippets.right += found
      snippets.missed += (page.truth.with ?? []).length - found
      snippets.wrong += (page.truth.without ?? []).filter(has).length
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const f = (value: number) => value.toFixed(4)
    const precision = mean(scores.map((score) => score.precision).filter((value) => !Number.isNaN(value)))
    const recall = mean(scores.map((score) => score.recall))
    const line = [`  ${set.padEnd(9)}`]
    if (scores.length > 0)
      line.push(
        `F1 ${f((2 * precision * recall) / (precision + recall))} P ${f(precision)} R ${f(recall)} page-F1 ${f(mean(scores.map(({ f1 }) => f1)))} below .5: ${(scores.filter(({ f1 }) => f1 < 0.5).length / scores.length).toFixed(4)}`,
      )
    const { right, wrong, missed } = snippets
    if (right + missed > 0)
      line.push(
        `snippets F1 ${f((2 * right) / (2 * right + wrong + missed))} P ${f(right / (right + wrong))} R ${f(right / (right + missed))}`,
      )
    console.log(line.join(' '))
  }
}

function write(first: Forest, second: Forest): void {
  const lines = [
    '/** The model of `choose.ts`. Generated by `scripts/train-body.ts`: not to be edited. */',
    `export const FIRST_LOOK =\n  '${writeForest(first)}'`,
    `export const SECOND_LOOK =\n  '${writeForest(second)}'`,
  ]
  writeFileSync(new URL('../src/articles/body/weights.ts', import.meta.url), `${lines.join('\n\n')}\n`)
}
