import assert from 'node:assert/strict'
import { type z } from 'zod'
import { findChromium, openBrowser } from '../../src/browser/render.ts'
import { type Fetch } from '../../src/contracts.ts'
import { find, options } from '../../src/sources/browser.ts'
import { runSource } from '../../src/commands/source-run.ts'
import { parseHere } from '../../src/parse-here.ts'
import { sourceOptions } from '../../src/sources/index.ts'
import { skipLoudly } from '../folders.ts'
import { openSite, readerOf, type Site } from '../sites.ts'
import { contextOf } from './context.ts'

const STORM =
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said. Nobody was hurt.'

/** A page that is empty until its script has asked for what stands on it. */
const shell =
  '<!doctype html><html lang="en"><head><title>News</title></head><body><div id="app"></div><script src="/app.js"></script></body></html>'
const script = `
const app = document.getElementById('app')
fetch('/api' + location.pathname).then((answer) => answer.json()).then(({ cards, title, text }) => {
  app.innerHTML = cards
    ? cards.map(([path, name]) => '<article class="card"><h2><a href="' + path + '">' + name + '</a></h2><time datetime="2026-03-02">2 March</time></article>').join('')
    : '<article><h1>' + title + '</h1><div class="text"><p>' + text + '</p><p>' + text + '</p></div></article>'
})`

describe('sources/browser', () => {
  let site: Site

  beforeEach(async () => {
    site = await openSite({
      '/news': shell,
      '/news/storm': shell,
      '/news/ferries': shell,
      '/app.js': { headers: { 'content-type': 'text/javascript' }, body: script },
      '/api/news': JSON.stringify({
        cards: [
          ['/news/storm', 'Storm shuts the quay'],
          ['/news/ferries', 'Ferries sail again'],
        ],
      }),
      '/api/news/storm': JSON.stringify({ title: 'Storm shuts the quay', text: STORM }),
      '/api/news/ferries': JSON.stringify({ title: 'Ferries sail again', text: STORM }),
    })
  })

  afterEach(() => site.close())

  const given = (more: Partial<z.input<typeof options>> = {}) => ({
    ...{ id: 'main', kind: 'browser', url: `${site.url}news`, waitFor: 'article.card' },
    ...{ select: { item: 'article.card', title: 'h2', date: 'time', content: '.text' } },
    ...more,
  })

  /** The fetcher of the installation, with its browser. */
  async function withBrowser<T>(work: (fetch: Fetch) => Promise<T>): Promise<T> {
    const reader = readerOf(site)
    const browser = openBrowser({ userAgent: 'Broadsheet/test' })
    try {
      return await work((url, request = {}) =>
        request.render === undefined ? reader.fetch(url, request) : browser.render(url, request, reader.fetch),
      )
    } finally {
      await browser.close()
      await reader.close()
    }
  }

  it('asks for its page as a browser shows it, waits for what it should, and never asks whether it changed', async () => {
    const asked: unknown[] = []
    const fetch: Fetch = async (url, request) => {
      asked.push([url, request?.render, request?.conditional])
      const html = '<article class="card"><h2><a href="/news/storm">Storm</a></h2></article>'
      const body = Buffer.from(html)
      return { status: 'fresh', url, headers: {}, body, text: () => html, remember: async () => undefined }
    }
    const items = await find(options.parse(given()), contextOf(fetch))
    assert.deepEqual(
      items.map(({ title }) => title),
      ['Storm'],
    )
    assert.deepEqual(asked, [[`${site.url}news`, { waitFor: 'article.card' }, false]])
  })

  it('reads a list and articles that are empty without their scripts @slow', async function () {
    this.timeout(60_000)
    if (findChromium() === undefined) skipLoudly(this, 'there is no Chromium on this machine')
    await withBrowser(async (fetch) => {
      const looking = {
        root: '/',
        base: 'https://gazette.example/',
        timezone: 'UTC',
        now: new Date(),
        articles: 2,
        fetch,
        parse: parseHere,
      }
      const { items, articles, faults } = await runSource(sourceOptions.parse(given()), looking)
      assert.deepEqual(faults, [])
      assert.deepEqual(
        items.map(({ url, title, published }) => [url, title, published]),
        [
          [`${site.url}news/storm`, 'Storm shuts the quay', '2026-03-02T00:00:00.000Z'],
          [`${site.url}news/ferries`, 'Ferries sail again', '2026-03-02T00:00:00.000Z'],
        ],
      )
      assert.deepEqual(
        articles.map(({ text }) => text.startsWith(STORM)),
        [true, true],
      )
      assert.equal(site.seen.filter((path) => path === '/app.js').length, 1)
    })
  })

  it('reads pages without the browser where they need none @slow', async function () {
    this.timeout(60_000)
    if (findChromium() === undefined) skipLoudly(this, 'there is no Chromium on this machine')
    site.answers.set(
      '/news/storm',
      `<!doctype html><article><h1>Storm</h1><div class="text"><p>${STORM}</p><p>${STORM}</p></div></article>`,
    )
    await withBrowser(async (fetch) => {
      const looking = {
        root: '/',
        base: 'https://gazette.example/',
        timezone: 'UTC',
        now: new Date(),
        articles: 1,
        fetch,
        parse: parseHere,
      }
      const { articles, faults } = await runSource(sourceOptions.parse(given({ articles: 'fetch' })), looking)
      assert.deepEqual([faults, articles.length], [[], 1])
      assert.deepEqual(site.seen, ['/news', '/app.js', '/api/news', '/news/storm'])
    })
  })

  it('finds the list by itself where no item is named @slow', async function () {
    this.timeout(60_000)
    if (findChromium() === undefined) skipLoudly(this, 'there is no Chromium on this machine')
    const cards = ['storm', 'ferries', 'clock', 'market'].map((name) => [
      `/news/the-${name}-of-march`,
      `The ${name} of this March, told at length`,
    ])
    site.answers.set('/api/news', JSON.stringify({ cards }))
    await withBrowser(async (fetch) => {
      const items = await find(
        options.parse(given({ select: undefined })),
        contextOf(fetch, { fault: () => undefined }),
      )
      assert.deepEqual(
        items.map(({ url }) => new URL(url).pathname),
        cards.map(([path]) => path),
      )
    })
  })
})
