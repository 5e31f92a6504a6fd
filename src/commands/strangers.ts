/** Ids that the database knows and the config does not: what is kept under them stays until an operator says otherwise. */
import { stat } from 'node:fs/promises'
import { type App } from '../app.ts'
import { type Config } from '../config.ts'
import { type Log } from '../log.ts'
import { readMigrations } from '../store/backup.ts'
import { openDatabase } from '../store/database.ts'
import { MIGRATIONS, pendingAfter } from '../store/migrate.ts'
import { idsInUse, type RenameKind } from '../store/renames.ts'

export interface Stranger {
  kind: RenameKind
  id: string
}

export async function strangersOf({ db, config }: Pick<App, 'db' | 'config'>): Promise<Stranger[]> {
  const inUse = await idsInUse(db)
  const of = (kind: RenameKind, list: { id: string; was: string[] }[]) =>
    inUse[kind]
      .filter((id) => !list.some((each) => each.id === id || each.was.includes(id)))
      .map((id) => ({ kind, id }))
  return [...of('source', config.sources), ...of('feed', config.feeds), ...of('newsletter', config.newsletters)]
}

/** The same of a database that is not open, and is left as it is: none where it is not there or not of this version. */
export async function strangersIn(config: Config): Promise<Stranger[]> {
  const path = config.databasePath
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size === 0 || pendingAfter(readMigrations(path), MIGRATIONS, path).length > 0) return []
  const store = await openDatabase(path)
  try {
    return await strangersOf({ db: store.db, config })
  } finally {
    await store.close()
  }
}

/** What is kept of it, and the two things that an operator may want. */
export function describeStranger({ kind, id }: Stranger): string {
  const kept = { source: 'its articles are', feed: 'its last files are', newsletter: 'its readers and editions are' }
  return `${kind} ${id} is no longer in the config; ${kept[kind]} kept. Renamed? Write \`was: ${id}\` at the new one`
}

export function warnOfStrangers(log: Log, strangers: Stranger[]): void {
  for (const stranger of strangers) log.warn({ [stranger.kind]: stranger.id }, describeStranger(stranger))
}
