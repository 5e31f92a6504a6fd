import { strict as assert } from 'node:assert'
import { addEdition, editionById, editionsIn, latestEdition, setEditionState } from '../../src/store/editions.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at, edition, slice } from './nouns.ts'

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

  it('refuses slices of another shape', async () => {
    const db = await open()
    await addEdition(db, edition())
    await db.updateTable('edition').set({ slices: '[{"id":"s1"}]' }).execute()
    await assert.rejects(editionById(db, 'e1'), { code: 'database.unusable', message: /edition\.slices/ })
  })
})
