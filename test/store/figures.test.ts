import { strict as assert } from 'node:assert'
import { CompiledQuery } from 'kysely'
import { Failure } from '../../src/failures.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { addEdition } from '../../src/store/editions.ts'
import { saveArticle } from '../../src/store/articles.ts'
import { readFigures } from '../../src/store/figures.ts'
import { dueRequests, grantRequest, newsFailed, newsTaken, putRequest } from '../../src/store/hub-subscriptions.ts'
import { noteTopics, pingFailed } from '../../src/store/hub-topics.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addReaders, article, at, edition, keysOf, pathOf } from './nouns.ts'

const noHub = { subscriptions: 0, failing: 0, requests: 0, due: 0, pingsFailing: 0 }

describeOnEveryDatabase('store: figures', (open) => {
  it('counts nothing where nothing is', async () => {
    const none = { articles: [], deliveries: [], due: { count: 0 }, editions: [], subscriptions: [], alerts: 0 }
    assert.deepEqual(await readFigures(await open(), at(0)), { ...none, hub: noHub })
  })

  it('counts what there is, and of what is due only what could go out', async () => {
    const db = await open()
    for (const id of ['a1', 'a2'])
      await saveArticle(db, article({ id }), keysOf(article({ id })), pathOf(article({ id })))
    const readers = await addReaders(db, 3)
    await addEdition(db, edition({ id: 'e1', number: 1, state: 'sending' }))
    await addEdition(db, edition({ id: 'e2', number: 2, state: 'paused' }))
    await openDeliveries(db, 'e1', 's1', readers.slice(0, 2), at(5))
    await openDeliveries(db, 'e1', 's1', readers.slice(2), at(90))
    await openDeliveries(db, 'e2', 's1', readers, at(1))
    assert.deepEqual(await readFigures(db, at(30)), {
      articles: [{ source: 'main', count: 2 }],
      deliveries: [{ state: 'due', count: 6 }],
      due: { count: 2, oldest: at(5) },
      editions: [
        { state: 'paused', count: 1 },
        { state: 'sending', count: 1 },
      ],
      subscriptions: [{ newsletter: 'daily', state: 'active', count: 3 }],
      alerts: 0,
      hub: noHub,
    })
  })

  it('counts who follows at our own hub, and what they are still to get', async () => {
    const db = await open()
    const topic = 'https://news.gazette.example/feeds/all/rss.xml'
    for (const name of ['well', 'failing', 'asked']) {
      const wish = { topic, callback: `https://${name}.example/`, host: `${name}.example`, leaseSeconds: 9999 }
      await putRequest(db, { ...wish, mode: 'subscribe' }, at(0))
    }
    for (const request of await dueRequests(db, at(0), 9))
      if (request.host !== 'asked.example') await grantRequest(db, request, at(999))
    await noteTopics(db, [{ topic, hash: 'one' }], { now: at(1), isPinged: false })
    await newsTaken(db, { topic, callback: 'https://well.example/' }, { hash: 'one' })
    await newsFailed(db, { topic, callback: 'https://failing.example/' }, { now: at(1), again: at(2) })
    const own = { subscriptions: 2, failing: 1, requests: 1, due: 1, pingsFailing: 0 }
    assert.deepEqual((await readFigures(db, at(3))).hub, own)
  })

  it('counts what a hub is still to be told', async () => {
    const db = await open()
    const topics = ['rss.xml', 'atom.xml'].map((name) => ({
      topic: `https://news.gazette.example/${name}`,
      hash: 'one',
    }))
    await noteTopics(db, topics, { now: at(1), isPinged: true })
    const failure = new Failure('hub.ping', { hub: 'hub.example', status: 500 }).toJSON()
    await pingFailed(db, topics[0]!.topic, { now: at(1), again: at(2), failure })
    assert.deepEqual((await readFigures(db, at(3))).hub, { ...noHub, due: 2, pingsFailing: 1 })
  })
})

describe('store: figures', () => {
  it('are read from indexes, whatever there is much of', async () => {
    const store = await openDatabase(':memory:')
    try {
      for (const { sql, parameters } of await queriesOf(store.db, (db) => readFigures(db, at(0)))) {
        const { rows } = await store.db.executeQuery<{ detail: string }>(
          CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
        )
        const plan = rows.map(({ detail }) => detail)
        // What is wrong at one time fills no table.
        const scans = plan.filter((step) => step.startsWith('SCAN') && !step.includes('INDEX') && step !== 'SCAN alert')
        assert.deepEqual(scans, [], sql)
        assert.deepEqual(
          plan.filter((step) => step.includes('TEMP B-TREE')),
          [],
          sql,
        )
      }
    } finally {
      await store.close()
    }
  })
})

async function queriesOf(db: Database, ask: (db: Database) => Promise<unknown>): Promise<CompiledQuery[]> {
  const queries: CompiledQuery[] = []
  const compile = db.getExecutor().compileQuery.bind(db.getExecutor())
  await ask(
    db.withPlugin({
      transformQuery({ node, queryId }) {
        queries.push(compile(node, queryId))
        return node
      },
      transformResult: ({ result }) => Promise.resolve(result),
    }),
  )
  assert.equal(queries.length, 12)
  return queries
}
