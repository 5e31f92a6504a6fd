/** Grows a forest of decision trees by gradient boosting: each tree mends what those before it get wrong. */
import { type Forest } from '../../src/articles/body/trees.ts'

export interface Growth {
  trees: number
  leaves: number
  /** How much of a tree's answer is taken. */
  rate: number
  /** Least sum of weights in a leaf. */
  least: number
  /** Share of the groups and of the features that each tree sees. */
  rows: number
  features: number
  /** Pulls a leaf's value to zero. */
  calm: number
}

/** What each row ought to be (0 to 1), and how much it matters. */
export interface Lessons {
  labels: Float32Array
  weights: Float32Array
  /** The group of each row, from 0: each tree sees some groups whole and the others not at all. */
  groups: Uint16Array
}

const BINS = 64
const NONE = new Uint8Array()

/** Rows of figures, each figure as the number of the bin that it falls into. */
export interface Binned {
  count: number
  /** For each feature, the bin of each row. */
  columns: Uint8Array[]
  /** For each feature, the highest value of each bin. */
  edges: Float32Array[]
}

export function bin(rows: Float32Array, width: number): Binned {
  const count = rows.length / width
  const columns: Uint8Array[] = []
  const edges: Float32Array[] = []
  const sample = Math.max(1, Math.floor(count / 20_000))
  for (let feature = 0; feature < width; feature++) {
    const seen: number[] = []
    for (let row = 0; row < count; row += sample) seen.push(rows[row * width + feature] ?? 0)
    seen.sort((a, b) => a - b)
    const distinct = [...new Set(seen)]
    const found =
      distinct.length <= BINS
        ? distinct.slice(0, -1).map((value, index) => (value + (distinct[index + 1] ?? value)) / 2)
        : [
            ...new Set(
              Array.from({ length: BINS - 1 }, (_, index) => seen[Math.floor(((index + 1) / BINS) * seen.length)] ?? 0),
            ),
          ]
    const edge = Float32Array.from(found)
    const column = new Uint8Array(count)
    for (let row = 0; row < count; row++) {
      const value = rows[row * width + feature] ?? 0
      let low = 0
      let high = edge.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (value <= (edge[middle] ?? 0)) high = middle
        else low = middle + 1
      }
      column[row] = low
    }
    columns.push(column)
    edges.push(edge)
  }
  return { count, columns, edges }
}

function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

interface Leaf {
  node: number
  rows: Int32Array
  gradient: number
  weight: number
  sums: Float64Array
  gain: number
  feature: number
  cut: number
}

