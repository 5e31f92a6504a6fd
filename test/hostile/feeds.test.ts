import assert from 'node:assert/strict'
import { openParsing, type Parsing } from '../../src/parse.ts'
import { encode, TEXTS } from '../http/encode.ts'
import { page, runRound, type Answer } from './round.ts'

const MANY = 100_000
const TEXT = 'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn.'
const rss = (items: string, head = '') =>
  `<?xml version="1.0"?>${head}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>${items}</channel></rss>`
const item = (at: number | string, more = '', text = TEXT) =>
  `<item><title>Story ${at}</title><link>/news/${at}</link>${more}<description>${text}</description></item>`
const guid = (name: string) => `<guid isPermaLink="false">${name}</guid>`

const LAUGHS = `<!DOCTYPE lolz [<!ENTITY a "lol">${Array.from({ length: 9 }, (_, at) => {
  const [inner, outer] = ['abcdefghi'[at] ?? '', 'bcdefghij'[at] ?? '']
  return `<!ENTITY ${outer} "${`&${inner};`.repeat(10)}">`
}).join('')}]>`
const XXE =
  '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY far SYSTEM "/far"><!ENTITY % p SYSTEM "/dtd">%p;]>'

interface Expected {
  faults?: string[]
  titles?: string[]
  /** Nothing of this is in any article. */
  never?: RegExp
  count?: number
}

const FEEDS: Record<string, [answer: Answer, expected: Expected]> = {
  'billion laughs': [rss(item(1, '', `${TEXT} &j;`), LAUGHS), { titles: ['Story 1'], never: /lollol/ }],
  'entities that lead to files and addresses': [
    rss(item(1, '', `${TEXT} &secret; &far;`), XXE),
    { titles: ['Story 1'], never: /root:|was read/ },
  ],
  'a page where a feed is expected': [page('No feed'), { faults: ['source.notFeed'], count: 0 }],
  'a page that calls itself a feed': [{ type: 'application/rss+xml', body: page('No feed') }, { faults: ['source.notFeed'], count: 0 }],
  'a login as JSON': [{ type: 'application/json', body: '{"error":"login"}' }, { faults: ['source.notFeed'], count: 0 }],
  'nothing': ['', { faults: ['source.notFeed'], count: 0 }],
  'a picture': [Buffer.from('89504e470d0a1a0a0000000d', 'hex'), { faults: ['source.notFeed'], count: 0 }],
  'a feed that breaks off': [rss(item(1)).slice(0, -40), { faults: ['source.notFeed'], count: 0 }],
  'two items with one guid': [rss(item(1, guid('x')) + item(2, guid('x'))), { faults: ['source.item'], titles: ['Story 1'] }],
  'no guids at all': [rss(item(1) + item(2)), { titles: ['Story 1', 'Story 2'] }],
  'neither guid nor link': [rss(`<item><title>Lost</title><description>${TEXT}</description></item>${item(1)}`), { faults: ['source.item'], titles: ['Story 1'] }],
  'links that are no web addresses': [
    rss(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'http://'].map((link) => `<item><title>x</title><link>${link}</link></item>`).join('') + item(1)),
    { faults: ['source.item', 'source.item', 'source.item', 'source.item'], titles: ['Story 1'] },
  ],
  'fifty thousand items': [rss(Array.from({ length: MANY / 2 }, (_, at) => `<item><link>/${at}</link><description>x${at}</description></item>`).join('')), { count: 1000 }],
  'a hundred thousand nested elements': [rss(item(1) + '<a>'.repeat(MANY) + '</a>'.repeat(MANY)), {}],
  'a hundred thousand attributes': [rss(item(1, `<x ${Array.from({ length: MANY }, (_, at) => `a${at}="1"`).join(' ')}/>`)), {}],
  'a hundred thousand categories': [rss(item(1, '<category>x</category>'.repeat(MANY))), { titles: ['Story 1'] }],
  'JSON a hundred thousand deep': [
    { type: 'application/feed+json', body: `{"version":"https://jsonfeed.org/version/1.1","items":${'['.repeat(MANY)}${']'.repeat(MANY)}}` },
    {},
  ],
  'scripts in title and text': [
    rss(`<item><title>&lt;script&gt;alert(1)&lt;/script&gt;Storm</title><link>/1</link><description>&lt;img src=x onerror=alert(1)&gt;${TEXT}</description></item>`),
    { count: 1 },
  ],
  'null bytes, marks and control characters': [`\ufeff\0${rss(item(1, '', `${TEXT}\0\u0008\ufeff\uffff`)).replaceAll('<item>', '\0<item>')}`, { titles: ['Story 1'] }],
  'more than five million bytes': [rss(item(1, '', 'x'.repeat(5_000_000))), { faults: ['http.tooLarge'], count: 0 }],
} // prettier-ignore

