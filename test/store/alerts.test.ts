import { strict as assert } from 'node:assert'
import { Failure } from '../../src/failures.ts'
import { type Alert } from '../../src/model.ts'
import { alertsTold, keepAlerts, listAlerts, waitingEditions } from '../../src/store/alerts.ts'
import { addEdition } from '../../src/store/editions.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at, edition } from './nouns.ts'

const failure = new Failure('http.timeout', { source: 'main', reason: undefined, failures: 3 })

const alert = (key: string, changes: Partial<Alert> = {}): Alert => ({
  key,
  failure: failure.toJSON(),
  raisedAt: at(0),
  ...changes,
})

describeOnEveryDatabase('store: alerts', (open) => {
  it('keeps alerts as they are now, oldest first, and forgets those that it is told to', async () => {
    const db = await open()
    const kept = alert('source:main')
    await keepAlerts(db, [alert('b', { raisedAt: at(1) }), kept, alert('c')], [])
    await keepAlerts(db, [alert('b', { raisedAt: at(1), toldAt: at(2), clearedAt: at(3) })], ['c', 'never there'])
    const details = { source: 'main', failures: 3 }
    assert.deepEqual(
      await listAlerts(db),
      [kept, alert('b', { raisedAt: at(1), toldAt: at(2), clearedAt: at(3) })].map((each) => ({
        ...each,
        failure: { ...each.failure, details },
      })),
    )
    await keepAlerts(db, [alert('b', { raisedAt: at(5) })], [])
    const [, again] = await listAlerts(db)
    assert.equal(again?.toldAt, undefined)
    assert.equal(again?.clearedAt, undefined)
  })

  it('notes who was told of what', async () => {
    const db = await open()
    await keepAlerts(db, [alert('a'), alert('b')], [])
    await alertsTold(db, ['a'], at(4))
    assert.deepEqual(
      (await listAlerts(db)).map(({ key, toldAt }) => [key, toldAt]),
      [
        ['a', at(4)],
        ['b', undefined],
      ],
    )
  })

  it('gives the editions that wait for an editor, and why', async () => {
    const db = await open()
    const heldFor = new Failure('edition.unusual', { articles: 500 }).toJSON()
    await addEdition(db, edition({ id: 'e1', number: 1 }))
    await addEdition(db, edition({ id: 'e2', number: 2, state: 'draft', heldFor }))
    assert.deepEqual(await waitingEditions(db), [
      { id: 'e2', newsletterId: 'daily', number: 2, composedAt: at(0), heldFor },
    ])
  })
})
