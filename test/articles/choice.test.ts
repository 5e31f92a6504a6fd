import assert from 'node:assert/strict'
import { matches } from '../../src/articles/choice.ts'
import { makeArticle } from '../../src/articles/article.ts'

const article = makeArticle(
  { url: 'https://gazette.example/a', title: 'Storm at Sea', authors: ['Mara Lund'], topics: ['News', 'sea'] },
  { authors: [], topics: [], html: '<p>The HARBOUR was closed.</p>' },
  undefined,
  { sourceId: 'main', topics: [], now: new Date('2026-03-01') },
)

describe('matches', () => {
  it('takes everything when nothing is asked for', () => {
    assert.ok(matches(article, {}))
    assert.ok(matches(article, { topics: [], sources: undefined }))
  })

  it('asks for one of several sources, topics or authors, whatever the case of the last two', () => {
    assert.ok(matches(article, { sources: ['main', 'x'], topics: ['sport', 'news'], authors: ['mara lund'] }))
    assert.ok(!matches(article, { sources: ['Main'] }))
    assert.ok(!matches(article, { topics: ['new'] }))
  })

  it('asks for the text in title or body, whatever its case', () => {
    assert.ok(matches(article, { text: 'storm AT' }))
    assert.ok(matches(article, { text: 'harbour' }))
    assert.ok(!matches(article, { text: 'harbour wall' }))
  })

  it('asks for all conditions at once', () => {
    assert.ok(!matches(article, { sources: ['main'], topics: ['sport'] }))
  })
})
