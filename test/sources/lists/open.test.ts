import assert from 'node:assert/strict'
import { join } from 'node:path'
import { scoreFolder, summarize } from '../../../bench/lists.ts'

const folder = join(import.meta.dirname, '../../../bench/lists/open')

describe('lists of articles, on the labelled pages that are open', () => {
  const scores = scoreFolder(folder)

  it('has thirty pages and more', () => {
    assert.ok(scores.length >= 30, String(scores.length))
  })

  it('finds nine of ten articles, and of what it gives nineteen of twenty are articles', () => {
    const { precision, recall } = summarize(scores)
    assert.ok(precision >= 0.95, `precision ${precision}`)
    assert.ok(recall >= 0.9, `recall ${recall}`)
  })

  it('gives the fields that the page shows', () => {
    const { fill } = summarize(scores)
    for (const [field, least] of [
      ['title', 0.97],
      ['date', 0.95],
      ['author', 0.9],
      ['image', 0.95],
    ] as const)
      assert.ok((fill[field] ?? 0) >= least, `${field} ${fill[field]}`)
  })

  for (const score of scores)
    it(`reads ${score.id}`, () => {
      assert.deepEqual({ missed: score.missed, wrong: score.wrong }, { missed: [], wrong: [] })
    })
})
