import { strict as assert } from 'node:assert'
import { Failure } from '../../src/failures.ts'
import { saveArticle } from '../../src/store/articles.ts'
import { countArticles, listSources, sourceCollected } from '../../src/store/sources.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { article, at } from './nouns.ts'

describeOnEveryDatabase('store/sources', (open) => {
  it('says nothing of a source that was never collected', async () => {
    assert.deepEqual(await listSources(await open()), [])
  })

  it('keeps when each source was collected, by id', async () => {
    const db = await open()
    await sourceCollected(db, 'news', at(1))
    await sourceCollected(db, 'desk', at(2))
    assert.deepEqual(await listSources(db), [
      { id: 'desk', failures: 0, collectedAt: at(2), succeededAt: at(2) },
      { id: 'news', failures: 0, collectedAt: at(1), succeededAt: at(1) },
    ])
  })

  it('keeps why the last collection failed, and when the last good one was', async () => {
    const db = await open()
    const failure = new Failure('folder.missing', { path: 'articles', line: 3 }).toJSON()
    await sourceCollected(db, 'desk', at(1))
    await sourceCollected(db, 'desk', at(2), failure)
    assert.deepEqual(await listSources(db), [
      { id: 'desk', failures: 1, collectedAt: at(2), succeededAt: at(1), failure },
    ])
  })

  it('takes a detail of a failure that was undefined as absent', async () => {
    const db = await open()
    await sourceCollected(db, 'desk', at(1), new Failure('folder.missing', { path: undefined }).toJSON())
    assert.deepEqual((await listSources(db))[0]?.failure?.details, {})
  })

  it('forgets a failure once the source works again', async () => {
    const db = await open()
    await sourceCollected(db, 'desk', at(1), new Failure('folder.missing').toJSON())
    await sourceCollected(db, 'desk', at(2))
    assert.deepEqual(await listSources(db), [{ id: 'desk', failures: 0, collectedAt: at(2), succeededAt: at(2) }])
  })

  it('counts the failures in a row', async () => {
    const db = await open()
    const failures = async () => (await listSources(db))[0]?.failures
    const failure = new Failure('folder.missing').toJSON()
    for (const [time, failed, count] of [
      [1, true, 1],
      [2, true, 2],
      [3, true, 3],
      [4, false, 0],
      [5, true, 1],
    ] as const) {
      await sourceCollected(db, 'desk', at(time), failed ? failure : undefined)
      assert.equal(await failures(), count)
    }
  })

  it('counts the articles of each source, without those that were let go of', async () => {
    const db = await open()
    assert.deepEqual(await countArticles(db), new Map())
    for (const [id, sourceId] of [
      ['1', 'desk'],
      ['2', 'desk'],
      ['3', 'news'],
      ['4', 'gone'],
    ] as const)
      await saveArticle(db, article({ id, sourceId, url: `https://gazette.example/${id}` }), [`url:${id}`], `/${id}`)
    await db
      .updateTable('article')
      .set({ retiredAt: at(1).toISOString() })
      .where('id', '=', '4')
      .execute()
    assert.deepEqual([...(await countArticles(db))].toSorted(), [
      ['desk', 2],
      ['news', 1],
    ])
  })

  it('has no last success of a source that only ever failed', async () => {
    const db = await open()
    await sourceCollected(db, 'desk', at(1), new Failure('folder.missing').toJSON())
    assert.equal((await listSources(db))[0]?.succeededAt, undefined)
  })

  for (const [what, failure] of [
    ['is no JSON', '{'],
    ['has a code that never was', JSON.stringify({ ...new Failure('folder.missing').toJSON(), code: 'no.such' })],
    ['has a key too many', JSON.stringify({ ...new Failure('folder.missing').toJSON(), more: 1 })],
  ]) {
    it(`refuses a failure that ${what!}`, async () => {
      const db = await open()
      await sourceCollected(db, 'desk', at(1))
      await db.updateTable('source').set({ failure: failure! }).execute()
      await assert.rejects(listSources(db), { code: 'database.unusable', message: /source\.failure/ })
    })
  }

  it('refuses a time that is not written as times are', async () => {
    const db = await open()
    await sourceCollected(db, 'desk', at(1))
    await db.updateTable('source').set({ collectedAt: '2026-03-01' }).execute()
    await assert.rejects(listSources(db), { code: 'database.unusable', message: /collected_at/ })
  })
})
