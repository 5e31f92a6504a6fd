import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { collect } from '../src/collect.ts'
import { compose } from '../src/compose.ts'
import { findArticles } from '../src/find-article.ts'
import { type Fetcher } from '../src/http/fetch.ts'
import { openLog } from '../src/log.ts'
import { type Choice, type Feed } from '../src/model.ts'
import { parseHere } from '../src/parse-here.ts'
import { publish } from '../src/publish.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { excludeArticle, pinArticle, withdrawArticle } from '../src/store/article-fates.ts'
import { filedCopies } from '../src/store/article-search.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { editionsIn } from '../src/store/editions.ts'
import { makeFolder } from './folders.ts'
import { addReader, addresses, daily, site as paper, templates } from './press.ts'
import { openSite, readerOf, type Site } from './sites.ts'

const START = Date.UTC(2026, 2, 10, 12)
const at = (hours: number) => new Date(START + hours * 3_600_000)

const WIRE =
  'The harbour authority will close the northern channel for eleven days in May so that divers can raise the wreck of the ' +
  'dredger Annelies, which sank in January after a collision with a grain carrier. Ships of more than 180 metres will be ' +
  'sent round by the eastern approach, which adds four hours to the voyage. The pilots had asked for a longer closure.'
const FAIR =
  'The fair opens on Saturday with a parade along the quay, and for the first time in ten years the old carousel turns again. ' +
  'It was mended over the winter by a joiner from the upper town, who asked for nothing but the paint and a season ticket.'

const bulletin = (day: string, wind: string, degrees: number) =>
  `Sea bulletin for ${day}. Wind ${wind}, at times strong in the outer harbour, easing towards the evening. Temperature ${degrees} degrees, ` +
  'water eight degrees. Waves of two metres outside the wall, less behind it. Small boats should stay inside while the black ' +
  'ball is up at the signal station. The ferry sails by the timetable, and the lift bridge opens at the full hour. High water ' +
  'is given on the board at the quay. The next bulletin comes out tomorrow morning at six, and is read on the radio too.'

interface Entry {
  path: string
  title: string
  text: string
  date: Date
}

