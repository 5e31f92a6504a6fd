/** Copies of the database, made while others use it and checked before anybody relies on them. */
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { Failure, describe } from '../failures.ts'

/** A copy that passed its check. */
export interface Copied {
  path: string
  bytes: number
  /** The migrations that it has had. */
  migrations: string[]
}

export interface BackupOptions {
  /** Replaces a file that is there. */
  force?: boolean
  report?: (done: number, total: number) => void
}

/** Pages between two looks at the clock, the report and whoever else wants the processor: some 2 MB. */
const PAGES_AT_ONCE = 500

/**
 * Copies the SQLite database at `database` to `target`, as it is at this moment, whoever writes to it meanwhile. The copy
 * is checked and then gets its name, at once and whole; it is for nobody else to read.
 * @throws Failure `usage.exists`, `database.unusable`, `backup.failed`, `backup.faulty`.
 */
export async function backUp(database: string, target: string, options: BackupOptions = {}): Promise<Copied> {
  const path = resolve(target)
  await refuse(database, path, options.force === true)
  const source = openThere(database)
  // Beside the target, because a rename is atomic within one file system only.
  const unfinished = `${path}.unfinished`
  try {
    await rm(unfinished, { force: true })
    await (await open(unfinished, 'ax', 0o600)).close()
    // The moment that is copied. Without this transaction, whatever another process writes begins the copy anew.
    source.exec('begin')
    const migrations = readNames(source)
    await source.backup(unfinished, {
      progress({ totalPages, remainingPages }) {
        options.report?.(totalPages - remainingPages, totalPages)
        return PAGES_AT_ONCE
      },
    })
    verify(unfinished, migrations)
    await finish(unfinished, path)
    return { path, bytes: (await stat(path)).size, migrations }
  } catch (thrown) {
    for (const ending of ['', '-journal', '-wal', '-shm'])
      await rm(`${unfinished}${ending}`, { force: true }).catch(() => undefined)
    if (thrown instanceof Failure) throw thrown
    throw new Failure('backup.failed', { path, reason: describe(thrown) }, thrown)
  } finally {
    source.close()
  }
}

/** The migrations that the database at `path` has had, without changing anything. Throws Failure `database.unusable`. */
export function readMigrations(path: string): string[] {
  const sqlite = openThere(path)
  try {
    return readNames(sqlite)
  } catch (thrown) {
    throw new Failure('database.unusable', { path, reason: describe(thrown) }, thrown)
  } finally {
    sqlite.close()
  }
}

async function refuse(database: string, path: string, force: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found !== undefined && !found.isFile()) throw new Failure('backup.failed', { path, reason: 'it is not a file' })
  const [real, target] = await Promise.all([realName(database), realName(path)])
  if (['', '-wal', '-shm', '-journal'].some((ending) => target === `${real}${ending}`))
    throw new Failure('backup.failed', { path, reason: 'it is the database itself' })
  if (found !== undefined && !force) throw new Failure('usage.exists', { file: path })
}

async function realName(path: string): Promise<string> {
  const whole = resolve(path)
  return realpath(whole).catch(async () =>
    join(await realpath(dirname(whole)).catch(() => dirname(whole)), basename(whole)),
  )
}

function openThere(path: string): BetterSqlite.Database {
  try {
    return new BetterSqlite(path, { readonly: true, fileMustExist: true, timeout: 10_000 })
  } catch (thrown) {
    throw new Failure('database.unusable', { path, reason: describe(thrown) }, thrown)
  }
}

function readNames(sqlite: BetterSqlite.Database): string[] {
  const has = sqlite.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get()
  if (has === undefined) return []
  const rows = sqlite.prepare<[], { name: string }>('select name from kysely_migration order by name').all()
  return rows.map(({ name }) => name)
}

/** Reads the copy from end to end. Throws Failure `backup.faulty`. */
function verify(path: string, migrations: string[]): void {
  const faulty = (reason: string, cause?: unknown) => new Failure('backup.faulty', { path, reason }, cause)
  let copy: BetterSqlite.Database | undefined
  try {
    copy = new BetterSqlite(path, { fileMustExist: true })
    // One file that needs no others beside it, and that can be read where nothing can be written.
    copy.pragma('journal_mode = DELETE')
    const found = String(copy.pragma('integrity_check(1)', { simple: true }))
    if (found !== 'ok') throw faulty(found)
    const names = readNames(copy)
    if (names.join() !== migrations.join()) throw faulty(`it has had other migrations: ${names.join(', ')}`)
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : faulty(describe(thrown), thrown)
  } finally {
    copy?.close()
  }
}

async function finish(unfinished: string, path: string): Promise<void> {
  const file = await open(unfinished, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  // Windows cannot open a folder to sync it.
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
