/** Reads what came from outside where it can do no harm: in a process of its own, within limits of time and memory. */
import { Failure } from './failures.ts'
import { openPool } from './isolation/pool.ts'
import { type Parsers, type SourceParsed } from './parsers.ts'
import { type ParseSource } from './sources/parsers.ts'

/** Calls one of the parsers (parsers.ts) by name. Throws what it throws, and Failure `reading.tooHard`. */
export type Parse = <Name extends keyof Parsers>(
  name: Name,
  ...args: Parameters<Parsers[Name]>
) => Promise<ReturnType<Parsers[Name]>>

export interface Parsing {
  parse: Parse
  /** Ends the process; what is being read fails with `http.stopped`. */
  close: () => Promise<void>
}

/** What an article, a list or a feed of 5 MB that was made to be slow needs is a quarter of it. */
const TASK_MS = 10_000

const MEMORY_MB = 256

/** One of Node's; the same file with the ending that this one has, compiled or not. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './parser-process.ts' : './parser-process.js', import.meta.url)

/** Reads in a process of its own, which starts with the first thing to read. */
export function openParsing(processes = 1): Parsing {
  const { run, close } = openPool({ entry: ENTRY, processes, taskMs: TASK_MS, memoryMb: MEMORY_MB })
  return { parse: (name, ...args) => run(name, args) as Promise<never>, close }
}

/** The same for one piece of work. */
export async function withParsing<T>(work: (parse: Parse) => Promise<T>): Promise<T> {
  const { parse, close } = openParsing()
  try {
    return await work(parse)
  } finally {
    await close()
  }
}

/** Calls parsers of sources, and tells `fault` what they left out. */
export function sourceParsing(parse: Parse, fault: (failure: Failure) => void): ParseSource {
  return async (name, ...args) => {
    const { value, faults }: SourceParsed = await parse('source', name, args)
    for (const { code, details } of faults) fault(new Failure(code, details))
    // What the parser of that name gives.
    return value as never
  }
}
