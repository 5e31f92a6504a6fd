/**
 * Trains the model that tells which passages of a page are its article (`src/articles/body/weights.ts`).
 *
 * `node scripts/train-body.ts FOLDER [--cv] [--worst=20] [--write] [--limit=N]`: FOLDER holds sets of pages with their true
 * texts. `--cv` prints what is reached on sites that were not learned from, `--worst` the pages it is worst on; the same
 * pages give the same model.
 */
import { writeFileSync } from 'node:fs'
import { settle } from '../src/articles/body/choose.ts'
import { FEATURES } from '../src/articles/body/features.ts'
import { ask, writeForest } from '../src/articles/body/trees.ts'
import { bin, type Binned, grow, type Growth } from './train/forest.ts'
import { compareTexts } from './train/labels.ts'
import { type LearnedPage, readPages } from './train/pages.ts'

const FOLDS = 5
const GROWTH: Growth = { trees: 180, leaves: 24, rate: 0.09, least: 0.4, rows: 0.6, features: 0.3, calm: 1 }
const SETS = ['zyte', 'wcxb', 'segments', 'mozilla', 'postlight']

const [folder = '', ...flags] = process.argv.slice(2)
const limit = Number(flags.find((flag) => flag.startsWith('--limit='))?.slice(8) ?? Infinity)
const started = performance.now()
const log = (text: string) => console.error(`${((performance.now() - started) / 1000).toFixed(0)} s  ${text}`)

const pages = readPages(folder, SETS, limit)
log(
  `${pages.length} pages, ${pages.reduce((sum, page) => sum + page.texts.length, 0)} passages, ${FEATURES.length} features`,
)

// All passages that there is a label for, page by page.
const taught = pages.map((page) => [...page.weights.keys()].filter((index) => (page.weights[index] ?? 0) > 0))
const labels = Float32Array.from(
  pages.flatMap((page, at) => (taught[at] ?? []).map((index) => page.labels[index] ?? 0)),
)
const weights = Float32Array.from(
  pages.flatMap((page, at) => (taught[at] ?? []).map((index) => page.weights[index] ?? 0)),
)
const sites = [...new Set(pages.map((page) => page.site))]
const groups = Uint16Array.from(pages.flatMap((page, at) => (taught[at] ?? []).map(() => sites.indexOf(page.site))))
const bins = binAll()
log(`${labels.length} passages with a label`)

if (flags.includes('--cv')) crossValidate()
if (flags.includes('--write')) write()

/** Trains on the sites of all folds but one, and asks about those of that one. */
function crossValidate(): void {
  const best = (page: LearnedPage) =>
    new Set([...page.texts.keys()].filter((index) => (page.labels[index] ?? 0) >= 0.5))
  report('the best choice of passages that there is', best)
  const folds = foldsOf(sites)
  const odds = new Map<LearnedPage, Float64Array>()
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = weights.map((weight, row) => (folds[groups[row] ?? 0] === fold ? 0 : weight))
    const forest = grow(bins, { labels, groups, weights: others }, GROWTH)
    for (const page of pages)
      if (folds[sites.indexOf(page.site)] === fold) odds.set(page, ask(forest, page.rows, FEATURES.length))
    log(`fold ${fold}`)
  }
  const answers = (page: LearnedPage) => odds.get(page) ?? new Float64Array()
  const settled = new Map(pages.map((page) => [page, settle(page.passages, answers(page), page.hints)]))
  report(
    'the model alone, sites not learned from',
    (page) => new Set([...answers(page).keys()].filter((index) => (answers(page)[index] ?? 0) > 0)),
  )
  report('the model and its doubts, sites not learned from', (page) => settled.get(page) ?? new Set())
  const worst = flags.find((flag) => flag.startsWith('--worst='))?.slice(8)
  if (worst !== undefined) explainWorst(Number(worst), (page) => settled.get(page) ?? new Set())
}

function binAll(): Binned {
  const width = FEATURES.length
  const all = new Float32Array(labels.length * width)
  let at = 0
  for (const [number, { rows }] of pages.entries())
    for (const index of taught[number] ?? []) {
      all.set(rows.subarray(index * width, (index + 1) * width), at)
      at += width
    }
  return bin(all, width)
}

/** For the worst pages: the largest pieces that were wrongly left out or let in. */
function explainWorst(count: number, choose: (page: LearnedPage) => Set<number>): void {
  const graded = pages.flatMap((page) => {
    if (page.truth.articleBody === undefined) return []
    const text = page.texts.filter((_, index) => choose(page).has(index)).join('\n')
    return [{ page, ...compareTexts(page.truth.articleBody, text) }]
  })
  for (const { page, f1, precision, recall } of graded.toSorted((a, b) => a.f1 - b.f1).slice(0, count)) {
    console.log(
      `${page.set} ${page.id} ${page.site} F1 ${f1.toFixed(3)} P ${precision.toFixed(3)} R ${recall.toFixed(3)}`,
    )
    const wrong = page.texts.flatMap((text, index) => {
      const label = page.labels[index] ?? 0
      const isIn = choose(page).has(index)
      return label >= 0.5 === isIn ? [] : [{ text, isIn, box: page.passages.passages[index]?.box }]
    })
    for (const { text, isIn, box } of wrong.toSorted((a, b) => b.text.length - a.text.length).slice(0, 3))
      console.log(
        `    ${isIn ? 'extra  ' : 'missing'} ${String(text.length).padStart(5)} ${box?.signature.slice(0, 60) ?? ''}: ${text.slice(0, 90)}`,
      )
  }
}

/** The fold of each site. */
function foldsOf(names: string[]): number[] {
  return names.map((site) => {
    let hash = 7
    for (const letter of site) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
    return (hash >>> 3) % FOLDS
  })
}

function report(name: string, choose: (page: LearnedPage) => Set<number>): void {
  console.log(name)
  for (const set of SETS) {
    const own = pages.filter((page) => page.set === set)
    const scores: { precision: number; recall: number; f1: number }[] = []
    const snippets = { right: 0, wrong: 0, missed: 0 }
    for (const page of own) {
      const kept = choose(page)
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

function write(): void {
  const text = writeForest(grow(bins, { labels, weights, groups }, GROWTH))
  writeFileSync(
    new URL('../src/articles/body/weights.ts', import.meta.url),
    `/** The model of \`choose.ts\`. Generated by \`scripts/train-body.ts\`: not to be edited. */\nexport const WEIGHTS =\n  '${text}'\n`,
  )
}
