import assert from 'node:assert/strict'
import { type Browser } from 'playwright-core'
import { openApp, type App } from '../../src/app.ts'
import { webOf } from '../../src/commands/shifts.ts'
import { readConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { listMails } from '../../src/mail/mailbox.ts'
import { listen, type Listening } from '../../src/web/listen.ts'
import { findChromium, openChromium } from '../chromium.ts'
import { copySample, type Sample, runAll } from '../sample.ts'

/** Runs in the page: what is wider than the window, which pictures did not load. */
const lookAround = `(() => ({
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  broken: [...document.images].filter((image) => {
    image.loading = 'eager'
    return image.complete && image.naturalWidth === 0
  }).map((image) => image.src),
  pictures: document.images.length,
}))()`

interface Seen {
  wide: boolean
  broken: string[]
  pictures: number
}

describe('the sample paper in a browser @slow', function () {
  this.timeout(120_000)
  let sample: Sample | undefined
  let app: App | undefined
  let server: Listening
  let browser: Browser | undefined
  let mail = ''

  before(async function () {
    const path = findChromium()
    if (path === undefined) {
      console.warn('      SKIPPED: no Chromium on this machine; scripts/install-chromium.sh gets one where it can.')
      this.skip()
    }
    sample = await copySample()
    app = await openApp(await readConfig(sample.configFile, {}), openLog('silent', false))
    await runAll(app, () => undefined)
    server = await listen(webOf(app), '127.0.0.1:0')
    mail = (await listMails(app.config.mailDirectory))[0]?.id ?? ''
    browser = await openChromium(path)
  })

  after(async () => {
    await browser?.close()
    if (app !== undefined) await server.close()
    await app?.close()
    await sample?.remove()
  })

  for (const width of [320, 600, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`fits ${width} px in ${colorScheme} colours, with every picture, and nothing asks a stranger`, async () => {
        const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme })
        const strangers: string[] = []
        const complaints: string[] = []
        page.on('request', (request) => {
          if (!request.url().startsWith(server.url)) strangers.push(request.url())
        })
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text())
        })
        const article = 'articles/desk/inner-harbour-closes-for-the-dredger'
        for (const address of ['', 'feeds/all/', article, 'mail/', `mail/${mail}`, `mail/${mail}/html`]) {
          const answer = await page.goto(new URL(address, server.url).href, { waitUntil: 'networkidle' })
          assert.equal(answer?.status(), 200, address)
          const seen = await page.evaluate<Seen>(lookAround)
          assert.equal(seen.wide, false, `${address} is wider than ${width} px`)
          assert.deepEqual(seen.broken, [], address)
          if (!address.endsWith('mail/') && address !== `mail/${mail}`)
            assert(seen.pictures > 0, `${address} has no picture`)
        }
        await page.close()
        assert.deepEqual(strangers, [])
        assert.deepEqual(complaints, [])
      })
    }
  }
})
