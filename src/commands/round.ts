/** What a round of jobs did, for a person and as JSON; and what the jobs are given of the app. */
import { type App } from '../app.ts'
import { type ExitCode, type Result } from '../cli.ts'
import { lowDisks } from '../disk/space.ts'
import { type FailureReport } from '../failures.ts'
import { nameOf, type Needs, type Results, type Verb } from '../jobs/jobs.ts'
import { type Ending } from '../jobs/perform.ts'
import { type Round } from '../jobs/run-due.ts'
import { columns, count, showReport } from '../terminal.ts'
import { showTime } from '../times.ts'

/** What the jobs of this installation are given. */
export function needsOf({ config, ...app }: App): Needs {
  const { site, addresses, root, publishDirectory, mailDirectory, databasePath, retention } = config
  const { sources, feeds, moved, newsletters } = config
  const paths = { root, directory: publishDirectory, publishDirectory, mailDirectory, databasePath }
  return { ...app, ...paths, site, addresses, retention, timezone: site.timezone, sources, feeds, moved, newsletters }
}

/** What one verb did in a round. */
export interface Doing {
  verb: Verb
  /** The sources, feeds or newsletters that it was done for. */
  ids: string[]
  /** It found nothing to do, and so cannot know whether what failed before works again. */
  isIdle: boolean
  faults: FailureReport[]
  held: FailureReport[]
}

export function doingsOf(round: Round): Doing[] {
  const doing = <V extends Verb>(verb: V, endings: Ending<Results[V]>[]): Doing => {
    const tried = endings.filter(({ state }) => state === 'done' || state === 'failed')
    const results = resultsOf(endings)
    return {
      verb,
      ids: tried.map(({ job }) => job.id),
      isIdle: tried.length === 0 || (verb === 'deliver' && round.deliver.every(isIdleDelivery)),
      faults: [
        ...results.flatMap(({ faults }) => faults),
        ...endings.flatMap((ending) => (ending.state === 'failed' ? [ending.failure] : [])),
      ],
      held: results.flatMap(({ held }) => held),
    }
  }
  return [
    doing('collect', round.collect),
    doing('publish', round.publish),
    doing('compose', round.compose),
    doing('deliver', round.deliver),
    doing('announce', round.announce),
    doing('upkeep', round.upkeep),
  ]
}

/**
 * Disks that are nearly full, after any round: one can fill before the nightly upkeep looks, which then says it itself.
 * `isIdle`: that there is room again is for upkeep to say, and nothing else is taken for mended.
 */
export async function lookAtDisks(round: Round, { config }: Pick<App, 'config'>): Promise<Doing> {
  const isSaid = round.upkeep.some(({ state }) => state === 'done')
  const low = isSaid ? [] : await lowDisks([config.databasePath, config.publishDirectory, config.mailDirectory])
  return { verb: 'upkeep', ids: [], isIdle: true, faults: low.map((failure) => failure.toJSON()), held: [] }
}

/**
 * The lines of a round, then what failed and what is held, with the next step. `verb`: the only one that was asked for.
 * `disks`: what `lookAtDisks` saw.
 */
export function conclude(round: Round, app: App, verb?: Exclude<Verb, 'upkeep' | 'announce'>, disks?: Doing): Result {
  const doings = [...doingsOf(round), ...(disks ? [disks] : [])]
  const faults = doings.flatMap((doing) => doing.faults)
  const held = doings.flatMap((doing) => doing.held)
  const exit: ExitCode = held.length > 0 ? 3 : faults.length > 0 ? 1 : 0
  const text = [
    columns(linesOf(round, app)),
    ...faults.map((fault) => `\nfailed: ${showReport(fault)}`),
    ...held.map((fault) => `\nheld back: ${showReport(fault)}`),
  ].join('\n')
  const parts = jsonOf(round, doings)
  const all = { ...parts, ...(disks && { disks: disks.faults }) }
  const json = verb === undefined ? all : { ...parts[partOf[verb]], busy: parts.busy }
  return { json, text, exit }
}

const partOf = { collect: 'collected', publish: 'published', compose: 'composed', deliver: 'delivered' } as const

function jsonOf(round: Round, doings: Doing[]) {
  const [collect, publish, compose] = doings.map(({ faults, held }) => ({ faults, held }))
  const all = Object.values(round).flat()
  return {
    collected: { sources: resultsOf(round.collect).flatMap(({ sources }) => sources), ...collect },
    published: { feeds: resultsOf(round.publish).flatMap(({ feeds }) => feeds), ...publish },
    composed: { newsletters: resultsOf(round.compose).flatMap(({ newsletters }) => newsletters), ...compose },
    delivered: resultsOf(round.deliver)[0],
    announced: resultsOf(round.announce)[0],
    upkeep: resultsOf(round.upkeep)[0],
    /** Somebody else is at these, who will have done them. */
    busy: all.filter(({ state }) => state === 'busy').map(({ job }) => nameOf(job)),
    waiting: all.flatMap((ending) =>
      ending.state === 'waiting' && ending.until ? [{ job: nameOf(ending.job), until: ending.until }] : [],
    ),
  }
}

