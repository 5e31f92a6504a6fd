import assert from 'node:assert/strict'
import { options } from '../../src/feeds/options.ts'

describe('feeds/options', () => {
  it('fills in what is not said', () => {
    assert.deepEqual(options.parse({ id: 'all', title: 'All' }), {
      id: 'all',
      title: 'All',
      was: [],
      each: [],
      where: {},
      items: 50,
      bytes: 1_000_000,
      retired: false,
      content: 'full',
    })
  })

  const wrong: [what: string, entry: object, path: string][] = [
    ['an id that is no part of an address', { id: 'All news' }, 'id'],
    ['an id that leads out of the folder', { id: '../all' }, 'id'],
    ['the id of the folder of pictures', { id: 'media' }, 'id'],
    ['an empty title', { title: ' ' }, 'title'],
    ['no items', { items: 0 }, 'items'],
    ['more items than readers take', { items: 501 }, 'items'],
    ['half an item', { items: 1.5 }, 'items'],
    ['an unknown content', { content: 'half' }, 'content'],
    ['an unknown condition', { where: { author: 'Ada' } }, 'where'],
    ['an unknown key', { limit: 5 }, ''],
  ]
  for (const [what, entry, path] of wrong) {
    it(`refuses ${what}`, () => {
      const { error } = options.safeParse({ id: 'all', title: 'All', ...entry })
      assert.deepEqual(
        error?.issues.map((issue) => issue.path.join('.')),
        [path],
      )
    })
  }

  it('describes every key', () => {
    for (const [key, schema] of Object.entries(options.shape)) assert.ok(schema.description, key)
  })
})
