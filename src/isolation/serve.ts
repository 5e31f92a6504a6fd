/** The process's end of a pool: answers one task after the other. */
import { thrownOf, type Answer, type Result, type Task } from './messages.ts'

/** Functions that can be asked for by name; arguments and results are plain values. */
export type Served = Record<string, (...args: never[]) => unknown>

/** Answers tasks with these functions, as long as the process that asks is there. */
export function serve(functions: Served): void {
  // Ctrl+C reaches every process of the terminal: the one that asks ends in its own time, and this one with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  process.on('disconnect', () => process.exit())
  process.on('message', ({ name, args }: Task) => {
    try {
      answer(perform(functions[name], name, args))
    } catch (thrown) {
      // What cannot be cloned is a fault of ours, and must not leave the other side waiting.
      answer(thrownOf(thrown))
    }
  })
}

function perform(work: Served[string] | undefined, name: string, args: unknown[]): Result {
  try {
    if (work === undefined) throw new Error(`nothing is called ${name}`)
    return { value: work(...(args as never[])) }
  } catch (thrown) {
    return thrownOf(thrown)
  }
}

function answer(result: Result): void {
  const { user, system } = process.cpuUsage()
  process.send?.({ ...result, usedMs: (user + system) / 1000 } satisfies Answer)
}
