import assert from 'node:assert/strict'
import { openParsing, type Parsing } from '../../src/parse.ts'
import { CORPUS } from '../articles/hostile.ts'
import { encode, TEXTS } from '../http/encode.ts'
import { feedOf, page, runRound, type Answer } from './round.ts'

const MANY = 100_000
const deep = (open: string, close: string, inner: string, times = MANY) =>
  open.repeat(times) + inner + close.repeat(times)
const data = (json: string) => `<script type="application/ld+json">${json}</script>`
const news = '"@context":"https://schema.org","@type":"NewsArticle"'
const END = '<p>And this is the end of the story, as the harbour master told it to us on the quay this morning.</p>'
const story = `<p>${'The harbour is open again, and the first boats left before dawn. '.repeat(5)}</p>`

interface Expected {
  /** What is told to the operator of it. */
  faults?: string[]
  /** What its text holds; nothing where it is no article. */
  text?: RegExp
  title?: RegExp
}

/** Each is the page of an article, and each is followed by an ordinary one that must come through. */
const PAGES: Record<string, [answer: Answer, expected: Expected]> = {
  'a hundred thousand nested elements': [page('Deep', deep('<div>', '</div>', story) + END), { text: /harbour/ }],
  'a hundred thousand nested quotes that nothing closes': [page('Deep', story + '<blockquote>'.repeat(MANY)), { text: /harbour/ }],
  'a hundred thousand nested tables': [page('Deep', story + '<table><tr><td>'.repeat(MANY) + END), { text: /harbour/ }],
  'a hundred thousand attributes on one element': [
    page('Wide', `<p ${Array.from({ length: MANY }, (_, at) => `a${at}="${at}"`).join(' ')}>x</p>${story}${END}`),
    { text: /the end of the story/ },
  ],
  'an attribute of a megabyte': [page('Long', `<p title="${'x'.repeat(1_000_000)}">${story}</p>${END}`), { text: /end of the story/ }],
  'a hundred thousand links': [
    page('Links', story + Array.from({ length: MANY }, (_, at) => `<a href="/${at}">${at}</a> `).join('') + END),
    { text: /harbour/ },
  ],
  'a hundred thousand siblings': [page('Broad', `<p>${story}</p>${'<p>x</p>'.repeat(MANY)}`), { text: /harbour/ }],
  'a hundred thousand pictures': [page('Broad', story + '<img src="/a.jpg" alt="x">'.repeat(MANY) + END), { text: /harbour/ }],
  'a hundred thousand formatting elements that cross': [page('Crossed', story + '<b><i></b>'.repeat(MANY) + END), { text: /harbour/ }],
  'everything unclosed': [`<html><head><title>Open</title><body><article><div>${story}<ul><li><table><tr><td><b><i><a href="x`, {}],
  'one paragraph of half a million letters': [page('Long', `<p>${'harbour '.repeat(62_500)}</p>`), { text: /harbour/ }],
  'one paragraph of three million letters': [page('Long', `<p>${'harbour '.repeat(375_000)}</p>`), { faults: ['article.empty'] }],
  'more than five million bytes': [page('Large', story.repeat(16_000)), { faults: ['http.tooLarge'] }],
  'JSON-LD of two megabytes': [
    page('Data', story, data(`{${news},"headline":"Data","keywords":[${'"x",'.repeat(500_000)}"x"]}`)),
    { text: /harbour/ },
  ],
  'JSON-LD a hundred thousand deep': [page('Data', story, data(deep('{"a":', '}', '1'))), { text: /harbour/ }],
  'JSON-LD of a hundred thousand lists in lists': [page('Data', story, data(deep('[', ']', ''))), { text: /harbour/ }],
  'JSON-LD of a hundred thousand articles': [
    page('Data', story, data(`[${`{${news},"headline":"x","url":"https://x.example/"},`.repeat(MANY / 2)}{}]`)),
    { text: /harbour/ },
  ],
  'hydration JSON a hundred thousand deep': [
    page('Data', story, `<script id="__NEXT_DATA__" type="application/json">${deep('{"props":', '}', '1')}</script>`),
    { text: /harbour/ },
  ],
  'the end of a script inside of JSON': [
    page('Data', story, data(`{${news},"headline":"</script><script>alert(1)</script><p>x"}`)),
    { text: /harbour/ },
  ],
  '__proto__ in JSON-LD': [
    page('Data', story, data(`{"__proto__":{"title":"polluted"},"constructor":{"prototype":{"url":"x"}},${news}}`)),
    { text: /harbour/, title: /^Data$/ },
  ],
  'null bytes': [page('Nu\0ll', `\0<p\0>\0${story}\0</p>`), { text: /harbour/ }],
  'marks of byte order in the middle': [page('\ufeffMark', `\ufeff<p>\ufeff${story}</p>\ufeff`), { text: /harbour/ }],
  'lone surrogates and noncharacters': [page('Signs &#xD800;&#xFFFF;', `<p>&#xDFFF;&#x1FFFF;${story}</p>`), { text: /harbour/ }],
  'nothing': ['', { faults: ['article.empty'] }],
  'a picture that says it is a page': [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), { faults: ['article.empty'] }],
  'a picture': [{ type: 'image/png', body: Buffer.from('89504e470d0a1a0a', 'hex') }, { faults: ['article.empty'] }],
} // prettier-ignore

