import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { type Browser } from 'playwright-core'
import { contrast } from '../../src/colour.ts'
import { renderConfirm, type ConfirmInput } from '../../src/newsletters/confirm.ts'
import { findChromium, openChromium } from '../chromium.ts'
import { skipLoudly } from '../folders.ts'
import { newsletter, site, templates } from './paper.ts'
import { readColours, type Seen } from './colours.ts'

const url = `https://news.gazette.example/confirm/b1.k1.${'x'.repeat(60)}.${'y'.repeat(43)}`

const known: ConfirmInput = {
  site,
  newsletters: [newsletter],
  email: 'ada@reader.example',
  askedAt: new Date('2027-05-03T06:00:00Z'),
  server: 'https://news.gazette.example/',
}
const asked: ConfirmInput = { ...known, link: { url, until: new Date('2027-05-10T06:00:00Z') } }

describe('newsletters/confirm', () => {
  it('asks one thing, with one button, and says who asked when', async () => {
    const { subject, html, text } = await renderConfirm(asked, templates)
    const $ = load(html)
    assert.equal(subject, 'Please confirm: The Daily Gazette')
    assert.equal($('h2').text(), 'Shall we send you The Daily Gazette?')
    const links = $('a')
      .toArray()
      .map((element) => $(element).attr('href'))
    assert.deepEqual(links, [site.url, url, url, site.url])
    assert.equal($('.button a').text().trim(), 'Yes, send it to me')
    for (const part of [$('body').text(), text.replaceAll('\n', ' ')]) {
      assert.match(part, /ada@reader\.example/)
      assert.match(
        part,
        /Asked for on news\.gazette\.example, 3 May 2027 at 07:00\. The link works until 10 May 2027 at 07:00\./,
      )
      assert.match(part, /If it was not you, do nothing/)
      assert.match(part, /1 Quay Street, Harbour HB1 2AA/)
    }
    assert.ok(text.split('\n').includes(url), 'the link is whole on a line of its own')
    assert.equal($('script, form, img').length, 0)
  })

  it('tells a reader who gets it already so, with nothing to press', async () => {
    const { subject, html, text } = await renderConfirm(known, templates)
    assert.equal(subject, 'You already get The Daily Gazette')
    assert.doesNotMatch(html + text, /\/confirm\/|Press the button/)
    assert.match(text.replaceAll('\n', ' '), /put daily@news\.gazette\.example into your address book/)
  })

  it('names several newsletters, and then the paper alone over them', async () => {
    const { subject, html } = await renderConfirm(
      { ...asked, newsletters: [newsletter, { ...newsletter, id: 'sport', title: 'Boats' }] },
      templates,
    )
    assert.equal(subject, 'Please confirm: The Daily Gazette and Boats')
    assert.doesNotMatch(load(html)('body').text(), /^\s*The Daily Gazette/)
  })

  it('speaks the language of the paper, and fills in every word', async () => {
    const told = new Set<string>()
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'ar', 'fi']) {
      for (const input of [asked, known]) {
        const { subject, html, text } = await renderConfirm({ ...input, site: { ...site, language } }, templates)
        told.add(load(html)('h2').text())
        assert.match(subject, /The Daily Gazette/)
        assert.doesNotMatch(load(html)('body').text() + text + subject, /[{}]|undefined/, language)
        assert.match(text, /ada@reader\.example/, language)
      }
    }
    assert.equal(told.size, 16)
  })

  it('shows what it is given as words, whatever they look like', async () => {
    const hostile = '<img src=x onerror=alert(1)>{{ site.url }}'
    const { html, text } = await renderConfirm(
      { ...asked, email: "o'<b>{{x}}@reader.example", newsletters: [{ ...newsletter, title: hostile }] },
      templates,
    )
    const $ = load(html)
    assert.equal($('img, b').length, 0)
    assert.match($('h2').text(), /<img src=x onerror=alert\(1\)>\{\{ site\.url \}\}/)
    assert.match(text, /<img/)
  })

  describe('seen in a browser @slow', () => {
    let browser: Browser | undefined
    before(async function () {
      const path = findChromium()
      if (path === undefined) skipLoudly(this, 'no Chromium here; scripts/install-chromium.sh gets one')
      browser = await openChromium(path)
    })
    after(() => browser?.close())

    for (const [width, colorScheme] of [
      [320, 'light'],
      [320, 'dark'],
      [600, 'light'],
      [600, 'dark'],
    ] as const) {
      it(`fits ${width} pixels and can be read in ${colorScheme} colours`, async () => {
        const long = { email: `${'long'.repeat(16)}@${'address.'.repeat(8)}example` }
        const { html } = await renderConfirm({ ...asked, ...long }, templates)
        const page = await browser!.newPage({ viewport: { width, height: 800 }, colorScheme })
        await page.setContent(html)
        assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width)
        const seen = await page.evaluate<Seen[]>(readColours)
        assert.ok(seen.length > 8)
        for (const { text, colour, paper } of seen) {
          assert.ok(contrast(colour, paper) >= 4.5, `${text.slice(0, 40)}: ${colour} on ${paper}`)
        }
        await page.close()
      })
    }
  })
})
