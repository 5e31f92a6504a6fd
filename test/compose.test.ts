import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { compose, previewNext, type ComposeNeeds } from '../src/compose.ts'
import { type Newsletter } from '../src/model.ts'
import { openDatabase, type Database, type Store } from '../src/store/database.ts'
import { countDeliveries, openDeliveries } from '../src/store/deliveries.ts'
import { addEdition, editionsIn, latestEdition, setEditionState } from '../src/store/editions.ts'
import { moveWatermark } from '../src/store/audiences.ts'
import { endSubscription } from '../src/store/subscribers.ts'
import {
  addReader,
  addReaders,
  addresses,
  article,
  at,
  daily,
  edition,
  epoch,
  ledger,
  save,
  silent,
  site,
  templates,
} from './press.ts'

describe('compose', function () {
  // MJML takes its time to load, the first time.
  this.timeout(60_000)
  let store: Store
  let db: Database

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    db = store.db
  })

  afterEach(() => store.close())

  const needs = (minutes: number, changes: Partial<ComposeNeeds> = {}): ComposeNeeds => ({
    db,
    site,
    addresses,
    newsletters: [daily],
    templates,
    now: () => at(minutes),
    log: silent,
    ...changes,
  })

  const newsletter = (changes: Partial<Newsletter>): Newsletter => ({ ...daily, ...changes })

  it('makes an edition of what is new and a due delivery for each reader', async () => {
    await addReaders(db, 3, at(-60))
    await save(db, article('old', at(-90)), article('ferry', at(-20)), article('quay', at(-10)))
    const result = await compose(needs(0))
    const last = await latestEdition(db, 'daily')
    assert.deepEqual(result, {
      newsletters: [
        {
          id: 'daily',
          edition: { id: last!.id, number: 1, subject: 'The story of quay', articles: 2, readers: 3 },
        },
      ],
      faults: [],
      held: [],
    })
    assert.equal(last?.state, 'ready')
    assert.deepEqual(last.articleIds, ['quay', 'ferry'])
    assert.equal(last.from, daily.from)
    assert.equal(last.slices.length, 1)
    assert.match(last.slices[0]!.html, /The story of ferry/)
    assert.doesNotMatch(last.slices[0]!.html, /The story of old/)
    assert.match(last.slices[0]!.text, /The story of ferry/)
    assert.deepEqual(await ledger(db, last.id), { reader0: 'due', reader1: 'due', reader2: 'due' })
  })

  it('makes no edition when nothing is new, again and again', async () => {
    await addReaders(db, 2, at(-60))
    await save(db, article('ferry', at(-20)))
    await compose(needs(0))
    const again = await compose(needs(10))
    assert.deepEqual(again.newsletters, [{ id: 'daily', reason: 'nothing new' }])
    assert.equal((await latestEdition(db, 'daily'))?.number, 1)
  })

  it('sends nothing old with what comes next', async () => {
    await addReaders(db, 2, at(-60))
    await save(db, article('ferry', at(-20)))
    await compose(needs(0))
    await save(db, article('quay', at(5)))
    const result = await compose(needs(10))
    assert.equal(result.newsletters[0]?.edition?.number, 2)
    assert.deepEqual((await latestEdition(db, 'daily'))?.articleIds, ['quay'])
  })

  it('waits while there are fewer articles than the least, and forgets none of them', async () => {
    const newsletters = [newsletter({ articles: { min: 3, max: 12 } })]
    await addReaders(db, 1, at(-60))
    await save(db, article('a', at(-20)), article('b', at(-10)))
    assert.deepEqual((await compose(needs(0, { newsletters }))).newsletters, [
      { id: 'daily', waiting: 2, reason: '2 of at least 3 new articles' },
    ])
    await save(db, article('c', at(5)))
    const result = await compose(needs(10, { newsletters }))
    assert.equal(result.newsletters[0]?.edition?.articles, 3)
  })

  it('takes only the articles that the newsletter is about', async () => {
    const newsletters = [newsletter({ where: { topics: ['sport'], sources: ['main'] } })]
    await addReaders(db, 1, at(-60))
    const sport = { topics: ['sport'] }
    await save(
      db,
      article('match', at(-20), sport),
      article('vote', at(-10)),
      article('other', at(-10), { ...sport, sourceId: 'elsewhere' }),
    )
    await compose(needs(0, { newsletters }))
    assert.deepEqual((await latestEdition(db, 'daily'))?.articleIds, ['match'])
  })

  it('names what is beyond the most in headlines, of the same edition', async () => {
    const newsletters = [newsletter({ articles: { min: 1, max: 2 } })]
    await addReaders(db, 1, at(-60))
    await save(db, ...[1, 2, 3, 4].map((n) => article(`a${n}`, at(-20 + n))))
    await compose(needs(0, { newsletters }))
    const last = await latestEdition(db, 'daily')
    assert.deepEqual(last?.articleIds, ['a4', 'a3', 'a2', 'a1'])
    assert.match(last.slices[0]!.text, /The story of a1/)
    assert.doesNotMatch(last.slices[0]!.text, /What happened to a1/)
    assert.match(last.slices[0]!.text, /What happened to a4/)
  })

  it('can show a newcomer a long archive without breaking the size of a mail', async () => {
    await addReader(db, 'newcomer', epoch)
    await save(db, ...Array.from({ length: 400 }, (_, n) => article(`a${n}`, at(-500 + n))))
    const newsletters = [newsletter({ first: 'now' })]
    const result = await compose(needs(0, { newsletters }))
    assert.deepEqual([result.held, result.faults], [[], []])
    assert.equal(result.newsletters[0]?.edition?.articles, 12 + 40)
    assert.equal((await compose(needs(1, { newsletters }))).newsletters[0]?.reason, 'nothing new')
  })

  it('gives readers who stand elsewhere a slice of their own, in one edition', async () => {
    await addReaders(db, 2, at(-60))
    await addReader(db, 'newcomer', epoch)
    await addReader(db, 'late', at(-5))
    await save(db, article('old', at(-90)), article('ferry', at(-20)))
    const result = await compose(needs(0))
    assert.equal(result.newsletters[0]?.edition?.readers, 3)
    const last = await latestEdition(db, 'daily')
    assert.deepEqual(
      last?.slices.map(({ articleIds }) => articleIds),
      [['ferry', 'old'], ['ferry']],
    )
    const rows = await db.selectFrom('delivery').select(['sliceId']).orderBy('sliceId').execute()
    assert.deepEqual(
      rows.map(({ sliceId }) => sliceId),
      ['s1', 's2', 's2'],
    )
    // The late one has nothing new yet, and shares the next edition with the others.
    await save(db, article('quay', at(5)))
    await compose(needs(10))
    const next = await latestEdition(db, 'daily')
    assert.equal(next?.slices.length, 1)
    assert.equal((await countDeliveries(db, next.id)).due, 4)
  })

  it('renders once for readers who joined at different moments between which nothing came', async () => {
    for (let minutes = 0; minutes < 50; minutes++) await addReader(db, `reader${minutes}`, at(minutes - 60))
    await save(db, article('ferry', at(-5)))
    const result = await compose(needs(0))
    assert.equal(result.newsletters[0]?.edition?.readers, 50)
    assert.equal((await latestEdition(db, 'daily'))?.slices.length, 1)
  })

  it('says so when nobody is subscribed', async () => {
    await save(db, article('ferry', at(-20)))
    assert.deepEqual((await compose(needs(0))).newsletters, [{ id: 'daily', reason: 'nobody is subscribed' }])
  })

  it('leaves out who has left', async () => {
    const [gone] = await addReaders(db, 2, at(-60))
    await endSubscription(db, {
      subscriberId: gone!,
      newsletterId: 'daily',
      now: at(-30),
      reason: 'unsubscribed',
      path: 'link',
      evidence: '',
    })
    await save(db, article('ferry', at(-20)))
    await compose(needs(0))
    assert.deepEqual(await ledger(db, (await latestEdition(db, 'daily'))!.id), { reader1: 'due' })
  })

  it('counts who subscribes while it composes to the next edition', async () => {
    await addReader(db, 'early', epoch, at(-60))
    await addReader(db, 'later', epoch, at(1))
    await save(db, article('ferry', at(-20)))
    assert.equal((await compose(needs(0))).newsletters[0]?.edition?.readers, 1)
    assert.equal((await compose(needs(2))).newsletters[0]?.edition?.readers, 1)
    assert.deepEqual((await compose(needs(3))).newsletters, [{ id: 'daily', reason: 'nothing new' }])
  })

  it('holds an edition that breaks a rule, with the reason, and writes nothing of it', async () => {
    await addReaders(db, 2, at(-60))
    await save(db, article('ferry', at(-20)))
    const result = await compose(needs(0, { site: { ...site, address: undefined } }))
    assert.deepEqual(result.newsletters, [{ id: 'daily', reason: 'held back' }])
    assert.deepEqual(
      result.held.map(({ code, details }) => [code, details]),
      [['edition.incomplete', { newsletter: 'daily', part: 'html and text', reason: 'site.address is not set' }]],
    )
    assert.equal(await latestEdition(db, 'daily'), undefined)
    assert.equal((await compose(needs(1))).newsletters[0]?.edition?.readers, 2, 'mended, it goes')
  })

  it('lets a newsletter with a broken template keep no other from its edition', async () => {
    const weekly = newsletter({ id: 'weekly', template: 'missing' })
    await addReader(db, 'ada', at(-60))
    await addReader(db, 'ada', at(-60), epoch, 'weekly')
    await save(db, article('ferry', at(-20)))
    const result = await compose(needs(0, { newsletters: [weekly, daily] }))
    assert.deepEqual(
      result.faults.map(({ code }) => code),
      ['template.missing'],
    )
    assert.equal(result.newsletters[0]?.edition, undefined)
    assert.equal(result.newsletters[1]?.edition?.readers, 1)
  })

  it('composes only what is named, and refuses a name it does not know', async () => {
    await addReaders(db, 1, at(-60))
    await addReader(db, 'ada', at(-60), epoch, 'weekly')
    await save(db, article('ferry', at(-20)))
    const newsletters = [daily, newsletter({ id: 'weekly' })]
    const result = await compose(needs(0, { newsletters }), ['weekly'])
    assert.deepEqual(
      result.newsletters.map(({ id }) => id),
      ['weekly'],
    )
    assert.equal(await latestEdition(db, 'daily'), undefined)
    await assert.rejects(compose(needs(0), ['monthly']), { code: 'usage.unknown' })
  })

  it('finishes an edition that was left half-written before it begins another', async () => {
    const ids = await addReaders(db, 5, at(-60))
    const half = edition({ state: 'composing', composedAt: at(-1) })
    await addEdition(db, { ...half, slices: [{ ...half.slices[0]!, after: at(-60), upTo: at(-20) }] })
    await openDeliveries(db, 'edition1', 's1', ids.slice(0, 2), at(-1))
    await moveWatermark(db, ids.slice(0, 2), 'daily', at(-20))
    await save(db, article('quay', at(-10)))
    const result = await compose(needs(0))
    assert.equal((await countDeliveries(db, 'edition1')).due, 5)
    assert.equal(result.newsletters[0]?.edition?.number, 2)
    assert.equal(result.newsletters[0].edition.readers, 5)
    assert.deepEqual(
      (await editionsIn(db, ['composing', 'ready'])).map(({ state }) => state),
      ['ready', 'ready'],
    )
  })

  it('plans again when an article comes while it renders, so that none is passed over', async () => {
    await addReaders(db, 2, at(-60))
    await save(db, article('ferry', at(-20)))
    let came = false
    const slow = {
      async read(path: string) {
        // Seen before the newest one that the edition knows of, and saved after it was read.
        if (!came) await save(db, article('early', at(-30)))
        came = true
        return templates.read(path)
      },
    }
    const result = await compose(needs(0, { templates: slow }))
    assert.equal(result.newsletters[0]?.edition?.number, 1)
    assert.deepEqual((await latestEdition(db, 'daily'))?.articleIds, ['ferry', 'early'])
  })

  it('makes no second edition of what another process composes at the same time', async () => {
    await addReaders(db, 3, at(-60))
    await save(db, article('ferry', at(-20)))
    const results = await Promise.all([compose(needs(0)), compose(needs(0))])
    assert.deepEqual(
      results.map(({ faults, held }) => [faults, held]),
      [
        [[], []],
        [[], []],
      ],
    )
    const editions = await editionsIn(db, ['composing', 'ready'])
    assert.deepEqual(
      editions.map(({ number, state }) => [number, state]),
      [[1, 'ready']],
    )
    assert.equal((await countDeliveries(db, editions[0]!.id)).due, 3)
  })

  it('joins in an edition that another process begins between its own first two looks', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-compose-'))
    const stores = [await openDatabase(join(folder, 'a.db')), await openDatabase(join(folder, 'a.db'))] as const
    const [ours, theirs] = [stores[0].db, stores[1].db]
    await addReaders(ours, 3, at(-60))
    await save(ours, article('ferry', at(-20)))
    const begun = edition({ state: 'composing' })
    const slices = [{ ...begun.slices[0]!, after: at(-60), upTo: at(-20) }]
    let looks = 0
    const interrupted = ours.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (looks++ === 0) await addEdition(theirs, { ...begun, slices })
        return result
      },
    })
    const result = await compose(needs(0, { db: interrupted }))
    assert.equal(result.newsletters[0]?.edition?.id, 'edition1')
    assert.equal((await latestEdition(ours, 'daily'))?.number, 1)
    assert.equal((await countDeliveries(ours, 'edition1')).due, 3)
    for (const one of stores) await one.close()
    await rm(folder, { recursive: true })
  })

  it('does not set back an edition that is being sent while a slower process still finishes it', async () => {
    await addReaders(db, 1, at(-60))
    await save(db, article('ferry', at(-20)))
    // Told of the last reader, another process is quicker: it finishes the edition and begins to send it.
    let quicker: Promise<boolean> | undefined
    const report = () => {
      quicker ??= latestEdition(db, 'daily').then((last) => setEditionState(db, last!.id, 'sending'))
    }
    await compose(needs(0, { report }))
    assert.equal(await quicker, true)
    assert.equal((await latestEdition(db, 'daily'))?.state, 'sending')
  })

  it('says how far it is', async () => {
    await addReaders(db, 3, at(-60))
    await save(db, article('ferry', at(-20)))
    const told: string[] = []
    await compose(needs(0, { report: ({ verb, id, done, total }) => told.push(`${verb} ${id} ${done}/${total}`) }))
    assert.deepEqual(told, ['compose daily 3/3'])
  })

  describe('previewNext', () => {
    it('shows what would go out, as a mail too, and writes nothing', async () => {
      await addReaders(db, 2, at(-60))
      await save(db, article('old', at(-90)), article('ferry', at(-20)))
      const next = await previewNext(needs(0), 'daily')
      assert.equal(next.isNew, true)
      assert.equal(next.articles, 1)
      assert.equal(next.subject, 'The story of ferry')
      assert.match(next.html, /https:\/\/news\.gazette\.example\/unsubscribe\/preview/)
      assert.match(next.text, /The story of ferry/)
      const mail = await simpleParser(next.eml)
      assert.equal(mail.subject, next.subject)
      assert.equal(mail.from?.text, '"The Harbour Gazette" <daily@news.gazette.example>')
      assert.equal(await latestEdition(db, 'daily'), undefined)
      assert.equal((await compose(needs(0))).newsletters[0]?.edition?.articles, 1)
    })

    it('shows the latest articles when nothing is new, and says so', async () => {
      await addReaders(db, 2, at(-60))
      await save(db, article('old', at(-90)), article('older', at(-95)))
      const next = await previewNext(needs(0), 'daily')
      assert.deepEqual([next.isNew, next.articles], [false, 2])
    })

    it('shows what most readers would get, not the one who has just come', async () => {
      await addReaders(db, 2, at(-60))
      await addReader(db, 'newcomer', epoch)
      await save(db, article('old', at(-90)), article('ferry', at(-20)))
      assert.equal((await previewNext(needs(0), 'daily')).articles, 1)
    })

    it('says what to do where there is nothing at all to show', async () => {
      await assert.rejects(previewNext(needs(0), 'daily'), { code: 'edition.empty' })
      await assert.rejects(previewNext(needs(0), 'monthly'), { code: 'usage.unknown' })
    })
  })
})
