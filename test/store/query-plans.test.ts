import { strict as assert } from 'node:assert'
import { CompiledQuery, SqliteQueryCompiler, type KyselyPlugin } from 'kysely'
import {
  articleByUrl,
  articlesById,
  articlesSeenAfter,
  findKnown,
  findMoved,
  findNamed,
  newestArticles,
  pinnedArticles,
  saveArticle,
} from '../../src/store/articles.ts'
import { changesOf } from '../../src/store/article-changes.ts'
import { asSiteSays } from '../../src/store/article-corrections.ts'
import { filedByKeys } from '../../src/store/article-search.ts'
import { dueFiles, postponeFile, settleFile, withAnswers } from '../../src/store/media-files.ts'
import { duePages } from '../../src/store/page-checks.ts'
import { copiesAmong, findTellings, isToldBy, storiesOf } from '../../src/store/stories.ts'
import { openDatabase, type Database, type Store } from '../../src/store/database.ts'
import { claimDue, countDeliveries, releaseLapsed, settle, startSending } from '../../src/store/deliveries.ts'
import { addEdition, editionsIn, latestEdition } from '../../src/store/editions.ts'
import { notedItems } from '../../src/store/items.ts'
import { dueRequests, dueSubscriptions, hasLapsed, newsTaken } from '../../src/store/hub-subscriptions.ts'
import { duePings, noteTopics, pingTaken } from '../../src/store/hub-topics.ts'
import { findConfirmation } from '../../src/store/confirmations.ts'
import { activeAmong, countAttempt, sweepAttempts } from '../../src/store/sign-ups.ts'
import { audiences, moveWatermark, nextAudience } from '../../src/store/audiences.ts'
import { countSubscriptions, endSubscription, findSubscriber } from '../../src/store/subscribers.ts'
import { article, at, edition, keysOf, pathOf } from './nouns.ts'

/** What is asked for every article, page, reader or delivery, and so may not read a whole table to answer. */
const hot: Record<string, (db: Database) => Promise<unknown>> = {
  findKnown: (db) => findKnown(db, 'main', ['url:a', 'guid:b']),
  findNamed: (db) => findNamed(db, 'main', ['url:a', 'guid:b']),
  notedItems: (db) => notedItems(db, 'main', ['url:a', 'guid:b']),
  findMoved: (db) => findMoved(db, 'main', { path: '/p', hash: 'h', title: 't' }),
  'saveArticle, when it is new': (db) => saveArticle(db, article(), keysOf(article()), pathOf(article())),
  filedByKeys: (db) => filedByKeys(db, ['url:a']),
  duePages: (db) => duePages(db, 'main', at(0), 5),
  dueFiles: (db) => dueFiles(db, 'main', at(0), 25),
  settleFile: (db) => settleFile(db, 'https://gazette.example/1.mp3', { fate: 'missing' }),
  postponeFile: (db) => postponeFile(db, 'https://gazette.example/1.mp3', { dueAt: at(1), attempts: 1 }),
  withAnswers: (db) => withAnswers(db, [article({ enclosures: [{ url: 'https://gazette.example/1.mp3', type: '' }] })]),
  findTellings: (db) =>
    findTellings(db, { sourceId: 'main', keys: ['url:a', 'original:a'], bands: ['x', 'y'], from: at(0), to: at(1) }),
  copiesAmong: (db) => copiesAmong(db, ['a1', 'a2']),
  storiesOf: (db) => storiesOf(db, ['a1', 'a2']),
  isToldBy: (db) => isToldBy(db, 'a1', article()),
  pinnedArticles: (db) => pinnedArticles(db),
  asSiteSays: (db) => asSiteSays(db, article()),
  changesOf: (db) => changesOf(db, 'a1'),
  newestArticles: (db) => newestArticles(db, { limit: 50, before: article() }),
  articlesSeenAfter: (db) => articlesSeenAfter(db, at(0)),
  articlesById: (db) => articlesById(db, ['a1', 'a2']),
  articleByUrl: (db) => articleByUrl(db, 'https://gazette.example/'),
  editionsIn: (db) => editionsIn(db, ['ready', 'sending']),
  latestEdition: (db) => latestEdition(db, 'daily'),
  findSubscriber: (db) => findSubscriber(db, { key: 'ada@reader.example' }),
  audiences: (db) => audiences(db, 'daily'),
  countSubscriptions: (db) => countSubscriptions(db, 'daily'),
  nextAudience: (db) => nextAudience(db, { newsletterId: 'daily', watermark: at(0), since: at(0), limit: 9 }),
  moveWatermark: (db) => moveWatermark(db, ['r1', 'r2'], 'daily', at(1)),
  endSubscription: (db) =>
    endSubscription(db, {
      subscriberId: 'r1',
      newsletterId: 'daily',
      now: at(1),
      reason: 'unsubscribed',
      path: 'link',
      evidence: '',
    }),
  findConfirmation: (db) => findConfirmation(db, 'c1'),
  activeAmong: (db) => activeAmong(db, { key: 'ada@reader.example' }, ['daily']),
  countAttempt: (db) => countAttempt(db, { bucket: 'b', now: at(1), since: at(0), limit: 3 }),
  sweepAttempts: (db) => sweepAttempts(db, at(0)),
  claimDue: (db) => claimDue(db, { now: at(1), until: at(2), by: 'me', limit: 9 }),
  startSending: (db) => startSending(db, 'd1', 'me', at(1), at(2)),
  settle: (db) => settle(db, 'd1', 'me', { kind: 'submitted', reply: '' }, at(1)),
  releaseLapsed: (db) => releaseLapsed(db, at(9)),
  countDeliveries: (db) => countDeliveries(db, 'e1'),
  duePings: (db) => duePings(db, at(1), 1),
  'noteTopics, when nothing changed': (db) =>
    noteTopics(db, [{ topic: 't', hash: 'h' }], { now: at(0), isPinged: true }),
  pingTaken: (db) => pingTaken(db, { topic: 't', hash: 'h' }),
  dueRequests: (db) => dueRequests(db, at(1), 1),
  dueSubscriptions: (db) => dueSubscriptions(db, at(1), 1),
  hasLapsed: (db) => hasLapsed(db, at(1)),
  newsTaken: (db) => newsTaken(db, { topic: 't', callback: 'c' }, { hash: 'h' }),
}

