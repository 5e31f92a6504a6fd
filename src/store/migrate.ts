/** Brings the tables up to date, after a copy of the file was put beside it. */
import { open, rename, rm, stat } from 'node:fs/promises'
import BetterSqlite from 'better-sqlite3'
import { Migrator, type Migration } from 'kysely/migration'
import { Failure, describe } from '../failures.ts'
import { type Database } from './database.ts'
import * as first from './migrations/0001-first.ts'
import * as world from './migrations/0002-world.ts'
import * as upkeep from './migrations/0003-upkeep.ts'
import * as signUp from './migrations/0004-sign-up.ts'
import * as items from './migrations/0005-items.ts'
import * as renames from './migrations/0006-renames.ts'
import * as newsroom from './migrations/0007-newsroom.ts'
import * as sightings from './migrations/0008-sightings.ts'
import * as rests from './migrations/0009-rests.ts'
import * as feeds from './migrations/0010-feeds.ts'
import * as hub from './migrations/0011-hub.ts'
import * as media from './migrations/0012-media.ts'

/** By name, in the order of their names. */
export type Migrations = Record<string, Migration>

/** A list and no scan of a folder, so that it works compiled and bundled. Appended to and never edited. */
export const MIGRATIONS: Migrations = {
  '0001-first': first,
  '0002-world': world,
  '0003-upkeep': upkeep,
  '0004-sign-up': signUp,
  '0005-items': items,
  '0006-renames': renames,
  '0007-newsroom': newsroom,
  '0008-sightings': sightings,
  '0009-rests': rests,
  '0010-feeds': feeds,
  '0011-hub': hub,
  '0012-media': media,
}

/**
 * Runs the migrations that the database has not had, all in one transaction: a second process waits, then finds nothing
 * to do. An existing file, whose path is given, is copied to `PATH.before-NAME` first, NAME being the first migration
 * to run. Gives the names of those that ran. Throws Failure `database.newer` on one that is not in the list.
 */
export async function migrate(db: Database, migrations: Migrations = MIGRATIONS, file?: string): Promise<string[]> {
  if ((await pending(db, migrations, file)).length === 0) return []
  return db.transaction().execute(async (trx) => {
    const [next] = await pending(trx, migrations, file)
    if (next === undefined) return []
    if (file !== undefined && (await hasTables(trx))) await backUp(file, `${file}.before-${next}`)
    const { error, results } = await migrator(trx, migrations).migrateToLatest()
    if (error !== undefined) throw error instanceof Error ? error : new Error(describe(error))
    return (results ?? []).map(({ migrationName }) => migrationName)
  })
}

function migrator(db: Database, migrations: Migrations): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
}

async function pending(db: Database, migrations: Migrations, path?: string): Promise<string[]> {
  return pendingAfter(await executed(db), migrations, path)
}

/** Whether the tables are as this version wants them. Throws Failure `database.newer`. */
export async function isCurrent(db: Database, migrations: Migrations = MIGRATIONS): Promise<boolean> {
  return (await pending(db, migrations)).length === 0
}

/** The migrations that a database has not had, in their order. Throws Failure `database.newer`. */
export function pendingAfter(had: string[], migrations: Migrations, path?: string): string[] {
  const unknown = had.find((name) => !Object.hasOwn(migrations, name))
  if (unknown !== undefined) throw new Failure('database.newer', { path, migration: unknown })
  return Object.keys(migrations)
    .filter((name) => !had.includes(name))
    .sort()
}

/** Read past kysely's Migrator: it knows no difference between a newer database and a broken one. */
async function executed(db: Database): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const rows = await db
    .$extendTables<{ kyselyMigration: { name: string } }>()
    .selectFrom('kyselyMigration')
    .select('name')
    .execute()
  return rows.map(({ name }) => name)
}

async function hasTables(db: Database): Promise<boolean> {
  return (await db.introspection.getTables({ withInternalKyselyTables: true })).length > 0
}

/**
 * Copies the file as it was committed last, through a connection of its own: the one that migrates holds the write lock,
 * so that nothing changes meanwhile, and cannot run VACUUM in its transaction.
 */
async function backUp(file: string, target: string): Promise<void> {
  const unfinished = `${target}.unfinished`
  await rm(unfinished, { force: true })
  // SQLite fills an empty file, which has the rights of the first one already.
  await (await open(unfinished, 'ax', (await stat(file)).mode & 0o777)).close()
  const source = new BetterSqlite(file, { readonly: true })
  try {
    source.prepare('vacuum into ?').run(unfinished)
  } finally {
    source.close()
  }
  const copy = await open(unfinished, 'r+')
  try {
    await copy.sync()
  } finally {
    await copy.close()
  }
  await rename(unfinished, target)
}
