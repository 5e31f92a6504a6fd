import { strict as assert } from 'node:assert'
import { type Database } from '../../src/store/database.ts'
import { claimDue, openDeliveries, releaseLapsed, settle, startSending } from '../../src/store/deliveries.ts'
import { editionById, setEditionState } from '../../src/store/editions.ts'
import { listUncertain, reconcile } from '../../src/store/reconcile.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addEditionWithReaders, at } from './nouns.ts'

/** Deliveries of `e1` that nobody knows the fate of, by address; one more was submitted. */
async function addUncertain(db: Database): Promise<string[]> {
  await openDeliveries(db, 'e1', 's1', await addEditionWithReaders(db, 3), at(0))
  const rows = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 9 })
  for (const { id } of rows) await startSending(db, id, 'me', at(1), at(9))
  await settle(db, rows[0]!.id, 'me', { kind: 'submitted', reply: '250' }, at(2))
  assert.equal((await releaseLapsed(db, at(10))).uncertain.length, 2)
  return (await listUncertain(db, 'e1')).map(({ id }) => id)
}

const stateOf = async (db: Database, id: string) =>
  (await db.selectFrom('delivery').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state

describeOnEveryDatabase('store/reconcile', (open) => {
  it('lists what is uncertain, by address, with since when and why', async () => {
    const db = await open()
    await addUncertain(db)
    const [first, second, ...rest] = await listUncertain(db, 'e1')
    assert.deepEqual(rest, [])
    assert.ok(first!.email < second!.email)
    assert.deepEqual(first!.at, at(10))
    assert.match(first!.reason ?? '', /ended before the answer/)
    assert.deepEqual(await listUncertain(db, 'e2'), [])
  })

  it('settles only what is uncertain, and once', async () => {
    const db = await open()
    const [first, second] = await addUncertain(db)
    const wish = { editionId: 'e1', verdict: 'submitted' as const, now: at(20) }
    assert.equal(await reconcile(db, { ...wish, ids: [first!] }), 1)
    assert.equal(await reconcile(db, { ...wish, verdict: 'again', ids: [first!] }), 0)
    assert.equal(await stateOf(db, first!), 'submitted')
    assert.equal(await reconcile(db, { ...wish, editionId: 'e2', ids: [second!] }), 0)
    assert.equal(await reconcile(db, { ...wish, ids: [] }), 0)
    assert.equal(await stateOf(db, second!), 'uncertain')
  })

  it('makes due again what did not go, and a done edition go on, but none that was called off', async () => {
    const db = await open()
    const [first, second] = await addUncertain(db)
    const wish = { editionId: 'e1', verdict: 'again' as const, now: at(20) }
    await setEditionState(db, 'e1', 'cancelled')
    assert.equal(await reconcile(db, { ...wish, ids: [first!] }), 0)
    await setEditionState(db, 'e1', 'paused')
    assert.equal(await reconcile(db, { ...wish, ids: [first!] }), 1)
    assert.equal((await editionById(db, 'e1'))?.state, 'paused')
    await setEditionState(db, 'e1', 'done')
    assert.equal(await reconcile(db, { ...wish, ids: [second!] }), 1)
    assert.equal((await editionById(db, 'e1'))?.state, 'ready')
    assert.equal(await settle(db, first!, 'me', { kind: 'submitted', reply: '250' }, at(21)), false)
    assert.equal((await claimDue(db, { now: at(20), until: at(30), by: 'me', limit: 9 })).length, 2)
  })
})
