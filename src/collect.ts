/** VERB: a source's new items become articles in the store. */
import { folderAddress, type Addresses } from './addresses.ts'
import { aliasKeys } from './articles/identity.ts'
import { parseHtml } from './articles/markup.ts'
import { asFailure, collectOne, keysOf, type Reading, type Round, type Run } from './collect-one.ts'
import { areKnown, findFresh, openWeb, readPages, type Unread } from './collect-web.ts'
import { openWatch, type Watch } from './collect-watch.ts'
import { Failure, type FailureReport } from './failures.ts'
import { type Log } from './log.ts'
import { measureFiles } from './measure.ts'
import { type Fetch, type Report } from './contracts.ts'
import { sourceParsing, type Parse } from './parse.ts'
import { recheckPages } from './recheck.ts'
import { find, isWeb, readsPages, type SourceOptions } from './sources/index.ts'
import { type Database } from './store/database.ts'
import { listSources, sourceCollected } from './store/sources.ts'

export interface CollectNeeds {
  db: Database
  /** The folder of the config file, absolute. */
  root: string
  addresses: Addresses
  /** Copies of pictures go to `media/` in it. */
  publishDirectory: string
  sources: SourceOptions[]
  /** Of dates that name no zone themselves. UTC if not given. */
  timezone?: string
  fetch: Fetch
  /** Reads what came from outside. */
  parse: Parse
  now: () => Date
  log: Log
  report?: Report
  /** Ends between two items: what is saved is kept, and the next collection goes on. */
  stop?: AbortSignal
}

export interface CollectedSource {
  id: string
  /** How many items it has now; the other counts and the faulty ones make up this one. */
  found: number
  added: number
  updated: number
  unchanged: number
  /** Dated in the future, or left for the next collection. */
  waiting: number
  /** Drafts, and what include and exclude do not let through. */
  leftOut: number
  /** Of articles known already, whose pages were looked at again: not among those found. */
  changed?: number
  /** Withdrawn because their pages were gone twice, and back because they are there again. */
  withdrawn?: number
  restored?: number
  /** The source answered that it is the same as last time. */
  notModified?: true
}

export interface CollectResult {
  sources: CollectedSource[]
  faults: FailureReport[]
  held: FailureReport[]
}

/**
 * Collects these sources, or all. A faulty item is named in `faults` and never stops its source, and no source stops the
 * others. Nothing is ever deleted; doing it again changes nothing.
 * @throws Failure `usage.unknown` for an id that is not in `sources`, before anything is done.
 */
export async function collect(needs: CollectNeeds, ids?: string[]): Promise<CollectResult> {
  const unknown = ids?.find((id) => !needs.sources.some((source) => source.id === id))
  if (unknown !== undefined) throw new Failure('usage.unknown', { source: unknown })
  const result: CollectResult = { sources: [], faults: [], held: [] }
  for (const source of needs.sources.filter(({ id }) => ids?.includes(id) ?? true)) {
    if (needs.stop?.aborted) break
    const { collected, faults } = await collectLogged(needs, source)
    result.sources.push(collected)
    result.faults.push(...faults)
  }
  return result
}

async function collectLogged(needs: CollectNeeds, source: SourceOptions) {
  const faults: FailureReport[] = []
  const fault = (failure: Failure) => {
    needs.log.warn({ source: source.id, failure, err: failure.cause }, failure.message)
    faults.push(failure.toJSON())
  }
  let last = 0
  // Of two articles of a list that were met in one moment, nobody could say which is the newer one.
  const moment = isWeb(source) ? () => new Date((last = Math.max(last + 1, needs.now().getTime()))) : needs.now
  const collected = await collectSource({ ...needs, source, fault, moment })
  const { id, ...counts } = collected
  needs.log.info({ source: id, ...counts }, 'source collected')
  return { collected, faults }
}

async function collectSource(round: Round): Promise<CollectedSource> {
  const { db, source, root, addresses, fault, fetch, stop } = round
  const counts: CollectedSource = {
    id: source.id,
    found: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    waiting: 0,
    leftOut: 0,
  }
  const web = isWeb(source) ? openWeb(source, fetch) : undefined
  let watch: Watch | undefined
  let failed: Failure | undefined
  try {
    watch = await openWatch(round)
    const base = folderAddress(addresses, source.id)
    const since = (await listSources(db)).find(({ id }) => id === source.id)?.succeededAt
    const parse = sourceParsing(round.parse, (failure) =>
      fault(new Failure(failure.code, { source: source.id, ...failure.details })),
    )
    const { context } = watch
    const fetchTold: Fetch = async (url, request) => {
      const fetched = await (web?.fetch ?? fetch)(url, request)
      if (fetched.movedTo !== undefined && isWeb(source) && url === source.url)
        context.notice?.(new Failure('source.moved', { source: source.id, url, to: fetched.movedTo }))
      return fetched
    }
    const items = await find(source, {
      ...{ root, base, fault, fetch: fetchTold, parse, parseHtml },
      areKnown: (seen) => areKnown(round, seen),
      ...watch.context,
      ...(since && { since }),
    })
    counts.found = items.length
    const run: Run = {
      present: new Set(items.flatMap(aliasKeys)),
      claimed: new Map(),
      read: new Set(),
      counts,
      isWhole: true,
    }
    const fresh = web === undefined ? items.map((item) => ({ item })) : await findFresh(round, items, run)
    watch.saw(items)
    const whole = fresh.filter(({ item }) => !readsPages(source, item))
    const others = fresh.filter(({ item }) => readsPages(source, item))
    if (web !== undefined && readsPages(source)) await readPages(round, web, others, run)
    if (whole.length > 0 || !readsPages(source)) await collectAll(round, await readAll(round, whole), run)
    if (stop?.aborted) return counts
    if (run.isWhole) await web?.remember()
    await measureFiles(round, web?.fetch ?? fetch)
    if (web !== undefined) await recheckPages(round, web, run)
  } catch (thrown) {
    failed = asFailure(thrown, 'source.failed', { source: source.id })
    if (failed.code === 'http.stopped') return counts
    fault(failed)
  }
  await sourceCollected(db, source.id, round.now(), failed?.toJSON())
    .then(() => watch?.keep(counts.added))
    .catch((thrown: unknown) => fault(asFailure(thrown, 'source.failed', { source: source.id })))
  return { ...counts, ...(web?.isUnchanged() && counts.found === 0 && { notModified: true }) }
}

async function collectAll(round: Round, readings: Reading[], run: Run): Promise<void> {
  const { source, report, stop } = round
  // Items that could not be read still stand where they stood: what is known of them did not move elsewhere.
  for (const key of readings.flatMap(({ keys }) => keys)) run.present.add(key)
  for (const [done, reading] of readings.entries()) {
    if (stop?.aborted) return
    report?.({ verb: 'collect', id: source.id, done, total: readings.length })
    const outcome = await collectOne(round, reading, run)
    if (outcome !== 'faulty') run.counts[outcome]++
  }
  report?.({ verb: 'collect', id: source.id, done: readings.length, total: readings.length })
}

async function readAll({ source, timezone, fault, parse }: Round, items: Unread[]): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const { item, ...seen } of items) {
    try {
      const draft = await parse('readItem', item, timezone)
      readings.push({ item, draft, keys: keysOf(item, draft), ...seen })
    } catch (thrown) {
      fault(asFailure(thrown, 'article.failed', { source: source.id, file: item.place }))
    }
  }
  return readings
}
