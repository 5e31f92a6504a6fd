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
import { listSources } from '../src/store/sources.ts'
import { makeFolder } from './folders.ts'
import { openWordpress } from './sources/wordpress-site.ts'
import { openSite, readerOf, type Site } from './sites.ts'

const MARCH = new Date('2026-03-10T12:00:00Z')
const DAY = 24 * 3_600_000

const TITLES = ['The quay is shut after the storm', 'Ferries sail again every half hour', 'A bell for the north light', 'Herring prices fall for a third week', 'The rowing club finds its old boat', 'Choir sings in the granary', 'New nets for the harbour pool', 'Salt pans open to visitors', 'The tide clock runs backwards'] // prettier-ignore

const pathOf = (at: number) => `/news/2026/${TITLES[at]?.toLowerCase().replaceAll(' ', '-')}`

const card = (at: number) =>
  `<li class="teaser"><h2><a href="${pathOf(at)}">${TITLES[at]}</a></h2><time datetime="2026-03-0${9 - at}">${9 - at} March 2026</time><p>What was said on the day, and by whom, in a few words.</p></li>`

const menu =
  '<nav class="menu"><ul><li><a href="/news/">News</a></li><li><a href="/sport/">Sport</a></li><li><a href="/about/">About us</a></li></ul></nav>'

const front = (ats: number[], head = '') =>
  `<!doctype html><html lang="en"><head><title>The Gazette</title>${head}</head><body>${menu}<main><ul class="teasers">${ats.map(card).join('')}</ul></main><footer><a href="/legal/">Legal</a></footer></body></html>`

/** The same articles in another mark-up, with other names. */
const redesigned = (ats: number[]) =>
  `<!doctype html><html lang="en"><head><title>The Gazette</title></head><body><div class="top">${menu}</div><div class="g-wrap"><div class="g-grid">${ats
    .map(
      (at) =>
        `<article class="g-item"><a class="g-link" href="${pathOf(at)}"><div class="g-t"><h3>${TITLES[at]}</h3></div></a><span class="g-d">0${9 - at}.03.2026</span></article>`,
    )
    .join('')}</div></div></body></html>`

const page = (at: number) =>
  `<!doctype html><html lang="en"><head><title>${TITLES[at]} | The Gazette</title></head><body>${menu}<article><h1>${TITLES[at]}</h1>${'<p>The harbour master said on Monday that the outer quay would stay shut until the divers had seen the wall, and that nobody was to walk on it before then.</p>'.repeat(4)}<p>This is number ${at}.</p></article></body></html>`

