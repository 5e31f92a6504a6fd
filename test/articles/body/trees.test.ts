import assert from 'node:assert/strict'
import { bin, grow } from '../../../scripts/train/forest.ts'
import { ask, readForest, writeForest } from '../../../src/articles/body/trees.ts'

describe('a forest of decision trees', () => {
  const growth = { trees: 40, leaves: 8, rate: 0.3, least: 0.1, rows: 1, features: 1, calm: 0.1 }
  // True where exactly one of both figures is above a half: neither alone tells anything.
  const rows = Float32Array.from({ length: 800 }, (_, index) => ((index * 7919) % 997) / 997)
  const labels = Float32Array.from({ length: 400 }, (_, row) =>
    (rows[row * 2] ?? 0) > 0.5 !== (rows[row * 2 + 1] ?? 0) > 0.5 ? 1 : 0,
  )
  const lessons = { labels, weights: new Float32Array(400).fill(1), groups: Uint16Array.from(labels.keys()) }
  const forest = grow(bin(rows, 2), lessons, growth)

  it('learns what no single figure tells', () => {
    const right = ask(forest, rows, 2).filter((odds, row) => odds > 0 === (labels[row] ?? 0) > 0.5).length
    assert.ok(right >= 390, `${right} of 400`)
  })

  it('is the same for the same lessons, and the same after it was written', () => {
    const text = writeForest(forest)
    assert.equal(writeForest(grow(bin(rows, 2), lessons, growth)), text)
    assert.deepEqual(ask(readForest(text), rows, 2), ask(forest, rows, 2))
  })

  it('does not learn from rows of no weight', () => {
    const half = lessons.weights.map((_, row) => (row < 200 ? 1 : 0))
    const wrong = labels.map((label, row) => (row < 200 ? label : 1 - label))
    assert.equal(
      writeForest(grow(bin(rows, 2), { ...lessons, labels: wrong, weights: half }, growth)),
      writeForest(grow(bin(rows, 2), { ...lessons, weights: half }, growth)),
    )
  })
})
