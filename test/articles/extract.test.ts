import assert from 'node:assert/strict'
import { clean } from '../../src/articles/clean.ts'
import { extract } from '../../src/articles/extract.ts'
import { parseHtml } from '../../src/articles/markup.ts'
import { findMetadata } from '../../src/articles/metadata.ts'
import { openPage } from '../../src/articles/metadata/page.ts'
import { toText } from '../../src/articles/text.ts'
import { fixtures } from '../fixtures.ts'

const URL_OF_PAGE = 'https://gazette.example/news/wall?utm_source=mail'

describe('extract', () => {
  for (const { name, input, expect } of fixtures('extract')) {
    it(`extracts: ${name}`, () => {
      const { origins, verdict, ...draft } = extract(input, URL_OF_PAGE)
      assert.ok(origins?.['title'])
      assert.equal(verdict?.isArticle, true)
      expect({ ...draft, html: clean(draft.html, { base: URL_OF_PAGE }).split('\n') })
    })
  }

  const article = (body: string, head = '') =>
    extract(`<html><head>${head}</head><body>${body}</body></html>`, URL_OF_PAGE)
  const text = (html: string) => toText(clean(html, { base: URL_OF_PAGE }))
  const paragraph =
    '<p>The harbour wall will be a metre higher by the end of next year, the council decided on Tuesday, after two winters of floods.</p>'

  it('finds the text without any hint of mark-up, and leaves the list of links beside it', () => {
    const links = '<ul>' + '<li><a href="/x">Another headline of another story</a></li>'.repeat(20) + '</ul>'
    const { html } = article(`<div>${links}</div><div><div>${paragraph.repeat(4)}</div></div><div>${links}</div>`)
    assert.equal(text(html).split('\n\n').length, 4)
  })

  it('takes the title of the page without the name of the paper', () => {
    const title = (named: string, head = '') =>
      article(`<div>${paragraph}</div>`, `<title>${named}</title>${head}`).title
    assert.equal(
      title('Storm at sea - The Harbour Gazette', '<meta property="og:site_name" content="The Harbour Gazette">'),
      'Storm at sea',
    )
    assert.equal(title('The storm that came twice in one night | Gazette'), 'The storm that came twice in one night')
    assert.equal(title('Well-known boats &amp; ships'), 'Well-known boats & ships')
  })

  it('believes a canonical address of the same site only, and none that calls an article the front page', () => {
    const canonical = (href: string) => article(paragraph, `<link rel="canonical" href="${href}">`).canonicalUrl
    assert.equal(canonical('http://www.gazette.example/news/wall'), 'http://www.gazette.example/news/wall')
    assert.equal(canonical('/news/wall'), 'https://gazette.example/news/wall')
    assert.equal(canonical('https://other.example/news/wall'), undefined)
    assert.equal(canonical('https://gazette.example/'), undefined)
    assert.equal(canonical('javascript:alert(1)'), undefined)
  })

  it('reads dates and authors from meta elements when there is no JSON-LD, and from the page when there is neither', () => {
    const head =
      '<meta property="article:published_time" content="2026-02-11T06:30:00+01:00"><meta name="author" content="By Mara Lund and Tom Okafor">'
    const fromMeta = article(paragraph, head)
    assert.deepEqual(
      [fromMeta.publishedAt, fromMeta.authors],
      [new Date('2026-02-11T05:30:00Z'), ['Mara Lund', 'Tom Okafor']],
    )
    const fromPage = article(
      `<article><h1>Wall</h1><a rel="author" href="/m">Mara Lund</a><time datetime="2026-02-11">Feb 11</time>${paragraph.repeat(3)}</article>`,
    )
    assert.deepEqual([fromPage.publishedAt, fromPage.authors], [new Date('2026-02-11'), ['Mara Lund']])
  })

  it('goes on with its other rules where JSON-LD is broken, or a bomb', () => {
    const head = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    assert.equal(article(`<h1>Wall</h1>${paragraph}`, head).title, 'Wall')
    const bomb = `<script type="application/ld+json">${'['.repeat(100_000)}${']'.repeat(100_000)}</script>`
    assert.equal(article(`<h1>Wall</h1>${paragraph}`, bomb).title, 'Wall')
  })

  it('takes the parts of a page that a person names, and nothing that they take out', () => {
    const html = `<article><h1>Wall</h1>${paragraph}<p class="ad">Buy this.</p></article><aside class="related"><p>Second part.</p></aside><div class="note"><p>Third <b class="note">part</b>.</p></div>`
    const named = extract(html, URL_OF_PAGE, { content: 'article, .related, .note', remove: ['.ad'] })
    assert.equal(named.title, 'Wall')
    assert.equal(text(named.html), `${text(paragraph)}\n\nSecond part.\n\nThird part.`)
  })

  it('finds the article as on any page where nothing is what a person named', () => {
    const html = `<article><h1>Wall</h1>${paragraph}</article>`
    assert.deepEqual(extract(html, URL_OF_PAGE, { content: '.story' }), extract(html, URL_OF_PAGE))
  })

  it('takes the text that stands only in the data of the page', () => {
    const body = 'The wall is a metre higher now. '.repeat(20) + '\nNobody spoke <against> it.'
    const data = JSON.stringify({ '@type': 'NewsArticle', headline: 'Wall', articleBody: body })
    const { html } = article('<div id="app">Loading</div>', `<script type="application/ld+json">${data}</script>`)
    assert.match(text(html), /^The wall is a metre higher now\./)
    assert.match(text(html), /\n\nNobody spoke <against> it\.$/)
  })

  it('takes a text that a script would show, and only one of the copies made for screens of several widths', () => {
    const story = Array.from({ length: 5 }, (_, index) => paragraph.replace('metre', `${index} metres`)).join('')
    const { html } = article(
      `<h1>Wall</h1><div class="desktop"><div style="display:none">${story}</div></div><div class="mobile"><div>${story}</div></div>`,
    )
    assert.equal(text(html).split('\n\n').length, 5)
  })

  it('finds a text in a script without spaces', () => {
    const sentence = '<p>港口的防波堤到明年年底将加高一米，市议会在两个冬天的洪水之后于周二作出了这一决定。</p>'
    const links = '<ul>' + '<li><a href="/x">另一篇报道的标题</a></li>'.repeat(20) + '</ul>'
    const { html } = article(`<div>${links}</div><div><h1>防波堤</h1>${sentence.repeat(4)}</div><div>${links}</div>`)
    assert.equal(text(html).split('\n\n').length, 4)
  })

  it('says where each field stood', () => {
    const $ = parseHtml(
      `<html lang="en"><head><meta name="author" content="Mara Lund"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Wall"}</script></head><body><article><time datetime="2026-03-01">1 March</time></article></body></html>`,
      { keepData: true },
    )
    const found = Object.entries(findMetadata(openPage($, 'https://gazette.example/wall')))
    assert.deepEqual(Object.fromEntries(found.map(([field, { place }]) => [field, place])), {
      title: 'JSON-LD headline',
      authors: 'meta author',
      publishedAt: 'time',
      language: 'lang of html',
    })
  })

  it('gives an empty draft, not an error, for what is no page', () => {
    for (const html of ['', '\u0000\u0001', '<frameset><frame src=x></frameset>', 'x'.repeat(100)])
      assert.ok(extract(html, URL_OF_PAGE).authors.length === 0)
  })

  it('takes no more than three seconds of work for pages made to be slow', () => {
    const slow = [
      '<div class="share">'.repeat(100_000),
      `<div>${'<p>a, b, c, d, e, f, g, h, i, j, k, l, m <a href=x>n</a></p>'.repeat(15_000)}</div>`,
      '<div><p>a, b, c, d, e, f, g, h, i, j, k, l, m</p>'.repeat(400),
      '<h2>Related</h2><p>x</p>'.repeat(5000),
      `<article>${'<h1>x</h1><time>1</time>'.repeat(4000)}</article>`,
      `<div>${'<p>The wall, they say.</p>'.repeat(100_000)}</div>`,
      `<div>${'text<br><br>'.repeat(20_000)}</div>`,
    ]
    for (const html of slow) {
      const start = process.cpuUsage()
      extract(html, URL_OF_PAGE)
      const { user } = process.cpuUsage(start)
      assert.ok(user < 3_000_000, `${html.slice(0, 30)} took ${user} µs`)
    }
  })
})
