import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { announce, isNewsDue, type AnnounceNeeds } from '../src/announce.ts'
import { openSender, type Sender } from '../src/http/send.ts'
import { hashOf } from '../src/hub/documents.ts'
import { openLog } from '../src/log.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { isFollower, putRequest, type Wish } from '../src/store/hub-subscriptions.ts'
import { noteTopics } from '../src/store/hub-topics.ts'
import { feed } from './feeds/nouns.ts'
import { makeFolder } from './folders.ts'
import { openFollower, type Follower, type Heard } from './hub/followers.ts'

const server = 'https://news.example/'
const topic = `${server}feeds/all/rss.xml`
const first = new Date('2026-03-04T06:00:00Z')

describe('announce, as our own hub', () => {
  let store: Store
  let directory: string
  let sender: Sender
  let clock: Date
  let followers: Follower[]

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    directory = await makeFolder()
    followers = []
    clock = first
    await mkdir(join(directory, 'all'))
    await change('one')
  })
  afterEach(async () => {
    await sender.close()
    for (const follower of followers) await follower.close()
    await store.close()
    await rm(directory, { recursive: true })
  })

  const needs = (changes: Partial<AnnounceNeeds> = {}): AnnounceNeeds => ({
    db: store.db,
    addresses: publicAddresses(server, undefined, 'own'),
    directory,
    feeds: [feed()],
    send: sender.send,
    now: () => clock,
    log: openLog('silent', false),
    ...changes,
  })
  /** As `publish` does. */
  const change = async (text: string) => {
    await writeFile(join(directory, 'all', 'rss.xml'), text)
    await noteTopics(store.db, [{ topic, hash: hashOf(text) }], { now: clock, isPinged: false })
  }
  const open = async (...answers: ((heard: Heard, response: ServerResponse) => boolean)[]) => {
    const opened = await Promise.all((answers.length === 0 ? [undefined] : answers).map((one) => openFollower(one)))
    followers.push(...opened)
    sender = openSender({
      userAgent: 'Broadsheet',
      allow: followers.map(({ host }) => host),
      timeoutMs: 300,
      now: () => clock,
    })
    return opened as [Follower, ...Follower[]]
  }
  const ask = async ({ url, host }: Follower, changes: Partial<Wish> = {}) => {
    const wish: Wish = { topic, callback: url, host, mode: 'subscribe', leaseSeconds: 3600, ...changes }
    await putRequest(store.db, wish, clock)
  }
  const follows = ({ url }: Follower) => isFollower(store.db, { topic, callback: url })
  const wait = (minutes: number) => (clock = new Date(clock.getTime() + minutes * 60_000))
  const modes = ({ heard }: Follower) => heard.map(({ fields }) => fields.get('hub.mode'))

  it('asks whoever subscribed whether it did, then sends each change once, signed', async () => {
    const [reader] = await open()
    await ask(reader, { secret: 'quay' })
    assert.equal((await announce(needs())).verified, 1)
    const [question] = reader.heard
    assert.deepEqual(
      ['id', 'hub.mode', 'hub.topic', 'hub.lease_seconds'].map((name) => question?.fields.get(name)),
      ['7', 'subscribe', topic, '3600'],
    )
    assert.equal((await announce(needs())).sent, 0, 'what was there before is no news')

    await change('two')
    assert.equal((await announce(needs())).sent, 1)
    assert.equal((await announce(needs())).sent, 0)
    const [news, ...more] = reader.news()
    assert.equal(more.length, 0)
    assert(news)
    assert.equal(news.body.toString(), 'two')
    assert.equal(news.fields.get('id'), '7')
    assert.equal(news.headers['content-type'], 'application/rss+xml; charset=utf-8')
    assert.equal(news.headers['link'], `<${server}hub>; rel="hub", <${topic}>; rel="self"`)
    const mac = createHmac('sha256', 'quay').update('two').digest('hex')
    assert.equal(news.headers['x-hub-signature'], `sha256=${mac}`)
  })

  it('signs nothing without a secret', async () => {
    const [reader] = await open()
    await ask(reader)
    await announce(needs())
    await change('two')
    await announce(needs())
    assert.equal(reader.news()[0]?.headers['x-hub-signature'], undefined)
  })

  it('subscribes nobody who does not repeat the challenge', async () => {
    const liars = await open(
      (_, response) => !!response.end('yes'),
      ({ fields }, response) => !!response.writeHead(404).end(fields.get('hub.challenge')),
      ({ fields }, response) => !!response.end(`${fields.get('hub.challenge') ?? ''}\n`),
      (_, response) => !!response.end('x'.repeat(3_000_000)),
      // To where the challenge would be repeated.
      ({ fields }, response) => !!response.writeHead(302, { location: `/?${fields.toString()}&again` }).end(),
    )
    for (const liar of liars) await ask(liar)
    assert.deepEqual((await announce(needs())).verified, 0)
    for (const liar of liars) assert.deepEqual([await follows(liar), liar.heard.length], [false, 1])
    wait(60)
    assert.equal(await isNewsDue(store.db, needs().addresses, clock), false, 'nobody is asked again')
  })

  it('asks a few times more where nobody answers', async () => {
    let isUp = false
    const [reader, dead] = await open(
      (_, response) => !isUp && !!response.writeHead(503).end(),
      (_, response) => !!response.socket?.destroy(),
    )
    await ask(reader)
    await ask(dead!)
    await announce(needs())
    isUp = true
    await announce(needs())
    assert.equal(reader.heard.length, 1)
    for (const minutes of [1, 2, 10]) {
      wait(minutes)
      await announce(needs())
    }
    assert.deepEqual([await follows(reader), await follows(dead!)], [true, false])
    assert.deepEqual([reader.heard.length, dead!.heard.length], [2, 3])
  })

  it('ends a subscription when its subscriber says so itself, and not when somebody else does', async () => {
    let isTrue = false
    const [reader] = await open(
      ({ fields }, response) => fields.get('hub.mode') === 'unsubscribe' && !isTrue && !!response.writeHead(404).end(),
    )
    await ask(reader)
    await announce(needs())
    await ask(reader, { mode: 'unsubscribe' })
    await announce(needs())
    assert.equal(await follows(reader), true)
    isTrue = true
    await ask(reader, { mode: 'unsubscribe' })
    await announce(needs())
    assert.equal(await follows(reader), false)
    await change('two')
    await announce(needs())
    assert.equal(reader.news().length, 0)
  })

  it('renews a subscription that is asked for twice, and sends what changes once', async () => {
    const [reader] = await open()
    await ask(reader, { secret: 'old' })
    await ask(reader, { secret: 'old' })
    await announce(needs())
    assert.equal(reader.heard.length, 1)
    wait(30)
    await ask(reader, { secret: 'new' })
    await announce(needs())
    wait(31)
    await change('two')
    await announce(needs())
    assert.equal(reader.news().length, 1)
    const mac = createHmac('sha256', 'new').update('two').digest('hex')
    assert.equal(reader.news()[0]?.headers['x-hub-signature'], `sha256=${mac}`)
  })

  it('sends nothing when the lease has run out', async () => {
    const [reader] = await open()
    await ask(reader)
    await announce(needs())
    await change('two')
    wait(60)
    assert.equal(await isNewsDue(store.db, needs().addresses, clock), true)
    await announce(needs())
    assert.deepEqual([reader.news().length, await follows(reader)], [0, false])
    assert.equal(await isNewsDue(store.db, needs().addresses, clock), false)
  })

  it('sends again, later each time, what was not taken, and then what there is', async () => {
    const statuses = [500, 302, 429]
    const [reader] = await open(({ method }, response) => {
      const status = method === 'POST' ? statuses.shift() : undefined
      if (status === undefined) return false
      response.writeHead(status, { location: '/elsewhere', ...(status === 429 && { 'retry-after': '1200' }) }).end()
      return true
    })
    await ask(reader, { leaseSeconds: 86_400 })
    await announce(needs())
    await change('two')
    for (const [minutes, text] of [
      [1, 'three'],
      [2, 'four'],
      [20, 'five'],
    ] as const) {
      assert.equal((await announce(needs())).failed, 1)
      await change(text)
      wait(minutes - 0.5)
      assert.equal((await announce(needs())).failed, 0, 'not before its time')
      wait(0.5)
    }
    assert.equal((await announce(needs())).sent, 1)
    assert.deepEqual(
      reader.news().map(({ body }) => body.toString()),
      ['two', 'three', 'four', 'five'],
    )
  })

  it('ends the subscription of one that is gone, and of one that takes nothing for three days', async () => {
    const [gone, dead] = await open(
      ({ method }, response) => method === 'POST' && !!response.writeHead(410).end(),
      ({ method }, response) => method === 'POST' && !!response.writeHead(500).end(),
    )
    await ask(gone)
    await ask(dead!, { leaseSeconds: 30 * 86_400 })
    await announce(needs())
    await change('two')
    assert.equal((await announce(needs())).ended, 1)
    assert.deepEqual([await follows(gone), await follows(dead!)], [false, true])
    wait(2.9 * 24 * 60)
    assert.equal((await announce(needs())).ended, 0)
    wait(6 * 60)
    assert.equal((await announce(needs())).ended, 1)
    assert.equal(await follows(dead!), false)
  })

  it('keeps nobody waiting for those that are slow, at one host or at many', async () => {
    const slow = await open(
      ...Array.from(
        { length: 12 },
        () =>
          ({ method }: Heard) =>
            method === 'POST',
      ),
    )
    const [quick] = await open()
    const [busy] = await open(({ method }) => method === 'POST')
    for (const one of slow) await ask(one)
    const many = Array.from({ length: 30 }, (_, index) => ({ ...busy, url: `${busy.url}&n=${index}` }))
    for (const one of many) await ask(one)
    await ask(quick)
    assert.equal((await announce(needs())).verified, 43)
    await change('two')
    const began = performance.now()
    let taken = Infinity
    const waiting = setInterval(() => {
      if (quick.news().length > 0) taken = Math.min(taken, performance.now() - began)
    }, 5)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 1_000)
    await announce(needs({ stop: stop.signal }))
    clearInterval(waiting)
    // Each slow one takes 300 ms to be given up; one after the other they would take more than ten seconds.
    assert(taken < 1_000, `it waited for ${taken} ms`)
    assert(busy.news().length <= 10, 'two at a time')
  })

  it('reads little of what a subscriber answers', async () => {
    let written = 0
    const [reader] = await open(({ method }, response) => {
      if (method !== 'POST') return false
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536
      }
      response.on('drain', pour).on('error', () => undefined)
      pour()
      return true
    })
    await ask(reader)
    await announce(needs())
    await change('two')
    assert.equal((await announce(needs())).sent, 1)
    assert(written < 20_000_000)
  })

  it('tells the subscribers of a feed that is no more', async () => {
    const [reader] = await open()
    await ask(reader)
    await announce(needs())
    await announce(needs({ feeds: [feed({ retired: true })] }))
    assert.deepEqual(modes(reader), ['subscribe', 'denied'])
    assert.equal(reader.heard[1]?.fields.get('hub.topic'), topic)
    assert.equal(await follows(reader), false)
    // One that asks meanwhile is told as well.
    await ask(reader)
    await announce(needs({ feeds: [] }))
    assert.deepEqual(modes(reader), ['subscribe', 'denied', 'denied'])
    assert.equal(await isNewsDue(store.db, needs().addresses, clock), false)
  })

  it('sends the newest where a process died between writing and noting, and that once', async () => {
    const [reader] = await open()
    await ask(reader)
    await announce(needs())
    await change('two')
    await writeFile(join(directory, 'all', 'rss.xml'), 'three')
    assert.equal((await announce(needs())).sent, 1)
    await change('three')
    assert.equal((await announce(needs())).sent, 0)
    assert.deepEqual(
      reader.news().map(({ body }) => body.toString()),
      ['three'],
    )
  })

  it('asks nothing inside a private network', async () => {
    const [reader] = await open()
    await sender.close()
    sender = openSender({ userAgent: 'Broadsheet', allow: [], now: () => clock })
    await ask(reader)
    assert.equal((await announce(needs())).failed, 1)
    assert.equal(reader.heard.length, 0)
    assert.equal(await isNewsDue(store.db, needs().addresses, new Date(clock.getTime() + 86_400_000)), false)
  })
})