/** How many statements there are to look at, where one call makes several. */
const several: Partial<Record<string, number>> = {
  'saveArticle, when it is new': 5,
  endSubscription: 3,
  startSending: 3,
  releaseLapsed: 2,
}

describe('store: query plans', () => {
  let store: Store

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    const { db } = store
    await addEdition(db, edition())
    const then = at(0).toISOString()
    // Rows for the queries that come after a first one has found something.
    await db.insertInto('subscriber').values({ id: 'r1', email: 'r1', addressKey: 'r1', createdAt: then }).execute()
    const reader = { subscriberId: 'r1', newsletterId: 'daily', state: 'active', watermark: then, since: then } as const
    await db
      .insertInto('subscription')
      .values({ ...reader, endedAt: null, reason: null })
      .execute()
    const delivery = { id: 'd1', editionId: 'e1', subscriberId: 'r1', sliceId: 's1', state: 'claimed' } as const
    await db
      .insertInto('delivery')
      .values({
        ...delivery,
        attempts: 0,
        dueAt: then,
        claimedUntil: then,
        claimedBy: 'me',
        reason: null,
        changedAt: then,
      })
      .execute()
  })
  afterEach(() => store.close())

  for (const [name, ask] of Object.entries(hot)) {
    it(`answers ${name} from an index`, async () => {
      const asked = await plansOf(store.db, ask)
      assert.ok(asked.length >= (several[name] ?? 1), `only ${String(asked.length)} were seen`)
      for (const { query, plan } of asked) {
        const scans = plan.filter((step) => step.startsWith('SCAN') && !/USING (COVERING )?INDEX/.test(step))
        assert.deepEqual(scans, [], query)
      }
    })
  }

  for (const [name, ask] of Object.entries({
    newestArticles: hot['newestArticles']!,
    articlesSeenAfter: hot['articlesSeenAfter']!,
    'what is due first': hot['claimDue']!,
    nextAudience: hot['nextAudience']!,
    duePings: hot['duePings']!,
    dueRequests: hot['dueRequests']!,
    dueSubscriptions: hot['dueSubscriptions']!,
  })) {
    it(`sorts nothing to give ${name} in order`, async () => {
      for (const { query, plan } of await plansOf(store.db, ask)) {
        const sorts = plan.filter((step) => step.includes('TEMP B-TREE'))
        assert.deepEqual(sorts, [], query)
      }
    })
  }

  it('would notice a query that reads a whole table', async () => {
    const [asked] = await plansOf(store.db, (db) =>
      db.selectFrom('article').select('id').where('text', '=', 'x').execute(),
    )
    assert.deepEqual(asked?.plan, ['SCAN article'])
  })
})

/** Every statement that `ask` runs, and how SQLite would go about it. */
async function plansOf(
  db: Database,
  ask: (db: Database) => Promise<unknown>,
): Promise<{ query: string; plan: string[] }[]> {
  const queries: CompiledQuery[] = []
  const listener: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      queries.push(new SqliteQueryCompiler().compileQuery(node, queryId))
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  await ask(db.withPlugin(listener))
  const plans = []
  for (const { sql, parameters } of queries) {
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    )
    plans.push({ query: sql, plan: rows.map(({ detail }) => detail) })
  }
  return plans
}
