import assert from 'node:assert/strict'
import { noMemory, openFetcher, type Fetcher } from '../../src/http/fetch.ts'
import { type Item } from '../../src/item.ts'
import { describeReading, find, options } from '../../src/sources/auto.ts'
import { keyOf } from '../../src/sources/lists/read.ts'
import { openSite, type Site } from '../sites.ts'
import { contextOf } from './context.ts'
import { openWordpress, type Wordpress } from './wordpress-site.ts'

const WORDS = ['quay', 'ferry', 'bell', 'herring', 'granary', 'nets', 'salt', 'tide', 'choir', 'rowing', 'lamp', 'storm', 'wall', 'pilot', 'crane'] // prettier-ignore

const pathOf = (at: number) => `/news/2026/what-the-${WORDS[at]}-brought-the-town`

const card = (at: number) =>
  `<li class="teaser"><h2><a href="${pathOf(at)}">What the ${WORDS[at]} brought the town</a></h2><time datetime="2026-03-${String(28 - at).padStart(2, '0')}">March</time><p>What was said on the day, and by whom, in a few words.</p></li>`

const MENU =
  '<nav class="menu"><ul><li><a href="/news/">News</a></li><li><a href="/sport/">Sport</a></li><li><a href="/about/">About us</a></li></ul></nav>'

const html = (body: string, head = '') =>
  `<!doctype html><html lang="en"><head><title>The Gazette</title>${head}</head><body>${body}</body></html>`

const list = (ats: number[], next?: string) =>
  html(
    `${MENU}<main><ul class="teasers">${ats.map(card).join('')}</ul>${next === undefined ? '' : `<a rel="next" href="${next}">Older</a>`}</main><footer><a href="/legal/">Legal</a></footer>`,
  )

const SHELL = html('<div id="app"></div><script src="/app.js"></script>')

/** Posts of a WordPress site, the newest first. */
const POSTS = [4, 3, 2, 1].map((id) => ({ id, date: `2026-03-0${id}T08:00:00` }))

