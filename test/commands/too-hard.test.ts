import assert from 'node:assert/strict'
import { lookAt } from '../../src/commands/site.ts'
import { runSource } from '../../src/commands/source-run.ts'
import { pagesOf, readWhole } from '../../src/commands/whole.ts'
import { Failure } from '../../src/failures.ts'
import { parseHere } from '../../src/parse-here.ts'
import { type Parse } from '../../src/parse.ts'
import { sourceOptions } from '../../src/sources/index.ts'
import { openSite, readerOf, type Site } from '../sites.ts'

const HARD = 'nobody can read this'
const TEXT = `<p>${'The outer quay stayed shut on Monday, after waves broke over the wall twice before dawn. '.repeat(4)}</p>`
const story = (title: string, text = TEXT) => `<!doctype html><title>${title}</title><article><h1>${title}</h1>${text}</article>` // prettier-ignore
const feed = (...items: string[]) =>
  `<rss version="2.0"><channel><title>Gazette</title><link>/</link>${items.map((item) => `<item><title>${item}</title><link>/${item}</link></item>`).join('')}</channel></rss>` // prettier-ignore

/** What is read in the process for it, but for what is marked: that hits its limit there. */
const parse: Parse = (name, ...args) =>
  JSON.stringify(args).includes(HARD)
    ? Promise.reject(new Failure('reading.tooHard', { limit: '10000 ms' }))
    : parseHere(name, ...args)

const isTooHard = (thrown: unknown) => thrown instanceof Failure && thrown.code === 'reading.tooHard'

describe('what is too hard to read', () => {
  let site: Site
  let reader: ReturnType<typeof readerOf>

  beforeEach(async () => {
    site = await openSite({
      '/': `<!doctype html><title>Gazette</title><link rel="alternate" type="application/rss+xml" href="/feed"><main>${TEXT}</main>`,
      '/feed': feed('storm', 'ferries'),
      '/storm': story('Storm', `<p>${HARD}</p>`),
      '/ferries': story('Ferries'),
    })
    reader = readerOf(site)
  })

  afterEach(async () => {
    await reader.close()
    await site.close()
  })

  it('costs `sources test` that article, and is named', async () => {
    const source = sourceOptions.parse({ id: 'main', kind: 'rss', url: `${site.url}feed`, fullText: true })
    const looking = { root: '/', base: site.url, timezone: 'UTC', now: new Date('2026-03-10T12:00:00Z'), articles: 2 }
    const ran = await runSource(source, { ...looking, fetch: reader.fetch, parse })
    assert.deepEqual(
      ran.faults.map(({ code, details }) => [code, details['source'], details['limit']]),
      [['reading.tooHard', 'main', '10000 ms']],
    )
    assert.deepEqual(
      ran.articles.map(({ title }) => title),
      ['ferries'],
    )
  })

  it('costs `sources test` the item whose text it is, and no other', async () => {
    site.answers.set('/feed', feed('storm', 'ferries').replace('</item>', `<description>${HARD}</description></item>`))
    const source = sourceOptions.parse({ id: 'main', kind: 'rss', url: `${site.url}feed`, fullText: false })
    const looking = { root: '/', base: site.url, timezone: 'UTC', now: new Date('2026-03-10T12:00:00Z'), articles: 0 }
    // The feed itself can be read: only one item of it cannot.
    const some: Parse = (name, ...args) => (name === 'source' ? parseHere(name, ...args) : parse(name, ...args))
    const { items, faults } = await runSource(source, { ...looking, fetch: reader.fetch, parse: some })
    assert.deepEqual([items.map(({ title }) => title), faults.map(({ code }) => code)], [['ferries'], ['reading.tooHard']]) // prettier-ignore
  })

  it('ends `extract` with what it was', async () => {
    const readPage = pagesOf(reader.fetch)
    await assert.rejects(readWhole(await readPage(`${site.url}storm`), readPage, parse), isTooHard)
  })

  it('ends `inspect` where it is the page that was asked for, and costs it a feed that is linked', async () => {
    await assert.rejects(lookAt(`${site.url}storm`, reader.fetch, parse), isTooHard)
    site.answers.set('/feed', feed(HARD))
    const { view } = await lookAt(site.url, reader.fetch, parse)
    assert.deepEqual([view.title, view.feeds], ['Gazette', []])
  })
})
