import assert from 'node:assert/strict'
import { Command } from 'commander'
import { type App } from '../../src/app.ts'
import { type Call, type Result, type Run } from '../../src/cli.ts'
import { register } from '../../src/commands/editions.ts'
import { messageIdOf } from '../../src/mail/message.ts'
import { openDatabase, type Database, type Store } from '../../src/store/database.ts'
import { claimDue, countDeliveries, openDeliveries, settle, startSending } from '../../src/store/deliveries.ts'
import { addEdition, editionById, setEditionState } from '../../src/store/editions.ts'
import { Failure } from '../../src/failures.ts'
import { addDueEdition, addReaders, article, at, daily, edition, ledger, save, silent } from '../press.ts'

describe('commands/editions', () => {
  let store: Store
  let db: Database

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    db = store.db
  })

  afterEach(() => store.close())

  /** What a person typed behind `broadsheet editions`. */
  async function editions(...argv: string[]): Promise<Result> {
    const app = { db, now: () => at(30), log: silent } as App
    const progress = { report: () => undefined, clear: () => undefined }
    const call: Call = {
      config: async () => app.config,
      withApp: (work) => work(app),
      progress,
      log: silent,
      asJson: false,
      say: () => undefined,
    }
    const results: Result[] = []
    const run: Run =
      (work) =>
      async (...given) => {
        results.push(await work(call, ...given))
      }
    const program = new Command('broadsheet').exitOverride().configureOutput({ writeErr: () => undefined })
    register(program, run)
    await program.parseAsync(['editions', ...argv], { from: 'user' })
    return results[0]!
  }

  const heldFor = new Failure('edition.unusual', {
    newsletter: 'daily',
    edition: 'daily/2',
    articles: 500,
    usualArticles: 2,
  }).toJSON()

  /** A draft for three readers, behind an edition that is done. */
  async function addDraft(): Promise<void> {
    await addEdition(db, edition({ id: 'aaaa1111-first', state: 'done', composedAt: at(-60) }))
    await addReaders(db, 3, at(-60))
    await save(db, article('a1', at(-10)))
    const { slices } = edition()
    const draft = { id: 'aaaa2222-second', number: 2, state: 'draft' as const, heldFor }
    await addEdition(db, edition({ ...draft, slices: [{ ...slices[0]!, after: at(-60), upTo: at(-10) }] }))
  }

  /** An edition to four: one has it, one was refused, of two nobody knows. */
  async function addUncertain(): Promise<string[]> {
    await addDueEdition(db, 4)
    const rows = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 9 })
    const people = await db.selectFrom('subscriber').select(['id', 'email']).orderBy('email').execute()
    const ids = people.map(({ id }) => rows.find(({ subscriberId }) => subscriberId === id)!.id)
    for (const [index, kind] of (['submitted', 'refused', 'uncertain', 'uncertain'] as const).entries()) {
      await startSending(db, ids[index]!, 'me', at(1), at(9))
      await settle(db, ids[index]!, 'me', { kind, reply: `it was ${kind}` }, at(2))
    }
    await setEditionState(db, 'edition1', 'done')
    return ids
  }

  it('lists what there is, the latest first, and what waits with the commands that let it go', async () => {
    assert.match((await editions('list')).text, /No edition yet/)
    await addDraft()
    const { json, text, exit } = await editions('list')
    const told = (json as { editions: Record<string, unknown>[] }).editions
    assert.deepEqual(
      told.map(({ number, state, readers }) => [number, state, readers]),
      [
        [2, 'draft', 3],
        [1, 'done', 0],
      ],
    )
    assert.deepEqual(told[0]?.['heldFor'], heldFor)
    assert.match(text, /^daily\/2 {2}aaaa2222 {2}draft .* 1 article .* 3 readers .*“Ferry back on Monday”$/m)
    assert.match(text, /500 articles where 2 are usual/)
    assert.match(text, /broadsheet editions approve daily\/2/)
    assert.match(text, /broadsheet editions cancel daily\/2/)
    assert.equal(exit, 0)
  })

  it('lists only what was asked for', async () => {
    await addDraft()
    await addEdition(db, edition({ id: 'weekly1', newsletterId: 'weekly' }))
    const numbers = async (...argv: string[]) =>
      ((await editions('list', ...argv)).json as { editions: { id: string }[] }).editions.map(({ id }) => id)
    assert.deepEqual(await numbers('--held'), ['aaaa2222-second'])
    assert.deepEqual(await numbers('--newsletter', 'weekly'), ['weekly1'])
    assert.equal((await numbers('--limit', '1')).length, 1)
    await assert.rejects(editions('list', '--limit', 'many'), { code: 'usage.wrong' })
  })

  it('finds an edition by its number and by the beginning of its id, and says so where that is not one', async () => {
    await addDraft()
    for (const name of ['daily/2', 'daily-2', 'aaaa2222', 'AAAA2', 'aaaa2222-second']) {
      assert.equal(((await editions('show', name)).json as { number: number }).number, 2, name)
    }
    for (const name of ['daily/9', 'weekly/2', 'bbbb', 'aaa', '%', 'daily/', 'aaaa____-second']) {
      await assert.rejects(editions('show', name), { code: 'edition.unknown' }, name)
    }
    await assert.rejects(editions('approve', 'aaaa'), { details: { edition: 'aaaa', several: 'daily/1, daily/2' } })
  })

  it('shows an edition with its articles, its counts and the Message-IDs of what is uncertain', async () => {
    await save(db, article('a1', at(-10)))
    const [, , third, fourth] = await addUncertain()
    const { json, text } = await editions('show', 'daily/1')
    const shown = json as {
      deliveries: unknown
      doneAt: Date
      uncertain: { email: string; messageId: string; reason: string }[]
    }
    assert.deepEqual(shown.deliveries, { due: 0, claimed: 0, sending: 0, submitted: 1, refused: 1, uncertain: 2, dropped: 0 }) // prettier-ignore
    assert.deepEqual(shown.doneAt, at(2))
    assert.deepEqual(
      shown.uncertain.map(({ email, messageId, reason }) => [email, messageId, reason]),
      [
        ['reader2@reader.example', messageIdOf(third!, daily.from), 'it was uncertain'],
        ['reader3@reader.example', messageIdOf(fourth!, daily.from), 'it was uncertain'],
      ],
    )
    assert.match(text, /1 submitted, 1 refused, 2 uncertain/)
    assert.match(text, /The story of a1 +https:/)
    assert.ok(text.includes(messageIdOf(third!, daily.from)))
    assert.match(text, /reconcile daily\/1/)
  })

  it('lets a draft go once, and says so the second time', async () => {
    await addDraft()
    const first = await editions('approve', 'daily/2')
    assert.match(first.text, /goes to 3 readers/)
    assert.deepEqual((first.json as { changed: boolean }).changed, true)
    const again = await editions('approve', 'daily/2')
    assert.match(again.text, /needs no yes: it is ready/)
    assert.equal(again.exit, 0)
    assert.equal((await countDeliveries(db, 'aaaa2222-second')).due, 3)
    await editions('cancel', 'daily/2')
    await assert.rejects(editions('approve', 'daily/2'), { code: 'edition.state' })
  })

  it('calls a draft off, and says what becomes of its articles', async () => {
    await addDraft()
    const { text } = await editions('cancel', 'daily/2')
    assert.match(text, /is cancelled\. Nothing of it ever goes out\. Passed over, in no later edition: 1 article/)
    const marks = await db.selectFrom('subscription').select('watermark').distinct().execute()
    assert.deepEqual(marks, [{ watermark: at(-10).toISOString() }])
    assert.match((await editions('cancel', 'daily/2')).text, /was cancelled before/)
    await assert.rejects(editions('cancel', 'daily/1'), { code: 'edition.state' })
  })

  it('calls a draft off and keeps its articles new, if asked to', async () => {
    await addDraft()
    assert.match(
      (await editions('cancel', 'daily/2', '--keep-articles')).text,
      /Still new, for the next edition: 1 article/,
    )
    const marks = await db.selectFrom('subscription').select('watermark').distinct().execute()
    assert.deepEqual(marks, [{ watermark: at(-60).toISOString() }])
  })

  it('calls off the rest of an edition that is going out, for good', async () => {
    await addDueEdition(db, 3)
    const [row] = await claimDue(db, { now: at(1), until: at(9), by: 'me', limit: 2 })
    await startSending(db, row!.id, 'me', at(1), at(9))
    await assert.rejects(editions('cancel', 'daily/1', '--keep-articles'), { code: 'edition.state' })
    assert.match((await editions('cancel', 'daily/1')).text, /0 had gone, 2 never will/)
    // What was in the air comes back for later, after it was called off: asked again, that goes too.
    await settle(db, row!.id, 'me', { kind: 'later', reply: '450' }, at(2))
    assert.equal((await countDeliveries(db, 'edition1')).due, 1)
    await editions('cancel', 'daily/1')
    assert.deepEqual(Object.values(await ledger(db)), ['dropped', 'dropped', 'dropped'])
  })

  it('pauses what is going out, so that nothing is claimed, and resumes it', async () => {
    await addDueEdition(db, 2)
    const paused = await editions('pause', 'daily/1')
    assert.match(paused.text, /is paused, 2 messages to go.*editions resume daily\/1/)
    assert.deepEqual(await claimDue(db, { now: at(31), until: at(40), by: 'me', limit: 9 }), [])
    assert.match((await editions('pause', 'daily/1')).text, /is paused/)
    assert.match((await editions('resume', 'daily/1')).text, /goes on, 2 messages to go/)
    assert.match((await editions('resume', 'daily/1')).text, /goes on/)
    assert.equal((await claimDue(db, { now: at(31), until: at(40), by: 'me', limit: 9 })).length, 2)
  })

  it('pauses nothing that is not going out', async () => {
    await addDraft()
    for (const verb of ['pause', 'resume']) {
      for (const name of ['daily/1', 'daily/2']) {
        await assert.rejects(editions(verb, name), { code: 'edition.state' }, `${verb} ${name}`)
      }
    }
    // Half of its deliveries may not be opened yet: stopped now, nobody would open them.
    await setEditionState(db, 'aaaa2222-second', 'composing')
    await assert.rejects(editions('pause', 'daily/2'), { code: 'edition.state' })
  })

  it('takes down what became of uncertain messages, by address or of all', async () => {
    await addUncertain()
    assert.match((await editions('reconcile', 'daily/1', 'Reader2@reader.example', '--submitted')).text, /1 message submitted, 1 uncertain/) // prettier-ignore
    assert.equal((await ledger(db))['reader2'], 'submitted')
    assert.match((await editions('reconcile', 'daily/1', '--all', '--refused')).text, /1 message refused, 0 uncertain/)
    assert.deepEqual(Object.values(await ledger(db)), ['submitted', 'refused', 'submitted', 'refused'])
    await assert.rejects(editions('reconcile', 'daily/1', 'reader0@reader.example', '--again'), {
      code: 'edition.certain',
    })
    assert.equal((await editionById(db, 'edition1'))?.state, 'done')
  })

  it('sends what did not go once more, also where the edition was done', async () => {
    const [, , third] = await addUncertain()
    await editions('reconcile', 'daily/1', '--all', '--again')
    assert.equal((await editionById(db, 'edition1'))?.state, 'ready')
    const claims = await claimDue(db, { now: at(31), until: at(40), by: 'other', limit: 9 })
    assert.equal(claims.length, 2)
    // Whoever sent it first is too late with its answer.
    assert.equal(await settle(db, third!, 'me', { kind: 'submitted', reply: '250' }, at(32)), false)
  })

  it('sends nothing more of an edition that was called off', async () => {
    await addDueEdition(db, 1)
    await openDeliveries(db, 'edition1', 's1', [], at(0))
    await editions('cancel', 'daily/1')
    await assert.rejects(editions('reconcile', 'daily/1', '--all', '--again'), { code: 'edition.state' })
  })

  it('wants to know which messages, and what became of them', async () => {
    await addUncertain()
    for (const argv of [
      ['--all'],
      ['--submitted'],
      ['--all', '--submitted', '--again'],
      ['--all', '--refused', 'a@b.example'],
    ])
      // prettier-ignore
      await assert.rejects(editions('reconcile', 'daily/1', ...argv), { code: 'usage.wrong' }, argv.join(' '))
  })
})
