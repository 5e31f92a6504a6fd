import { strict as assert } from 'node:assert'
import { Failure } from '../../src/failures.ts'
import { transact } from '../../src/store/database.ts'
import { claimDue, countDeliveries, openDeliveries, settle, startSending } from '../../src/store/deliveries.ts'
import {
  addEdition,
  cancelEdition,
  editionById,
  editionsIn,
  findEditions,
  latestEdition,
  latestEditions,
  lockEditionState,
  setEditionState,
} from '../../src/store/editions.ts'
import { audienceOf, audiences, firstSubscribedAt } from '../../src/store/audiences.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addEditionWithReaders, addReaders, at, edition, slice } from './nouns.ts'

describeOnEveryDatabase('store/editions', (open) => {
  it('gives an edition back as it was added', async () => {
    const db = await open()
    const whole = edition({
      slices: [
        slice(),
        slice({ id: 's2', after: at(-9), until: at(-7), articleIds: [], html: '<p>“&”</p>', text: 'a\r\nb' }),
      ],
    })
    assert.equal(await addEdition(db, whole), true)
    assert.deepEqual(await editionById(db, 'e1'), whole)
    assert.equal(await editionById(db, 'e2'), undefined)
  })

  it('gives a number of a newsletter once, and an id once', async () => {
    const db = await open()
    await addEdition(db, edition())
    assert.equal(await addEdition(db, edition({ id: 'e2', from: 'late@gazette.example' })), false)
    assert.equal(await addEdition(db, edition({ number: 2 })), false)
    assert.equal(await addEdition(db, edition({ id: 'e2', newsletterId: 'weekly' })), true)
    assert.deepEqual(await editionById(db, 'e1'), edition())
  })

  it('knows the latest edition of a newsletter by its number', async () => {
    const db = await open()
    for (const number of [2, 10, 9]) {
      await addEdition(db, edition({ id: `e${String(number)}`, number, state: 'cancelled' }))
    }
    await addEdition(db, edition({ id: 'w', newsletterId: 'weekly', number: 11 }))
    assert.equal((await latestEdition(db, 'daily'))?.id, 'e10')
    assert.equal(await latestEdition(db, 'monthly'), undefined)
  })

  it('lists editions by state and newsletter, oldest first', async () => {
    const db = await open()
    await addEdition(db, edition({ id: 'late', number: 1, state: 'ready', composedAt: at(3) }))
    await addEdition(db, edition({ id: 'soon', number: 2, state: 'sending', composedAt: at(1) }))
    await addEdition(db, edition({ id: 'done', number: 3, state: 'done', composedAt: at(2) }))
    await addEdition(db, edition({ id: 'other', newsletterId: 'weekly', state: 'ready', composedAt: at(2) }))
    const idsOf = async (...wanted: Parameters<typeof editionsIn> extends [unknown, ...infer Rest] ? Rest : never) =>
      (await editionsIn(db, ...wanted)).map(({ id }) => id)
    assert.deepEqual(await idsOf(['ready', 'sending']), ['soon', 'other', 'late'])
    assert.deepEqual(await idsOf(['ready', 'sending'], 'daily'), ['soon', 'late'])
    assert.deepEqual(await idsOf(['paused']), [])
    assert.deepEqual(await idsOf([]), [])
  })

  it('sets the state of an edition', async () => {
    const db = await open()
    await addEdition(db, edition({ state: 'composing' }))
    assert.equal(await setEditionState(db, 'e1', 'ready'), true)
    assert.equal((await editionById(db, 'e1'))?.state, 'ready')
    assert.equal(await setEditionState(db, 'e2', 'ready'), false)
  })

  it('leaves an edition alone that is no longer in the state it should be in', async () => {
    const db = await open()
    await addEdition(db, edition({ state: 'cancelled' }))
    assert.equal(await setEditionState(db, 'e1', 'done', ['ready', 'sending']), false)
    assert.equal((await editionById(db, 'e1'))?.state, 'cancelled')
    assert.equal(await setEditionState(db, 'e1', 'ready', ['paused', 'cancelled']), true)
  })

  it('keeps why an edition is held, until it is no draft any more', async () => {
    const db = await open()
    const heldFor = new Failure('edition.unusual', { edition: 'daily/1', articles: 500 }).toJSON()
    const draft = edition({ state: 'draft', heldFor })
    await addEdition(db, draft)
    assert.deepEqual(await editionById(db, 'e1'), draft)
    await setEditionState(db, 'e1', 'composing', ['draft'])
    assert.equal((await editionById(db, 'e1'))?.heldFor, undefined)
    assert.equal(await setEditionState(db, 'e1', 'composing', ['draft']), false)
  })

  it('is done when its last message was answered, and no more once one is sent again', async () => {
    const db = await open()
    const readers = await addEditionWithReaders(db, 2)
    await openDeliveries(db, 'e1', 's1', readers, at(0))
    const rows = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 9 })
    for (const [index, { id }] of rows.entries()) {
      await startSending(db, id, 'me', at(1), at(9))
      await settle(db, id, 'me', { kind: 'submitted', reply: '' }, at(2 + index))
    }
    await setEditionState(db, 'e1', 'done')
    assert.deepEqual((await editionById(db, 'e1'))?.doneAt, at(3))
    await setEditionState(db, 'e1', 'ready')
    assert.equal((await editionById(db, 'e1'))?.doneAt, undefined)
    await addEdition(db, edition({ id: 'empty', number: 2, composedAt: at(5) }))
    await setEditionState(db, 'empty', 'done')
    assert.deepEqual((await editionById(db, 'empty'))?.doneAt, at(5))
  })

  it('calls a draft off and moves its readers on, whoever stands with them', async () => {
    const db = await open()
    const slices = [slice({ id: 's1', after: at(-90) }), slice({ id: 's2', after: at(-60), until: at(-50) })]
    await addEdition(db, edition({ state: 'draft', slices }))
    const [ada, bob, cyd] = await addReaders(db, 4)
    for (const [id, watermark] of [
      [ada, at(-90)],
      [bob, at(-55)],
      [cyd, at(7)],
    ] as const) {
      await db.updateTable('subscription').set({ watermark: watermark.toISOString() }).where('subscriberId', '=', id!).execute() // prettier-ignore
    }
    await addReaders(db, 1, at(-60), 'weekly')
    assert.equal(await audienceOf(db, edition({ slices })), 3)
    assert.equal(await audienceOf(db, edition({ slices, composedAt: at(-61) })), 0)
    assert.equal(await cancelEdition(db, edition({ slices }), { now: at(8) }), true)
    assert.deepEqual(await audiences(db, 'daily'), [
      { watermark: at(0), readers: 3 },
      { watermark: at(7), readers: 1 },
    ])
    assert.deepEqual(await audiences(db, 'weekly'), [{ watermark: at(-60), readers: 1 }])
    assert.equal(await cancelEdition(db, edition({ slices }), { now: at(9) }), false)
  })

  it('calls off what is going out, but neither what arrived nor what is done', async () => {
    const db = await open()
    const readers = await addEditionWithReaders(db, 3)
    await openDeliveries(db, 'e1', 's1', readers, at(0))
    const [first] = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 2 })
    await startSending(db, first!.id, 'me', at(1), at(9))
    assert.equal(await cancelEdition(db, edition(), { now: at(2), keepArticles: true }), true)
    assert.deepEqual(await audiences(db, 'daily'), [{ watermark: at(-60), readers: 3 }])
    const { sending, dropped } = await countDeliveries(db, 'e1')
    assert.deepEqual([sending, dropped], [1, 2])
    assert.equal(await settle(db, first!.id, 'me', { kind: 'submitted', reply: '' }, at(3)), true)

    await addEdition(db, edition({ id: 'e2', number: 2, state: 'done' }))
    await openDeliveries(db, 'e2', 's1', readers, at(0))
    assert.equal(await cancelEdition(db, edition({ id: 'e2' }), { now: at(4) }), false)
    assert.equal((await countDeliveries(db, 'e2')).due, 3)
    assert.deepEqual(await audiences(db, 'daily'), [{ watermark: at(-60), readers: 3 }])
  })

  it('tells the state of an edition inside of a transaction', async () => {
    const db = await open()
    await addEdition(db, edition({ state: 'composing' }))
    assert.equal(await transact(db, (trx) => lockEditionState(trx, 'e1')), 'composing')
    assert.equal(await transact(db, (trx) => lockEditionState(trx, 'e2')), undefined)
  })

  it('lists the latest editions first, so many of them', async () => {
    const db = await open()
    for (const number of [1, 2, 3]) {
      await addEdition(db, edition({ id: `e${String(number)}`, number, composedAt: at(number), state: 'done' }))
    }
    await addEdition(db, edition({ id: 'w', newsletterId: 'weekly', state: 'draft', composedAt: at(9) }))
    const idsOf = async (wanted: Parameters<typeof latestEditions>[1]) =>
      (await latestEditions(db, wanted)).map(({ id }) => id)
    assert.deepEqual(await idsOf({ limit: 9 }), ['w', 'e3', 'e2', 'e1'])
    assert.deepEqual(await idsOf({ limit: 2, newsletterId: 'daily' }), ['e3', 'e2'])
    assert.deepEqual(await idsOf({ limit: 9, states: ['draft'] }), ['w'])
  })

  it('finds editions by what a person calls them', async () => {
    const db = await open()
    await addEdition(db, edition({ id: '12ab34cd-0000' }))
    await addEdition(db, edition({ id: '12ab99ff-0000', number: 12 }))
    await addEdition(db, edition({ id: 'feed0000-0000', newsletterId: '12ab-99', number: 3 }))
    const idsOf = async (name: string) => (await findEditions(db, name)).map(({ id }) => id)
    assert.deepEqual(await idsOf('daily/12'), ['12ab99ff-0000'])
    assert.deepEqual(await idsOf('daily-1'), ['12ab34cd-0000'])
    assert.deepEqual(await idsOf('12ab-99/3'), ['feed0000-0000'])
    assert.deepEqual(await idsOf('12ab-99-3'), ['feed0000-0000'])
    assert.deepEqual(await idsOf('12AB3'), ['12ab34cd-0000'])
    assert.deepEqual(await idsOf('12ab'), ['12ab34cd-0000', '12ab99ff-0000'])
    assert.deepEqual(await idsOf('12ab34cd-0000'), ['12ab34cd-0000'])
    for (const name of ['', '12a', '%', '____', 'daily/2', 'daily/99999999999999999999', "'; --"])
      assert.deepEqual(await idsOf(name), [], name)
  })

  it('knows when the first reader subscribed', async () => {
    const db = await open()
    assert.equal(await firstSubscribedAt(db, 'daily'), undefined)
    const [ada] = await addReaders(db, 2)
    const since = at(-99).toISOString()
    await db.updateTable('subscription').set({ since, state: 'ended' }).where('subscriberId', '=', ada!).execute()
    assert.deepEqual(await firstSubscribedAt(db, 'daily'), at(-99))
  })

  it('refuses slices of another shape', async () => {
    const db = await open()
    await addEdition(db, edition())
    await db.updateTable('edition').set({ slices: '[{"id":"s1"}]' }).execute()
    await assert.rejects(editionById(db, 'e1'), { code: 'database.unusable', message: /edition\.slices/ })
  })
})
