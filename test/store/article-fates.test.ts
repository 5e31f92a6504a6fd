import assert from 'node:assert/strict'
import { changesOf, sweepChanges } from '../../src/store/article-changes.ts'
import { correctArticle, correctionsOf, undoCorrections } from '../../src/store/article-corrections.ts'
import { excludeArticle, pinArticle, restoreArticle, withdrawArticle } from '../../src/store/article-fates.ts'
import { searchArticles } from '../../src/store/article-search.ts'
import {
  articleByUrl,
  articlesSeenAfter,
  newestArticles,
  pinnedArticles,
  saveArticle,
} from '../../src/store/articles.ts'
import { audiences, moveWatermark } from '../../src/store/audiences.ts'
import { type Database } from '../../src/store/database.ts'
import { claimDue, countDeliveries, openDeliveries, settle, startSending } from '../../src/store/deliveries.ts'
import { addEdition, editionById, setEditionState } from '../../src/store/editions.ts'
import { duePages, pageMissed, pageStands, standingPage, watchPage } from '../../src/store/page-checks.ts'
import { sweepBands, retireArticles } from '../../src/store/retention.ts'
import {
  copiesAmong,
  fileBands,
  findTellings,
  markCopy,
  mayBeKnownToReaders,
  storiesOf,
} from '../../src/store/stories.ts'
import { finishTick, readTick, startTick } from '../../src/store/ticks.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addReaders, article, at, edition, keysOf, pathOf, slice } from './nouns.ts'

