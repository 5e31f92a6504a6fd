import assert from 'node:assert/strict'
import { parseHtml } from '../../../src/articles/markup.ts'
import { gatherDates } from '../../../src/articles/metadata/date-sightings.ts'
import { openPage } from '../../../src/articles/metadata/page.ts'
import { type DateHints, findDatesOf } from '../../../src/articles/metadata/published.ts'
import { pagesOfWork } from '../../work.ts'

const ADDRESS = 'https://gazette.example/news/harbour-wall'

function dates(html: string, { url = ADDRESS, ...hints }: DateHints & { url?: string } = {}) {
  return findDatesOf(openPage(parseHtml(html, { keepData: true }), url), hints)
}

function published(html: string, hints: DateHints & { url?: string } = {}): string | undefined {
  return dates(html, hints).published?.written?.slice(0, 10)
}

const TEXT = '<p>The harbour wall will be a metre higher by the end of next year, the council decided on Tuesday.</p>'.repeat(4) // prettier-ignore
const page = (head: string, around: string, { lang = 'en-GB', tail = '' } = {}) =>
  `<html lang="${lang}"><head><title>Harbour wall to be raised | The Gazette</title>${head}</head><body>
  <article><h1>Harbour wall to be raised</h1>${around}${TEXT}</article>${tail}</body></html>`