describe('collect a site of which only the address is known', () => {
  let root: string
  let store: Store
  let site: Site
  let reader: Fetcher

  beforeEach(async () => {
    root = await makeFolder()
    store = await openDatabase(':memory:')
    site = await openSite(Object.fromEntries(TITLES.map((_, at) => [pathOf(at), page(at)])))
    reader = readerOf(site)
  })

  afterEach(async () => {
    await reader.close()
    await site.close()
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  /** Collects it; gives counts, codes of the faults, notice of the source, and what the site was asked. */
  async function run(now = MARCH, source: object = {}, fetch = reader.fetch) {
    site.seen.length = 0
    const { sources, faults } = await collect({
      db: store.db,
      root,
      addresses: publicAddresses('https://news.gazette.example/'),
      publishDirectory: join(root, 'feeds'),
      sources: [sourceOptions.parse({ id: 'main', kind: 'auto', url: site.url, ...source })],
      fetch,
      parse: parseHere,
      now: () => now,
      log: openLog('silent', false),
    })
    const [{ found, added, updated } = { found: 0, added: 0, updated: 0 }] = sources
    const [state] = await listSources(store.db)
    return {
      counts: { found, added, updated },
      faults: faults.map(({ code }) => code),
      notice: state?.notice?.failure,
      seen: [...site.seen],
    }
  }

  /** Pages of known articles are looked at again now and then, which is not asked here. */
  const isAsked = (path: string) => !/^\/news\/.* 304$/.test(path)

  const titles = async () => (await newestArticles(store.db, { limit: 50 })).map(({ title }) => title)

  it('takes the articles of its front page and nothing else', async () => {
    site.answers.set('/', front([0, 1, 2, 3, 4, 5]))
    const { counts, faults, notice } = await run()
    assert.deepEqual(
      { counts, faults, notice },
      { counts: { found: 6, added: 6, updated: 0 }, faults: [], notice: undefined },
    )
    assert.deepEqual((await titles()).toSorted(), TITLES.slice(0, 6).toSorted())
  })

  it('asks for the page alone while nothing changes, and reads what is new when something does', async () => {
    site.answers.set('/', front([1, 2, 3, 4, 5, 6]))
    await run()
    const quiet = await run(new Date(MARCH.getTime() + DAY))
    assert.deepEqual(quiet.seen.filter(isAsked), ['/ 304'])
    site.answers.set('/', front([0, 1, 2, 3, 4, 5]))
    const { counts, seen } = await run(new Date(MARCH.getTime() + 2 * DAY))
    assert.equal(counts.added, 1)
    assert.deepEqual(seen.filter(isAsked), ['/', pathOf(0)])
  })

  it('puts together what its feed says and what its page shows', async () => {
    site.answers.set('/', front([0, 1, 2, 3], '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'))
    const entry = (at: number) =>
      `<item><title>${TITLES[at]}</title><link>${pathOf(at)}</link><guid isPermaLink="false">g-${at}</guid><author>Mara Kettle</author></item>`
    site.answers.set(
      '/feed.xml',
      `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${[0, 1, 7].map(entry).join('')}</channel></rss>`,
    )
    const { counts } = await run()
    assert.equal(counts.found, 5)
    const articles = await newestArticles(store.db, { limit: 50 })
    assert.deepEqual(articles.map(({ guid }) => guid).filter((guid) => guid?.startsWith('g-')).toSorted(), ['g-0', 'g-1', 'g-7']) // prettier-ignore
    const quiet = await run(new Date(MARCH.getTime() + DAY))
    assert.deepEqual(quiet.seen.filter(isAsked).toSorted(), ['/ 304', '/feed.xml 304'])
  })

  it('finds the list again after a redesign, says so, and makes no article twice', async () => {
    site.answers.set('/', front([1, 2, 3, 4, 5, 6]))
    await run()
    site.answers.set('/', redesigned([0, 1, 2, 3, 4, 5, 6]))
    const { counts, faults, notice } = await run(new Date(MARCH.getTime() + DAY))
    assert.deepEqual([counts.found, counts.added, faults], [7, 1, []])
    assert.equal((await titles()).length, 7)
    assert.equal(notice?.code, 'source.repaired')
    assert.match(String(notice.details['was']), /teaser/)
    assert.match(String(notice.details['now']), /g-item/)
    assert.equal(notice.details['known'], '6 of 7')
    const again = await run(new Date(MARCH.getTime() + 2 * DAY))
    assert.deepEqual(again.seen.filter(isAsked), ['/ 304'])
    assert.equal(again.notice?.code, 'source.repaired')
  })

  it('takes nothing from another list that stands where the articles stood', async () => {
    site.answers.set('/', front([1, 2, 3, 4, 5, 6]))
    await run()
    const shop = (at: number) =>
      `<div class="ware"><a href="/shop/oilskin-jacket-number-${at}"><img src="/${at}.jpg" alt=""><h3>Oilskin jacket of the year ${at}</h3></a></div>`
    site.answers.set(
      '/',
      `<!doctype html><body>${menu}<div class="wares">${[1, 2, 3, 4, 5, 6].map(shop).join('')}</div></body>`,
    )
    const { counts, faults } = await run(new Date(MARCH.getTime() + DAY))
    assert.deepEqual({ added: counts.added, faults }, { added: 0, faults: ['source.changed'] })
    assert.equal((await titles()).length, 6)
    const [state] = await listSources(store.db)
    assert.equal(state?.failure?.code, 'source.changed')
  })

  it('tells a list that is empty from one that is gone', async () => {
    site.answers.set('/', front([1, 2, 3, 4, 5, 6]))
    await run()
    site.answers.set('/', front([]))
    assert.deepEqual((await run(new Date(MARCH.getTime() + DAY))).faults, ['source.empty'])
    site.answers.set('/', '<!doctype html><body><p>We will be back soon.</p></body>')
    assert.deepEqual((await run(new Date(MARCH.getTime() + 2 * DAY))).faults, ['source.changed'])
    site.answers.set('/', front([0, 1, 2, 3, 4, 5]))
    const back = await run(new Date(MARCH.getTime() + 3 * DAY))
    assert.deepEqual([back.faults, back.counts.added], [[], 1])
  })

  it('takes no list whose pages are no articles', async () => {
    for (const [at] of TITLES.entries())
      site.answers.set(pathOf(at), '<!doctype html><body><form><input name="q"></form></body>')
    site.answers.set('/', front([1, 2, 3, 4]))
    assert.deepEqual((await run()).faults, ['source.empty'])
    site.answers.set('/', front([1, 2, 3, 4], '<meta name="day" content="2">'))
    const { faults, seen } = await run(new Date(MARCH.getTime() + DAY))
    assert.deepEqual([faults, seen], [['source.empty'], ['/']])
    assert.deepEqual(await titles(), [])
  })

  it('takes a list that was in doubt once it has gained at its head', async () => {
    const bare = (ats: number[], head = '') => front(ats, head).replaceAll(/<time.*?<\/p>|<\/?h2>/g, '')
    for (const [at] of TITLES.entries()) site.answers.set(pathOf(at), { status: 503 })
    site.answers.set('/', bare([2, 3, 4, 5]))
    assert.deepEqual((await run()).faults, ['source.empty'])
    for (const [at] of TITLES.entries()) site.answers.set(pathOf(at), page(at))
    site.answers.set('/', bare([2, 3, 4, 5], '<meta name="day" content="2">'))
    assert.deepEqual((await run(new Date(MARCH.getTime() + DAY))).faults, ['source.empty'])
    site.answers.set('/', bare([0, 1, 2, 3, 4]))
    const { faults, counts } = await run(new Date(MARCH.getTime() + 2 * DAY))
    assert.deepEqual([faults, counts.added], [[], 5])
  })

  it('reads a sitemap where the page is one that scripts fill, and asks for both only whether they changed', async () => {
    const listed = (ats: number[]) =>
      `<?xml version="1.0"?><urlset>${ats.map((at) => `<url><loc>${new URL(pathOf(at), site.url).href}</loc></url>`).join('')}</urlset>`
    site.answers.set('/', '<!doctype html><body><div id="app"></div></body>')
    site.answers.set('/sitemap.xml', listed([1, 2, 3]))
    const { counts, faults } = await run()
    assert.deepEqual([counts.added, faults], [3, []])
    const quiet = await run(new Date(MARCH.getTime() + DAY))
    assert.deepEqual([quiet.seen.filter(isAsked).toSorted(), quiet.faults], [['/ 304', '/sitemap.xml 304'], []])
    site.answers.set('/', '<!doctype html><body><div id="app" data-build="2"></div></body>')
    const other = await run(new Date(MARCH.getTime() + 2 * DAY))
    assert.deepEqual([other.seen.filter(isAsked).toSorted(), other.faults], [['/', '/sitemap.xml 304'], []])
    site.answers.set('/sitemap.xml', listed([0, 1, 2, 3]))
    assert.deepEqual((await run(new Date(MARCH.getTime() + 3 * DAY))).counts.added, 1)
  })

  it('takes an article whole from the API of WordPress, whatever its page says', async () => {
    const text = (id: number) => `<p>${'The harbour master said that the quay is shut. '.repeat(8)} Number ${id}.</p>`
    const posts = [1, 2, 3].map((at) => ({
      ...{ id: at, title: TITLES[at] ?? '', text: text(at), date: `2026-03-09T0${at}:00:00` },
      link: new URL(pathOf(at), site.url).href,
    }))
    const wordpress = await openWordpress(posts)
    const api = readerOf(site, { ...site, authority: wordpress.authority })
    try {
      const { counts, faults, seen } = await run(MARCH, { url: wordpress.url }, api.fetch)
      assert.deepEqual([counts.added, faults, seen], [3, [], []])
      const before = await newestArticles(store.db, { limit: 50 })
      assert.match(before[0]?.html ?? '', /Number 3/)
      // Late news is looked at again on its own page, which says less than the API.
      const later = await run(new Date(MARCH.getTime() + DAY), { url: wordpress.url }, api.fetch)
      assert.deepEqual([later.faults, later.seen.toSorted()], [[], [1, 2, 3].map(pathOf).toSorted()])
      assert.deepEqual(await newestArticles(store.db, { limit: 50 }), before)
    } finally {
      await api.close()
      await wordpress.close()
    }
  })

  it('says that a source gives something else than it usually does', async () => {
    for (let day = 0; day < 6; day++) {
      site.answers.set('/', front([0, 1, 2, 3, 4, 5], `<meta name="day" content="${day}">`))
      assert.equal((await run(new Date(MARCH.getTime() + day * DAY))).notice, undefined)
    }
    site.answers.set('/', front([0, 1, 2, 3, 4, 5]).replaceAll(/<time.*?<\/time>/g, ''))
    const { notice, faults } = await run(new Date(MARCH.getTime() + 7 * DAY))
    assert.deepEqual([notice?.code, faults], ['source.unusual', []])
    assert.match(String(notice?.details['reason']), /the date/)
    site.answers.set('/', front([0, 1, 2, 3, 4, 5]))
    assert.equal((await run(new Date(MARCH.getTime() + 8 * DAY))).notice, undefined)
  })
})
