/** The sample paper in a folder of its own, for tests that need a whole installation. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type App } from '../src/app.ts'
import { type Result } from '../src/cli.ts'
import { conclude, needsOf } from '../src/commands/round.ts'
import { runDue } from '../src/jobs/run-due.ts'
import { type Report } from '../src/contracts.ts'

export const repository = fileURLToPath(new URL('..', import.meta.url))

export interface Sample {
  root: string
  configFile: string
  remove(): Promise<void>
}

/** A copy of the repository's sample paper; `edit` may change its broadsheet.yaml. */
export async function copySample(edit: (yaml: string) => string = (yaml) => yaml): Promise<Sample> {
  const root = await mkdtemp(join(tmpdir(), 'broadsheet-sample-'))
  await cp(join(repository, 'examples'), join(root, 'examples'), { recursive: true })
  const configFile = join(root, 'broadsheet.yaml')
  await writeFile(configFile, edit(await readFile(join(repository, 'broadsheet.yaml'), 'utf8')))
  return { root, configFile, remove: () => rm(root, { recursive: true, force: true }) }
}

/** What `run` and the start of `serve` do, with its result as they print it. */
export async function runAll(app: App, report: Report): Promise<Result> {
  return conclude(await runDue(needsOf(app), { isEager: true, report }), app)
}
