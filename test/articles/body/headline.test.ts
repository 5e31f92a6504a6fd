import assert from 'node:assert/strict'
import { headlineAt } from '../../../src/articles/body/headline.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('headlineAt', () => {
  const at = (html: string, title: string | undefined) =>
    headlineAt(readPassages(parseHtml(`<body>${html}</body>`)('body')[0]!).passages, title)

  it('is the heading that says what the title says, the first of them, and an h1 before all others', () => {
    assert.equal(at('<h1>The Paper</h1><h2>The Wall!</h2><p>The wall</p><h2>The wall</h2>', 'The wall'), 1)
    assert.equal(at('<h3>The wall</h3><h1>The wall</h1><h1>The wall</h1>', 'The wall'), 1)
    assert.equal(at('<h2>防波堤、来年末までに 1メートル高く</h2>', '防波堤、来年末までに１メートル高く'), 0)
  })

  it('is none where no heading says it, or no title is known', () => {
    assert.equal(at('<h1>The Paper</h1><p>The wall</p>', 'The wall'), -1)
    assert.equal(at('<h1>The wall</h1>', undefined), -1)
  })
})
