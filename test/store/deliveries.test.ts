import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { type Outcome } from '../../src/contracts.ts'
import { openDatabase, type Database, type Store } from '../../src/store/database.ts'
import {
  claimDue,
  countDeliveries,
  openDeliveries,
  releaseClaims,
  releaseLapsed,
  settle,
  startSending,
} from '../../src/store/deliveries.ts'
import { addEdition, setEditionState } from '../../src/store/editions.ts'
import { endSubscription } from '../../src/store/subscribers.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addEditionWithReaders, at, edition } from './nouns.ts'

const submitted: Outcome = { kind: 'submitted', reply: '250 queued' }

describeOnEveryDatabase('store/deliveries', (open) => {
  it('opens one due delivery for each subscriber', async () => {
    const db = await open()
    const readers = await addEditionWithReaders(db, 3)
    assert.equal(await openDeliveries(db, 'e1', 's1', readers, at(0)), 3)
    assert.deepEqual(await countDeliveries(db, 'e1'), { ...none, due: 3 })
  })

  it('opens none a second time, whatever became of it and whichever slice it is', async () => {
    const db = await open()
    const readers = await addEditionWithReaders(db, 3)
    await openDeliveries(db, 'e1', 's1', readers.slice(0, 2), at(0))
    await db.updateTable('delivery').set({ state: 'submitted' }).execute()
    assert.equal(await openDeliveries(db, 'e1', 's2', readers, at(1)), 1)
    assert.deepEqual(await countDeliveries(db, 'e1'), { ...none, due: 1, submitted: 2 })
  })

  it('opens more deliveries than one statement can hold', async () => {
    const db = await open()
    await addEdition(db, edition())
    const many = Array.from({ length: 7000 }, (_, number) => `r${String(number)}`)
    assert.equal(await openDeliveries(db, 'e1', 's1', many, at(0)), 7000)
    assert.equal(await openDeliveries(db, 'e1', 's1', [], at(0)), 0)
  })

  it('gives a delivery the same id on every machine, and each its own', async () => {
    const db = await open()
    await addEdition(db, edition())
    await addEdition(db, edition({ id: 'e2', number: 2 }))
    await openDeliveries(db, 'e1', 's1', ['r1', 'r2'], at(0))
    await openDeliveries(db, 'e2', 's1', ['r1'], at(0))
    const claimed = await claim(db, { limit: 9 })
    assert.equal(new Set(claimed.map(({ id }) => id)).size, 3)
    // sha-256 of `["e1","r1"]`: Message-IDs are made of it, so it may never change.
    const first = claimed.find(({ editionId, subscriberId }) => editionId === 'e1' && subscriberId === 'r1')
    assert.equal(first?.id, '9be4d08b12c3141f34a7fce2bd7623c0')
  })

  it('claims what is due, the longest due first, and nothing twice', async () => {
    const db = await open()
    const [a, b, c, d] = await addEditionWithReaders(db, 4)
    await openDeliveries(db, 'e1', 's1', [a!], at(3))
    await openDeliveries(db, 'e1', 's1', [b!], at(1))
    await openDeliveries(db, 'e1', 's1', [c!], at(2))
    await openDeliveries(db, 'e1', 's1', [d!], at(9))
    const first = await claim(db, { limit: 2 })
    assert.deepEqual(
      first.map(({ subscriberId }) => subscriberId),
      [b, c],
    )
    assert.deepEqual(first[0], {
      id: first[0]!.id,
      editionId: 'e1',
      subscriberId: b,
      sliceId: 's1',
      state: 'claimed',
      attempts: 0,
      dueAt: at(1),
      claimedUntil: at(15),
    })
    const second = await claim(db, { limit: 2 })
    assert.deepEqual(
      second.map(({ subscriberId }) => subscriberId),
      [a],
    )
    assert.deepEqual(await claim(db, { limit: 2 }), [])
  })

  for (const state of ['draft', 'composing', 'ready', 'sending', 'paused', 'done', 'cancelled'] as const) {
    const claims = state === 'ready' || state === 'sending'
    it(`claims ${claims ? 'from' : 'nothing from'} an edition that is ${state}`, async () => {
      const db = await open()
      const readers = await addEditionWithReaders(db, 2)
      await openDeliveries(db, 'e1', 's1', readers, at(0))
      await setEditionState(db, 'e1', state)
      assert.equal((await claim(db)).length, claims ? 2 : 0)
    })
  }

  it('begins to send what is claimed, and counts the attempt', async () => {
    const { db, id } = await oneClaimed(open)
    assert.equal(await startSending(db, id, 'me', at(6), at(16)), 'sending')
    assert.deepEqual(await rowOf(db, id), {
      state: 'sending',
      attempts: 1,
      claimedBy: 'me',
      claimedUntil: at(16).toISOString(),
      reason: null,
    })
    assert.equal(await startSending(db, id, 'me', at(6), at(16)), 'gone')
  })

  it('begins nothing that another process holds, that lapsed, or that there is not', async () => {
    const { db, id } = await oneClaimed(open)
    assert.equal(await startSending(db, id, 'another', at(6), at(16)), 'gone')
    assert.equal(await startSending(db, 'no such', 'me', at(6), at(16)), 'gone')
    await releaseLapsed(db, at(15))
    assert.equal(await startSending(db, id, 'me', at(15), at(16)), 'gone')
    assert.deepEqual(await rowOf(db, id), { ...untouched, state: 'due' })
  })

  it('begins nothing for a reader who left after the claim, and says so', async () => {
    const { db, id, reader } = await oneClaimed(open)
    await leave(db, reader)
    assert.equal(await startSending(db, id, 'me', at(6), at(16)), 'left')
    assert.deepEqual(await rowOf(db, id), { ...untouched, state: 'dropped', reason: 'left' })
  })

  it('drops what is due to a reader without a subscription, however it came about', async () => {
    const { db, id } = await oneClaimed(open)
    await db.deleteFrom('subscription').execute()
    assert.equal(await startSending(db, id, 'me', at(6), at(16)), 'left')
    assert.deepEqual(await rowOf(db, id), { ...untouched, state: 'dropped', reason: 'left' })
  })

  it('begins nothing of an edition that was stopped after the claim, and keeps it due', async () => {
    const { db, id } = await oneClaimed(open)
    await setEditionState(db, 'e1', 'paused')
    assert.equal(await startSending(db, id, 'me', at(6), at(16)), 'gone')
    assert.deepEqual(await rowOf(db, id), { ...untouched, state: 'due' })
  })

  for (const kind of ['submitted', 'refused', 'uncertain'] as const) {
    it(`settles what is being sent as ${kind}, with the server's words`, async () => {
      const { db, id } = await oneSending(open)
      assert.equal(await settle(db, id, 'me', { kind, reply: 'what it said' }, at(7)), true)
      const { state, reason, claimedUntil } = await rowOf(db, id)
      assert.deepEqual([state, reason, claimedUntil], [kind, 'what it said', null])
      assert.deepEqual(await claim(db, { now: at(99) }), [])
    })
  }

  it('makes due again, at its time, what the server wants later', async () => {
    const { db, id } = await oneSending(open)
    assert.equal(await settle(db, id, 'me', { kind: 'later', reply: '451 later' }, at(7), at(30)), true)
    assert.deepEqual(await claim(db, { now: at(29) }), [])
    const [again] = await claim(db, { now: at(30), by: 'another' })
    assert.deepEqual([again?.id, again?.attempts, again?.dueAt, again?.reason], [id, 1, at(30), '451 later'])
    assert.equal(await startSending(db, id, 'another', at(31), at(40)), 'sending')
    assert.equal((await rowOf(db, id)).attempts, 2)
  })

  it('counts no attempt for a message that no server was asked about', async () => {
    const { db, id } = await oneSending(open)
    const untried: Outcome = { kind: 'later', reply: 'the server is down', untried: true }
    assert.equal(await settle(db, id, 'me', untried, at(7)), true)
    const { state, attempts } = await rowOf(db, id)
    assert.deepEqual([state, attempts], ['due', 0])
  })

  it('settles nothing that is not being sent by whoever settles it', async () => {
    const { db, id } = await oneClaimed(open)
    assert.equal(await settle(db, id, 'me', submitted, at(6)), false)
    await startSending(db, id, 'me', at(6), at(16))
    assert.equal(await settle(db, id, 'another', submitted, at(7)), false)
    assert.equal((await rowOf(db, id)).state, 'sending')
    assert.equal(await settle(db, id, 'me', submitted, at(7)), true)
    assert.equal(await settle(db, id, 'me', { kind: 'later', reply: '' }, at(8)), false)
    assert.equal((await rowOf(db, id)).state, 'submitted')
  })

  it('makes a lapsed claim due again, and leaves one alone that holds', async () => {
    const { db, id } = await oneClaimed(open)
    assert.deepEqual(await releaseLapsed(db, at(14)), { released: 0, uncertain: [] })
    assert.deepEqual(await releaseLapsed(db, at(15)), { released: 1, uncertain: [] })
    assert.deepEqual(await rowOf(db, id), { ...untouched, state: 'due' })
    assert.equal((await claim(db, { by: 'another' })).length, 1)
  })

  it('gives claims back that were not begun: due at once, or when it is said', async () => {
    const db = await open()
    await openDeliveries(db, 'e1', 's1', await addEditionWithReaders(db, 3), at(0))
    const [a, b, c] = (await claim(db)).map(({ id }) => id)
    assert.equal(await releaseClaims(db, [a!], 'me', at(6)), 1)
    assert.equal(await releaseClaims(db, [b!, c!], 'me', at(6), at(30)), 2)
    assert.deepEqual(await rowOf(db, a!), { ...untouched, state: 'due' })
    assert.deepEqual(await idsOf(claim(db)), [a])
    assert.deepEqual(await idsOf(claim(db, { now: at(29) })), [])
    assert.deepEqual((await idsOf(claim(db, { now: at(30) }))).toSorted(), [b!, c!].toSorted())
  })

  it('gives back nothing that was begun, that another holds, or of nothing', async () => {
    const { db, id } = await oneClaimed(open)
    assert.equal(await releaseClaims(db, [id], 'another', at(6)), 0)
    assert.equal(await releaseClaims(db, [], 'me', at(6)), 0)
    await startSending(db, id, 'me', at(6), at(16))
    assert.equal(await releaseClaims(db, [id], 'me', at(7)), 0)
    assert.equal((await rowOf(db, id)).state, 'sending')
  })

  it('declares uncertain what was being sent when its process died, and gives it once', async () => {
    const { db, id } = await oneSending(open)
    assert.deepEqual(await releaseLapsed(db, at(15)), { released: 0, uncertain: [] })
    const { uncertain } = await releaseLapsed(db, at(16))
    assert.deepEqual(
      uncertain.map((delivery) => [delivery.id, delivery.state, delivery.attempts]),
      [[id, 'uncertain', 1]],
    )
    assert.match(uncertain[0]!.reason!, /answer/)
    assert.deepEqual(await releaseLapsed(db, at(99)), { released: 0, uncertain: [] })
    assert.deepEqual(await claim(db, { now: at(99) }), [])
  })

  for (const [kind, state] of [
    ['submitted', 'submitted'],
    ['refused', 'refused'],
    ['later', 'due'],
  ] as const) {
    it(`believes the slow process itself when it knows after all: ${kind}`, async () => {
      const { db, id } = await oneSending(open)
      await releaseLapsed(db, at(20))
      assert.equal(await settle(db, id, 'another', { kind, reply: '' }, at(21)), false)
      assert.equal((await rowOf(db, id)).state, 'uncertain')
      assert.equal(await settle(db, id, 'me', { kind, reply: 'known' }, at(21)), true)
      const { reason, state: now } = await rowOf(db, id)
      assert.deepEqual([now, reason], [state, 'known'])
    })
  }

  it('counts every state of one edition', async () => {
    const db = await open()
    const readers = await addEditionWithReaders(db, 2)
    await addEdition(db, edition({ id: 'e2', number: 2 }))
    await openDeliveries(db, 'e2', 's1', readers, at(0))
    assert.deepEqual(await countDeliveries(db, 'e1'), none)
    assert.deepEqual(await countDeliveries(db, 'e2'), { ...none, due: 2 })
  })

  it('holds on a walk at random', () => walkAtRandom(open, 5))
})

