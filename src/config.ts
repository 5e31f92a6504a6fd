/** Reads broadsheet.yaml and the environment, gathers everyone's options, and says what is wrong and where. */
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { publicAddresses, type Addresses } from './addresses.ts'
import { locateFaults, substituteEnvironment, type ConfigFault } from './config-faults.ts'
import { options as alertOptions } from './alerts/options.ts'
import { describe, Failure } from './failures.ts'
import { options as feedOptions } from './feeds/options.ts'
import { options as fetchOptions } from './http/options.ts'
import { options as mailOptions } from './mail/options.ts'
import { options as newsletterOptions } from './newsletters/options.ts'
import { options as retentionOptions } from './retention.ts'
import { isModule, moduleKind, sourceOptions } from './sources/index.ts'
import { timezone } from './times.ts'

const webAddress = z.url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })

const language = z.string().refine(isLanguage, { error: 'a language tag (BCP 47) such as en-GB' })

const site = z.strictObject({
  title: z.string().min(1).describe('The name of the publication'),
  url: webAddress.describe('Its front page'),
  description: z.string().optional().describe('One sentence on what it is, for feeds and the front page'),
  language: language.default('en').describe('Language tag (BCP 47) of the publication'),
  timezone: timezone.default('UTC').describe('Time zone in which dates are shown'),
  editor: z
    .strictObject({
      name: z.string().min(1).describe('Who answers for the publication'),
      email: z.email().optional().describe('Their address; the built-in mailbox sends its desk copies to it'),
    })
    .optional()
    .describe('Named in feeds'),
  logo: webAddress.optional().describe('Picture for feeds, square, PNG or JPEG'),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'a colour such as "#0b4f6c", in quotes' })
    .default('#0b4f6c')
    .describe('Accent in mails and pages, in quotes because # begins a comment in YAML'),
  address: z
    .string()
    .min(1)
    .optional()
    .describe('Postal address; every mail carries it, and without it no newsletter may be configured'),
})

const server = z.strictObject({
  url: webAddress.optional().describe('Where this installation is reachable; links in mails point here'),
  listen: z
    .string()
    .regex(/^(\[[0-9a-f:]+\]|[^\s:]+):\d{1,5}$/i, { error: 'HOST:PORT, such as 127.0.0.1:8080' })
    .default('127.0.0.1:8080')
    .describe('The socket that `serve` listens on'),
  adminPassword: z
    .string()
    .min(12)
    .optional()
    .describe('Opens /mail/ and /metrics from other machines; without it, they answer only on this one'),
})

const publish = z.strictObject({
  directory: z.string().min(1).default('feeds').describe('Where feeds and media are written'),
  url: webAddress.optional().describe('Public base of feeds and media, when it is not server.url with feeds/'),
  hub: z
    .union([z.literal('own'), webAddress], { error: '`own`, or the address of a hub' })
    .optional()
    .describe(
      'WebSub hub that is told when a feed changes, and tells whoever follows it: its address, or `own` to be one (docs/websub.md)',
    ),
})

/** The whole of broadsheet.yaml. Unknown keys are refused, also those of later versions. */
export const configSchema = z
  .strictObject({
    site: site.describe('Who publishes'),
    server: server.prefault({}).describe('How this installation is reached'),
    database: z
      .string()
      .min(1)
      .refine((value) => !/^postgres(ql)?:/i.test(value), {
        error: 'the path of an SQLite file; PostgreSQL is not built yet',
      })
      .default('var/broadsheet.db')
      .describe('Path of the SQLite database'),
    sources: z.array(sourceOptions).min(1).describe('Where articles come from'),
    feeds: z.array(feedOptions).default([]).describe('What is published: a choice of articles as RSS, Atom and JSON'),
    moved: z
      .record(z.string().min(1), z.union([webAddress, z.string().regex(/^[a-z0-9][a-z0-9-]*$/)]))
      .default({})
      .describe(
        'Feeds that went elsewhere, by their former id: the id of another feed, or an address; one that ends in / is that of a folder with the same files',
      ),
    newsletters: z.array(newsletterOptions).default([]).describe('What people subscribe to'),
    mail: mailOptions.optional().describe('How mails leave the house'),
    publish: publish.prefault({}).describe('Where feeds go'),
    fetch: fetchOptions
      .prefault({})
      .describe('How other sites are read: under which name, how gently, and what inside a private network'),
    retention: retentionOptions
      .prefault({})
      .describe('How long what is kept: days such as `90d`, or `forever`. Logs go to stderr and are not kept'),
    alerts: alertOptions.prefault({}).describe('Who hears of it when something goes wrong'),
  })
  .superRefine((config, context) => {
    const fault = (path: (string | number)[], message: string) => {
      context.addIssue({ code: 'custom', path, message, input: undefined })
    }
    for (const key of ['sources', 'feeds', 'newsletters'] as const) {
      const seen = new Set<string>()
      config[key].forEach(({ id }, index) => {
        if (seen.has(id)) fault([key, index, 'id'], `an id of its own: another of the ${key} is called so`)
        seen.add(id)
      })
    }
    for (const key of ['sources', 'feeds', 'newsletters'] as const) {
      const claimed = new Set(config[key].map(({ id }) => id))
      config[key].forEach(({ was }, index) => {
        for (const id of was) {
          if (claimed.has(id))
            fault(
              [key, index, 'was'],
              `a former id: ${id} is the id of one of the ${key} still, or another was called so too`,
            )
          claimed.add(id)
        }
      })
    }
    const feeds = new Set(config.feeds.map(({ id }) => id))
    for (const [id, to] of Object.entries(config.moved)) {
      if (feeds.has(id)) fault(['moved', id], `the former id of a feed: ${id} is the id of one of the feeds still`)
      if (!to.includes(':') && !feeds.has(to))
        fault(['moved', id], `an address, or the id of a feed, one of: ${[...feeds].join(', ')}`)
    }
    const sources = new Set(config.sources.map(({ id }) => id))
    for (const key of ['feeds', 'newsletters'] as const) {
      config[key].forEach(({ where }, index) => {
        where.sources?.forEach((id, place) => {
          if (!sources.has(id))
            fault([key, index, 'where', 'sources', place], `the id of a source, one of: ${[...sources].join(', ')}`)
        })
      })
    }
    if (config.publish.hub === 'own' && config.server.url === undefined)
      fault(['server', 'url'], 'a public address: subscribers find our own hub there')
    if (config.newsletters.length > 0) {
      if (config.site.address === undefined)
        fault(['site', 'address'], 'a postal address: every mail must carry one, and there are newsletters')
      if (config.server.url === undefined)
        fault(['server', 'url'], 'a public address: links in mails point there, and there are newsletters')
    }
  })

