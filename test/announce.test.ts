import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { publicAddresses } from '../src/addresses.ts'
import { announce, isNewsDue, type AnnounceNeeds } from '../src/announce.ts'
import { openSender, type Sender } from '../src/http/send.ts'
import { openLog } from '../src/log.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { noteTopics } from '../src/store/hub-topics.ts'
import { feed } from './feeds/nouns.ts'
import { makeFolder } from './folders.ts'
import { openFollower, type Follower } from './hub/followers.ts'

const topic = 'https://news.example/feeds/all/rss.xml'

describe('announce, to a hub', () => {
  let store: Store
  let directory: string
  let hub: Follower
  let sender: Sender
  let answers: number[]
  let clock: Date

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    directory = await makeFolder()
    answers = []
    clock = new Date('2026-03-04T06:00:00Z')
    hub = await openFollower((_, response) => {
      const status = answers.shift() ?? 202
      if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end()
      return true
    })
    sender = openSender({ userAgent: 'Broadsheet', allow: [hub.host], timeoutMs: 300, now: () => clock })
  })
  afterEach(async () => {
    await sender.close()
    await hub.close()
    await store.close()
    await rm(directory, { recursive: true })
  })

  const needs = (changes: Partial<AnnounceNeeds> = {}): AnnounceNeeds => ({
    db: store.db,
    addresses: publicAddresses('https://news.example/', undefined, hub.url),
    directory,
    feeds: [feed()],
    send: sender.send,
    now: () => clock,
    log: openLog('silent', false),
    ...changes,
  })
  const note = (hash: string, at = topic) => noteTopics(store.db, [{ topic: at, hash }], { now: clock, isPinged: true })
  const wait = (minutes: number) => (clock = new Date(clock.getTime() + minutes * 60_000))
  const told = () => hub.heard.map(({ fields }) => fields.get('hub.url'))

  it('tells the hub of each file that changed, once', async () => {
    const atom = 'https://news.example/feeds/all/atom.xml'
    await note('1')
    await note('1', atom)
    assert.equal((await announce(needs())).pinged, 2)
    assert.equal(await note('1'), 0)
    assert.equal((await announce(needs())).pinged, 0)
    assert.deepEqual(told().toSorted(), [atom, topic])
    const [first] = hub.heard
    assert.deepEqual(
      [first?.method, first?.fields.get('hub.mode'), first?.fields.get('hub.topic')],
      ['POST', 'publish', first?.fields.get('hub.url')],
    )
    await note('2')
    assert.equal((await announce(needs())).pinged, 1)
    assert.equal(hub.heard.length, 3)
  })

  it('has nothing to do without a hub, and nothing due when all is told', async () => {
    const { addresses } = needs()
    assert.equal(await isNewsDue(store.db, addresses, clock), false)
    await note('1')
    assert.equal(await isNewsDue(store.db, addresses, clock), true)
    const without = publicAddresses('https://news.example/')
    assert.equal(await isNewsDue(store.db, without, clock), false)
    assert.equal((await announce(needs({ addresses: without }))).pinged, 0)
    assert.deepEqual(told(), [])
  })

  it('tells it again, later each time, when the hub fails or does not answer, and says so from the third time on', async () => {
    await note('1')
    answers = [500, 0, 503]
    const faults = []
    for (const minutes of [1, 2, 0]) {
      const { failed, faults: found } = await announce(needs())
      assert.equal(failed, 1)
      faults.push(found.map(({ code }) => code))
      assert.equal((await announce(needs())).failed, 0, 'not before its time')
      wait(minutes)
    }
    assert.deepEqual(faults, [[], [], ['hub.ping']])
    wait(4)
    assert.deepEqual([(await announce(needs())).pinged, (await announce(needs())).faults.length], [1, 0])
  })

  it('waits for hours after a no, and follows no redirect', async () => {
    for (const status of [403, 302]) {
      await note(String(status))
      answers = [status]
      assert.equal((await announce(needs())).failed, 1)
      wait(359)
      assert.equal(await isNewsDue(store.db, needs().addresses, clock), false)
      wait(1)
      assert.equal((await announce(needs())).pinged, 1)
    }
    assert.equal(hub.heard.length, 4)
  })

  it('tells of a change that came while the hub was being told', async () => {
    await note('1')
    const slow = needs({
      send: async (address, request) => {
        if (hub.heard.length === 0) await note('2')
        return sender.send(address, request)
      },
    })
    assert.equal((await announce(slow)).pinged, 2)
    assert.equal(await isNewsDue(store.db, slow.addresses, clock), false)
  })

  it('says nothing of a feed that is no more', async () => {
    await note('1')
    assert.equal((await announce(needs({ feeds: [] }))).pinged, 0)
    assert.deepEqual(told(), [])
    assert.equal(await isNewsDue(store.db, needs().addresses, clock), false)
  })

  it('never goes into a private network that it was not let into', async () => {
    const strict = openSender({ userAgent: 'Broadsheet', allow: [], now: () => clock })
    await note('1')
    assert.equal((await announce(needs({ send: strict.send }))).failed, 1)
    assert.deepEqual(told(), [])
    await strict.close()
  })
})
