import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLog } from '../src/log.ts'
import { type Progress } from '../src/contracts.ts'
import { type Article, type Feed, type SafeHtml } from '../src/model.ts'
import { publish, type PublishNeeds, type PublishResult } from '../src/publish.ts'
import { pinArticle } from '../src/store/article-fates.ts'
import { saveArticle } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { settleFile } from '../src/store/media-files.ts'
import { addresses, article, feed, site } from './feeds/nouns.ts'
import { isRoot, makeFolder, skipLoudly } from './folders.ts'

const files = ['atom.xml', 'feed.json', 'index.html', 'rss.xml']
const pages = ['archive/1.atom.xml', 'archive/1.json', 'archive/1.rss.xml']
const template = '<h1>{{ feed.title }}</h1>{% for item in items %}<p>{{ item.title }}</p>{% endfor %}'

describe('publish', () => {
  let store: Store
  let directory: string

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    directory = await makeFolder()
  })
  afterEach(async () => {
    await store.close()
    await rm(directory, { recursive: true })
  })

  const save = async (...articles: Article[]) => {
    for (const one of articles) await saveArticle(store.db, one, [`url:${one.url}`], new URL(one.url).pathname)
  }
  const needs = (feeds: Feed[], changes: Partial<PublishNeeds> = {}): PublishNeeds => ({
    db: store.db,
    site,
    addresses,
    directory,
    feeds,
    templates: { read: () => Promise.resolve(template) },
    log: openLog('silent', false),
    ...changes,
  })
  const read = (path: string) => readFile(join(directory, path), 'utf8')
  const titles = async (id: string) => {
    const { items } = JSON.parse(await read(`${id}/feed.json`)) as { items: { title: string }[] }
    return items.map(({ title }) => title)
  }
  const codes = ({ faults, held }: PublishResult) => [faults, held].map((list) => list.map(({ code }) => code))

  it('shows files beside articles as their hosts know them, in the feed, its archive and of what is pinned', async () => {
    const enclosures = [{ url: 'https://gazette.example/1.mp3', type: 'audio/mpeg', bytes: 10 }]
    await save(article(1, { enclosures }), article(2))
    const lengths = async () => {
      const found = (await Promise.all(['all/rss.xml', 'all/atom.xml', 'all/archive/1.rss.xml'].map(read))).map(
        (text) => /<(?:enclosure|link rel="enclosure")[^>]* length="(\d+)"/.exec(text)?.[1],
      )
      return [...found, /"size_in_bytes": (\d+)/.exec(await read('all/feed.json'))?.[1]]
    }
    await publish(needs([feed()]))
    assert.deepEqual(await lengths(), ['10', '10', '10', '10'])
    await settleFile(store.db, enclosures[0]!.url, { fate: 'known', bytes: 77 })
    await publish(needs([feed()]))
    assert.deepEqual(await lengths(), ['77', '77', '77', '77'])
    await pinArticle(store.db, article(1).id, true, new Date())
    await publish(needs([feed()]))
    assert.deepEqual(await lengths(), ['77', '77', '77', '77'])
    assert.deepEqual(await titles('all'), ['Story 1', 'Story 2'])
  })

  it('writes the files of every feed', async () => {
    await save(article(1), article(2, { topics: ['sport'] }))
    const result = await publish(needs([feed(), feed({ id: 'sport', where: { topics: ['Sport'] } })]))
    assert.deepEqual(
      result.feeds.map(({ id, articles, written, unchanged }) => [id, articles, written.toSorted(), unchanged]),
      [
        ['all', 2, [...pages, ...files], false],
        ['sport', 1, [...pages, ...files], false],
      ],
    )
    assert.deepEqual(codes(result), [[], []])
    assert.deepEqual(await titles('all'), ['Story 2', 'Story 1'])
    assert.deepEqual(await titles('sport'), ['Story 2'])
    const packed = files.flatMap((file) => [file, ...['br', 'gz', 'zst'].map((ending) => `${file}.${ending}`)])
    assert.deepEqual((await readdir(join(directory, 'all'))).sort(), ['archive', ...packed])
    assert.match(await read('all/index.html'), /<p>Story 2<\/p><p>Story 1<\/p>/)
  })

  it('leaves files alone whose bytes would be the same', async () => {
    await save(article(1))
    await publish(needs([feed()]))
    const before = await stat(join(directory, 'all/rss.xml'))
    const again = await publish(needs([feed()]))
    assert.deepEqual(again.feeds, [{ id: 'all', articles: 1, written: [], unchanged: true }])
    const after = await stat(join(directory, 'all/rss.xml'))
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs])
  })

  it('publishes a feed that has no articles yet', async () => {
    const result = await publish(needs([feed()]))
    assert.deepEqual(codes(result), [[], []])
    assert.deepEqual(await titles('all'), [])
  })

  it('publishes only the feeds it is asked for', async () => {
    const result = await publish(needs([feed(), feed({ id: 'sport' })]), ['sport'])
    assert.deepEqual(
      result.feeds.map(({ id }) => id),
      ['sport'],
    )
    assert.deepEqual((await readdir(directory)).sort(), ['_headers', '_redirects', 'feed.css', 'feeds.opml', 'sport'])
  })

  it('leaves a retired feed as it was, but for its JSON, which says that it has ended', async () => {
    await save(article(1))
    await publish(needs([feed({ id: 'quiz' })]))
    const before = await read('quiz/rss.xml')
    await save(article(2))
    const result = await publish(needs([feed({ id: 'quiz', retired: true }), feed({ id: 'never', retired: true })]))
    assert.deepEqual(codes(result), [[], []])
    assert.deepEqual(
      result.feeds.map(({ written }) => written),
      [['feed.json'], []],
    )
    assert.equal(await read('quiz/rss.xml'), before)
    const json = JSON.parse(await read('quiz/feed.json')) as { expired?: boolean; items: unknown[] }
    assert.deepEqual([json.expired, json.items.length], [true, 1])
    const again = await publish(needs([feed({ id: 'quiz', retired: true })]))
    assert.equal(again.feeds[0]?.unchanged, true)
  })

  it('publishes excerpts of what others wrote, unless the config says that it is ours', async () => {
    const story = (number: number, sourceId: string, host: string) =>
      article(number, {
        sourceId,
        url: `https://${host}/${number}`,
        excerpt: `Short ${number}`,
        html: `<p>Whole ${number}</p>` as SafeHtml,
      })
    await save(
      story(1, 'wire', 'wire.example'),
      story(2, 'sister', 'sister.example'),
      story(3, 'main', 'www.gazette.example'),
    )
    const sources = [
      { id: 'wire', kind: 'rss' },
      { id: 'sister', kind: 'rss', ours: true },
      { id: 'main', kind: 'auto' },
    ]
    assert.deepEqual(codes(await publish(needs([feed()], { sources }))), [[], []])
    const rss = await read('all/rss.xml')
    assert.doesNotMatch(rss, /Whole 1/)
    assert.match(rss, /<p>Short 1<\/p>\s*<p>→ <a href="https:\/\/wire\.example\/1">wire\.example<\/a><\/p>/)
    assert.match(rss, /Whole 2/)
    assert.match(rss, /Whole 3/)
  })

  it('tells static hosts how to answer, and where former feeds went', async () => {
    await publish(needs([Object.assign(feed(), { was: ['old'] })], { moved: { wire: 'https://wire.example/feeds/' } }))
    assert.match(await read('_headers'), /^\S*\*rss\.xml\n {2}Content-Type: application\/rss\+xml; charset=utf-8$/m)
    assert.match(
      await read('_redirects'),
      /\/old\/\* \S*\/all\/:splat 301\n\S*\/wire\/\* https:\/\/wire\.example\/feeds\/:splat 301/,
    )
  })

  it('refuses a feed that is not in the config, before it does anything', async () => {
    await assert.rejects(publish(needs([feed()]), ['all', 'alle']), { code: 'usage.unknown' })
    assert.deepEqual(await readdir(directory), [])
  })

  it('looks as far back as it must for enough articles', async () => {
    const old = article(1, { publishedAt: new Date('2001-01-01T00:00:00Z'), topics: ['sea'] })
    const others = Array.from({ length: 450 }, (_, index) =>
      article(index + 2, { publishedAt: new Date(2010, 0, index + 2) }),
    )
    await save(old, ...others, article(500, { topics: ['sea'] }))
    await publish(needs([feed({ items: 2, where: { topics: ['sea'] } }), feed({ id: 'new', items: 1 })]))
    assert.deepEqual(await titles('all'), ['Story 500', 'Story 1'])
    assert.deepEqual(await titles('new'), ['Story 500'])
  })

  it('leaves out and names an article that cannot be shown, and fills its place', async () => {
    await save(article(1), article(2), article(3, { title: '\u0001' }))
    const result = await publish(needs([feed({ items: 2 })]))
    assert.deepEqual(await titles('all'), ['Story 2', 'Story 1'])
    assert.deepEqual(
      result.faults.map(({ code, details }) => [code, details['feed'], details['article']]),
      [['feed.item', 'all', article(3).id]],
    )
  })

  it('goes on with the other feeds after one that fails, whose last good files stay', async () => {
    await save(article(1))
    await publish(needs([feed()]))
    const before = await read('all/rss.xml')
    await save(article(2))
    // A base that is no address cannot be rendered: the fault of a feed as a whole.
    const broken = { ...addresses, publish: 'nowhere/' }
    const held = await publish(needs([feed()], { addresses: broken }))
    assert.deepEqual(codes(held), [[], ['feed.invalid']])
    assert.equal(held.held[0]!.details['feed'], 'all')
    assert.equal(await read('all/rss.xml'), before)

    // A file stands where its folder should be.
    await writeFile(join(directory, 'first'), '')
    const result = await publish(needs([feed({ id: 'first' }), feed()]))
    assert.deepEqual(codes(result), [['disk.write'], []])
    assert.deepEqual(await titles('all'), ['Story 2', 'Story 1'])
  })

  it('publishes the feeds also when their page cannot be rendered', async () => {
    await save(article(1))
    const templates = { read: () => Promise.resolve('{{ feed.titel }}') }
    const result = await publish(needs([feed()], { templates }))
    assert.deepEqual(codes(result), [['template.invalid'], []])
    assert.deepEqual(unpacked(await readdir(join(directory, 'all'))), ['archive', 'atom.xml', 'feed.json', 'rss.xml'])
  })

  it('tells how far it is', async () => {
    const seen: Progress[] = []
    await publish(needs([feed(), feed({ id: 'sport' })], { report: (progress) => seen.push(progress) }))
    assert.deepEqual(seen[0], { verb: 'publish', id: 'all', done: 0, total: 2 })
    assert.deepEqual(seen.at(-1), { verb: 'publish', id: 'sport', done: 2, total: 2 })
  })

  describe('on a full disk', () => {
    let small: string | undefined

    beforeEach(async function () {
      small = undefined
      if (!isRoot) return skipLoudly(this, 'only root may mount the small disk it needs')
      const folder = await makeFolder()
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'pipe' })
        small = folder
      } catch (error) {
        await rm(folder, { recursive: true })
        return skipLoudly(this, `no disk may be mounted here: ${String(error)}`)
      }
    })
    afterEach(async () => {
      if (small === undefined) return
      execFileSync('umount', [small])
      await rm(small, { recursive: true })
    })

    it('keeps the last good files, leaves nothing half written and says so', async () => {
      const directory = small!
      await save(article(1))
      await publish(needs([feed()], { directory }))
      const folder = join(directory, 'all')
      const before = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))

      // What is left of the disk, to the last byte.
      await assert.rejects(writeFile(join(directory, 'ballast'), Buffer.alloc(1024 * 1024)), { code: 'ENOSPC' })
      await save(article(2, { text: 'long', excerpt: 'long '.repeat(3000) }))
      const result = await publish(needs([feed()], { directory }))

      assert.deepEqual(codes(result), [['disk.write'], []])
      assert.match(String(result.faults[0]!.details['reason']), /ENOSPC|no space/i)
      assert.deepEqual(result.feeds[0]!.written, [])
      assert.deepEqual(await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8'))), before)
      assert.deepEqual(unpacked(await readdir(folder)), ['archive', ...files])

      await rm(join(directory, 'ballast'))
      const healed = await publish(needs([feed()], { directory }))
      assert.deepEqual(codes(healed), [[], []])
      assert.equal(healed.feeds[0]!.written.length, 7)
    })
  })
})

/** Without the compressed copies. */
function unpacked(names: string[]): string[] {
  return names.filter((name) => !/\.(?:gz|br|zst)$/.test(name)).sort()
}
