/** Fixture pairs: `fixtures/STEP/CASE/input.*` and what a step makes of it, `expected.*` beside it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const ROOT = new URL('fixtures/', import.meta.url)

export interface FixtureCase {
  /** The folder's name, hyphens as spaces. */
  name: string
  input: string
  /**
   * Compares with `expected.html` (for text) or `expected.json` (for a value). With FIXTURES=write in the environment it
   * writes that file instead: read it before you commit it.
   */
  expect: (actual: unknown) => void
}

/** The cases of one step, by name. */
export function fixtures(step: string): FixtureCase[] {
  const folder = new URL(`${step}/`, ROOT)
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return names.map(({ name }) => {
    const place = new URL(`${name}/`, folder)
    const input = readdirSync(place).find((file) => file.startsWith('input.'))
    if (input === undefined) throw new Error(`there is no input.* in ${place.pathname}`)
    return {
      name: name.replaceAll('-', ' '),
      input: readFileSync(new URL(input, place), 'utf8'),
      expect: (actual) => compare(place, actual),
    }
  })
}

function compare(place: URL, actual: unknown): void {
  const isText = typeof actual === 'string'
  const file = new URL(isText ? 'expected.html' : 'expected.json', place)
  const written = isText ? `${actual}\n` : `${JSON.stringify(actual, null, 2)}\n`
  if (process.env['FIXTURES'] === 'write') writeFileSync(file, written)
  assert.equal(written, readFileSync(file, 'utf8'), `${file.pathname} differs`)
}
