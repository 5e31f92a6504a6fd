import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { load } from 'cheerio'
import fc from 'fast-check'
import FeedParser from 'feedparser'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import RssParser from 'rss-parser'
import { type FeedFile } from '../../src/addresses.ts'
import { checkFeed } from '../../src/feeds/checked.ts'
import { isFaulty, lintFeed } from '../../src/feeds/lint.ts'
import { openMemory } from '../../src/feeds/memory.ts'
import { readAtomEntry, readJsonItem, readRssItem, type JsonItem, type ReadEntry } from '../../src/feeds/read-back.ts'
import { childrenOf, readXml } from '../../src/feeds/read-xml.ts'
import { FEED_FILES, type FeedFiles } from '../../src/feeds/render.ts'
import { type Article, type SafeHtml } from '../../src/model.ts'
import { expected, hostile, line, lines, shown, text } from './hostile-articles.ts'
import { addresses, article, feed, site } from './nouns.ts'

const ATOM = '{http://www.w3.org/2005/Atom}'
// parse5 throws at two halves of surrogate pairs in a row in an attribute; pages are read as whole characters.
const htmlToText = (html: string): string => load(html.toWellFormed(), undefined, false).text()
const seconds = (iso: string | undefined) => iso?.replace(/\.\d+Z/, 'Z')

/** saxes, which the gate itself does not read items with, and JSON.parse. */
const bySaxes: Record<FeedFile, (file: string) => ReadEntry[]> = {
  'rss.xml': (file) => childrenOf(readXml(file).children[0]!, '{}item').map(readRssItem),
  'atom.xml': (file) => childrenOf(readXml(file), `${ATOM}entry`).map(readAtomEntry),
  'feed.json': (file) => (JSON.parse(file) as { items: JsonItem[] }).items.map(readJsonItem),
}

/** `type bytes url` of each file that a reader may fetch, told here once more in other words. */
function filesOf({ enclosures }: Article): string[] {
  const found = enclosures.flatMap(({ type, bytes = 0, url }) => {
    const [kind] = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*/i.exec(type) ?? []
    return kind === undefined ? [] : [`${kind.toLowerCase()} ${bytes < 1 ? '' : bytes} ${new URL(url).href}`]
  })
  const isPlayed = (file: string) => /^(?:audio|video)\//.test(file)
  return [...found.filter(isPlayed), ...found.filter((file) => !isPlayed(file))]
}

/** What all three formats must say of an article, in terms of the article itself. */
function compare(articles: readonly Article[], files: FeedFiles): void {
  for (const file of FEED_FILES) {
    const found = new Map(bySaxes[file](files[file]).map((entry) => [entry.url ?? '', entry]))
    assert.equal(found.size, articles.length)
    for (const one of articles) {
      const wanted = expected(one, file === 'atom.xml' ? 'Atom' : file)
      const entry = found.get(wanted.url)!
      const { id, title, authors, topics } = wanted
      assert.deepEqual([entry.id, entry.title, entry.authors, entry.topics], [id, title, authors, topics])
      assert.equal(seconds(entry.published), seconds(wanted.published))
      assert.equal(entry.updated ?? wanted.published, wanted.updated)
      const excerpt = entry.excerpt ?? ''
      assert.equal(file === 'rss.xml' ? htmlToText(excerpt) : excerpt, wanted.excerpt)
      assert.equal(htmlToText(entry.html ?? ''), shown(htmlToText(one.html)))
      const [picture] = one.images
      const isPicture = (media: string) => picture !== undefined && media.endsWith(` ${new URL(picture.url).href}`)
      assert.deepEqual(
        entry.media.filter((media) => !isPicture(media)),
        filesOf(one),
      )
      assert.equal(entry.media.filter(isPicture).length, picture ? 1 : 0)
    }
  }
}

interface Glimpse {
  id: string | undefined
  url: string | undefined
  title: string | undefined
  published: string | undefined
  /** `type bytes url` of each. */
  files?: string[]
}

const fileLine = (type = '', bytes: string | number | null = null, url = '') => `${type} ${bytes ?? ''} ${url}`

/** An enclosure, and not the picture. */
const isPart = (url: string | undefined) => url?.includes('&part=') ?? false

/** What of them this parser gives. */
function filesFor(reader: string, files: string[]): string[] {
  if (reader.startsWith('JSON')) return files.map((file) => file.replace(/ \S*$/, ' '))
  // It knows the one enclosure of RSS, and that has a length.
  return reader === 'RSS by rss-parser' ? files.slice(0, 1) : files
}

/** These even out white space, each in its own way, so that is evened out here too. */
const even = (words: string | undefined) => words?.replace(/\s+/g, ' ').trim()

