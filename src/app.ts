/** Builds every edge once from the config, and closes them in reverse. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config } from './config.ts'
import { readTemplates, type Templates } from './disk/templates.ts'
import { type Log } from './log.ts'
import { openMailbox } from './mail/mailbox.ts'
import { type Transport } from './model.ts'
import { openDatabase, type Database } from './store/database.ts'

/** The templates that come with Broadsheet; a file of the installation's own `templates/` replaces its namesake. */
const builtInTemplates = fileURLToPath(new URL('../templates', import.meta.url))

export interface App {
  config: Config
  db: Database
  templates: Templates
  transport: Transport
  log: Log
  now: () => Date
  /** Names this process in the ledger's claims. */
  worker: string
  close(): Promise<void>
}

export function templatesOf(root: string): Templates {
  return readTemplates([join(root, 'templates'), builtInTemplates])
}

/** Opens the database and the mailbox. Throws Failure `database.unusable` or `database.newer`. */
export async function openApp(config: Config, log: Log): Promise<App> {
  const store = await openDatabase(config.databasePath)
  const transport = openMailbox(config.mailDirectory)
  return {
    config,
    db: store.db,
    templates: templatesOf(config.root),
    transport,
    log,
    now: () => new Date(),
    worker: randomUUID(),
    async close() {
      await transport.close()
      await store.close()
    },
  }
}
