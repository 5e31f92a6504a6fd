import assert from 'node:assert/strict'
import { NAME_KINDS, namesOf } from '../../../src/articles/body/names.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('namesOf', () => {
  const kinds = (attributes: string) => {
    const bits = namesOf(parseHtml(`<div ${attributes}>x</div>`)('div')[0]!)
    return NAME_KINDS.filter((_, index) => bits & (1 << index))
  }

  it('reads words whatever way they are joined', () => {
    for (const written of ['related-posts', 'relatedPosts', 'box_related', 'RELATED'])
      assert.ok(kinds(`class="${written}"`).includes('related'), written)
  })

  it('knows a word by its beginning only where that says enough', () => {
    assert.ok(kinds('class="commentlist"').includes('comment'))
    assert.deepEqual(kinds('class="shade address"'), [])
  })

  it('reads class, id, role and itemprop, and has nothing to say of an element without them', () => {
    assert.ok(kinds('id="sidebar"').includes('side'))
    assert.ok(kinds('itemprop="articleBody"').includes('story'))
    assert.deepEqual(kinds('title="comments"'), [])
  })

  it('has few enough kinds for a set of bits', () => {
    assert.ok(NAME_KINDS.length < 32)
  })
})