describe('the day of publication', () => {
  const cases: [name: string, html: string, day: string | undefined][] = [
    ['JSON-LD', page('<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour wall to be raised","datePublished":"2026-02-11T06:30:00Z","dateModified":"2026-02-12T09:00:00Z"}</script>', ''), '2026-02-11'],
    ['meta elements', page('<meta property="article:published_time" content="2026-02-11T06:30:00+00:00"><meta property="article:modified_time" content="2026-03-01T06:30:00+00:00">', ''), '2026-02-11'],
    ['Dublin Core without marks', page('<meta name="DC.date.issued" content="20260211">', '<p>11 February 2026</p>'), '2026-02-11'],
    ['a time element under the headline', page('', '<p>By Mara Lund · <time datetime="2026-02-11">11 Feb</time></p>'), '2026-02-11'],
    ['microdata', page('', '<span itemprop="datePublished" content="2026-02-11">Wednesday</span>'), '2026-02-11'],
    ['h-entry', page('', '<div class="post-meta"><time class="dt-published" datetime="2026-02-11 06:30">today</time></div>'), '2026-02-11'],
    ['a line under the headline', page('', '<div class="byline">By Mara Lund | 11 February 2026</div>'), '2026-02-11'],
    ['a label in German', page('', '<p class="datum">Veröffentlicht am 11. Februar 2026</p>', { lang: 'de' }), '2026-02-11'],
    ['a line in Japanese', page('', '<p class="date">2026年2月11日 10:00</p>', { lang: 'ja' }), '2026-02-11'],
    ['Persian', page('', '<p class="date">۲۲ بهمن ۱۴۰۴</p>', { lang: 'fa' }), '2026-02-11'],
    ['both, published and updated in one line', page('', '<p class="meta">Published 11 February 2026 | Updated 14 February 2026</p>'), '2026-02-11'],
    ['its own day beside those of related stories', page('', '<p class="date">11 February 2026</p>', { tail: `<aside class="related"><ul>${['3', '7', '9', '10'].map((day) => `<li><a href="/x">A story</a> <span class="date">${day} February 2026</span></li>`).join('')}</ul></aside>` }), '2026-02-11'],
    ['its own day beside those of comments', page('', '<p class="date">11 February 2026</p>', { tail: '<div class="comments"><div class="comment">Ida, 12 February 2026: Good.</div><div class="comment">Tom, 13 February 2026: Bad.</div></div>' }), '2026-02-11'],
    ['none where there is none', page('', ''), undefined],
    ['none from the year of a copyright', page('', '', { tail: '<footer>© 2026 The Gazette. Copyright 1 January 2026</footer>' }), undefined],
    ['none from a day within the text', page('', `<p>${'The wall, which was begun on 4 May 1954 and never finished, has been the talk of the town for longer than anyone remembers. '.repeat(2)}</p>`), undefined],
    ['none from a day that readers could not have lived through', page('', '<p class="date">4 May 1954</p>'), undefined],
    ['none from `2 hours ago` when nobody says from when', page('', '<p class="date">2 hours ago</p>'), undefined],
  ] // prettier-ignore
  for (const [name, html, day] of cases)
    it(`is read from ${name}`.replace('from none', 'as none'), () => {
      assert.equal(published(html), day)
    })

  it('is counted back from the moment of reading where the page says how long ago', () => {
    const html = page('', '<p class="date">2 hours ago</p>')
    assert.equal(dates(html, { now: new Date('2026-02-11T08:30:00Z') }).published?.value.toISOString(), '2026-02-11T06:30:00.000Z') // prettier-ignore
  })

  it('is what the attribute says beside words like "2 hours ago", when the page was kept since', () => {
    const html = page('', '<p class="date"><time datetime="2025-02-11T06:30:00Z">2 hours ago</time></p>')
    assert.equal(published(html, { now: new Date('2026-02-11T08:30:00Z') }), '2025-02-11')
  })

  it('is nothing where only a program dates a page of the site, and is what it says of an article', () => {
    const data = (type: string) => `<script type="application/ld+json">{"@type":"${type}","headline":"Harbour wall to be raised","datePublished":"2026-02-11T06:30:00Z"}</script>` // prettier-ignore
    const stands = page(data('WebPage'), '').replace('<body>', '<body class="page-template-default page page-id-7">')
    assert.equal(published(stands), undefined)
    const posted = page(data('NewsArticle'), '').replace('<body>', '<body class="single-post postid-7">')
    assert.equal(published(posted), '2026-02-11')
  })

  it('is none of the many in elements of one kind, the first of which are known for it by the later ones', () => {
    const entries = (days: number[]) => days.map((day) => `<div class="when">${day} February 2026</div><p>Something happened at the quay.</p>`).join('') // prettier-ignore
    const many = (days: number[]) => gatherDates(openPage(parseHtml(page('', entries(days))), ADDRESS), {}).sightings.filter(({ marks }) => marks.includes('one of many')).length // prettier-ignore
    assert.equal(published(page('', entries([11]))), '2026-02-11')
    assert.equal(published(page('', entries([11, 12, 13, 14, 15]))), undefined)
    assert.deepEqual([many([11, 12, 13]), many([11, 12, 13, 14]), many([11, 12, 13, 14, 15])], [0, 4, 5])
  })

  it('is nothing where a page says only when it was changed', () => {
    const { published: found, updated } = dates(page('<meta property="article:modified_time" content="2026-02-14T06:30:00Z">', '')) // prettier-ignore
    assert.equal(found, undefined)
    assert.equal(updated?.value.toISOString(), '2026-02-14T06:30:00.000Z')
  })

  it('is never later than the moment of reading', () => {
    const html = page('<meta property="article:published_time" content="2036-02-11">', '<p class="date">11 February 2026</p>') // prettier-ignore
    assert.equal(published(html, { now: new Date('2026-02-20T08:30:00Z') }), '2026-02-11')
  })

  it('is surer the more places agree', () => {
    const one = dates(page('', '<p class="date">11 February 2026</p>')).published
    const two = dates(page('<meta property="article:published_time" content="2026-02-11">', '<p class="date">11 February 2026</p>'), { url: 'https://gazette.example/2026/02/11/wall' }).published // prettier-ignore
    assert.ok((two?.confidence ?? 0) > (one?.confidence ?? 1))
  })

  it('takes 02/11/2026 as the country of the page writes it, or as another place on it says', () => {
    const html = (lang: string) => page('', '<p class="date">02/11/2026</p>', { lang })
    assert.equal(published(html('en-US')), '2026-02-11')
    assert.equal(published(html('fr')), '2026-11-02')
    assert.equal(published(html('en'), { url: 'https://gazette.example/2026/11/02/wall' }), '2026-11-02')
    assert.equal(published(html('en'), { url: 'https://gazette.co.uk/wall' }), '2026-11-02')
  })

  it('is a moment of the zone that it is told, else of the country of the page', () => {
    const html = page('', '<p class="date">11 February 2026, 09:30</p>', { lang: 'ja' })
    assert.deepEqual(dates(html).published?.written, '2026-02-11T09:30:00+09:00')
    assert.deepEqual(dates(html).published?.value, new Date('2026-02-11T00:30:00Z'))
    assert.deepEqual(dates(html, { zone: 'Europe/Berlin' }).published?.value, new Date('2026-02-11T08:30:00Z'))
  })

  it('is helped by what the feed said, and says which other day there was', () => {
    const html = page('', '<p>11 February 2026</p><p>12 February 2026</p>')
    assert.equal(published(html, { seen: 'Thu, 12 Feb 2026 00:00:00 GMT' }), '2026-02-12')
    const { published: found } = dates(html, { seen: 'Wed, 11 Feb 2026 00:00:00 GMT' })
    assert.equal(found?.runnerUp?.value.toISOString().slice(0, 10), '2026-02-12')
  })

  it('gives the day of a change as that of a change', () => {
    const { published: found, updated } = dates(page('<meta property="article:published_time" content="2026-02-11T06:30:00Z"><meta property="article:modified_time" content="2026-02-14T06:30:00Z">', '')) // prettier-ignore
    assert.equal(found?.value.toISOString(), '2026-02-11T06:30:00.000Z')
    assert.equal(updated?.value.toISOString(), '2026-02-14T06:30:00.000Z')
  })

  it('never throws and never takes long', () => {
    const hostile = [
      '',
      '<time datetime="x">'.repeat(20_000),
      '<p class="date">11 February 2026</p>'.repeat(20_000),
      `<div class="date">${'1/2/2026 '.repeat(100_000)}</div>`,
      '<div class="comment">'.repeat(500) + '11 February 2026',
      `<script type="application/ld+json">${'[{"datePublished":"2026-02-11"},'.repeat(20_000)}</script>`,
    ]
    assert.ok(pagesOfWork(() => hostile.map((html) => dates(html))) < 200)
  })
})
