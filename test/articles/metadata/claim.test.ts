import assert from 'node:assert/strict'
import { claimsOf, decide } from '../../../src/articles/metadata/claim.ts'

describe('decide', () => {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

  it('believes two places that agree rather than one that is surer than each', () => {
    const found = decide(
      [
        { value: 'Storm', place: 'a', weight: 0.7 },
        { value: 'Calm', place: 'b', weight: 0.6 },
        { value: 'calm', place: 'c', weight: 0.5 },
      ],
      same,
    )
    assert.equal(found?.value, 'Calm')
    assert.equal(found.place, 'b')
    assert.deepEqual(found.runnerUp, { value: 'Storm', place: 'a' })
  })

  it('counts one place once, however often it says the same', () => {
    const claims = [...claimsOf('a', 0.5, ['x', 'x', 'x', 'x']), { value: 'y', place: 'b', weight: 0.6 }]
    assert.equal(decide(claims, same)?.value, 'y')
  })

  it('is less sure where another place contradicts', () => {
    const alone = decide([{ value: 'x', place: 'a', weight: 0.8 }], same)
    const disputed = decide(
      [
        { value: 'x', place: 'a', weight: 0.8 },
        { value: 'y', place: 'b', weight: 0.7 },
      ],
      same,
    )
    assert.equal(alone?.confidence, 0.8)
    assert.ok((disputed?.confidence ?? 1) < 0.8)
    assert.equal(decide([], same), undefined)
  })
})
