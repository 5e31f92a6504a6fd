/** The command line: every command, its help, its result on stdout and its exit code. */
import { Command, CommanderError, Option } from 'commander'
import { openApp, openUnattended, version, type App } from './app.ts'
import { ConfigFailure, readConfig, type Config } from './config.ts'
import { Failure } from './failures.ts'
import { openLog, type Log, type LogLevel } from './log.ts'
import { openProgress, showFailure, type ProgressLine } from './terminal.ts'
import * as articles from './commands/articles.ts'
import * as backup from './commands/backup.ts'
import * as check from './commands/check.ts'
import * as doctor from './commands/doctor.ts'
import * as editions from './commands/editions.ts'
import * as extract from './commands/extract.ts'
import * as init from './commands/init.ts'
import * as inspect from './commands/inspect.ts'
import * as lint from './commands/lint.ts'
import * as migrate from './commands/migrate.ts'
import * as preview from './commands/preview.ts'
import * as sendTest from './commands/send-test.ts'
import * as serve from './commands/serve.ts'
import * as sources from './commands/sources.ts'
import * as subscribers from './commands/subscribers.ts'
import * as verbs from './commands/verbs.ts'

/** Every command is one file and one word in this list, which is also the order of `--help`. */
const commands = [
  init,
  serve,
  verbs,
  check,
  doctor,
  sources,
  inspect,
  extract,
  lint,
  preview,
  sendTest,
  articles,
  editions,
  subscribers,
  backup,
  migrate,
]

/** `0` done · `1` part failed · `2` wrong usage or config · `3` a gate held something back (product.md, Commands). */
export type ExitCode = 0 | 1 | 2 | 3

/** What a command leaves behind: one JSON document, the same for a person, and the exit code. */
export interface Result {
  /** Undefined when the command wrote it itself. */
  json: unknown
  text: string
  exit: ExitCode
}

/** What every command is given. */
export interface Call {
  config(): Promise<Config>
  /** Opens the installation for the length of `work`. Unattended, the operator is told when it cannot be opened. */
  withApp(work: (app: App) => Promise<Result>, options?: { isUnattended?: boolean }): Promise<Result>
  progress: ProgressLine
  log: Log
  /** True when stdout must hold one JSON document and nothing else. */
  asJson: boolean
  /** Prints lines before the end, for commands that go on. */
  say(text: string): void
}

/** Makes a commander action of a command's work. */
export type Run = <Arguments extends unknown[]>(
  work: (call: Call, ...given: Arguments) => Promise<Result>,
) => (...given: Arguments) => Promise<void>

interface GlobalOptions {
  config: string
  json: boolean
  log?: LogLevel
}

/** Runs one command line (without `node` and the script) to its end and gives its exit code. */
export async function runCommandLine(argv: string[]): Promise<ExitCode> {
  let exit: ExitCode = 0
  const program = new Command('broadsheet')
    .description('From published articles to feeds that every reader can trust and newsletters that arrive.')
    .version(version())
    .addOption(new Option('--config <file>', 'the installation to work on').default('broadsheet.yaml'))
    .addOption(new Option('--json', 'print the result as one JSON document').default(false))
    .addOption(
      new Option('--log <level>', 'how much to log on stderr (default: warn on a terminal, info elsewhere)').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .showHelpAfterError('See broadsheet --help.')
    .exitOverride()
    .addHelpText(
      'after',
      `
Start here:
  broadsheet init URL [DIR]    write a broadsheet.yaml for a site
  broadsheet check             is broadsheet.yaml right?
  broadsheet serve             do all there is to do, then show it on http://127.0.0.1:8080/
  broadsheet run               the same once, for a crontab

Exit codes: 0 done; 1 part of the work failed, the rest is kept; 2 wrong usage or config;
3 something was held back and waits for a person.`,
    )
  const run: Run =
    (work) =>
    async (...given) => {
      exit = await perform(program.opts<GlobalOptions>(), (call) => work(call, ...given))
    }
  for (const command of commands) command.register(program, run)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exit
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    throw thrown
  }
}

async function perform(options: GlobalOptions, work: (call: Call) => Promise<Result>): Promise<ExitCode> {
  const watched = process.stderr.isTTY
  const log = openLog(options.log ?? (watched ? 'warn' : 'info'), watched)
  const progress = openProgress(watched && !options.json)
  const call: Call = {
    config: () => readConfig(options.config, process.env),
    async withApp(inner, { isUnattended = false } = {}) {
      const app = await (isUnattended ? openUnattended : openApp)(await call.config(), log)
      try {
        return await inner(app)
      } finally {
        await app.close()
      }
    },
    progress,
    log,
    asJson: options.json,
    say: (text) => {
      progress.clear()
      if (!options.json) process.stdout.write(`${text}\n`)
    },
  }
  try {
    const result = await work(call)
    progress.clear()
    if (options.json && result.json !== undefined)
      process.stdout.write(`${JSON.stringify(result.json, undefined, 2)}\n`)
    else if (result.text !== '') process.stdout.write(`${result.text}\n`)
    return result.exit
  } catch (thrown) {
    progress.clear()
    if (!(thrown instanceof Failure)) throw thrown
    if (options.json) {
      const faults = thrown instanceof ConfigFailure ? { faults: thrown.faults } : {}
      process.stdout.write(`${JSON.stringify({ failure: { ...thrown.toJSON(), ...faults } }, undefined, 2)}\n`)
    }
    process.stderr.write(`${showFailure(thrown)}\n`)
    return thrown.code.startsWith('config.') || thrown.code.startsWith('usage.') ? 2 : 1
  }
}
