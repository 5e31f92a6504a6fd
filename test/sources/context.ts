/** What a source is given in tests that look at one kind alone. */
import assert from 'node:assert/strict'
import { parseHtml } from '../../src/articles/markup.ts'
import { type Fetch } from '../../src/contracts.ts'
import { type FindContext } from '../../src/sources/index.ts'
import { parsers, type ParserTools } from '../../src/sources/parsers.ts'

/** Reads by `fetch`, parses in this process, and takes no fault unless the test does. */
export function contextOf(fetch: Fetch, more: Partial<FindContext> = {}): FindContext {
  const fault = more.fault ?? ((failure) => assert.fail(failure.message))
  const parse: FindContext['parse'] = async (name, ...args) => {
    const parser = parsers[name] as (tools: ParserTools, ...rest: unknown[]) => unknown
    // Whatever goes there and comes back crosses to another process.
    return structuredClone(parser({ parseHtml, fault }, ...structuredClone(args))) as never
  }
  return { root: '/', base: 'https://gazette.example/', parseHtml, fault, fetch, parse, ...more }
}
