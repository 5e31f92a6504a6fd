/** `collect`, `publish`, `compose`, `deliver`, each alone, and `run`: the four in order. */
import { type Command } from 'commander'
import { type App } from '../app.ts'
import { type ExitCode, type Result, type Run } from '../cli.ts'
import { collect, type CollectResult } from '../collect.ts'
import { compose, type ComposeResult } from '../compose.ts'
import { deliver, type DeliverResult } from '../deliver.ts'
import { ensureDeskCopies } from '../desk-copy.ts'
import { type FailureReport } from '../failures.ts'
import { type Report } from '../model.ts'
import { publish, type PublishResult } from '../publish.ts'
import { columns, count, showReport } from '../terminal.ts'

/** What one verb did, with its lines for a person. */
interface Done<Result> {
  result: Result
  lines: string[][]
}

interface Reckoning {
  faults: FailureReport[]
  held: FailureReport[]
}

export function register(program: Command, run: Run): void {
  const verb = <R extends Reckoning>(
    name: string,
    argument: string,
    description: string,
    perform: (app: App, report: Report, ids: string[] | undefined) => Promise<Done<R>>,
  ) => {
    program
      .command(name)
      .argument(`[${argument}...]`, `only these (default: all in the config)`)
      .description(description)
      .action(
        run((call, ids: string[]) =>
          call.withApp(async (app) =>
            conclude([await perform(app, call.progress.report, ids.length > 0 ? ids : undefined)]),
          ),
        ),
      )
  }
  verb('collect', 'source', "a source's new items become articles in the store", runCollect)
  verb('publish', 'feed', "a feed's articles become feed files", runPublish)
  verb('compose', 'newsletter', "a newsletter's new articles become an edition and its due deliveries", runCompose)
  program
    .command('deliver')
    .description('due deliveries become submitted messages')
    .action(run((call) => call.withApp(async (app) => conclude([await runDeliver(app, call.progress.report)]))))
  program
    .command('run')
    .description('collect, publish, compose and deliver what is due now: the line for a crontab')
    .action(run((call) => call.withApp((app) => runAll(app, call.progress.report))))
}

/** The four verbs in order. What one could not do never keeps the next from its part. */
export async function runAll(app: App, report: Report, stop?: AbortSignal): Promise<Result> {
  const steps = [
    () => runCollect(app, report),
    () => runPublish(app, report),
    () => runCompose(app, report),
    () => runDeliver(app, report, stop),
  ]
  const done: Done<Reckoning>[] = []
  for (const step of steps) {
    if (stop?.aborted) break
    done.push(await step())
  }
  const [collected, published, composed, delivered] = done.map(({ result }) => result)
  return { ...conclude(done), json: { collected, published, composed, delivered } }
}

async function runCollect({ config, ...app }: App, report: Report, ids?: string[]): Promise<Done<CollectResult>> {
  const { root, addresses, publishDirectory, sources, site } = config
  const { timezone } = site
  const result = await collect({ ...app, root, timezone, addresses, publishDirectory, sources, report }, ids)
  return {
    result,
    lines: result.sources.map((source) => [
      'collect',
      source.id,
      [
        `${count(source.found, 'article')} found`,
        ...(['added', 'updated', 'unchanged', 'waiting'] as const)
          .filter((key) => source[key] > 0)
          .map((key) => `${source[key]} ${key === 'added' ? 'new' : key}`),
      ].join(', '),
    ]),
  }
}

async function runPublish({ config, ...app }: App, report: Report, ids?: string[]): Promise<Done<PublishResult>> {
  const { addresses, publishDirectory: directory, site, feeds } = config
  const result = await publish({ ...app, site, addresses, directory, feeds, report }, ids)
  return {
    result,
    lines: result.feeds.map(({ id, articles, written }) => [
      'publish',
      id,
      `${count(articles, 'article')}, ${written.length === 0 ? 'nothing changed' : `${count(written.length, 'file')} written`}`,
    ]),
  }
}

async function runCompose({ config, ...app }: App, report: Report, ids?: string[]): Promise<Done<ComposeResult>> {
  const { site, addresses, newsletters, feeds } = config
  await ensureDeskCopies({ ...app, site, newsletters })
  const result = await compose({ ...app, site, addresses, newsletters, feeds, report }, ids)
  return {
    result,
    lines: result.newsletters.map(({ id, edition, reason }) => [
      'compose',
      id,
      edition === undefined
        ? `no edition: ${reason ?? 'nothing new'}`
        : `No. ${edition.number} “${edition.subject}”, ${count(edition.articles, 'article')} for ${count(edition.readers, 'reader')}`,
    ]),
  }
}

async function runDeliver({ config, ...app }: App, report: Report, stop?: AbortSignal): Promise<Done<DeliverResult>> {
  const { site, addresses, newsletters } = config
  const result = await deliver({ ...app, site, addresses, newsletters, report, ...(stop && { stop }) })
  const counts = (['submitted', 'refused', 'later', 'uncertain', 'dropped'] as const)
    .filter((key) => result[key] > 0)
    .map((key) => `${result[key]} ${key}`)
  return { result, lines: [['deliver', app.transport.id, counts.length === 0 ? 'nothing due' : counts.join(', ')]] }
}

/** One result of what the verbs did: their lines, then what failed and what is held, with the next step. */
function conclude(done: Done<Reckoning>[]): Result {
  const faults = done.flatMap(({ result }) => result.faults)
  const held = done.flatMap(({ result }) => result.held)
  const exit: ExitCode = held.length > 0 ? 3 : faults.length > 0 ? 1 : 0
  const text = [
    columns(done.flatMap(({ lines }) => lines)),
    ...faults.map((fault) => `\nfailed: ${showReport(fault)}`),
    ...held.map((fault) => `\nheld back: ${showReport(fault)}`),
  ].join('\n')
  return { json: done[0]?.result, text, exit }
}
