import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { addArticle, openPaper, server, type Paper } from './paper.ts'

describe('web/home', () => {
  let paper: Paper
  beforeEach(async () => (paper = await openPaper()))
  afterEach(() => paper.close())

  const read = async (here = false) => load(await (await (here ? paper.askHere('/') : paper.ask('/'))).text())

  it('shows the newest articles with section, byline, date and reading time', async () => {
    await addArticle(paper, { title: 'Older news', publishedAt: new Date('2026-03-10T09:00:00Z') })
    await addArticle(paper, {
      title: 'Ferry sails again',
      authors: ['Marian Holt', 'Tom Averill'],
      text: 'word '.repeat(900),
    })
    const $ = await read()
    assert.deepEqual(
      $('.headline')
        .toArray()
        .map((element) => $(element).text()),
      ['Ferry sails again', 'Older news'],
    )
    const lead = $('.lead')
    assert.equal(lead.find('.section').text(), 'Harbour')
    assert.equal(lead.find('.byline').text(), 'Marian Holt and Tom Averill')
    assert.equal(lead.find('time').text(), '13 March 2026')
    assert.equal(lead.find('time').attr('datetime'), '2026-03-13T09:00:00.000Z')
    assert.match(lead.find('.facts').text(), /[345] min read/)
    assert.equal($('h1').text(), 'The Harbour Gazette')
    assert.equal($('html').attr('lang'), 'en-GB')
  })

  it('says a day in the time zone of the paper', async () => {
    await addArticle(paper, { publishedAt: new Date('2026-07-01T23:30:00Z') })
    assert.equal((await read())('.lead time').text(), '2 July 2026')
  })

  it('leads with a picture where one of the first few has one', async () => {
    await addArticle(paper, { title: 'Without', publishedAt: new Date('2026-03-13T12:00:00Z') })
    const url = `${server}feeds/media/0123456789abcdef.jpg`
    await addArticle(paper, { title: 'With a picture', images: [{ url, alt: 'A boat', width: 1200, height: 800 }] })
    const $ = await read()
    assert.equal($('.lead .headline').text(), 'With a picture')
    assert.equal($('.lead img').attr('src'), '/feeds/media/0123456789abcdef.jpg')
    assert.equal($('.lead img').attr('width'), '1200')
    assert.equal($('.beside .headline').text(), 'Without')
  })

  it('gives public feed addresses to copy and to discover', async () => {
    const $ = await read()
    assert.deepEqual(
      $('.addresses code')
        .toArray()
        .map((element) => $(element).text()),
      [`${server}feeds/all/rss.xml`, `${server}feeds/all/atom.xml`, `${server}feeds/all/feed.json`],
    )
    assert.deepEqual(
      $('link[rel=alternate]')
        .toArray()
        .map((element) => [$(element).attr('type'), $(element).attr('href')]),
      [
        ['application/rss+xml', `${server}feeds/all/rss.xml`],
        ['application/atom+xml', `${server}feeds/all/atom.xml`],
        ['application/feed+json', `${server}feeds/all/feed.json`],
      ],
    )
    assert.equal($('link[rel=canonical]').attr('href'), server)
  })

  it('shows local addresses to a browser on this machine, and its mailbox', async () => {
    await addArticle(paper, { title: 'Ferry sails again' })
    const $ = await read(true)
    assert.equal($('.addresses code').first().text(), 'http://localhost:8080/feeds/all/rss.xml')
    assert.equal($('link[rel=alternate]').first().attr('href'), 'http://localhost:8080/feeds/all/rss.xml')
    assert.equal($('.lead .headline a').attr('href'), '/articles/desk/ferry-sails-again')
    assert.equal($('.colophon a[href="/mail/"]').length, 1)
    assert.equal((await read())('.colophon a[href="/mail/"]').length, 0)
  })

  it('offers each newsletter', async () => {
    const $ = await read()
    assert.match($('#newsletters').text(), /The Daily Gazette/)
  })

  it('shows words of an article as words, whatever they look like', async () => {
    const hostile = '<img src=x onerror=alert(1)>"&\''
    await addArticle(paper, { title: hostile, authors: [hostile], topics: [hostile], excerpt: hostile })
    const $ = await read()
    assert.equal($('.headline').text(), hostile)
    assert.equal($('.byline').text(), hostile)
    assert.equal($('img, script, [onerror]').length, 0)
  })

  it('is a page before there is any article', async () => {
    const response = await paper.ask('/')
    assert.equal(response.status, 200)
    assert.match(await response.text(), /no articles here yet/)
  })

  it('loads nothing from elsewhere but pictures, and runs nothing', async () => {
    await addArticle(paper, {})
    const $ = await read()
    assert.equal($('script, iframe').length, 0)
    assert.deepEqual(
      $('form')
        .toArray()
        .map((element) => $(element).attr('action')),
      ['/subscribe'],
    )
    assert.deepEqual(
      $('link[rel=stylesheet], link[rel=icon]')
        .toArray()
        .map((element) => $(element).attr('href')?.replace(/=.*/, '')),
      ['/favicon.ico', '/style.css?v'],
    )
  })
})
