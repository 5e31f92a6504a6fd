import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { load } from 'cheerio'
import { Failure } from '../../src/failures.ts'
import { renderFeedPage } from '../../src/feeds/page.ts'
import { findChromium, openChromium } from '../chromium.ts'
import { skipLoudly } from '../folders.ts'
import { addresses, article, feed, site } from './nouns.ts'

const template = readFileSync(new URL('../../templates/web/feed.html', import.meta.url), 'utf8')

const page = (articles = [article(1), article(2)], changes = {}, paper = site) =>
  renderFeedPage(feed(changes), paper, addresses, articles, template)

describe('feeds/page', () => {
  it('shows the addresses of the feed to copy, and tells feed readers of them', () => {
    const $ = load(page())
    const wanted = ['rss.xml', 'atom.xml', 'feed.json'].map((file) => `https://news.gazette.example/feeds/all/${file}`)
    assert.deepEqual(
      $('code')
        .toArray()
        .map((code) => $(code).text()),
      wanted,
    )
    assert.deepEqual(
      $('link[rel=alternate]')
        .toArray()
        .map((link) => $(link).attr('href')),
      wanted,
    )
    assert.equal($('link[rel=canonical]').attr('href'), 'https://news.gazette.example/feeds/all/')
  })

  it('opens the feed in well-known readers', () => {
    const $ = load(page())
    const links = $('.readers a').toArray().map((link) => $(link).attr('href') ?? '') // prettier-ignore
    const address = 'https://news.gazette.example/feeds/all/rss.xml'
    assert(links.length >= 5)
    for (const link of links) assert(link.includes(address) || link.includes(encodeURIComponent(address)), link)
  })

  it('says how lively the feed is, measured from its newest article, and that it has ended', () => {
    const health = (articles: Parameters<typeof page>[0], changes = {}) =>
      load(page(articles, changes))('.health').text().replace(/\s+/g, ' ').trim()
    const daily = Array.from({ length: 15 }, (_, index) => article(index + 1))
    assert.equal(health(daily), 'About 7 articles a week. Last change 15 March 2026.')
    assert.equal(health(daily.slice(0, 2)), 'Last change 2 March 2026.')
    assert.equal(health([]), '')
    assert.match(
      health(daily, { retired: true }),
      /^This feed has ended: nothing new will come in it\. Last change 15 March/,
    )
  })

  it('plays the recordings of our own articles, asks nobody for them before, and links to those of others', () => {
    const file = { url: 'https://cdn.example/1.mp3', type: 'audio/mpeg', bytes: 12_345_678, seconds: 3725 }
    const film = { url: 'https://gazette.example/2.mp4', type: 'video/mp4' }
    const plan = { url: 'https://gazette.example/3.pdf', type: 'application/pdf', bytes: 5 }
    const articles = [
      article(1, { enclosures: [plan] }),
      article(2, { enclosures: [film] }),
      article(3, { enclosures: [plan, file] }),
      article(4, { enclosures: [file], url: 'https://other.example/talk/4' }),
    ]
    const seen = (changes = {}) => {
      const $ = load(page(articles, changes))
      return $('article').toArray().map((one) => {
        const [audio, link] = [$(one).find('audio'), $(one).find('.recording a')]
        return [audio.attr('src'), link.attr('href'), $(one).find('.recording p').text().replace(/\s+/g, ' ').trim().replace('mins', 'min')]
      })
    }
    // Some versions of Unicode's data write `min`, some `mins`.
    const listen = 'Listen 62 min 12 MB'
    assert.deepEqual(seen(), [
      [undefined, 'https://other.example/talk/4', listen],
      [file.url, file.url, listen],
      [undefined, film.url, 'Watch'],
      [undefined, undefined, ''],
    ])
    // The feed of a podcast is its publisher's own, wherever its pages are.
    const podcast = { image: 'https://gazette.example/cover.jpg', categories: ['News'], explicit: false, type: 'episodic', locked: false } as const
    assert.deepEqual(seen({ podcast })[0], [file.url, file.url, listen])
    const $ = load(page(articles))
    assert.deepEqual($('audio').toArray().map(({ attribs }) => [attribs['preload'], attribs['controls'], attribs['autoplay'], attribs['aria-label']]), [['none', '', undefined, 'Story 3']])
  }) // prettier-ignore

  it('lists the newest articles, with address, authors and topics', () => {
    const $ = load(
      page([article(1), article(2, { authors: ['Ada Moor', 'Ben Quay', 'Cy Rill'], topics: ['wall', 'sea'] })]),
    )
    assert.deepEqual(
      $('h3 a')
        .toArray()
        .map((link) => [$(link).text(), $(link).attr('href')]),
      [
        ['Story 2', 'https://gazette.example/news/2'],
        ['Story 1', 'https://gazette.example/news/1'],
      ],
    )
    const byline = $('.byline').first()
    assert.equal(byline.find('span').first().text(), 'Ada Moor, Ben Quay and Cy Rill')
    assert.deepEqual(
      $('.topics')
        .first()
        .find('span')
        .toArray()
        .map((topic) => $(topic).text()),
      ['wall', 'sea'],
    )
  })

  it('writes dates in the language and the time zone of the site', () => {
    const late = article(1, {
      publishedAt: new Date('2026-03-01T22:00:00Z'),
      updatedAt: new Date('2026-03-05T10:00:00Z'),
    })
    const $ = load(page([late], {}, { ...site, language: 'de', timezone: 'Asia/Tokyo' }))
    const times = $('.byline time')
      .toArray()
      .map((time) => [$(time).attr('datetime'), $(time).text()])
    assert.deepEqual(times, [
      ['2026-03-01T22:00:00.000Z', '2. März 2026'],
      ['2026-03-05T10:00:00.000Z', '5. März 2026'],
    ])
  })

  it('points to our own pictures beside it, so that they show wherever the folder is', () => {
    const image = {
      url: 'https://news.gazette.example/feeds/media/ab12.jpg',
      alt: 'The "wall"',
      width: 1200,
      height: 800,
    }
    const $ = load(
      page([article(1, { images: [image] }), article(2, { images: [{ url: 'https://else.example/b.jpg' }] })]),
    )
    const [far, own] = $('article img')
      .toArray()
      .map((picture) => $(picture).attr())
    assert.equal(far!['src'], 'https://else.example/b.jpg')
    assert.equal(far!['alt'], '')
    assert.equal(own!['src'], '../media/ab12.jpg')
    assert.deepEqual([own!['alt'], own!['width'], own!['height']], ['The "wall"', '1200', '800'])
  })

  it('shows text as text, whatever it holds', () => {
    const nasty = '<script>alert(1)</script> & "x" \'y\' {{ site.title }} {% raw %}'
    const $ = load(
      page(
        [
          article(1, {
            title: nasty,
            excerpt: nasty,
            authors: [nasty],
            topics: [nasty],
            images: [{ url: 'https://else.example/"><script>', alt: nasty }],
          }),
        ],
        { title: 'All', description: nasty },
      ),
    )
    assert.equal($('script').length, 0)
    for (const place of ['.about', 'h3', '.excerpt', '.byline span', '.topics']) {
      assert.equal($(place).first().text(), nasty, place)
    }
    assert.equal($('img').attr('alt'), nasty)
  })

  it('loads nothing but pictures, runs nothing and asks nobody else', () => {
    const html = page([article(1)])
    const $ = load(html)
    assert.equal($('script, iframe, link[rel=stylesheet], link[rel=preload], form').length, 0)
    assert.doesNotMatch($('style').text(), /url\(|@import|@font-face/)
  })

  it('invites to a feed that has no articles yet', () => {
    const $ = load(page([]))
    assert.equal($('article').length, 0)
    assert.match($('.latest').text(), /Nothing has been published/)
  })

  it('gives the same bytes for the same articles', () => {
    assert.equal(page([article(1), article(2)]), page([article(2), article(1)]))
  })

  for (const [what, text] of [
    ['cannot be read', '{% if %}'],
    ['names something that is not there', '{{ feed.titel }}'],
    ['names a filter that is not there', '{{ feed.title | shout }}'],
    ['asks for a file', "{% render '/etc/passwd' %}"],
  ] as const) {
    it(`refuses a template that ${what}`, () => {
      assert.throws(
        () => renderFeedPage(feed(), site, addresses, [], text),
        (thrown) => thrown instanceof Failure && thrown.code === 'template.invalid' && thrown.details['feed'] === 'all',
      )
    })
  }

  it('can be read in any colour of the paper, light and dark, and fits the narrowest phone @slow', async function () {
    const chromium = findChromium()
    if (chromium === undefined) return skipLoudly(this, 'there is no Chromium on this machine')
    const browser = await openChromium(chromium)
    try {
      for (const colour of ['#0b4f6c', '#ffd400', '#ffffff', '#000000', '#ff0033', '#00ff66', '#2a00ff']) {
        for (const colorScheme of ['light', 'dark'] as const) {
          const window = await browser.newPage({ viewport: { width: 320, height: 800 }, colorScheme })
          const long = article(1, {
            title: 'Donaudampfschifffahrtsgesellschaftskapitänsmütze',
            topics: ['x'.repeat(60)],
          })
          await window.setContent(page([long], {}, { ...site, colour }))
          // The painted colours: a canvas gives back the bytes that the screen gets. Evaluated in the page.
          const [scrollWidth, lowest] = await window.evaluate<[number, number]>(`(() => {
            const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
            const luminance = (colour) => {
              context.fillStyle = colour
              context.fillRect(0, 0, 1, 1)
              const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
                .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
              return 0.2126 * r + 0.7152 * g + 0.0722 * b
            }
            const ground = (element) => {
              const colour = getComputedStyle(element).backgroundColor
              return colour === 'rgba(0, 0, 0, 0)' ? ground(element.parentElement) : colour
            }
            const ratios = [...document.querySelectorAll('a, p, h1, h2, h3, li, code, time, span')].map((element) => {
              const pair = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => a - b)
              return (pair[1] + 0.05) / (pair[0] + 0.05)
            })
            return [document.documentElement.scrollWidth, Math.min(...ratios)]
          })()`)
          assert.ok(lowest >= 4.5, `${colour} ${colorScheme}: contrast ${lowest}`)
          assert.ok(scrollWidth <= 320, `${colour} ${colorScheme}: ${scrollWidth} px wide`)
          await window.close()
        }
      }
    } finally {
      await browser.close()
    }
  })
})
