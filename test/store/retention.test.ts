import { strict as assert } from 'node:assert'
import {
  articleByUrl,
  articlesById,
  articlesSeenAfter,
  articlesSeenBefore,
  findKnown,
  newestArticles,
  saveArticle,
} from '../../src/store/articles.ts'
import { type Database } from '../../src/store/database.ts'
import { claimDue, countDeliveries, openDeliveries, settle, startSending } from '../../src/store/deliveries.ts'
import { addEdition, setEditionState } from '../../src/store/editions.ts'
import {
  noteUnusedMedia,
  retireArticles,
  sumUpDeliveries,
  sweepAlerts,
  sweepConfirmations,
  sweepLeases,
  textsNamingMedia,
} from '../../src/store/retention.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addReaders, article, at, edition, keysOf, pathOf, slice } from './nouns.ts'

const save = (db: Database, one = article()) => saveArticle(db, one, keysOf(one), pathOf(one))

/** An edition of which so many messages were settled, each with one of these outcomes in turn. */
async function settledEdition(db: Database, readers: number, kinds: ('submitted' | 'refused' | 'uncertain')[]) {
  await addEdition(db, edition())
  const ids = await addReaders(db, readers)
  await openDeliveries(db, 'e1', 's1', ids, at(0))
  const claims = await claimDue(db, { now: at(0), until: at(5), by: 'me', limit: readers })
  for (const [index, { id }] of claims.entries()) {
    await startSending(db, id, 'me', at(0), at(5))
    await settle(db, id, 'me', { kind: kinds[index % kinds.length]!, reply: 'so it was' }, at(1))
  }
  return ids
}

