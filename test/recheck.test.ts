import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { collect } from '../src/collect.ts'
import { renderFeed } from '../src/feeds/render.ts'
import { type Fetcher } from '../src/http/fetch.ts'
import { openLog } from '../src/log.ts'
import { parseHere } from '../src/parse-here.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { changesOf } from '../src/store/article-changes.ts'
import { correctArticle } from '../src/store/article-corrections.ts'
import { withdrawArticle } from '../src/store/article-fates.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { makeFolder } from './folders.ts'
import { site as paper } from './press.ts'
import { openSite, readerOf, type Site } from './sites.ts'

const START = Date.UTC(2026, 2, 10, 12)
const HOUR = 3_600_000
const at = (hours: number) => new Date(START + hours * HOUR)

const TEXT = [
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said.',
  'Three boats that lay outside were brought into the inner basin by noon, and nobody was hurt in the work of the night.',
  'The ferry goes from the fish market until the wall has been looked at by divers, which may take until the weekend.',
]

interface Shown {
  text?: string[]
  /** Changes with every answer. */
  noise?: number
  head?: string
}

/** A page as sites build them: much of it says something else at every visit. */
const page = (title: string, { text = TEXT, noise = 0, head = '' }: Shown = {}) =>
  `<!doctype html><html lang="en"><head><title>${title} | The Gazette</title>${head}<meta property="article:published_time" content="2026-03-10T06:00:00Z"></head>` +
  `<body data-visit="${noise}"><nav><a href="/">Home</a></nav><div class="ad banner">Buy boots number ${noise}, they are cheap.</div>` +
  `<main><article>${' '.repeat(noise)}<h1>${title}</h1><p class="meta"><span>${noise + 2} minutes ago</span> · <span>${noise * 3} comments</span></p>` +
  `<figure><img src="https://cdn${noise % 3}.gazette.example/w_${600 + noise}/quay-wall-${600 + noise}x400.jpg?v=${noise}&amp;sig=${noise * 7}" alt="The wall"></figure>` +
  text
    .map((paragraph) => `<p${noise % 2 ? ' class="p"' : ''}>${paragraph.replaceAll(' ', noise % 2 ? '\n ' : ' ')}</p>`)
    .join(noise % 2 ? '\n\n' : '') +
  `<p>${noise * 11} views</p><div class="related"><h3>Read more</h3><ul><li><a href="/news/other-${noise}">Another story, number ${noise}</a></li></ul></div>` +
  `</article><aside class="sidebar"><p>Most read: story ${noise}</p></aside></main><footer>Page built in ${noise} ms</footer></body></html>`

