/** Writes what is generated from the code: the JSON Schema of the config and four pages of docs. `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { frontMatterKeys } from '../src/articles/front-matter.ts'
import { configSchema } from '../src/config.ts'
import { FAILURES } from '../src/failure-table.ts'
import { CHECKLIST, type Rule } from '../src/feeds/rules/checklist.ts'
import { kinds, moduleKind } from '../src/sources/index.ts'

interface SchemaNode {
  type?: string
  const?: string | number | boolean
  enum?: unknown[]
  default?: unknown
  description?: string
  properties?: Record<string, SchemaNode>
  required?: string[]
  items?: SchemaNode
  oneOf?: SchemaNode[]
  anyOf?: SchemaNode[]
}

const schema = toSchema(configSchema)

const generated: Record<string, string> = {
  'broadsheet.schema.json': `${JSON.stringify({ title: 'broadsheet.yaml', ...schema }, undefined, 2)}\n`,
  'docs/config.md': configPage(schema),
  'docs/failures.md': failuresPage(),
  'docs/feed-checklist.md': checklistPage(),
  'docs/sources.md': sourcesPage(),
}

function toSchema(type: z.ZodType): SchemaNode {
  return z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as SchemaNode
}

function configPage(root: SchemaNode): string {
  const sections = Object.entries(root.properties ?? {}).map(([name, node]) => {
    const rows = name === 'sources' ? commonRows(node) : rowsOf(node)
    const list = node.type === 'array' ? ' (a list)' : ''
    const body = rows.length > 0 ? table(['key', 'takes', 'default', 'what it is'], rows) : facts(node)
    const more =
      name === 'sources'
        ? ' Every kind takes these keys, and has others of its own: [docs/sources.md](sources.md).'
        : ''
    return `## \`${name}\`${list}\n\n${node.description ?? ''}.${more}\n\n${body}`
  })
  return page(
    'broadsheet.yaml',
    'Every key that this version knows. Others are refused, with file and line. `${NAME}` is filled from the environment or from `.env` beside the file. A key without a default and not marked *required* may be left out.',
    sections,
  )
}

/** What all alternatives of a list have in common, as the first of them has it. */
function commonRows(node: SchemaNode): string[][] {
  const flat = (each: SchemaNode): SchemaNode[] => (each.oneOf ?? each.anyOf)?.flatMap(flat) ?? [each]
  const tables = flat(node.items ?? {}).map((each) => rowsOf(each))
  const [first = [], ...others] = tables
  const names = Object.keys(kinds).map((name) => `\`${name}\``)
  const kind = ['`kind`', `${names.join(', ')} or a path`, '*required*', 'What it reads; a path is that of a module']
  return first
    .filter(
      ([key, , , what]) =>
        key === '`kind`' || others.every((rows) => rows.some((row) => row[0] === key && row[3] === what)),
    )
    .map((row) => (row[0] === '`kind`' ? kind : row))
}

function facts(node: SchemaNode): string {
  return `Takes ${takes(node)}.${node.default === undefined ? '' : ` Default: \`${JSON.stringify(node.default)}\`.`}`
}

function rowsOf(node: SchemaNode, prefix = ''): string[][] {
  const inner = node.type === 'array' ? node.items : node
  const alternatives = inner?.oneOf ?? inner?.anyOf
  if (alternatives !== undefined) return alternatives.flatMap((each) => rowsOf(each, prefix))
  return Object.entries(inner?.properties ?? {}).flatMap(([key, child]) => {
    const name = `${prefix}${key}`
    const isList = child.type === 'array' && child.items?.properties !== undefined
    const nested = isList || child.properties !== undefined ? rowsOf(child, isList ? `${name}[].` : `${name}.`) : []
    const value = inner?.required?.includes(key)
      ? '*required*'
      : child.default === undefined
        ? ''
        : `\`${JSON.stringify(child.default)}\``
    return [[`\`${name}\``, takes(child), nested.length > 0 ? '' : value, child.description ?? ''], ...nested]
  })
}

function takes(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${node.const}\``
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(' or ')
  if (node.type === 'array') return `list of ${node.items === undefined ? 'values' : takes(node.items)}`
  return { string: 'text', integer: 'number', object: 'mapping' }[node.type ?? ''] ?? node.type ?? 'text'
}

