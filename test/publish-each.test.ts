// Many feeds of one: for each topic, author or source, listed in OPML; only those are rendered whose articles changed.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { type Article, type Feed } from '../src/model.ts'
import { publish } from '../src/publish.ts'
import { correctArticle } from '../src/store/article-corrections.ts'
import { saveArticle } from '../src/store/articles.ts'
import { article, feed } from './feeds/nouns.ts'
import { readDocument } from './history.ts'
import { openPaper, type Paper } from './web/paper.ts'

const now = new Date('2026-12-01T00:00:00Z')

interface Outline {
  '@text': string
  '@xmlUrl'?: string
  outline?: Outline | Outline[]
}

describe('publish: a feed for each', function () {
  this.timeout(60_000)
  let paper: Paper
  const all = feed({ each: ['topic', 'author'] })

  beforeEach(async () => {
    paper = await openPaper({ feeds: [all] })
  })
  afterEach(() => paper.close())

  const save = async (...articles: Article[]) => {
    for (const one of articles) await saveArticle(paper.needs.db, one, [`url:${one.url}`], new URL(one.url).pathname)
  }
  const run = async (feeds: Feed[] = [all]) => {
    const { needs } = paper
    const result = await publish({ ...needs, sources: [], feeds, directory: needs.publishDirectory, now: () => now })
    assert.deepEqual([result.faults, result.held], [[], []])
    return result.feeds.flatMap(({ written }) => written)
  }
  const read = (path: string) => readFile(join(paper.needs.publishDirectory, path), 'utf8')
  const titles = async (path: string) => readDocument('', 'rss.xml', await read(`all/${path}/rss.xml`)).titles

  it('makes one for every value, with all that a feed has', async () => {
    await save(
      article(1, { topics: ['Harbour'], authors: ['Ada Moor'] }),
      article(2, { topics: ['harbour', 'Sport'], authors: ['Zoë Ng'] }),
    )
    await run()
    assert.deepEqual(await titles('topic/harbour'), ['Story 2', 'Story 1'])
    assert.deepEqual(await titles('topic/sport'), ['Story 2'])
    assert.deepEqual(await titles('author/zoë-ng'), ['Story 2'])
    assert.match(await read('all/topic/harbour/atom.xml'), /<title>The Harbour Gazette – Harbour<\/title>/)
    assert.match(await read('all/topic/harbour/archive/1.atom.xml'), /rel="prev-archive"|Story 1/)
    assert.match(await read('all/index.html'), /href="\.\.\/all\/topic\/harbour\/"[^>]*>Harbour</)
    assert.match(await read('all/topic/harbour/index.html'), /href="\.\.\/\.\.\/\.\.\/all\/"/)
    const answer = await paper.ask('/feeds/all/author/zo%C3%AB-ng/rss.xml')
    assert.equal(answer.status, 200)
    const self = readDocument('', 'rss.xml', await answer.text()).links['self']!
    assert.equal(new URL(self).pathname, '/feeds/all/author/zo%C3%AB-ng/rss.xml')
    const folder = await paper.ask('/feeds/all/topic/harbour')
    assert.deepEqual(
      [folder.status, new URL(folder.headers.get('location')!, 'https://x.example').pathname],
      [301, '/feeds/all/topic/harbour/'],
    )
  })

  it('renders only those whose articles changed', async () => {
    await save(
      ...Array.from({ length: 20 }, (_, index) => article(index + 1, { topics: [`Topic ${index}`], authors: [] })),
    )
    await run()
    assert.deepEqual(await run(), [])
    await save(article(50, { topics: ['Topic 7'], authors: [] }))
    const written = await run()
    assert.deepEqual([...new Set(written.map((name) => name.split('/').slice(0, -1).join('/')))].toSorted(), [
      '',
      'archive',
      'topic/topic-7',
      'topic/topic-7/archive',
    ])
    await correctArticle(paper.needs.db, article(50).id, { topics: ['Topic 9'] }, now)
    await run()
    assert.deepEqual(await titles('topic/topic-7'), ['Story 8'])
    assert.deepEqual(await titles('topic/topic-9'), ['Story 50', 'Story 10'])
  })

  it('lists all in OPML, for an independent reader', async () => {
    await save(article(1, { topics: ['R & D <b>'], authors: ['Ada "A" Moor'] }))
    await run([all, feed({ id: 'sport', title: 'Sport' }), feed({ id: 'old', retired: true })])
    for (const path of ['/feeds.opml', '/feeds/feeds.opml']) {
      const answer = await paper.ask(path)
      assert.match(answer.headers.get('content-type')!, /^text\/x-opml/)
      const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' })
      const { opml } = parser.parse(await answer.text()) as { opml: { body: { outline: Outline[] } } }
      const flat = (list: Outline | Outline[] = []): Outline[] =>
        [list].flat().flatMap((one) => [one, ...flat(one.outline)])
      const urls = flat(opml.body.outline).flatMap((one) => one['@xmlUrl'] ?? [])
      assert.deepEqual(
        urls.map((url) => new URL(url).pathname),
        [
          '/feeds/all/rss.xml',
          '/feeds/all/author/ada-a-moor/rss.xml',
          '/feeds/all/topic/r-d-b/rss.xml',
          '/feeds/sport/rss.xml',
        ],
      )
      for (const url of urls.slice(0, 3)) assert.equal((await paper.ask(new URL(url).pathname)).status, 200)
    }
  })

  it('keeps every hostile value in a folder of its own, and in its place', async () => {
    const topics = [
      '../../../etc',
      '..',
      '🚢',
      'C',
      'c++',
      'C#',
      'İstanbul',
      'x'.repeat(300),
      `${'x'.repeat(299)}y`,
      '',
      '\u202e',
      'archive',
      'CON',
    ]
    await save(article(1, { topics, authors: [] }))
    await run()
    const folders = await readdir(join(paper.needs.publishDirectory, 'all/topic'))
    assert.equal(folders.length, 12)
    assert.equal(new Set(folders.map((name) => name.toLowerCase())).size, folders.length)
    assert.deepEqual((await readdir(paper.needs.publishDirectory)).toSorted(), [
      '_headers',
      '_redirects',
      'all',
      'feed.css',
      'feeds.opml',
    ])
    for (const folder of folders)
      assert.equal((await paper.ask(`/feeds/all/topic/${encodeURIComponent(folder)}/atom.xml`)).status, 200, folder)
    // The names stay, whatever comes first the next time.
    await save(article(2, { topics: ['C#', 'c++', 'C'], authors: [] }))
    await run()
    assert.deepEqual(await readdir(join(paper.needs.publishDirectory, 'all/topic')), folders)
    assert.deepEqual(await titles('topic/c'), ['Story 2', 'Story 1'])
  })

  it('leaves what somebody subscribed to, when its value or `each` itself is gone', async () => {
    await save(article(1, { topics: ['Harbour'], authors: [] }))
    await run()
    await correctArticle(paper.needs.db, article(1).id, { topics: [] }, now)
    await run()
    assert.deepEqual(await titles('topic/harbour'), [])
    assert.match(await read('all/topic/harbour/atom.xml'), /at:deleted-entry/)
    const before = await read('all/topic/harbour/atom.xml')
    await run([feed()])
    assert.equal(await read('all/topic/harbour/atom.xml'), before)
    assert.doesNotMatch(await read('feeds.opml'), /topic/)
  })
})