for (const [charset, words] of Object.entries(TEXTS)) {
  const text = new RegExp(words.slice(-15, -1))
  const written = page(words.slice(0, 12), `<p>${words} ${words}</p><p>${words}</p>`)
  PAGES[`${charset} by its header`] = [
    { type: `text/html; charset=${charset}`, body: encode(written, charset) },
    { text, title: new RegExp(words.slice(0, 12).trim()) },
  ]
  if (charset === 'iso-8859-2') continue
  PAGES[`${charset} that its header calls UTF-8`] = [
    { type: 'text/html; charset=utf-8', body: encode(written, charset) },
    { text },
  ]
}
for (const charset of ['utf-16le', 'utf-16be'] as const) {
  const written = page('Гавань', `<p>${TEXTS['windows-1251']}</p><p>${TEXTS['windows-1251']}</p>`)
  PAGES[`${charset} without a mark`] = [encode(written, charset), { text: /шторма гавань/ }]
  PAGES[`${charset} with a mark`] = [encode(`\ufeff${written}`, charset), { text: /шторма гавань/ }]
}

describe('hostile pages @slow', () => {
  let parsing: Parsing
  before(() => (parsing = openParsing()))
  after(() => parsing.close())

  for (const [name, [answer, { faults = [], text, title }]] of Object.entries(PAGES)) {
    it(`${name}: ${faults.length > 0 ? faults.join(', ') : 'read'}, and the next page too`, async () => {
      const round = await runRound(parsing.parse, {
        '/feed': feedOf('/good', '/bad'),
        '/bad': answer,
        '/good': page('Good'),
      })
      assert.deepEqual(round.faults, faults)
      assert.ok(round.articles.some((article) => article.title === 'Good'))
      const bad = round.articles.find(({ url }) => url.endsWith('/bad'))
      assert.equal(bad === undefined, faults.length > 0)
      if (text !== undefined) assert.match(bad?.text ?? '', text)
      if (title !== undefined) assert.match(bad?.title ?? '', title)
      assert.deepEqual(
        [round.asked['/bad'], round.asked['/good']],
        [1, 1],
        'read once, and not again by the next round',
      )
    }).timeout(60_000)
  }

  it('the corpus of cross-site scripting, each its own article: nothing of it runs in a feed', async () => {
    const paths = CORPUS.map((_, at) => `/xss/${at}`)
    const answers = CORPUS.map((html, at): [string, Answer] => [
      `/xss/${at}`,
      page(`Story ${at}`, `${story}${html}${END}`),
    ])
    // A collection reads a hundred pages of a source; the other half is for the next one.
    const round = await runRound(parsing.parse, { '/feed': feedOf(...paths), ...Object.fromEntries<Answer>(answers) })
    assert.equal(round.articles.length, CORPUS.length)
  }).timeout(120_000)
})
