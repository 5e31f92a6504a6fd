/** Draws the sample paper's pictures again: `node scripts/pictures.ts [NAME…]` writes examples/pictures/NAME.jpg. */
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { HEIGHT, picture, WIDTH } from './pictures/brush.ts'
import { codeClub } from './pictures/code-club.ts'
import { councilChamber } from './pictures/council-chamber.ts'
import { ferry } from './pictures/ferry.ts'
import { fishMarket } from './pictures/fish-market.ts'
import { football } from './pictures/football.ts'
import { harbourDawn } from './pictures/harbour-dawn.ts'
import { library } from './pictures/library.ts'
import { lifeboat } from './pictures/lifeboat.ts'
import { lighthouse } from './pictures/lighthouse.ts'
import { nightSky } from './pictures/night-sky.ts'
import { regatta } from './pictures/regatta.ts'
import { storm } from './pictures/storm.ts'

const scenes: Record<string, () => string> = {
  'code-club': codeClub,
  'council-chamber': councilChamber,
  ferry,
  'fish-market': fishMarket,
  football,
  'harbour-dawn': harbourDawn,
  library,
  lifeboat,
  lighthouse,
  'night-sky': nightSky,
  regatta,
  storm,
}

/** Bytes: a digest with its pictures is read on phones. */
const LARGEST = 118_000

const directory = new URL('../examples/pictures/', import.meta.url)
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in scenes))
if (unknown.length > 0)
  throw new Error(`No such picture: ${unknown.join(', ')}. There are ${Object.keys(scenes).join(', ')}.`)

await mkdir(directory, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, deviceScaleFactor: 2 })
  const small = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, deviceScaleFactor: 1 })
  for (const [name, draw] of Object.entries(scenes)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${picture(draw())}`)
    const large = (await page.screenshot({ type: 'png' })).toString('base64')
    // Drawn at twice the size and halved: the cut edges are displaced pixel by pixel, which alone would leave steps.
    await small.setContent(
      `<style>body{margin:0}img{display:block;width:${WIDTH}px}</style><img src="data:image/png;base64,${large}">`,
    )
    let jpeg = await small.screenshot({ type: 'jpeg', quality: 80 })
    for (let quality = 76; jpeg.length > LARGEST && quality > 50; quality -= 4) {
      jpeg = await small.screenshot({ type: 'jpeg', quality })
    }
    await writeFile(new URL(`${name}.jpg`, directory), jpeg)
    process.stdout.write(`${name}.jpg  ${Math.round(jpeg.length / 1024)} kB\n`)
  }
} finally {
  await browser.close()
}
