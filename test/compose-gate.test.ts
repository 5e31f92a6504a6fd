// Promise 4, and the first send: nothing old goes out by itself, and nothing unusual before somebody said yes.
import assert from 'node:assert/strict'
import { compose, previewNext, type ComposeNeeds } from '../src/compose.ts'
import { deliver } from '../src/deliver.ts'
import { type Article, type Newsletter } from '../src/model.ts'
import { approve, release } from '../src/release.ts'
import { openDatabase, transact, type Database, type Store } from '../src/store/database.ts'
import { claimDue } from '../src/store/deliveries.ts'
import {
  addEdition,
  cancelEdition,
  editionById,
  editionsIn,
  latestEdition,
  setEditionState,
} from '../src/store/editions.ts'
import { addReader, addReaders, addresses, article, at, daily, edition, epoch, ledger, save, silent, site, templates } from './press.ts' // prettier-ignore

describe('compose, its gate', function () {
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

  const articles = (count: number, minutes: number, changes: Partial<Article> = {}): Article[] =>
    Array.from({ length: count }, (_, n) => article(`m${minutes}-${n}`, at(minutes), changes))

  const saveAll = (list: Article[]) => transact(db, (trx) => save(trx, ...list))

  /** The latest edition of daily. */
  const last = async () => (await latestEdition(db, 'daily'))!

  /** Twenty readers who had an edition with two articles an hour ago. */
  async function everydayPaper(): Promise<void> {
    await addReaders(db, 20, at(-120))
    await save(db, ...articles(2, -70))
    assert.equal((await compose(needs(-60))).newsletters[0]?.edition?.readers, 20)
  }

  /** The same, with five hundred articles since. */
  async function redesignedSite(): Promise<void> {
    await everydayPaper()
    await saveAll(articles(500, -5))
  }

  describe('what a newsletter begins with', () => {
    it('is nothing of the 5,000 articles that were there before it', async () => {
      await saveAll(articles(5000, -60))
      await addReader(db, 'ada', at(0), at(0))
      assert.deepEqual((await compose(needs(1))).newsletters, [{ id: 'daily', reason: 'nothing new' }])
      await save(db, article('fresh', at(2)))
      assert.equal((await compose(needs(3))).newsletters[0]?.edition?.articles, 1)
      assert.deepEqual((await last()).articleIds, ['fresh'])
    })

    it('is nothing that was published before, however late it was collected', async () => {
      await addReader(db, 'ada', at(0), at(0))
      await saveAll(articles(20, 5, { publishedAt: at(-1) }))
      assert.deepEqual((await compose(needs(6))).newsletters, [
        { id: 'daily', reason: 'nothing new; 20 older than the newsletter (first: now would send them)' },
      ])
      await save(db, article('fresh', at(7), { publishedAt: at(6) }), article('undated', at(7)))
      await compose(needs(8))
      assert.deepEqual((await last()).articleIds.toSorted(), ['fresh', 'undated'])
      // Nor does it come with the second edition, or to who comes later.
      await addReader(db, 'bob', at(-1), at(9))
      await save(db, article('next', at(10), { publishedAt: at(9) }))
      await compose(needs(11))
      assert.deepEqual((await last()).slices.map(({ articleIds }) => articleIds.length).toSorted(), [1, 3]) // prettier-ignore
    })

    it('is what is there, where it is asked for', async () => {
      const newsletters: Newsletter[] = [{ ...daily, first: 'now' }]
      await addReader(db, 'ada', epoch, at(0))
      await saveAll(articles(60, 5, { publishedAt: at(-9000) }))
      const result = await compose(needs(6, { newsletters }))
      assert.deepEqual(result.held, [])
      assert.equal(result.newsletters[0]?.edition?.articles, 12 + 40)
    })

    it('shows in the preview', async () => {
      await addReader(db, 'ada', at(0), at(0))
      await save(db, article('old', at(5), { publishedAt: at(-9000) }), article('fresh', at(5)))
      assert.equal((await previewNext(needs(6), 'daily')).articles, 1)
    })

    it('gives a thousand readers who come at once no backlog, and holds what they would get', async () => {
      await everydayPaper()
      await transact(db, async (trx) => {
        for (let n = 0; n < 1000; n++) await addReader(trx, `imported${n}`, at(0), at(0))
      })
      assert.deepEqual((await compose(needs(1))).newsletters, [{ id: 'daily', reason: 'nothing new' }])
      await save(db, article('fresh', at(2)))
      const { newsletters, held } = await compose(needs(3))
      assert.equal(newsletters[0]?.draft?.readers, 1020)
      assert.deepEqual(held[0]?.details, {
        newsletter: 'daily',
        edition: 'daily/2',
        approve: 'broadsheet editions approve daily/2',
        readers: 1020,
        usualReaders: 20,
      })
    })
  })

  describe('a burst', () => {
    it('is kept as a draft with its numbers, and nothing is due', async () => {
      await redesignedSite()
      const result = await compose(needs(0))
      const draft = await last()
      assert.deepEqual(result.newsletters, [
        {
          id: 'daily',
          draft: { id: draft.id, number: 2, subject: draft.slices[0]!.subject, articles: 52, readers: 20 },
          reason: 'No. 2 waits for an editor',
        },
      ])
      assert.deepEqual(result.held, [draft.heldFor])
      assert.equal(draft.state, 'draft')
      assert.deepEqual([draft.heldFor?.code, draft.heldFor?.details['articles'], draft.heldFor?.details['usualArticles']], ['edition.unusual', 500, 2]) // prettier-ignore
      assert.deepEqual(await ledger(db, draft.id), {})
      const claims = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 100 })
      assert.deepEqual(claims.filter(({ editionId }) => editionId === draft.id), []) // prettier-ignore
    })

    it('is not composed again while it waits, whatever comes, and says each time that it waits', async () => {
      await redesignedSite()
      await compose(needs(0))
      const draft = await last()
      await save(db, article('fresh', at(5)))
      for (const minutes of [10, 20]) {
        const result = await compose(needs(minutes))
        assert.deepEqual(result.held, [draft.heldFor])
        assert.equal(result.newsletters[0]?.draft?.number, 2)
      }
      assert.deepEqual(await editionsIn(db, ['composing', 'ready', 'draft']).then((all) => all.map(({ number }) => number)), [1, 2]) // prettier-ignore
    })

    it('keeps no other newsletter waiting', async () => {
      await redesignedSite()
      await addReader(db, 'zoe', at(-10), epoch, 'weekly')
      const weekly = { ...daily, id: 'weekly', unusual: { articles: 600, readers: 50 } }
      const result = await compose(needs(0, { newsletters: [daily, weekly] }))
      assert.equal(result.newsletters[0]?.draft?.number, 2)
      assert.equal(result.newsletters[1]?.edition?.readers, 1)
    })

    it('goes, once approved, to whom it was composed for: less who left, without who came since', async () => {
      await redesignedSite()
      await compose(needs(0))
      const draft = await last()
      await addReader(db, 'late', draft.slices[0]!.after, at(5))
      await db.updateTable('subscription').set({ state: 'ended' }).where('subscriberId', 'in', (q) => q.selectFrom('subscriber').select('id').where('email', '=', 'reader7@reader.example')).execute() // prettier-ignore
      await save(db, article('fresh', at(6)))
      assert.deepEqual(await approve(needs(10), draft), { changed: true, readers: 19 })
      const rows = await ledger(db, draft.id)
      assert.equal(Object.keys(rows).length, 19)
      assert.ok(!('late' in rows) && !('reader7' in rows))
      const approved = await editionById(db, draft.id)
      assert.deepEqual([approved?.state, approved?.heldFor], ['ready', undefined])
      // What came meanwhile is in the next one, which is not unusual any more.
      const next = await compose(needs(20))
      assert.deepEqual(next.held, [])
      assert.deepEqual((await last()).slices.at(-1)?.articleIds, ['fresh'])
    })

    it('is one edition however often it is approved, also by two at once', async () => {
      await redesignedSite()
      await compose(needs(0))
      const draft = await last()
      const both = await Promise.all([approve(needs(1), draft), approve(needs(1), draft)])
      assert.deepEqual(both.map(({ changed }) => changed).toSorted(), [false, true])
      assert.deepEqual(await approve(needs(2), draft), { changed: false, readers: 20 })
      assert.equal(Object.keys(await ledger(db, draft.id)).length, 20)
      await setEditionState(db, draft.id, 'sending')
      await approve(needs(3), draft)
      assert.equal((await last()).state, 'sending', 'a late yes sets nothing back')
    })

    it('is passed over once cancelled, also by who joined meanwhile: only what came later is new', async () => {
      await redesignedSite()
      await compose(needs(0))
      const draft = await last()
      await addReader(db, 'late', draft.slices[0]!.after, at(5))
      assert.equal(await cancelEdition(db, draft, { now: at(6) }), true)
      assert.equal(await cancelEdition(db, draft, { now: at(7) }), false)
      await assert.rejects(approve(needs(8), draft), { code: 'edition.state' })
      assert.deepEqual((await compose(needs(9))).newsletters, [{ id: 'daily', reason: 'nothing new' }])
      await save(db, article('fresh', at(10)))
      const next = await compose(needs(11))
      assert.deepEqual([next.held, next.newsletters[0]?.edition?.number], [[], 3])
      assert.deepEqual((await last()).articleIds, ['fresh'])
      assert.deepEqual(await ledger(db, draft.id), {})
    })

    it('is composed and held anew when its articles are kept', async () => {
      await redesignedSite()
      await compose(needs(0))
      await cancelEdition(db, await last(), { now: at(1), keepArticles: true })
      const again = await compose(needs(2))
      assert.equal(again.newsletters[0]?.draft?.number, 3)
      assert.equal(again.held[0]?.details['articles'], 500)
    })

    it('that is called off while another process opens its deliveries goes to nobody more', async () => {
      await everydayPaper()
      const { slices } = edition()
      const half = edition({
        id: 'half',
        number: 2,
        state: 'composing',
        slices: [{ ...slices[0]!, after: at(-70), upTo: at(0) }],
      })
      await addEdition(db, half)
      await cancelEdition(db, half, { now: at(1), keepArticles: true })
      assert.equal(await release(needs(2), half), 0)
      assert.deepEqual(await ledger(db, 'half'), {})
      assert.equal((await editionById(db, 'half'))?.state, 'cancelled')
    })

    it('is judged by what came, not by the archive that a newcomer starts with', async () => {
      const newsletters: Newsletter[] = [{ ...daily, first: 'now' }]
      await saveAll(articles(300, -300))
      await addReaders(db, 5, at(-120))
      await save(db, ...articles(2, -70))
      await compose(needs(-60, { newsletters }))
      for (let n = 0; n < 9; n++) await addReader(db, `newcomer${n}`, epoch, at(-50))
      await save(db, ...articles(1, -40))
      const result = await compose(needs(0, { newsletters }))
      assert.deepEqual(result.held, [])
      assert.equal(result.newsletters[0]?.edition?.readers, 14)
    })

    it('is what the config says it is', async () => {
      await redesignedSite()
      const newsletters: Newsletter[] = [{ ...daily, unusual: { articles: 500, readers: 50 } }]
      assert.equal((await compose(needs(0, { newsletters }))).newsletters[0]?.edition?.number, 2)
    })

    it('breaks the rules for mails first, and is then not kept', async () => {
      await redesignedSite()
      const result = await compose(needs(0, { site: { ...site, address: undefined } }))
      assert.equal(result.held[0]?.code, 'edition.incomplete')
      assert.equal((await last()).number, 1)
    })
  })

  it('keeps each edition for an editor where the newsletter asks for it', async () => {
    const newsletters: Newsletter[] = [{ ...daily, approve: true }]
    await addReaders(db, 2, at(-60))
    await save(db, article('ferry', at(-20)))
    const result = await compose(needs(0, { newsletters }))
    assert.equal(result.held[0]?.code, 'edition.approval')
    assert.equal(result.newsletters[0]?.draft?.readers, 2)
    await approve(needs(1), await last())
    await save(db, article('quay', at(5)))
    assert.equal((await compose(needs(6, { newsletters }))).newsletters[0]?.draft?.number, 2)
  })

  it('knows since when an edition is done: since its last answer', async () => {
    await addReaders(db, 2, at(-60))
    await save(db, article('ferry', at(-20)))
    await compose(needs(0))
    const transport = { id: 'test', send: async () => ({ kind: 'submitted' as const, reply: '' }), close: async () => undefined } // prettier-ignore
    await deliver({ db, site, addresses, newsletters: [daily], transport, now: () => at(7), log: silent, worker: 'me' })
    const { state, doneAt } = await last()
    assert.deepEqual([state, doneAt], ['done', at(7)])
  })
})
