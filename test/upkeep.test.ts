import assert from 'node:assert/strict'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { compose } from '../src/compose.ts'
import { deliver } from '../src/deliver.ts'
import { openMailbox } from '../src/mail/mailbox.ts'
import { type Image, type SafeHtml } from '../src/model.ts'
import { options } from '../src/retention.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { countDeliveries, openDeliveries } from '../src/store/deliveries.ts'
import { addEdition, editionsIn } from '../src/store/editions.ts'
import { upkeep, type UpkeepNeeds } from '../src/upkeep.ts'
import { addFiles, makeFolder } from './folders.ts'
import {
  addReader,
  addresses,
  article,
  at,
  counting,
  countedIn,
  daily,
  edition,
  epoch,
  save,
  silent,
  site,
  templates,
} from './press.ts'

const DAY = 24 * 60
const plenty = () => Promise.resolve({ free: 50e9, total: 100e9 })
const picture = (digit: number) => `${String(digit).repeat(32)}.jpg`
const image = (digit: number): Image[] => [{ url: `https://news.gazette.example/feeds/media/${picture(digit)}` }]

describe('upkeep', () => {
  let folder: string
  let store: Store
  let minutes: number
  beforeEach(async () => {
    folder = await makeFolder()
    store = await openDatabase(join(folder, 'var', 'broadsheet.db'))
    minutes = 0
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  const needs = (retention: Record<string, string> = {}, changes: Partial<UpkeepNeeds> = {}): UpkeepNeeds => ({
    db: store.db,
    databasePath: join(folder, 'var', 'broadsheet.db'),
    publishDirectory: join(folder, 'feeds'),
    mailDirectory: join(folder, 'var', 'mail'),
    newsletters: [daily],
    retention: options.parse(retention),
    now: () => at(minutes),
    log: silent,
    spaceAt: plenty,
    ...changes,
  })

  /** What was removed, without the zeros. */
  async function removedBy(given: UpkeepNeeds): Promise<Record<string, number>> {
    const { removed, faults, held } = await upkeep(given)
    assert.deepEqual({ faults, held }, { faults: [], held: [] })
    return Object.fromEntries(Object.entries(removed).filter(([, count]) => count > 0))
  }

  const articleIds = async () => (await newestArticles(store.db, { limit: 99 })).map(({ id }) => id).toSorted()

  it('removes nothing from a paper that is young, nor from one that is empty', async () => {
    assert.deepEqual(await removedBy(needs()), {})
    await save(store.db, article('a1', at(0), { images: image(1) }))
    await addFiles(folder, { [`feeds/media/${picture(1)}`]: '', 'var/mail/20260714T120000000Z-a.eml': '' })
    assert.deepEqual(await removedBy(needs()), {})
  })

  it('keeps articles for ever, unless it is told how long', async () => {
    await save(store.db, article('a1', at(0)), article('a2', at(31 * DAY)))
    minutes = 5000 * DAY
    assert.deepEqual(await removedBy(needs()), {})
    minutes = 60 * DAY
    assert.deepEqual(await removedBy(needs({ articles: '30d' })), { articles: 1 })
    assert.deepEqual(await articleIds(), ['a2'])
    assert.deepEqual(await removedBy(needs({ articles: '30d' })), {})
  })

  it('lets go of no article that a reader has still to get, and of one that is for nobody', async () => {
    const sport = { ...daily, id: 'sport', where: { topics: ['sport'] } }
    await save(
      store.db,
      article('old', at(0)),
      article('news', at(10)),
      article('match', at(20), { topics: ['sport'] }),
    )
    await addReader(store.db, 'ann', at(5))
    await addReader(store.db, 'bob', at(30), epoch, 'sport')
    minutes = 60 * DAY
    const given = needs({ articles: '30d' }, { newsletters: [{ ...daily, where: { topics: ['news'] } }, sport] })
    assert.deepEqual(await removedBy(given), { articles: 2 })
    assert.deepEqual(await articleIds(), ['news'])
  })

  it('removes a picture once nothing has named it for the time that is given', async () => {
    await save(
      store.db,
      article('a1', at(0), { images: image(1) }),
      article('a2', at(0), { html: `<p><img src="${image(2)[0]!.url}"></p>` as SafeHtml }),
    )
    const [slice] = edition().slices
    await addEdition(store.db, edition({ slices: [{ ...slice!, html: `<img src="${image(3)[0]!.url}">` }] }))
    await addFiles(folder, {
      ...Object.fromEntries([1, 2, 3, 4, 5].map((digit) => [`feeds/media/${picture(digit)}`, 'bytes'])),
      'feeds/media/logo.jpg': 'by hand',
      'feeds/old/rss.xml': `<enclosure url="${image(4)[0]!.url}"/>`,
    })
    assert.deepEqual(await removedBy(needs()), {})
    minutes = 30 * DAY
    assert.deepEqual(await removedBy(needs()), {})
    minutes += 1
    assert.deepEqual(await removedBy(needs()), { media: 1 })
    const left = [1, 2, 3, 4].map(picture)
    assert.deepEqual((await readdir(join(folder, 'feeds', 'media'))).toSorted(), [...left, 'logo.jpg'])

    // Named no more since today, however old the file is: feeds that readers hold still show it.
    await save(store.db, article('a1', at(0), { images: [] }))
    assert.deepEqual(await removedBy(needs()), {})
    minutes += 30 * DAY + 1
    assert.deepEqual(await removedBy(needs()), { media: 1 })
  })

  it('counts anew for a picture that came back into use', async () => {
    await addFiles(folder, { [`feeds/media/${picture(1)}`]: '' })
    await removedBy(needs())
    minutes = 20 * DAY
    await save(store.db, article('a1', at(minutes), { images: image(1) }))
    await removedBy(needs())
    await save(store.db, article('a1', at(minutes), { images: [] }))
    minutes = 31 * DAY
    assert.deepEqual(await removedBy(needs()), {})
  })

  it('removes kept mails once they are old enough', async () => {
    await addFiles(folder, {
      'var/mail/20260714T120000000Z-a.eml': '',
      'var/mail/20260801T120000000Z-b.eml': '',
    })
    minutes = 90 * DAY + 1
    assert.deepEqual(await removedBy(needs({ mails: 'forever' })), {})
    assert.deepEqual(await removedBy(needs()), { mails: 1 })
    assert.deepEqual(await readdir(join(folder, 'var', 'mail')), ['20260801T120000000Z-b.eml'])
  })

  it('sums up the ledger, and mails nobody again for it', async () => {
    const bodies = join(folder, 'bodies')
    const given = {
      db: store.db,
      site,
      addresses,
      templates,
      newsletters: [daily],
      transport: counting(openMailbox(join(folder, 'var', 'mail')), bodies),
      worker: 'me',
      now: () => at(minutes),
      log: silent,
    }
    await addReader(store.db, 'ann', at(-10))
    await addReader(store.db, 'bob', at(-10))
    await save(store.db, article('a1', at(-5)))
    const press = async () => {
      await compose(given)
      await deliver(given)
    }
    await press()
    const [done] = await editionsIn(store.db, ['done'])
    assert.equal(countedIn(bodies).length, 2)

    minutes = 400 * DAY + 1
    assert.deepEqual(await removedBy(needs({ mails: 'forever' })), { deliveries: 2 })
    assert.deepEqual(await store.db.selectFrom('delivery').selectAll().execute(), [])
    assert.equal((await countDeliveries(store.db, done!.id)).submitted, 2)
    await press()
    assert.equal(countedIn(bodies).length, 2)

    // Also what comes next goes to each of them once, alone.
    await save(store.db, article('a2', at(minutes)))
    minutes += 1
    await press()
    await removedBy(needs({ mails: 'forever' }))
    await press()
    assert.equal(countedIn(bodies).length, 4)
    const latest = (await editionsIn(store.db, ['done'])).at(-1)
    assert.deepEqual(latest?.articleIds, ['a2'])
  })

  it('gives the room of deleted rows back to the disk, while others have the database open', async () => {
    const path = join(folder, 'var', 'broadsheet.db')
    for (let number = 0; number < 40; number += 1)
      await save(store.db, article(`a${number}`, at(0), { text: 'x'.repeat(100_000) }))
    await removedBy(needs())
    const { size } = await stat(path)
    assert.ok(size > 4_000_000)
    minutes = 60 * DAY
    assert.deepEqual(await removedBy(needs({ articles: '30d' })), { articles: 40 })
    assert.ok((await stat(path)).size < size / 4, `${(await stat(path)).size} of ${size} bytes`)
    assert.equal((await stat(`${path}-wal`)).size, 0)
  })

  it('waits for nobody who reads the database at length', async () => {
    await addFiles(folder, { 'var/mail/20260714T120000000Z-a.eml': '' })
    const other = new BetterSqlite(join(folder, 'var', 'broadsheet.db'))
    other.exec('begin')
    other.prepare('select * from article').all()
    minutes = 90 * DAY + 1
    assert.deepEqual(await removedBy(needs()), { mails: 1 })
    other.close()
  })

  it('says in one breath what it could not do, and does everything else', async () => {
    await addFiles(folder, { 'feeds/media': 'no folder', 'var/mail/20260714T120000000Z-a.eml/inside': '' })
    await openDeliveriesOfOldEdition()
    minutes = 500 * DAY
    const { removed, faults } = await upkeep(needs({}, { spaceAt: () => Promise.resolve({ free: 1e6, total: 1e12 }) }))
    assert.equal(removed.deliveries, 1)
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['disk.remove', 'disk.low'],
    )
  })

  it('begins nothing more once it is told to stop', async () => {
    await addFiles(folder, { 'var/mail/20260714T120000000Z-a.eml': '' })
    minutes = 500 * DAY
    const controller = new AbortController()
    controller.abort()
    assert.deepEqual(await removedBy(needs({}, { stop: controller.signal })), {})
    assert.equal((await readdir(join(folder, 'var', 'mail'))).length, 1)
  })

  async function openDeliveriesOfOldEdition() {
    await addEdition(store.db, edition({ state: 'done' }))
    await openDeliveries(store.db, 'edition1', 's1', ['r1'], at(0))
    await store.db.updateTable('delivery').set({ state: 'submitted' }).execute()
  }
})
