/** What a passage's chance owes to those around it: the second look, with the first look's chances of all the others. */
import { type Table } from './features.ts'
import { type Box, type Passages } from './passages.ts'

const STEPS = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]
const LEVELS = [0, 1, 2, 3, 4]

export const CONTEXT: readonly string[] = [
  'odds', 'chance', ...STEPS.map((step) => `chance at ${step}`), ...LEVELS.flatMap((up) => [`chance ${up} up`, `share of all ${up} up`]),
  'chance of signature', 'sure before', 'sure after', 'since sure', 'until sure', 'mean before', 'mean after', 'chance of page', 'chance of same text',
] as const // prettier-ignore

/** Below these odds the first look is believed. */
export const DOUBT = -4

/** The passages that are worth a second look, by their index. */
export function doubtful(odds: Float64Array): number[] {
  return [...odds.keys()].filter((index) => (odds[index] ?? DOUBT) > DOUBT)
}

/** The rows of these passages with their context behind them. */
export function withContext({ width, rows }: Table, context: Float32Array, indices: number[]): Table {
  const both = width + CONTEXT.length
  const wide = new Float32Array(indices.length * both)
  for (const [at, index] of indices.entries()) {
    wide.set(rows.subarray(index * width, (index + 1) * width), at * both)
    wide.set(context.subarray(at * CONTEXT.length, (at + 1) * CONTEXT.length), at * both + width)
  }
  return { width: both, rows: wide }
}

/** A row of figures for each of these passages, of the odds that the first look gave all of the page. */
export function contextOf({ passages }: Passages, odds: Float64Array, indices: number[]): Float32Array {
  const count = passages.length
  const width = CONTEXT.length
  const rows = new Float32Array(indices.length * width)
  const chances = Float64Array.from(odds, (value) => 1 / (1 + Math.exp(-value)))
  const before = new Float64Array(count + 1)
  const units = new Float64Array(count + 1)
  const signatures = new Map<string, { units: number; likely: number }>()
  const texts = new Map<string, number>()
  for (const [index, { units: own, box, text }] of passages.entries()) {
    const likely = own * (chances[index] ?? 0)
    before[index + 1] = (before[index] ?? 0) + likely
    units[index + 1] = (units[index] ?? 0) + own
    const signature = signatures.get(box.signature) ?? { units: 0, likely: 0 }
    signature.units += own
    signature.likely += likely
    signatures.set(box.signature, signature)
    const key = text.slice(0, 200)
    texts.set(key, Math.max(texts.get(key) ?? 0, chances[index] ?? 0))
  }
  const total = before[count] ?? 0
  const lastSure = new Int32Array(count)
  const nextSure = new Int32Array(count)
  for (let index = 0, last = -1; index < count; index++) {
    lastSure[index] = last
    if ((chances[index] ?? 0) > 0.6 && (passages[index]?.units ?? 0) > 60) last = index
  }
  for (let index = count - 1, next = count; index >= 0; index--) {
    nextSure[index] = next
    if ((chances[index] ?? 0) > 0.6 && (passages[index]?.units ?? 0) > 60) next = index
  }
  const within = (from: number, to: number) => {
    const size = (units[to] ?? 0) - (units[from] ?? 0)
    return size === 0 ? 0 : ((before[to] ?? 0) - (before[from] ?? 0)) / size
  }
  let at = 0
  const put = (value: number) => {
    rows[at++] = value
  }
  for (const index of indices) {
    const passage = passages[index]
    if (passage === undefined) continue
    put(odds[index] ?? 0)
    put(chances[index] ?? 0)
    for (const step of STEPS) put(chances[index + step] ?? -1)
    let box: Box | undefined = passage.box
    LEVELS.forEach(() => {
      put(box === undefined ? -1 : within(box.from, box.to))
      put(box === undefined || total === 0 ? -1 : ((before[box.to] ?? 0) - (before[box.from] ?? 0)) / total)
      box = box?.parent
    })
    const signature = signatures.get(passage.box.signature)
    put(signature === undefined || signature.units === 0 ? 0 : signature.likely / signature.units)
    put(total === 0 ? 0 : (before[index] ?? 0) / total)
    put(total === 0 ? 0 : (total - (before[index + 1] ?? 0)) / total)
    put(Math.min(index - (lastSure[index] ?? 0), 100))
    put(Math.min((nextSure[index] ?? 0) - index, 100))
    put(within(Math.max(0, index - 10), index))
    put(within(Math.min(index + 1, count), Math.min(index + 11, count)))
    put(within(0, count))
    put(texts.get(passage.text.slice(0, 200)) ?? 0)
  }
  return rows
}
