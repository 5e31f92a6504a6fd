/** Runs the same tests on every database that the store is written for. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, sql } from 'kysely'
import { openDatabase, plugins, type Database } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type Tables } from '../../src/store/schema.ts'

/** Gives a database with all tables and no rows. It is closed when the test is over. */
export type Open = () => Promise<Database>

interface Kind {
  name: string
  /** What the tests of one `describe` share, started before the first of them. */
  start(): Promise<{ open: Open; afterEach(): Promise<void>; stop(): Promise<void> }>
}

/** `describe` once for SQLite in memory, SQLite in a file and PostgreSQL as PGlite. `open` is for use inside of tests. */
export function describeOnEveryDatabase(name: string, tests: (open: Open) => void): void {
  for (const kind of [memory, file, pglite]) {
    describe(`${name} (${kind.name})`, () => {
      let started: Awaited<ReturnType<Kind['start']>>
      before(async () => {
        started = await kind.start()
      })
      afterEach(() => started.afterEach())
      after(() => started.stop())
      tests(() => started.open())
    })
  }
}

const memory: Kind = {
  name: 'SQLite in memory',
  start: () => Promise.resolve(sqlite(() => Promise.resolve(':memory:'))),
}

const file: Kind = {
  name: 'SQLite in a file',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-store-'))
    let opened = 0
    const { stop, ...rest } = sqlite(() => Promise.resolve(join(folder, `${String((opened += 1))}.db`)))
    return {
      ...rest,
      async stop() {
        await stop()
        await rm(folder, { recursive: true })
      },
    }
  },
}

let shared: Promise<Database> | undefined

const pglite: Kind = {
  name: 'PGlite',
  // Starting one takes seconds: all test files share it, and it is emptied for each test.
  async start() {
    shared ??= startPGlite()
    const db = await shared
    const tables = (await db.introspection.getTables()).map((table) => sql.table(table.name))
    return {
      async open() {
        await sql`truncate ${sql.join(tables)}`.execute(db)
        return db
      },
      afterEach: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    }
  },
}

// Outside of any `describe`: after all tests of all files.
after(async () => {
  await (await shared)?.destroy()
})

async function startPGlite(): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: new PGlite() }), plugins })
  await migrate(db)
  return db
}

function sqlite(path: () => Promise<string>) {
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const one of closing.splice(0)) await one()
  }
  return {
    async open() {
      const store = await openDatabase(await path())
      closing.push(() => store.close())
      return store.db
    },
    afterEach: close,
    stop: close,
  }
}
