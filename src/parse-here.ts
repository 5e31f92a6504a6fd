/** Reads in this process: for a look at a few pages that nobody else waits for. */
import { type Parse } from './parse.ts'
import { parsers } from './parsers.ts'

export const parseHere: Parse = (name, ...args) =>
  // A promise of what is thrown too, as from another process.
  Promise.resolve().then(() =>
    (parsers[name] as (...given: typeof args) => ReturnType<(typeof parsers)[typeof name]>)(...args),
  )
