import assert from 'node:assert/strict'
import { readEntries } from '../../src/feeds/entry.ts'
import { openMemory } from '../../src/feeds/memory.ts'
import { article } from './nouns.ts'

const look = { content: 'full', language: 'en-GB' } as const
const entries = (numbers: number[], changes = {}) =>
  readEntries(numbers.map((number) => article(number, changes))).entries

describe('feeds/memory', () => {
  it('gives the same item again for an article that shows the same', () => {
    const memory = openMemory()
    const [first] = memory.items(entries([1]), look)
    const [second, other] = memory.items(entries([2, 1], { hash: 'shown nowhere' }), look).toReversed()
    assert.equal(second, first)
    assert.notEqual(other, first)
  })

  it('makes another where anything that is shown differs', () => {
    const memory = openMemory()
    const [first] = memory.items(entries([1]), look)
    for (const changes of [{ title: 'x' }, { excerpt: 'x' }, { topics: ['x'] }, { updatedAt: new Date('2026-06-01') }])
      assert.notEqual(memory.items(entries([1], changes), look)[0], first)
    assert.notEqual(memory.items(entries([1]), { ...look, language: 'cy' })[0], first)
    assert.notEqual(memory.items(entries([1]), { ...look, content: 'excerpt' })[0], first)
  })

  it('forgets what was asked for longest ago', () => {
    const size = Object.values(openMemory().items(entries([1]), look)[0]!.pieces).join('').length
    const memory = openMemory(size * 2.5)
    const [one] = memory.items(entries([1]), look)
    const [two] = memory.items(entries([2]), look)
    memory.items(entries([1]), look)
    memory.items(entries([3]), look)
    assert.equal(memory.items(entries([1]), look)[0], one)
    assert.notEqual(memory.items(entries([2]), look)[0], two)
  })

  it('gives every item even when it can keep none', () => {
    assert.equal(openMemory(0).items(entries([1, 2, 3]), look).length, 3)
  })
})
