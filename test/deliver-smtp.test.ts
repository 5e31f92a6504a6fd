import assert from 'node:assert/strict'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { deliver, type DeliverNeeds } from '../src/deliver.ts'
import { openTransport } from '../src/mail/index.ts'
import { type Transport } from '../src/contracts.ts'
import { openDatabase, type Database, type Store } from '../src/store/database.ts'
import { editionById } from '../src/store/editions.ts'
import { endSubscription } from '../src/store/subscribers.ts'
import { at as server, scripted, taking, type Script, type Scripted } from './mail/server.ts'
import { addDueEdition, addresses, at, daily, ledger, openRelay, silent, site } from './press.ts'

const minute = 60_000

describe('deliver through mail servers', () => {
  let store: Store
  let db: Database
  const closing: (() => Promise<void>)[] = []

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    db = store.db
  })

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    await store.close()
  })

  const serve = async (script: Script = {}): Promise<Scripted> => {
    const made = await scripted(script)
    closing.push(() => made.close())
    return made
  }
  const closed = (transport: Transport) => {
    closing.push(() => transport.close())
    return transport
  }
  const needs = (transport: Transport, changes: Partial<DeliverNeeds> = {}): DeliverNeeds => ({
    db,
    site,
    addresses,
    newsletters: [daily],
    transport,
    now: () => at(0),
    log: silent,
    worker: 'w1',
    ...changes,
  })
  const attempts = async () => (await db.selectFrom('delivery').select('attempts').execute()).map((row) => row.attempts)
  const told = ({ faults }: { faults: { code: string }[] }) => faults.map(({ code }) => code)

  it('hands each message over once, with its own Message-ID, and writes down what the server said', async () => {
    const real = await taking()
    closing.push(() => real.close())
    await addDueEdition(db, 60)
    const result = await deliver(needs(closed(openRelay(real.port))))
    assert.deepEqual(result, { submitted: 60, refused: 0, later: 0, uncertain: 0, dropped: 0, faults: [], held: [] })
    assert.equal(new Set(real.ids).size, 60)
    assert.equal(real.ids.length, 60)
    const rows = await db.selectFrom('delivery').select(['id', 'reason']).execute()
    assert.deepEqual(new Set(real.ids), new Set(rows.map(({ id }) => `<${id}@news.gazette.example>`)))
    assert.match(rows[0]?.reason ?? '', /^250/)
    assert.equal((await editionById(db, 'edition1'))?.state, 'done')
  })

  it('notes in the ledger what each reader’s answer was', async () => {
    const relay = await serve({ RCPT: ['250 ok', '550 5.1.1 unknown', '450 4.2.0 greylisted', '250 ok'] })
    await addDueEdition(db, 4)
    const result = await deliver(needs(closed(openRelay(relay.port, {}, 1))))
    assert.deepEqual([result.submitted, result.refused, result.later], [2, 1, 1])
    assert.deepEqual(Object.values(await ledger(db)).sort(), ['due', 'refused', 'submitted', 'submitted'])
    assert.deepEqual(told(result).sort(), ['mail.later', 'mail.refused'])
    // Greylisted: the same message again, some minutes later, is taken.
    const again = await deliver(needs(closed(openRelay(relay.port, {}, 1)), { now: () => at(5) }))
    assert.equal(again.submitted, 1)
  })

  it('calls a message uncertain when the connection is lost after its final dot, and repeats it nowhere', async () => {
    const first = await serve({ dot: ['250 ok', 'drop', '250 ok'] })
    const second = await serve()
    await addDueEdition(db, 5)
    const transports = [first, second].map(({ port }, index) => ({
      id: `relay${index}`,
      url: server(port),
      connections: 1,
    }))
    const transport = closed(openTransport({ transports, domains: {} }, { directory: 'nowhere', log: silent }))
    const result = await deliver(needs(transport))
    assert.deepEqual([result.submitted, result.uncertain], [4, 1])
    await deliver(needs(transport, { now: () => at(6000), worker: 'w2' }))
    assert.equal(new Set([...first.taken, ...second.taken]).size, 5)
    assert.equal(first.taken.length + second.taken.length, 5)
  })

  it('keeps everything due, counts no attempt and tells it once while no server can be used', async () => {
    for (const script of [
      { greeting: '421 4.3.2 busy' },
      { greeting: 'drop' },
      { MAIL: '452 4.3.1 full' },
    ] as Script[]) {
      await db.deleteFrom('delivery').execute()
      await db.deleteFrom('edition').execute()
      await db.deleteFrom('subscription').execute()
      await addDueEdition(db, 50)
      const relay = await serve(script)
      const transport = closed(openRelay(relay.port))
      for (let time = 0; time < 3; time++) {
        const result = await deliver(needs(transport))
        assert.deepEqual(told(result), ['mail.transport'], JSON.stringify(script))
        assert.equal(result.submitted + result.refused + result.later + result.uncertain, 0)
        assert.deepEqual(new Set(Object.values(await ledger(db))), new Set(['due']))
        assert.deepEqual(new Set(await attempts()), new Set([0]))
      }
      const ok = await serve()
      const result = await deliver(needs(closed(openRelay(ok.port))))
      assert.deepEqual([result.submitted, result.faults], [50, []])
    }
  })

  it('strikes nobody off for a password that no longer works, and goes on with the next server', async () => {
    const first = await serve({ EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 bad credentials' })
    const second = await serve()
    await addDueEdition(db, 30)
    const login = { user: 'news', password: 'sesame' }
    const transports = [
      { id: 'primary', url: server(first.port, { login }), connections: 4 },
      { id: 'standby', url: server(second.port), connections: 4 },
    ]
    const transport = closed(openTransport({ transports, domains: {} }, { directory: 'nowhere', log: silent }))
    const result = await deliver(needs(transport))
    assert.equal(result.submitted, 30)
    assert.deepEqual(
      result.faults.map(({ code, details }) => [code, details['transport'], details['at'], details['reply']]),
      [['mail.transport', 'primary', 'logging in', '535 5.7.8 bad credentials']],
    )
    assert.deepEqual(new Set(await attempts()), new Set([1]))
  })

  it('sends the newsletters of other senders when a server takes nothing from one', async () => {
    const weekly = { ...daily, id: 'weekly', from: 'The Weekly <weekly@other.example>' }
    const relay = await serve()
    const picky = await scripted({ MAIL: ['550 5.7.1 not your domain', '250 ok'] })
    closing.push(() => picky.close())
    await addDueEdition(db, 8)
    await db
      .insertInto('edition')
      .values({
        ...(await db.selectFrom('edition').selectAll().executeTakeFirstOrThrow()),
        id: 'edition2',
        newsletterId: 'weekly',
        sender: weekly.from,
      })
      .execute()
    const rows = await db.selectFrom('delivery').selectAll().execute()
    await db
      .insertInto('subscription')
      .values(
        (await db.selectFrom('subscription').selectAll().execute()).map((row) => ({ ...row, newsletterId: 'weekly' })),
      )
      .execute()
    await db
      .insertInto('delivery')
      .values(
        rows.map((row) => ({ ...row, id: `${row.id.slice(1)}w`, editionId: 'edition2', dueAt: at(1).toISOString() })),
      )
      .execute()
    const result = await deliver(
      needs(closed(openRelay(picky.port, {}, 1)), { newsletters: [daily, weekly], now: () => at(2) }),
    )
    assert.equal(result.submitted, 8)
    assert.deepEqual(told(result), ['mail.transport'])
    assert.deepEqual(new Set(Object.values(await ledger(db, 'edition2'))), new Set(['submitted']))
    assert.deepEqual(new Set(Object.values(await ledger(db, 'edition1'))), new Set(['due']))
    // Once the server knows the sender they go, no attempt having been counted.
    const later = await deliver(
      needs(closed(openRelay(relay.port)), { newsletters: [daily, weekly], now: () => at(20) }),
    )
    assert.equal(later.submitted, 8)
  })

  it('begins nothing for a reader who left while the message was waiting for its turn', async () => {
    const relay = await serve()
    const ids = await addDueEdition(db, 3)
    let waits = 0
    let now = 0
    const wait = async (ms: number) => {
      waits += 1
      now += ms
      if (waits > 1) return
      for (const subscriberId of ids) {
        await endSubscription(db, {
          newsletterId: 'daily',
          subscriberId,
          now: at(1),
          reason: 'unsubscribed',
          path: 'link',
          evidence: 'x',
        })
      }
    }
    const transports = [
      { id: 'slow', url: server(relay.port), connections: 1, rate: { count: 1, periodMs: 60 * minute } },
    ]
    const clock = { now: () => now, wait }
    const transport = closed(openTransport({ transports, domains: {} }, { directory: 'nowhere', log: silent, clock }))
    const result = await deliver(needs(transport))
    assert.equal(relay.taken.length, 1)
    assert.deepEqual([result.submitted, result.dropped], [1, 2])
  })

  it('ends in time when it is stopped while a server keeps it waiting', async () => {
    const relay = await serve({ dot: ['250 ok', '250 ok', 'silence'] })
    await addDueEdition(db, 40)
    const stopping = new AbortController()
    const delivering = deliver(needs(closed(openRelay(relay.port, {}, 3)), { stop: stopping.signal, graceMs: 50 }))
    while (relay.taken.length < 5) await turnOfLoop()
    stopping.abort()
    const result = await delivering
    assert.deepEqual([result.submitted, result.uncertain], [2, 3])
    const states = Object.values(await ledger(db))
    assert.equal(states.filter((state) => state === 'due').length, 35)
    assert.equal(states.filter((state) => state === 'uncertain').length, 3)
  })

  it('gives claims back at once when it is stopped while it waits for the rate', async () => {
    const relay = await serve()
    await addDueEdition(db, 10)
    const stopping = new AbortController()
    const clock = {
      now: () => 0,
      wait: (_ms: number, stop?: AbortSignal) =>
        new Promise<void>((resolve) => {
          stop?.addEventListener('abort', () => resolve())
          stopping.abort()
        }),
    }
    const transports = [{ id: 'slow', url: server(relay.port), connections: 2, rate: { count: 1, periodMs: minute } }]
    const transport = closed(openTransport({ transports, domains: {} }, { directory: 'nowhere', log: silent, clock }))
    const result = await deliver(needs(transport, { stop: stopping.signal }))
    assert.deepEqual([result.submitted, result.uncertain], [1, 0])
    const states = Object.values(await ledger(db))
    assert.equal(states.filter((state) => state === 'due').length, 9)
    assert.deepEqual((await attempts()).sort(), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })
})