describeOnEveryDatabase('store: what becomes of an article', (open) => {
  let db: Database

  beforeEach(async () => {
    db = await open()
  })

  const add = async (id: string, changes = {}) => {
    const one = article({ id, ...changes })
    await saveArticle(db, one, keysOf(one), pathOf(one))
    return one
  }
  const site = { by: 'site', why: 'gone', now: at(5) } as const
  const editor = { by: 'editor', why: 'wrong', now: at(6) } as const

  it('is nowhere while it is withdrawn; what an editor withdrew, only an editor brings back', async () => {
    const one = await add('a1')
    assert.equal((await withdrawArticle(db, 'a1', site)).changed, true)
    assert.equal((await withdrawArticle(db, 'a1', site)).changed, false)
    for (const list of [await newestArticles(db, { limit: 9 }), await articlesSeenAfter(db, at(-9))])
      assert.deepEqual(list, [])
    assert.equal(await articleByUrl(db, one.url), undefined)
    assert.equal(await restoreArticle(db, 'a1', site), true)
    assert.deepEqual(await newestArticles(db, { limit: 9 }), [one])
    await withdrawArticle(db, 'a1', site)
    assert.equal((await withdrawArticle(db, 'a1', editor)).changed, true)
    assert.equal(await restoreArticle(db, 'a1', site), false)
    assert.equal(await restoreArticle(db, 'a1', editor), true)
    assert.equal((await changesOf(db, 'a1')).length, 5)
    assert.equal((await withdrawArticle(db, 'none', editor)).changed, false)
  })

  it('is in no feed and newsletter while it is excluded, and keeps its page', async () => {
    const one = await add('a1')
    await excludeArticle(db, 'a1', true, at(1))
    assert.deepEqual(await newestArticles(db, { limit: 9 }), [])
    assert.deepEqual(await articlesSeenAfter(db, at(-9)), [])
    assert.deepEqual(await articleByUrl(db, one.url), one)
    await excludeArticle(db, 'a1', false, at(2))
    assert.equal((await articlesSeenAfter(db, at(-9))).length, 1)
  })

  it('is first while it is pinned, the last pinned before all', async () => {
    for (const id of ['a1', 'a2', 'a3']) await add(id)
    await pinArticle(db, 'a1', true, at(1))
    await pinArticle(db, 'a3', true, at(2))
    assert.deepEqual(
      (await pinnedArticles(db)).map(({ id, pinnedAt }) => [id, pinnedAt]),
      [
        ['a3', at(2)],
        ['a1', at(1)],
      ],
    )
    assert.deepEqual(await pinnedArticles(db, { sources: ['other'] }), [])
    await saveArticle(db, article({ id: 'a1', title: 'New' }), [], '/x')
    assert.equal((await pinnedArticles(db)).length, 2)
    await pinArticle(db, 'a3', false, at(3))
    assert.deepEqual(
      (await searchArticles(db, { only: 'pinned', limit: 9 })).map(({ article: { id } }) => id),
      ['a1'],
    )
  })

  describe('in editions', () => {
    const states = async () => Object.entries(await countDeliveries(db, 'e1')).filter(([, count]) => count > 0)

    /** Three readers: one has it, one is being sent it, one waits. */
    async function addHalfSent() {
      await add('a1')
      await addEdition(db, edition({ state: 'ready' }))
      const ids = await addReaders(db, 3)
      await openDeliveries(db, 'e1', 's1', ids, at(0))
      await moveWatermark(db, ids, 'daily', at(0))
      const rows = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 3 })
      await startSending(db, rows[0]!.id, 'me', at(1), at(9))
      await settle(db, rows[0]!.id, 'me', { kind: 'submitted', reply: '250' }, at(1))
      await startSending(db, rows[1]!.id, 'me', at(1), at(9))
      return rows
    }

    it('that are going out, it calls back what has not begun, and its readers stand where they stood', async () => {
      const rows = await addHalfSent()
      await startTick(db, 'compose:daily', at(0), at(0))
      await finishTick(db, 'compose:daily', at(0), at(0), true)
      const { recalls } = await withdrawArticle(db, 'a1', editor)
      assert.deepEqual(recalls, [
        { id: 'e1', newsletterId: 'daily', number: 1, state: 'recalled', gone: 2, dropped: 1 },
      ])
      assert.deepEqual(await states(), [
        ['sending', 1],
        ['submitted', 1],
        ['dropped', 1],
      ])
      assert.equal((await editionById(db, 'e1'))?.state, 'cancelled')
      assert.deepEqual(await audiences(db, 'daily'), [
        { watermark: at(-60), readers: 1 },
        { watermark: at(0), readers: 2 },
      ])
      assert.equal(await startSending(db, rows[2]!.id, 'me', at(2), at(9)), 'gone')
      await settle(db, rows[1]!.id, 'me', { kind: 'submitted', reply: '250' }, at(2))
      assert.deepEqual(await states(), [
        ['submitted', 2],
        ['dropped', 1],
      ])
      // It is composed anew soon.
      assert.equal((await readTick(db, 'compose:daily'))?.failed, 1)
    })

    for (const state of ['draft', 'composing'] as const)
      it(`that are ${state}, it leaves none of`, async () => {
        await add('a1')
        await addEdition(db, edition({ state }))
        await addReaders(db, 2)
        assert.deepEqual(
          (await excludeArticle(db, 'a1', true, at(1))).recalls.map((recall) => recall.state),
          ['recalled'],
        )
        assert.equal((await editionById(db, 'e1'))?.state, 'cancelled')
        assert.deepEqual(await audiences(db, 'daily'), [{ watermark: at(-60), readers: 2 }])
      })

    it('that are over or hold another article, it changes nothing of', async () => {
      await add('a1')
      await addEdition(db, edition({ state: 'done' }))
      await addEdition(
        db,
        edition({
          id: 'e2',
          number: 2,
          state: 'draft',
          articleIds: ['a10', 'xa1'],
          slices: [slice({ articleIds: ['a10'] })],
        }),
      )
      const { recalls } = await withdrawArticle(db, 'a1', editor)
      assert.deepEqual(
        recalls.map(({ id, state }) => [id, state]),
        [['e1', 'kept']],
      )
      assert.equal((await editionById(db, 'e2'))?.state, 'draft')
      await setEditionState(db, 'e2', 'cancelled')
    })
  })

  describe('corrected', () => {
    it('says what the editor says, whatever its site does, until that is undone', async () => {
      const one = await add('a1')
      assert.equal(await correctArticle(db, 'a1', { title: 'Mine', topics: ['x'] }, at(1)), true)
      assert.equal(await correctArticle(db, 'none', { title: 'Mine' }, at(1)), false)
      await correctArticle(db, 'a1', { title: 'Mine, again' }, at(2))
      assert.equal(
        await saveArticle(db, article({ id: 'a1', title: 'Theirs', hash: 'h2', updatedAt: at(3) }), [], pathOf(one), {
          now: at(3),
          why: 'read',
        }),
        'updated',
      )
      const [now] = await newestArticles(db, { limit: 1 })
      assert.deepEqual([now?.title, now?.topics, now?.updatedAt], ['Mine, again', ['x'], at(2)])
      assert.deepEqual(
        (await correctionsOf(db, 'a1')).map(({ field, said }) => [field, said]),
        [
          ['title', { title: 'Theirs' }],
          ['topics', { topics: '["news"]' }],
        ],
      )
      assert.deepEqual(await undoCorrections(db, 'a1', ['title', 'excerpt'], at(4)), ['title'])
      const [after] = await newestArticles(db, { limit: 1 })
      assert.deepEqual([after?.title, after?.topics, after?.updatedAt], ['Theirs', ['x'], at(4)])
    })

    it('keeps what it said before, and no more of it than fifty changes and the time that they are kept', async () => {
      await add('a1')
      for (let minute = 1; minute <= 55; minute += 1)
        await correctArticle(db, 'a1', { title: `Title ${minute}` }, at(minute))
      const changes = await changesOf(db, 'a1')
      assert.equal(changes.length, 50)
      assert.deepEqual([changes[0]?.before.title, changes[0]?.at], ['Title 54', at(55)])
      assert.equal(await sweepChanges(db, at(50)), 44)
    })
  })

  describe('whose page is looked at again', () => {
    const watch = (id: string, isSeen = true, minute = 0) =>
      watchPage(db, {
        articleId: id,
        sourceId: 'main',
        url: `https://gazette.example/${id}`,
        isSeen,
        isChanged: false,
        now: at(minute),
      })
    const due = async (minute: number) => (await duePages(db, 'main', at(minute), 9)).map(({ article: { id } }) => id)
    const missed = async (minute: number, id = 'a1') =>
      undefined !==
      (await pageMissed(db, { articleId: id, sourceId: 'main', url: 'x', knownAt: at(0), now: at(minute) }))

    it('is due later and later, the newest first', async () => {
      await add('a1')
      await add('a2', { firstSeenAt: at(1) })
      for (const id of ['a1', 'a2']) await watch(id)
      assert.deepEqual(await due(179), [])
      assert.deepEqual(await due(180), ['a2', 'a1'])
      await pageStands(db, 'a2', { isSeen: true, isChanged: false, now: at(180) })
      assert.deepEqual(await due(200), ['a1'])
      assert.deepEqual(await due(180 + 9 * 60), ['a2', 'a1'])
      assert.equal(await standingPage(db, 'main', ['a2']), 'https://gazette.example/a1')
    })

    it('is withdrawn when that was gone twice, hours apart, and comes back with it', async () => {
      await add('a1')
      await watch('a1')
      assert.deepEqual(
        [await missed(10), await missed(60), await missed(131), await missed(140)],
        [false, false, true, false],
      )
      assert.deepEqual(await due(131 + 360), ['a1'])
      assert.equal(await pageStands(db, 'a1', { isSeen: true, isChanged: false, now: at(500) }), true)
      assert.equal((await newestArticles(db, { limit: 9 })).length, 1)
    })

    it('stays where no page of it was ever seen', async () => {
      await add('a1')
      await watch('a1', false)
      assert.deepEqual([await missed(10), await missed(200), await missed(2000)], [false, false, false])
    })
  })

  describe('that others tell too', () => {
    it('is found by the address or the text that they have in common, and not by those of its own source', async () => {
      await add('a1')
      await add('b1', { sourceId: 'other', url: 'https://gazette.example/news/a1' })
      await add('b2', { sourceId: 'other', firstSeenAt: at(1) })
      await add('b3', { sourceId: 'other', firstSeenAt: at(60 * 24 * 9) })
      for (const id of ['a1', 'b2', 'b3']) await fileBands(db, id, ['x1', 'x2'])
      await fileBands(db, 'b2', ['x1', 'x2', 'x3'])
      const found = await findTellings(db, {
        sourceId: 'main',
        keys: ['url:https://gazette.example/news/a1'],
        bands: ['x1', 'x3'],
        from: at(-9),
        to: at(9),
      })
      assert.deepEqual(
        found.map(({ article: { id }, keys }) => [id, keys.length]),
        [
          ['b1', 1],
          ['b2', 0],
        ],
      )
      assert.deepEqual(await findTellings(db, { sourceId: 'other', keys: [], bands: [], from: at(-9), to: at(9) }), [])
      assert.equal(await sweepBands(db, at(1)), 2)
    })

    it('has one original, whichever copies it had before', async () => {
      for (const [minute, id] of ['a1', 'b1', 'c1'].entries()) await add(id, { sourceId: id, firstSeenAt: at(minute) })
      await markCopy(db, 'b1', 'a1')
      await markCopy(db, 'a1', 'c1')
      assert.deepEqual([...(await copiesAmong(db, ['a1', 'b1', 'c1']))].toSorted(), [
        ['a1', 'c1'],
        ['b1', 'c1'],
      ])
      const story = (await storiesOf(db, ['c1'])).get('c1')
      assert.deepEqual(
        story?.tellings.map(({ id }) => id),
        ['c1', 'a1', 'b1'],
      )
      await withdrawArticle(db, 'c1', site)
      assert.deepEqual(
        (await storiesOf(db, ['c1'])).get('c1')?.tellings.map(({ id }) => id),
        ['a1', 'b1'],
      )
      await withdrawArticle(db, 'c1', editor)
      assert.equal((await storiesOf(db, ['c1'])).get('c1')?.isKeptOut, true)
    })

    it('may be known to readers once a feed was published or an edition composed', async () => {
      const one = await add('a1')
      assert.equal(await mayBeKnownToReaders(db, one), false)
      await startTick(db, 'publish:all', at(1), at(1))
      assert.equal(await mayBeKnownToReaders(db, one), true)
      assert.equal(await mayBeKnownToReaders(db, article({ firstSeenAt: at(2) })), false)
      await addEdition(db, edition({ slices: [slice({ upTo: at(3) })] }))
      assert.equal(await mayBeKnownToReaders(db, article({ firstSeenAt: at(2) })), true)
    })
  })

  it('leaves nothing of its content behind when it is retired', async () => {
    await add('a1')
    await correctArticle(db, 'a1', { title: 'Mine' }, at(1))
    await fileBands(db, 'a1', ['x'])
    await watchPage(db, { articleId: 'a1', sourceId: 'main', url: 'x', isSeen: true, isChanged: false, now: at(0) })
    await retireArticles(db, ['a1'], at(2))
    for (const table of ['articleChange', 'articleCorrection', 'articleBand', 'pageCheck'] as const)
      assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table)
  })
})
