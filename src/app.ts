/** Builds every edge once from the config, and closes them in reverse. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { tellWithoutStore } from './alert.ts'
import { openBrowser } from './browser/render.ts'
import { type Config } from './config.ts'
import { readTemplates, type Templates } from './disk/templates.ts'
import { openFetcher, userAgentOf, type Fetcher } from './http/fetch.ts'
import { openSender, type Send } from './http/send.ts'
import { type Log } from './log.ts'
import { openTransport } from './mail/index.ts'
import { type Fetch, type FetchMemory, type Transport } from './contracts.ts'
import { openParsing, type Parse } from './parse.ts'
import { openDatabase, type Database } from './store/database.ts'
import { applyRenames, type Rename, type RenameKind } from './store/renames.ts'
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
  /** Tells a hub, or those who follow a feed at our own. */
  send: Send
  /** Reads what came from there, in a process of its own. */
  parse: Parse
  log: Log
  now: () => Date
  /** Names this process in the ledger's claims. */
  worker: string
  /** Once; whoever closes it after that waits for the same. */
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
  /** Path of Chromium. */
  browser?: string | undefined
}

/** The fetcher of the installation, or of one command that has none, with a browser for the pages that need one. */
export function openReading(
  { contact, browser: executable, ...reading }: Reading,
  memory: FetchMemory,
  log: Log,
): Fetcher {
  const userAgent = userAgentOf(version(), contact)
  const fetcher = openFetcher({
    ...reading,
    userAgent,
    memory,
    log,
    now: () => new Date(),
    wait: async (ms, signal) => {
      await sleep(ms, undefined, { signal })
    },
    random: Math.random,
  })
  const browser = openBrowser({ executable, userAgent })
  return {
    fetch: (url, request = {}) =>
      request.render === undefined ? fetcher.fetch(url, request) : browser.render(url, request, fetcher.fetch),
    async close(graceMs) {
      await fetcher.close(graceMs)
      await browser.close()
    },
  }
}

/** What the config says of reading: its own `contact`, or else the addresses by which the installation is known. */
export function readingOf({ fetch, server, site }: Config): Reading {
  const { contact, allow, gap, timeout, browser } = fetch
  return { contact: contact ?? server.url ?? site.url, allow, gapMs: gap, timeoutMs: timeout, browser }
}

export function templatesOf(root: string): Templates {
  return readTemplates([join(root, 'templates'), builtInTemplates])
}

/** Opens the database, the fetcher and the mailbox. Throws Failure `database.unusable` or `database.newer`. */
export async function openApp(config: Config, log: Log): Promise<App> {
  const store = await openDatabase(config.databasePath)
  try {
    for (const { kind, former, id } of await applyRenames(store.db, renamesOf(config), new Date()))
      log.info({ [kind]: id, former }, 'renamed, with all that belongs to it')
  } catch (thrown) {
    await store.close()
    throw thrown
  }
  const transport = openTransport(config.mail, {
    directory: config.mailDirectory,
    name: mailNameOf(config),
    log,
  })
  const fetcher = openReading(readingOf(config), openMemory(store.db), log)
  const { contact, allow } = readingOf(config)
  const sender = openSender({ userAgent: userAgentOf(version(), contact), allow, now: () => new Date() })
  const parsing = openParsing()
  let closing: Promise<void> | undefined
  const close = async () => {
    await sender.close()
    await fetcher.close()
    await parsing.close()
    await transport.close()
    await store.close()
  }
  return {
    config,
    db: store.db,
    templates: templatesOf(config.root),
    transport,
    fetch: fetcher.fetch,
    send: sender.send,
    parse: parsing.parse,
    log,
    now: () => new Date(),
    worker: randomUUID(),
    close: () => (closing ??= close()),
  }
}

/** The same where nobody watches: the operator is told, by what can be opened, why the rest of it cannot. */
export async function openUnattended(config: Config, log: Log): Promise<App> {
  try {
    return await openApp(config, log)
  } catch (thrown) {
    await tellUnopened(config, log, thrown).catch((error: unknown) =>
      log.error({ err: error }, 'the operator could not be told that the installation cannot be opened'),
    )
    throw thrown
  }
}

async function tellUnopened(config: Config, log: Log, thrown: unknown): Promise<void> {
  const options = { directory: config.mailDirectory, name: mailNameOf(config), log }
  const transport = openTransport(config.mail, options)
  try {
    await tellWithoutStore({ config, transport, log, now: () => new Date(), worker: randomUUID() }, [], thrown)
  } finally {
    await transport.close()
  }
}

/** What the config says of former ids. */
function renamesOf({ sources, feeds, newsletters }: Config): Rename[] {
  const of = (kind: RenameKind, list: { id: string; was: string[] }[]) =>
    list.flatMap(({ id, was }) => was.map((former) => ({ kind, former, id })))
  return [...of('source', sources), ...of('feed', feeds), ...of('newsletter', newsletters)]
}

/** What this machine calls itself before mail servers: where it is reachable, when that is a name of its own. */
export function mailNameOf({ server }: Config): string | undefined {
  const name = server.url === undefined ? undefined : new URL(server.url).hostname
  return name !== undefined && /\.[a-z][a-z0-9-]*$/i.test(name) ? name : undefined
}
