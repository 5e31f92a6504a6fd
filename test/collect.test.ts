import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type z } from 'zod'
import { publicAddresses } from '../src/addresses.ts'
import { collect, type CollectNeeds } from '../src/collect.ts'
import { type FailureReport } from '../src/failures.ts'
import { openLog } from '../src/log.ts'
import { type Progress } from '../src/contracts.ts'
import { parseHere } from '../src/parse-here.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { articleByUrl, newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { listSources } from '../src/store/sources.ts'
import { addFiles, makeFolder } from './folders.ts'
import { jpeg, png } from './pictures.ts'
import { noFetch } from './sites.ts'

const paper = fileURLToPath(new URL('./fixtures/folder/a-paper/input/', import.meta.url))
const SERVER = 'https://news.gazette.example/'
const DESK = `${SERVER}articles/desk/`
const MARCH = new Date('2026-03-10T12:00:00Z')
const APRIL = new Date('2026-04-10T12:00:00Z')

const STORM = 'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn.'
const FERRY = 'The ferries sail every half hour again, and the last boat back leaves at eleven in the evening.'

type Source = Partial<z.input<typeof sourceOptions>>

describe('collect', () => {
  let root: string
  let store: Store

  beforeEach(async () => {
    root = await makeFolder()
    store = await openDatabase(':memory:')
  })

  afterEach(async () => {
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  function needsOf(changes: Partial<CollectNeeds> = {}, ...sources: Source[]): CollectNeeds {
    return {
      db: store.db,
      root,
      addresses: publicAddresses(SERVER),
      publishDirectory: join(root, 'feeds'),
      sources: (sources.length > 0 ? sources : [{}]).map((source) =>
        sourceOptions.parse({ id: 'desk', kind: 'folder', path: 'articles', ...source }),
      ),
      fetch: noFetch,
      parse: parseHere,
      now: () => MARCH,
      log: openLog('silent', false),
      ...changes,
    }
  }

  /** Collects one source and gives its counts without the zeros, and its faults as `code file`. */
  async function run(changes: Partial<CollectNeeds> = {}, source: Source = {}) {
    const { sources, faults, held } = await collect(needsOf(changes, source))
    assert.deepEqual(held, [])
    const counts = Object.fromEntries(Object.entries(sources[0]!).filter(([key, value]) => key !== 'id' && value !== 0))
    return { counts, faults: faults.map(nameOf) }
  }

  const nameOf = ({ code, details }: FailureReport) => `${code} ${String(details['file'])}`

  const stored = () => newestArticles(store.db, { limit: 1000 })

  async function only() {
    const articles = await stored()
    assert.equal(articles.length, 1, 'one article')
    return articles[0]!
  }

  it('makes articles of everything that lies in a folder', async () => {
    const seen: Progress[] = []
    const report = (progress: Progress) => void seen.push(progress)
    const { counts, faults } = await run({ report }, { path: paper, topics: ['news'] })
    assert.deepEqual(faults, [])
    assert.deepEqual(counts, { found: 6, added: 4, waiting: 1, leftOut: 1 })
    assert.deepEqual(
      (await stored()).map(({ url, title, topics }) => [url.slice(DESK.length), title, ...topics]).toSorted(),
      [
        ['letters/', 'Letters to the editor', 'news'],
        ['news/lamps', 'New lamps for the fish market', 'news'],
        ['news/storm', 'Storm shuts the outer quay', 'news', 'weather'],
        ['notices/tide-tables', 'Tide tables for March corrected', 'news'],
      ],
    )
    assert.deepEqual(seen.at(-1), { verb: 'collect', id: 'desk', done: 6, total: 6 })
    assert.deepEqual(seen.at(0), { verb: 'collect', id: 'desk', done: 0, total: 6 })
    assert.deepEqual(await listSources(store.db), [{ id: 'desk', failures: 0, collectedAt: MARCH, succeededAt: MARCH }])
  })

  it('changes nothing when the folder is the same', async () => {
    await run({}, { path: paper })
    const before = await stored()
    const media = await readdir(join(root, 'feeds/media'))
    const { counts } = await run({ now: () => APRIL }, { path: paper })
    assert.deepEqual(counts, { found: 6, unchanged: 4, waiting: 1, leftOut: 1 })
    assert.deepEqual(await stored(), before)
    assert.deepEqual(await readdir(join(root, 'feeds/media')), media)
  })

  it('keeps nothing of a hostile page that could run, follow or track', async () => {
    await run({}, { path: paper })
    const lamps = await articleByUrl(store.db, `${DESK}news/lamps`)
    assert(lamps)
    assert.deepEqual(lamps.authors, ['Tobias Renn'])
    assert.deepEqual(lamps.publishedAt, new Date('2026-03-01T09:00:00Z'))
    assert.match(lamps.html, /forty new lamps/)
    assert.match(lamps.html, /less glad of the hour/)
    assert.doesNotMatch(lamps.html, /script|javascript|onclick|onerror|svg|style|pixel|evil/i)
    assert.deepEqual(lamps.images, [])
  })

  it('copies the pictures that an article names, and only those, to where feeds and mails can show them', async () => {
    await addFiles(root, {
      'articles/news/storm.md': `---\ntitle: Storm\nimage: ../lead.jpg\n---\n${STORM}\n\n![Waves](quay%20wall.png)`,
      'articles/lead.jpg': jpeg(1200, 800),
      'articles/news/quay wall.png': png(64, 40),
      'articles/unnamed.png': png(2, 2),
    })
    assert.deepEqual((await run()).faults, [])
    const { images, html } = await only()
    assert.deepEqual(
      images.map(({ url, ...rest }) => ({ ...rest, base: url.replace(/[\da-f]{32}/, 'HASH') })),
      [
        {
          type: 'image/jpeg',
          bytes: jpeg(1200, 800).length,
          width: 1200,
          height: 800,
          base: `${SERVER}feeds/media/HASH.jpg`,
        },
        {
          alt: 'Waves',
          type: 'image/png',
          bytes: png(64, 40).length,
          width: 64,
          height: 40,
          base: `${SERVER}feeds/media/HASH.png`,
        },
      ],
    )
    const names = images.map(({ url }) => url.split('/').at(-1)!)
    assert.deepEqual((await readdir(join(root, 'feeds/media'))).toSorted(), names.toSorted())
    assert(html.includes(images[1]!.url))
    assert(!html.includes('quay%20wall'))
  })

  it('names a recording that is nowhere on the web, and collects the article without it', async () => {
    const text = `---\nenclosures: [a.mp3, https://cdn.example/b.mp3]\n---\n# Storm\n\n${STORM}`
    await addFiles(root, { 'articles/a.md': text })
    assert.deepEqual((await run()).faults, ['media.unserved articles/a.md'])
    const files = async () => (await stored())[0]!.enclosures.map(({ url }) => url)
    assert.deepEqual(await files(), ['https://cdn.example/b.mp3'])
    // Its site has it where the folder says.
    assert.deepEqual((await run({}, { url: 'https://gazette.example/' })).faults, [])
    assert.deepEqual(await files(), ['https://gazette.example/a.mp3', 'https://cdn.example/b.mp3'])
  })

  it('names a picture that is missing or broken, and collects the article without it', async () => {
    await addFiles(root, {
      'articles/a.md': `# Storm\n\n${STORM}\n\n![Lost](lost.png)`,
      'articles/b.md': `# Ferry\n\n${FERRY}\n\n![Broken](broken.png)`,
      'articles/broken.png': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    })
    const { counts, faults } = await run()
    assert.deepEqual(counts, { found: 2, added: 2 })
    assert.deepEqual(faults, ['media.missing articles/a.md', 'media.unusable articles/b.md'])
    for (const { images } of await stored()) assert.deepEqual(images, [])
    // On the publisher's own site the picture may well be where the article says.
    const site = 'https://gazette.example/'
    assert.deepEqual((await run({}, { url: site, exclude: ['/b.md'] })).faults, [])
    assert.deepEqual((await articleByUrl(store.db, `${site}a`))?.images, [{ url: `${site}lost.png`, alt: 'Lost' }])
  })

  describe('an article is one article', () => {
    const text = `---\ntitle: Storm shuts the quay\nauthor: Mara\n---\n${STORM}\n`

    beforeEach(async () => {
      await addFiles(root, { 'articles/storm.md': text })
      assert.deepEqual((await run()).counts, { found: 1, added: 1 })
    })

    /** What must stay, whatever changed. */
    async function identity() {
      const { id, firstSeenAt, publishedAt, updatedAt } = await only()
      return { id, firstSeenAt, publishedAt, updatedAt }
    }

    for (const [change, make] of [
      ['renamed file', () => rename(join(root, 'articles/storm.md'), join(root, 'articles/shut-quay.md'))],
      ['file in another form', () => rename(join(root, 'articles/storm.md'), join(root, 'articles/storm.markdown'))],
      [
        'file in another folder',
        () =>
          addFiles(root, { 'articles/storm.md': 'x', 'articles/2026/storm.md': text }).then(() =>
            rm(join(root, 'articles/storm.md')),
          ),
      ],
    ] as const)
      it(`whose ${change} gives it another address`, async () => {
        const before = await identity()
        await make()
        const { counts } = await run({ now: () => APRIL })
        assert.equal(counts['added'], undefined)
        assert.deepEqual(await identity(), before)
        assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 1, unchanged: 1 })
      })

    it('whose title changes', async () => {
      const before = await identity()
      await addFiles(root, { 'articles/storm.md': text.replace('Storm shuts', 'Gale shuts') })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 1, updated: 1 })
      assert.deepEqual(await identity(), { ...before, updatedAt: APRIL })
      assert.equal((await only()).title, 'Gale shuts the quay')
    })

    for (const url of ['https://gazette.example/news', 'http://www.gazette.example:8080/'])
      it(`whose folder is moved to ${url}`, async () => {
        const before = await identity()
        assert.deepEqual((await run({ now: () => APRIL }, { url })).counts, { found: 1, updated: 1 })
        assert.deepEqual(await identity(), before)
        assert.equal((await only()).url, `${url.replace(/\/$/, '')}/storm`)
      })

    it('whose server gets another host', async () => {
      const before = await identity()
      const addresses = publicAddresses('https://press.example/')
      assert.deepEqual((await run({ now: () => APRIL, addresses })).counts, { found: 1, updated: 1 })
      assert.deepEqual(await identity(), before)
    })

    it('whose front matter names an address elsewhere, and names it no more', async () => {
      const before = await identity()
      const elsewhere = text.replace('author:', 'url: https://gazette.example/storm?utm_source=desk\nauthor:')
      await addFiles(root, { 'articles/storm.md': elsewhere })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 1, updated: 1 })
      assert.equal((await only()).url, 'https://gazette.example/storm')
      await addFiles(root, { 'articles/storm.md': text })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 1, updated: 1 })
      assert.deepEqual(await identity(), before)
    })

    it('of which a copy is another, for as long as both are there', async () => {
      const before = await only()
      await addFiles(root, { 'articles/a-copy.md': text })
      assert.deepEqual((await run()).counts, { found: 2, added: 1, unchanged: 1 })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 2, unchanged: 2 })
      assert.deepEqual(await articleByUrl(store.db, `${DESK}storm`), before)
    })

    it('of which a copy is another, even while the first cannot be read', async () => {
      const before = await only()
      await addFiles(root, { 'articles/storm.md': `---\ntitle: [\n---\n${STORM}`, 'articles/a-copy.md': text })
      assert.deepEqual((await run()).counts, { found: 2, added: 1 })
      assert.deepEqual(await articleByUrl(store.db, `${DESK}storm`), before)
    })

    it('that only one of two copies can be when its own file is gone', async () => {
      const before = await identity()
      await addFiles(root, { 'articles/a.md': text, 'articles/b.md': text })
      await rm(join(root, 'articles/storm.md'))
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 2, added: 1, updated: 1 })
      assert.equal((await articleByUrl(store.db, `${DESK}a`))?.id, before.id)
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 2, unchanged: 2 })
    })

    it('and another when a new text takes the old name of a renamed file', async () => {
      const before = await identity()
      await rename(join(root, 'articles/storm.md'), join(root, 'articles/archive.md'))
      await run()
      await addFiles(root, { 'articles/storm.md': `# Ferries\n\n${FERRY}` })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 2, added: 1, unchanged: 1 })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 2, unchanged: 2 })
      const [old, fresh] = [
        await articleByUrl(store.db, `${DESK}archive`),
        await articleByUrl(store.db, `${DESK}storm`),
      ]
      assert.equal(old?.id, before.id)
      assert.deepEqual(old.firstSeenAt, MARCH)
      assert.equal(fresh?.title, 'Ferries')
      assert.deepEqual(fresh.firstSeenAt, APRIL)
      await addFiles(root, { 'articles/storm.md': `# Ferries\n\n${FERRY} Tickets are cheaper.` })
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 2, updated: 1, unchanged: 1 })
    })

    it('that stays when its file is gone', async () => {
      await rm(join(root, 'articles/storm.md'))
      assert.deepEqual((await run()).counts, {})
      await only()
    })
  })

  it('leaves out the second of two files that give themselves one address, again and again', async () => {
    const url = 'url: https://gazette.example/storm'
    await addFiles(root, {
      'articles/a.md': `---\ntitle: Storm\n${url}\n---\n${STORM}`,
      'articles/b.md': `---\ntitle: Ferry\n${url}\n---\n${FERRY}`,
    })
    for (const counts of [
      { found: 2, added: 1 },
      { found: 2, unchanged: 1 },
    ]) {
      const round = await run()
      assert.deepEqual(round.counts, counts)
      assert.deepEqual(round.faults, ['article.sameAddress articles/b.md'])
    }
    assert.equal((await only()).title, 'Storm')
  })

  describe('the date of the last change', () => {
    const write = (body: string, more = '') =>
      addFiles(root, { 'articles/a.md': `---\ntitle: Storm\ndate: 2026-03-02T06:00:00Z\n${more}---\n${body}` })
    const updatedAt = async () => (await only()).updatedAt

    it('is now when the text changed, and nothing else of it moves', async () => {
      await write(STORM)
      await run()
      const before = await only()
      await write(`${STORM} It opens at noon.`)
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 1, updated: 1 })
      const { html, text, excerpt, hash, ...after } = await only()
      assert.deepEqual(
        { ...before, html, text, excerpt, hash, updatedAt: APRIL },
        { ...after, html, text, excerpt, hash },
      )
      assert.match(text, /opens at noon/)
    })

    it('is the one that the front matter gives, where that is newer', async () => {
      await write(STORM)
      await run()
      await write(`${STORM} It opens at noon.`, 'updated: 2026-04-01T08:00:00Z\n')
      await run({ now: () => APRIL })
      assert.deepEqual(await updatedAt(), new Date('2026-04-01T08:00:00Z'))
      await write(`${STORM} It opens at one.`, 'updated: 2026-04-01T08:00:00Z\n')
      await run({ now: () => APRIL })
      assert.deepEqual(await updatedAt(), APRIL)
    })

    it('does not move for white space, mark-up or a topic', async () => {
      await write(STORM)
      await run()
      await write(`\n\n  ${STORM.replace('Monday after', 'Monday\nafter')}  \n`)
      assert.equal((await run({ now: () => APRIL })).counts['found'], 1)
      assert.equal(await updatedAt(), undefined)
      await write(STORM.replace('twice', '**twice**'), 'topics: [weather]\n')
      assert.deepEqual((await run({ now: () => APRIL })).counts, { found: 1, updated: 1 })
      assert.equal(await updatedAt(), undefined)
      assert.match((await only()).html, /<strong>twice<\/strong>/)
    })
  })

  it('lets an article wait until its date, and a draft until it is none', async () => {
    await addFiles(root, {
      'articles/soon.md': `---\ntitle: Soon\ndate: 2026-03-10T12:00:59Z\n---\n${STORM}`,
      'articles/later.md': `---\ntitle: Later\ndate: 2026-03-10T12:01:01Z\n---\n${FERRY}`,
      'articles/draft.md': `---\ntitle: Draft\ndraft: true\n---\n`,
    })
    assert.deepEqual((await run()).counts, { found: 3, added: 1, waiting: 1, leftOut: 1 })
    const later = () => new Date('2026-03-10T12:02:00Z')
    assert.deepEqual((await run({ now: later })).counts, { found: 3, added: 1, unchanged: 1, leftOut: 1 })
    assert.deepEqual((await articleByUrl(store.db, `${DESK}later`))?.firstSeenAt, later())
  })

  it('reads dates without a zone in the zone of the paper', async () => {
    await addFiles(root, { 'articles/a.md': `---\ntitle: Storm\ndate: 2026-01-02\n---\n${STORM}` })
    await run({ timezone: 'Asia/Tokyo' })
    assert.deepEqual((await only()).publishedAt, new Date('2026-01-01T15:00:00Z'))
  })

  it('lets include and exclude choose by title too', async () => {
    await addFiles(root, { 'articles/a.md': `# Storm\n\n${STORM}`, 'articles/b.md': `# Ferries\n\n${FERRY}` })
    assert.deepEqual((await run({}, { include: ['ferr'] })).counts, { found: 2, added: 1, leftOut: 1 })
    assert.equal((await only()).title, 'Ferries')
    assert.deepEqual((await run({}, { exclude: ['ferr'] })).counts, { found: 2, added: 1, leftOut: 1 })
  })

  it('names every faulty file and collects the rest', async () => {
    await addFiles(root, {
      'articles/a.md': `# Storm\n\n${STORM}`,
      'articles/binary.html': Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0]),
      'articles/broken.md': `---\ntitle: [Storm\n---\n${STORM}`,
      'articles/empty.txt': '',
      'articles/huge.html': '<title>Huge</title>',
      'articles/unknown.md': `---\ntitle: Storm\ncolour: grey\n---\n${STORM}`,
      'articles/z.md': `# Ferries\n\n${FERRY}`,
    })
    await truncate(join(root, 'articles/huge.html'), 20_000_000)
    const { counts, faults } = await run()
    assert.deepEqual(counts, { found: 5, added: 2 })
    assert.deepEqual(faults, [
      'file.notText articles/binary.html',
      'file.tooLarge articles/huge.html',
      'frontMatter.invalid articles/broken.md',
      'frontMatter.invalid articles/unknown.md',
      'article.empty articles/empty.txt',
    ])
  })

  it('goes on with the next source when one is broken, and notes which', async () => {
    await addFiles(root, { 'articles/a.md': `# Storm\n\n${STORM}` })
    const result = await collect(needsOf({}, { id: 'gone', path: 'nowhere' }, { id: 'desk' }))
    assert.deepEqual(
      result.sources.map(({ id, added }) => [id, added]),
      [
        ['gone', 0],
        ['desk', 1],
      ],
    )
    assert.deepEqual(
      result.faults.map(({ code, details }) => [code, details['source']]),
      [['folder.missing', 'gone']],
    )
    const [desk, gone] = await listSources(store.db)
    assert.deepEqual(desk, { id: 'desk', failures: 0, collectedAt: MARCH, succeededAt: MARCH })
    assert.equal(gone?.failure?.code, 'folder.missing')
    assert.equal(gone.succeededAt, undefined)
  })

  it('collects only the sources that it is asked for, and refuses unknown ones before it begins', async () => {
    await addFiles(root, { 'articles/a.md': `# Storm\n\n${STORM}` })
    const needs = needsOf({}, { id: 'desk' }, { id: 'other' })
    await assert.rejects(collect(needs, ['desk', 'attic']), { code: 'usage.unknown', details: { source: 'attic' } })
    assert.deepEqual(await stored(), [])
    const { sources } = await collect(needs, ['other'])
    assert.deepEqual(
      sources.map(({ id }) => id),
      ['other'],
    )
    assert.equal((await only()).sourceId, 'other')
  })

  it('says what is wrong with the database instead of losing the source without a word', async () => {
    await addFiles(root, { 'articles/a.md': `# Storm\n\n${STORM}`, 'articles/b.md': `# Ferries\n\n${FERRY}` })
    const closed = await openDatabase(':memory:')
    await closed.close()
    const { faults } = await collect(needsOf({ db: closed.db }))
    // Once for the source, not once for each article; and once because its state could not be noted.
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['source.failed', 'source.failed'],
    )
    assert.match(String(faults[0]?.details['reason']), /destroyed|closed|not open/)
  })

  it('saves each article once when two processes collect into one database', async function () {
    this.timeout(60_000)
    const files: Record<string, string> = {}
    for (let n = 0; n < 60; n++) files[`articles/a${n}.md`] = `# Notice ${n}\n\n${STORM} This is notice ${n}.`
    await addFiles(root, files)
    const path = join(root, 'var/broadsheet.db')
    await (await openDatabase(path)).close()
    const script = fileURLToPath(new URL('./collect-once.ts', import.meta.url))
    const results = await Promise.all(
      [1, 2].map(async () => {
        const { stdout } = await promisify(execFile)(process.execPath, [script, root, path])
        return JSON.parse(stdout) as { added: number; updated: number; unchanged: number; faults: number }
      }),
    )
    assert.deepEqual(
      results.map(({ added, unchanged }) => added + unchanged),
      [60, 60],
      JSON.stringify(results),
    )
    assert.equal(results[0]!.added + results[1]!.added, 60)
    assert.deepEqual(
      results.map(({ updated, faults }) => updated + faults),
      [0, 0],
    )
    const shared = await openDatabase(path)
    const articles = await newestArticles(shared.db, { limit: 1000 })
    await shared.close()
    assert.equal(articles.length, 60)
    assert.equal(new Set(articles.map(({ id }) => id)).size, 60)
  })
})