describe('store/deliveries: two processes, whatever they do in whatever order', () => {
  it('mail no one twice, no one who left, and forget no one', async () => {
    const stores: Store[] = []
    const open = async () => {
      stores.push(await openDatabase(':memory:'))
      return stores.at(-1)!.db
    }
    await walkAtRandom(open, 60)
    for (const store of stores) await store.close()
  })
})

const by = fc.constantFrom('me', 'another')
const who = fc.nat(2)
const kind = fc.constantFrom(...(['submitted', 'refused', 'later', 'uncertain'] as const))

/** What a process may do, to one of three readers. */
const step = fc.oneof(
  fc.record({ do: fc.constant('claim' as const), by, limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('start' as const), by, who }),
  fc.record({ do: fc.constant('settle' as const), by, who, kind }),
  fc.record({ do: fc.constant('return' as const), by, who }),
  fc.record({ do: fc.constant('release' as const) }),
  fc.record({ do: fc.constant('leave' as const), who }),
  fc.record({ do: fc.constant('open' as const) }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function walkAtRandom(open: () => Promise<Database>, numRuns: number): Promise<void> {
  const steps = fc.array(step, { minLength: 30, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => walk(await open(), taken)),
    { numRuns },
  )
}

/** Takes the steps, a minute each, and judges the ledger by a rule of its own: whose message may be begun. */
async function walk(db: Database, steps: Step[]): Promise<void> {
  const readers = await addEditionWithReaders(db, 3)
  await openDeliveries(db, 'e1', 's1', readers, at(0))
  const rows = await db.selectFrom('delivery').select(['id', 'subscriberId']).execute()
  const ids = readers.map((reader) => rows.find(({ subscriberId }) => subscriberId === reader)!.id)
  /** Nobody's who got one, until a server said `later`; nobody's who left. */
  const free = new Set(ids)
  const left = new Set<string>()

  for (const [minute, one] of steps.entries()) {
    const now = at(minute)
    const until = at(minute + 4)
    const id = 'who' in one ? ids[one.who]! : ''
    if (one.do === 'claim') await claimDue(db, { now, until, by: one.by, limit: one.limit })
    if (one.do === 'open') await openDeliveries(db, 'e1', 's1', readers, now)
    if (one.do === 'return') await releaseClaims(db, [id], one.by, now)
    if (one.do === 'release') await releaseLapsed(db, now)
    if (one.do === 'leave' && (await leave(db, readers[one.who]!))) left.add(id)
    if (one.do === 'start' && (await startSending(db, id, one.by, now, until)) === 'sending') {
      assert.ok(free.delete(id), 'a message was begun twice')
      assert.ok(!left.has(id), 'a message was begun to a reader who left')
    }
    if (one.do === 'settle') {
      const settled = await settle(db, id, one.by, { kind: one.kind, reply: '' }, now)
      if (settled && one.kind === 'later') free.add(id)
    }
  }

  await releaseLapsed(db, at(1000))
  const { claimed, sending, ...counts } = await countDeliveries(db, 'e1')
  assert.deepEqual([claimed, sending], [0, 0])
  assert.equal(counts.due + counts.submitted + counts.refused + counts.uncertain + counts.dropped, 3)
  const due = await claimDue(db, { now: at(1000), until: at(1010), by: 'me', limit: 9 })
  for (const { id } of due) assert.ok(free.has(id), 'a message would be begun twice')
}

const none = { due: 0, claimed: 0, sending: 0, submitted: 0, refused: 0, uncertain: 0, dropped: 0 }

const untouched = { attempts: 0, claimedBy: null, claimedUntil: null, reason: null }

function claim(db: Database, changes: Partial<Parameters<typeof claimDue>[1]> = {}) {
  return claimDue(db, { now: at(5), until: at(15), by: 'me', limit: 10, ...changes })
}

async function idsOf(deliveries: Promise<{ id: string }[]>): Promise<string[]> {
  return (await deliveries).map(({ id }) => id)
}

/** One delivery, claimed by `me` at 12:05 until 12:15. */
async function oneClaimed(open: () => Promise<Database>) {
  const db = await open()
  const [reader] = await addEditionWithReaders(db, 1)
  await openDeliveries(db, 'e1', 's1', [reader!], at(0))
  const [delivery] = await claim(db)
  return { db, id: delivery!.id, reader: reader! }
}

/** The same, being sent since 12:06 until 12:16. */
async function oneSending(open: () => Promise<Database>) {
  const one = await oneClaimed(open)
  assert.equal(await startSending(one.db, one.id, 'me', at(6), at(16)), 'sending')
  return one
}

function leave(db: Database, subscriberId: string): Promise<boolean> {
  const how = { now: at(6), reason: 'unsubscribed', path: 'link', evidence: '' }
  return endSubscription(db, { subscriberId, newsletterId: 'daily', ...how })
}

function rowOf(db: Database, id: string) {
  return db
    .selectFrom('delivery')
    .select(['state', 'attempts', 'claimedBy', 'claimedUntil', 'reason'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}
