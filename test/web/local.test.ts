import assert from 'node:assert/strict'
import { Hono } from 'hono'
import { publicAddresses, type Addresses } from '../../src/addresses.ts'
import { localizeText, placeOf, type Place } from '../../src/web/local.ts'
import { type WebEnv } from '../../src/web/needs.ts'

describe('web/local', () => {
  const elsewhere = publicAddresses('https://News.Gazette.example:443', 'https://feeds.gazette.example/pub')
  const site = { url: 'https://gazette.example' }

  async function place(host: string, addresses: Addresses = elsewhere): Promise<Place> {
    let found: Place | undefined
    const web = new Hono<WebEnv>().get('/', (c) => {
      found = placeOf(c, site, addresses)
      return c.text('')
    })
    await web.request('http://x/', { headers: { host } })
    return found!
  }

  it('shows feeds and media of another host at our own', async () => {
    const { href, shown } = await place('127.0.0.1:8080')
    assert.equal(href('https://feeds.gazette.example/pub/media/a.jpg'), '/feeds/media/a.jpg')
    assert.equal(shown('https://feeds.gazette.example/pub/all/rss.xml'), 'http://127.0.0.1:8080/feeds/all/rss.xml')
    assert.equal(shown('https://feeds.gazette.example/other'), 'https://feeds.gazette.example/other')
  })

  it('knows an address of ours in another spelling', async () => {
    const { href } = await place('localhost')
    assert.equal(href('https://news.gazette.example/articles/a?b=c#d'), '/articles/a?b=c#d')
    assert.equal(href('https://gazette.example/'), '/')
    assert.equal(href('https://gazette.example'), '/')
    assert.equal(href('https://gazette.example/news'), 'https://gazette.example/news')
  })

  it('leaves what is no address as it is', async () => {
    const { href } = await place('localhost')
    for (const url of ['', '#top', 'mailto:a@b.example', 'https://', '/path']) assert.equal(href(url), url)
  })

  it('changes nothing but links to ourselves for a request from outside', async () => {
    const { href, shown } = await place('news.gazette.example')
    assert.equal(href('https://news.gazette.example/articles/a'), '/articles/a')
    assert.equal(shown('https://news.gazette.example/articles/a'), 'https://news.gazette.example/articles/a')
    const media = 'https://feeds.gazette.example/pub/media/a.jpg'
    assert.equal(href(media), media)
    assert.equal(href('https://gazette.example/'), 'https://gazette.example/')
  })

  it('finds addresses in a text with the punctuation around them', async () => {
    const text = '(https://gazette.example/), <https://news.gazette.example/a/b_c>. https://gazette.example/x!'
    assert.equal(
      localizeText(text, await place('localhost:1')),
      '(http://localhost:1/), <http://localhost:1/a/b_c>. https://gazette.example/x!',
    )
  })
})
