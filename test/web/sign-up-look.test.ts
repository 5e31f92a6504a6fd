import assert from 'node:assert/strict'
import { type Browser } from 'playwright-core'
import { contrast } from '../../src/colour.ts'
import { listMails, readMail } from '../../src/mail/mailbox.ts'
import { listSubscriptions } from '../../src/store/subscribers.ts'
import { listen, type Listening } from '../../src/web/listen.ts'
import { findChromium, openChromium } from '../chromium.ts'
import { skipLoudly } from '../folders.ts'
import { readColours, type Seen } from '../newsletters/colours.ts'
import { now, openPaper, server, type Paper } from './paper.ts'

describe('signing up in a browser @slow', function () {
  this.timeout(60_000)
  let paper: Paper
  let listening: Listening
  let browser: Browser | undefined
  let clock = now

  before(async function () {
    const path = findChromium()
    if (path === undefined) skipLoudly(this, 'no Chromium here; scripts/install-chromium.sh gets one')
    browser = await openChromium(path)
  })
  after(() => browser?.close())

  beforeEach(async () => {
    paper = await openPaper({ now: () => clock })
    const [daily] = paper.needs.newsletters
    paper.needs.newsletters.push({
      ...daily!,
      id: 'sport',
      title: `Boats${'x'.repeat(60)}`,
      where: { topics: ['sport'] },
    })
    listening = await listen(paper.web, '127.0.0.1:0')
  })
  afterEach(async () => {
    await listening.close()
    await paper.close()
  })

  for (const [width, colorScheme] of [
    [320, 'light'],
    [320, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const) {
    it(`goes by keyboard from the paper to the subscription at ${width} px in ${colorScheme} colours`, async () => {
      // A form that is posted must pass our own policy and our own check of where it came from.
      const page = await browser!.newPage({ viewport: { width, height: 800 }, colorScheme })
      const look = async (heading: string) => {
        await page.locator('h1', { hasText: heading }).waitFor({ timeout: 20_000 })
        assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width, heading)
        for (const { text, colour, paper: ground } of await page.evaluate<Seen[]>(readColours))
          assert.ok(contrast(colour, ground) >= 4.5, `${text.slice(0, 40)}: ${colour} on ${ground}`)
      }
      await page.goto(listening.url)
      await look('The Harbour Gazette')
      await page.focus('[value=daily]')
      await page.keyboard.press('Space')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.type('ada')
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'Subscribe')
      // To the end of the form: the field for robots is not on the way.
      await page.keyboard.press('Tab')
      assert.notEqual(await page.evaluate('document.activeElement.name'), 'website')
      clock = new Date(clock.getTime() + 5000)
      await page.click('.sign-up button')
      await look('Have the news come to you')
      assert.match((await page.locator('[role=alert]').textContent()) ?? '', /does not look like/)
      assert.equal(await page.isChecked('[value=daily]'), true)
      clock = new Date(clock.getTime() + 5000)
      await page.fill('#sign-up-email', 'ada@reader.example')
      await page.keyboard.press('Enter')
      await look('Look into your mail')

      const directory = paper.needs.mailDirectory!
      while ((await listMails(directory)).length === 0) await new Promise((resolve) => setImmediate(resolve))
      const mail = await readMail(directory, (await listMails(directory))[0]!.id)
      const link = /https:\S+\/confirm\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
      await page.goto(link.replace(server, listening.url))
      await look('Shall it come?')
      await page.click('button')
      await look('You are subscribed')
      await page.close()
      const [{ subscription } = assert.fail(), ...others] = await listSubscriptions(paper.needs.db)
      assert.deepEqual([subscription.newsletterId, subscription.state, others], ['daily', 'active', []])
    })
  }
})