for (const charset of ['windows-1251', 'shift_jis', 'gb18030', 'euc-kr', 'utf-16le', 'utf-16be'] as const) {
  const words = TEXTS[charset === 'utf-16le' || charset === 'utf-16be' ? 'windows-1251' : charset]
  const feed = rss(`<item><title>${words}</title><link>/1</link><description>${words} ${words}</description></item>`)
  const declared = feed.replace('version="1.0"', `version="1.0" encoding="${charset.replace(/[lb]e$/, '')}"`)
  FEEDS[`${charset} that the feed declares`] = [
    { type: 'application/xml', body: encode(declared, charset) },
    { titles: [words] },
  ]
  FEEDS[`${charset} that the header calls UTF-8`] = [
    { type: 'application/xml; charset=utf-8', body: encode(feed, charset) },
    { titles: [words] },
  ]
}

/** What a date in a feed says, and the day that is believed of it. */
const DATES: [written: string, day: string | undefined][] = [
  ['Mon, 02 Mar 2026 08:30:00 EST', '2026-03-02T13:30:00.000Z'],
  ['Mon, 2 Mar 26 08:30 +0100', '2026-03-02T07:30:00.000Z'],
  ['2026-03-02T08:30:00Z', '2026-03-02T08:30:00.000Z'],
  ['2026-03-02 08:30:00', '2026-03-02T08:30:00.000Z'],
  ['2026-03-02', '2026-03-02T00:00:00.000Z'],
  ['', undefined],
  ['yesterday-ish', undefined],
  ['0000-00-00 00:00:00', undefined],
  ['Thu, 31 Feb 2026 25:61:00 GMT', undefined],
  ['9'.repeat(10_000), undefined],
  ['Mon, 02 Mar 2099 08:30:00 GMT', undefined],
]

describe('hostile feeds @slow', () => {
  let parsing: Parsing
  before(() => (parsing = openParsing()))
  after(() => parsing.close())

  for (const [name, [answer, { faults, titles, never, count }]] of Object.entries(FEEDS)) {
    it(`${name}: ${faults?.join(', ') ?? 'read'}`, async () => {
      const round = await runRound(
        parsing.parse,
        { '/feed': answer, '/far': 'was read', '/dtd': '<!ENTITY x "was read">' },
        { kind: 'rss' },
      )
      if (faults !== undefined || titles !== undefined) assert.deepEqual(round.faults, faults ?? [])
      if (titles !== undefined) assert.deepEqual(round.articles.map(({ title }) => title).toSorted(), titles)
      if (count !== undefined) assert.equal(round.articles.length, count)
      for (const { html, text, title } of round.articles) assert.ok(never?.test(html + text + title) !== true)
      assert.deepEqual(Object.keys(round.asked), ['/feed'], 'nothing that it names is read')
    }).timeout(60_000)
  }

  it('dates of every shape: read, or the moment at which the article was first seen', async () => {
    const items = DATES.map(([written], at) => item(at, `<pubDate>${written}</pubDate>`)).join('')
    const { articles, faults } = await runRound(parsing.parse, { '/feed': rss(items) }, { kind: 'rss' })
    const found = articles.toSorted((a, b) => Number(a.title.slice(6)) - Number(b.title.slice(6)))
    assert.deepEqual(
      found.map(({ publishedAt }) => publishedAt?.toISOString()),
      DATES.map(([, day]) => day),
    )
    assert.deepEqual(faults, [])
  })
})
