import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { parseConfig } from '../../src/config.ts'
import { writeConfig } from '../../src/commands/init.ts'
import { lookAt, type SiteView } from '../../src/commands/site.ts'
import { parseHere } from '../../src/parse-here.ts'
import { makeFolder } from '../folders.ts'
import { broadsheet } from '../run.ts'
import { openSite, readerOf, type Answer, type Site } from '../sites.ts'

const TEXT =
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said. Boats were moved to the inner basin, and the ferry did not sail before noon.'

const page = (title: string, body: string, head = '') =>
  `<!doctype html><html lang="en-GB"><head><title>${title}</title>${head}</head><body>${body}</body></html>`
const story = (title: string) =>
  page(
    title,
    `<article><h1>${title}</h1><div><time datetime="2026-03-02">2 March</time></div><p>${TEXT}</p></article>`,
    '<meta name="author" content="Mara Lund">',
  )
const front = page(
  'News — The Harbour Gazette',
  '<main><a href="/storm">Storm</a></main>',
  `<meta property="og:site_name" content="The Harbour Gazette"><meta name="description" content="News from: the &quot;harbour&quot;">
   <meta name="theme-color" content="#0B4"><link rel="apple-touch-icon" href="icon.png">
   <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed"><link rel="alternate" type="application/rss+xml" href="/feed">
   <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1"><link rel="https://api.w.org/" href="/wp-json/">`,
)
const rss = (description = TEXT, ...more: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette feed</title><description>x</description><language>de</language>
   <item><title>Storm</title><link>/storm</link><guid isPermaLink="false">1</guid><description>${description}</description></item>${more.join('')}</channel></rss>`

const gazette: Record<string, Answer> = {
  '/': front,
  '/feed': rss(),
  '/comments/feed': rss('A comment'),
  '/storm': story('Storm shuts the outer quay'),
  '/robots.txt': 'User-agent: *\nAllow: /\nSitemap: /news-sitemap.xml\n',
}

describe('commands that look at a site', () => {
  let root: string
  let site: Site

  beforeEach(async () => {
    root = await makeFolder()
    site = await openSite(gazette)
  })

  afterEach(async () => {
    await site.close()
    await rm(root, { recursive: true, force: true })
  })

  const run = (...args: string[]) => broadsheet(root, ...args)
  const look = async (path = '') => {
    const reader = readerOf(site)
    try {
      return (await lookAt(site.url + path, reader.fetch, parseHere)).view
    } finally {
      await reader.close()
    }
  }

  describe('site', () => {
    it('says what a site says of itself, and puts the feed of its articles first', async () => {
      assert.deepEqual(await look(), {
        title: 'The Harbour Gazette',
        description: 'News from: the "harbour"',
        language: 'en-GB',
        colour: '#00bb44',
        logo: `${site.url}icon.png`,
        url: site.url,
        feeds: [
          { url: `${site.url}feed`, title: 'Gazette feed', items: 1, found: 'linked', isFull: true },
          { url: `${site.url}comments/feed`, title: 'Gazette feed', items: 1, found: 'linked', isFull: false },
        ],
        sitemaps: [`${site.url}news-sitemap.xml`],
        wordpress: `${site.url}wp-json/`,
        instead: null,
        lists: {
          chosen: 'none',
          channels: [{ name: 'lists', items: 0 }],
          lists: [],
          articles: [],
          fill: { title: 0, date: 0, author: 0, image: 0 },
        },
      } satisfies SiteView)
    })

    it('finds a feed that nothing links at the usual places, beside the page first', async () => {
      site.answers.set('/', page('Paper', ''))
      site.answers.set('/blog/', page('Blog', ''))
      site.answers.delete('/feed')
      site.answers.set('/rss.xml', rss())
      site.answers.set('/feed.json', page('not found', ''))
      assert.deepEqual(
        (await look()).feeds.map(({ url, found }) => [url, found]),
        [[`${site.url}rss.xml`, 'guessed']],
      )
      site.answers.set('/blog/atom.xml', rss())
      assert.deepEqual(
        (await look('blog/')).feeds.map(({ url }) => url),
        [`${site.url}blog/atom.xml`],
      )
    })

    it('says what stands in for a page that lists nothing', async () => {
      site.answers.set('/', page('Paper', '<div id="app"></div>'))
      site.answers.delete('/feed')
      site.answers.delete('/robots.txt')
      assert.equal((await look()).instead, null)
      const places = ['/storm', '/news/storm-shuts-the-quay'].map((path) => new URL(path, site.url).href)
      site.answers.set('/news/storm-shuts-the-quay', story('Storm shuts the outer quay'))
      site.answers.set(
        '/sitemap.xml',
        `<?xml version="1.0"?><urlset>${places.map((place) => `<url><loc>${place}</loc></url>`).join('')}</urlset>`,
      )
      assert.equal((await look()).instead, `the sitemap ${site.url}sitemap.xml: 1 article`)
      const { stdout } = await run('inspect', site.url, '--allow', site.authority)
      assert.match(stdout, /kind: auto +the sitemap .*sitemap\.xml: 1 article/)
    })

    it('takes the address of a feed for the feed', async () => {
      const view = await look('feed')
      assert.deepEqual(
        view.feeds.map(({ url, found }) => [url, found]),
        [[`${site.url}feed`, 'given']],
      )
      assert.deepEqual([view.url, view.title], [site.url, 'The Harbour Gazette'])
    })

    it('sees by the newest article whether a feed holds the whole text', async () => {
      for (const [description, isFull] of [
        [TEXT, true],
        [TEXT.slice(0, 60), false],
        ['', false],
      ] as const) {
        site.answers.set('/feed', rss(description))
        assert.equal((await look()).feeds[0]?.isFull, isFull, description)
      }
      site.answers.delete('/storm')
      site.answers.set('/feed', rss(TEXT.repeat(10)))
      assert.equal((await look()).feeds[0]?.isFull, true)
    })
  })

  describe('init', () => {
    it('writes a config that works', async () => {
      const ended = await run('init', site.url, 'paper', '--allow', site.authority)
      assert.equal(ended.exit, 0, ended.stderr)
      assert.match(ended.stdout, /found http.*\/feed: “Gazette feed”, 1 item, whole articles/)
      assert.match(ended.stdout, /is right: 1 source, 1 feed, 0 newsletters/)
      assert.match(ended.stdout, /Next: cd paper && broadsheet serve/)
      const text = await readFile(join(root, 'paper/broadsheet.yaml'), 'utf8')
      const { site: about, sources, fetch } = parseConfig(text, 'broadsheet.yaml', {})
      assert.deepEqual(
        [about.title, about.url, about.description, about.language, about.colour, about.logo],
        ['The Harbour Gazette', site.url, 'News from: the "harbour"', 'en-GB', '#00bb44', `${site.url}icon.png`],
      )
      assert.equal(sources.length, 1)
      assert.deepEqual(fetch.allow, [site.authority])
      const done = await broadsheet(join(root, 'paper'), 'run')
      assert.equal(done.exit, 0, done.stderr + done.stdout)
      const feed = await readFile(join(root, 'paper/feeds/all/rss.xml'), 'utf8')
      assert.match(feed, /<guid isPermaLink="false">1<\/guid>/)
      assert.match(feed, /The outer quay stayed shut/)
    })

    it('reads the pages of the articles where the feed holds only their beginnings', async () => {
      site.answers.set('/feed', rss('Waves broke.'))
      const ended = await run('init', site.url, '--allow', site.authority)
      assert.equal(ended.exit, 0, ended.stderr)
      assert.match(ended.stdout, /Next: broadsheet serve/)
      assert.match(await readFile(join(root, 'broadsheet.yaml'), 'utf8'), /^ {4}fullText: true/m)
      assert.equal((await run('run')).exit, 0)
      assert.match(await readFile(join(root, 'feeds/all/rss.xml'), 'utf8'), /The outer quay stayed shut/)
    })

    it('never replaces a config', async () => {
      await writeFile(join(root, 'broadsheet.yaml'), 'mine')
      const ended = await run('init', site.url, '--allow', site.authority)
      assert.equal(ended.exit, 1)
      assert.match(ended.stderr, /never replaced[^]*broadsheet init URL DIR/)
      assert.equal(await readFile(join(root, 'broadsheet.yaml'), 'utf8'), 'mine')
    })

    it('reads the list of articles on the page where there is no feed', async () => {
      const titles = ['Storm shuts the outer quay', 'Ferries sail again every half hour', 'A bell for the north light', 'Herring fall in price'] // prettier-ignore
      const path = (title: string) => `/news/${title.toLowerCase().replaceAll(' ', '-')}`
      for (const title of titles) site.answers.set(path(title), story(title))
      const item = (title: string) =>
        `<li class="teaser"><h2><a href="${path(title)}">${title}</a></h2><time datetime="2026-03-02">2 March 2026</time></li>`
      site.answers.set('/', page('Paper', `<nav><a href="/about">About</a></nav><ul class="news">${titles.map(item).join('')}</ul>`)) // prettier-ignore
      site.answers.delete('/feed')
      const ended = await run('init', site.url, '--allow', site.authority)
      assert.equal(ended.exit, 0, ended.stderr)
      assert.match(ended.stdout, /4 articles in its lists/)
      const text = await readFile(join(root, 'broadsheet.yaml'), 'utf8')
      assert.match(text, /^ {4}kind: auto$/m)
      assert.match(text, /^ {4}# found in .*li\.teaser.*: 4, the first “Storm shuts the outer quay”$/m)
      const done = await run('run')
      assert.equal(done.exit, 0, done.stderr + done.stdout)
      assert.equal((await readFile(join(root, 'feeds/all/rss.xml'), 'utf8')).match(/<item>/g)?.length, 4)
      const { stdout } = await run('inspect', site.url, '--allow', site.authority)
      assert.match(stdout, /lists on the page[^]*li\.teaser[^]*4 articles \(lists\); title 100 %, date 100 %/)
    })

    it('writes nothing where nothing is found, and says what to try', async () => {
      site.answers.set('/', page('Paper', ''))
      site.answers.delete('/feed')
      site.answers.set('/robots.txt', 'User-agent: *\nAllow: /\n')
      const ended = await run('init', site.url, 'paper', '--allow', site.authority)
      assert.equal(ended.exit, 1)
      assert.match(ended.stderr, /kind page, with selectors/)
      await assert.rejects(readFile(join(root, 'paper/broadsheet.yaml')))
    })

    it('reads no private address unless that is allowed', async () => {
      const ended = await run('init', site.url)
      assert.equal(ended.exit, 1)
      assert.match(ended.stderr, /private network/)
      assert.deepEqual(site.seen, [])
      assert.equal((await run('init', site.url, '--allow', 'nonsense')).exit, 2)
    })

    it('writes down whatever a site calls itself, and fills in nothing that it asks for', () => {
      for (const words of [
        'a: b',
        '- x',
        '# y',
        '"quoted',
        "it's",
        '${HOME}',
        '$HOME',
        '{a',
        '[b',
        '*c',
        '&d',
        '!e',
        '%f',
        '@g',
        '`h',
        'yes',
        'null',
        '1234',
        '> folded',
        '| kept',
        'a\u0007b',
        'ende:',
        '🗞️ Zeitung',
        '---',
        '? q',
        'x '.repeat(200).trim(),
      ]) {
        const view: SiteView = {
          url: 'https://gazette.example/?a=${HOME}',
          title: words,
          description: words,
          language: 'en',
          colour: null,
          logo: null,
          feeds: [],
          sitemaps: [],
          wordpress: null,
          instead: null,
          lists: null,
        }
        const source = {
          kind: 'auto',
          url: 'https://gazette.example/feed?${HOME}',
          found: '',
          title: null,
          lines: [`# found in ${words}`],
        } as const
        const text = writeConfig(view, { ...source, lines: [...source.lines] }, ['[::1]:80'])
        const read = parseConfig(text, 'broadsheet.yaml', { HOME: 'secret' })
        assert.equal(read.site.title, words.replace('${', '$ {'), text)
        assert.equal(read.feeds[0]?.title, words.replace('${', '$ {'))
        assert.deepEqual(read.fetch.allow, ['[::1]:80'])
        assert.doesNotMatch(JSON.stringify(read), /secret/)
        // What is commented out is YAML as well.
        const rest = text.slice(text.indexOf('# newsletters:')).split('\nfetch:')[0]!
        const { newsletters } = parse(rest.replaceAll(/^# ?/gm, '')) as { newsletters: { title: string }[] }
        assert.equal(newsletters[0]?.title, `${words.replace('${', '$ {')} Weekly`)
      }
    })
  })

  describe('inspect', () => {
    it('shows the feeds and one article, and where each of its fields stood', async () => {
      const ended = await run('inspect', site.url, '--allow', site.authority)
      assert.equal(ended.exit, 0, ended.stderr)
      assert.match(ended.stdout, /feed +http:\S+\/feed +“Gazette feed”, 1 item, whole articles/)
      assert.match(ended.stdout, /sitemap +http:\S+\/news-sitemap\.xml/)
      assert.match(ended.stdout, /field +winner +from +confidence +runner-up +from/)
      assert.match(ended.stdout, /authors +Mara Lund +meta author +0\.\d\d/)
      assert.match(ended.stdout, /published +2026-03-02\S+ +\S/)
      const { article, origins } = JSON.parse(
        (await run('inspect', site.url, '--allow', site.authority, '--json')).stdout,
      ) as {
        article: { title: string }
        origins: Record<string, { place: string; confidence: number }>
      }
      // A feed's own title is what would be collected.
      assert.deepEqual([article.title, origins['title']?.place], ['Storm', 'the feed or list'])
      assert.equal(origins['authors']?.place, 'meta author')
    })

    it('takes the page itself for an article where there is no feed', async () => {
      site.answers.delete('/feed')
      const ended = await run('inspect', `${site.url}storm`, '--allow', site.authority)
      assert.match(ended.stdout, /none linked, and none at the usual places/)
      assert.match(ended.stdout, /title +Storm shuts the outer quay/)
    })
  })

  describe('extract', () => {
    it('gives the article on a page of the web', async () => {
      const ended = await run('extract', `${site.url}storm?utm_source=x`, '--allow', site.authority, '--json')
      site.answers.set('/storm?utm_source=x', story('Storm shuts the outer quay'))
      assert.equal(ended.exit, 1)
      const again = await run('extract', `${site.url}storm?utm_source=x`, '--allow', site.authority, '--json')
      assert.equal(again.exit, 0, again.stderr)
      const article = JSON.parse(again.stdout) as Record<string, unknown>
      assert.deepEqual(
        [article['url'], article['title'], article['authors'], article['published'], article['text']],
        [`${site.url}storm`, 'Storm shuts the outer quay', ['Mara Lund'], '2026-03-02T00:00:00.000Z', TEXT],
      )
    })
  })

  describe('extract --explain', () => {
    it('says of each field where it stood, how sure that is, and what else was said', async () => {
      const ended = await run('extract', `${site.url}storm`, '--allow', site.authority, '--explain')
      assert.equal(ended.exit, 0, ended.stderr)
      assert.match(ended.stdout, /^ +field +winner +from +confidence +runner-up +from$/m)
      assert.match(ended.stdout, /^ +authors +Mara Lund +meta author +0\.\d\d/m)
      const { title, origins } = JSON.parse(
        (await run('extract', `${site.url}storm`, '--allow', site.authority, '--explain', '--json')).stdout,
      ) as { title: string; origins: Record<string, { place: string; confidence: number }> }
      assert.equal(title, 'Storm shuts the outer quay')
      assert.ok((origins['title']?.confidence ?? 0) > 0.5)
    })
  })

  describe('sources', () => {
    const config = (sources: string) =>
      `site: { title: Gazette, url: https://gazette.example/ }\nfetch: { allow: ['${site.authority}'] }\nsources:\n${sources}`

    it('lists how each source is doing, and what to do about it', async () => {
      const feed = `  - { id: main, kind: rss, url: '${site.url}feed' }\n  - { id: broken, kind: rss, url: '${site.url}storm' }\n`
      await writeFile(join(root, 'broadsheet.yaml'), config(feed))
      assert.match(
        (await run('sources', 'list')).stdout,
        /main +rss +never +0 +0 +not collected yet: broadsheet collect main/,
      )
      assert.equal((await run('collect')).exit, 1)
      assert.equal((await run('collect')).exit, 1)
      const ended = await run('sources', 'list')
      assert.equal(ended.exit, 0)
      assert.match(ended.stdout, /^source +kind +last success +articles +failures in a row +status$/m)
      assert.match(ended.stdout, /^main +rss +\d{4}-\d\d-\d\d \d\d:\d\d +1 +0 +fine$/m)
      assert.match(ended.stdout, /^broken +rss +never +0 +2 +failing: there is no feed/m)
      assert.match(ended.stdout, /→ open the address in a browser; broadsheet inspect URL/)
      await writeFile(join(root, 'broadsheet.yaml'), config(feed.split('\n')[1]!))
      assert.match((await run('sources', 'list')).stdout, /^main +– .* not in the config; its articles are kept/m)
    })

    it('names where a source that finds its articles by itself reads them', async () => {
      site.answers.set('/', page('Paper', '<div id="app"></div>'))
      await writeFile(join(root, 'broadsheet.yaml'), config(`  - { id: main, kind: auto, url: '${site.url}' }\n`))
      const reads = `reads the feed ${site.url}feed`
      assert.ok((await run('sources', 'test', 'main')).stdout.includes(`\n${reads}\n`))
      assert.ok(!(await run('sources', 'list')).stdout.includes(reads))
      assert.equal((await run('collect')).exit, 0)
      assert.ok((await run('sources', 'list')).stdout.includes(`\nmain ${reads}\n`))
    })

    it('tests a source without keeping anything', async () => {
      await writeFile(
        join(root, 'broadsheet.yaml'),
        config(
          `  - { id: main, kind: rss, url: '${site.url}feed', fullText: true }\n  - { id: broken, kind: rss, url: '${site.url}gone' }\n`,
        ),
      )
      const ended = await run('sources', 'test', 'main')
      assert.equal(ended.exit, 0, ended.stderr)
      assert.match(ended.stdout, /^main \(rss\): 1 article$/m)
      assert.match(ended.stdout, /undated +Storm +http\S+\/storm/)
      assert.match(ended.stdout, /authors +Mara Lund/)
      const all = await run('sources', 'test')
      assert.equal(all.exit, 1)
      assert.match(all.stdout, /there is nothing at the address/)
      assert.equal((await run('sources', 'test', 'nobody')).exit, 2)
      assert.match((await run('sources', 'list')).stdout, /main +rss +never +0/)
    })
  })
}).timeout(60_000)
