import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import pino from 'pino'
import { deliver, type DeliverNeeds } from '../src/deliver.ts'
import { listMails, openMailbox, readMail } from '../src/mail/mailbox.ts'
import { type Message, type Outcome, type Transport } from '../src/contracts.ts'
import { openDatabase, type Database, type Store } from '../src/store/database.ts'
import { claimDue } from '../src/store/deliveries.ts'
import { editionById, setEditionState } from '../src/store/editions.ts'
import { signingKeys } from '../src/store/signing-keys.ts'
import { endSubscription } from '../src/store/subscribers.ts'
import { readUnsubscribe } from '../src/subscribers/token.ts'
import { addDueEdition, addresses, at, daily, ledger, silent, site, watched } from './press.ts'

const submitted: Outcome = { kind: 'submitted', reply: '250 ok' }

/** A transport that answers as it is told, and keeps what it was handed. */
function answering(answer: (message: Message) => Outcome | Promise<Outcome>): Transport & { messages: Message[] } {
  const messages: Message[] = []
  return {
    id: 'test',
    messages,
    async send(message) {
      messages.push(message)
      return answer(message)
    },
    close: () => Promise.resolve(),
  }
}

const leaving = { newsletterId: 'daily', now: at(1), reason: 'unsubscribed', path: 'link', evidence: 'Unsubscribe' }

