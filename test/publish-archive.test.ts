// RFC 5005: the whole history of a feed, page by page, and RFC 6721: what is gone from it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { feedAddress } from '../src/addresses.ts'
import { type Article, type Feed, type SafeHtml } from '../src/model.ts'
import { publish } from '../src/publish.ts'
import { correctArticle } from '../src/store/article-corrections.ts'
import { excludeArticle, pinArticle, restoreArticle, withdrawArticle } from '../src/store/article-fates.ts'
import { saveArticle } from '../src/store/articles.ts'
import { applyRenames } from '../src/store/renames.ts'
import { retireArticles } from '../src/store/retention.ts'
import { markCopy } from '../src/store/stories.ts'
import { listen } from '../src/web/listen.ts'
import { article, feed } from './feeds/nouns.ts'
import { readDocument, readHistory, type Format } from './history.ts'
import { now, openPaper, server, type Paper } from './web/paper.ts'

const formats = ['rss.xml', 'atom.xml', 'feed.json'] as const
const editor = { by: 'editor' as const, why: 'by mistake', now }

describe('publish: archives', function () {
  this.timeout(120_000)
  let paper: Paper
  const all = feed({ items: 10 })

  beforeEach(async () => {
    paper = await openPaper({ feeds: [all] })
  })
  afterEach(() => paper.close())

  const story = (number: number, changes: Partial<Article> = {}) =>
    article(number, {
      publishedAt: new Date(Date.UTC(2024, 0, 1, number)),
      firstSeenAt: new Date(Date.UTC(2024, 0, 1, number, 30)),
      ...changes,
    })
  const save = async (...articles: Article[]) => {
    for (const one of articles) await saveArticle(paper.needs.db, one, [`url:${one.url}`], new URL(one.url).pathname)
  }
  const saveSome = (from: number, to: number) =>
    save(...Array.from({ length: to - from + 1 }, (_, index) => story(from + index)))
  const run = async (feeds: Feed[] = [all], clock = now) => {
    const { needs } = paper
    const result = await publish({ ...needs, sources: [], feeds, directory: needs.publishDirectory, now: () => clock })
    assert.deepEqual([result.faults, result.held], [[], []])
    return result.feeds.flatMap(({ written }) => written)
  }
  const read = (path: string) => readFile(join(paper.needs.publishDirectory, path), 'utf8')
  const page = async (number: number, format: Format = 'atom.xml', id = 'all') => {
    const name = `${number}.${format === 'feed.json' ? 'json' : format}`
    return readDocument(name, format, await read(`${id}/archive/${name}`))
  }
  const idOf = (number: number) => `urn:uuid:${story(number).id}`
  const hashes = async (folder: string) => {
    const names = (await readdir(join(paper.needs.publishDirectory, folder))).sort()
    const hashed = names.map(async (name) => [
      name,
      createHash('sha256')
        .update(await read(`${folder}/${name}`))
        .digest('hex'),
    ])
    return Object.fromEntries(await Promise.all(hashed)) as Record<string, string>
  }

  it('leads an independent reader to every article once, over HTTP, in each format', async () => {
    await saveSome(1, 345)
    await run()
    const listening = await listen(paper.web, '127.0.0.1:0')
    try {
      const get = async (url: string) => {
        assert.ok(url.startsWith(server), url)
        const answer = await fetch(`${listening.url}${url.slice(server.length)}`, {
          headers: { host: 'news.gazette.example' },
        })
        assert.equal(answer.status, 200, url)
        return answer.text()
      }
      for (const format of formats) {
        const [current, ...pages] = await readHistory(feedAddress(paper.needs.addresses, 'all', format), format, get)
        assert.equal(current!.ids.length, 10)
        assert.deepEqual(
          pages.map(({ ids }) => ids.length),
          [45, 100, 100, 100],
        )
        const ids = pages.flatMap((one) => one.ids)
        assert.equal(ids.length, 345)
        assert.deepEqual(new Set(ids), new Set(Array.from({ length: 345 }, (_, index) => idOf(index + 1))))
        assert.ok(current!.ids.every((id) => ids.includes(id)))
        if (format === 'feed.json') continue
        // Section 4 of RFC 5005.
        assert.deepEqual(
          pages.map(({ isArchive }) => isArchive),
          [false, true, true, true],
        )
        assert.ok(!current!.isArchive)
        for (const [index, one] of pages.entries()) {
          assert.equal(one.links['self'], one.url)
          assert.equal(one.links['current'], current!.url)
          assert.equal(one.links['next-archive'], pages[index - 1]?.url)
        }
      }
    } finally {
      await listening.close()
    }
  })

  it('orders pages by first appearance, whatever the dates', async () => {
    await save(story(1, { publishedAt: new Date('2025-05-05T00:00:00Z') }), story(2))
    await run()
    await save(story(3, { publishedAt: new Date('1999-01-01T00:00:00Z'), firstSeenAt: now }))
    await run()
    await saveSome(10, 110)
    await run()
    assert.deepEqual((await page(2)).ids.toSorted(), [108, 109, 110, 107].map(idOf).toSorted())
    assert.ok((await page(1)).ids.includes(idOf(3)))
  })

  it('never changes a closed page for a thousand articles that come later, however old', async () => {
    await saveSome(1, 201)
    await run()
    const before = await hashes('all/archive')
    const closed = Object.keys(before).filter((name) => /^[12]\./.test(name))
    assert.equal(closed.length, 2 * 3 * 4)
    for (let from = 1001; from <= 2000; from += 250) {
      await save(
        ...Array.from({ length: 250 }, (_, index) =>
          story(from + index, { publishedAt: new Date(Date.UTC(2000, 0, index + 1)) }),
        ),
      )
      const written = await run()
      assert.deepEqual(
        written.filter((name) => /archive\/[12]\./.test(name)),
        [],
      )
    }
    const after = await hashes('all/archive')
    assert.deepEqual(
      closed.map((name) => after[name]),
      closed.map((name) => before[name]),
    )
    assert.equal(
      (await readdir(join(paper.needs.publishDirectory, 'all/archive'))).filter((name) => name.endsWith('.json'))
        .length,
      13,
    )
  })

  it('rewrites only the page that a withdrawal or correction is on, and leaves a tombstone in Atom', async () => {
    await saveSome(1, 250)
    await run()
    await withdrawArticle(paper.needs.db, story(120).id, editor)
    assert.deepEqual(
      (await run()).filter((name) => name.startsWith('archive/')),
      formats.map((name) => `archive/2.${name.replace('feed.', '')}`),
    )
    for (const format of formats) {
      const { ids, gone } = await page(2, format)
      assert.ok(!ids.includes(idOf(120)))
      assert.equal(ids.length, 99)
      assert.deepEqual(gone, format === 'atom.xml' ? [idOf(120)] : [])
    }
    assert.match(
      await read('all/archive/2.atom.xml'),
      new RegExp(`<at:deleted-entry ref="${idOf(120)}" when="${now.toISOString()}"/>`),
    )

    await correctArticle(paper.needs.db, story(30).id, { title: 'Corrected' }, now)
    assert.deepEqual(
      (await run()).filter((name) => name.startsWith('archive/')),
      formats.map((name) => `archive/1.${name.replace('feed.', '')}`),
    )
    assert.ok((await page(1, 'rss.xml')).titles.includes('Corrected'))

    await restoreArticle(paper.needs.db, story(120).id, editor)
    await run()
    assert.deepEqual([(await page(2)).ids.length, (await page(2)).gone], [100, []])
  })

  it('says in the feed itself what is gone, as long as it would be in it', async () => {
    await saveSome(1, 30)
    await run()
    await excludeArticle(paper.needs.db, story(29).id, true, now)
    await excludeArticle(paper.needs.db, story(2).id, true, now)
    await run()
    const current = readDocument('', 'atom.xml', await read('all/atom.xml'))
    assert.deepEqual(current.gone, [idOf(29)])
    assert.equal(current.ids.length, 10)
    assert.doesNotMatch(await read('all/rss.xml'), /Story 29</)
    assert.doesNotMatch(await read('all/feed.json'), /Story 29"/)
  })

  it('shows one telling of a story, and another one in its stead when that is gone', async () => {
    const [first, copy] = [story(1), story(2, { sourceId: 'wire' })]
    await save(first, copy)
    await run()
    assert.equal((await page(1)).ids.length, 2)
    await markCopy(paper.needs.db, copy.id, first.id)
    await run()
    assert.deepEqual([(await page(1)).ids, (await page(1)).gone], [[idOf(1)], [idOf(2)]])
    await withdrawArticle(paper.needs.db, first.id, { ...editor, by: 'site' })
    await run()
    assert.deepEqual([(await page(1)).ids, (await page(1)).gone], [[idOf(2)], [idOf(1)]])
  })

  it('keeps title and link of what retention let go of', async () => {
    await saveSome(1, 3)
    await run([feed({ where: { topics: ['news'] } })])
    await retireArticles(paper.needs.db, [story(2).id], now)
    await run([feed({ where: { topics: ['news'] } })])
    for (const format of formats) {
      assert.deepEqual((await page(1, format)).titles, ['Story 3', 'Story 2', 'Story 1'])
      assert.doesNotMatch(await read(`all/archive/1.${format.replace('feed.', '')}`), /happened on day 2\./)
    }
    assert.deepEqual(readDocument('', 'rss.xml', await read('all/rss.xml')).titles, ['Story 3', 'Story 1'])
  })

  it('does not let pins move anything in an archive', async () => {
    await saveSome(1, 150)
    await run()
    const before = await hashes('all/archive')
    await pinArticle(paper.needs.db, story(5).id, true, now)
    assert.deepEqual((await run()).toSorted(), ['atom.xml', 'feed.json', 'index.html', 'rss.xml'])
    assert.deepEqual(await hashes('all/archive'), before)
    assert.equal(readDocument('', 'rss.xml', await read('all/rss.xml')).titles[0], 'Story 5')
  })

  it('keeps the ids of two articles apart that two sources call the same, also on different pages', async () => {
    await save(story(1, { guid: '17' }))
    await saveSome(10, 160)
    await save(story(500, { guid: '17', sourceId: 'wire', firstSeenAt: now, publishedAt: now }))
    await run()
    for (const format of formats) {
      const ids = [...(await page(1, format)).ids, ...(await page(2, format)).ids]
      assert.equal(new Set(ids).size, 153)
      const current = readDocument('', format, await read(`all/${format}`))
      assert.equal(current.ids[0], idOf(500))
    }
    assert.ok((await page(1, 'rss.xml')).ids.includes('17'))
  })

  it('begins a new page early rather than make one that is too large for readers', async () => {
    const html = `<p>${'A long tale of the sea. '.repeat(20_000)}</p>` as SafeHtml
    await save(...Array.from({ length: 6 }, (_, index) => story(index + 1, { html })))
    await save(story(7, { html: `<p>${'x'.repeat(5_200_000)}</p>` as SafeHtml }), story(8))
    await run()
    const folder = join(paper.needs.publishDirectory, 'all/archive')
    const pages = (await readdir(folder)).filter((name) => name.endsWith('.rss.xml'))
    assert.equal(pages.length, 5)
    const sizes = await Promise.all(pages.map(async (name) => (await readFile(join(folder, name))).length))
    assert.ok(Math.max(...sizes) < 1_100_000, String(sizes))
    assert.doesNotMatch(await read('all/archive/4.rss.xml'), /xxxx/)
  })

  it('takes its history along when it is renamed', async () => {
    await saveSome(1, 120)
    await run()
    await withdrawArticle(paper.needs.db, story(7).id, editor)
    await run()
    await applyRenames(paper.needs.db, [{ kind: 'feed', former: 'all', id: 'paper' }], now)
    await run([{ ...all, id: 'paper' }])
    assert.deepEqual((await page(1, 'atom.xml', 'paper')).gone, [idOf(7)])
    assert.deepEqual((await page(2, 'atom.xml', 'paper')).ids.length, 20)
  })

  it('chooses anew when the feed chooses others, and tells what it has no more', async () => {
    await save(...Array.from({ length: 120 }, (_, index) => story(index + 1, { topics: [index % 2 ? 'sea' : 'news'] })))
    await run([feed({ where: { topics: ['news'] } })])
    assert.equal((await page(1)).ids.length, 60)
    await run([feed({ where: { topics: ['sea'] } })])
    assert.deepEqual(
      [(await page(1)).ids.length, (await page(1)).gone.length, (await page(2)).ids.length],
      [40, 60, 20],
    )
  })

  it('writes again what two wrote at once, one of them over what was newer', async () => {
    await saveSome(1, 3)
    const { needs } = paper
    let reads = 0
    const templates = {
      read: async (path: string) => {
        const text = await needs.templates.read(path)
        // First to see whether it is another; then the feed's files are written, and its page is not.
        if (path === 'web/feed.html' && ++reads === 2) {
          await saveSome(4, 4)
          await run()
        }
        return text
      },
    }
    await run()
    await saveSome(5, 5)
    await publish({
      ...{ ...needs, templates, sources: [], feeds: [all], directory: needs.publishDirectory, now: () => now },
    })
    assert.doesNotMatch(await read('all/index.html'), /news\/4"/)
    await run()
    assert.match(await read('all/index.html'), /news\/4"/)
    assert.deepEqual(await run(), [])
  })

  it('writes again what somebody deleted, and nothing else', async () => {
    await saveSome(1, 120)
    await run()
    await rm(join(paper.needs.publishDirectory, 'all/archive/1.json'))
    await rm(join(paper.needs.publishDirectory, 'all/rss.xml'))
    assert.deepEqual(await run(), ['archive/1.json', 'rss.xml'])
  })
})
