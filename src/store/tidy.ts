/** Nightly care of the SQLite file: what rows left behind goes back to the disk, and the planner learns what there is. */
import { setImmediate as othersTurn } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import { Failure, describe } from '../failures.ts'

/** Pages that are given back in one transaction: some 4 MB. */
const PAGES_AT_ONCE = 1000

/** What the file gave back. */
export interface Tidied {
  freedPages: number
}

/**
 * Tidies the database file at `path` through a connection of its own: kysely runs a pragma for one step only, and giving
 * pages back takes many. It waits for nobody: what is locked now is tidied tomorrow. Throws Failure `database.unusable`.
 */
export async function tidyFile(path: string): Promise<Tidied> {
  let sqlite: BetterSqlite.Database | undefined
  try {
    // A connection of this same process may hold the lock, which it cannot release while we wait.
    sqlite = new BetterSqlite(path, { fileMustExist: true, timeout: 0 })
    const freedPages = await giveBack(sqlite)
    // The limit bounds what ANALYZE reads, and so the time that it holds the lock; 0x10000 looks at all tables, because
    // this connection has asked for none itself (sqlite.org, PRAGMA optimize).
    attempt(sqlite, 'pragma analysis_limit = 1000; pragma optimize = 0x10002')
    attempt(sqlite, 'pragma wal_checkpoint(truncate)')
    return { freedPages }
  } catch (thrown) {
    throw new Failure('database.unusable', { path, reason: describe(thrown) }, thrown)
  } finally {
    sqlite?.close()
  }
}

async function giveBack(sqlite: BetterSqlite.Database): Promise<number> {
  const before = free(sqlite)
  for (let left = before; left > 0;) {
    if (!attempt(sqlite, `pragma incremental_vacuum(${PAGES_AT_ONCE})`)) break
    const now = free(sqlite)
    // A file that an older version made gives nothing back; it fills its free pages again instead.
    if (now >= left) break
    left = now
    await othersTurn()
  }
  return Math.max(0, before - free(sqlite))
}

function free(sqlite: BetterSqlite.Database): number {
  return Number(sqlite.pragma('freelist_count', { simple: true }))
}

/** False when somebody else has the lock. */
function attempt(sqlite: BetterSqlite.Database, statement: string): boolean {
  try {
    sqlite.exec(statement)
    return true
  } catch (thrown) {
    if (thrown instanceof BetterSqlite.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) return false
    throw thrown
  }
}
