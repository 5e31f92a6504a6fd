// Promise 3: no one is mailed twice and no one is forgotten, whenever a process dies. Children are killed for real.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compose } from '../src/compose.ts'
import { deliver } from '../src/deliver.ts'
import { listMails, openMailbox } from '../src/mail/mailbox.ts'
import { openDatabase } from '../src/store/database.ts'
import { editionsIn } from '../src/store/editions.ts'
import {
  addDueEdition,
  addReader,
  addReaders,
  addresses,
  article,
  at,
  countedIn,
  counting,
  daily,
  epoch,
  ledger,
  save,
  silent,
  site,
  templates,
  type Errand,
} from './press.ts'

const script = fileURLToPath(new URL('press-child.ts', import.meta.url))
const connections = 4

describe('deliver and compose, killed @slow', function () {
  this.timeout(180_000)
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'broadsheet-crash-'))
  })

  afterEach(() => rm(root, { recursive: true, force: true }))

  const errand = (name: string, verb: Errand['verb'], more: Partial<Errand> = {}): Errand => ({
    verb,
    database: join(root, `${name}.db`),
    mails: join(root, name),
    counted: join(root, `${name}.log`),
    worker: 'child',
    now: at(0).toISOString(),
    ...more,
  })

  /** A database with so many due deliveries, to be copied. */
  async function prepareDue(readers: number): Promise<string> {
    const file = join(root, 'prepared.db')
    const store = await openDatabase(file)
    await addDueEdition(store.db, readers)
    await store.close()
    return file
  }

  /** What the next `deliver` finds an hour later, and that everyone has their one mail or is accounted for. */
  async function recover({ database, mails, counted }: Errand, readers: number): Promise<{ uncertain: number }> {
    const store = await openDatabase(database)
    const transport = counting(openMailbox(mails), counted)
    const needs = { db: store.db, site, addresses, newsletters: [daily], transport, log: silent, worker: 'parent' }
    const result = await deliver({ ...needs, now: () => at(60) })
    const states = await ledger(store.db)
    await store.close()

    const bodies = countedIn(counted).map((address) => address.replace('@reader.example', ''))
    const uncertain = Object.keys(states).filter((reader) => states[reader] === 'uncertain')
    const taken = Object.keys(states).filter((reader) => states[reader] === 'submitted')
    assert.equal(new Set(bodies).size, bodies.length, 'somebody was mailed twice')
    assert.equal(taken.length + uncertain.length, readers, 'somebody was forgotten')
    const kept = (await listMails(mails)).map(({ to }) => to.replace('@reader.example', ''))
    assert.equal(new Set(kept).size, kept.length)
    for (const reader of taken) assert.ok(kept.includes(reader), `the mail of ${reader} is not there`)
    assert.equal(result.uncertain, uncertain.length, 'every uncertain one is reported')
    assert.ok(uncertain.length <= connections)
    assert.equal(result.faults.filter(({ code }) => code === 'mail.uncertain').length, uncertain.length)
    return { uncertain: uncertain.length }
  }

  it('mails nobody twice and forgets nobody, whichever message a process dies over', async () => {
    const prepared = await prepareDue(9)
    for (const instant of ['body', 'answer'] as const) {
      await eachOf([0, 4, 8], async (number) => {
        const errant = errand(`${instant}${number}`, 'deliver', { kill: { instant, number } })
        await copyFile(prepared, errant.database)
        assert.equal((await run(errant)).killed, true)
        const bodies = countedIn(errant.counted).length
        assert.ok(instant === 'body' ? bodies >= number : bodies > number)
        const { uncertain } = await recover(errant, 9)
        assert.ok(uncertain >= 1, 'a message that may have gone is not called submitted')
      })
    }
  })

  it('mails nobody twice and forgets nobody, before and after whichever statement a process dies', async () => {
    const prepared = await prepareDue(2)
    const whole = errand('whole', 'deliver')
    await copyFile(prepared, whole.database)
    const statements = (await run(whole)).kinds.length
    assert.ok(statements > 20)
    assert.equal((await recover(whole, 2)).uncertain, 0)
    let killed = 0
    await eachOf(
      Array.from({ length: statements }, (_, number) => number),
      async (number) => {
        const instant = number % 2 === 0 ? 'before' : 'after'
        const errant = errand(`${instant}${number}`, 'deliver', { kill: { instant, number } })
        await copyFile(prepared, errant.database)
        if ((await run(errant)).killed) killed += 1
        await recover(errant, 2)
      },
    )
    // Messages in the air together do not send their statements in the same order each time, but nearly as many.
    assert.ok(killed > statements - 3, `${killed} of ${statements} were killed`)
  })

  it('sends three hundred messages once each while two processes deliver', async () => {
    await prepareDue(300)
    const one = errand('prepared', 'deliver', { worker: 'one', counted: join(root, 'one.log') })
    const other = errand('prepared', 'deliver', { worker: 'other', counted: join(root, 'other.log') })
    const ends = await Promise.all([run(one), run(other)])
    assert.deepEqual(
      ends.map(({ killed }) => killed),
      [false, false],
    )
    const [byOne, byOther] = [countedIn(one.counted), countedIn(other.counted)]
    assert.equal(byOne.length + byOther.length, 300)
    assert.equal(new Set([...byOne, ...byOther]).size, 300)
    assert.ok(
      byOne.length > 0 && byOther.length > 0,
      `${byOne.length} and ${byOther.length}: they did not share the work`,
    )
    const store = await openDatabase(one.database)
    assert.deepEqual([...new Set(Object.values(await ledger(store.db)))], ['submitted'])
    await store.close()
  })

  /** A database with new articles, readers who have had all before, and one who starts with what is there. */
  async function prepareNew(readers: number): Promise<string> {
    const file = join(root, 'prepared.db')
    const store = await openDatabase(file)
    await save(store.db, article('old', at(-90)), article('new', at(-10)))
    await addReaders(store.db, readers, at(-60))
    await addReader(store.db, 'newcomer', epoch)
    await store.close()
    return file
  }

  async function checkComposed({ database }: Errand, readers: number): Promise<void> {
    const store = await openDatabase(database)
    const needs = { db: store.db, site, addresses, newsletters: [daily], templates, log: silent }
    const again = await compose({ ...needs, now: () => at(1) })
    assert.deepEqual([again.faults, again.held], [[], []])
    const editions = await editionsIn(store.db, ['composing', 'ready'])
    assert.deepEqual(
      editions.map(({ number, state, slices }) => [number, state, slices.map(({ articleIds }) => articleIds.length)]),
      [[1, 'ready', [2, 1]]],
    )
    const rows = await store.db.selectFrom('delivery').selectAll().execute()
    assert.equal(rows.length, readers + 1)
    assert.equal(new Set(rows.map(({ subscriberId }) => subscriberId)).size, readers + 1)
    assert.equal(rows.filter(({ sliceId }) => sliceId === 's1').length, 1)
    const marks = await store.db.selectFrom('subscription').select('watermark').distinct().execute()
    assert.deepEqual(marks, [{ watermark: at(-10).toISOString() }])
    await store.close()
  }

  it('composes one edition with one delivery a reader, whenever it is killed', async () => {
    const prepared = await prepareNew(620)
    const whole = errand('whole', 'compose')
    await copyFile(prepared, whole.database)
    const { kinds } = await run(whole)
    await checkComposed(whole, 620)
    const kill = async (from: string, instant: 'before' | 'after', number: number) => {
      const errant = errand(`${instant}${number}-of-${basename(from)}`, 'compose', { kill: { instant, number } })
      await copyFile(from, errant.database)
      assert.equal((await run(errant)).killed, true)
      return errant
    }
    // Up to the edition's own row nothing is written at all. From there on another process goes on without planning.
    const written = kinds.indexOf('InsertQueryNode')
    await checkComposed(await kill(prepared, 'before', written), 620)
    await checkComposed(await kill(prepared, 'after', written), 620)
    const begun = await kill(prepared, 'before', written + 1)
    const left = join(root, 'begun.db')
    await closed(begun.database)
    await copyFile(begun.database, left)
    await checkComposed(begun, 620)
    const goingOn = errand('going-on', 'compose')
    await copyFile(left, goingOn.database)
    const rest = (await run(goingOn)).kinds.length
    assert.ok(rest > 12)
    await eachOf(
      Array.from({ length: rest }, (_, number) => number),
      async (number) => checkComposed(await kill(left, number % 2 === 0 ? 'before' : 'after', number), 620),
    )
  })

  it('composes one edition when two processes compose at once', async () => {
    await prepareNew(620)
    const both = errand('prepared', 'compose')
    const ends = await Promise.all([run(both), run(both)])
    assert.deepEqual(
      ends.map(({ killed }) => killed),
      [false, false],
    )
    await checkComposed(both, 620)
  })
})

/** Runs the verb in a child; throws with what it wrote when it fails in any other way than by being killed. */
async function run(errand: Errand): Promise<{ killed: boolean; kinds: string[] }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(errand.database), 'compiled') }
    execFile(process.execPath, [script, JSON.stringify(errand)], { env }, (error, stdout, stderr) => {
      if (error === null) resolve({ killed: false, kinds: JSON.parse(stdout) as string[] })
      else if (error.signal === 'SIGKILL') resolve({ killed: true, kinds: [] })
      else reject(new Error(stderr, { cause: error }))
    })
  })
}

/** Brings what a killed process left in the write-ahead log into the file itself, so that it can be copied. */
async function closed(database: string): Promise<void> {
  await (await openDatabase(database)).close()
}

/** A few at a time: each is a process. */
async function eachOf<T>(list: T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = list.values()
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      for (const one of waiting) await work(one)
    }),
  )
}
