import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { tellArticle, toListed } from '../src/commands/article-view.ts'
import { collect } from '../src/collect.ts'
import { type FailureReport } from '../src/failures.ts'
import { type Fetcher } from '../src/http/fetch.ts'
import { articleOnceAt } from '../src/find-article.ts'
import { openLog } from '../src/log.ts'
import { openParsing, type Parsing } from '../src/parse.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { filedById } from '../src/store/article-search.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { openMemory } from '../src/store/validators.ts'
import { makeFolder } from './folders.ts'
import { openSite, readerWith, type Answer, type Site } from './sites.ts'

const START = Date.UTC(2026, 2, 10, 12)
const at = (hours: number) => new Date(START + hours * 3_600_000)

const TEXTS = [
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said.',
  'Three boats that lay outside were brought into the inner basin by noon, and nobody was hurt in the work of the night.',
  'The ferry goes from the fish market until the wall has been looked at by divers, which may take until the weekend.',
]

const feed = (...paths: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${paths.map((path) => `<item><title>Storm at sea</title><link>${path}</link></item>`).join('')}</channel></rss>` // prettier-ignore

const pathOf = (number: number) => (number === 1 ? '/storm' : `/storm/${number}`)

/** Part `number` of `parts`, with headline, lead, pager and a word of its author, as they stand on every page. */
function page(
  number: number,
  parts: number,
  {
    text = TEXTS[number - 1] ??
      `Part ${number} of a story that goes on and on, and says something else on each of its many pages.`,
    head = '',
    more = '',
  } = {},
) {
  // prettier-ignore
  const numbers = Array.from({ length: parts }, (_, at) => (at + 1 === number ? `<b>${number}</b>` : `<a href="${pathOf(at + 1)}">${at + 1}</a>`)) // prettier-ignore
  return (
    `<!doctype html><html lang="en"><head><title>Storm at sea | The Gazette</title>${head}</head><body><nav><a href="/">Home</a></nav>` +
    `<article><h1>Storm at sea</h1><p>Two storms in one week have shown how old the harbour wall is, and how little is left of it.</p>` +
    `<p>${text}</p><p>And that, on page ${number}, is what was to be said of it by everyone who had been there that night.</p>` +
    `<p>Mara Lund writes of the harbour and of all that comes into it and goes out of it again, week after week.</p></article>` +
    `<div class="pagination">${numbers.join(' ')}</div>${more}</body></html>`
  )
}

const story = (parts: number) => Object.fromEntries(Array.from({ length: parts }, (_, at) => [pathOf(at + 1), page(at + 1, parts)])) // prettier-ignore

describe('articles on several pages', () => {
  let root: string
  let store: Store
  let site: Site
  let reader: Fetcher
  let parsing: Parsing

  before(() => (parsing = openParsing()))
  after(() => parsing.close())

  beforeEach(async () => {
    root = await makeFolder()
    store = await openDatabase(':memory:')
    site = await openSite({ '/feed.xml': feed('/storm') })
    reader = readerWith(openMemory(store.db), site)
  })

  afterEach(async () => {
    await reader.close()
    await site.close()
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  async function run(hours: number) {
    site.seen.length = 0
    const { sources, faults } = await collect({
      db: store.db,
      root,
      addresses: publicAddresses('https://news.gazette.example/'),
      publishDirectory: join(root, 'feeds'),
      sources: [sourceOptions.parse({ id: 'main', kind: 'rss', url: `${site.url}feed.xml`, fullText: true })],
      fetch: reader.fetch,
      parse: parsing.parse,
      now: () => at(hours),
      log: openLog('silent', false),
    })
    const { added, updated, changed, leftOut, withdrawn } = sources[0]!
    const counts = { added, updated, changed, leftOut, withdrawn }
    return {
      counts: Object.fromEntries(Object.entries(counts).filter(([, value]) => value)),
      faults: faults.map(({ code }: FailureReport) => code),
      pages: site.seen.filter((path) => !path.startsWith('/feed.xml')),
    }
  }

  const set = (answers: Record<string, Answer>) => {
    for (const [path, answer] of Object.entries(answers)) site.answers.set(path, answer)
  }
  const stored = () => newestArticles(store.db, { limit: 100 })
  async function only() {
    const articles = await stored()
    assert.equal(articles.length, 1, articles.map(({ url }) => url).join(', '))
    return articles[0]!
  }
  const textOrigin = async () => (await filedById(store.db, (await only()).id))?.origins?.['text']

  it('are one article, in their order, with what stands on each page once', async () => {
    set(story(3))
    const { counts, faults, pages } = await run(0)
    assert.deepEqual([counts, faults, pages], [{ added: 1 }, [], ['/storm', '/storm/2', '/storm/3']])
    const { text, url } = await only()
    assert.equal(url, `${site.url}storm`)
    assert.deepEqual(text.split('\n\n').map((line) => line.slice(0, 20)), [
      'Two storms in one we',
      'The outer quay staye',
      'And that, on page 1,',
      'Three boats that lay',
      'And that, on page 2,',
      'The ferry goes from ',
      'And that, on page 3,',
      'Mara Lund writes of ',
    ]) // prettier-ignore
    assert.deepEqual(await textOrigin(), { place: '3 pages' })
  })

  it('lead to the article by the address of each', async () => {
    set(story(3))
    await run(0)
    const { id } = await only()
    for (const path of ['/storm', '/storm/2', '/storm/3'])
      assert.equal((await articleOnceAt(store.db, new URL(path, site.url).href))?.id, id, path)
  })

  it('are asked for again one by one, and are to the byte as they were while none has changed', async () => {
    set(story(3))
    await run(0)
    const before = await only()
    for (const hours of [3, 12, 36]) {
      const { counts, faults, pages } = await run(hours)
      assert.deepEqual([counts, faults, pages], [{}, [], ['/storm 304', '/storm/2 304', '/storm/3 304']])
    }
    assert.deepEqual(await only(), before)
  })

  it('are read anew where a later one has changed, though the first is the same', async () => {
    set(story(3))
    await run(0)
    set({
      '/storm/3': page(3, 3, {
        text: 'The ferry goes from the outer quay again since the divers came up on Thursday.',
      }),
    })
    const { counts, pages } = await run(3)
    assert.deepEqual(counts, { changed: 1 })
    assert.deepEqual(pages.slice(0, 3), ['/storm 304', '/storm/2 304', '/storm/3'])
    assert.match((await only()).text, /since the divers came up/)
    assert.deepEqual((await run(6.1)).pages, ['/storm 304', '/storm/2 304', '/storm/3 304'])
  })

  it('are still one article, and known not to be whole, where one cannot be read; and whole once it can', async () => {
    set({ ...story(3), '/storm/3': { status: 403 } })
    const { counts, faults } = await run(0)
    assert.deepEqual([counts, faults], [{ added: 1 }, ['article.partial']])
    assert.match((await only()).text, /Three boats/)
    assert.deepEqual(await textOrigin(), { place: '2 pages', lacks: 'pages' })
    const filed = await filedById(store.db, (await only()).id)
    assert.deepEqual(filed && toListed(filed).fate, ['not whole'])
    assert.match(
      (await tellArticle(store.db, filed!, 'UTC', false)).text,
      /not all of it: some of its pages could not be read/,
    )
    set(story(3))
    assert.deepEqual((await run(3)).counts, { changed: 1 })
    assert.match((await only()).text, /The ferry goes/)
    assert.deepEqual(await textOrigin(), { place: '3 pages' })
  })

  it('lose nothing of what was read by a page that fails when it is read again', async () => {
    set(story(3))
    await run(0)
    const before = await only()
    set({ '/storm': page(1, 3, { more: '<p>x</p>' }), '/storm/2': { status: 404 } })
    assert.deepEqual((await run(3)).counts, {})
    set({ '/storm': page(1, 3), '/feed.xml': feed('/storm').replace('sea<', 'sea!<') })
    assert.deepEqual((await run(4)).faults, ['article.partial'])
    assert.deepEqual(await only(), before)
  })

  it('are ten at most', async () => {
    set(story(12))
    const { faults, pages } = await run(0)
    assert.deepEqual([faults, pages.length, pages.at(-1)], [['article.partial'], 10, '/storm/10'])
    assert.equal((await textOrigin())?.lacks, 'pages')
  })

  it('are each asked for once, though their pagers lead round in a circle or the site answers all with the first', async () => {
    set({ '/storm': page(1, 3), '/storm/2': { status: 302, headers: { location: '/storm' } } })
    const { counts, faults, pages } = await run(0)
    assert.deepEqual([counts, faults, pages], [{ added: 1 }, [], ['/storm', '/storm/2', '/storm']])
    set({ '/feed.xml': feed('/storm').replace('sea<', 'sea!<'), '/storm/2': page(1, 3) })
    assert.deepEqual((await run(1)).pages, ['/storm', '/storm/2'])
    assert.equal(await textOrigin(), undefined)
  })

  it('are read on one page where that is offered, and part by part where it holds less', async () => {
    const all = '<a href="/storm?page=all">Single page</a>'
    const whole = page(1, 1, { text: TEXTS.join('</p><p>') })
    set({ ...story(3), '/storm': page(1, 3, { more: all }), '/storm?page=all': whole })
    assert.deepEqual((await run(0)).pages, ['/storm', '/storm?page=all'])
    const { text, url } = await only()
    assert.deepEqual([TEXTS.every((one) => text.includes(one)), url], [true, `${site.url}storm`])
    assert.deepEqual((await run(3)).pages, ['/storm 304', '/storm?page=all 304'])
    set({ '/storm?page=all': page(1, 1) })
    assert.deepEqual((await run(12)).pages.slice(-3), ['/storm?page=all', '/storm/2', '/storm/3'])
    assert.match((await only()).text, /And that, on page 3/)
  })

  it('are no articles of their own where the list has them too, whichever comes first', async () => {
    for (const paths of [
      ['/storm', '/storm/2', '/storm/3'],
      ['/storm/3', '/storm/2', '/storm'],
    ]) {
      // prettier-ignore
      set({ ...story(3), '/feed.xml': feed(...paths) })
      const { counts, faults } = await run(0)
      assert.equal(faults.length, 0)
      assert.equal(counts['leftOut'], 2)
      assert.equal((await only()).url, `${site.url}storm`)
    }
    assert.deepEqual((await run(1)).pages, [], 'they are known for what they are')
  })

  it('are the whole article where the list has nothing but a later page', async () => {
    set({ ...story(3), '/feed.xml': feed('/storm/2') })
    assert.deepEqual((await run(0)).counts, { added: 1 })
    const { url, text } = await only()
    assert.deepEqual([url, TEXTS.every((one) => text.includes(one))], [`${site.url}storm`, true])
    set({ '/feed.xml': feed('/storm/2', '/storm') })
    const again = await run(1)
    assert.deepEqual([again.counts['added'], again.faults], [undefined, []])
    await only()
  })

  it('that robots.txt closes are not read', async () => {
    set({ ...story(3), '/robots.txt': 'User-agent: *\nDisallow: /storm/3' })
    const { faults, pages } = await run(0)
    assert.deepEqual([faults, pages], [['article.partial'], ['/storm', '/storm/2']])
  })
})
