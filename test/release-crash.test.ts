// A yes is given once: whenever the process that takes it dies, the next compose opens what is missing, and counts it once.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compose } from '../src/compose.ts'
import { openDatabase, type Database } from '../src/store/database.ts'
import { editionsIn, latestEdition } from '../src/store/editions.ts'
import { addReaders, addresses, article, at, daily, save, silent, site, templates, type Errand } from './press.ts'

const script = fileURLToPath(new URL('press-child.ts', import.meta.url))

const readers = 1120

describe('an approval, killed @slow', function () {
  this.timeout(180_000)
  let root: string
  let prepared: string

  /** A first edition to more readers than a first one goes to unasked. */
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'broadsheet-approve-'))
    prepared = join(root, 'prepared.db')
    const store = await openDatabase(prepared)
    await addReaders(store.db, readers, at(-60))
    await save(store.db, article('new', at(-10)))
    assert.equal((await composeAgain(store.db)).held.length, 1)
    await store.close()
  })

  after(() => rm(root, { recursive: true, force: true }))

  const composeAgain = (db: Database) =>
    compose({ db, site, addresses, newsletters: [daily], templates, log: silent, now: () => at(0) })

  async function errand(name: string, more: Partial<Errand> = {}): Promise<Errand> {
    const database = join(root, `${name}.db`)
    await copyFile(prepared, database)
    const mails = join(root, name)
    return {
      verb: 'approve',
      database,
      mails,
      counted: `${mails}.log`,
      worker: name,
      now: at(1).toISOString(),
      ...more,
    }
  }

  /** What the next compose makes of it: the edition of the yes, whole; without a yes it waits still. */
  async function checkGone({ database }: Errand): Promise<'draft' | 'ready'> {
    const store = await openDatabase(database)
    const { held, faults } = await composeAgain(store.db)
    assert.deepEqual(faults, [])
    assert.equal((await editionsIn(store.db, ['draft', 'composing', 'ready'])).length, 1)
    const state = (await latestEdition(store.db, 'daily'))!.state
    const rows = await store.db.selectFrom('delivery').select('subscriberId').execute()
    assert.equal(new Set(rows.map(({ subscriberId }) => subscriberId)).size, rows.length)
    assert.equal(rows.length, state === 'draft' ? 0 : readers)
    assert.equal(held.length, state === 'draft' ? 1 : 0)
    const marks = await store.db.selectFrom('subscription').select('watermark').distinct().execute()
    assert.deepEqual(marks, [{ watermark: at(state === 'draft' ? -60 : -10).toISOString() }])
    await store.close()
    assert.ok(state === 'draft' || state === 'ready', state)
    return state
  }

  it('leaves a draft or the whole edition, before and after whichever statement it dies', async () => {
    const whole = await errand('whole')
    const statements = (await run(whole)).kinds
    assert.equal(await checkGone(whole), 'ready')
    // The yes, three pieces of readers, a look at the end of each slice, the end.
    assert.ok(statements.length > 15, `${statements.length} statements`)
    const yes = statements.indexOf('UpdateQueryNode')
    const numbers = Array.from({ length: statements.length }, (_, number) => number)
    const waiting = numbers.values()
    const outcomes: string[] = []
    await Promise.all(
      Array.from({ length: 3 }, async () => {
        for (const number of waiting) {
          const instant = number % 2 === 0 ? 'before' : 'after'
          const errant = await errand(`${instant}${number}`, { kill: { instant, number } })
          assert.equal((await run(errant)).killed, true)
          outcomes[number] = await checkGone(errant)
        }
      }),
    )
    const isGiven = (number: number) => (number % 2 === 0 ? number > yes : number >= yes)
    assert.deepEqual(
      outcomes,
      numbers.map((number) => (isGiven(number) ? 'ready' : 'draft')),
    )
  })

  it('makes one edition of two yeses at once', async () => {
    const one = await errand('both')
    const ends = await Promise.all([run(one), run({ ...one, worker: 'other' })])
    assert.deepEqual(
      ends.map(({ killed }) => killed),
      [false, false],
    )
    assert.equal(await checkGone(one), 'ready')
  })
})

/** Runs the errand in a child; throws with what it wrote when it fails in any other way than by being killed. */
async function run(errand: Errand): Promise<{ killed: boolean; kinds: string[] }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, JSON.stringify(errand)], (error, stdout, stderr) => {
      if (error === null) resolve({ killed: false, kinds: JSON.parse(stdout) as string[] })
      else if (error.signal === 'SIGKILL') resolve({ killed: true, kinds: [] })
      else reject(new Error(stderr, { cause: error }))
    })
  })
}