describe('deliver', () => {
  let store: Store
  let db: Database

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    db = store.db
  })

  afterEach(() => store.close())

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

  it('puts each due message into the mailbox, for one reader each, and closes the edition', async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'broadsheet-deliver-')), 'mail')
    const ids = await addDueEdition(db, 30)
    const result = await deliver(needs(openMailbox(directory)))
    assert.deepEqual(result, { submitted: 30, refused: 0, later: 0, uncertain: 0, dropped: 0, faults: [], held: [] })
    assert.deepEqual(new Set(Object.values(await ledger(db))), new Set(['submitted']))
    assert.equal((await editionById(db, 'edition1'))?.state, 'done')

    const mails = await listMails(directory)
    assert.equal(new Set(mails.map(({ to }) => to)).size, 30)
    const first = mails.find(({ to }) => to === 'reader0@reader.example')
    const mail = await readMail(directory, first!.id)
    assert.equal(mail?.subject, 'Ferry back on Monday')
    assert.match(mail.text ?? '', /It sails\./)
    assert.match(mail.html ?? '', /Unsubscribe reader0@reader\.example/)
    const [, header] = mail.headers.find(([name]) => name === 'List-Unsubscribe')!
    const [, token] = /^<https:\/\/news\.gazette\.example\/unsubscribe\/([^/>]+)>$/.exec(header)!
    assert.deepEqual(readUnsubscribe(await signingKeys(db, at(0)), token!), {
      subscriberId: ids[0],
      newsletterId: 'daily',
    })
    assert.ok(mail.html?.includes(`/unsubscribe/${token!}`))
    assert.ok(mail.text?.includes(`/unsubscribe/${token!}`))
    await rm(join(directory, '..'), { recursive: true })
  })

  it('has nothing to do the second time', async () => {
    await addDueEdition(db, 3)
    await deliver(needs(answering(() => submitted)))
    const again = answering(() => submitted)
    assert.equal((await deliver(needs(again))).submitted, 0)
    assert.deepEqual(again.messages, [])
  })

  it('makes the same message at every attempt', async () => {
    await addDueEdition(db, 1)
    const transport = answering(({ messageId }) =>
      transport.messages.length < 2 ? { kind: 'later', reply: `451 ${messageId}` } : submitted,
    )
    await deliver(needs(transport))
    await deliver(needs(transport, { now: () => at(60) }))
    assert.equal(transport.messages.length, 2)
    assert.deepEqual(transport.messages[0], transport.messages[1])
  })

  it('notes each answer, tells the like of them once, and keeps nobody else from their mail', async () => {
    await addDueEdition(db, 6)
    const answers: Record<string, Outcome> = {
      reader1: { kind: 'refused', reply: '550 no such user' },
      reader2: { kind: 'refused', reply: '550 no such user' },
      reader3: { kind: 'later', reply: '450 busy' },
      reader4: { kind: 'uncertain', reply: 'connection lost' },
    }
    const result = await deliver(needs(answering(({ to }) => answers[to.split('@')[0]!] ?? submitted)))
    assert.deepEqual(await ledger(db), {
      reader0: 'submitted',
      reader1: 'refused',
      reader2: 'refused',
      reader3: 'due',
      reader4: 'uncertain',
      reader5: 'submitted',
    })
    const { submitted: taken, refused, later, uncertain } = result
    assert.deepEqual({ taken, refused, later, uncertain }, { taken: 2, refused: 2, later: 1, uncertain: 1 })
    const facts = { newsletter: 'daily', edition: 'edition1', messages: 1 }
    assert.deepEqual(
      result.faults.map(({ code, details }) => [code, details]).sort(),
      [
        ['mail.later', { ...facts, reply: '450 busy' }],
        ['mail.refused', { ...facts, messages: 2, reply: '550 no such user' }],
        [
          'mail.uncertain',
          {
            newsletter: 'daily',
            delivery: result.faults.find(({ code }) => code === 'mail.uncertain')?.details['delivery'],
            messageId: `<${String(result.faults[0]?.details['delivery'])}@news.gazette.example>`,
            reason: 'connection lost',
          },
        ],
      ].sort(),
    )
    assert.equal((await editionById(db, 'edition1'))?.state, 'sending')
  })

  it('tries again after growing waits, and gives up in the end', async () => {
    await addDueEdition(db, 1)
    const transport = answering(() => ({ kind: 'later', reply: '450 busy' }))
    const tried: number[] = []
    for (let next = at(0); ;) {
      const before = transport.messages.length
      await deliver(needs(transport, { now: () => new Date(next.getTime() - 1) }))
      assert.equal(transport.messages.length, before, 'not a moment too early')
      await deliver(needs(transport, { now: () => next }))
      tried.push((next.getTime() - at(0).getTime()) / 60_000)
      const { state, dueAt } = await db.selectFrom('delivery').selectAll().executeTakeFirstOrThrow()
      if (state !== 'due') break
      next = new Date(dueAt)
    }
    assert.deepEqual(tried, [0, 1, 6, 21, 81, 321, 801, 1281, 1761, 2241])
    assert.deepEqual(await ledger(db), { reader0: 'refused' })
    const { reason } = await db.selectFrom('delivery').select('reason').executeTakeFirstOrThrow()
    assert.equal(reason, 'given up after 10 attempts: 450 busy')
    assert.equal((await editionById(db, 'edition1'))?.state, 'done')
  })

  it('calls a message uncertain when the transport itself breaks, and never repeats it', async () => {
    await addDueEdition(db, 5)
    const transport = answering(({ to }) => {
      if (to.startsWith('reader2')) throw new TypeError('undefined is not a socket')
      return submitted
    })
    const result = await deliver(needs(transport))
    assert.equal(result.submitted, 4)
    assert.equal(result.faults[0]?.code, 'mail.uncertain')
    assert.equal(result.faults[0].details['reason'], 'undefined is not a socket')
    await deliver(needs(transport, { now: () => at(6000), worker: 'w2' }))
    assert.equal(transport.messages.length, 5)
    assert.equal((await ledger(db))['reader2'], 'uncertain')
  })

  it('never has more than four messages in the air', async () => {
    await addDueEdition(db, 40)
    let inAir = 0
    let most = 0
    const transport = answering(async () => {
      most = Math.max(most, ++inAir)
      await new Promise((resolve) => setImmediate(resolve))
      inAir--
      return submitted
    })
    assert.equal((await deliver(needs(transport))).submitted, 40)
    assert.equal(most, 4)
    const { attempts } = await db
      .selectFrom('delivery')
      .select(({ fn }) => fn.max('attempts').as('attempts'))
      .executeTakeFirstOrThrow()
    assert.equal(attempts, 1)
  })

  it('begins no message to a reader after they were told that they left', async () => {
    const ids = await addDueEdition(db, 60)
    const answered = new Set<string>()
    const begun: string[] = []
    const leavers = ids.slice(5)
    // While each message is in the air another reader leaves, and is told so.
    const transport = answering(async ({ to }) => {
      const id = ids[Number(/\d+/.exec(to)?.[0])]!
      assert.ok(!answered.has(id), `${to} had left`)
      begun.push(id)
      const subscriberId = leavers.pop()
      if (subscriberId === undefined) return submitted
      await endSubscription(db, { ...leaving, subscriberId })
      answered.add(subscriberId)
      return submitted
    })
    const result = await deliver(needs(transport))
    assert.equal(result.submitted, begun.length)
    assert.ok(begun.length < 60 && answered.size > 20)
    const states = Object.values(await ledger(db))
    assert.equal(states.filter((state) => state === 'submitted').length, begun.length)
    assert.equal(states.filter((state) => state === 'dropped').length, 60 - begun.length)
  })

  it('drops what was claimed already when its reader leaves', async () => {
    const ids = await addDueEdition(db, 6)
    // The other two are claimed by now, and wait until one of four connections is free.
    const transport = answering(async () => {
      if (transport.messages.length < 4) return inAir.promise.then(() => submitted)
      const begun = transport.messages.map(({ to }) => ids[Number(/\d+/.exec(to)?.[0])])
      for (const subscriberId of ids.filter((id) => !begun.includes(id))) {
        await endSubscription(db, { ...leaving, subscriberId })
      }
      inAir.resolve(undefined)
      return submitted
    })
    const inAir = Promise.withResolvers<undefined>()
    const result = await deliver(needs(transport))
    assert.deepEqual([result.submitted, result.dropped], [4, 2])
  })

  it('finishes what is in the air when it is stopped, and leaves the rest due at once', async () => {
    await addDueEdition(db, 50)
    const stopping = new AbortController()
    const transport = answering(async () => {
      if (transport.messages.length === 10) stopping.abort()
      await new Promise((resolve) => setImmediate(resolve))
      return submitted
    })
    const result = await deliver(needs(transport, { stop: stopping.signal }))
    assert.equal(result.submitted, transport.messages.length)
    assert.ok(result.submitted >= 10 && result.submitted <= 13, String(result.submitted))
    const states = Object.values(await ledger(db))
    assert.equal(states.filter((state) => state === 'due').length, 50 - result.submitted)
    const rest = await deliver(needs(transport, { worker: 'w2' }))
    assert.equal(rest.submitted + result.submitted, 50)
    assert.equal(new Set(transport.messages.map(({ to }) => to)).size, 50)
  })

  it('takes up claims that a dead process left, and reports what it was sending', async () => {
    await addDueEdition(db, 3)
    const [claim] = await claimDue(db, { now: at(0), until: at(5), by: 'dead', limit: 3 })
    await db.updateTable('delivery').set({ state: 'sending' }).where('id', '=', claim!.id).execute()
    const transport = answering(() => submitted)
    assert.equal((await deliver(needs(transport, { now: () => at(4) }))).submitted, 0)
    const result = await deliver(needs(transport, { now: () => at(5) }))
    assert.equal(result.submitted, 2)
    assert.equal(result.uncertain, 1)
    assert.equal(result.faults[0]?.details['messageId'], `<${claim!.id}@news.gazette.example>`)
    // Told once, not at every run.
    assert.deepEqual((await deliver(needs(transport, { now: () => at(6) }))).faults, [])
  })

  it('keeps the messages of a newsletter that is missing from the config until it is back', async () => {
    await addDueEdition(db, 5)
    const transport = answering(() => submitted)
    const result = await deliver(needs(transport, { newsletters: [] }))
    assert.deepEqual(
      result.faults.map(({ code, details }) => [code, details]),
      [['usage.unknown', { newsletter: 'daily', edition: 'edition1', messages: 5 }]],
    )
    assert.deepEqual(transport.messages, [])
    assert.equal((await deliver(needs(transport, { now: () => at(60) }))).submitted, 5)
  })

  it('sends nothing of an edition that is paused', async () => {
    await addDueEdition(db, 3)
    await setEditionState(db, 'edition1', 'paused')
    const transport = answering(() => submitted)
    await deliver(needs(transport))
    assert.deepEqual(transport.messages, [])
    await setEditionState(db, 'edition1', 'ready')
    assert.equal((await deliver(needs(transport))).submitted, 3)
  })

  it('keeps a message due while the disk of the mailbox takes nothing', async () => {
    const root = await mkdtemp(join(tmpdir(), 'broadsheet-deliver-'))
    const directory = join(root, 'mail')
    await writeFile(directory, 'a file where the folder should be')
    await addDueEdition(db, 3)
    const result = await deliver(needs(openMailbox(directory)))
    assert.equal(result.later, 3)
    assert.match(String(result.faults[0]?.details['reply']), /EEXIST|ENOTDIR/)
    await rm(directory)
    assert.equal((await deliver(needs(openMailbox(directory), { now: () => at(1) }))).submitted, 3)
    assert.equal((await readdir(directory)).length, 3)
    await rm(root, { recursive: true })
  })

  /** A database that refuses so many statements from the moment on that a message is answered. */
  const refusing = (statements: number) => {
    let left = 0
    const transport = answering(() => {
      left = statements
      return submitted
    })
    const refuse = () => {
      if (left-- > 0) throw new Error('database or disk is full')
    }
    return { transport, db: watched(db, (instant) => instant === 'before' && refuse()) }
  }

  it('writes an answer down a moment later when the database could not take it at once', async () => {
    await addDueEdition(db, 1)
    const { transport, db: full } = refusing(1)
    const result = await deliver(needs(transport, { db: full }))
    assert.deepEqual([result.submitted, result.faults], [1, []])
    assert.deepEqual(await ledger(db), { reader0: 'submitted' })
    assert.equal((await editionById(db, 'edition1'))?.state, 'done')
  })

  it('never repeats a message whose answer the database could not take at all', async () => {
    await addDueEdition(db, 1)
    const { transport, db: full } = refusing(1000)
    await assert.rejects(deliver(needs(transport, { db: full })), /disk is full/)
    assert.deepEqual(await ledger(db), { reader0: 'sending' })
    const result = await deliver(needs(transport, { now: () => at(60), worker: 'w2' }))
    assert.equal(result.faults[0]?.code, 'mail.uncertain')
    assert.equal(transport.messages.length, 1)
  })

  it('says how far it is', async () => {
    await addDueEdition(db, 3)
    const told: string[] = []
    await deliver(
      needs(
        answering(() => submitted),
        { report: ({ verb, id, done, total }) => told.push(`${verb} ${id} ${done}/${total}`) },
      ),
    )
    assert.deepEqual(told, ['deliver daily 1/3', 'deliver daily 2/3', 'deliver daily 3/3'])
  })

  it('writes no address into the log', async () => {
    await addDueEdition(db, 4)
    let lines = ''
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines += chunk.toString()
        done()
      },
    })
    const answers: Record<string, Outcome> = {
      reader0: { kind: 'refused', reply: '550 reader0@reader.example unknown' },
      reader1: { kind: 'later', reply: '450 reader1@reader.example is over quota' },
    }
    const transport = answering(({ to }) => answers[to.split('@')[0]!] ?? submitted)
    await deliver(needs(transport, { log: pino({ level: 'info' }, stream) }))
    assert.equal(
      (await deliver(needs(transport, { now: () => at(60 * 24), log: pino({ level: 'info' }, stream) }))).later,
      1,
    )
    assert.doesNotMatch(lines, /reader\d/)
  })
})
