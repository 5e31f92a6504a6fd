/** What every page is given, and the shape of a page. */
import { type HttpBindings } from '@hono/node-server'
import { type Context, type Hono } from 'hono'
import { type Addresses } from '../addresses.ts'
import { type Log } from '../log.ts'
import { type Transport } from '../contracts.ts'
import { type Feed, type Newsletter, type Site } from '../model.ts'
import { type Database } from '../store/database.ts'
import { type Quick } from './quick.ts'

export interface Needs {
  db: Database
  site: Site
  addresses: Addresses
  feeds: (Feed & { was?: string[] })[]
  /** Where feeds that are not among `feeds` any more went: the id of one that is, or an address. */
  moved?: Record<string, string> | undefined
  newsletters: Newsletter[]
  /** Those of the config: /healthz is not concerned about others, which are not collected any more. All, if not given. */
  sources?: { id: string }[] | undefined
  /** Takes the mails that ask a new reader to confirm. */
  transport: Pick<Transport, 'send'>
  /** Where `publish` writes feeds and media. */
  publishDirectory: string
  /** Where the built-in mailbox keeps its mails; only while it is the transport. */
  mailDirectory?: string | undefined
  /** Paths whose disks must have room: /healthz looks at them. */
  disks?: string[] | undefined
  /** Whether the config was faulty when it was last read again, so that the one before it still holds: for /healthz. */
  isConfigFaulty?: (() => boolean) | undefined
  /** Whether the first round of work is done: /readyz says so. Always, if not given. */
  isStarted?: (() => boolean) | undefined
  /** Of Broadsheet, for /metrics. */
  version?: string | undefined
  /** Opens /mail/ and /metrics to other machines. Without it, only this machine may look. */
  adminPassword?: string | undefined
  /** Paths begin below `templates/`: `web/home.html`. */
  templates: { read(path: string): Promise<string> }
  now: () => Date
  log: Log
}

/** The socket is there when the request came over one; a `Request` handed to the router has none. */
export interface WebEnv {
  Bindings: Partial<HttpBindings>
}

/** The router, and what answers before it where it can. */
export type Web = Hono<WebEnv> & { quick: Quick }

export type WebContext = Context<WebEnv>

export type Page = (c: WebContext) => Promise<Response>