const feed = (...paths: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${paths
    .map(
      (path) =>
        `<item><title>Story ${path.slice(1)}</title><link>${path}</link><description>In short.</description></item>`,
    )
    .join('')}</channel></rss>`

describe('the pages of late articles', () => {
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

  async function run(now: Date, source: object = { fullText: true }) {
    site.seen.length = 0
    const { sources, faults } = await collect({
      db: store.db,
      root,
      addresses: publicAddresses('https://news.gazette.example/'),
      publishDirectory: join(root, 'feeds'),
      sources: [sourceOptions.parse({ id: 'main', kind: 'rss', url: `${site.url}feed.xml`, ...source })],
      fetch: reader.fetch,
      parse: parseHere,
      now: () => now,
      log: openLog('silent', false),
    })
    const { added, updated, changed, withdrawn, restored } = sources[0]!
    const counts = { added, updated, changed, withdrawn, restored }
    return {
      counts: Object.fromEntries(Object.entries(counts).filter(([, value]) => value)),
      faults: faults.map(({ code }) => code),
      pages: site.seen.filter((path) => !path.startsWith('/feed.xml')),
    }
  }

  const set = (answers: Record<string, Parameters<Site['answers']['set']>[1]>) => {
    for (const [path, answer] of Object.entries(answers)) site.answers.set(path, answer)
  }
  const stored = () => newestArticles(store.db, { limit: 100 })

  async function begin(...paths: string[]) {
    set({
      '/feed.xml': feed(...paths),
      ...Object.fromEntries(paths.map((path) => [path, page(`Story ${path.slice(1)}`)])),
    })
    assert.deepEqual((await run(at(0))).counts, { added: paths.length })
  }

  it('are asked for again after a while, at longer and longer intervals, and only if they changed', async () => {
    await begin('/storm')
    const looked: number[] = []
    for (let hour = 1; hour <= 24 * 12; hour += 1) {
      const { pages, counts, faults } = await run(at(hour))
      if (pages.length > 0) looked.push(hour)
      assert.deepEqual([counts, faults], [{}, []])
      assert(
        pages.every((path) => path === '/storm 304'),
        pages.join(),
      )
    }
    assert.deepEqual(looked, [3, 12, 36, 84, 168])
  })

  it('are as they were after twenty visits that brought nothing new, to the byte, and so are the feeds', async () => {
    await begin('/storm')
    const all = { id: 'all', title: 'All', where: {}, items: 50, content: 'full' } as const
    const bytes = async () => {
      const articles = await stored()
      return JSON.stringify([
        articles,
        renderFeed(all, paper, publicAddresses('https://news.gazette.example/'), articles),
      ])
    }
    const before = await bytes()
    for (let visit = 1; visit <= 20; visit += 1) {
      set({ '/storm': page('Story storm', { noise: visit }) })
      await store.db
        .updateTable('pageCheck')
        .set({ dueAt: at(visit).toISOString() })
        .execute()
      assert.deepEqual(await run(at(visit)), { counts: {}, faults: [], pages: ['/storm'] })
      assert.equal(await bytes(), before, `visit ${visit}`)
    }
    const [article] = await stored()
    assert.deepEqual(await changesOf(store.db, article!.id), [])
    // The same visits see a real change.
    set({ '/storm': page('Story storm', { noise: 21, text: [...TEXT, 'Four boats are out there still.'] }) })
    await store.db
      .updateTable('pageCheck')
      .set({ dueAt: at(21).toISOString() })
      .execute()
    assert.deepEqual((await run(at(21))).counts, { changed: 1 })
    assert.notEqual(await bytes(), before)
  })

  it('are as they were when they are looked at again, to the byte', async () => {
    await begin('/storm')
    const before = JSON.stringify(await stored())
    for (const [visit, hour] of [3, 12, 36, 84, 168].entries()) {
      set({ '/storm': page('Story storm', { noise: visit + 1 }) })
      const { counts, pages } = await run(at(hour))
      assert.deepEqual([counts, pages], [{}, ['/storm']])
      assert.equal(JSON.stringify(await stored()), before)
    }
  })

  it('bring what was edited, its history, and sooner looks', async () => {
    await begin('/storm')
    const [before] = await stored()
    const edited = [...TEXT, 'Correction: the waves broke over the wall once, not twice.']
    set({ '/storm': page('A title that the feed does not have', { text: edited }) })
    const { counts, pages } = await run(at(4))
    assert.deepEqual([counts, pages], [{ changed: 1 }, ['/storm']])
    const [after] = await stored()
    assert.match(after!.text, /Correction: the waves/)
    assert.deepEqual(
      [after!.title, after!.updatedAt, after!.id, after!.firstSeenAt],
      [before!.title, at(4), before!.id, before!.firstSeenAt],
    )
    const [change] = await changesOf(store.db, after!.id)
    assert.deepEqual([change?.at, change?.before.text, change?.before.updatedAt], [at(4), before!.text, null])
    const row = await store.db.selectFrom('article').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(
      [row.correctedAt, (JSON.parse(row.correction!) as { kind: string }).kind],
      [at(4).toISOString(), 'correction'],
    )
    assert.deepEqual((await run(at(7.5))).pages, ['/storm 304'])
  })

  it('keep what an editor corrected, and remember what the site says', async () => {
    await begin('/storm')
    const [{ id } = { id: '' }] = await stored()
    await correctArticle(store.db, id, { title: 'The quay is shut' }, at(1))
    set({ '/storm': page('Story storm', { noise: 4 }) })
    assert.deepEqual((await run(at(3))).counts, {})
    set({ '/storm': page('Story storm', { text: [...TEXT, 'It opens on Sunday.'] }) })
    assert.deepEqual((await run(at(12))).counts, { changed: 1 })
    const [article] = await stored()
    assert.deepEqual([article!.title, article!.updatedAt], ['The quay is shut', at(12)])
    assert.match(article!.text, /opens on Sunday/)
  })

  describe('that are gone', () => {
    for (const status of [404, 410])
      it(`with ${status} twice, hours apart, take their article along${status === 404 ? ', which comes back with them' : ''}`, async () => {
        await begin('/storm', '/ferry')
        set({ '/storm': { status } })
        assert.deepEqual((await run(at(3))).counts, {})
        assert.equal((await stored()).length, 2)
        assert.deepEqual((await run(at(4))).pages, [], 'too soon to ask again')
        assert.deepEqual((await run(at(5.1))).counts, { withdrawn: 1 })
        assert.deepEqual(
          (await stored()).map(({ title }) => title),
          ['Story ferry'],
        )
        assert.deepEqual((await run(at(5.2))).counts, {})
        set({ '/storm': page('Story storm') })
        if (status === 410) {
          assert.deepEqual((await run(at(12))).pages, ['/ferry 304'], 'gone for good by its own word, said twice')
          return
        }
        assert.deepEqual((await run(at(12))).counts, { restored: 1 })
        assert.equal((await stored()).length, 2)
        const whys = (await changesOf(store.db, (await stored()).find(({ title }) => title.includes('storm'))!.id)).map(
          ({ why }) => why,
        )
        assert.deepEqual(whys, ['its page is there again', 'its page was gone twice (404 or 410)'])
      })

    it('once only, take nothing along', async () => {
      await begin('/storm')
      set({ '/storm': { status: 404 } })
      await run(at(3))
      set({ '/storm': page('Story storm') })
      await run(at(5.1))
      set({ '/storm': { status: 404 } })
      assert.deepEqual((await run(at(14.2))).counts, {})
      assert.equal((await stored()).length, 1)
    })

    it('with 410 once, by mistake, are asked for again, and take nothing along', async () => {
      await begin('/storm')
      set({ '/storm': { status: 410 } })
      assert.deepEqual((await run(at(3))).pages, ['/storm'])
      set({ '/storm': page('Story storm', { text: [...TEXT, 'It opens on Sunday.'] }) })
      const again = await run(at(5.1))
      assert.deepEqual([again.pages, again.counts], [['/storm'], { changed: 1 }])
      // It is there after all: nothing that was said before keeps it from being read.
      assert.deepEqual((await run(at(8.2))).pages, ['/storm 304'])
      assert.equal((await stored()).length, 1)
    })

    it('with 410 once are not gone twice because the feed speaks of them meanwhile', async () => {
      await begin('/storm')
      set({ '/storm': { status: 410 } })
      await run(at(3))
      set({ '/feed.xml': feed('/storm').replace('In short.', 'Other words.'), '/storm': page('Story storm') })
      const { counts } = await run(at(5.1))
      assert.equal(counts['withdrawn'], undefined)
      assert.equal((await stored()).length, 1)
    })

    it('while the feed says something new of them count as well', async () => {
      await begin('/storm', '/ferry')
      set({ '/storm': { status: 404 }, '/feed.xml': feed('/storm', '/ferry').replace('In short.', 'Other words.') })
      assert.deepEqual((await run(at(1))).faults, ['http.missing'])
      assert.deepEqual((await run(at(3.5))).counts, { withdrawn: 1 })
    })

    it('do not bring back what an editor withdrew', async () => {
      await begin('/storm')
      const [{ id } = { id: '' }] = await stored()
      await withdrawArticle(store.db, id, { by: 'editor', why: 'withdrawn by the editor', now: at(1) })
      set({
        '/storm': page('Story storm', { text: [...TEXT, 'It opens on Sunday.'] }),
        '/feed.xml': feed('/storm').replace('In short.', 'New.'),
      })
      await run(at(12))
      assert.deepEqual(await stored(), [])
    })

    it('all at once say that the site is broken, unless one of them stands', async () => {
      const paths = ['/a', '/b', '/c', '/d']
      await begin(...paths)
      for (const path of paths) set({ [path]: { status: 404 } })
      for (const hour of [3, 6, 12, 15, 36]) await run(at(hour))
      assert.equal((await stored()).length, 4)
    })

    it('or answer with anything else, leave their article where it is', async () => {
      await begin('/storm')
      for (const [hour, answer] of [
        [3, { status: 500 }],
        [12, { status: 403 }],
        [36, { hangUp: true }],
        [84, { body: '<p></p>' }],
      ] as const) {
        set({ '/storm': answer })
        const { counts, faults } = await run(at(hour))
        assert.deepEqual([counts, faults], [{}, []])
      }
      assert.equal((await stored()).length, 1)
    })

    it('and were never there are nobody’s loss', async () => {
      set({ '/feed.xml': feed('/nowhere') })
      await run(at(0), {})
      for (const hour of [3, 6, 9, 12, 40, 90]) await run(at(hour), {})
      assert.equal((await stored()).length, 1)
    })
  })

  it('of a feed that has the texts itself are only looked at', async () => {
    set({ '/feed.xml': feed('/storm'), '/storm': page('Another title', { noise: 3 }) })
    await run(at(0), {})
    const before = await stored()
    assert.deepEqual((await run(at(3), {})).pages, ['/storm'])
    assert.deepEqual((await run(at(12), {})).pages, ['/storm 304'])
    assert.deepEqual(await stored(), before)
    set({ '/storm': { status: 410 } })
    await run(at(36), {})
    assert.deepEqual((await run(at(39), {})).counts, { withdrawn: 1 })
  })

  it('are a few for each collection, the newest first', async () => {
    const paths = Array.from({ length: 12 }, (_, number) => `/n${number}`)
    await begin(...paths)
    assert.deepEqual(
      (await run(at(3))).pages,
      paths.slice(0, 5).map((path) => `${path} 304`),
    )
    assert.equal((await run(at(3.5))).pages.length, 5)
    assert.equal((await run(at(3.6))).pages.length, 2)
  })
})
