import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { collect, type CollectNeeds } from '../src/collect.ts'
import { type Fetcher } from '../src/http/fetch.ts'
import { openLog } from '../src/log.ts'
import { parseHere } from '../src/parse-here.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { listSources } from '../src/store/sources.ts'
import { openMemory } from '../src/store/validators.ts'
import { makeFolder } from './folders.ts'
import { openSite, readerOf, readerWith, type Site } from './sites.ts'

const MARCH = new Date('2026-03-10T12:00:00Z')
const APRIL = new Date('2026-04-10T12:00:00Z')

const STORM =
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said.'
const FERRY =
  'The ferries sail every half hour again, and the last boat back leaves at eleven in the evening, as it always did.'

interface Entry {
  path?: string
  title?: string
  guid?: string
  date?: string
  text?: string
  summary?: string
}

/** An RSS feed; addresses are relative, so that it stays the same whichever port the site has. */
const rss = (...entries: Entry[]) =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>${entries
    .map(
      ({ path = '/news/storm', title = 'Storm', guid, date, text, summary }) =>
        `<item><title>${title}</title><link>${path}</link>${guid === undefined ? '' : `<guid isPermaLink="false">${guid}</guid>`}` +
        `${date === undefined ? '' : `<pubDate>${date}</pubDate>`}${summary === undefined ? '' : `<description>${summary}</description>`}` +
        `${text === undefined ? '' : `<content:encoded>&lt;p&gt;${text}&lt;/p&gt;</content:encoded>`}</item>`,
    )
    .join('')}</channel></rss>`

const page = (title: string, text: string, head = '') =>
  `<!doctype html><html lang="en"><head><title>${title} | The Gazette</title>${head}</head><body><nav><a href="/">Home</a></nav>` +
  `<article><h1>${title}</h1><p>${text}</p><p class="promo">Buy our paper, it is cheap.</p></article></body></html>`

describe('collect from the web', () => {
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

  /** Collects one source; gives its counts without the zeros, its faults by code, and what the site was asked. */
  async function run(now = MARCH, source: object = {}, needs: Partial<CollectNeeds> = {}) {
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
      ...needs,
    })
    const counts = Object.fromEntries(Object.entries(sources[0]!).filter(([key, value]) => key !== 'id' && value !== 0))
    return { counts, faults: faults.map(({ code }) => code), seen: [...site.seen] }
  }

  const stored = () => newestArticles(store.db, { limit: 1000 })
  const state = async () => (await listSources(store.db))[0]!

  async function only() {
    const articles = await stored()
    assert.equal(articles.length, 1, articles.map(({ title, url }) => `${title} ${url}`).join(', '))
    return articles[0]!
  }

  const set = (answers: Record<string, Parameters<Site['answers']['set']>[1]>) => {
    for (const [path, answer] of Object.entries(answers)) site.answers.set(path, answer)
  }

  describe('a feed', () => {
    it('becomes articles with its guids, dates, authors and text', async () => {
      set({
        '/feed.xml': rss(
          { guid: '1234', date: 'Mon, 02 Mar 2026 08:30:00 EST', text: STORM },
          { path: '/f', title: 'Ferry', text: FERRY },
        ),
      })
      assert.deepEqual(await run(), { counts: { found: 2, added: 2 }, faults: [], seen: ['/feed.xml'] })
      const storm = (await stored()).find(({ guid }) => guid === '1234')
      assert.deepEqual(storm?.publishedAt, new Date('2026-03-02T13:30:00Z'))
      assert.equal(storm.url, `${site.url}news/storm`)
      assert.equal(storm.text, STORM)
    })

    it('costs one conditional request while it is the same', async () => {
      set({ '/feed.xml': rss({ text: STORM }) })
      await run()
      assert.deepEqual(await run(APRIL), { counts: { notModified: true }, faults: [], seen: ['/feed.xml 304'] })
      assert.deepEqual(await state(), { id: 'main', failures: 0, collectedAt: APRIL, succeededAt: APRIL })
      await only()
    })

    it('is remembered only once all that it brought is saved', async () => {
      set({ '/feed.xml': rss({ text: STORM }, { path: '/f', title: 'Ferry', text: FERRY }) })
      const savedBy: number[] = []
      const fetch: CollectNeeds['fetch'] = async (url, request) => ({
        ...(await reader.fetch(url, request)),
        remember: async () => void savedBy.push((await stored()).length),
      })
      await run(MARCH, {}, { fetch })
      assert.deepEqual(savedBy, [2])
    })

    it('is read whole again when the options of the source change', async () => {
      set({ '/feed.xml': rss({ text: STORM }, { path: '/f', title: 'Ferry', text: FERRY }) })
      assert.deepEqual((await run(MARCH, { exclude: ['ferry'] })).counts, { found: 2, added: 1, leftOut: 1 })
      const again = await run(MARCH)
      assert.deepEqual([again.counts, again.seen], [{ found: 2, added: 1, unchanged: 1 }, ['/feed.xml']])
    })

    it('is read by each of two sources that share its address', async () => {
      set({ '/feed.xml': rss({ text: STORM }) })
      await run()
      assert.deepEqual((await run(MARCH, { id: 'other' })).counts, { found: 1, added: 1 })
    })

    it('changes nothing when it is the same but for its validators', async () => {
      set({ '/feed.xml': rss({ text: STORM }) })
      await run()
      const before = await stored()
      set({ '/feed.xml': `${rss({ text: STORM })}<!-- built at noon -->` })
      assert.deepEqual((await run(APRIL)).counts, { found: 1, unchanged: 1 })
      assert.deepEqual(await stored(), before)
    })

    it('names an item by the beginning of its text when it has no title', async () => {
      set({ '/feed.xml': rss({ title: '', text: STORM }) })
      await run()
      assert.match((await only()).title, /^The outer quay stayed shut .*…$/)
    })

    it('sends its headers to its own site only, and asks robots.txt unless told otherwise', async () => {
      const other = await openSite({ '/story': page('Storm', STORM) })
      const both = readerOf(site, other)
      try {
        set({
          '/feed.xml': rss({ path: `${other.url}story`, text: STORM }, { path: '/f', title: 'Ferry', text: FERRY }),
          '/f': page('Ferry', FERRY),
        })
        const source = { fullText: true, headers: { 'X-Token': 'secret' } }
        assert.deepEqual((await run(MARCH, source, { fetch: both.fetch })).counts, { found: 2, added: 2 })
        assert.equal(site.headers.get('/feed.xml')?.['x-token'], 'secret')
        assert.equal(site.headers.get('/f')?.['x-token'], 'secret')
        assert.equal(other.headers.get('/story')?.['x-token'], undefined)
        set({ '/robots.txt': 'User-agent: *\nDisallow: /' })
        const strict = readerOf(site)
        assert.deepEqual((await run(MARCH, {}, { fetch: strict.fetch })).faults, ['http.robots'])
        assert.deepEqual((await run(MARCH, { ignoreRobots: true }, { fetch: strict.fetch })).faults, [])
        await strict.close()
      } finally {
        await both.close()
        await other.close()
      }
    })
  })

  describe('an article is one article', () => {
    const first: Entry = { guid: '1234', date: 'Mon, 02 Mar 2026 08:30:00 GMT', text: STORM }

    for (const fullText of [false, true]) {
      const source = { fullText }
      const show = (path: string, title: string, text: string) => set({ [path]: page(title, text) })

      for (const [change, entry] of [
        ['title', { ...first, title: 'Gale' }],
        ['slug', { ...first, path: '/news/gale-shuts-quay' }],
        ['tracking', { ...first, path: '/news/storm?utm_source=rss&fbclid=1' }],
        ['date', { ...first, date: 'Tue, 03 Mar 2026 08:30:00 GMT' }],
        ['guid', { ...first, guid: 'other' }],
        ['text', { ...first, text: `${STORM} It opens at noon.` }],
      ] as [string, Entry][])
        it(`whose ${change} changes${fullText ? ', when pages are read' : ''}`, async () => {
          show('/news/storm', 'Storm', STORM)
          set({ '/feed.xml': rss(first) })
          await run(MARCH, source)
          const before = await only()
          show(entry.path ?? '/news/storm', entry.title ?? 'Storm', entry.text ?? STORM)
          set({ '/feed.xml': rss(entry) })
          const { counts } = await run(APRIL, source)
          assert.equal(counts['added'], undefined)
          const after = await only()
          assert.deepEqual([after.id, after.guid, after.firstSeenAt], [before.id, '1234', MARCH])
          const isText = entry.title !== undefined || entry.text !== STORM
          assert.deepEqual(after.updatedAt, isText ? APRIL : undefined)
          assert.deepEqual((await run(APRIL, source)).counts, { notModified: true })
        })
    }

    it('whose site moves to another host', async () => {
      set({ '/feed.xml': rss(first) })
      await run()
      const before = await only()
      const moved = await openSite({ '/feed.xml': rss(first) })
      const both = readerOf(site, moved)
      try {
        assert.deepEqual((await run(APRIL, { url: `${moved.url}feed.xml` }, { fetch: both.fetch })).counts, {
          found: 1,
          updated: 1,
        })
        const after = await only()
        assert.deepEqual([after.id, after.guid, after.url], [before.id, '1234', `${moved.url}news/storm`])
        const noGuid: Entry = { date: first.date!, text: STORM }
        moved.answers.set('/feed.xml', rss(noGuid))
        assert.deepEqual((await run(APRIL, { url: `${moved.url}feed.xml` }, { fetch: both.fetch })).counts, {
          found: 1,
          unchanged: 1,
        })
      } finally {
        await both.close()
        await moved.close()
      }
    })

    it('that has no date keeps the moment at which it was first seen, the first of the list the newest', async () => {
      set({ '/feed.xml': rss({ path: '/a', title: 'A', text: STORM }, { path: '/b', title: 'B', text: FERRY }) })
      await run()
      assert.deepEqual(
        (await stored()).map(({ title, publishedAt }) => [title, publishedAt]),
        [
          ['A', undefined],
          ['B', undefined],
        ],
      )
      const before = await stored()
      set({
        '/feed.xml': rss(
          { path: '/c', title: 'C', text: 'Something new' },
          { path: '/a', title: 'A', text: STORM },
          { path: '/b', title: 'B', text: FERRY },
        ),
      })
      await run(APRIL)
      assert.deepEqual(
        (await stored()).map(({ title }) => title),
        ['C', 'A', 'B'],
      )
      assert.deepEqual((await stored()).slice(1), before)
    })

    it('whose date is still to come is dated when it was first seen, for ever', async () => {
      for (const [date, now] of [
        ['Tue, 10 Mar 2026 18:00:00 GMT', MARCH],
        ['Fri, 10 Apr 2026 06:00:00 GMT', APRIL],
      ] as const) {
        set({ '/feed.xml': rss({ guid: '1', date, text: STORM }) })
        await run(now)
        const { publishedAt, firstSeenAt } = await only()
        assert.deepEqual([publishedAt, firstSeenAt], [undefined, MARCH])
      }
    })

    it('that is dated anew with each change keeps its first date', async () => {
      set({ '/feed.xml': rss(first) })
      await run()
      set({ '/feed.xml': rss({ ...first, date: 'Fri, 10 Apr 2026 06:00:00 GMT', text: FERRY }) })
      await run(APRIL)
      const { publishedAt, updatedAt } = await only()
      assert.deepEqual([publishedAt, updatedAt], [new Date('2026-03-02T08:30:00Z'), APRIL])
    })
  })

  describe('the pages of its articles', () => {
    const source = { fullText: true }
    const bare: Entry = { guid: '1', date: 'Mon, 02 Mar 2026 08:30:00 GMT' }
    const teaser: Entry = { ...bare, summary: 'Waves broke over the wall.' }

    it('give the text, while guid, date and title stay those of the feed', async () => {
      set({
        '/feed.xml': rss({ ...teaser, title: 'Storm in the feed' }),
        '/news/storm': page(
          'Storm',
          STORM,
          '<meta property="article:published_time" content="2026-01-01T00:00:00Z"><meta name="author" content="Mara Lund">',
        ),
      })
      assert.deepEqual(await run(MARCH, source), {
        counts: { found: 1, added: 1 },
        faults: [],
        seen: ['/feed.xml', '/news/storm'],
      })
      const { guid, title, publishedAt, text, authors } = await only()
      assert.deepEqual(
        [guid, title, publishedAt, authors],
        ['1', 'Storm in the feed', new Date('2026-03-02T08:30:00Z'), ['Mara Lund']],
      )
      assert(text.includes(STORM))
    })

    it('are read once, and again when the feed says something else of the article', async () => {
      set({ '/feed.xml': rss(teaser), '/news/storm': page('Storm', STORM) })
      await run(MARCH, source)
      set({ '/news/storm': page('Storm', `${STORM} It opens at noon.`) })
      set({ '/feed.xml': rss({ path: '/f', title: 'Ferry', summary: 'x' }, teaser), '/f': page('Ferry', FERRY) })
      assert.deepEqual(await run(APRIL, source), {
        counts: { found: 2, added: 1, unchanged: 1 },
        faults: [],
        seen: ['/feed.xml', '/f'],
      })
      set({ '/feed.xml': rss({ ...teaser, summary: 'Corrected.' }) })
      assert.deepEqual(await run(APRIL, source), {
        counts: { found: 1, updated: 1 },
        faults: [],
        seen: ['/feed.xml', '/news/storm'],
      })
      assert.match((await stored()).find(({ guid }) => guid === '1')!.text, /opens at noon/)
    })

    it('are no articles where the site asks for proof of being human, and are asked for again', async () => {
      set({
        '/feed.xml': rss(bare),
        '/news/storm':
          '<html><head><title>Just a moment...</title></head><body><h1>paper.example</h1><p>Ray ID: 7f</p></body></html>',
      })
      assert.deepEqual(await run(MARCH, source), {
        counts: { found: 1 },
        faults: ['article.wall'],
        seen: ['/feed.xml', '/news/storm'],
      })
      assert.deepEqual(await stored(), [])
      set({ '/news/storm': page('Storm', STORM) })
      assert.deepEqual((await run(APRIL, source)).counts, { found: 1, added: 1 })
      assert((await only()).text.includes(STORM))
    })

    it('are no articles where the site says that it found none, whatever its status, and are not asked for again', async () => {
      const lost = page('Page not found', 'Try the search.').replaceAll('article', 'div')
      set({ '/feed.xml': rss(bare), '/news/storm': lost })
      assert.deepEqual((await run(MARCH, source)).faults, ['article.notOne'])
      assert.deepEqual(await stored(), [])
      set({ '/feed.xml': rss(bare, { path: '/f', title: 'Ferry', summary: 'x' }), '/f': page('Ferry', FERRY) })
      const { faults, seen } = await run(APRIL, source)
      assert.deepEqual([faults, seen], [[], ['/feed.xml', '/f']])
    })

    it('leave a new article with what the feed itself has of it', async () => {
      set({
        '/feed.xml': rss({ ...teaser, text: STORM }),
        '/news/storm':
          '<html><head><title>Sign in</title></head><body><h1>Sign in</h1><form><input type="password"></form></body></html>',
      })
      assert.deepEqual((await run(MARCH, source)).faults, ['article.wall'])
      assert.equal((await only()).text, STORM)
    })

    it('are not asked for while the feed is the same, nor is anything but the feed, also by the next process', async () => {
      set({
        '/feed.xml': rss(teaser, { path: '/f', title: 'Ferry', guid: 'f', summary: 'x' }),
        '/news/storm': page('Storm', STORM),
        '/f': page('Ferry', FERRY),
      })
      const seen = []
      for (const now of [MARCH, APRIL, APRIL]) {
        await reader.close()
        reader = readerWith(openMemory(store.db), site)
        seen.push((await run(now, source)).seen)
      }
      assert.deepEqual(seen, [['/feed.xml', '/f', '/news/storm'], ['/feed.xml 304'], ['/feed.xml 304']])
    })

    it('are followed to where they are, and keep the canonical address', async () => {
      set({
        '/feed.xml': rss({ ...teaser, path: '/r/1' }),
        '/r/1': { status: 302, headers: { location: '/news/storm?utm_source=feed' } },
        '/news/storm?utm_source=feed': page(
          'Storm',
          `${STORM} <img src="wall.png">`,
          '<link rel="canonical" href="/news/storm">',
        ),
      })
      await run(MARCH, source)
      const { url, images } = await only()
      assert.equal(url, `${site.url}news/storm`)
      assert.equal(images[0]?.url, `${site.url}news/wall.png`)
    })

    it('are cut to what `select` names', async () => {
      set({
        '/feed.xml': rss(teaser),
        '/news/storm': page('Storm', `${STORM} <i class="ad">Buy now</i>`).replace(
          '</body>',
          `<div class="more"><p>${FERRY}</p></div></body>`,
        ),
      })
      await run(MARCH, { ...source, select: { content: 'article, .more', remove: ['.ad', '.promo'] } })
      assert.equal((await only()).text, `${STORM}\n\n${FERRY}`)
    })

    it('that fail leave what the feed has of the article, and are tried again', async () => {
      set({ '/feed.xml': rss({ ...teaser, text: FERRY }), '/news/storm': { status: 403 } })
      assert.deepEqual(await run(MARCH, source), {
        counts: { found: 1, added: 1 },
        faults: ['http.status'],
        seen: ['/feed.xml', '/news/storm'],
      })
      assert.equal((await only()).text, FERRY)
      set({ '/news/storm': page('Storm', STORM) })
      assert.deepEqual(await run(APRIL, source), {
        counts: { found: 1, updated: 1 },
        faults: [],
        seen: ['/feed.xml', '/news/storm'],
      })
      assert.match((await only()).text, /outer quay/)
      assert.deepEqual((await run(APRIL, source)).counts, { notModified: true })
    })

    it('that fail leave a known article as it is', async () => {
      set({ '/feed.xml': rss(teaser), '/news/storm': page('Storm', STORM) })
      await run(MARCH, source)
      const before = await only()
      set({ '/feed.xml': rss({ ...teaser, title: 'Gale' }), '/news/storm': { status: 403 } })
      assert.deepEqual(await run(APRIL, source), {
        counts: { found: 1 },
        faults: ['http.status'],
        seen: ['/feed.xml', '/news/storm'],
      })
      assert.deepEqual(await only(), before)
      assert.equal((await state()).failures, 0)
    })

    it('that are no article are read and named once', async () => {
      set({
        '/feed.xml': rss(
          { path: '/film', title: 'Film' },
          { path: '/pdf', title: 'Paper' },
          { path: '/home', title: 'Home' },
          { path: '/none', title: 'None' },
        ),
        '/film': '<!doctype html><html><body><div id="app"></div><script>start()</script></body></html>',
        '/pdf': { headers: { 'content-type': 'application/pdf' }, body: '%PDF' },
        '/home': { status: 302, headers: { location: '/' } },
        '/': page('Front', STORM),
        '/none': { status: 410 },
      })
      const { counts, faults } = await run(MARCH, source)
      assert.deepEqual(await stored(), [])
      assert.deepEqual(counts, { found: 4 })
      assert.deepEqual(faults.toSorted(), ['article.empty', 'article.empty', 'article.notOne', 'http.gone'])
      set({
        '/feed.xml': `${rss({ path: '/film', title: 'Film' }, { path: '/pdf', title: 'Paper' }, { path: '/home', title: 'Home' }, { path: '/none', title: 'None' })} `,
      })
      assert.deepEqual(await run(MARCH, source), { counts: { found: 4, leftOut: 4 }, faults: [], seen: ['/feed.xml'] })
    })

    it('are left alone when the site asks for it, and read by the next collection', async () => {
      const entries = ['a', 'b', 'c'].map((name) => ({ path: `/${name}`, title: name, guid: name }))
      set({
        '/feed.xml': rss(...entries),
        '/c': page('c', STORM),
        '/b': { status: 429, headers: { 'retry-after': '3600' } },
        '/a': page('a', FERRY),
      })
      const { counts, faults, seen } = await run(MARCH, source)
      assert.deepEqual([counts, faults], [{ found: 3, added: 1, waiting: 2 }, ['http.later']])
      assert(!seen.includes('/a'))
      await reader.close()
      reader = readerOf(site)
      set({
        '/b': page('b', 'The lamps on the quay are lit again, all forty of them, as the council had promised in May.'),
      })
      assert.deepEqual((await run(MARCH, source)).counts, { found: 3, added: 2, unchanged: 1 })
    })

    it('are read a hundred at a time, the newest of the list first', async () => {
      const entries = Array.from({ length: 105 }, (_, at) => ({ path: `/${at}`, title: `Story ${at}`, guid: `g${at}` }))
      set({ '/feed.xml': rss(...entries) })
      for (const { path, title } of entries) set({ [path]: page(title, `${STORM} ${title}.`) })
      assert.deepEqual((await run(MARCH, source)).counts, { found: 105, added: 100, waiting: 5 })
      assert(!(await stored()).some(({ guid }) => guid === 'g104'))
      assert.deepEqual((await run(APRIL, source)).counts, { found: 105, added: 5, unchanged: 100 })
    })

    it('end between two of them when Broadsheet is stopped, and nothing is lost', async () => {
      const stop = new AbortController()
      set({
        '/feed.xml': rss({ path: '/a', title: 'A', guid: 'a' }, { path: '/b', title: 'B', guid: 'b' }),
        '/a': page('A', STORM),
        '/b': page('B', FERRY),
      })
      const report = ({ done }: { done: number }) => done === 0 && stop.abort()
      assert.deepEqual((await run(MARCH, source, { stop: stop.signal, report })).counts, {
        found: 2,
        added: 1,
        waiting: 1,
      })
      assert.deepEqual(await listSources(store.db), [])
      assert.deepEqual((await run(MARCH, source)).counts, { found: 2, added: 1, unchanged: 1 })
    })
  })

  describe('a listing page', () => {
    const source = () => ({
      kind: 'page',
      url: `${site.url}list`,
      select: { item: 'li', title: 'a', date: 'time', remove: ['.promo'] },
    })
    const list = (...items: string[]) =>
      `<!doctype html><html><body><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul></body></html>`

    it('becomes articles, each from its own page', async () => {
      set({
        '/list': list('<a href="/storm">Storm</a> <time>2. März 2026</time>', '<a href="/ferry">Ferry</a>'),
        '/storm': page('Storm', STORM),
        '/ferry': page('Ferry', FERRY),
      })
      assert.deepEqual(await run(MARCH, source(), { timezone: 'Europe/Berlin' }), {
        counts: { found: 2, added: 2 },
        faults: [],
        seen: ['/list', '/ferry', '/storm'],
      })
      const [ferry, storm] = await stored()
      assert.deepEqual(
        [storm?.title, storm?.text, storm?.publishedAt],
        ['Storm', STORM, new Date('2026-03-01T23:00:00Z')],
      )
      assert.deepEqual([ferry?.title, ferry?.publishedAt], ['Ferry', undefined])
      assert.deepEqual((await run(APRIL, source())).seen, ['/list 304'])
    })

    it('on which nothing is found is a failure of the source, and never an article', async () => {
      set({ '/list': list('<a href="/storm">Storm</a>'), '/storm': page('Storm', STORM) })
      await run(MARCH, source())
      const before = await stored()
      set({ '/list': '<!doctype html><html><body><p>We have a new look!</p></body></html>' })
      for (const failures of [1, 2]) {
        assert.deepEqual((await run(APRIL, source())).faults, ['source.changed'])
        const { failure, ...rest } = await state()
        assert.deepEqual(rest, { id: 'main', failures, collectedAt: APRIL, succeededAt: MARCH })
        assert.deepEqual(failure?.details, {
          source: 'main',
          url: `${site.url}list`,
          was: 'li',
          container: 'html > body > ul',
        })
      }
      assert.deepEqual(await stored(), before)
    })
  })

  it('changes nothing when a feed fails, in whichever way, and asks for it whole afterwards', async () => {
    set({ '/feed.xml': rss({ text: STORM }) })
    await run()
    const before = await stored()
    for (const [answer, code] of [
      ['<!doctype html><html><body>Error establishing a database connection</body></html>', 'source.notFeed'],
      [rss({ text: STORM }).slice(0, -30), 'source.notFeed'],
      [{ status: 404 }, 'http.missing'],
      [{ hangUp: true }, 'http.connect'],
      ['x'.repeat(6_000_000), 'http.tooLarge'],
    ] as const) {
      set({ '/feed.xml': answer })
      const { counts, faults } = await run(APRIL)
      assert.deepEqual([counts, faults], [{}, [code]])
      assert.equal((await state()).failure?.code, code)
    }
    assert.deepEqual(await stored(), before)
    assert.equal((await state()).failures, 5)
    set({ '/feed.xml': rss({ text: STORM }, { path: '/f', title: 'Ferry', text: FERRY }) })
    assert.deepEqual((await run(APRIL)).counts, { found: 2, added: 1, unchanged: 1 })
    assert.equal((await state()).failures, 0)
  })

  it('asks no more for a feed that is gone, and says so each time', async () => {
    set({ '/feed.xml': rss({ text: STORM }) })
    await run()
    set({ '/feed.xml': { status: 410 } })
    assert.deepEqual(await run(), { counts: {}, faults: ['http.gone'], seen: ['/feed.xml'] })
    assert.deepEqual(await run(), { counts: {}, faults: ['http.gone'], seen: [] })
    assert.equal((await state()).failure?.code, 'http.gone')
    await only()
  })

  it('reads a feed in the encoding that it has', async () => {
    const latin = Buffer.from(
      rss({ title: 'Grüße', text: `Größer ${STORM}` }).replace('?>', ' encoding="ISO-8859-1"?>'),
      'latin1',
    )
    set({ '/feed.xml': { body: latin, headers: { 'content-type': 'application/rss+xml' } } })
    await run()
    assert.equal((await only()).title, 'Grüße')
  })

  it('keeps nothing of a hostile feed that could run or track', async () => {
    const evil =
      '&lt;script&gt;evil()&lt;/script&gt;&lt;img src=x onerror=evil()&gt;&lt;a href="javascript:evil()"&gt;x&lt;/a&gt;&lt;iframe src="//evil.example"&gt;&lt;/iframe&gt;'
    set({
      '/feed.xml': rss({
        title: '&lt;img src=x onerror=evil()&gt;Storm',
        text: `${STORM}${evil}`,
        guid: 'javascript:evil()',
      }),
    })
    await run()
    const { html } = await only()
    assert.doesNotMatch(html, /script|onerror|iframe|src="[^"]*evil|<a[^>]*evil\(/i)
    // What the frame held is a link now, which nobody follows by reading.
    assert.match(html, /<a href="http:\/\/evil\.example\/">evil\.example<\/a>/)
  })
})
