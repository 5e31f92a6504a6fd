/** Starts other processes that all work on one database file at the same moment. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Task } from './process.ts'

const script = fileURLToPath(new URL('process.ts', import.meta.url))

export interface Ended {
  signal: string | null
  /** What the task gave. */
  answer: unknown
}

/** Runs a task in so many processes at once. Throws what a process said on stderr when it failed. */
export async function runProcesses(count: number, file: string, task: Task): Promise<Ended[]> {
  const started = await Promise.all(Array.from({ length: count }, () => start(file, task)))
  return Promise.all(started.map((go) => go()))
}

async function start(file: string, task: Task): Promise<() => Promise<Ended>> {
  const child = spawn(process.execPath, [script, file, task], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const faults = text(child.stderr)
  const lines = createInterface(child.stdout)
  const answers: string[] = []
  lines.on('line', (line) => answers.push(line))
  await Promise.race([once(lines, 'line'), ended])
  return async () => {
    const closed = once(lines, 'close')
    child.stdin.end('go\n')
    const [code, signal] = await ended
    await closed
    if (code !== 0 && signal === null) throw new Error(await faults)
    return { signal, answer: answers[1] === undefined ? undefined : JSON.parse(answers[1]) }
  }
}
