/** A source that the installation has written for itself: a module beside the config file. */
import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { describe, Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import type { FindContext } from './index.ts'
import { id, selectWithFullText, webAddress, webBase } from './options.ts'
import { itemSchema } from './item-schema.ts'

const path = z.templateLiteral([z.enum(['./', '../']), z.string(), z.enum(['.js', '.mjs', '.ts', '.mts'])], {
  error: 'the path of a module from the config file, such as ./my-source.ts',
})

export const options = z.looseObject({
  id,
  kind: path.describe(
    'A module of your own, from the config file: `./my-source.ts`. Keys that are not listed here are its own options',
  ),
  url: webAddress.optional().describe('What it reads, where that is one address; `headers` are sent to its site only'),
  fullText: z
    .boolean()
    .default(false)
    .describe("Reads each article's own page too, for a module that gives only addresses"),
  select: selectWithFullText,
  ...webBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
For what no other kind reads. The module exports \`find\`, which gives the items that the source has now, and, when it
takes options of its own, \`options\`: a function that makes their schema with [zod](https://zod.dev).

<!-- file: my-source.ts -->

\`\`\`ts
/** What the harbour master chalks on the board, one line a notice: DATE | TITLE | TEXT. */
export const options = (z) => z.strictObject({ board: z.string().describe('Name of the board') })

export async function find({ url, board }, { fetch }) {
  const answer = await fetch(new URL(\`\${board}.txt\`, url).href, { conditional: true })
  if (answer.status === 'unchanged') return []
  const lines = answer.text().trim().split('\\n')
  return lines.map((line) => {
    const [published, title, text] = line.split(' | ')
    return { url: new URL(\`notices/\${published}\`, url).href, title, published, body: { form: 'text', value: text } }
  })
}
\`\`\`

\`\`\`yaml
- { id: board, kind: ./my-source.ts, url: https://harbour.example/, board: north-quay }
\`\`\`

- **\`find(options, context)\`** gets the options of the entry, its own checked by its schema, and a context: \`fetch(url,
  { accept, conditional, maxBytes })\` reads the web with the manners and limits of everything that Broadsheet reads;
  \`parseHtml(html)\` gives a cheerio document; \`fault(failure)\` is told of what had to be left out; \`areKnown(items)\` says
  which were met before; \`since\` is the last good collection; \`root\` is the folder of the config file.
- **An item** has a \`url\`, and if known \`guid\`, \`title\`, \`authors\`, \`topics\`, \`language\`, \`published\`, \`updated\` (dates in any
  common form), \`excerpt\`, \`image\` (\`url\`, \`alt\`, \`caption\`, \`credit\`), \`enclosures\` (\`url\`, \`type\`, \`bytes\`, \`title\`,
  \`seconds\`), \`episode\` (\`season\`, \`number\`, \`kind\`, \`explicit\`, \`image\`, \`transcripts\`) and \`body\` (\`form\` is \`page\`, \`fragment\`,
  \`markdown\` or \`text\`; \`value\`). Each is checked like anything from outside: a faulty one is named and left out.
- **No sandbox.** The module runs as a part of Broadsheet and may do all that Broadsheet may. It is loaded when the config is read,
  so \`broadsheet check\` says what is wrong with it; a change of it is seen at the next start.
`

export type ModuleOptions = z.output<typeof options>

/** Of another copy of zod perhaps: only what is called is asked for. */
interface Schema {
  safeParse: (value: unknown) => { success: true; data: unknown } | { success: false; error: { issues: Issue[] } }
}

interface Issue {
  path: PropertyKey[]
  message: string
}

interface Loaded {
  file: string
  schema?: Schema
  find: (options: unknown, context: FindContext) => unknown
}

/** What is wrong with the module or with the options that it takes; nothing when all is well. */
export async function faultsOf(
  given: ModuleOptions,
  root: string,
): Promise<{ path: PropertyKey[]; message: string }[]> {
  try {
    const { schema } = await load(given, root)
    return ownOptions(given, schema).faults
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return [{ path: ['kind'], message: `a module that can be loaded: ${String(thrown.details['reason'])}` }]
  }
}

/** The items that the module gives. Throws Failure `source.module`, and the Failures that the module throws. */
export async function find(given: ModuleOptions, context: FindContext): Promise<Item[]> {
  const { file, schema, find: findOwn } = await load(given, context.root)
  const own = ownOptions(given, schema)
  const fail = (reason: string, cause?: unknown) => new Failure('source.module', { file, reason }, cause)
  const [fault] = own.faults
  if (fault !== undefined) throw fail(`its option ${fault.path.map(String).join('.')} should be ${fault.message}`)
  let found: unknown
  try {
    found = await findOwn({ ...given, ...own.value }, context)
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw fail(`find: ${describe(thrown)}`, thrown)
  }
  if (!Array.isArray(found)) throw fail('find gave no list of items')
  return found.slice(0, MOST_ITEMS).flatMap((one: unknown, at) => {
    const read = itemSchema.safeParse(one)
    if (read.success) return [read.data]
    const [issue] = read.error.issues
    const place = [`items[${at}]`, ...(issue?.path ?? []).map(String)].join('.')
    context.fault(new Failure('source.item', { file, reason: `${place}: ${issue?.message ?? 'it is no item'}` }))
    return []
  })
}

const MOST_ITEMS = 10_000

const OURS = new Set<string>(Object.keys(options.shape))

/** What the entry holds beyond our own keys, as the module's schema reads it. */
function ownOptions(given: ModuleOptions, schema: Schema | undefined): { value: object; faults: Issue[] } {
  const written = Object.fromEntries(Object.entries(given).filter(([key]) => !OURS.has(key)))
  const read = (schema ?? z.strictObject({})).safeParse(written)
  if (read.success) return { value: isObject(read.data) ? read.data : {}, faults: [] }
  return {
    value: {},
    faults: read.error.issues.flatMap(({ path, message, ...more }) => {
      const keys = 'keys' in more && Array.isArray(more.keys) ? more.keys : undefined
      return keys?.map((key) => ({ path: [...path, key], message: 'a key that the module takes' })) ?? { path, message }
    }),
  }
}

/** Throws Failure `source.module`. */
async function load(given: ModuleOptions, root: string): Promise<Loaded> {
  const file = given.kind
  const fail = (reason: string, cause?: unknown) => new Failure('source.module', { file, reason }, cause)
  let loaded: unknown
  try {
    const place = await realpath(resolve(root, file))
    loaded = await import(pathToFileURL(place).href)
  } catch (thrown) {
    throw fail(describe(thrown), thrown)
  }
  if (!isObject(loaded) || !('find' in loaded) || typeof loaded.find !== 'function')
    throw fail('it exports no function find')
  const schema = 'options' in loaded ? schemaOf(loaded.options) : undefined
  if (schema === null) throw fail('its options are neither a zod schema nor a function that makes one')
  return { file, find: loaded.find as Loaded['find'], ...(schema && { schema }) }
}

function schemaOf(exported: unknown): Schema | null {
  let made = exported
  try {
    if (typeof exported === 'function') made = (exported as (zod: typeof z) => unknown)(z)
  } catch {
    return null
  }
  return isObject(made) && 'safeParse' in made && typeof made.safeParse === 'function' ? (made as Schema) : null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