const rss = (...entries: Entry[]) =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>${entries
    .map(
      ({ path, title, text, date }) =>
        `<item><title>${title}</title><link>${path}</link><pubDate>${date.toUTCString()}</pubDate><content:encoded>&lt;p&gt;${text}&lt;/p&gt;</content:encoded></item>`,
    )
    .join('')}</channel></rss>`

describe('a story that several sources tell', () => {
  let root: string
  let store: Store
  let one: Site
  let other: Site
  let reader: Fetcher

  beforeEach(async () => {
    root = await makeFolder()
    store = await openDatabase(':memory:')
    one = await openSite()
    other = await openSite()
    reader = readerOf(one, other)
  })

  afterEach(async () => {
    await reader.close()
    await one.close()
    await other.close()
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  async function run(now: Date, ids: ('one' | 'other')[] = ['one', 'other'], options: object = {}) {
    const { faults } = await collect(
      {
        db: store.db,
        root,
        addresses,
        publishDirectory: join(root, 'feeds'),
        sources: [
          sourceOptions.parse({ id: 'one', kind: 'rss', url: `${one.url}feed.xml`, ...options }),
          sourceOptions.parse({ id: 'other', kind: 'rss', url: `${other.url}feed.xml`, ...options }),
        ],
        fetch: reader.fetch,
        parse: parseHere,
        now: () => now,
        log: openLog('silent', false),
      },
      ids,
    )
    assert.deepEqual(faults, [])
  }

  const show = (site: Site, ...entries: Entry[]) => void site.answers.set('/feed.xml', rss(...entries))
  const stored = () => newestArticles(store.db, { limit: 100 })

  /** Titles in a feed of this choice, in its order, each with its source. */
  async function feed(where: Choice = {}, items = 50): Promise<string[]> {
    const all: Feed = { id: 'all', title: 'All', where, items, content: 'excerpt' }
    const needs = { db: store.db, site: paper, addresses: publicAddresses('https://news.gazette.example/'), templates }
    const { held } = await publish({
      ...needs,
      directory: join(root, 'feeds'),
      feeds: [all],
      log: openLog('silent', false),
    })
    assert.deepEqual(held, [])
    const json = JSON.parse(await readFile(join(root, 'feeds/all/feed.json'), 'utf8')) as {
      items: { title: string; url: string }[]
    }
    return json.items.map(({ title, url }) => `${title} (${url.startsWith(one.url) ? 'one' : 'other'})`)
  }

  const storm = (changes: Partial<Entry> = {}): Entry => ({
    path: '/wreck',
    title: 'Channel closes for the wreck',
    text: WIRE,
    date: at(-2),
    ...changes,
  })
  const fair: Entry = { path: '/fair', title: 'The carousel turns', text: FAIR, date: at(-3) }

  describe('as copy of a wire', () => {
    beforeEach(async () => {
      show(one, storm(), fair)
      show(
        other,
        storm({
          path: '/news/77',
          title: 'Divers to raise the dredger',
          text: `HARBOUR (Wire) - ${WIRE}`,
          date: at(-1),
        }),
      )
      await run(at(0))
    })

    it('is kept twice and shown once, by the source that was first', async () => {
      assert.equal((await stored()).length, 3)
      assert.deepEqual(await feed(), ['Channel closes for the wreck (one)', 'The carousel turns (one)'])
      const [original] = await findArticles(store.db, `${one.url}wreck`)
      assert.deepEqual(
        (await filedCopies(store.db, original!.article.id)).map(({ article }) => article.sourceId),
        ['other'],
      )
    })

    it('is shown by the other one where the choice has nothing of the first', async () => {
      assert.deepEqual(await feed({ sources: ['other'] }), ['Divers to raise the dredger (other)'])
      assert.deepEqual(await feed({ text: 'divers to raise' }), ['Divers to raise the dredger (other)'])
    })

    it('is in no edition twice, and not in the next one again', async () => {
      await addReader(store.db, 'ada', new Date(0), new Date(0))
      const needs = {
        db: store.db,
        site: paper,
        addresses,
        templates,
        log: openLog('silent', false),
        newsletters: [{ ...daily, first: 'now' as const }],
      }
      await compose({ ...needs, now: () => at(1) })
      const [edition] = await editionsIn(store.db, ['ready'])
      assert.equal(edition?.articleIds.length, 2)
      show(
        one,
        storm({ path: '/late', title: 'Wreck: what we know', text: `${WIRE} More at noon.`, date: at(2) }),
        storm(),
        fair,
      )
      show(other, storm({ path: '/78', title: 'The carousel again', text: FAIR, date: at(2) }))
      await run(at(3))
      const { newsletters } = await compose({ ...needs, now: () => at(4) })
      // The first source's own second piece is new; the other's copy of the fair is not.
      assert.equal(newsletters[0]?.edition?.articles, 1)
    })

    it('stands in for an original that its site withdrew, and not for one that the editor keeps out', async () => {
      const original = (await findArticles(store.db, `${one.url}wreck`))[0]!.article
      await withdrawArticle(store.db, original.id, { by: 'site', why: 'gone', now: at(1) })
      assert.deepEqual(await feed(), ['Divers to raise the dredger (other)', 'The carousel turns (one)'])
      await withdrawArticle(store.db, original.id, { by: 'editor', why: 'wrong', now: at(1) })
      assert.deepEqual(await feed(), ['The carousel turns (one)'])
      const copy = (await findArticles(store.db, `${other.url}news/77`))[0]!.article
      await excludeArticle(store.db, copy.id, true, at(2))
      assert.deepEqual(await feed(), ['The carousel turns (one)'])
    })

    it('is pinned to the top until it is not', async () => {
      const carousel = (await findArticles(store.db, `${one.url}fair`))[0]!.article
      await pinArticle(store.db, carousel.id, true, at(1))
      assert.deepEqual(await feed(), ['The carousel turns (one)', 'Channel closes for the wreck (one)'])
      assert.deepEqual(await feed({}, 1), ['The carousel turns (one)'])
      await pinArticle(store.db, carousel.id, false, at(1))
      assert.deepEqual(await feed({}, 1), ['Channel closes for the wreck (one)'])
    })
  })

  it('stays with the source that was first, whichever one is collected later', async () => {
    show(other, storm({ title: 'Divers to raise the dredger' }))
    await run(at(0), ['other'])
    show(one, storm())
    await run(at(5), ['one'])
    assert.deepEqual(await feed(), ['Divers to raise the dredger (other)'])
  })

  it('is two when two bulletins are 95 % alike, in one source and across two', async () => {
    const monday: Entry = {
      path: '/bulletin-1',
      title: 'Sea bulletin',
      text: bulletin('Monday', 'north-west four', 9),
      date: at(-30),
    }
    const tuesday: Entry = {
      path: '/bulletin-2',
      title: 'Sea bulletin',
      text: bulletin('Tuesday', 'north four', 11),
      date: at(-6),
    }
    show(one, tuesday, monday)
    show(other, { ...tuesday, path: '/sea/2', text: bulletin('Wednesday', 'west four', 12), date: at(-1) })
    await run(at(0))
    assert.equal((await feed()).length, 3)
    await run(at(1))
    assert.equal((await stored()).length, 3)
    // Of the very same bulletin in both, one is shown.
    show(other, { ...tuesday, path: '/sea/3' })
    await run(at(2))
    assert.equal((await stored()).length, 4)
    assert.equal((await feed()).length, 3)
  })

  describe('as a post whose canonical address is the other one’s', () => {
    const page = (canonical: string, text = WIRE) =>
      `<!doctype html><html lang="en"><head><title>Channel closes</title><link rel="canonical" href="${canonical}"></head><body><main><article><h1>Channel closes for the wreck</h1>` +
      `${text
        .split('. ')
        .map((sentence) => `<p>${sentence}.</p>`)
        .join('')}</article></main></body></html>`
    const entry = storm({ text: 'In short' })

    beforeEach(() => {
      one.answers.set('/wreck', page(`${one.url}wreck`))
      other.answers.set(
        '/wreck',
        page(`${one.url}wreck`, `${WIRE} This appeared first elsewhere. We show it with thanks.`),
      )
    })

    it('leaves the original to the address that both name', async () => {
      show(one, entry)
      show(other, entry)
      await run(at(0), ['other'], { fullText: true })
      await run(at(0.1), ['one'], { fullText: true })
      const [first] = await findArticles(store.db, `${one.url}wreck`)
      assert.deepEqual([first?.article.sourceId, first?.originalId], ['one', undefined])
      assert.deepEqual(
        (await filedCopies(store.db, first!.article.id)).map(({ article }) => article.sourceId),
        ['other'],
      )
      assert.equal((await feed()).length, 1)
    })

    it('stays the one that readers may have by then', async () => {
      show(other, entry)
      await run(at(0), ['other'], { fullText: true })
      const [mine] = await stored()
      await store.db
        .insertInto('tick')
        .values({
          name: 'publish:all',
          dueAt: at(1).toISOString(),
          startedAt: at(1).toISOString(),
          finishedAt: null,
          failed: 0,
        })
        .execute()
      show(one, entry)
      await run(at(2), ['one'], { fullText: true })
      const copies = await filedCopies(store.db, mine!.id)
      assert.deepEqual(
        copies.map(({ article }) => article.sourceId),
        ['one'],
      )
    })

    it('is another story when a site calls all its pages by one address', async () => {
      show(one, entry)
      other.answers.set(
        '/fair',
        page(`${one.url}wreck`, FAIR)
          .replaceAll('Channel closes for the wreck', 'The carousel turns')
          .replaceAll('Channel closes', 'The carousel turns'),
      )
      show(other, { ...fair, text: 'In short' })
      await run(at(0), ['one', 'other'], { fullText: true })
      assert.equal((await feed()).length, 2)
    })
  })

  it('is found by every address that it had, and by those of its versions', async () => {
    const canonical = `<link rel="canonical" href="${one.url}news/wreck">`
    const body = `<main><article><h1>Channel closes for the wreck</h1>${WIRE.split('. ')
      .map((sentence) => `<p>${sentence}.</p>`)
      .join('')}</article></main>`
    one.answers.set('/go/1', { status: 301, headers: { location: '/wreck.html' } })
    one.answers.set('/wreck.html', `<!doctype html><title>Wreck</title>${canonical}${body}`)
    show(one, storm({ path: '/go/1', text: 'In short' }))
    await run(at(0), ['one'], { fullText: true })
    const [article] = await stored()
    for (const path of [
      'go/1',
      'wreck.html',
      'news/wreck',
      'news/wreck/',
      'news/wreck?utm_source=x',
      'news/wreck/amp',
      'news/wreck?amp=1',
      'amp/news/wreck',
      'news/wreck/print',
    ])
      assert.equal((await findArticles(store.db, one.url + path))[0]?.article.id, article!.id, path)
    for (const name of [article!.id, article!.id.slice(0, 8)])
      assert.equal((await findArticles(store.db, name))[0]?.article.id, article!.id)
    assert.deepEqual(await findArticles(store.db, `${one.url}elsewhere`), [])
    // The list names the version for phones one day: no second article.
    show(one, storm({ path: '/news/wreck?amp=1', text: 'In short' }))
    await run(at(1), ['one'])
    assert.equal((await stored()).length, 1)
  })
})
