import assert from 'node:assert/strict'
import fc from 'fast-check'
import { madeFeedId, valuesOf } from '../../src/feeds/each.ts'
import { article } from './nouns.ts'

/** What the web server takes for a name (web/feeds.ts). */
const plain = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u

const never = () => false
const slug = (value: string, isTaken: (id: string) => boolean = never) =>
  madeFeedId('all', 'topic', value, isTaken).slice('all/topic/'.length)

describe('feeds/each', () => {
  it('keeps letters and digits of any script', () => {
    assert.equal(slug('Harbour'), 'harbour')
    assert.equal(slug('Arts & Crafts, 2026'), 'arts-crafts-2026')
    assert.equal(slug('日本語'), '日本語')
    assert.equal(slug('Ελλάς'), slug('ΕΛΛΆΣ'))
    assert.equal(slug('Straße'), 'strasse')
  })

  it('never leads out of its folder, nor to nothing', () => {
    for (const value of [
      '../../etc',
      '..',
      '.',
      '/',
      '🚢',
      '👩🏽‍🚀',
      '\u0301',
      '-',
      'a/../b',
      'CON',
      '%2e%2e',
      'x'.repeat(300),
    ])
      assert.match(slug(value), plain, value)
    assert.equal(new Set(['..', '🚢', '/', '-'].map((value) => slug(value))).size, 4)
  })

  it('tells values apart whose names would be one', () => {
    assert.equal(slug('C'), 'c')
    assert.match(
      slug('C++', (id) => id === 'all/topic/c'),
      /^c-[0-9a-f]{10}$/,
    )
    assert.notEqual(slug(`${'x'.repeat(299)}a`), slug(`${'x'.repeat(299)}b`))
  })

  it('gives a name that every file system takes, for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (value) => {
        const name = slug(value)
        assert.match(name, plain)
        assert.ok(Buffer.byteLength(name) <= 240)
        assert.equal(slug(value), name)
      }),
    )
  })

  it('takes only what there is of topics, authors and source', () => {
    const one = article(1, { topics: ['Harbour', ' ', '\u0000', 'Sea\nside'], authors: [] })
    assert.deepEqual(valuesOf(one, 'topic'), ['Harbour', 'Sea side'])
    assert.deepEqual(valuesOf(one, 'author'), [])
    assert.deepEqual(valuesOf(one, 'source'), ['main'])
  })
})
