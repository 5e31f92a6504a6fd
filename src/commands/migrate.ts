/** `migrate`: brings the database up to date, after a copy of it was put beside it. */
import { stat } from 'node:fs/promises'
import { type Command } from 'commander'
import { type Call, type Result, type Run } from '../cli.ts'
import { readMigrations } from '../store/backup.ts'
import { openDatabase } from '../store/database.ts'
import { MIGRATIONS, pendingAfter } from '../store/migrate.ts'
import { count } from '../terminal.ts'

interface Options {
  check?: boolean
}

export function register(program: Command, run: Run): void {
  program
    .command('migrate')
    .option('--check', 'only say what is pending: exit code 0 when nothing is, 1 when something is')
    .description('bring the database up to date; a copy of it is put beside it first')
    .action(run((call, { check }: Options) => migrate(call, check === true)))
}

async function migrate(call: Call, isOnlyCheck: boolean): Promise<Result> {
  const { databasePath: path } = await call.config()
  const had = (await isThere(path)) ? readMigrations(path) : undefined
  const pending = pendingAfter(had ?? [], MIGRATIONS, path)
  const [next] = pending
  if (next === undefined) {
    return { json: { database: path, pending, ran: [], backup: null }, text: `${path} is up to date.`, exit: 0 }
  }
  const list = [`${count(pending.length, 'migration')} pending for ${path}:`, ...pending.map((name) => `  ${name}`)]
  if (isOnlyCheck) {
    return { json: { database: path, pending, ran: [], backup: null }, text: list.join('\n'), exit: 1 }
  }
  call.say(list.join('\n'))
  const store = await openDatabase(path)
  await store.close()
  const copy = `${path}.before-${next}`
  // An empty database is not copied: there is nothing in it to keep.
  const backup = had !== undefined && had.length > 0 && (await isThere(copy)) ? copy : null
  const where = backup === null ? 'There was nothing to keep a copy of.' : `As it was before: ${backup}`
  call.log.info({ ran: pending, backup }, 'database migrated')
  return { json: { database: path, pending: [], ran: pending, backup }, text: `Up to date.\n${where}`, exit: 0 }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    ({ size }) => size > 0,
    () => false,
  )
}