function failuresPage(): string {
  const rows = Object.entries(FAILURES).map(([code, { says, next, retry }]) => [
    `\`${code}\``,
    says,
    retry ? 'yes' : 'no',
    next,
  ])
  return page('Failures', 'Every way to fail, by its stable code. *Again* says whether the same may succeed later.', [
    table(['code', 'what happened', 'again', 'what to do'], rows),
  ])
}

function checklistPage(): string {
  const gate = { item: 'item left out', feed: 'feed held', nothing: 'nothing' }
  const rows = Object.entries<Rule>(CHECKLIST).map(([id, rule]) => [
    `\`${id}\``,
    rule.says.replaceAll(/<[^>]*>/g, (tag) => `\`${tag}\``),
    `[${rule.by}](${rule.url})`,
    gate[rule.gate],
    rule.lint,
  ])
  return page(
    'The checklist of feeds',
    [
      'What a feed must be before readers get it. Every rendering of every format is checked against it at `publish`: *gate*',
      'says what happens when one of ours breaks a rule. An **item left out** is named, the rest goes out, and the exit code is 1.',
      'A **feed held** keeps its last good files, byte for byte, and the exit code is 3; so does one of which more than a tenth of',
      'the items (and more than one) would be left out. `broadsheet lint FILE…` holds anybody’s feed against the same rules:',
      '*lint* says what it calls a broken one; only a fault makes its exit code 1.',
      '',
      'Items are checked once and remembered by a hash of all that they show; the whole is read from end to end at every publish.',
    ].join('\n'),
    [table(['rule', 'what is so in a good feed', 'by', 'gate', 'lint'], rows)],
  )
}

function sourcesPage(): string {
  const sections = Object.entries({ ...kinds, './my-source.ts': moduleKind }).map(([name, kind]) => {
    const node = toSchema(kind.options)
    return `## \`kind: ${name}\`\n\n${table(['key', 'takes', 'default', 'what it is'], rowsOf(node))}\n${kind.guide}\n`
  })
  const keys = toSchema(frontMatterKeys('UTC'))
  const recordings = `## Recordings

\`broadsheet sources record SOURCE\` keeps what a source answers, its list and up to 20 pages of its articles, in
\`var/recordings/SOURCE\`: \`index.json\`, and each body as a file of its own. Headers of requests are never kept, and keys and
tokens in addresses are blacked out; what a page shows to your login is in its body. \`broadsheet sources replay SOURCE\`
shows what would be collected of it, without the web and with the options that the config has now, so that selectors can be
tried at leisure; \`sources replay ./DIR\` needs no config at all, which makes a recording a good thing to report a fault with.
\`broadsheet sources test SOURCE\` reads the source as it is now and says what became of it since: articles gained and lost, and
how well each field is filled.
`
  const frontMatter = `## Front matter

A Markdown file may begin with YAML between two lines \`---\`. All keys may be left out, no others are taken, and where
it speaks it is believed. An article whose date is still to come waits until then. A plain-text file needs none of this:
its first line is the headline, and lines such as \`By Ann Editor\`, \`Photo credit: …\` and a date are understood.

${table(
  ['key', 'takes', 'what it is'],
  rowsOf(keys).map(([key = '', takes = '', , what = '']) => [key, takes, what]),
)}`
  return page(
    'Sources',
    'Where articles come from. Each entry of `sources` in broadsheet.yaml has one of these kinds.',
    [...sections, recordings, frontMatter],
  )
}

function page(title: string, lead: string, sections: string[]): string {
  return `<!-- Generated by scripts/generate.ts: change the code, not this page. -->\n\n# ${title}\n\n${lead}\n\n${sections.join('\n')}`
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`
}

const root = new URL('../', import.meta.url)
const stale: string[] = []
for (const [name, text] of Object.entries(generated)) {
  const path = fileURLToPath(new URL(name, root))
  if ((await readFile(path, 'utf8').catch(() => '')) === text) continue
  stale.push(name)
  if (!process.argv.includes('--check')) await writeFile(path, text)
}
if (stale.length === 0) process.stdout.write('Generated files are as the code says.\n')
else if (process.argv.includes('--check')) {
  process.stderr.write(`Not as the code says: ${stale.join(', ')}. Run npm run generate and commit the result.\n`)
  process.exitCode = 1
} else process.stdout.write(`Written: ${stale.join(', ')}\n`)
