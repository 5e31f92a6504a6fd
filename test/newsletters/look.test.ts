import assert from 'node:assert/strict'
import { type Browser, type Page } from 'playwright-core'
import { contrast } from '../../src/colour.ts'
import { personalize } from '../../src/newsletters/personalize.ts'
import { renderSlice } from '../../src/newsletters/render.ts'
import { findChromium, openChromium } from '../chromium.ts'
import { skipLoudly } from '../folders.ts'
import { readColours, type Seen } from './colours.ts'
import { input, picture, reader, story, templates } from './paper.ts'

describe('newsletters, seen in a browser @slow', () => {
  let browser: Browser | undefined
  let html: string

  before(async function () {
    const path = findChromium()
    if (path === undefined) skipLoudly(this, 'no Chromium here; scripts/install-chromium.sh gets one')
    const wide = {
      title: `Harbourmastersassociation${'x'.repeat(150)}`,
      excerpt: 'y'.repeat(200),
      authors: ['z'.repeat(80)],
    }
    const slice = await renderSlice(
      input(
        [
          story(1, { images: [picture('storm', { credit: 'Maren Pike' })] }),
          ...[2, 3, 4].map((number) => story(number, { images: [picture(`p${number}`)] })),
          story(5, { ...wide, topics: ['w'.repeat(60)] }),
          story(6, { ...wide, images: [picture('wide')], language: 'ar', topics: [] }),
        ],
        { headlines: [story(7, wide), story(8)] },
      ),
      templates,
    )
    html = personalize(slice, { ...reader, email: `${'long'.repeat(16)}@${'address.'.repeat(8)}example` }).html
    browser = await openChromium(path)
  })
  after(() => browser?.close())

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser!.newPage({ viewport: { width, height: 800 }, colorScheme })
    const box = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675"/>'
    await page.route('**/*', (route) => route.fulfill({ contentType: 'image/svg+xml', body: box }))
    await page.setContent(html, { waitUntil: 'load' })
    return page
  }

  for (const width of [320, 375, 600, 1200]) {
    it(`has no horizontal scroll at ${width} pixels, however long the words`, async () => {
      const page = await open(width, 'light')
      assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width)
      const widest = await page.evaluate<number>('Math.max(...[...document.images].map((image) => image.clientWidth))')
      assert.ok(widest > 200 && widest <= Math.min(width, 600), String(widest))
      await page.close()
    })
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read in ${scheme} colours: contrast 4.5 everywhere`, async () => {
      const page = await open(600, scheme)
      const found = await page.evaluate<Seen[]>(readColours)
      assert.ok(found.length > 30)
      for (const { text, colour, paper } of found) {
        assert.ok(contrast(colour, paper) >= 4.5, `${text.slice(0, 40)}: ${colour} on ${paper}`)
      }
      const papers = new Set(found.map(({ paper }) => paper))
      for (const paper of papers) assert.equal(contrast(paper, '#ffffff') < 4.5, scheme === 'light', paper)
      await page.close()
    })
  }
})
