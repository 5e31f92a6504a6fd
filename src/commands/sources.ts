/** `sources list, test, record, replay`: how each source is doing, what it would give now, and what it gave once. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { openReading, readingOf, type App } from '../app.ts'
import { type Call, type Result, type Run } from '../cli.ts'
import { type Config } from '../config.ts'
import { type FailureReport } from '../failures.ts'
import { noMemory } from '../http/fetch.ts'
import { type Fetch } from '../contracts.ts'
import { withParsing, type Parse } from '../parse.ts'
import { describeReading } from '../sources/auto.ts'
import { type SourceOptions } from '../sources/index.ts'
import { countArticles, listSources, type SourceState } from '../store/sources.ts'
import { readMemory } from '../store/sightings.ts'
import { columns, count, showReport } from '../terminal.ts'
import { showTime } from '../times.ts'
import { fieldsOf, type Extracted } from './extracted.ts'
import { lookingOf, PAGES_RECORDED, record, replay, rerun, sourceOf } from './recordings.ts'
import { compare, findsItself, runSource, showComparison, type Comparison, type Ran } from './source-run.ts'

export function register(program: Command, run: Run): void {
  const sources = program
    .command('sources')
    .description('the places that articles come from: list, test, record, replay')
  sources
    .command('list')
    .description('how each source is doing: last success, articles, failures in a row, and what to do')
    .action(run((call) => call.withApp((app) => listAll(app))))
  sources
    .command('test')
    .argument('[source...]', 'only these (default: all in the config)')
    .description(
      'read a source now, show what it gives and what changed since it was recorded, without keeping anything',
    )
    .action(run((call, ids: string[]) => testAll(call, ids)))
  const articles = () =>
    new Option('--articles <number>', 'so many articles are read whole, each from its own page where that is read')
      .default(PAGES_RECORDED)
      .argParser(readCount)
  sources
    .command('record')
    .argument('<source>', 'its id in the config')
    .option('--to <dir>', 'where to (default: var/recordings/SOURCE)')
    .addOption(articles())
    .description('read a source and keep what it answered as plain files; no request header is kept')
    .action(run((call, id: string, options: { to?: string; articles: number }) => record(call, id, options)))
  sources
    .command('replay')
    .argument('<source-or-dir>', 'the id of a source that was recorded, or ./FOLDER of a recording')
    .addOption(articles())
    .description('show what would be collected of a recording, without the web')
    .action(run((call, name: string, options: { articles: number }) => replay(call, name, options)))
}

function readCount(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Expected a number.')
  return Number(text)
}

interface Listed {
  id: string
  /** None for one that is no longer in the config. */
  kind: SourceOptions['kind'] | null
  lastSuccess: string | null
  lastCollected: string | null
  articles: number
  failuresInARow: number
  status: string
  failure: FailureReport | null
  /** What is odd about it, though it is read. */
  notice: FailureReport | null
  /** Where one that finds its articles by itself reads them. */
  reads: string[]
}

async function listAll({ config, db }: App): Promise<Result> {
  const states = new Map((await listSources(db)).map((state) => [state.id, state]))
  const articles = await countArticles(db)
  const vanished = [...new Set([...states.keys(), ...articles.keys()])].filter(
    (id) => !config.sources.some((source) => source.id === id),
  )
  const listed = [
    ...(await Promise.all(
      config.sources.map(async ({ id, kind }) => ({
        ...describeSource(id, kind, states.get(id), articles.get(id)),
        reads: findsItself(kind) ? describeReading((await readMemory(db, id)).memory) : [],
      })),
    )),
    ...vanished.toSorted().map((id) => describeSource(id, null, states.get(id), articles.get(id))),
  ]
  const { timezone } = config.site
  const rows = listed.map(({ id, kind, lastSuccess, articles: number, failuresInARow, status }) => [
    id,
    kind ?? '–',
    lastSuccess === null ? 'never' : showTime(new Date(lastSuccess), timezone),
    String(number),
    String(failuresInARow),
    status,
  ])
  const failing = listed.flatMap(({ id, failure, notice }) =>
    [failure, notice].flatMap((report) => (report === null ? [] : [`\n${id}: ${showReport(report)}`])),
  )
  const reading = listed.flatMap(({ id, reads }) => (reads.length === 0 ? [] : [`\n${id} reads ${reads.join('; ')}`]))
  const heading = ['source', 'kind', 'last success', 'articles', 'failures in a row', 'status']
  return { json: { sources: listed }, text: [columns([heading, ...rows]), ...reading, ...failing].join('\n'), exit: 0 }
}

