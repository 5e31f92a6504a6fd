import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { publicAddresses } from '../../src/addresses.ts'
import { applyRenames } from '../../src/store/renames.ts'
import { addArticle, now, openPaper, server, type Paper } from './paper.ts'

const picture = `${server}feeds/media/0123456789abcdef.jpg`

describe('web/article', () => {
  let paper: Paper
  beforeEach(async () => (paper = await openPaper()))
  afterEach(() => paper.close())

  it('shows headline, byline, dates, picture with caption and credit, and the text', async () => {
    await addArticle(paper, {
      url: `${server}articles/desk/2026/ferry`,
      updatedAt: new Date('2026-03-15T09:00:00Z'),
      images: [{ url: picture, alt: 'A boat', caption: 'The north quay.', credit: 'Ines Duarte' }],
      html: '<p>First.</p><h2>Then</h2><p><strong>Correction:</strong> it was Monday.</p>',
    })
    const response = await paper.ask('/articles/desk/2026/ferry')
    assert.equal(response.status, 200)
    const $ = load(await response.text())
    assert.equal($('h1').text(), 'Ferry sails again')
    assert.equal($('.story .byline').text(), 'By Marian Holt')
    assert.match($('.story .facts').text(), /13 March 2026\s+Updated 15 March 2026/)
    assert.equal($('.opening img').attr('src'), '/feeds/media/0123456789abcdef.jpg')
    assert.equal($('.opening img').attr('alt'), 'A boat')
    assert.equal($('.opening figcaption').text(), 'The north quay. Ines Duarte')
    assert.equal($('.prose').html(), '<p>First.</p><h2>Then</h2><p><strong>Correction:</strong> it was Monday.</p>')
    assert.equal($('link[rel=canonical]').attr('href'), `${server}articles/desk/2026/ferry`)
    assert.equal($('title').text(), 'Ferry sails again – The Harbour Gazette')
  })

  it('says nothing of a change on the day of publication', async () => {
    await addArticle(paper, { updatedAt: new Date('2026-03-13T18:00:00Z') })
    const html = await (await paper.ask('/articles/desk/ferry-sails-again')).text()
    assert.doesNotMatch(html, /Updated/)
  })

  it('leads the address from before its source was renamed to the one of today', async () => {
    await applyRenames(paper.needs.db, [{ kind: 'source', former: 'attic', id: 'desk' }], now)
    await addArticle(paper, { url: `${server}articles/desk/ferry` })
    const response = await paper.ask('/articles/attic/ferry')
    assert.deepEqual([response.status, response.headers.get('location')], [301, '/articles/desk/ferry'])
    assert.equal((await paper.ask('/articles/attic/tram')).status, 404)
  })

  it('does not show a picture twice that the text itself shows', async () => {
    const url = `${picture}?a=1&b=2`
    await addArticle(paper, { images: [{ url }], html: `<p><img src="${url.replace('&', '&amp;')}" alt=""></p>` })
    const $ = load(await (await paper.ask('/articles/desk/ferry-sails-again')).text())
    assert.equal($('.story img').length, 1)
  })

  it('finds an article by its encoded path, and leads a trailing slash back to it', async () => {
    await addArticle(paper, { title: 'Fähre', url: `${server}articles/desk/f%C3%A4hre` })
    assert.equal((await paper.ask('/articles/desk/fähre')).status, 200)
    const slash = await paper.ask('/articles/desk/f%C3%A4hre/')
    assert.equal(slash.status, 301)
    assert.equal(slash.headers.get('location'), '/articles/desk/f%C3%A4hre')
  })

  it('has no page for what is not there, nor for articles that live elsewhere', async () => {
    await addArticle(paper, { url: 'https://gazette.example/articles/desk/elsewhere' })
    for (const path of ['/articles/desk/nothing', '/articles/desk/elsewhere', '/articles/', '/articles/..%2f..%2fetc'])
      assert.equal((await paper.ask(path)).status, 404, path)
  })

  it('shows public addresses in the text as local ones only to a local request', async () => {
    const html =
      `<p><a href="${server}articles/desk/other#x">a</a><a href="https://gazette.example/">b</a>` +
      `<a href="https://gazette.example/about">c</a><a href="https://news.gazette.example.evil.example/">d</a>` +
      `<img src="${picture}" srcset="${picture} 1x, ${picture} 2x" alt="${picture}"></p>`
    await addArticle(paper, { html })
    const path = '/articles/desk/ferry-sails-again'
    const near = load(await (await paper.askHere(path)).text())
    assert.equal(
      near('.prose').html(),
      '<p><a href="/articles/desk/other#x">a</a><a href="/">b</a><a href="https://gazette.example/about">c</a>' +
        '<a href="https://news.gazette.example.evil.example/">d</a><img src="/feeds/media/0123456789abcdef.jpg" ' +
        'srcset="/feeds/media/0123456789abcdef.jpg 1x, /feeds/media/0123456789abcdef.jpg 2x" ' +
        `alt="${picture}"></p>`,
    )
    assert.equal(load(await (await paper.ask(path)).text())('.prose').html(), html)
  })

  it('works below a path of another server', async () => {
    const addresses = publicAddresses('https://gazette.example/press')
    const below = await openPaper({ addresses })
    try {
      await addArticle(below, { url: `${addresses.server}articles/desk/one`, html: '<p>x</p>' })
      await addArticle(below, { title: 'Two', url: `${addresses.server}articles/desk/two` })
      const $ = load(await (await below.ask('/articles/desk/one')).text())
      assert.equal($('.grid .headline a').attr('href'), '/press/articles/desk/two')
      assert.match($('link[rel=stylesheet]').attr('href') ?? '', /^\/press\/style\.css/)
    } finally {
      await below.close()
    }
  })
})
