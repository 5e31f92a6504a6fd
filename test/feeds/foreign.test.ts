import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { asExcerpt, isOnSite } from '../../src/feeds/foreign.ts'
import { article } from './nouns.ts'

describe('feeds/foreign', () => {
  for (const [url, site, ours] of [
    ['https://gazette.example/news/1', 'https://gazette.example/', true],
    ['http://www.gazette.example/news/1', 'https://news.gazette.example/', true],
    ['https://wire.example/1', 'https://gazette.example/', false],
    ['https://gazette.example.evil.example/1', 'https://gazette.example/', false],
    ['https://gazette.co.uk/1', 'https://other.co.uk/', false],
    ['https://one.github.io/1', 'https://two.github.io/', false],
    ['http://127.0.0.1:4001/1', 'http://127.0.0.1:4002/', true],
    ['http://intranet/1', 'http://intranet/', true],
  ] as const) {
    it(`takes ${url} for ${ours ? 'a page of' : 'no page of'} ${site}`, () => {
      assert.equal(isOnSite(url, [site]), ours)
    })
  }

  it('leaves of an article of others its excerpt, and leads to the whole', () => {
    const url = 'https://www.wire.example/a?b=1&c="d"'
    const { html, excerpt, title } = asExcerpt(article(1, { url, excerpt: 'Tide < "normal" & falling' }))
    const $ = load(html)
    assert.equal($('p').first().text(), 'Tide < "normal" & falling')
    assert.deepEqual([$('a').attr('href'), $('a').text()], [url, 'wire.example'])
    assert.deepEqual([title, excerpt], ['Story 1', 'Tide < "normal" & falling'])
    assert.equal(load(asExcerpt(article(1, { excerpt: '' })).html)('p').length, 1)
  })
})