type Parsed = z.output<typeof configSchema>

/** A config that was checked whole, with every path and address made absolute. */
export interface Config extends Parsed {
  file: string
  /** The folder that holds the config file; paths in it begin here. */
  root: string
  addresses: Addresses
  databasePath: string
  publishDirectory: string
  mailDirectory: string
}

/**
 * The config in `file`. `environment` fills `${NAME}`; a `.env` beside the file adds what it lacks.
 * @throws Failure `config.missing`, or `config.invalid` whose `faults` names every fault with its line.
 */
export async function readConfig(file: string, environment: NodeJS.ProcessEnv): Promise<Config> {
  const path = resolve(file)
  const root = dirname(path)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    throw new Failure('config.missing', { file, reason: describe(thrown) }, thrown)
  }
  const parsed = parseConfig(text, file, { ...(await readDotEnv(root)), ...environment })
  await checkModules(parsed, text, file, root)
  const addresses = publicAddresses(
    parsed.server.url ?? `http://${parsed.server.listen}/`,
    parsed.publish.url,
    parsed.publish.hub,
  )
  return {
    ...parsed,
    file: path,
    root,
    addresses,
    databasePath: resolve(root, parsed.database),
    publishDirectory: resolve(root, parsed.publish.directory),
    mailDirectory: join(root, 'var', 'mail'),
  }
}

/** The config in a YAML text; `file` is only named in faults. Throws Failure `config.invalid`. */
export function parseConfig(text: string, file: string, environment: NodeJS.ProcessEnv): Parsed {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map((error): ConfigFault => {
      const { line, col } = lines.linePos(error.pos[0])
      return { file, line, column: col, path: '', expected: 'YAML', found: error.message }
    })
    throw new ConfigFailure(file, faults)
  }
  const written = plainValue(document, file)
  const substituted = substituteEnvironment(written, environment)
  const result = configSchema.safeParse(substituted.value)
  const faults = [
    ...locateFaults(substituted.faults, written, document, lines, file),
    ...(result.success ? [] : locateFaults(result.error.issues, written, document, lines, file)),
  ]
  if (!result.success || faults.length > 0) throw new ConfigFailure(file, faults)
  return result.data
}

/** `config.invalid`, with every fault in the file. */
export class ConfigFailure extends Failure {
  readonly faults: ConfigFault[]

  constructor(file: string, faults: ConfigFault[]) {
    super('config.invalid', { file, faults: faults.length })
    this.faults = faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
}

/** Loads the modules that sources name, and has each judge its own options. Throws Failure `config.invalid`. */
async function checkModules({ sources }: Parsed, text: string, file: string, root: string): Promise<void> {
  const found = await Promise.all(
    sources.map(async (source, at) => {
      const faults = isModule(source) ? await moduleKind.faultsOf(source, root) : []
      return faults.map(({ path, message }) => ({ code: 'custom' as const, path: ['sources', at, ...path], message }))
    }),
  )
  const issues = found.flat()
  if (issues.length === 0) return
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  throw new ConfigFailure(file, locateFaults(issues, plainValue(document, file), document, lines, file))
}

/** The document as plain values. An alias that refers to too many others is a bomb, and no config. */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS()
  } catch (thrown) {
    throw new ConfigFailure(file, [
      { file, line: 1, column: 1, path: '', expected: 'YAML with few aliases', found: describe(thrown) },
    ])
  }
}

async function readDotEnv(root: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(join(root, '.env'), 'utf8'))
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return {}
    throw new Failure('file.unreadable', { file: join(root, '.env'), reason: describe(thrown) }, thrown)
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
