import { strict as assert } from 'node:assert'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { addEdition, editionById } from '../../src/store/editions.ts'
import { MIGRATIONS, migrate, type Migrations } from '../../src/store/migrate.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { edition } from './nouns.ts'
import { runProcesses } from './processes.ts'
import { withSecond } from './second-migration.ts'

const failing: Migrations = {
  ...withSecond,
  '9999-third': {
    async up(db) {
      await db.schema.dropTable('edition').execute()
      throw new Error('the third cannot be done')
    },
  },
}

let folder: string
let path: string

describe('store/migrate', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-migrate-'))
    path = join(folder, 'broadsheet.db')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('copies nothing when there is nothing to keep, or nothing to do', async () => {
    await withDatabase(MIGRATIONS, () => Promise.resolve())
    await withDatabase(MIGRATIONS, () => Promise.resolve())
    assert.deepEqual(await readdir(folder), ['broadsheet.db'])
  })

  it('puts a copy of a database beside it before a migration changes it', async () => {
    await withDatabase(MIGRATIONS, (db) => addEdition(db, edition()))
    const tables = await withDatabase(withSecond, tablesOf)
    assert.ok(tables.includes('added_second'))
    assert.deepEqual((await readdir(folder)).toSorted(), ['broadsheet.db', 'broadsheet.db.before-9999-second'])

    path = `${path}.before-9999-second`
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.ok(!(await withDatabase(MIGRATIONS, tablesOf)).includes('added_second'))
    assert.deepEqual(await withDatabase(MIGRATIONS, (db) => editionById(db, 'e1')), edition())
  })

  it('copies what another process still has in its write-ahead log', async () => {
    const store = await openDatabase(path)
    await addEdition(store.db, edition())
    await withDatabase(withSecond, () => Promise.resolve())
    await store.close()
    path = `${path}.before-9999-second`
    assert.deepEqual(await withDatabase(MIGRATIONS, (db) => editionById(db, 'e1')), edition())
  })

  it('migrates all the way or not at all', async () => {
    await withDatabase(MIGRATIONS, (db) => addEdition(db, edition()))
    await assert.rejects(openDatabase(path, failing), {
      code: 'database.unusable',
      message: /the third cannot be done/,
    })
    await withDatabase(MIGRATIONS, async (db) => {
      assert.ok(!(await tablesOf(db)).includes('added_second'))
      assert.deepEqual(await editionById(db, 'e1'), edition())
    })
  })

  it('makes the copy anew when a migration that failed is tried again', async () => {
    await withDatabase(MIGRATIONS, () => Promise.resolve())
    await assert.rejects(openDatabase(path, failing))
    await withDatabase(MIGRATIONS, (db) => addEdition(db, edition()))
    await withDatabase(withSecond, () => Promise.resolve())
    assert.deepEqual((await readdir(folder)).toSorted(), ['broadsheet.db', 'broadsheet.db.before-9999-second'])
    path = `${path}.before-9999-second`
    assert.deepEqual(await withDatabase(MIGRATIONS, (db) => editionById(db, 'e1')), edition())
  })

  it('refuses a database that a newer Broadsheet has written, and leaves it as it is', async () => {
    await withDatabase(withSecond, (db) => addEdition(db, edition()))
    await assert.rejects(openDatabase(path), (failure: Error & { code: string; details: unknown }) => {
      assert.equal(failure.code, 'database.newer')
      assert.deepEqual(failure.details, { path, migration: '9999-second' })
      return true
    })
    assert.deepEqual(await readdir(folder), ['broadsheet.db'])
    assert.deepEqual(await withDatabase(withSecond, (db) => editionById(db, 'e1')), edition())
  })

  it('is done once by four processes that create one database at once', async () => {
    await runProcesses(4, path, 'open')
    assert.equal(await withDatabase(MIGRATIONS, (db) => addEdition(db, edition())), true)
    assert.deepEqual(await readdir(folder), ['broadsheet.db'])
  })

  it('is done once by four processes that upgrade one database at once', async () => {
    await withDatabase(MIGRATIONS, (db) => addEdition(db, edition()))
    await runProcesses(4, path, 'upgrade')
    assert.ok((await withDatabase(withSecond, tablesOf)).includes('added_second'))
    path = `${path}.before-9999-second`
    assert.ok(!(await withDatabase(MIGRATIONS, tablesOf)).includes('added_second'))
  })
})

describeOnEveryDatabase('store/migrate', (open) => {
  it('finds nothing to do the second time', async () => {
    assert.deepEqual(await migrate(await open()), [])
  })

  it('refuses a database that has had a migration that is not in the list', async () => {
    await assert.rejects(migrate(await open(), {}), { code: 'database.newer' })
  })
})

async function tablesOf(db: Database): Promise<string[]> {
  return (await db.introspection.getTables()).map(({ name }) => name)
}

async function withDatabase<T>(migrations: Migrations, work: (db: Database) => Promise<T>): Promise<T> {
  const store = await openDatabase(path, migrations)
  try {
    return await work(store.db)
  } finally {
    await store.close()
  }
}
