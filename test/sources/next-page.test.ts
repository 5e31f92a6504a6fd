import assert from 'node:assert/strict'
import { parseHtml } from '../../src/articles/markup.ts'
import { nextInJson, nextPage, pieceOf } from '../../src/sources/next-page.ts'

const HOME = 'https://gazette.example/news/'

/** The path of the next page. */
const next = (html: string, url = HOME) => {
  const found = nextPage(parseHtml(html), url)
  return found?.replace('https://gazette.example', '')
}

const pager = (current: number, ...more: string[]) =>
  `<nav class="pagination">${[1, 2, 3, 4, 10]
    .map((page) =>
      page === current ? `<span class="current">${page}</span>` : `<a href="/news/page/${page}">${page}</a>`,
    )
    .join(' ')}${more.join('')}</nav>`

describe('sources/next-page', () => {
  const cases: [what: string, html: string, path: string | undefined][] = [
    ['a link of the document', '<link rel="next" href="?page=2">', '/news/?page=2'],
    ['a link with rel=next', '<a href="/p/3" rel="nofollow next">older</a>', '/p/3'],
    ['the base of the page', '<base href="https://gazette.example/all/"><a rel="next" href="2">2</a>', '/all/2'],
    [
      'a button with the address of more',
      '<button data-next-url="/news/?offset=20&amp;part=1">More</button>',
      '/news/?offset=20&part=1',
    ],
    ['a load-more button', '<div class="load-more" data-url="/ajax/news?page=2">Mehr</div>', '/ajax/news?page=2'],
    [
      'an element of htmx',
      '<button class="btn load-more" hx-get="/news/more/2" hx-target="#list">More</button>',
      '/news/more/2',
    ],
    ['a load-more link', '<a class="c-load-more__link load-more" href="/news/2/">もっと見る</a>', '/news/2/'],
    ['a load-more element that holds only a state', '<div class="load-more" data-next="2">More</div>', undefined],
    ['any other element with an address', '<div class="card" data-url="/news/storm">Storm</div>', undefined],
    ['a pager, page 1', pager(1), '/news/page/2'],
    ['a pager, page 3', pager(3), '/news/page/4'],
    ['a pager whose next page is not in it', pager(4), undefined],
    ['a pager, last page', pager(10), undefined],
    [
      'a pager in a list',
      '<ul><li><a href="/1">1</a></li><li class="active"><a href="/2">2</a></li><li><a href="/3">3</a></li></ul>',
      '/3',
    ],
    [
      'a pager with aria-current',
      '<p><a href="/1">1</a><a aria-current="page" href="/2">2</a><a href="/3">3</a></p>',
      '/3',
    ],
    ['a pager with bare text', '<p><a href="/1">1</a> 2 <a href="/3">3</a></p>', '/3'],
    ['years', '<p><a href="/2024">2024</a> <a href="/2025">2025</a></p>', undefined],
    ['one number alone', '<p><a href="/comments">2</a></p>', undefined],
    ['the word in a pager', '<div class="nav-links"><a href="/o">Older posts →</a></div>', '/o'],
    ['an arrow in a pager', '<div class="pager"><a href="/b">‹</a><a href="/n">›</a></div>', '/n'],
    ['an arrow elsewhere', '<p class="teaser">Read on <a href="/story">→</a></p>', undefined],
    ['a headline that begins with the word', '<h2><a href="/story">Next week: storm</a></h2>', undefined],
    ['a label', '<a href="/n" aria-label="Next page"><svg></svg></a>', '/n'],
    ['another host', '<a rel="next" href="https://other.example/2">2</a>', undefined],
    ['itself', '<a rel="next" href="/news/#more">2</a><a rel="next" href="#">2</a>', undefined],
    ['a script', '<a rel="next" href="javascript:more()">2</a>', undefined],
    ['nothing', '<p>The end.</p>', undefined],
  ]
  for (const [what, html, path] of cases)
    it(`${path === undefined ? 'is not led on by' : 'finds'}: ${what}`, () => assert.equal(next(html), path))

  for (const word of [
    'Weiter',
    'Nächste Seite »',
    'Suivant',
    'Página siguiente',
    'Próxima',
    'Successiva',
    'Volgende',
    'Następna strona',
    'Далее',
    '次へ',
    '下一页',
    '다음',
    'التالي',
    'הבא',
  ])
    it(`knows the word ${word}`, () => assert.equal(next(`<a href="/n">${word}</a>`), '/n'))

  it('knows by its address which page it is on', () => {
    const html = '<p><a href="/news/page/1">1</a><a href="/news/page/2">2</a><a href="/news/page/3">3</a></p>'
    assert.equal(next(html, 'https://gazette.example/news/page/2'), '/news/page/3')
    assert.equal(next(html, 'https://gazette.example/news/?page=1'), '/news/page/2')
  })

  it('reads an answer of JSON as the piece of HTML that it holds', () => {
    const answer = JSON.stringify({ ok: true, data: { html: '<article>A</article>', next_page_url: '/ajax?page=3' } })
    assert.equal(pieceOf(answer), '<article>A</article>')
    assert.equal(nextInJson(answer, HOME), 'https://gazette.example/ajax?page=3')
    assert.equal(pieceOf('<p>{</p>'), '<p>{</p>')
    assert.equal(pieceOf('{ broken'), '{ broken')
  })

  it('takes no more than a second for pages made to be slow', () => {
    const slow = {
      numbers: `<div>${'<a href="/2">2</a>'.repeat(60_000)}</div>`,
      rows: '<p><a href="/2">2</a><b class="current">1</b>'.repeat(40_000),
      marked: '<b class="current">1</b>'.repeat(60_000),
      deep: `${'<div class="pager">'.repeat(400)}<a href="/x">›</a>`,
    }
    for (const [what, html] of Object.entries(slow)) {
      const $ = parseHtml(html)
      const start = process.cpuUsage()
      nextPage($, HOME)
      assert.ok(process.cpuUsage(start).user < 1_000_000, what)
    }
  }).timeout(60_000)
})
