import { strict as assert } from 'node:assert'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { articlesById, newestArticles, saveArticle } from '../../src/store/articles.ts'
import { isPostgres, openDatabase, transact, type Database } from '../../src/store/database.ts'
import { claimDue, countDeliveries, openDeliveries, releaseLapsed } from '../../src/store/deliveries.ts'
import { addEdition, editionById, setEditionState } from '../../src/store/editions.ts'
import { listSubscriptions } from '../../src/store/subscribers.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addEditionWithReaders, addReaders, article, at, edition } from './nouns.ts'
import { runProcesses } from './processes.ts'

let folder: string
let path: string

describe('store/database', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-database-'))
    path = join(folder, 'broadsheet.db')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('creates folder and file, for nobody else to read', async () => {
    path = join(folder, 'var', 'deep', 'broadsheet.db')
    await withDatabase(async (db) => {
      await addEdition(db, edition())
      for (const ending of ['', '-wal', '-shm']) {
        assert.equal((await stat(path + ending)).mode & 0o777, 0o600, `broadsheet.db${ending}`)
      }
    })
  })

  it('keeps what was written for the next time', async () => {
    await withDatabase((db) => addEdition(db, edition()))
    assert.deepEqual(await withDatabase((db) => editionById(db, 'e1')), edition())
    assert.deepEqual(await readdir(folder), ['broadsheet.db'])
  })

  it('keeps nothing of a database in memory', async () => {
    for (let round = 0; round < 2; round += 1) {
      const store = await openDatabase(':memory:')
      assert.equal(await addEdition(store.db, edition()), true)
      await store.close()
    }
  })

  it('syncs every commit, waits for its turn and lets nothing refer to what is not there', async () => {
    await withDatabase(async (db) => {
      const settings = await Promise.all(
        ['journal_mode', 'synchronous', 'busy_timeout', 'foreign_keys'].map(async (name) => {
          const { rows } = await sql.raw(`pragma ${name}`).execute(db)
          return Object.values(rows[0] as Record<string, unknown>)[0]
        }),
      )
      assert.deepEqual(settings, ['wal', 2, 10_000, 1])
      await assert.rejects(openDeliveries(db, 'no such edition', 's1', ['r1'], at(0)), /FOREIGN KEY/)
    })
  })

  for (const url of ['postgres://user:hunter2@host/name', 'postgresql://user:hunter2@host/name']) {
    it(`refuses ${url.slice(0, url.indexOf(':'))}:// plainly, without showing the password`, async () => {
      await assert.rejects(openDatabase(url), (failure: Error & { code: string }) => {
        assert.equal(failure.code, 'database.unusable')
        assert.match(failure.message, /PostgreSQL is not built yet/)
        assert.doesNotMatch(JSON.stringify(failure) + failure.message, /hunter2/)
        return true
      })
    })
  }

  it('refuses every other kind of address instead of making a folder of it', async () => {
    await assert.rejects(openDatabase('mysql://host/name'), { code: 'database.unusable', message: /mysql:/ })
  })

  it('names a folder that stands where the file should be', async () => {
    await mkdir(path)
    await assert.rejects(openDatabase(path), unusable(/it is not a file/))
  })

  it('names a file that stands where the folder should be', async () => {
    await writeFile(path, '')
    path = join(path, 'broadsheet.db')
    await assert.rejects(openDatabase(path), unusable(/ENOTDIR|EEXIST/))
  })

  it('names a file that is no database, and leaves it as it is', async () => {
    const letter = 'Dear editors, this is a letter and no database. '.repeat(100)
    await writeFile(path, letter)
    await assert.rejects(openDatabase(path), unusable(/not a database/))
    assert.equal(await readFile(path, 'utf8'), letter)
    assert.deepEqual(await readdir(folder), ['broadsheet.db'])
  })

  it('takes an empty file for a new database', async () => {
    await writeFile(path, '')
    assert.equal(await withDatabase((db) => addEdition(db, edition())), true)
  })

  it('reads a table as it is now, whoever changed it since the same was asked', async () => {
    await withDatabase(async (db) => {
      const columns = async () => Object.keys((await sql<object>`select * from tide`.execute(db)).rows[0] ?? {})
      await sql`create table tide (height integer)`.execute(db)
      await sql`insert into tide values (3)`.execute(db)
      assert.deepEqual(await columns(), ['height'])
      await sql`alter table tide add column port text`.execute(db)
      assert.deepEqual(await columns(), ['height', 'port'])
      await withDatabase((other) => sql`alter table tide add column wind text`.execute(other))
      assert.deepEqual(await columns(), ['height', 'port', 'wind'])
      await sql`drop table tide`.execute(db)
      await assert.rejects(columns(), /no such table/)
    })
  })

  it('answers each of many statements, and of the same many at once', async () => {
    await withDatabase(async (db) => {
      const numbers = Array.from({ length: 450 }, (_, number) => number)
      const ask = async (number: number) =>
        (await sql<{ n: number }>`select ${sql.lit(number)} as n`.execute(db)).rows[0]?.n
      for (let round = 0; round < 2; round += 1) assert.deepEqual(await Promise.all(numbers.map(ask)), numbers)
    })
  })

  it('says why when the disk is full, loses nothing and goes on once there is room', async () => {
    await withDatabase(async (db) => {
      const { rows } = await sql<{ pageCount: number }>`pragma page_count`.execute(db)
      await saveArticle(db, article(), ['url:a1'], '/a1')
      await sql.raw(`pragma max_page_count = ${String(rows[0]!.pageCount + 1)}`).execute(db)
      const large = article({ id: 'a2', text: 'x'.repeat(100_000) })
      await assert.rejects(saveArticle(db, large, ['url:a2'], '/a2'), /full/)
      assert.deepEqual(await newestArticles(db, { limit: 9 }), [article()])
      await sql`pragma max_page_count = 100000`.execute(db)
      assert.equal(await saveArticle(db, large, ['url:a2'], '/a2'), 'added')
    })
  })

  describe('two processes on one file', () => {
    it('claim 500 due deliveries, each of them once', async () => {
      const all = await withDatabase(async (db) => {
        await addEdition(db, edition())
        const readers = Array.from({ length: 500 }, (_, number) => `r${String(number)}`)
        await openDeliveries(db, 'e1', 's1', readers, at(0))
        return (await db.selectFrom('delivery').select('id').execute()).map(({ id }) => id)
      })
      const answers = (await runProcesses(2, path, 'claim')).map(({ answer }) => answer as string[])
      assert.deepEqual(answers.flat().toSorted(), all.toSorted())
    })

    it('save the same articles, each of them once', async () => {
      assert.equal(sum(await runProcesses(2, path, 'save')), 50)
      await withDatabase(async (db) => {
        assert.equal((await newestArticles(db, { limit: 999 })).length, 50)
      })
    })

    it('subscribe the same readers, each of them once', async () => {
      assert.equal(sum(await runProcesses(2, path, 'subscribe')), 50)
      await withDatabase(async (db) => {
        assert.equal((await listSubscriptions(db)).length, 50)
        assert.equal((await db.selectFrom('consentEvent').selectAll().execute()).length, 50)
      })
    })

    it('compose the same editions, each of them once', async () => {
      const answers = (await runProcesses(2, path, 'compose')).map(({ answer }) => answer as number[])
      assert.deepEqual(
        answers.flat().toSorted((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    })

    it('read and then write in one transaction, and neither undoes the other', async () => {
      await withDatabase((db) => addEdition(db, edition()))
      await runProcesses(2, path, 'count')
      const { composedAt } = (await withDatabase((db) => editionById(db, 'e1')))!
      assert.equal(composedAt.getTime() - at(0).getTime(), 200)
    })

    it('make one signing key', async () => {
      const answers = (await runProcesses(2, path, 'keys')).map(({ answer }) => answer as string[])
      assert.equal(answers[0]?.length, 1)
      assert.deepEqual(answers[0], answers[1])
    })
  })

  it('knows after a kill what was submitted, what may have gone and what is still due', async () => {
    const [{ signal } = assert.fail()] = await runProcesses(1, path, 'die')
    assert.equal(signal, 'SIGKILL')
    await withDatabase(async (db) => {
      const before = await countDeliveries(db, 'e1')
      assert.deepEqual([before.submitted, before.sending, before.claimed, before.due], [1, 1, 1, 1])
      const { released, uncertain } = await releaseLapsed(db, at(9))
      assert.deepEqual([released, uncertain.length], [1, 1])
      assert.equal((await claimDue(db, { now: at(9), until: at(19), by: 'me', limit: 9 })).length, 2)
    })
  })
})

describeOnEveryDatabase('store/database', (open) => {
  it('undoes all of a transaction that fails, and gives what was thrown', async () => {
    const db = await open()
    const fault = new Error('no more')
    const work = transact(db, async (trx) => {
      await addEdition(trx, edition())
      await addReaders(trx, 1)
      throw fault
    })
    await assert.rejects(work, fault)
    assert.equal(await editionById(db, 'e1'), undefined)
    assert.deepEqual(await listSubscriptions(db), [])
  })

  it('makes a transaction within a transaction part of it', async () => {
    const db = await open()
    const work = transact(db, async (trx) => {
      assert.equal(await transact(trx, (inner) => addEdition(inner, edition())), true)
      throw new Error('no more')
    })
    await assert.rejects(work)
    assert.equal(await editionById(db, 'e1'), undefined)
  })

  it('lets what is asked meanwhile wait for the transaction to end', async () => {
    const db = await open()
    await addEditionWithReaders(db, 1)
    const work = transact(db, async (trx) => {
      await setEditionState(trx, 'e1', 'paused')
      await new Promise((resolve) => setImmediate(resolve))
      await setEditionState(trx, 'e1', 'sending')
    })
    assert.equal((await editionById(db, 'e1'))?.state, 'sending')
    await work
  })

  it('gives texts back as they were, of whatever script', async () => {
    const db = await open()
    const odd = article({ title: '‮שלום 🚢 \'; drop table article; -- "%_\\ \n\t', text: 'é é ﷽ \u{10FFFD}' })
    await saveArticle(db, odd, ['url:\'"%'], '/')
    assert.deepEqual(await articlesById(db, ['a1']), [odd])
  })

  it('knows whether it can lock rows', async function () {
    assert.equal(isPostgres(await open()), this.test!.parent!.title.includes('PGlite'))
  })
})

async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const store = await openDatabase(path)
  try {
    return await work(store.db)
  } finally {
    await store.close()
  }
}

const unusable = (reason: RegExp) => (failure: Error & { code: string; details: Record<string, unknown> }) => {
  assert.equal(failure.code, 'database.unusable')
  assert.equal(failure.details['path'], path)
  assert.match(String(failure.details['reason']), reason)
  return true
}

const sum = (ended: { answer: unknown }[]): number => ended.reduce((total, { answer }) => total + Number(answer), 0)
