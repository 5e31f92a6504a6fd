/** Takes the pictures of the sample paper that the README shows: `npm run screenshots`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openLog } from '../src/log.ts'
import { listMails } from '../src/mail/mailbox.ts'
import { webOf } from '../src/commands/shifts.ts'
import { listen } from '../src/web/listen.ts'
import { findChromium, openChromium } from '../test/chromium.ts'
import { copySample, repository, runAll } from '../test/sample.ts'

const path = findChromium()
if (path === undefined) throw new Error('No Chromium here: run scripts/install-chromium.sh first')
const pictures = process.argv[2] ?? join(repository, 'docs', 'pictures')
await mkdir(pictures, { recursive: true })

const sample = await copySample()
const app = await openApp(await readConfig(sample.configFile, {}), openLog('warn', true))
const browser = await openChromium(path)
try {
  await runAll(app, () => undefined)
  const server = await listen(webOf(app), '127.0.0.1:0')
  try {
    const [mail] = await listMails(app.config.mailDirectory)
    const shots = [
      { name: 'paper', address: '', width: 1280, height: 1100 },
      { name: 'paper-phone', address: '', width: 320, height: 700 },
      { name: 'paper-dark', address: '', width: 1280, height: 1100, dark: true },
      { name: 'feed', address: 'feeds/all/', width: 1280, height: 1000 },
      { name: 'mailbox', address: `mail/${mail?.id ?? ''}`, width: 1280, height: 1000 },
      { name: 'digest', address: `mail/${mail?.id ?? ''}/html`, width: 600, height: 1500 },
      { name: 'digest-dark', address: `mail/${mail?.id ?? ''}/html`, width: 600, height: 1500, dark: true },
      { name: 'digest-phone', address: `mail/${mail?.id ?? ''}/html`, width: 320, height: 1500 },
    ]
    for (const { name, address, width, height, dark = false } of shots) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' })
      await page.goto(new URL(address, server.url).href, { waitUntil: 'networkidle' })
      await page.screenshot({ path: join(pictures, `${name}.jpg`), type: 'jpeg', quality: 82 })
      await page.close()
    }
  } finally {
    await server.close()
  }
} finally {
  await browser.close()
  await app.close()
  await sample.remove()
}
