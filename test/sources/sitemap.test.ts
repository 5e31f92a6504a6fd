import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { type z } from 'zod'
import { type Failure } from '../../src/failures.ts'
import { type Fetcher } from '../../src/http/fetch.ts'
import { find, options, parseSitemap, sitemapsIn } from '../../src/sources/sitemap.ts'
import { contextOf } from './context.ts'
import { openSite, readerOf, type Site } from '../sites.ts'

const XML = '<?xml version="1.0" encoding="UTF-8"?>'
const NS =
  'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
const urlset = (...urls: string[]) => `${XML}<urlset ${NS}>${urls.join('')}</urlset>`
const page = (loc: string, lastmod?: string, more = '') =>
  `<url><loc>${loc}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}${more}</url>`
const index = (...maps: [loc: string, lastmod?: string][]) =>
  `${XML}<sitemapindex ${NS}>${maps
    .map(
      ([loc, lastmod]) =>
        `<sitemap><loc>${loc}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</sitemap>`,
    )
    .join('')}</sitemapindex>`

const HOME = 'https://gazette.example/'

describe('sources/sitemap', () => {
  describe('what a file lists', () => {
    const read = (text: string) => parseSitemap(text, `${HOME}sitemap.xml`)

    it('are pages, with what the extensions for news and images say of them', () => {
      const news = `<news:news><news:publication><news:name>Gazette</news:name><news:language>de</news:language></news:publication>
        <news:publication_date>2026-03-01T08:00:00+01:00</news:publication_date><news:title>Sturm &amp; Flut</news:title>
        <news:keywords>Hafen, Wetter</news:keywords></news:news>
        <image:image><image:loc>/i/1.jpg</image:loc><image:caption><![CDATA[Der Kai]]></image:caption></image:image>
        <image:image><image:loc>/i/2.jpg</image:loc></image:image>`
      assert.deepEqual(read(urlset(page('https://gazette.example/a?x=1&amp;y=2', '2026-03-02', news))), {
        items: [
          {
            url: 'https://gazette.example/a?x=1&y=2',
            title: 'Sturm & Flut',
            published: '2026-03-01T08:00:00+01:00',
            topics: ['Hafen', 'Wetter'],
            language: 'de',
            image: { url: 'https://gazette.example/i/1.jpg', caption: 'Der Kai' },
            revision: '2026-03-02',
          },
        ],
        sitemaps: [],
      })
    })

    it('are further sitemaps: those of news first, then the one that changed last', () => {
      const { sitemaps } = read(
        index(
          ['https://gazette.example/2025.xml', '2025-12-31'],
          ['https://gazette.example/2026.xml', '2026-03-01T10:00:00Z'],
          ['https://gazette.example/undated.xml'],
          ['https://gazette.example/news.xml'],
        ),
      )
      assert.deepEqual(
        sitemaps.map((url) => url.slice(HOME.length)),
        ['news.xml', '2026.xml', '2025.xml', 'undated.xml'],
      )
    })

    it('are the addresses in a file of text', () => {
      assert.deepEqual(read('\ufeffhttps://gazette.example/a\r\nhttps://gazette.example/b\n').items, [
        { url: 'https://gazette.example/a' },
        { url: 'https://gazette.example/b' },
      ])
    })

    it('has no date of change when most of it has one and the same', () => {
      const pages = Array.from({ length: 12 }, (_, at) =>
        page(`${HOME}${at}`, at < 3 ? `2026-02-0${at + 1}` : '2026-03-01'),
      )
      assert(read(urlset(...pages)).items.every(({ revision }) => revision === undefined))
      assert.equal(read(urlset(...pages.slice(0, 4))).items[0]?.revision, '2026-02-01')
    })

    it('is read whatever prefix it has, and past careless mark-up', () => {
      const text = `<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"><sm:url><sm:loc>https://gazette.example/a?x=1&y=2</sm:loc></sm:url>
        <sm:url><sm:loc>javascript:alert(1)</sm:loc></sm:url><sm:url/><sm:url><sm:loc>https://gazette.example/b</sm:loc></sm:url></sm:urlset>`
      assert.deepEqual(
        read(text).items.map(({ url }) => url),
        ['https://gazette.example/a?x=1&y=2', 'https://gazette.example/b'],
      )
    })

    it('counts as far as it goes when it breaks off', () => {
      const whole = urlset(page(`${HOME}a`), page(`${HOME}b`))
      assert.deepEqual(
        read(whole.slice(0, -20)).items.map(({ url }) => url),
        [`${HOME}a`],
      )
    })

    it('expands no entity and reads nothing from elsewhere', () => {
      const laughs = `<!DOCTYPE urlset [<!ENTITY a "${'ha'.repeat(100)}"><!ENTITY b "${'&a;'.repeat(100)}"><!ENTITY x SYSTEM "file:///etc/passwd">]>`
      const { items } = read(
        `${XML}${laughs}<urlset>${page(`${HOME}a`, undefined, '<news><title>&b;</title></news>')}${page(`${HOME}b`, undefined, '<news><title>&x;</title></news>')}</urlset>`,
      )
      assert.deepEqual(
        items.map(({ title }) => title),
        ['&b;', '&x;'],
      )
    })

    for (const [what, text, reason] of [
      ['a web page', '<!doctype html><html><body>Sorry</body></html>', /a web page/],
      ['a feed', '<?xml version="1.0"?><rss version="2.0"><channel/></rss>', /a feed/],
      ['other XML', '<note/>', /<note>/],
      ['text', 'Service unavailable', /neither XML nor a list/],
      ['nothing', ' \n', /empty/],
      ['the beginning of one', `${XML}<urlset ${NS}><url>`, /breaks off/],
      ['a very deep one', `<urlset>${'<url>'.repeat(100_000)}`, /nested/],
    ] as const)
      it(`is nothing where there is ${what}`, () => {
        assert.throws(
          () => read(text),
          (thrown: Failure) => thrown.code === 'source.notSitemap' && reason.test(thrown.message),
        )
      })

    it('takes no more than three seconds for files made to be slow', () => {
      const fill = (text: string) => text.repeat(Math.floor(4_900_000 / text.length))
      for (const [what, text] of Object.entries({
        pages: urlset(fill(page('https://a.example/'))),
        attributes: `<urlset ${fill('a="b" ')}/>`,
        'different attributes': `<urlset ${Array.from({ length: 300_000 }, (_, at) => `a${at}="b"`).join(' ')}/>`,
        references: urlset(page(HOME, fill('&amp;'))),
        'broken references': urlset(page(HOME, fill('&'))),
        'a document type': `<!DOCTYPE a [${fill('<!ENTITY a "b">')}]>${urlset()}`,
        comments: fill('<!--'),
        lines: fill('x\n'),
      })) {
        const start = process.cpuUsage()
        try {
          read(text)
        } catch (thrown) {
          assert.equal((thrown as Failure).code, 'source.notSitemap', what)
        }
        const { user } = process.cpuUsage(start)
        assert.ok(user < 3_000_000, `${what} took ${user} µs`)
      }
    }).timeout(60_000)
  })

  it('finds the lines of robots.txt that name sitemaps', () => {
    const robots =
      'User-agent: *\nSITEMAP: https://gazette.example/a.xml\r\n sitemap : /b.xml\nSitemap: /b.xml\n#Sitemap: /c.xml'
    assert.deepEqual(sitemapsIn(robots, HOME), [`${HOME}a.xml`, `${HOME}b.xml`])
  })

  describe('a site', () => {
    let site: Site
    let reader: Fetcher
    let faults: Failure[]

    beforeEach(async () => {
      site = await openSite()
      reader = readerOf(site)
      faults = []
    })

    afterEach(async () => {
      await reader.close()
      await site.close()
    })

    const set = (answers: Record<string, string | Uint8Array>) => {
      for (const [path, body] of Object.entries(answers)) site.answers.set(path, body)
    }

    /** The paths of what is found; what was read is remembered, as after a collection that went well. */
    async function run(given: Partial<z.input<typeof options>> = {}, more: Partial<Parameters<typeof find>[1]> = {}) {
      site.seen.length = 0
      const read: { remember(): Promise<void> }[] = []
      const items = await find(
        options.parse({ id: 'main', kind: 'sitemap', url: `${site.url}sitemap.xml`, ...given }),
        contextOf(
          async (url, request) => {
            const fetched = await reader.fetch(url, request)
            read.push(fetched)
            return fetched
          },
          { fault: (failure) => void faults.push(failure), ...more },
        ),
      )
      for (const fetched of read) await fetched.remember()
      return items.map(({ url }) => new URL(url).pathname)
    }

    it('gives its newest articles first, by news date, date in the address or date of change', async () => {
      set({
        '/sitemap.xml': urlset(
          page('/undated'),
          page('/old', '2026-01-01'),
          page('/2026/02/14/quay'),
          page('/new', '2026-03-01'),
          page(
            '/news',
            '2025-01-01',
            '<news:news><news:publication_date>2026-03-05</news:publication_date></news:news>',
          ),
          page('/'),
          page('/report.pdf', '2026-03-09'),
        ),
      })
      assert.deepEqual(await run(), ['/news', '/new', '/2026/02/14/quay', '/old', '/undated'])
      assert.deepEqual(await run({ items: 2, ignoreRobots: true }), [])
    })

    it('gives only what include and exclude let through, and no more than it was asked for', async () => {
      set({
        '/sitemap.xml': urlset(
          page('/news/a', '2026-01-01'),
          page('/news/b', '2026-01-02'),
          page('/about'),
          page('/news/old/c'),
        ),
      })
      assert.deepEqual(await run({ include: ['/news/'], exclude: ['/old/'], items: 1 }), ['/news/b'])
    })

    it('follows indexes three deep, each file once, and leaves out lists of lists', async () => {
      set({
        '/sitemap.xml': index(['/one.xml'], ['/sitemap.xml'], ['/category-sitemap.xml'], ['/shop.xml']),
        '/one.xml': index(['/two.xml']),
        '/two.xml': index(['/three.xml']),
        '/three.xml': index(['/four.xml']).replace('</sitemapindex>', '</sitemapindex>'),
        '/four.xml': urlset(page('/too-deep')),
      })
      assert.deepEqual(await run({ exclude: ['/shop'] }), [])
      assert.deepEqual(site.seen, ['/sitemap.xml', '/one.xml', '/two.xml', '/three.xml'])
    })

    it('tells what is gzipped by its content', async () => {
      set({
        '/sitemap.xml': index(['/a.xml'], ['/b.xml.gz']),
        '/a.xml': gzipSync(urlset(page('/a'))),
        '/b.xml.gz': urlset(page('/b')),
      })
      assert.deepEqual(await run(), ['/a', '/b'])
    })

    it('refuses a gzip bomb, and one that is cut off, and reads the rest', async () => {
      set({
        '/sitemap.xml': index(['/bomb.xml'], ['/cut.xml'], ['/good.xml']),
        '/bomb.xml': gzipSync(Buffer.alloc(60 * 1024 * 1024, ' ')),
        '/cut.xml': gzipSync(urlset(page('/a'))).subarray(0, 60),
        '/good.xml': urlset(page('/good')),
      })
      assert.deepEqual(await run(), ['/good'])
      assert.deepEqual(
        faults.map(({ code }) => code),
        ['http.tooLarge', 'http.encoding'],
      )
    }).timeout(60_000)

    it('fails when nothing of it can be read', async () => {
      await assert.rejects(run(), (thrown: Failure) => thrown.code === 'http.missing')
    })

    it('costs one conditional request while it is the same', async () => {
      set({ '/sitemap.xml': urlset(page('/a')) })
      assert.deepEqual(await run(), ['/a'])
      assert.deepEqual(await run(), [])
      assert.deepEqual(site.seen, ['/sitemap.xml 304'])
    })

    it('is found by its robots.txt, or at a usual place', async () => {
      set({ '/robots.txt': `Sitemap: ${site.url}maps/x.xml`, '/maps/x.xml': urlset(page('/a')) })
      assert.deepEqual(await run({ url: site.url }), ['/a'])
      set({ '/robots.txt': 'User-agent: *', '/sitemap_index.xml': index(['/maps/x.xml']) })
      const other = readerOf(site)
      assert.deepEqual(await run({ url: site.url }, { fetch: other.fetch }), ['/a'])
      await other.close()
      site.answers.clear()
      await assert.rejects(run({ url: site.url }), (thrown: Failure) => thrown.code === 'source.notSitemap')
    })

    it('brings up no archive when an old file of an index changes', async () => {
      const old = (...more: string[]) =>
        urlset(page('/2019/01/01/a', '2019-01-01'), page('/2019/01/02/b', '2019-01-02'), ...more)
      const fresh = urlset(page('/2026/03/01/c', '2026-03-01'), page('/2026/03/02/d', '2026-03-02'))
      set({
        '/sitemap.xml': index(['/2026.xml', '2026-03-02'], ['/2019.xml', '2019-01-02']),
        '/2026.xml': fresh,
        '/2019.xml': old(),
      })
      assert.deepEqual(await run({ items: 2 }), ['/2026/03/02/d', '/2026/03/01/c'])
      set({
        '/sitemap.xml': index(['/2026.xml', '2026-03-02'], ['/2019.xml', '2026-03-09']),
        '/2019.xml': old(page('/2019/01/03/e', '2019-01-03')),
      })
      const known = new Set(['/2026/03/01/c', '/2026/03/02/d'])
      const context = {
        since: new Date('2026-03-08'),
        areKnown: async (items: readonly { url: string }[]) => items.map(({ url }) => known.has(new URL(url).pathname)),
      }
      assert.deepEqual(await run({ items: 2 }, context), [])
      set({ '/2026.xml': urlset(page('/2026/03/10/f', '2026-03-10'), page('/2026/03/02/d', '2026-03-02')) })
      assert.deepEqual(await run({ items: 2 }, context), [])
      set({ '/sitemap.xml': index(['/2026.xml', '2026-03-10'], ['/2019.xml', '2026-03-09']) })
      assert.deepEqual(await run({ items: 2 }, context), ['/2026/03/10/f', '/2026/03/02/d'])
    })

    it('says the same of an article whichever file changed', async () => {
      const news = urlset(page('/a', undefined, '<news:news><news:title>A</news:title></news:news>'))
      set({
        '/sitemap.xml': index(['/news.xml'], ['/all.xml', '2026-03-01']),
        '/news.xml': news,
        '/all.xml': urlset(page('/a', '2026-03-01')),
      })
      const items: unknown[] = []
      const context = { areKnown: async (seen: readonly unknown[]) => (items.push(...seen), seen.map(() => true)) }
      assert.deepEqual(await run(), ['/a'])
      set({
        '/sitemap.xml': index(['/news.xml'], ['/all.xml', '2026-03-02']),
        '/all.xml': urlset(page('/a', '2026-03-01'), page('/b', '2026-03-02')),
      })
      assert.deepEqual(await run({}, context), ['/b', '/a'])
      assert.deepEqual(items[1], { url: `${site.url}a`, title: 'A', revision: '2026-03-01' })
    })
  })
})