function describeSource(id: string, kind: Listed['kind'], state: SourceState | undefined, articles = 0): Listed {
  const { collectedAt, succeededAt, failures = 0, failure } = state ?? {}
  return {
    id,
    kind,
    lastSuccess: succeededAt?.toISOString() ?? null,
    lastCollected: collectedAt?.toISOString() ?? null,
    articles,
    failuresInARow: failures,
    status: statusOf(id, kind, state),
    failure: kind === null ? null : (failure ?? null),
    notice: kind === null ? null : (state?.notice?.failure ?? null),
    reads: [],
  }
}

/** In words, with the next step where there is one. */
function statusOf(id: string, kind: Listed['kind'], state: SourceState | undefined): string {
  if (kind === null) return 'not in the config; its articles are kept (was: renames a source)'
  if (state === undefined) return `not collected yet: broadsheet collect ${id}`
  if (state.failure === undefined)
    return state.notice === undefined ? 'fine' : `read, but: ${state.notice.failure.says}`
  return `failing: ${state.failure.says}`
}

/** What `sources test` shows of one source. */
interface Tested extends Omit<Ran, 'articles'> {
  /** The first as an article. */
  article: Extracted | null
  /** With what was recorded of it, where something was. */
  comparison: Comparison | null
}

async function testAll(call: Call, ids: string[]): Promise<Result> {
  const config = await call.config()
  const chosen = ids.length === 0 ? config.sources : ids.map((id) => sourceOf(config, id))
  const { fetch, close } = openReading(readingOf(config), noMemory, call.log)
  try {
    const tested: Tested[] = []
    await withParsing(async (parse) => {
      for (const source of chosen) tested.push(await testSource(config, source, { fetch, parse, now: new Date() }))
    })
    const hasFailed = tested.some(({ faults }) => faults.length > 0)
    return { json: { sources: tested }, text: tested.map(showTested).join('\n\n'), exit: hasFailed ? 1 : 0 }
  } finally {
    await close()
  }
}

async function testSource(
  config: Config,
  source: SourceOptions,
  needs: { fetch: Fetch; parse: Parse; now: Date },
): Promise<Tested> {
  const looking = { ...lookingOf(config, source, needs.now), ...needs, articles: 1 }
  const { articles, ...ran } = await runSource(source, looking)
  const recorded = await rerun(config, source, 0, needs.parse)
  const comparison = recorded === undefined ? null : compare(recorded.ran, { ...ran, articles }, recorded.recordedAt)
  return { ...ran, article: articles[0] ?? null, comparison }
}

const MOST_SHOWN = 10

function showTested({ id, kind, items, reads, article, comparison, faults }: Tested): string {
  const left = items.filter(({ isWanted }) => !isWanted).length
  const rows = items
    .slice(0, MOST_SHOWN)
    .map(({ url, title, published, isWanted }) => [
      `  ${published?.slice(0, 10) ?? 'undated'}`,
      (title ?? '(no title in the list)').slice(0, 60),
      isWanted ? url : 'left out by include or exclude',
    ])
  return [
    `${id} (${kind}): ${count(items.length, 'article')}${left > 0 ? `, ${left} left out` : ''}`,
    ...(reads.length === 0 ? [] : [`reads ${reads.join('; ')}`]),
    columns(rows),
    ...(items.length > MOST_SHOWN ? [`  … and ${items.length - MOST_SHOWN} more`] : []),
    ...(article === null ? [] : ['the first as an article:', columns(fieldsOf(article))]),
    ...(comparison === null ? [] : [showComparison(comparison)]),
    ...faults.map((fault) => `failed: ${showReport(fault)}`),
  ]
    .filter((line) => line !== '')
    .join('\n')
}
