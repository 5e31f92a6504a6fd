import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { collect } from '../src/collect.ts'
import { type Fetcher } from '../src/http/fetch.ts'
import { openLog } from '../src/log.ts'
import { parseHere } from '../src/parse-here.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { makeFolder } from './folders.ts'
import { openSite, readerOf, type Site } from './sites.ts'
import { openWordpress } from './sources/wordpress-site.ts'

const MARCH = new Date('2026-03-10T12:00:00Z')
const APRIL = new Date('2026-04-10T12:00:00Z')

const TEXT =
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said. Nobody was hurt.'
const page = (title: string, text: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><article><h1>${title}</h1><p>${text}</p></article></body></html>`
const sitemap = (...urls: [loc: string, lastmod: string][]) =>
  `<?xml version="1.0"?><urlset>${urls.map(([loc, lastmod]) => `<url><loc>${loc}</loc><lastmod>${lastmod}</lastmod></url>`).join('')}</urlset>`

describe('collect from sitemaps, APIs and lists of several pages', () => {
  let root: string
  let store: Store
  let site: Site
  let reader: Fetcher

  beforeEach(async () => {
    root = await makeFolder()
    store = await openDatabase(':memory:')
    site = await openSite()
    reader = readerOf(site)
  })

  afterEach(async () => {
    await reader.close()
    await site.close()
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  /** Collects one source; gives how many of its items are new and changed, its faults, and what the site was asked. */
  async function run(now: Date, source: object, fetch = reader.fetch) {
    site.seen.length = 0
    const { sources, faults } = await collect({
      db: store.db,
      root,
      addresses: publicAddresses('https://news.gazette.example/'),
      publishDirectory: join(root, 'feeds'),
      sources: [sourceOptions.parse({ id: 'main', url: site.url, ...source })],
      fetch,
      parse: parseHere,
      now: () => now,
      log: openLog('silent', false),
    })
    const { added, updated, unchanged } = sources[0]!
    return { added, updated, unchanged, faults: faults.map(({ code }) => code), seen: [...site.seen] }
  }

  const stored = () => newestArticles(store.db, { limit: 1000 })

  it('reads a page again when its sitemap says that it changed, and takes no date from there', async () => {
    const source = { kind: 'sitemap', url: `${site.url}sitemap.xml` }
    site.answers.set('/sitemap.xml', sitemap(['/storm', '2026-03-01'], ['/tide', '2026-03-02']))
    site.answers.set('/storm', page('Storm', TEXT))
    site.answers.set('/tide', page('Tide', `${TEXT} So it was at noon.`))
    assert.deepEqual(await run(MARCH, source), {
      ...{ added: 2, updated: 0, unchanged: 0, faults: [] },
      seen: ['/sitemap.xml', '/storm', '/tide'],
    })
    assert.deepEqual(
      (await stored()).map(({ title, publishedAt, updatedAt }) => [title, publishedAt, updatedAt]),
      [
        ['Tide', undefined, undefined],
        ['Storm', undefined, undefined],
      ],
    )
    site.answers.set('/sitemap.xml', sitemap(['/storm', '2026-03-20'], ['/tide', '2026-03-02']))
    site.answers.set('/storm', page('Storm', `${TEXT} It opened again at noon.`))
    const again = await run(APRIL, source)
    assert.deepEqual([again.added, again.updated, again.faults], [0, 1, []])
    assert.equal(again.seen.filter((path) => path.startsWith('/storm')).length, 1)
    const storm = (await stored()).find(({ title }) => title === 'Storm')
    assert.deepEqual([storm?.publishedAt, storm?.updatedAt], [undefined, APRIL])
  })

  it('reads of an API what is new and what was changed, and each post once', async () => {
    const text = (id: number) =>
      `<p>${TEXT} This is number ${id} of them, and it says so in its own words: ${'n'.repeat(id)}.</p>`
    const wordpress = await openWordpress(
      Array.from({ length: 60 }, (_, at) => ({
        id: at + 1,
        title: `Notice number ${at + 1}`,
        text: text(at + 1),
        date: new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 19),
      })),
    )
    const api = readerOf({ ...site, authority: wordpress.authority })
    const source = { kind: 'wordpress', url: wordpress.url }
    try {
      const first = await run(MARCH, source, api.fetch)
      assert.deepEqual([first.added, first.faults], [60, []])
      wordpress.posts[2] = {
        ...wordpress.posts[2]!,
        text: `${text(3)}<p>It was corrected since.</p>`,
        modified: '2026-04-09T10:00:00',
      }
      wordpress.posts.push({ id: 61, title: 'Notice number 61', text: text(61), date: '2026-04-10T09:00:00' })
      const second = await run(APRIL, source, api.fetch)
      assert.deepEqual([second.added, second.updated, second.faults], [1, 1, []])
      const articles = await stored()
      assert.equal(articles.length, 61)
      const corrected = articles.find(({ title }) => title === 'Notice number 3')
      assert.deepEqual(corrected?.updatedAt, new Date('2026-04-09T10:00:00Z'))
      assert.deepEqual(corrected.publishedAt, new Date('2026-01-03T00:00:00Z'))
      assert.deepEqual([corrected.authors, corrected.topics], [['Ana Prado'], ['Harbour & Quay', 'storm']])
    } finally {
      await api.close()
      await wordpress.close()
    }
  })

  it('reads further pages of a list the first time, and later no further than to what it knows', async () => {
    const list = (names: string[], next?: string) =>
      `<!doctype html>${names.map((name) => `<article><a href="/${name}">${name}</a></article>`).join('')}${next === undefined ? '' : `<a rel="next" href="${next}">older</a>`}`
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      site.answers.set(`/${name}`, page(`Story ${name}`, `${TEXT} ${name.repeat(30)}`))
    site.answers.set('/', list(['b', 'c'], '/?page=2'))
    site.answers.set('/?page=2', list(['d', 'e']))
    const source = { kind: 'page', select: { item: 'article' }, pages: 9 }
    assert.deepEqual((await run(MARCH, source)).added, 4)
    site.answers.set('/', list(['a', 'b'], '/?page=2'))
    site.answers.set('/?page=2', list(['c', 'd'], '/?page=3'))
    const again = await run(MARCH, source)
    assert.deepEqual([again.added, again.seen.slice(0, 2)], [1, ['/', '/a']])
  })
})
