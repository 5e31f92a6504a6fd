/** `sources list` and `sources test`: how each source is doing, and what it would give now. */
import { type Command } from 'commander'
import { openReading, readingOf, type App } from '../app.ts'
import { folderAddress } from '../addresses.ts'
import { readItem } from '../articles/article.ts'
import { readFeedDate } from '../articles/dates.ts'
import { parseHtml } from '../articles/markup.ts'
import { type Call, type Result, type Run } from '../cli.ts'
import { openWeb } from '../collect-web.ts'
import { type Config } from '../config.ts'
import { describe, Failure, type FailureReport } from '../failures.ts'
import { noMemory } from '../http/fetch.ts'
import { type Fetch, type Item } from '../model.ts'
import { parseHere } from '../parse-here.ts'
import { sourceParsing } from '../parse.ts'
import { find, isWeb, wants, type SourceOptions } from '../sources/index.ts'
import { countArticles, listSources, type SourceState } from '../store/sources.ts'
import { columns, count, showReport } from '../terminal.ts'
import { showTime } from '../times.ts'
import { extractedOf, fieldsOf, type Extracted } from './extracted.ts'

export function register(program: Command, run: Run): void {
  const sources = program.command('sources').description('the places that articles come from: list, test')
  sources
    .command('list')
    .description('how each source is doing: last success, articles, failures in a row, and what to do')
    .action(run((call) => call.withApp((app) => listAll(app))))
  sources
    .command('test')
    .argument('[source...]', 'only these (default: all in the config)')
    .description('read a source now and show what it gives, without keeping anything')
    .action(run((call, ids: string[]) => testAll(call, ids)))
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
}

async function listAll({ config, db }: App): Promise<Result> {
  const states = new Map((await listSources(db)).map((state) => [state.id, state]))
  const articles = await countArticles(db)
  const vanished = [...new Set([...states.keys(), ...articles.keys()])].filter(
    (id) => !config.sources.some((source) => source.id === id),
  )
  const listed = [
    ...config.sources.map(({ id, kind }) => describeSource(id, kind, states.get(id), articles.get(id))),
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
  const failing = listed.flatMap(({ id, failure }) => (failure === null ? [] : [`\n${id}: ${showReport(failure)}`]))
  const heading = ['source', 'kind', 'last success', 'articles', 'failures in a row', 'status']
  return { json: { sources: listed }, text: [columns([heading, ...rows]), ...failing].join('\n'), exit: 0 }
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
  }
}

/** In words, with the next step where there is one. */
function statusOf(id: string, kind: Listed['kind'], state: SourceState | undefined): string {
  if (kind === null) return 'not in the config; its articles are kept (was: renames a source)'
  if (state === undefined) return `not collected yet: broadsheet collect ${id}`
  if (state.failure === undefined) return 'fine'
  return `failing: ${state.failure.says}`
}

interface Tested {
  id: string
  kind: SourceOptions['kind']
  items: { url: string; title: string | null; published: string | null; isWanted: boolean }[]
  article: Extracted | null
  faults: FailureReport[]
}

async function testAll(call: Call, ids: string[]): Promise<Result> {
  const config = await call.config()
  const unknown = ids.find((id) => !config.sources.some((source) => source.id === id))
  if (unknown !== undefined) throw new Failure('usage.unknown', { source: unknown })
  const chosen = config.sources.filter(({ id }) => ids.length === 0 || ids.includes(id))
  const { fetch, close } = openReading(readingOf(config), noMemory, call.log)
  try {
    const tested: Tested[] = []
    for (const source of chosen) tested.push(await testSource(config, source, fetch, new Date()))
    const hasFailed = tested.some(({ faults }) => faults.length > 0)
    return { json: { sources: tested }, text: tested.map(showTested).join('\n\n'), exit: hasFailed ? 1 : 0 }
  } finally {
    await close()
  }
}

async function testSource(config: Config, source: SourceOptions, fetch: Fetch, now: Date): Promise<Tested> {
  const tested: Tested = { id: source.id, kind: source.kind, items: [], article: null, faults: [] }
  const fault = (failure: Failure) => tested.faults.push(failure.toJSON())
  const { timezone } = config.site
  const web = isWeb(source) ? openWeb(source, fetch) : undefined
  try {
    const base = folderAddress(config.addresses, source.id)
    const items = await find(source, {
      root: config.root,
      base,
      fault,
      fetch: web?.fetch ?? fetch,
      parse: sourceParsing(parseHere, fault),
      parseHtml,
    })
    const wanted: Item[] = []
    for (const item of items) {
      const draft = readItem(item, timezone)
      const title = item.title ?? draft.title
      const published = item.published === undefined ? draft.publishedAt : readFeedDate(item.published, timezone)
      const isWanted = wants(source, item, title ?? '')
      if (isWanted) wanted.push(item)
      tested.items.push({ url: item.url, title: title ?? null, published: published?.toISOString() ?? null, isWanted })
    }
    const [first] = wanted
    if (first !== undefined) {
      const readsPage = web !== undefined && isWeb(source) && source.fullText
      const item = readsPage ? await web.readPage(first) : first
      const parts = isWeb(source) ? source.select : undefined
      tested.article = extractedOf(item, readItem(item, timezone, parts), now, source.topics)
    }
  } catch (thrown) {
    fault(
      thrown instanceof Failure
        ? new Failure(thrown.code, { source: source.id, ...thrown.details }, thrown.cause)
        : new Failure('source.failed', { source: source.id, reason: describe(thrown) }, thrown),
    )
  }
  return tested
}

const MOST_SHOWN = 10

function showTested({ id, kind, items, article, faults }: Tested): string {
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
    columns(rows),
    ...(items.length > MOST_SHOWN ? [`  … and ${items.length - MOST_SHOWN} more`] : []),
    ...(article === null ? [] : ['the first as an article:', columns(fieldsOf(article))]),
    ...faults.map((fault) => `failed: ${showReport(fault)}`),
  ]
    .filter((line) => line !== '')
    .join('\n')
}
