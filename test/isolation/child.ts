/** What the processes of the pool's tests can do. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Failure } from '../../src/failures.ts'
import { serve } from '../../src/isolation/serve.ts'

const forever: unknown[] = []

serve({
  echo: (value: unknown) => value,
  where: () => process.pid,
  environment: () => Object.keys(process.env),
  spin: () => {
    for (;;) if (forever.length > 0) return
  },
  /** A regular expression that backtracks for ever: no loop of ours to break. */
  backtrack: () => /^(a+)+$/.test(`${'a'.repeat(50)}b`),
  fill: () => {
    for (;;) forever.push(new Array(1000).fill(forever.length))
  },
  bloat: () => JSON.parse(`[${'{"a":[]},'.repeat(20_000_000)}0]`) as unknown,
  nest: () => {
    const deeper = (depth: number): number => deeper(depth + 1) + 1
    return deeper(0)
  },
  refuse: () => {
    throw new Failure('source.notFeed', { url: 'https://gazette.example/', depth: 3 }, new Error('of old'))
  },
  trip: () => {
    throw new TypeError('tripped')
  },
  unclonable: () => () => undefined,
  leave: () => process.exit(3),
  write: (path: string) => writeFileSync(path, 'x'),
  start: () => execFileSync('/bin/true'),
})
