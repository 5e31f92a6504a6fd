/** The pages that the model learns from: a folder of sets, each with `truth.json` and `pages/ID.html.gz`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { getDomain } from 'tldts'
import { describe } from '../../src/articles/body/features.ts'
import { type Hints, hintsOf } from '../../src/articles/body/hints.ts'
import { isCaption, type Passages, readPassages } from '../../src/articles/body/passages.ts'
import { parseHtml } from '../../src/articles/markup.ts'
import { openPage } from '../../src/articles/metadata/page.ts'
import { readMetadata } from '../../src/articles/metadata.ts'
import { labelsOf, shinglesOf, wordsOf } from './labels.ts'

interface Truth {
  url: string
  articleBody?: string
  with?: string[]
  without?: string[]
  /** The first words of the text. */
  lead?: string
}

export interface LearnedPage {
  set: string
  id: string
  site: string
  truth: Truth
  texts: string[]
  passages: Passages
  hints: Hints
  rows: Float32Array
  labels: Float32Array
  weights: Float32Array
}

/** How much the sets matter; one whose truth is another extractor's output, little. */
const SHARES: Partial<Record<string, number>> = { zyte: 1.5, mozilla: 0.3 }

function readMaybeZipped(path: string): string {
  const bytes = readFileSync(path)
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
}

export function readPages(folder: string, sets: string[], limit = Infinity): LearnedPage[] {
  return sets.flatMap((set) => {
    const file = ['truth.json', 'truth.json.gz'].map((name) => join(folder, set, name)).find(existsSync)
    if (file === undefined) throw new Error(`no truth for ${set}`)
    const truths = JSON.parse(readMaybeZipped(file)) as Record<string, Truth>
    return Object.entries(truths)
      .slice(0, limit)
      .map(([id, truth]) => learn(set, id, truth, readMaybeZipped(join(folder, set, 'pages', `${id}.html.gz`))))
  })
}

function learn(set: string, id: string, truth: Truth, html: string): LearnedPage {
  const $ = parseHtml(html, { keepData: true })
  const page = openPage($, truth.url)
  const passages = readPassages($('body')[0] ?? $.root()[0] ?? fail())
  const hints = hintsOf(page, readMetadata(page))
  const table = describe(passages, hints)
  const texts = passages.passages.map(({ text }) => text)
  const { labels, weights } =
    truth.articleBody === undefined ? weakLabels(texts, truth) : strongLabels(texts, truth.articleBody)
  // Captions are decided with their pictures.
  for (const [index, passage] of passages.passages.entries()) if (isCaption(passage)) weights[index] = 0
  const share = SHARES[set] ?? 1
  for (const index of weights.keys()) weights[index] = (weights[index] ?? 0) * share
  const site = getDomain(truth.url) ?? truth.url
  return { set, id, site, truth, texts, passages, hints, rows: table.rows, labels, weights }
}

function fail(): never {
  throw new Error('a parsed document has a root')
}

function strongLabels(texts: string[], truth: string) {
  const labels = labelsOf(texts, truth)
  const shingles = shinglesOf(truth)
  const all = wordsOf(truth).length
  const weights = Float32Array.from(texts, (text, index) => {
    const words = wordsOf(text)
    const own = shinglesOf(text)
    // The same text once more: which of both is taken is no matter of likelihood.
    const isCopy =
      words.length > 5 &&
      (labels[index] ?? 0) < 0.3 &&
      [...own.keys()].filter((one) => shingles.has(one)).length > own.size * 0.8
    return isCopy ? 0 : ((words.length + 4) ** 0.65 / (all + 100) ** 0.65) * 1.5
  })
  return { labels: labels.map((label) => (label > 0.85 ? 1 : label < 0.2 ? 0 : label)), weights }
}

const even = (text: string) => text.replace(/\s+/g, ' ').trim()

function weakLabels(texts: string[], { with: wanted = [], without = [], lead }: Truth) {
  const labels = new Float32Array(texts.length)
  const weights = new Float32Array(texts.length)
  for (const [snippets, label] of [
    [without, 0],
    [[...wanted, ...(lead === undefined ? [] : [lead.slice(0, 50)])], 1],
  ] as const)
    for (const snippet of snippets.map(even)) {
      const found = texts.flatMap((text, index) => (text.includes(snippet) ? [index] : []))
      for (const index of found) {
        labels[index] = label
        weights[index] = 0.1 / found.length
      }
    }
  return { labels, weights }
}
