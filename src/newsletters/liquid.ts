/** Liquid as mail templates are given it: strict, escaped, and reading nothing but templates. */
import { Liquid, LiquidError } from 'liquidjs'
import { describe, Failure } from '../failures.ts'
import { braceGuard, escapeHtml } from './personalize.ts'
import { underline, wrap } from './wrap.ts'

/** Where templates come from: `disk/templates.ts`, or a table in a test. */
export interface Templates {
  read(path: string): Promise<string>
}

/** A rendered template, and each file that went into it, by name, for finding lines again. */
export interface Rendered {
  output: string
  sources: Map<string, string>
}

/** `markup` escapes for HTML and MJML; `plain` leaves text as it is. */
export type Form = 'markup' | 'plain'

/** What every partial knows as well: `{% render %}` hides all else of the template that calls it. */
interface Setting {
  form: Form
  globals: object
  /** IANA name, for the filter `date`. */
  timezone: string
  language: string
}

/** The template `mail/NAME`. Throws Failure `template.missing` or `template.invalid`, which names file and line. */
export async function renderTemplate(name: string, templates: Templates, setting: Setting): Promise<Rendered> {
  const sources = new Map<string, string>()
  const read = async (path: string) => {
    const text = await templates.read(path)
    sources.set(path, text)
    return text
  }
  const path = `mail/${name}`
  const engine = openEngine(read, setting)
  try {
    const output: unknown = await engine.render(engine.parse(await read(path), path), {}, { globals: setting.globals })
    return { output: String(output), sources }
  } catch (thrown) {
    throw templateFailure(thrown, path, sources)
  }
}

/** A line of Liquid out of the config, such as a subject; `name` is how a failure calls it. */
export async function renderLine(line: string, name: string, setting: Omit<Setting, 'form'>): Promise<string> {
  const engine = openEngine(
    (path) => Promise.reject(new Failure('template.missing', { template: path, reason: `${name} has no partials` })),
    { ...setting, form: 'plain' },
  )
  try {
    const output: unknown = await engine.render(engine.parse(line, name), {}, { globals: setting.globals })
    return String(output)
  } catch (thrown) {
    throw templateFailure(thrown, name, new Map())
  }
}

function openEngine(read: (path: string) => Promise<string>, { form, timezone, language }: Setting): Liquid {
  const engine = new Liquid({
    outputEscape: form === 'markup' ? (value) => escapeHtml(toText(value)) : (value) => guardBraces(toText(value)),
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    relativeReference: false,
    root: ['mail'],
    timezoneOffset: timezone,
    locale: language,
    // A template that never ends would hold up every other newsletter.
    renderLimit: 20_000,
    fs: {
      readFile: read,
      readFileSync: () => '',
      exists: () => Promise.resolve(true),
      existsSync: () => true,
      contains: () => Promise.resolve(true),
      resolve: (directory, file, extension) => `${directory}/${file}${extension}`,
      sep: '/',
    },
  })
  engine.registerFilter('wrap', (value: unknown, limit?: number) => wrap(toText(value), limit))
  engine.registerFilter('underline', (value: unknown, stroke?: string) => underline(toText(value), stroke))
  return engine
}

function templateFailure(thrown: unknown, template: string, sources: Map<string, string>): Failure {
  const error = thrown instanceof Error && LiquidError.is(thrown) ? thrown : undefined
  // A partial that is missing or broken comes wrapped once for each file between.
  for (
    let inner: unknown = thrown;
    inner instanceof Error;
    inner = 'originalError' in inner ? inner.originalError : undefined
  ) {
    if (inner instanceof Failure) return inner
  }
  if (error === undefined) return new Failure('template.invalid', { template, reason: describe(thrown) }, thrown)
  const [line] = error.token.getPosition() as [number, number]
  const reason = describe(error.originalError ?? error).replace(/, (?:file:.*, )?line:\d+, col:\d+$/, '')
  // Not every token knows its file, but each knows the whole text it was cut from.
  const file = error.token.file ?? [...sources].find(([, text]) => text === error.token.input)?.[0]
  return new Failure('template.invalid', { template: file ?? template, line, reason }, thrown)
}

function guardBraces(text: string): string {
  return text.replace(/[{}]/g, `$&${braceGuard}`)
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(toText).join('')
  return JSON.stringify(value)
}