const sitemap = (paths: string[]) =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${paths.map((path) => `<url><loc>${path}</loc></url>`).join('')}</urlset>`

describe('a source of kind auto', () => {
  let site: Site
  let wordpress: Wordpress
  let reader: Fetcher
  let memory: string | undefined
  let known: Set<string>
  let notices: string[]
  let faults: string[]

  beforeEach(async () => {
    site = await openSite({}, { validators: false })
    wordpress = await openWordpress([...POSTS])
    reader = openFetcher({
      ...{ userAgent: 'Broadsheet/test', allow: [site.authority, wordpress.authority], memory: noMemory, gapMs: 0 },
      ...{ now: () => new Date('2026-04-01T12:00:00Z'), wait: async () => undefined, random: () => 0 },
    })
    memory = undefined
    known = new Set()
    notices = []
    faults = []
  })

  afterEach(async () => {
    await reader.close()
    await site.close()
    await wordpress.close()
  })

  /** Finds as one collection does; gives the paths found, or the code of the failure. */
  async function look(more: object = {}): Promise<string[] | string> {
    site.seen.length = 0
    wordpress.seen.length = 0
    notices.length = 0
    const context = contextOf(reader.fetch, {
      areKnown: async (items) => items.map(({ url }) => known.has(keyOf(url))),
      memory: { ...(memory !== undefined && { last: memory }), keep: (json) => (memory = json) },
      notice: ({ code }) => notices.push(code),
      fault: ({ code }) => faults.push(code),
      isArticle: async (page) => page.includes('<article>'),
    })
    try {
      const items = await find(options.parse({ id: 'main', kind: 'auto', url: site.url, ...more }), context)
      for (const { url } of items) known.add(keyOf(url))
      return items.map(({ url }: Item) => new URL(url).pathname)
    } catch (thrown) {
      return (thrown as { code: string }).code
    }
  }

  const reads = () =>
    describeReading(memory).map((place) => place.replaceAll(site.url, '/').replaceAll(wordpress.url, '/'))

  /** A page for each article, so that samples are some. */
  const addArticles = () => {
    for (const [at] of WORDS.entries()) site.answers.set(pathOf(at), html('<article>The news</article>'))
  }

  describe('with several pages', () => {
    beforeEach(() => {
      addArticles()
      site.answers.set('/', list([0, 1, 2, 3, 4], '/page/2'))
      site.answers.set('/page/2', list([5, 6, 7, 8, 9], '/page/3'))
      site.answers.set('/page/3', list([10, 11, 12, 13], '/page/4'))
      site.answers.set('/page/4', list([14]))
    })

    it('reads no more than one page unless told to', async () => {
      assert.deepEqual(await look(), [0, 1, 2, 3, 4].map(pathOf))
      assert.ok(!site.seen.includes('/page/2'))
    })

    it('reads as many pages of the list as it is told, and later ones only to what is known', async () => {
      assert.deepEqual(await look({ pages: 3 }), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map(pathOf))
      assert.ok(!site.seen.includes('/page/4'))
      assert.deepEqual(await look({ pages: 3 }), [0, 1, 2, 3, 4].map(pathOf))
      assert.deepEqual(site.seen, ['/'])
      for (const at of [0, 1, 2, 3, 4]) known.delete(keyOf(site.url.slice(0, -1) + pathOf(at)))
      assert.deepEqual(await look({ pages: 3 }), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(pathOf))
      assert.deepEqual(site.seen, ['/', '/page/2'])
    })

    it('ends without alarm at a page on which the list is not found', async () => {
      const other = `<div class="wares">${[1, 2, 3, 4].map((at) => `<div class="ware"><a href="/shop/oilskin-jacket-number-${at}"><h3>Oilskin jacket number ${at}</h3></a></div>`).join('')}</div>`
      site.answers.set('/page/2', html(`${MENU}${other}<a rel="next" href="/page/3">Older</a>`))
      assert.deepEqual(await look({ pages: 3 }), [0, 1, 2, 3, 4].map(pathOf))
      assert.deepEqual([site.seen.includes('/page/3'), faults, notices], [false, [], []])
    })

    it('keeps to the list that the config names', async () => {
      const more = { pages: 2, select: { item: 'ul.teasers li', link: 'h2 a', title: 'h2' } }
      assert.deepEqual(await look(more), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(pathOf))
    })
  })

  describe('whose page lists nothing', () => {
    const posts = (ids: number[]) => ids.map((id) => `/2026/post-${id}/`)

    it('reads the API of WordPress, and from then on asks for the page and that alone', async () => {
      assert.deepEqual(await look({ url: wordpress.url }), posts([4, 3, 2, 1]))
      assert.deepEqual(reads(), ['the API of WordPress at /wp-json/'])
      assert.ok(wordpress.seen.includes('/feed'))
      wordpress.posts.push({ id: 5, date: '2026-03-05T08:00:00' })
      assert.deepEqual(await look({ url: wordpress.url }), posts([5, 4, 3, 2, 1]))
      assert.deepEqual(wordpress.seen, ['/', '/wp-json/wp/v2/posts?page=1&per_page=50'])
      assert.deepEqual([notices, faults], [[], []])
    })

    it('reads the API where its page says that it is', async () => {
      wordpress.ways.at = '/api/'
      assert.deepEqual(await look({ url: wordpress.url }), posts([4, 3, 2, 1]))
      assert.deepEqual(reads(), ['the API of WordPress at /api/'])
    })

    it('leaves the page of a post unread, since the API has all of it', async () => {
      const found = await find(
        options.parse({ id: 'main', kind: 'auto', url: wordpress.url }),
        contextOf(reader.fetch, { isArticle: async () => true }),
      )
      assert.deepEqual([...new Set(found.map(({ isWhole }) => isWhole))], [true])
      assert.ok(!wordpress.seen.some((path) => path.includes('post-')))
    })

    it('reads what its sitemap holds of articles, and nothing else of it', async () => {
      addArticles()
      site.answers.set('/', SHELL)
      const wares = [1, 2, 3, 4].map((at) => `/shop/oilskin-jacket-number-${at}`)
      for (const path of wares) site.answers.set(path, html('<form></form>'))
      const paths = [0, 1, 2, 3].map(pathOf)
      site.answers.set(
        '/sitemap.xml',
        sitemap(['/about', '/contact-us', '/tags/quay', ...wares, ...paths].map(absolute)),
      )
      assert.deepEqual(await look(), paths)
      assert.deepEqual(reads(), ['the sitemap /sitemap.xml'])
      site.answers.set(
        '/sitemap.xml',
        sitemap([...wares, ...paths, pathOf(4), '/shop/a-new-coat-of-wool'].map(absolute)),
      )
      assert.deepEqual(await look(), [...paths, pathOf(4)])
      assert.deepEqual(site.seen, ['/', '/sitemap.xml'])
    })

    it('fails as before where there is nothing at all, and does not ask at each collection', async () => {
      site.answers.set('/', SHELL)
      assert.equal(await look(), 'source.empty')
      assert.ok(site.seen.includes('/sitemap.xml') && site.seen.some((path) => path.startsWith('/wp-json/')))
      for (let at = 0; at < 48; at++) {
        assert.equal(await look(), 'source.empty')
        assert.deepEqual(site.seen, ['/'])
      }
      addArticles()
      site.answers.set('/sitemap.xml', sitemap([0, 1, 2].map(pathOf).map(absolute)))
      assert.deepEqual(await look(), [0, 1, 2].map(pathOf))
      assert.deepEqual(reads(), ['the sitemap /sitemap.xml'])
    })

    it('looks again when what it chose is there no more, and says so', async () => {
      assert.deepEqual(await look({ url: wordpress.url }), posts([4, 3, 2, 1]))
      wordpress.ways.closed = 403
      wordpress.ways.robots = `Sitemap: ${site.url}map.xml`
      site.answers.set('/map.xml', sitemap(posts([4, 3, 2]).map((path) => new URL(path, wordpress.url).href)))
      assert.deepEqual(await look({ url: wordpress.url, ignoreRobots: true }), posts([4, 3, 2]))
      assert.deepEqual(notices, ['source.elsewhere'])
      assert.deepEqual(reads(), ['the sitemap /map.xml'])
    })

    it('takes nothing else instead of it', async () => {
      assert.deepEqual(await look({ url: wordpress.url }), posts([4, 3, 2, 1]))
      wordpress.ways.closed = 403
      wordpress.ways.robots = `Sitemap: ${site.url}map.xml`
      site.answers.set('/map.xml', sitemap([0, 1, 2, 3].map(pathOf).map(absolute)))
      addArticles()
      assert.equal(await look({ url: wordpress.url }), 'http.status')
      assert.deepEqual(reads(), ['the API of WordPress at /wp-json/'])
      delete wordpress.ways.closed
      assert.deepEqual(await look({ url: wordpress.url }), posts([4, 3, 2, 1]))
    })

    it('finds the articles of a list elsewhere when it is gone', async () => {
      addArticles()
      site.answers.set('/', list([0, 1, 2, 3, 4]))
      assert.deepEqual(await look(), [0, 1, 2, 3, 4].map(pathOf))
      site.answers.set('/', SHELL)
      site.answers.set('/sitemap.xml', sitemap([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(pathOf).map(absolute)))
      assert.equal((await look()).length, 10)
      assert.deepEqual([notices, reads()], [['source.elsewhere'], ['the sitemap /sitemap.xml']])
    })

    it('leaves a list that is only empty as it is', async () => {
      addArticles()
      site.answers.set('/', list([0, 1, 2, 3, 4]))
      await look()
      site.answers.set('/', list([]))
      assert.equal(await look(), 'source.empty')
      assert.deepEqual(site.seen, ['/'])
    })

    const absolute = (path: string) => new URL(path, site.url).href
  })
})