function linesOf(round: Round, app: App): string[][] {
  const lines = [
    ...round.collect.flatMap((ending) => linesOfEnding(ending, collectLines, () => [])),
    ...sourcesLine(round, app),
    ...round.publish.flatMap((ending) => linesOfEnding(ending, publishLines, () => [])),
    ...round.compose.flatMap((ending) =>
      linesOfEnding(ending, composeLines, (until) => [
        ['compose', ending.job.id, `no edition: not due before ${showTime(until, zoneOf(app, ending.job.id))}`],
      ]),
    ),
    ...round.deliver.flatMap((ending) =>
      linesOfEnding(
        ending,
        (result) => deliverLines(result, app),
        () => [],
      ),
    ),
    ...round.announce.flatMap((ending) => linesOfEnding(ending, announceLines, () => [])),
    ...round.upkeep.flatMap((ending) => linesOfEnding(ending, upkeepLines, () => [])),
  ]
  return lines
}

function linesOfEnding<R>(
  ending: Ending<R>,
  done: (result: R) => string[][],
  waiting: (until: Date) => string[][],
): string[][] {
  const { verb, id } = ending.job
  if (ending.state === 'done') return done(ending.result)
  if (ending.state === 'waiting') return ending.until === undefined ? [] : waiting(ending.until)
  return [[verb, id, ending.state === 'busy' ? 'another process is at it' : 'broke off']]
}

function collectLines({ sources }: Results['collect']): string[][] {
  return sources.map((source) => [
    'collect',
    source.id,
    [
      source.notModified ? 'the same as last time' : `${count(source.found, 'article')} found`,
      ...(['added', 'updated', 'unchanged', 'waiting'] as const)
        .filter((key) => source[key] > 0)
        .map((key) => `${source[key]} ${key === 'added' ? 'new' : key}`),
      ...(['changed', 'withdrawn', 'restored'] as const)
        .filter((key) => source[key] !== undefined)
        .map((key) => `${source[key] ?? 0} ${key} (looked at again)`),
    ].join(', '),
  ])
}

/** Of hundreds of sources most are not due: one line for them all. */
function sourcesLine({ collect }: Round, { config }: App): string[][] {
  const waiting = collect.flatMap((ending) => (ending.state === 'waiting' && ending.until ? [ending] : []))
  const [first] = waiting.toSorted((a, b) => Number(a.until) - Number(b.until))
  if (first?.until === undefined) return []
  const what = waiting.length === 1 ? first.job.id : count(waiting.length, 'source')
  return [['collect', what, `not due before ${showTime(first.until, config.site.timezone)}`]]
}

function publishLines({ feeds }: Results['publish']): string[][] {
  return feeds.map(({ id, articles, written }) => [
    'publish',
    id,
    `${count(articles, 'article')}, ${written.length === 0 ? 'nothing changed' : `${count(written.length, 'file')} written`}`,
  ])
}

function composeLines({ newsletters }: Results['compose']): string[][] {
  return newsletters.map(({ id, edition, draft, reason }) => {
    const made = edition ?? draft
    if (made === undefined) return ['compose', id, `no edition: ${reason ?? 'nothing new'}`]
    const what = `No. ${made.number} “${made.subject}”, ${count(made.articles, 'article')} for ${count(made.readers, 'reader')}`
    return ['compose', id, edition === undefined ? `${what}, waits for an editor` : what]
  })
}

function deliverLines(result: Results['deliver'], { transport }: App): string[][] {
  const counts = (['submitted', 'refused', 'later', 'uncertain', 'dropped'] as const)
    .filter((key) => result[key] > 0)
    .map((key) => `${result[key]} ${key}`)
  return [['deliver', transport.id, counts.length === 0 ? 'nothing due' : counts.join(', ')]]
}

function announceLines({ pinged, verified, sent, failed, ended }: Results['announce']): string[][] {
  const parts = [
    ...(pinged > 0 ? [`the hub was told of ${count(pinged, 'file')}`] : []),
    ...(verified > 0 ? [`${count(verified, 'request')} confirmed`] : []),
    ...(sent > 0 ? [`news sent ${count(sent, 'time')}`] : []),
    ...(failed > 0 ? [`${count(failed, 'attempt')} failed`] : []),
    ...(ended > 0 ? [`${count(ended, 'subscription')} ended`] : []),
  ]
  return [['announce', 'hub', parts.length === 0 ? 'nothing to tell' : parts.join(', ')]]
}

function upkeepLines({ removed }: Results['upkeep']): string[][] {
  const total = Object.values(removed).reduce((sum, number) => sum + number, 0)
  return [['upkeep', '', total === 0 ? 'nothing to let go of' : `let go of ${count(total, 'old thing')}`]]
}

function isIdleDelivery(ending: Ending<Results['deliver']>): boolean {
  if (ending.state !== 'done') return false
  const { submitted, refused, later, uncertain } = ending.result
  return submitted + refused + later + uncertain === 0
}

function zoneOf({ config }: App, newsletterId: string): string {
  return config.newsletters.find(({ id }) => id === newsletterId)?.timezone ?? config.site.timezone
}

function resultsOf<R>(endings: Ending<R>[]): R[] {
  return endings.flatMap((ending) => (ending.state === 'done' ? [ending.result] : []))
}
