import assert from 'node:assert/strict'
import { readBody } from '../../src/articles/article.ts'
import { clean } from '../../src/articles/clean.ts'
import { readMarkdown } from '../../src/articles/markdown.ts'
import { fixtures } from '../fixtures.ts'
import { pagesOfWork } from '../work.ts'

describe('readMarkdown', () => {
  for (const { name, input, expect } of fixtures('markdown')) {
    it(`reads: ${name}`, () => {
      const draft = readBody({ form: 'markdown', value: input }, 'https://gazette.example/news/floods')
      expect({ ...draft, html: clean(draft.html, { base: 'https://gazette.example/news/floods' }).split('\n') })
    })
  }

  it('passes HTML through, for clean to judge', () => {
    assert.match(readMarkdown('A <b>bold</b> word'), /<b>bold<\/b>/)
  })

  const bombs: Record<string, string> = {
    quotes: '>'.repeat(100_000) + ' x',
    'lists on lines': Array.from({ length: 2000 }, (_, index) => `${' '.repeat(index * 2)}- x`).join('\n'),
    'lists on one line': '- '.repeat(50_000) + 'x',
    brackets: '['.repeat(50_000) + 'x',
    stars: '*a '.repeat(30_000) + 'x',
  }
  for (const [name, text] of Object.entries(bombs)) {
    it(`takes time in proportion for nested ${name}, and loses nothing`, () => {
      const work = pagesOfWork(() => assert.match(readMarkdown(text), /x/))
      assert.ok(work < 160, `${work} pages`)
    })
  }
})