/** As people's readers see them. */
const readers: Record<string, (files: FeedFiles) => Promise<Glimpse[]> | Glimpse[]> = {
  'RSS by rss-parser': async (files) => {
    const { items } = await new RssParser().parseString(files['rss.xml'])
    return items.map(({ guid, link, title, isoDate, enclosure }) => ({
      ...{ id: guid, url: link, title, published: isoDate },
      ...(enclosure && { files: [fileLine(enclosure.type, enclosure.length, enclosure.url)] }),
    }))
  },
  'Atom by rss-parser': async (files) => {
    const { items } = await new RssParser().parseString(files['atom.xml'])
    return items.map((item) => ({
      ...{ id: (item as { id?: string }).id, url: item.link, title: item.title, published: item.isoDate },
    }))
  },
  'RSS by feedparser': (files) => byFeedparser(files['rss.xml']),
  'Atom by feedparser': (files) => byFeedparser(files['atom.xml']),
  'RSS by feedsmith': (files) =>
    (parseRssFeed(files['rss.xml']).items ?? []).map(({ guid, link, title, pubDate, enclosures = [], media }) => ({
      ...{ id: guid?.value, url: link, title, published: pubDate && new Date(pubDate).toISOString() },
      files: [
        ...enclosures.map(({ type, length, url }) => fileLine(type, length, url)),
        ...(media?.contents ?? [])
          .filter(({ url }) => isPart(url))
          .map(({ type, fileSize, url }) => fileLine(type, fileSize, url)),
      ],
    })),
  'Atom by feedsmith': (files) =>
    (parseAtomFeed(files['atom.xml']).entries ?? []).map(({ id, links, title, published }) => ({
      ...{ id, url: links?.at(-1)?.href, title: title?.value, published },
      files:
        links?.filter(({ rel }) => rel === 'enclosure').map(({ type, length, href }) => fileLine(type, length, href)) ??
        [],
    })),
  // It reads references in JSON strings as if they were HTML, so only what cannot hold any is compared.
  'JSON Feed by feedsmith': (files) =>
    (parseJsonFeed(files['feed.json']).items ?? []).map(({ date_published: published, attachments = [] }) => ({
      ...{ id: undefined, url: undefined, title: undefined, published },
      files: attachments.map(({ mime_type, size_in_bytes }) => fileLine(mime_type, size_in_bytes)),
    })),
}

async function byFeedparser(file: string): Promise<Glimpse[]> {
  const found: Glimpse[] = []
  const parser = Readable.from([Buffer.from(file)]).pipe(new FeedParser({ addmeta: false }))
  for await (const item of parser as AsyncIterable<FeedParser.Item>) {
    found.push({
      ...{ id: item.guid, url: item.link, title: item.title, published: item.pubdate?.toISOString() },
      files: (item.enclosures as { url: string; type: string; length: string | null; medium?: string }[])
        .filter(({ url }) => isPart(url))
        .map(({ url, type, length }) => fileLine(type, length, url)),
    })
  }
  return found
}

const oddDate = fc.oneof(
  fc.date(),
  fc.constantFrom('x', '0000-01-01', '0099-12-31', '+012345-01-01', '-000001-01-01', '1000-01-01', '9999-12-31T23:59:59.999Z').map((iso) => new Date(iso)),
) // prettier-ignore

