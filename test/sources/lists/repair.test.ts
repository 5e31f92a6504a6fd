import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseHtml } from '../../../src/articles/markup.ts'
import { noMemory, openFetcher } from '../../../src/http/fetch.ts'
import { type Item } from '../../../src/item.ts'
import { find, options } from '../../../src/sources/auto.ts'
import * as page from '../../../src/sources/page.ts'
import { readList } from '../../../src/sources/lists/memory.ts'
import { keyOf } from '../../../src/sources/lists/read.ts'
import { openSite } from '../../sites.ts'
import { contextOf } from '../context.ts'
import { REDESIGNS, redesign, type Redesign } from './redesign.ts'

const FOLDER = join(import.meta.dirname, '../../../bench/lists/open')

/** A labelled page and what becomes of it. */
const CASES: [id: string, how: keyof typeof REDESIGNS][] = [
  ['wordpress-blog', 'renameClasses'],
  ['ghost-cards', 'everything'],
  ['tailwind-grid-es', 'dropClasses'],
  ['government-pt', 'renameClasses'],
  ['news-list-ko', 'changeTags'],
  ['university-de', 'everything'],
  ['front-ar', 'renameClasses'],
  ['newspaper-front', 'dropClasses'],
  ['drupal-views-pl', 'wrap'],
  ['list-he', 'everything'],
  ['portal-ja', 'renameClasses'],
  ['podcast-episodes', 'changeTags'],
]

interface Label {
  url: string
  items: { url: string }[]
  optional?: string[]
}

const htmlOf = (id: string) => readFileSync(join(FOLDER, `${id}.html`), 'utf8')
const labelOf = (id: string) => JSON.parse(readFileSync(join(FOLDER, `${id}.json`), 'utf8')) as Label

describe('lists after a redesign', () => {
  /** Reads a page as it was, then as it is, by what is remembered; gives what was found and what was said. */
  async function readTwice(id: string, how: Redesign, kind: 'auto' | 'page') {
    const { url: labelUrl } = labelOf(id)
    const path = new URL(labelUrl).pathname + new URL(labelUrl).search
    const site = await openSite({}, { validators: false })
    // The site of the test has another host: its own links are made those of the label's.
    const serve = (html: string) =>
      site.answers.set(path, html.replace('<head>', `<head><base href="${baseOf(html) ?? labelUrl}">`))
    const reader = openFetcher({
      ...{ userAgent: 'Broadsheet/test', allow: [site.authority], memory: noMemory, gapMs: 0 },
      ...{ now: () => new Date(), wait: async () => undefined, random: () => 0 },
    })
    const known = new Set<string>()
    let memory: string | undefined
    const notices: string[] = []
    const context = () =>
      contextOf(reader.fetch, {
        areKnown: async (items) => items.map(({ url }) => known.has(keyOf(url))),
        memory: { ...(memory !== undefined && { last: memory }), keep: (json) => (memory = json) },
        notice: ({ code }) => notices.push(code),
        isArticle: async () => true,
      })
    const url = new URL(path, site.url).href
    const run = async (): Promise<Item[]> => {
      if (kind === 'auto') return await find(options.parse({ id: 'main', kind, url }), context())
      const [first] = readList({ html: htmlOf(id), $: parseHtml(htmlOf(id)), url: labelUrl }).lists
      const select = { item: first?.item ?? '', ...(first?.link && { link: first.link }) }
      return await page.find(page.options.parse({ id: 'main', kind, url, select }), context())
    }
    try {
      serve(htmlOf(id))
      const before = await run()
      for (const item of before) known.add(keyOf(item.url))
      serve(redesign(htmlOf(id), how))
      const after = await run().catch((thrown: unknown) => thrown as Error)
      return { before, after, notices }
    } finally {
      await reader.close()
      await site.close()
    }
  }

  for (const kind of ['auto', 'page'] as const) {
    describe(`of kind ${kind}`, () => {
      let recovered = 0
      for (const [id, how] of CASES)
        it(`takes nothing wrong from ${id} after ${how}`, async () => {
          const label = labelOf(id)
          const { after, notices } = await readTwice(id, REDESIGNS[how], kind)
          if (after instanceof Error) return
          const right = new Set([...label.items.map(({ url }) => url), ...(label.optional ?? [])].map(keyOf))
          const wrong = after.map(({ url }) => keyOf(url)).filter((key) => !right.has(key))
          assert.deepEqual(wrong, [])
          const found = new Set(after.map(({ url }) => keyOf(url)))
          const share = label.items.filter(({ url }) => found.has(keyOf(url))).length / label.items.length
          if (share >= 0.9) recovered++
          assert.ok(
            notices.every((code) => code === 'source.repaired'),
            notices.join(),
          )
        })

      it('finds ten of twelve again', () => assert.ok(recovered >= 10, `${recovered} of ${CASES.length}`))
    })
  }

  it('says that a list moved, and that what it stood in is gone', async () => {
    const { url } = labelOf('ghost-cards')
    const memory = {
      version: 1 as const,
      lists: [{ item: 'article.gone', container: 'div.gone', count: 10 }],
      doubts: [],
      keys: [],
      channels: [],
    }
    const answer = readList({ html: htmlOf('ghost-cards'), $: parseHtml(htmlOf('ghost-cards')), url }, memory)
    assert.equal(answer.state, 'moved')
    assert.equal(answer.stands, false)
  })
})

function baseOf(html: string): string | undefined {
  return /<base href="([^"]+)"/.exec(html)?.[1]
}
