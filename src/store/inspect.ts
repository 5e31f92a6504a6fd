/** Looks at a database file without changing it. */
import { stat } from 'node:fs/promises'
import BetterSqlite from 'better-sqlite3'
import { CamelCasePlugin, Kysely, SqliteDialect } from 'kysely'
import { describe, Failure } from '../failures.ts'
import { failingPings, type FailingPings } from './hub-topics.ts'
import { MIGRATIONS, pendingAfter, type Migrations } from './migrate.ts'
import { type Tables } from './schema.ts'
import { toSource, type SourceState } from './sources.ts'

/** What was found in a database file that is sound. */
export interface Inspection {
  /** Names of the migrations that it has not had. */
  pending: string[]
}

/**
 * Checks the file whole, page by page; undefined when there is none yet. Throws Failure `database.unusable` with what is
 * broken, or `database.newer`.
 */
export async function inspectDatabase(
  path: string,
  migrations: Migrations = MIGRATIONS,
): Promise<Inspection | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Failure('database.unusable', { path, reason: describe(error) }, error)
  })
  // A process that died before its first migration leaves an empty file.
  if (found?.size === 0 || found === undefined) return undefined
  let sqlite: BetterSqlite.Database | undefined
  try {
    sqlite = new BetterSqlite(path, { readonly: true, fileMustExist: true })
    const [first] = sqlite.pragma('quick_check(1)') as { quick_check: string }[]
    if (first?.quick_check !== 'ok') throw new Error(`it is damaged: ${first?.quick_check ?? 'no answer'}`)
    return { pending: pendingAfter(executedIn(sqlite), migrations, path) }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('database.unusable', { path, reason: describe(thrown) }, thrown)
  } finally {
    sqlite?.close()
  }
}

/** What the file says of each source, where its tables are those of this version; without changing it. */
export function inspectSources(path: string): SourceState[] {
  const sqlite = new BetterSqlite(path, { readonly: true, fileMustExist: true })
  try {
    if (pendingAfter(executedIn(sqlite), MIGRATIONS, path).length > 0) return []
    const rows = sqlite
      .prepare(
        'select id, collected_at as collectedAt, succeeded_at as succeededAt, failure, failures, memory, history, notice from source order by id',
      )
      .all() as Tables['source'][]
    return rows.map(toSource)
  } finally {
    sqlite.close()
  }
}

/** What the file says of hubs that could not be told of news, at least so often; without changing it. */
export async function inspectPings(path: string, attempts: number): Promise<FailingPings | undefined> {
  const sqlite = new BetterSqlite(path, { readonly: true, fileMustExist: true })
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }), plugins: [new CamelCasePlugin()] })
  try {
    return pendingAfter(executedIn(sqlite), MIGRATIONS, path).length > 0 ? undefined : await failingPings(db, attempts)
  } finally {
    await db.destroy()
  }
}

function executedIn(sqlite: BetterSqlite.Database): string[] {
  const table = sqlite.prepare(`select 1 from sqlite_master where name = 'kysely_migration'`).get()
  if (table === undefined) return []
  return (sqlite.prepare('select name from kysely_migration').all() as { name: string }[]).map(({ name }) => name)
}