describeOnEveryDatabase('store/retention', (open) => {
  describe('retireArticles', () => {
    it('lets go of the content, and shows the article nowhere any more', async () => {
      const db = await open()
      await save(db)
      await save(db, article({ id: 'a2', firstSeenAt: at(1) }))
      assert.equal(await retireArticles(db, ['a1', 'none'], at(9)), 1)
      assert.equal(await retireArticles(db, ['a1'], at(10)), 0)
      for (const list of [
        await newestArticles(db, { limit: 9 }),
        await articlesSeenAfter(db, at(-60)),
        await articlesSeenBefore(db, at(60), { limit: 9 }),
        await articlesById(db, ['a1', 'a2']),
      ])
        assert.deepEqual(
          list.map(({ id }) => id),
          ['a2'],
        )
      assert.equal(await articleByUrl(db, article().url), undefined)
      const row = await db.selectFrom('article').selectAll().where('id', '=', 'a1').executeTakeFirstOrThrow()
      assert.deepEqual([row.html, row.text, row.excerpt, row.images], ['', '', '', '[]'])
      assert.deepEqual([row.url, row.title, row.hash], [article().url, article().title, article().hash])
    })

    it('still knows an article whose source goes on listing it: it does not come back, under no name', async () => {
      const db = await open()
      const one = article({ guid: 'g1' })
      await save(db, one)
      await retireArticles(db, ['a1'], at(9))
      assert.equal(await save(db, { ...one, firstSeenAt: at(20) }), 'unchanged')
      const renamed = article({ id: 'a9', guid: 'g1', url: 'https://new.example/a1', firstSeenAt: at(20) })
      assert.equal(await save(db, renamed), 'unchanged')
      assert.equal((await findKnown(db, 'main', ['guid:g1']))?.id, 'a1')
      assert.deepEqual(await articlesSeenAfter(db, at(-60)), [])
    })
  })

  it('reads old articles piece by piece, oldest first', async () => {
    const db = await open()
    for (const [minute, id] of ['a1', 'a2', 'a3', 'a4'].entries())
      await save(db, article({ id, firstSeenAt: at(id === 'a3' ? 1 : minute) }))
    const first = await articlesSeenBefore(db, at(3), { limit: 2 })
    assert.deepEqual(
      first.map(({ id }) => id),
      ['a1', 'a2'],
    )
    const second = await articlesSeenBefore(db, at(3), { limit: 2, after: first.at(-1) })
    assert.deepEqual(
      second.map(({ id }) => id),
      ['a3'],
    )
  })

  describe('sumUpDeliveries', () => {
    it('deletes settled rows of old editions that are over, and the counts stay', async () => {
      const db = await open()
      await settledEdition(db, 7, ['submitted', 'submitted', 'refused', 'uncertain'])
      await setEditionState(db, 'e1', 'done')
      const before = await countDeliveries(db, 'e1')
      assert.deepEqual([before.submitted, before.refused, before.uncertain], [4, 2, 1])
      assert.equal(await sumUpDeliveries(db, at(2)), 6)
      assert.deepEqual(await countDeliveries(db, 'e1'), before)
      // What nobody knows the fate of is still there for somebody to look into.
      const left = await db.selectFrom('delivery').select('state').execute()
      assert.deepEqual(left, [{ state: 'uncertain' }])
      assert.equal(await sumUpDeliveries(db, at(2)), 0)
    })

    it('adds to the sum what is settled later', async () => {
      const db = await open()
      await settledEdition(db, 2, ['submitted'])
      await setEditionState(db, 'e1', 'done')
      await sumUpDeliveries(db, at(2))
      await openDeliveries(db, 'e1', 's1', ['late'], at(0))
      await db.updateTable('delivery').set({ state: 'submitted' }).execute()
      assert.equal(await sumUpDeliveries(db, at(2)), 1)
      assert.equal((await countDeliveries(db, 'e1')).submitted, 3)
    })

    it('goes through more rows than one transaction takes', async () => {
      const db = await open()
      await addEdition(db, edition({ state: 'done' }))
      const readers = Array.from({ length: 1203 }, (_, number) => `r${number}`)
      await openDeliveries(db, 'e1', 's1', readers, at(0))
      await db.updateTable('delivery').set({ state: 'submitted' }).execute()
      assert.equal(await sumUpDeliveries(db, at(1)), 1203)
      assert.equal((await countDeliveries(db, 'e1')).submitted, 1203)
    })

    for (const state of ['ready', 'sending', 'paused', 'composing', 'draft'] as const) {
      it(`touches nothing of an edition that is ${state}: it may still go out`, async () => {
        const db = await open()
        await settledEdition(db, 2, ['submitted'])
        await setEditionState(db, 'e1', state)
        assert.equal(await sumUpDeliveries(db, at(60)), 0)
      })
    }

    it('touches nothing younger', async () => {
      const db = await open()
      await settledEdition(db, 2, ['submitted'])
      await setEditionState(db, 'e1', 'done')
      assert.equal(await sumUpDeliveries(db, at(0)), 0)
      assert.equal(await sumUpDeliveries(db, at(1)), 0)
    })
  })

  it('remembers since when a picture is unused, and forgets it once it is used again', async () => {
    const db = await open()
    assert.deepEqual(
      await noteUnusedMedia(db, ['a', 'b'], at(0)),
      new Map([
        ['a', at(0)],
        ['b', at(0)],
      ]),
    )
    assert.deepEqual(
      await noteUnusedMedia(db, ['a', 'c'], at(1)),
      new Map([
        ['a', at(0)],
        ['c', at(1)],
      ]),
    )
    assert.deepEqual(
      await noteUnusedMedia(db, ['a', 'b'], at(2)),
      new Map([
        ['a', at(0)],
        ['b', at(2)],
      ]),
    )
    assert.deepEqual(await noteUnusedMedia(db, [], at(3)), new Map())
    assert.deepEqual(await db.selectFrom('unusedMedia').selectAll().execute(), [])
  })

  it('reads every text that may name a picture: articles and editions', async () => {
    const db = await open()
    for (let number = 0; number < 3; number += 1)
      await save(db, article({ id: `a${number}`, images: [{ url: `https://x.example/media/${number}.jpg` }] }))
    await addEdition(db, edition({ slices: [slice({ html: '<img src="media/in-a-mail.jpg">' })] }))
    await addEdition(db, edition({ id: 'e2', number: 2 }))
    await retireArticles(db, ['a2'], at(9))
    const texts = (await Array.fromAsync(textsNamingMedia(db))).join('\n')
    for (const part of ['media/0.jpg', 'media/1.jpg', 'in-a-mail.jpg', 'What happened to a1'])
      assert.ok(texts.includes(part), part)
    assert.ok(!texts.includes('media/2.jpg'))
  })

  it('sweeps what was used, cleared or ran out before, and leaves the rest', async () => {
    const db = await open()
    const [reader = ''] = await addReaders(db, 1)
    const [old, young] = [at(0).toISOString(), at(9).toISOString()]
    for (const [id, usedAt] of [
      ['used', old],
      ['justUsed', young],
      ['open', null],
    ] as const) {
      await db
        .insertInto('confirmation')
        .values({
          id,
          subscriberId: reader,
          newsletterId: 'daily',
          createdAt: old,
          expiresAt: old,
          usedAt,
          mailAt: null,
        })
        .execute()
    }
    for (const [key, clearedAt] of [
      ['over', old],
      ['justOver', young],
      ['standing', null],
    ] as const) {
      await db.insertInto('alert').values({ key, raisedAt: old, toldAt: old, clearedAt, failure: '{}' }).execute()
    }
    for (const [name, heldUntil] of [
      ['left', old],
      ['held', young],
    ] as const) {
      await db.insertInto('lease').values({ name, holder: 'somebody', heldUntil }).execute()
    }
    assert.equal(await sweepConfirmations(db, at(5)), 1)
    assert.equal(await sweepAlerts(db, at(5)), 1)
    assert.equal(await sweepLeases(db, at(5)), 1)
    const ids = await db.selectFrom('confirmation').select('id').orderBy('id').execute()
    assert.deepEqual(
      ids.map(({ id }) => id),
      ['justUsed', 'open'],
    )
    const keys = await db.selectFrom('alert').select('key').orderBy('key').execute()
    assert.deepEqual(
      keys.map(({ key }) => key),
      ['justOver', 'standing'],
    )
    assert.deepEqual(await db.selectFrom('lease').select('name').execute(), [{ name: 'held' }])
  })
})