describe('feeds, decoded by independent parsers', () => {
  it('say the same in all three formats, and what the article says', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (made) => {
        const articles = made.map((one, index) => named(one.article(index + 1), index))
        const { files, faults, held } = checkFeed(feed(), site, addresses, articles)
        assert.deepEqual([faults, held], [[], []])
        compare(articles, files!)
        for (const file of FEED_FILES)
          assert.equal(isFaulty(lintFeed(Buffer.from(files![file]), { now: never })), false)
      }),
      { numRuns: 150 },
    )
  }).timeout(60_000)

  for (const [reader, read] of Object.entries(readers)) {
    it(`${reader} sees every article`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 3 }), async (made) => {
          const articles = made.map((one, index) => named(one.article(index + 1), index))
          const { files } = checkFeed(feed(), site, addresses, articles)
          const seen = await read(files!)
          assert.equal(seen.length, articles.length)
          const wanted = articles.map((one) => ({
            ...expected(one, reader.split(' ')[0]!),
            article: one.id,
            files: filesOf(one),
          }))
          for (const [place, { id, url, title, published, files: found }] of seen.entries()) {
            // Where its address is not told, it is known by its place: newest first.
            const one =
              wanted.find((each) => each.url === url) ??
              wanted.toSorted((a, b) => (a.published + a.article < b.published + b.article ? 1 : -1))[place]!
            // feedparser takes out of a title what looks like mark-up.
            const isLeft = !reader.endsWith('feedparser') || !one.title.includes('<')
            if (title !== undefined && isLeft) assert.equal(even(title), even(one.title))
            if (id !== undefined) assert.equal(even(id), even(one.id))
            if (found !== undefined) assert.deepEqual(found, filesFor(reader, one.files))
            if (url !== undefined) assert.equal(seconds(published), seconds(one.published))
          }
        }),
        { numRuns: 60 },
      )
    }).timeout(60_000)
  }

  it('carry every plane of Unicode', () => {
    const plane = fc.tuple(fc.nat(16), fc.nat(0xffff)).map(([high, low]) => String.fromCodePoint(high * 0x10000 + low))
    fc.assert(
      fc.property(fc.string({ unit: plane, minLength: 20, maxLength: 60 }), (words) => {
        const one = article(1, { title: `T${words}`, authors: [words], topics: [words], excerpt: words, html: `<p>${words.replace(/[&<>]/g, '')}</p>` as SafeHtml })
        compare([one], checkFeed(feed(), site, addresses, [one]).files!)
      }),
      { numRuns: 200 },
    )
  }) // prettier-ignore

  it('carry fields of a megabyte', () => {
    const million = text.filter((words) => line(words) !== '').map((words) => words.repeat(Math.ceil(1_000_000 / words.length)))
    const field = fc.constantFrom('title', 'excerpt', 'html', 'author', 'topic')
    fc.assert(
      fc.property(million, field, (words, where) => {
        const html = `<p>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>` as SafeHtml
        const one = article(1, { html: where === 'html' ? html : ('<p>x</p>' as SafeHtml), ...(where === 'title' && { title: words }), ...(where === 'excerpt' && { excerpt: words }), ...(where === 'author' && { authors: [words] }), ...(where === 'topic' && { topics: [words] }) })
        const { files, faults, held } = checkFeed(feed({ bytes: 5_000_000 }), site, addresses, [one, article(2)])
        assert.deepEqual(held, [])
        const sizes = Object.values(files!).map((file) => Buffer.byteLength(file))
        assert.ok(Math.max(...sizes) <= 5_000_000)
        // References may make more of it than a feed may be: then its text is not cut, but it is said.
        if (faults.length > 0) assert.match(faults[0]!.message, /item\.size/)
        else if (where !== 'html' || !files!['rss.xml'].includes('<p>→')) compare([one, article(2)], files!)
      }),
      { numRuns: 6 },
    )
  }).timeout(120_000) // prettier-ignore

  it('take dates of any kind: those that can be written are, the others are named', () => {
    fc.assert(
      fc.property(fc.option(oddDate, { nil: undefined }), fc.option(oddDate, { nil: undefined }), oddDate, (published, updated, seen) => {
        const undated = article(1)
          delete undated.publishedAt
        const one = { ...undated, ...(published && { publishedAt: published }), ...(updated && { updatedAt: updated }), firstSeenAt: seen }
        const { files, faults, articles } = checkFeed(feed(), site, addresses, [one, article(2)])
        const date = published ?? seen
        assert.equal(articles.length + faults.length, 2)
        if (faults.length > 0) assert.match(faults[0]!.message, /date is beyond/)
        else compare([{ ...one, publishedAt: date }, article(2)], files!)
        const isWritable = (day: Date) => day.getUTCFullYear() >= 1000 && day.getUTCFullYear() <= 9999
        if (isWritable(date) && (!updated || isWritable(updated))) assert.equal(faults.length, 0)
      }),
      { numRuns: 300 },
    )
  }) // prettier-ignore

  it('take articles that lack everything that may be missing', () => {
    const bare = article(1, { authors: [], topics: [], excerpt: '', html: '' as SafeHtml, text: '' })
    delete bare.publishedAt
    const { files, faults, held } = checkFeed(feed(), site, addresses, [bare])
    assert.deepEqual([faults, held], [[], []])
    compare([{ ...bare, publishedAt: bare.firstSeenAt }], files!)
    for (const file of FEED_FILES) assert.equal(isFaulty(lintFeed(Buffer.from(files![file]), { now: never })), false, file)
  }) // prettier-ignore

  it('say titles to the letter', () => {
    const titles = ['Vector<int> & "quotes" — 日本語 — עברית — 👩🏽‍🚀', '\u202eabc\u202c \u2067x\u2069', 'a ]]> b ]]> c', '&amp;lt;', '<b>x</b>']
    const articles = titles.map((title, index) => article(index + 1, { title }))
    const { files } = checkFeed(feed(), site, addresses, articles, { memory: openMemory() })
    for (const file of FEED_FILES)
      assert.deepEqual(bySaxes[file](files![file]).map(({ title }) => title).toReversed(), titles)
  }) // prettier-ignore
})

/** No article of the hostile is dated later than this. */
const never = new Date('9999-12-31T23:59:59.999Z')

/** An address of its own, by which it is found again in what a reader saw. */
function named(one: Article, index: number): Article {
  return { ...one, url: `${one.url}&n=${index}`, authors: lines(one.authors) }
}
