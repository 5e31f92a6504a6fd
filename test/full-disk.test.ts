import assert from 'node:assert/strict'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { collect } from '../src/collect.ts'
import { compose } from '../src/compose.ts'
import { deliver } from '../src/deliver.ts'
import { openMailbox } from '../src/mail/mailbox.ts'
import { type Transport } from '../src/contracts.ts'
import { publish } from '../src/publish.ts'
import { options as retention } from '../src/retention.ts'
import { parseHere } from '../src/parse-here.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { editionsIn } from '../src/store/editions.ts'
import { upkeep } from '../src/upkeep.ts'
import { addFiles, makeFolder } from './folders.ts'
import { png } from './pictures.ts'
import { addReader, addresses, at, counting, countedIn, daily, ledger, silent, site, templates } from './press.ts'
import { mountDisk, type SmallDisk } from './tmpfs.ts'

/** Longer than what is free in the pages that the database has already. */
const longStory = (title: string) => `# ${title}\n\n${'The harbour was quiet all night long. '.repeat(3000)}\n`

describe('on a full disk', () => {
  let disk: SmallDisk
  let desk: string
  let store: Store
  let minutes: number

  // The database, the feeds and the mailbox are on the small disk; what is collected, and the count of mails, are not.
  beforeEach(async function () {
    disk = await mountDisk(this, 24)
    desk = await makeFolder({ 'articles/ferry.md': '# The ferry is late\n\nAnd nobody minded at all.\n' })
    store = await openDatabase(join(disk.path, 'var', 'broadsheet.db'))
    minutes = 0
  })
  afterEach(async () => {
    // Nothing of this was made where the disk could not be mounted.
    if ((disk as SmallDisk | undefined) === undefined) return
    await store.close()
    await disk.remove()
    await rm(desk, { recursive: true })
  })

  const feeds = () => join(disk.path, 'feeds')
  const mails = () => join(disk.path, 'var', 'mail')
  const bodies = () => join(desk, 'bodies')
  const needs = () => ({
    db: store.db,
    root: desk,
    site,
    addresses,
    templates,
    newsletters: [daily],
    publishDirectory: feeds(),
    directory: feeds(),
    now: () => at(minutes),
    log: silent,
    worker: 'me',
  })
  const fetch = () => Promise.reject(new Error('nothing is read from the web here'))
  const runCollect = () =>
    collect({
      ...needs(),
      fetch,
      parse: parseHere,
      sources: [sourceOptions.parse({ id: 'desk', kind: 'folder', path: 'articles' })],
    })
  const runPublish = () =>
    publish({ ...needs(), feeds: [{ id: 'all', title: 'All', where: {}, items: 50, content: 'full' }] })
  const runDeliver = (transport: Transport = openMailbox(mails())) =>
    deliver({ ...needs(), transport: counting(transport, bodies()) })
  const titles = async () => (await newestArticles(store.db, { limit: 99 })).map(({ title }) => title).toSorted()

  /** The code of what was thrown, or of the faults that were told. */
  async function codesOf(work: Promise<{ faults: { code: string }[] }>): Promise<string[]> {
    try {
      return (await work).faults.map(({ code }) => code)
    } catch (thrown) {
      return [(thrown as { code: string }).code]
    }
  }

  it('collect says so, keeps what it had, and takes up the rest once there is room', async () => {
    assert.deepEqual(await codesOf(runCollect()), [])
    await addFiles(desk, {
      'articles/storm.md': longStory('The storm'),
      'articles/lamps.md': `${longStory('The lamps')}\n![](lamp.png)\n`,
      'articles/lamp.png': png(40, 30),
    })
    await disk.fill()
    minutes = 1
    const codes = await codesOf(runCollect())
    assert.ok(codes.includes('disk.full'), codes.join())
    assert.deepEqual(await titles(), ['The ferry is late'])

    await disk.empty()
    minutes = 2
    assert.deepEqual(await codesOf(runCollect()), [])
    assert.deepEqual(await titles(), ['The ferry is late', 'The lamps', 'The storm'])
    assert.equal((await readdir(join(feeds(), 'media'))).length, 1)
  })

  it('publish says so, leaves every feed file whole, and brings them up to date once there is room', async () => {
    await runCollect()
    await runPublish()
    const before = await feedFiles()
    await addFiles(desk, { 'articles/storm.md': longStory('The storm') })
    await runCollect()
    await disk.fill()
    // The database comes first: what is in a feed is noted there, and then the files are written.
    assert.deepEqual(await codesOf(runPublish()), ['disk.full'])
    assert.deepEqual(await feedFiles(), before)
    await disk.empty()
    assert.deepEqual(await codesOf(runPublish()), [])
    for (const text of Object.values(await feedFiles())) assert.match(text, /The storm/)
  })

  it('compose says so, moves no reader on, and makes the edition once there is room', async () => {
    await addReader(store.db, 'ann', at(-10))
    await runCollect()
    await disk.fill()
    const codes = await codesOf(compose(needs()))
    assert.deepEqual(codes, ['disk.full'])
    assert.deepEqual(await editionsIn(store.db, ['draft', 'composing', 'ready']), [])

    await disk.empty()
    const { faults, newsletters } = await compose(needs())
    assert.deepEqual(faults, [])
    assert.equal(newsletters[0]?.edition?.readers, 1)
    assert.deepEqual(Object.values(await ledger(store.db, newsletters[0].edition.id)), ['due'])
  })

  it('deliver begins no message that it could not note, and mails each reader once when there is room', async () => {
    const edition = await composeFor('ann', 'bob')
    await disk.fill()
    assert.deepEqual(await codesOf(runDeliver()), ['disk.full'])
    assert.deepEqual(countedIn(bodies()), [])
    assert.deepEqual(await ledger(store.db, edition), { ann: 'due', bob: 'due' })

    await disk.empty()
    await untilSettled()
    assert.deepEqual(await ledger(store.db, edition), { ann: 'submitted', bob: 'submitted' })
    assert.equal((await readdir(mails())).length, 2)
  })

  it('deliver keeps in mind what it could not note, and mails nobody twice', async () => {
    const edition = await composeFor('ann', 'bob')
    // The disk fills while the body is on its way: the server has the message, and the ledger cannot take that down.
    const elsewhere: Transport = {
      id: 'elsewhere',
      async send() {
        await disk.fill()
        return { kind: 'submitted', reply: '250 taken' }
      },
      close: () => Promise.resolve(),
    }
    const codes = await codesOf(runDeliver(elsewhere))
    assert.ok(
      codes.some((code) => code === 'mail.uncertain' || code === 'disk.full'),
      codes.join(),
    )
    const begun = countedIn(bodies())
    assert.ok(begun.length > 0)

    await disk.empty()
    await untilSettled()
    const after = await ledger(store.db, edition)
    const counted = countedIn(bodies())
    assert.equal(new Set(counted).size, counted.length, 'somebody was mailed twice')
    for (const state of Object.values(after)) assert.ok(['submitted', 'uncertain'].includes(state), state)
    assert.equal(counted.length, 2)
  })

  it('upkeep tells of it, and makes what room it can', async () => {
    await runCollect()
    await addFiles(mails(), { '20260301T120000000Z-a.eml': 'x'.repeat(100_000) })
    await disk.fill()
    minutes = 1
    const { faults, removed } = await upkeep({
      ...needs(),
      databasePath: join(disk.path, 'var', 'broadsheet.db'),
      mailDirectory: mails(),
      retention: retention.parse({}),
    })
    assert.equal(removed.mails, 1)
    assert.ok(faults.some(({ code }) => code === 'disk.low'))
  })

  async function feedFiles(): Promise<Record<string, string>> {
    const folder = join(feeds(), 'all')
    const found = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
    const files: Record<string, string> = {}
    for (const path of paths.filter((one) => !/\.(?:gz|br|zst)$/.test(one)).toSorted())
      files[relative(folder, path)] = await readFile(path, 'utf8')
    // A compressed copy may be missing. One that is there is what a web server hands out in the place of the file.
    for (const path of paths.filter((one) => one.endsWith('.gz')))
      assert.equal(gunzipSync(await readFile(path)).toString(), files[relative(folder, path).slice(0, -3)], path)
    return files
  }

  async function composeFor(...readers: string[]): Promise<string> {
    for (const name of readers) await addReader(store.db, name, at(-10))
    await runCollect()
    const { newsletters } = await compose(needs())
    return newsletters[0]!.edition!.id
  }

  /** Some hours, in steps in which claims lapse and what was put off comes up again. */
  async function untilSettled(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      minutes += 20
      await runDeliver()
    }
  }
})
