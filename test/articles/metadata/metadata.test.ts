import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readItem, makeArticle } from '../../../src/articles/article.ts'
import { findMetadata, readMetadata } from '../../../src/articles/metadata.ts'
import { type Item } from '../../../src/item.ts'
import { open, TEXT, URL_OF_PAGE } from './open.ts'
import { pagesOfWork } from '../../work.ts'

describe('metadata', () => {
  it('gives for every field the winner, its place, and what else was said', () => {
    const head = '<meta property="og:title" content="Height of the wall in 2026"><meta property="og:description" content="A metre more."><link rel="canonical" href="/news/wall">' // prettier-ignore
    const found = findMetadata(open(`<h1>Wall to rise</h1><p>By Mara Lund</p>${TEXT}`, head))
    assert.deepEqual([found.title?.value, found.title?.place], ['Wall to rise', 'headline (h1)'])
    assert.deepEqual(found.title?.runnerUp, { value: 'Height of the wall in 2026', place: 'og:title' })
    assert.deepEqual([found.authors?.value, found.authors?.place], [['Mara Lund'], 'byline'])
    assert.deepEqual(found.canonicalUrl?.value, 'https://gazette.example/news/wall')
    for (const { confidence } of Object.values(found)) assert.ok(confidence > 0 && confidence <= 1)
  })

  it('has the section first and the tags behind it, each once', () => {
    const head = '<meta property="article:section" content="Council"><meta property="article:tag" content="Harbour"><meta property="article:tag" content="council">' // prettier-ignore
    assert.deepEqual(readMetadata(open(TEXT, head)).topics.map((topic) => topic.toLowerCase()), ['council', 'harbour']) // prettier-ignore
  })

  const html = `<title>Storm hits harbour and closes the quay</title><h1>Storm hits harbour and closes the quay</h1><p>By Mara Lund</p>${TEXT.repeat(3)}`
  const made = (item: Partial<Item>) => {
    const whole: Item = { url: URL_OF_PAGE, body: { form: 'page', value: html }, ...item }
    return makeArticle(whole, readItem(whole), undefined, { sourceId: 'x', topics: [], now: new Date(0) })
  }

  it('takes the whole headline of the page where the list cut it', () => {
    assert.equal(made({ title: 'Storm hits harb…' }).title, 'Storm hits harbour and closes the quay')
    assert.equal(made({ title: 'Storm hits harb...', guid: '1' }).title, 'Storm hits harbour and closes the quay')
  })

  it("takes a feed's own title for its articles, and no author that is only an address", () => {
    const article = made({ title: 'Storm: quay closed', guid: '1', authors: ['noreply@gazette.example (admin)'] })
    assert.deepEqual([article.title, article.authors], ['Storm: quay closed', ['Mara Lund']])
  })

  it('takes the author that only the list names', () => {
    const whole: Item = { url: URL_OF_PAGE, authors: ['tom@gazette.example (Tom Okafor)'], body: { form: 'page', value: html.replace('By Mara Lund', '') } } // prettier-ignore
    assert.deepEqual(made(whole).authors, ['Tom Okafor'])
  })

  it('is bounded, even, plain text, whatever the page', () => {
    const piece = fc.constantFrom('<h1>', '</h1>', '<p>', '<a rel=author>', '<div class="byline">', '<meta name=author content="', '">', '<title>', '</title>', '<script type="application/ld+json">{"@type":"Article","author":', '"headline":"', '}</script>', 'By ', 'Von ', ' and ', ' | ', ' - ', 'Mara Lund', '\u0000', '\ud800', '&#0;', '&amp;lt;b&amp;gt;', ', ', '2026-03-04') // prettier-ignore
    const page = fc.array(fc.oneof(piece, fc.string({ maxLength: 20 })), { maxLength: 60 })
    fc.assert(
      fc.property(page, page, (body, head) => {
        const { title = '', authors, topics, excerpt = '' } = readMetadata(open(body.join(''), head.join('')))
        for (const text of [title, excerpt, ...authors, ...topics]) {
          assert.ok(text.length <= 10_000 && text === text.trim() && text.isWellFormed())
          assert.doesNotMatch(text, /[\u0000-\u001f]|\s\s/)
        }
        assert.ok(authors.length <= 12 && authors.every((name) => name.length <= 60) && topics.length <= 12)
      }),
      { numRuns: 150 },
    )
  })

  it('takes time that grows with the page, not with its square', () => {
    const slow = ['<h1>Wall</h1>', '<p>By Mara Lund</p>', '<div class="author">Mara Lund</div>', '<a rel="author">Mara</a>', '<h2>By</h2>', `<p>${'By '.repeat(60)}</p>`] // prettier-ignore
    for (const piece of slow) {
      const work = pagesOfWork(() => findMetadata(open(piece.repeat(15_000))))
      assert.ok(work < 240, `${piece}: ${work} pages`)
    }
  })
})
