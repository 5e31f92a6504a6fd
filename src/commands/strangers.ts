/** Ids that the database knows and the config does not: what is kept under them stays until an operator says otherwise. */
import { type App } from '../app.ts'
import { type Log } from '../log.ts'
import { idsInUse, type RenameKind } from '../store/renames.ts'

export interface Stranger {
  kind: RenameKind
  id: string
}

export async function strangersOf({ db, config }: Pick<App, 'db' | 'config'>): Promise<Stranger[]> {
  const inUse = await idsInUse(db)
  const of = (kind: RenameKind, list: { id: string }[]) =>
    inUse[kind].filter((id) => !list.some((each) => each.id === id)).map((id) => ({ kind, id }))
  return [...of('source', config.sources), ...of('feed', config.feeds), ...of('newsletter', config.newsletters)]
}

/** What is kept of it, and the two things that an operator may want. */
export function describeStranger({ kind, id }: Stranger): string {
  const kept = { source: 'its articles are', feed: 'its last files are', newsletter: 'its readers and editions are' }
  return `${kind} ${id} is no longer in the config; ${kept[kind]} kept. Renamed? Write \`was: ${id}\` at the new one`
}

export function warnOfStrangers(log: Log, strangers: Stranger[]): void {
  for (const stranger of strangers) log.warn({ [stranger.kind]: stranger.id }, describeStranger(stranger))
}