/** A forest that learned from those of the rows whose weight is above zero; the same rows give the same forest. */
export function grow(binned: Binned, { labels, weights, groups }: Lessons, growth: Growth, seed = 1): Forest {
  const { count } = binned
  const width = binned.columns.length
  const taught = Int32Array.from([...weights.keys()].filter((row) => (weights[row] ?? 0) > 0))
  const groupCount = taught.reduce((most, row) => Math.max(most, (groups[row] ?? 0) + 1), 0)
  const usual = taught.reduce((sum, row) => sum + (weights[row] ?? 0), 0) / taught.length
  const next = random(seed)
  const odds = new Float64Array(count)
  let positive = 0
  let total = 0
  for (const row of taught) {
    positive += (labels[row] ?? 0) * (weights[row] ?? 0)
    total += weights[row] ?? 0
  }
  const start = Math.fround(Math.log(positive / (total - positive)))
  odds.fill(start)
  const gradients = new Float64Array(count)
  const curves = new Float64Array(count)
  const roots: number[] = []
  const features: number[] = []
  const thresholds: number[] = []
  const left: number[] = []
  const cuts: number[] = []
  for (let tree = 0; tree < growth.trees; tree++) {
    const chosen = new Int32Array(taught.length)
    let size = 0
    const seen = Array.from({ length: groupCount }, () => next() < growth.rows)
    for (const row of taught) {
      const weight = weights[row] ?? 0
      if (!seen[groups[row] ?? 0]) continue
      // What matters little is looked at seldom, and then counts for all that is left out.
      const share = Math.min(1, Math.max(0.12, weight / usual))
      if (next() >= share) continue
      const p = 1 / (1 + Math.exp(-(odds[row] ?? 0)))
      const scale = weight / share
      gradients[row] = scale * ((labels[row] ?? 0) - p)
      curves[row] = scale * Math.max(p * (1 - p), 1e-6)
      chosen[size++] = row
    }
    const columns = Array.from({ length: width }, (_, index) => index).filter(() => next() < growth.features)
    growTree(chosen.subarray(0, size), columns)
    const root = roots.at(-1) ?? 0
    for (const row of taught) {
      let node = root
      for (let feature = features[node] ?? -1; feature >= 0; feature = features[node] ?? 0)
        node = (left[node] ?? 0) + (((binned.columns[feature] ?? NONE)[row] ?? 0) <= (cuts[node] ?? 0) ? 0 : 1)
      odds[row] = (odds[row] ?? 0) + (thresholds[node] ?? 0)
    }
  }
  return {
    roots: Int32Array.from(roots),
    features: Int16Array.from(features),
    thresholds: Float32Array.from(thresholds),
    left: Int32Array.from(left),
    start,
  }

  function growTree(rows: Int32Array, columns: number[]): void {
    roots.push(features.length)
    const leaves = [makeLeaf(addNode(), rows, columns)]
    while (leaves.length < growth.leaves) {
      const best = leaves.reduce((a, b) => (b.gain > a.gain ? b : a))
      if (best.gain <= 1e-9) break
      leaves.splice(leaves.indexOf(best), 1)
      const column = binned.columns[best.feature]
      const low = best.rows.filter((row) => (column?.[row] ?? 0) <= best.cut)
      const high = best.rows.filter((row) => (column?.[row] ?? 0) > best.cut)
      features[best.node] = best.feature
      thresholds[best.node] = binned.edges[best.feature]?.[best.cut] ?? 0
      cuts[best.node] = best.cut
      const first = addNode()
      const second = addNode()
      left[best.node] = first
      const isLowSmall = low.length < high.length
      const small = makeLeaf(isLowSmall ? first : second, isLowSmall ? low : high, columns)
      const large = makeLeaf(isLowSmall ? second : first, isLowSmall ? high : low, columns, best, small)
      leaves.push(small, large)
    }
    for (const leaf of leaves) {
      features[leaf.node] = -1
      thresholds[leaf.node] = (growth.rate * leaf.gradient) / (leaf.weight + growth.calm)
    }
  }

  function addNode(): number {
    features.push(-1)
    thresholds.push(0)
    left.push(0)
    cuts.push(0)
    return features.length - 1
  }

  function makeLeaf(node: number, rows: Int32Array, columns: number[], parent?: Leaf, sibling?: Leaf): Leaf {
    const sums = new Float64Array(columns.length * BINS * 2)
    if (parent && sibling)
      for (let at = 0; at < sums.length; at++) sums[at] = (parent.sums[at] ?? 0) - (sibling.sums[at] ?? 0)
    else
      for (let index = 0; index < columns.length; index++) {
        const column = binned.columns[columns[index] ?? 0] ?? new Uint8Array()
        const from = index * BINS * 2
        for (const row of rows) {
          const at = from + (column[row] ?? 0) * 2
          sums[at] = (sums[at] ?? 0) + (gradients[row] ?? 0)
          sums[at + 1] = (sums[at + 1] ?? 0) + (curves[row] ?? 0)
        }
      }
    let gradient = 0
    let weight = 0
    for (let at = 0; at < BINS * 2; at += 2) {
      gradient += sums[at] ?? 0
      weight += sums[at + 1] ?? 0
    }
    const leaf: Leaf = { node, rows, gradient, weight, sums, gain: 0, feature: 0, cut: 0 }
    const whole = gradient ** 2 / (weight + growth.calm)
    for (let index = 0; index < columns.length; index++) {
      let lowGradient = 0
      let lowWeight = 0
      for (let cut = 0; cut < BINS - 1; cut++) {
        const at = (index * BINS + cut) * 2
        lowGradient += sums[at] ?? 0
        lowWeight += sums[at + 1] ?? 0
        const highWeight = weight - lowWeight
        if (lowWeight < growth.least) continue
        if (highWeight < growth.least) break
        const gain =
          lowGradient ** 2 / (lowWeight + growth.calm) +
          (gradient - lowGradient) ** 2 / (highWeight + growth.calm) -
          whole
        if (gain > leaf.gain && cut < (binned.edges[columns[index] ?? 0]?.length ?? 0)) {
          leaf.gain = gain
          leaf.feature = columns[index] ?? 0
          leaf.cut = cut
        }
      }
    }
    return leaf
  }
}
