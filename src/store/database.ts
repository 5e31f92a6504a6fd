/** Opens the database: SQLite through better-sqlite3, in one place with every setting that durability rests on. */
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import {
  CamelCasePlugin,
  CompiledQuery,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresAdapter,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  replaceWithNoncontingentExpression,
  type DatabaseConnection,
  type Driver,
  type KyselyPlugin,
  type QueryResult,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'
import { Failure, describe } from '../failures.ts'
import { MIGRATIONS, migrate, type Migrations } from './migrate.ts'
import { type Tables } from './schema.ts'

/** The database or a transaction of it: every function of the store takes either. */
export type Database = Kysely<Tables>

export interface Store {
  db: Database
  close(): Promise<void>
}

/** How long a process waits for another one's transaction before it gives up. */
const BUSY_TIMEOUT_MS = 10_000

/**
 * Whoever opens a database for the store opens it with these: snake_case in SQL and camelCase in code; and a choice out of
 * nothing (`in ()`), which PostgreSQL does not parse, chooses nothing.
 */
export const plugins: KyselyPlugin[] = [
  new CamelCasePlugin(),
  new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression }),
]

/**
 * Opens the database at `url`, the path of a file or `:memory:`, creates folder and file where they are missing and
 * brings the tables up to date. Throws Failure `database.unusable` (with the path and the reason) or `database.newer`.
 */
export async function openDatabase(url: string, migrations: Migrations = MIGRATIONS): Promise<Store> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme !== undefined) {
    // The address may hold a password: only its scheme is shown.
    const reason = scheme.startsWith('postgres')
      ? 'PostgreSQL is not built yet; name the path of a SQLite file'
      : 'only the path of a SQLite file is understood'
    throw new Failure('database.unusable', { database: `${scheme}://…`, reason })
  }
  const path = url === ':memory:' ? url : resolve(url)
  const sqlite = await openFile(path)
  const db = new Kysely<Tables>({ dialect: new ImmediateSqliteDialect(sqlite), plugins })
  try {
    await migrate(db, migrations, sqlite.memory ? undefined : path)
  } catch (thrown) {
    sqlite.close()
    if (thrown instanceof Failure) throw thrown
    throw new Failure('database.unusable', { path, reason: describe(thrown) }, thrown)
  }
  return { db, close: () => db.destroy() }
}

/**
 * Runs `work` in one transaction, or in the one that `db` already is. Inside it only the database that `work` is given
 * may be used, and nothing slow awaited: on SQLite everyone else waits meanwhile.
 */
export async function transact<T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

/** Whether rows can be locked one by one. SQLite has a single writer, and nothing to lock. */
export function isPostgres(db: Database): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}

async function openFile(path: string): Promise<BetterSqlite.Database> {
  let sqlite: BetterSqlite.Database | undefined
  try {
    if (path !== ':memory:') await makeRoom(path)
    sqlite = new BetterSqlite(path, { timeout: BUSY_TIMEOUT_MS })
    // Of a new file only: what is deleted can be given back to the disk a piece at a time (tidy.ts).
    sqlite.pragma('auto_vacuum = INCREMENTAL')
    sqlite.pragma('journal_mode = WAL')
    // The default in WAL is to sync at checkpoints only, so that a power cut may undo a commit. A row marked `sending`
    // and then forgotten would be mailed twice: the ledger needs each commit on the disk before the next step is taken.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    return sqlite
  } catch (thrown) {
    sqlite?.close()
    throw new Failure('database.unusable', { path, reason: describe(thrown) }, thrown)
  }
}

async function makeRoom(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() === false) throw new Error('it is not a file')
  // The list and the keys are in it: for nobody else to read. SQLite gives the files beside it the same rights.
  if (found === undefined) await (await open(path, 'a', 0o600)).close()
}

/** SQLite as the store needs it: transactions begin immediate, and tables change inside of them. */
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #sqlite: BetterSqlite.Database

  constructor(sqlite: BetterSqlite.Database) {
    super({ database: keepStatements(sqlite) })
    this.#sqlite = sqlite
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#sqlite)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter()
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  readonly #sqlite: BetterSqlite.Database
  #connection: PlainSpokenConnection | undefined

  constructor(sqlite: BetterSqlite.Database) {
    super({ database: keepStatements(sqlite) })
    this.#sqlite = sqlite
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return (this.#connection ??= new PlainSpokenConnection(await super.acquireConnection(), this.#sqlite.name))
  }

  // A deferred transaction that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT when another process wrote
  // in between, whatever the timeout. An immediate one waits for its turn before it reads.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  // SQLite itself rolls back on a full disk; a second rollback would fail and hide why.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection)
  }
}

const MOST_STATEMENTS = 200
const LONGEST_STATEMENT = 4_000

/**
 * The same database, which compiles a statement once and not each time that it is asked; those not used for longest go.
 * What changes tables is never kept, and nothing that was compiled before it.
 */
function keepStatements(sqlite: BetterSqlite.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const statement = kept.get(sql) ?? sqlite.prepare(sql)
      kept.delete(sql)
      if (!/^(?:select|with|insert|update|delete|begin|commit|rollback)\b/i.test(sql)) kept.clear()
      else if (sql.length <= LONGEST_STATEMENT) kept.set(sql, statement)
      const [oldest] = kept.size > MOST_STATEMENTS ? kept.keys() : []
      if (oldest !== undefined) kept.delete(oldest)
      return statement
    },
  }
}

/** Says of a full or failing disk what it is, and what to do: whoever meets it cannot do without the database. */
class PlainSpokenConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection
  readonly #path: string

  constructor(connection: DatabaseConnection, path: string) {
    this.#connection = connection
    this.#path = path
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.#connection.executeQuery(query)
    } catch (thrown) {
      throw this.#translate(thrown)
    }
  }

  streamQuery<R>(query: CompiledQuery, size: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#connection.streamQuery<R>(query, size)
  }

  #translate(thrown: unknown): unknown {
    if (!(thrown instanceof BetterSqlite.SqliteError)) return thrown
    const about = { path: this.#path, reason: thrown.message }
    // With no room left even for its index of the log, SQLite speaks of an input or output error (SQLITE_IOERR_SHMSIZE).
    if (['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'].includes(thrown.code)) return new Failure('disk.full', about, thrown)
    return thrown.code.startsWith('SQLITE_IOERR') ? new Failure('database.unusable', about, thrown) : thrown
  }
}

/** Kysely says that SQLite cannot roll back a changed table. It can, and migrations rely on it. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
