import assert from 'node:assert/strict'
import { findKnown, saveArticle } from '../../src/store/articles.ts'
import { type Database } from '../../src/store/database.ts'
import { addEdition, latestEdition } from '../../src/store/editions.ts'
import { applyRenames, currentId, idsInUse, type Rename } from '../../src/store/renames.ts'
import { listSources, sourceCollected } from '../../src/store/sources.ts'
import { endSubscription, listSubscriptions, subscribe } from '../../src/store/subscribers.ts'
import { readTicks, startTick } from '../../src/store/ticks.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addReaders, article, at, edition, keysOf, pathOf } from './nouns.ts'

const source: Rename = { kind: 'source', former: 'main', id: 'news' }
const newsletter: Rename = { kind: 'newsletter', former: 'daily', id: 'morning' }

async function save(db: Database, id: string, sourceId: string, url?: string): Promise<void> {
  const one = article({ id, sourceId, ...(url !== undefined && { url }) })
  await saveArticle(db, one, keysOf(one), pathOf(one))
}

async function join(db: Database, newsletterId: string, minute: number): Promise<string> {
  const reader = { email: 'ann@reader.example', key: 'ann@reader.example', newsletterId, watermark: at(0) }
  const { subscriber } = await subscribe(db, { ...reader, now: at(minute), path: 'cli', evidence: '', by: 'reader' })
  return subscriber.id
}

describeOnEveryDatabase('store/renames', (open) => {
  it('takes the articles of a source along, with every name they were known by', async () => {
    const db = await open()
    await save(db, 'a1', 'main')
    await sourceCollected(db, 'main', at(0))
    await startTick(db, 'collect:main', at(0), at(0))
    assert.deepEqual(await applyRenames(db, [source], at(1)), [source])
    const found = await findKnown(db, 'news', keysOf(article({ id: 'a1' })))
    assert.deepEqual([found?.id, found?.sourceId], ['a1', 'news'])
    assert.deepEqual(
      (await listSources(db)).map(({ id }) => id),
      ['news'],
    )
    assert.deepEqual([...(await readTicks(db)).keys()], ['collect:news'])
    assert.deepEqual((await idsInUse(db)).source, ['news'])
  })

  it('does nothing the second time, and takes along what came under the old id since', async () => {
    const db = await open()
    await save(db, 'a1', 'main')
    await applyRenames(db, [source], at(1))
    assert.deepEqual(await applyRenames(db, [source], at(2)), [])
    // From a process that still has the old config; one article is known under both ids.
    await save(db, 'a2', 'main')
    await save(db, 'a3', 'main', article({ id: 'a1' }).url)
    assert.deepEqual(await applyRenames(db, [source], at(3)), [source])
    assert.equal((await findKnown(db, 'news', keysOf(article({ id: 'a2' }))))?.id, 'a2')
    assert.equal((await findKnown(db, 'news', keysOf(article({ id: 'a1' }))))?.id, 'a1')
  })

  it('takes the readers and editions of a newsletter along', async () => {
    const db = await open()
    await addReaders(db, 2)
    await addEdition(db, edition())
    await startTick(db, 'compose:daily', at(0), at(0))
    await applyRenames(db, [newsletter], at(1))
    assert.equal((await listSubscriptions(db, { newsletterId: 'morning' })).length, 2)
    assert.equal((await latestEdition(db, 'morning'))?.number, 1)
    assert.deepEqual((await idsInUse(db)).newsletter, ['morning'])
    assert.deepEqual([...(await readTicks(db)).keys()], ['compose:morning'])
  })

  it('numbers the editions of the new id on after the old ones', async () => {
    const db = await open()
    for (const number of [1, 2]) await addEdition(db, edition({ id: `old${number}`, number }))
    for (const number of [1, 2]) await addEdition(db, edition({ id: `new${number}`, number, newsletterId: 'morning' }))
    await applyRenames(db, [newsletter], at(1))
    const rows = await db.selectFrom('edition').select(['id', 'number']).orderBy('number').execute()
    assert.deepEqual(
      rows.map(({ id, number }) => `${id} ${number}`),
      ['old1 1', 'old2 2', 'new1 3', 'new2 4'],
    )
  })

  it('keeps what a reader of both said last', async () => {
    for (const [said, state] of [
      ['left the old one first', 'active'],
      ['left the old one last', 'ended'],
    ]) {
      const db = await open()
      const subscriberId = await join(db, 'daily', 0)
      const leave = { subscriberId, newsletterId: 'daily', reason: 'unsubscribed', path: 'link', evidence: '' }
      if (state === 'active') await endSubscription(db, { ...leave, now: at(1) })
      await join(db, 'morning', 2)
      if (state === 'ended') await endSubscription(db, { ...leave, now: at(3) })
      await applyRenames(db, [newsletter], at(4))
      const all = await listSubscriptions(db)
      assert.deepEqual(
        all.map(({ subscription }) => [subscription.newsletterId, subscription.state]),
        [['morning', state]],
        said,
      )
    }
  })

  it('knows for ever what an old id is called today, through several renames and back', async () => {
    const db = await open()
    assert.equal(await currentId(db, 'newsletter', 'daily'), 'daily')
    await applyRenames(db, [newsletter], at(1))
    await applyRenames(db, [{ kind: 'newsletter', former: 'morning', id: 'first-light' }], at(2))
    assert.equal(await currentId(db, 'newsletter', 'daily'), 'first-light')
    assert.equal(await currentId(db, 'newsletter', 'morning'), 'first-light')
    assert.equal(await currentId(db, 'source', 'daily'), 'daily')
    await applyRenames(db, [{ kind: 'newsletter', former: 'first-light', id: 'daily' }], at(3))
    for (const id of ['daily', 'morning', 'first-light']) assert.equal(await currentId(db, 'newsletter', id), 'daily')
  })
})
