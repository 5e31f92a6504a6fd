/** Runs command lines as a person runs them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { repository } from './sample.ts'

export interface Ended {
  exit: number | null
  stdout: string
  stderr: string
}

/** One command line in `cwd`, to its end. */
export async function broadsheet(cwd: string, ...args: string[]): Promise<Ended> {
  const launcher = join(repository, 'bin', 'broadsheet.js')
  const child = spawn(process.execPath, [launcher, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [exit] = (await once(child, 'close')) as [number | null]
  return { exit, stdout, stderr }
}
