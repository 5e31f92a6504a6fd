/** Turns what zod found wrong into lines of the config file: where, what was expected, what was found. */
import { isMap, isPair, isScalar, type Document, type LineCounter, type Node } from 'yaml'
import { type z } from 'zod'

/** One fault of the config file, as `check` prints it. */
export interface ConfigFault {
  file: string
  /** From 1. */
  line: number
  column: number
  /** Such as `feeds[0].items`. */
  path: string
  expected: string
  found: string
}

/** A missing variable, in the form of a zod issue. */
interface MissingVariable {
  code: 'environment'
  path: PropertyKey[]
  message: string
}

/** What a module found wrong with its own options. */
interface ModuleFault {
  code: 'custom'
  path: PropertyKey[]
  message: string
}

type Issue = z.core.$ZodIssue | MissingVariable | ModuleFault

/** `value` with every `${NAME}` replaced from the environment, and the names that are not set there. */
export function substituteEnvironment(
  value: unknown,
  environment: NodeJS.ProcessEnv,
  path: PropertyKey[] = [],
): { value: unknown; faults: MissingVariable[] } {
  if (typeof value === 'string') {
    const faults: MissingVariable[] = []
    const filled = value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
      const found = environment[name]
      if (found === undefined) {
        faults.push({ code: 'environment', path, message: `the variable ${name} in the environment or in .env` })
      }
      return found ?? whole
    })
    return { value: filled, faults }
  }
  if (Array.isArray(value)) {
    const parts = value.map((each, index) => substituteEnvironment(each, environment, [...path, index]))
    return { value: parts.map((part) => part.value), faults: parts.flatMap((part) => part.faults) }
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(
      ([key, each]) => [key, substituteEnvironment(each, environment, [...path, key])] as const,
    )
    return {
      value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
      faults: parts.flatMap(([, part]) => part.faults),
    }
  }
  return { value, faults: [] }
}

/**
 * The issues as faults with line and column. `written` is the document before the environment was filled in:
 * what was found is shown as it stands in the file, so a secret never is.
 */
export function locateFaults(
  issues: readonly Issue[],
  written: unknown,
  document: Document.Parsed,
  lines: LineCounter,
  file: string,
): ConfigFault[] {
  return issues
    .flatMap((issue) => flatten(issue))
    .map((issue) => {
      const { line, col } = lines.linePos(offsetOf(document, issue.path))
      return {
        file,
        line,
        column: col,
        path: showPath(issue.path),
        expected: issue.expected,
        found: issue.found ?? show(valueAt(written, issue.path)),
      }
    })
}

interface Flat {
  path: PropertyKey[]
  expected: string
  found?: string
}

function flatten(issue: Issue, above: PropertyKey[] = []): Flat[] {
  const path = [...above, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        expected: 'a key that this version knows (docs/config.md lists them)',
        found: `the key ${key}`,
      }))
    case 'invalid_union': {
      // With a discriminator, zod reports no branch: the discriminator itself is what is wrong.
      // Of alternatives that are told apart by their kind, only that of the kind that is written was meant.
      const meant = issue.errors.filter(
        (faults) => !faults.some(({ path: [key, ...deeper] }) => key === 'kind' && deeper.length === 0),
      )
      if (meant.length === 0 && issue.errors.length > 1) return [{ path: [...path, 'kind'], expected: issue.message }]
      const nearest = meant.toSorted((a, b) => a.length - b.length)[0]
      if (nearest !== undefined && nearest.length > 0) return nearest.flatMap((inner) => flatten(inner, path))
      return [
        { path, expected: issue.message === 'Invalid input' ? 'one of the kinds in docs/sources.md' : issue.message },
      ]
    }
    case 'invalid_type':
      return [{ path, expected: nameOfType(issue.expected) }]
    case 'invalid_value':
      return [{ path, expected: `one of: ${issue.values.map(String).join(', ')}` }]
    case 'too_small':
      return [
        {
          path,
          expected:
            issue.origin === 'number' || issue.origin === 'int'
              ? `at least ${issue.minimum}`
              : `${issue.minimum} or more of: ${nameOfType(issue.origin)}`,
        },
      ]
    case 'too_big':
      return [{ path, expected: `at most ${issue.maximum}` }]
    default:
      return [{ path, expected: issue.message }]
  }
}

function nameOfType(type: string): string {
  const names: Record<string, string> = {
    object: 'a mapping (key: value)',
    array: 'a list',
    string: 'text',
    boolean: 'true or false',
    int: 'a whole number',
    number: 'a number',
  }
  return names[type] ?? type
}

function showPath(path: PropertyKey[]): string {
  return path.reduce<string>(
    (shown, part) =>
      typeof part === 'number' ? `${shown}[${part}]` : shown === '' ? String(part) : `${shown}.${String(part)}`,
    '',
  )
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[part] : undefined,
    value,
  )
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** Where the nearest existing node of the path begins: a missing key is shown at its parent's. */
function offsetOf(document: Document.Parsed, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return document.contents?.range[0] ?? 0
}
