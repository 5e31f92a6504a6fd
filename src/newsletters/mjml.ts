/** MJML to HTML, with faults named by the line of the template that holds them. */
import { describe, Failure } from '../failures.ts'
import { type Rendered } from './liquid.ts'

/**
 * The HTML of a rendered MJML template. Nothing is fetched or read: no fonts, no includes, no config files.
 * @throws Failure `template.invalid` with template, line and reason.
 */
export async function compileMjml(template: string, rendered: Rendered): Promise<string> {
  const fault = findUnclosed(rendered.output)
  if (fault !== undefined) throw invalid(template, rendered, fault.line, fault.reason)
  // Loading MJML takes most of a second, which commands without a newsletter need not wait for.
  const { default: mjml2html } = await import('mjml')
  try {
    const { html } = await mjml2html(rendered.output, {
      validationLevel: 'strict',
      fonts: {},
      keepComments: false,
      minify: true,
      minifyOptions: { minifyCss: 'lite', ...{ skipConfigLoading: true } },
    })
    return html.trim()
  } catch (thrown) {
    const [first] = faultsOf(thrown)
    throw invalid(template, rendered, first?.line, first?.message ?? describe(thrown), thrown)
  }
}

/** MJML's parser forgives what is not closed, and drops the content with it. */
function findUnclosed(mjml: string): { line: number; reason: string } | undefined {
  const open: { name: string; line: number }[] = []
  for (const tag of mjml.matchAll(/<!--[\s\S]*?-->|<(\/?)(mj[a-z-]*)\b(?:"[^"]*"|'[^']*'|[^"'>])*?(\/?)>/g)) {
    const [, slash, name, selfClosing] = tag
    if (name === undefined) continue
    const line = lineAt(mjml, tag.index)
    if (name === 'mj-include')
      return { line, reason: "mj-include is not read; write {% render 'partials/NAME.mjml' %}" }
    if (slash === '/') {
      const last = open.pop()
      if (last === undefined) return { line, reason: `</${name}> closes nothing` }
      if (last.name !== name) return { line: last.line, reason: `<${last.name}> is not closed before </${name}>` }
    } else if (selfClosing !== '/') {
      open.push({ name, line })
    }
  }
  const left = open.at(-1)
  return left === undefined ? undefined : { line: left.line, reason: `<${left.name}> is not closed` }
}

function faultsOf(thrown: unknown): { line: number; message: string }[] {
  return thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors)
    ? (thrown.errors as { line: number; message: string }[])
    : []
}

/** MJML counts lines of what Liquid made; the reader of the failure has the templates. */
function invalid(template: string, rendered: Rendered, line: number | undefined, reason: string, cause?: unknown) {
  const text = line === undefined ? undefined : rendered.output.split('\n')[line - 1]
  const place = text === undefined ? undefined : findLine(rendered.sources, text)
  return new Failure('template.invalid', { template, ...place, reason, near: text?.trim().slice(0, 160) }, cause)
}

/** Where a line comes from: the first template line that is the same but for its Liquid. */
function findLine(sources: Map<string, string>, wanted: string): { template: string; line: number } | undefined {
  for (const [template, source] of sources) {
    const index = source.split('\n').findIndex((line) => couldBecome(line, wanted))
    if (index >= 0) return { template, line: index + 1 }
  }
  return undefined
}

function couldBecome(line: string, wanted: string): boolean {
  const fixed = line.trim().split(/\{\{.*?\}\}|\{%.*?%\}/)
  if (fixed.join('').trim() === '') return false
  let from = 0
  for (const piece of fixed) {
    const at = wanted.indexOf(piece.trim(), from)
    if (at < 0) return false
    from = at + piece.trim().length
  }
  return fixed.length > 1 || wanted.trim() === line.trim()
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
