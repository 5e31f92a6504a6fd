/** Builds every edge once from the config, and closes them in reverse. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Config } from './config.ts'
import { readTemplates, type Templates } from './disk/templates.ts'
import { openFetcher, userAgentOf, type Fetcher } from './http/fetch.ts'
import { type Log } from './log.ts'
import { openTransport } from './mail/index.ts'
import { type Fetch, type FetchMemory, type Transport } from './model.ts'
import { openDatabase, type Database } from './store/database.ts'
import { openMemory } from './store/validators.ts'

/** The templates that come with Broadsheet; a file of the installation's own `templates/` replaces its namesake. */
const builtInTemplates = fileURLToPath(new URL('../templates', import.meta.url))

export interface App {
  config: Config
  db: Database
  templates: Templates
  transport: Transport
  /** Reads the web. */
  fetch: Fetch
  log: Log
  now: () => Date
  /** Names this process in the ledger's claims. */
  worker: string
  close(): Promise<void>
}

/** The version of Broadsheet, as its package says. */
export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** What a fetcher is opened with besides its memory. */
export interface Reading {
  contact: string
  allow: readonly string[]
  gapMs?: number
  timeoutMs?: number
}

/** The fetcher of the installation, or of one command that has none. */
export function openReading({ contact, ...reading }: Reading, memory: FetchMemory, log: Log): Fetcher {
  return openFetcher({
    ...reading,
    userAgent: userAgentOf(version(), contact),
    memory,
    log,
    now: () => new Date(),
    wait: async (ms, signal) => {
      await sleep(ms, undefined, { signal })
    },
    random: Math.random,
  })
}

/** What the config says of reading: its own `contact`, or else the addresses by which the installation is known. */
function readingOf({ fetch, server, site }: Config): Reading {
  const { contact, allow, gap, timeout } = fetch
  return { contact: contact ?? server.url ?? site.url, allow, gapMs: gap, timeoutMs: timeout }
}

export function templatesOf(root: string): Templates {
  return readTemplates([join(root, 'templates'), builtInTemplates])
}

/** Opens the database, the fetcher and the mailbox. Throws Failure `database.unusable` or `database.newer`. */
export async function openApp(config: Config, log: Log): Promise<App> {
  const store = await openDatabase(config.databasePath)
  const transport = openTransport(config.mail, {
    directory: config.mailDirectory,
    name: mailNameOf(config),
    log,
  })
  const fetcher = openReading(readingOf(config), openMemory(store.db), log)
  return {
    config,
    db: store.db,
    templates: templatesOf(config.root),
    transport,
    fetch: fetcher.fetch,
    log,
    now: () => new Date(),
    worker: randomUUID(),
    async close() {
      await fetcher.close()
      await transport.close()
      await store.close()
    },
  }
}

/** What this machine calls itself before mail servers: where it is reachable, when that is a name of its own. */
export function mailNameOf({ server }: Config): string | undefined {
  const name = server.url === undefined ? undefined : new URL(server.url).hostname
  return name !== undefined && /\.[a-z][a-z0-9-]*$/i.test(name) ? name : undefined
}
