/** `collect`, `publish`, `compose`, `deliver`, each alone, and `run`: the four in order, what is due now. */
import { Option, type Command } from 'commander'
import { tell, tellBrokenRun } from '../alert.ts'
import { type App } from '../app.ts'
import { type Result, type Run } from '../cli.ts'
import { type Config } from '../config.ts'
import { caddyConfig, nginxConfig } from '../feeds/hosting.ts'
import { runDue } from '../jobs/run-due.ts'
import { type Report } from '../contracts.ts'
import { conclude, doingsOf, lookAtDisks, needsOf } from './round.ts'

export function register(program: Command, run: Run): void {
  const verb = (name: 'collect' | 'compose', argument: string, description: string) => {
    program
      .command(name)
      .argument(`[${argument}...]`, `only these (default: all in the config)`)
      .description(description)
      .action(
        run((call, ids: string[]) =>
          call.withApp((app) => runVerb(app, name, call.progress.report, ids.length > 0 ? ids : undefined)),
        ),
      )
  }
  verb('collect', 'source', "a source's new items become articles in the store")
  program
    .command('publish')
    .argument('[feed...]', 'only these (default: all in the config)')
    .addOption(
      new Option(
        '--web-server <name>',
        'publish nothing, but print what this web server must be told to serve the files as well as `serve` does',
      ).choices(['nginx', 'caddy']),
    )
    .description("a feed's articles become feed files")
    .action(
      run(async (call, ids: string[], { webServer }: { webServer?: 'nginx' | 'caddy' }) =>
        webServer === undefined
          ? await call.withApp((app) => runVerb(app, 'publish', call.progress.report, ids.length > 0 ? ids : undefined))
          : showHosting(await call.config(), webServer),
      ),
    )
  verb('compose', 'newsletter', "a newsletter's new articles become an edition and its due deliveries")
  program
    .command('deliver')
    .description('due deliveries become submitted messages')
    .action(run((call) => call.withApp((app) => runVerb(app, 'deliver', call.progress.report))))
  program
    .command('run')
    .description('collect, publish, compose and deliver what is due now: the line for a crontab')
    .action(run((call) => call.withApp((app) => runAndTell(app, call.progress.report), { isUnattended: true })))
}

/** The part of a web server's config that is about the published files. */
function showHosting({ addresses, feeds, moved, publishDirectory }: Config, server: 'nginx' | 'caddy'): Result {
  const write = { nginx: nginxConfig, caddy: caddyConfig }[server]
  const config = write({ addresses, feeds, moved }, publishDirectory)
  return { json: { server, config }, text: config, exit: 0 }
}

async function runAndTell(app: App, report: Report): Promise<Result> {
  const round = await runDue(needsOf(app), { isEager: true, report }).catch(async (thrown: unknown) => {
    await tellBrokenRun(app, thrown)
    throw thrown
  })
  const disks = await lookAtDisks(round, app)
  for (const failure of disks.faults) app.log.warn({ failure }, failure.says)
  await tell(app, [...doingsOf(round), disks])
  return conclude(round, app, undefined, disks)
}

/** One verb, whether it is due or not: who names it wants it now. */
async function runVerb(
  app: App,
  verb: 'collect' | 'publish' | 'compose' | 'deliver',
  report: Report,
  ids?: string[],
): Promise<Result> {
  // A crontab may hold nothing but `publish`: whoever follows a feed hears of it all the same.
  const verbs = verb === 'publish' ? (['publish', 'announce'] as const) : [verb]
  const round = await runDue(needsOf(app), { verbs: [...verbs], ids, isForced: true, report })
  return conclude(round, app, verb)
}
