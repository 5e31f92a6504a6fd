import assert from 'node:assert/strict'
import { Failure } from '../../src/failures.ts'
import {
  countFollowers,
  denyTopic,
  dropRequest,
  dueRequests,
  dueSubscriptions,
  followedTopics,
  grantRequest,
  hasLapsed,
  newsFailed,
  newsTaken,
  postponeRequest,
  putRequest,
  sweepHubSubscriptions,
  type Wish,
} from '../../src/store/hub-subscriptions.ts'
import { duePings, failingPings, forgetTopic, noteTopics, pingFailed, pingTaken } from '../../src/store/hub-topics.ts'
import { type Database } from '../../src/store/database.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at } from './nouns.ts'

const wish = (changes: Partial<Wish> = {}): Wish => ({
  topic: 't1',
  callback: 'https://reader.example/cb',
  host: 'reader.example',
  mode: 'subscribe',
  leaseSeconds: 3600,
  ...changes,
})

const grant = async (db: Database, changes: Partial<Wish> = {}, until = at(60)) => {
  await putRequest(db, wish(changes), at(0))
  for (const request of await dueRequests(db, at(0), 99)) assert(await grantRequest(db, request, until))
}

const note = (db: Database, hash: string, now = at(0), topic = 't1') =>
  noteTopics(db, [{ topic, hash }], { now, isPinged: true })

const topics = (rows: { topic: string }[]) => rows.map(({ topic }) => topic)

describeOnEveryDatabase('store/hub', (open) => {
  it('has a document told that changed, until it is told as it is now', async () => {
    const db = await open()
    assert.equal(await note(db, 'a'), 1)
    assert.equal(await note(db, 'a'), 0)
    assert.deepEqual(await duePings(db, at(0), 9), [{ topic: 't1', hash: 'a', attempts: 0 }])
    await note(db, 'b', at(1))
    await pingTaken(db, { topic: 't1', hash: 'a' })
    assert.deepEqual(topics(await duePings(db, at(1), 9)), ['t1'])
    await pingTaken(db, { topic: 't1', hash: 'b' })
    assert.deepEqual(await duePings(db, at(9), 9), [])
  })

  it('notes hundreds at once', async () => {
    const db = await open()
    const many = Array.from({ length: 1200 }, (_, index) => ({ topic: `t${index}`, hash: 'a' }))
    assert.equal(await noteTopics(db, many, { now: at(0), isPinged: true }), 1200)
    assert.equal(await noteTopics(db, many, { now: at(0), isPinged: true }), 0)
    assert.equal((await duePings(db, at(0), 10_000)).length, 1200)
  })

  it('remembers since when and why a hub cannot be told, and forgets it when it can', async () => {
    const db = await open()
    await note(db, 'a')
    const failure = new Failure('hub.ping', { hub: 'h', status: 500 }).toJSON()
    await pingFailed(db, 't1', { now: at(1), again: at(2), failure })
    assert.deepEqual(await duePings(db, at(1), 9), [])
    await pingFailed(db, 't1', { now: at(2), again: at(4), failure })
    assert.equal(await failingPings(db, 3), undefined)
    assert.deepEqual(await failingPings(db, 2), { count: 1, since: at(1), failure })
    await pingTaken(db, { topic: 't1', hash: 'a' })
    assert.equal(await failingPings(db, 1), undefined)
    await forgetTopic(db, 't1')
    assert.equal(await note(db, 'a'), 1)
  })

  it('keeps one request for a document and callback, and grants no other than the last', async () => {
    const db = await open()
    await putRequest(db, wish({ secret: 'one' }), at(0))
    const [former] = await dueRequests(db, at(0), 9)
    await putRequest(db, wish({ secret: 'two' }), at(0))
    assert.equal(await grantRequest(db, former!, at(60)), false)
    await dropRequest(db, former!.id)
    const [request, ...more] = await dueRequests(db, at(0), 9)
    assert.deepEqual(more, [])
    assert.equal(request?.secret, 'two')
    assert.equal(await grantRequest(db, request, at(60)), true)
    await note(db, 'a')
    assert.deepEqual(await dueSubscriptions(db, at(0), 9), [
      { topic: 't1', callback: wish().callback, host: 'reader.example', attempts: 0, secret: 'two' },
    ])
  })

  it('asks again later, those first that were asked least often, and leaves out hosts that are busy', async () => {
    const db = await open()
    await putRequest(db, wish(), at(0))
    const [request] = await dueRequests(db, at(0), 9)
    await postponeRequest(db, request!.id, at(1))
    assert.deepEqual(await dueRequests(db, at(0), 9), [])
    await putRequest(db, wish({ topic: 't2', host: 'other.example' }), at(1))
    assert.deepEqual(topics(await dueRequests(db, at(1), 9)), ['t2', 't1'])
    assert.deepEqual(topics(await dueRequests(db, at(1), 9, ['other.example'])), ['t1'])
  })

  it('has news for whoever follows the document, once, and once more where it changed meanwhile', async () => {
    const db = await open()
    await note(db, 'a')
    await grant(db)
    await grant(db, { topic: 't2' })
    assert.deepEqual(await dueSubscriptions(db, at(0), 9), [])
    await note(db, 'b', at(1))
    assert.deepEqual(topics(await dueSubscriptions(db, at(1), 9)), ['t1'])
    assert.deepEqual(await dueSubscriptions(db, at(1), 9, ['reader.example']), [])
    const follower = { topic: 't1', callback: wish().callback }
    await newsTaken(db, follower, { hash: 'a' })
    assert.deepEqual(topics(await dueSubscriptions(db, at(1), 9)), ['t1'])
    await newsTaken(db, follower, { hash: 'b' })
    assert.deepEqual(await dueSubscriptions(db, at(1), 9), [])
  })

  it('keeps the pause of one that took nothing, whatever changes', async () => {
    const db = await open()
    await grant(db)
    await note(db, 'a')
    const follower = { topic: 't1', callback: wish().callback }
    await newsFailed(db, follower, { now: at(1), again: at(5) })
    await note(db, 'b', at(2))
    assert.deepEqual(await dueSubscriptions(db, at(4), 9), [])
    const [due] = await dueSubscriptions(db, at(5), 9)
    assert.deepEqual([due?.attempts, due?.failingSince], [1, at(1)])
    await grant(db)
    assert.equal((await dueSubscriptions(db, at(5), 9)).length, 1, 'a renewal loses no news')
  })

  it('ends a subscription when it is asked to, when its time is over, and with the document', async () => {
    const db = await open()
    await grant(db)
    await grant(db, { mode: 'unsubscribe' })
    assert.deepEqual(await followedTopics(db), [])
    await grant(db, {}, at(5))
    await grant(db, { topic: 't2' }, at(50))
    assert.deepEqual([await hasLapsed(db, at(4)), await hasLapsed(db, at(5))], [false, true])
    await note(db, 'a')
    assert.deepEqual(await dueSubscriptions(db, at(5), 9), [])
    assert.equal(await sweepHubSubscriptions(db, at(5)), 1)
    assert.deepEqual(await countFollowers(db, 'reader.example'), { all: 1, atHost: 1, waiting: 0 })
    assert.equal(await denyTopic(db, 't2', 'it is over', at(6)), 1)
    assert.deepEqual(await countFollowers(db, 'reader.example'), { all: 0, atHost: 0, waiting: 1 })
    const [told] = await dueRequests(db, at(6), 9)
    assert.deepEqual([told?.mode, told?.reason], ['denied', 'it is over'])
  })
})
