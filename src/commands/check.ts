/** `check`: is the config right, and is everything there that it names? */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command } from 'commander'
import { templatesOf } from '../app.ts'
import { type Result, type Run } from '../cli.ts'
import { type Config } from '../config.ts'
import { Failure } from '../failures.ts'
import { count, showReport } from '../terminal.ts'
import { describeStranger, strangersIn } from './strangers.ts'

export function register(program: Command, run: Run): void {
  program
    .command('check')
    .description('check broadsheet.yaml, and that the folders and templates it names exist')
    .action(run(async (call) => checkConfig(await call.config())))
}

/** What is missing of what the config names. */
export async function checkConfig(config: Config): Promise<Result> {
  const failures: Failure[] = []
  for (const source of config.sources) {
    if (source.kind !== 'folder') continue
    const path = resolve(config.root, source.path)
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) failures.push(new Failure('folder.missing', { source: source.id, path }))
  }
  const templates = templatesOf(config.root)
  const names = config.newsletters.flatMap(({ template }) => [`mail/${template}.mjml`, `mail/${template}.txt`])
  for (const name of new Set(names)) {
    await templates.read(name).catch((thrown: unknown) => {
      if (!(thrown instanceof Failure)) throw thrown
      failures.push(thrown)
    })
  }
  const faults = failures.map((failure) => failure.toJSON())
  const what = [
    count(config.sources.length, 'source'),
    count(config.feeds.length, 'feed'),
    count(config.newsletters.length, 'newsletter'),
  ].join(', ')
  const verdict = faults.length === 0 ? `${config.file} is right: ${what}.` : faults.map(showReport).join('\n')
  const strangers = await strangersIn(config)
  const text = [verdict, ...strangers.map((stranger) => `note: ${describeStranger(stranger)}`)].join('\n')
  return { json: { file: config.file, faults, strangers }, text, exit: faults.length === 0 ? 0 : 2 }
}
