import assert from 'node:assert/strict'
import { Failure } from '../src/failures.ts'
import { type Item } from '../src/item.ts'
import { parseHere } from '../src/parse-here.ts'
import { openParsing, sourceParsing, type Parsing } from '../src/parse.ts'

const ITEM: Item = {
  url: 'https://gazette.example/storm',
  published: '2026-03-02T08:30:00Z',
  body: {
    form: 'page',
    value: `<html lang="en"><head><title>Storm</title></head><body><article><h1>Storm</h1>${'<p>The quay stayed shut on Monday, after waves broke over it.</p>'.repeat(3)}</article></body></html>`,
  },
}
const OPTIONS = { sourceId: 'main', topics: ['news'], now: new Date('2026-03-10T12:00:00Z') }

describe('parse', () => {
  let parsing: Parsing
  before(() => (parsing = openParsing()))
  after(() => parsing.close())

  it('gives the same as in this process: articles', async () => {
    const { parse } = parsing
    const draft = await parse('readItem', ITEM, 'Europe/London')
    assert.deepEqual(draft, await parseHere('readItem', ITEM, 'Europe/London'))
    assert.ok(draft.publishedAt instanceof Date)
    const article = await parse('makeArticle', ITEM, draft, undefined, OPTIONS)
    assert.deepEqual(article, await parseHere('makeArticle', ITEM, draft, undefined, OPTIONS))
    assert.equal(article.title, 'Storm')
  })

  it('gives the same as in this process: feeds, and what of them was left out', async () => {
    const feed =
      '<rss version="2.0"><channel><item><title>Lost</title></item><item><title>Storm</title><link>/storm</link></item></channel></rss>'
    const read = async (parse: Parsing['parse']) => {
      const faults: Failure[] = []
      const items = await sourceParsing(parse, (failure) => faults.push(failure))(
        'rss',
        feed,
        'https://gazette.example/feed.xml',
      )
      return { items, faults: faults.map((failure) => failure.toJSON()) }
    }
    const there = await read(parsing.parse)
    assert.deepEqual(there, await read(parseHere))
    assert.deepEqual(
      there.faults.map(({ code }) => code),
      ['source.item'],
    )
  })

  it('throws the same failures', async () => {
    for (const parse of [parsing.parse, parseHere]) {
      await assert.rejects(sourceParsing(parse, () => undefined)('rss', '<html>', 'https://gazette.example/'), {
        code: 'source.notFeed',
      })
    }
  })

  it('keeps this process free for others while a page that was made to be slow is read', async () => {
    const value = `<div>${'<p>a, b, c, d, <a href=x>e</a></p><table><p>x'.repeat(30_000)}`
    await parsing.parse('readItem', ITEM)
    let turns = 0
    const others = setInterval(() => (turns += 1), 1)
    await parsing.parse('readItem', { ...ITEM, body: { form: 'page', value } })
    clearInterval(others)
    // What was worked on here is to hand it over and to take the answer; had it been read here, there had been no turn.
    assert.ok(turns > 10, `${turns} turns`)
  })
})
