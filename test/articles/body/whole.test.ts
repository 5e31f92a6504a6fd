import assert from 'node:assert/strict'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { withWhole } from '../../../src/articles/body/whole.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('withWhole', () => {
  const kept = (html: string, ...chosen: number[]) => [
    ...withWhole(readPassages(parseHtml(`<body>${html}</body>`)('body')[0]!), new Set(chosen)),
  ]

  it('keeps all of a quote or a table of which more than half was chosen, and no more of one of which less was', () => {
    const long = 'The wall will be a metre higher by the end of next year.'
    const quote = `<p>Text</p><blockquote><p>${long}</p><p>Ida Holm, mayor</p></blockquote><p>Text</p>`
    assert.deepEqual(kept(quote, 0, 1, 3).toSorted(), [0, 1, 2, 3])
    assert.deepEqual(kept(quote, 0, 2, 3).toSorted(), [0, 2, 3])
    const table = '<table><tr><td>Boat</td><td>Crew</td></tr><tr><td>Alma</td><td>Four</td></tr></table>'
    assert.deepEqual(kept(table, 0, 1, 2).toSorted(), [0, 1, 2, 3])
  })

  it('keeps a listing and a post within the text, whatever was chosen of them, and none in the margin or behind it', () => {
    const listing = '<pre>let wall = 4</pre>'
    assert.deepEqual(kept(`<p>Text</p>${listing}<p>Text</p>`, 0, 2).toSorted(), [0, 1, 2])
    assert.deepEqual(kept(`<p>Text</p><aside>${listing}</aside><p>Text</p>`, 0, 2).toSorted(), [0, 2])
    assert.deepEqual(kept(`<p>Text</p><p>Text</p>${listing}`, 0, 1).toSorted(), [0, 1])
    const post = '<blockquote class="short-media"><p>Storm!</p></blockquote>'
    assert.deepEqual(kept(`<p>Text</p>${post}<p>Text</p>`, 0, 2).toSorted(), [0, 1, 2])
  })
})
