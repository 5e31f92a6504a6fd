import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { publicAddresses } from '../../src/addresses.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { checkFeed } from '../../src/feeds/checked.ts'
import { type Article, type Feed, type Site } from '../../src/model.ts'
import { addresses, article, feed, site } from './nouns.ts'

const fixtures = new URL('../fixtures/feeds/', import.meta.url)
const formats = ['rss.xml', 'atom.xml', 'feed.json'] as const

interface Input {
  feed: Feed
  site: Site
  server: string
  articles: Article[]
}

function readInput(name: string): Input {
  const dates = new Set(['publishedAt', 'updatedAt', 'firstSeenAt'])
  const text = readFileSync(new URL(`${name}/input.json`, fixtures), 'utf8')
  return JSON.parse(text, (key, value: unknown) =>
    dates.has(key) && typeof value === 'string' ? new Date(value) : value,
  ) as Input
}

describe('feeds/render', () => {
  for (const name of readdirSync(fixtures)) {
    for (const format of formats) {
      it(`renders the fixture ${name} as ${format}`, () => {
        const { feed, site, server, articles } = readInput(name)
        const files = renderFeed(feed, site, publicAddresses(server), articles)
        const expected = new URL(`${name}/expected.${format}`, fixtures)
        if (process.env['FIXTURES'] === 'write') writeFileSync(expected, files[format])
        assert.equal(files[format], readFileSync(expected, 'utf8'))
        assert.deepEqual(checkFeed(feed, site, publicAddresses(server), articles).files, files)
      })
    }
  }

  it('gives the same bytes for the same articles, in whatever order they come', () => {
    const articles = [1, 2, 3, 4, 5].map((number) => article(number))
    // Two of one moment, which only their ids put in order.
    articles.push(article(6, { publishedAt: article(5).publishedAt! }))
    const files = renderFeed(feed(), site, addresses, articles)
    assert.deepEqual(renderFeed(feed(), site, addresses, structuredClone(articles)), files)
    assert.deepEqual(renderFeed(feed(), site, addresses, articles.toReversed()), files)
  })

  it('shows the newest so many', () => {
    const articles = [1, 2, 3].map((number) => article(number))
    const { items } = JSON.parse(renderFeed(feed({ items: 2 }), site, addresses, articles)['feed.json']) as {
      items: { title: string }[]
    }
    assert.deepEqual(
      items.map(({ title }) => title),
      ['Story 3', 'Story 2'],
    )
  })

  it('dates a feed by the newest change of its articles, also when that is of an old one', () => {
    const files = renderFeed(feed(), site, addresses, [
      article(1, { updatedAt: new Date('2026-05-01T10:00:00Z') }),
      article(2),
    ])
    assert.match(files['atom.xml'], /^ {4}<updated>2026-05-01T10:00:00.000Z<\/updated>$/m)
    assert.match(files['rss.xml'], /<lastBuildDate>Fri, 01 May 2026 10:00:00 GMT<\/lastBuildDate>/)
  })

  it('dates an article that has no date by when it was first seen', () => {
    const undated = article(9)
    delete undated.publishedAt
    const files = renderFeed(feed(), site, addresses, [undated])
    assert.match(files['rss.xml'], /<pubDate>Mon, 09 Mar 2026 13:00:00 GMT<\/pubDate>/)
    assert.match(files['atom.xml'], /<published>2026-03-09T13:00:00.000Z<\/published>/)
    assert.match(files['feed.json'], /"date_published": "2026-03-09T13:00:00.000Z"/)
  })

  it('leaves out an article that cannot be shown, and shows the others', () => {
    const files = renderFeed(feed(), site, addresses, [article(1, { url: 'javascript:alert(1)' }), article(2)])
    for (const format of formats) {
      assert.doesNotMatch(files[format], /javascript|Story 1/)
      assert.match(files[format], /Story 2/)
    }
  })
})
