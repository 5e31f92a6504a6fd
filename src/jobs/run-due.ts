/** All that is due now, in order: what the clock, `run` and the start of `serve` set going. */
import { announce, isNewsDue } from '../announce.ts'
import { collect, type CollectedSource } from '../collect.ts'
import { compose } from '../compose.ts'
import { deliver } from '../deliver.ts'
import { ensureDeskCopies } from '../desk-copy.ts'
import { Failure } from '../failures.ts'
import { type Report } from '../contracts.ts'
import { publish } from '../publish.ts'
import { sendConfirmations } from '../sign-up.ts'
import { readTicks } from '../store/ticks.ts'
import { upkeep } from '../upkeep.ts'
import { nameOf, type Job, type Needs, type Results, type Verb } from './jobs.ts'
import { judgeJob, perform, wantFeeds, type Ending } from './perform.ts'

export interface RunOptions {
  /** Only these verbs. */
  verbs?: Verb[]
  /** Only these sources, feeds or newsletters. */
  ids?: string[] | undefined
  /** Whether they are due or not. */
  isForced?: boolean
  /** A person asks, or it is the start: folders of this machine are read and feeds are written even when not due. */
  isEager?: boolean
  report?: Report | undefined
  /** Aborted: what is in the air is finished, nothing more is begun. */
  stop?: AbortSignal | undefined
}

/** What came of it, a verb at a time; verbs that were not asked for have no endings. */
export type Round = { [V in Verb]: Ending<Results[V]>[] }

/** Sources that are read at once; each host is still asked one thing at a time, by the one fetcher. */
const sourcesAtOnce = 8

/**
 * Does what is due: collects, publishes what that changed, composes, delivers, tidies up. Each thing is done alone, also
 * across processes, and one that fails keeps no other from its turn. Doing it again at the same moment does nothing.
 * @throws Failure `usage.unknown` for an id that is not in the config, before anything is done.
 */
export async function runDue(needs: Needs, options: RunOptions = {}): Promise<Round> {
  const { report, stop } = options
  const verbs = options.verbs ?? ['collect', 'publish', 'compose', 'deliver', 'announce', 'upkeep']
  const all = { ...needs, ...(report && { report }), ...(stop && { stop }) }
  const jobs = {
    collect: jobsOf(needs, 'collect', options),
    publish: jobsOf(needs, 'publish', options),
    compose: jobsOf(needs, 'compose', options),
  }
  const endings = async <V extends Verb>(
    verb: V,
    jobs: JobOf<V>[],
    work: (job: JobOf<V>) => Promise<Results[V]>,
    { atOnce = 1, isAwaiting = () => false }: { atOnce?: number; isAwaiting?: (job: JobOf<V>) => boolean } = {},
  ): Promise<Ending<Results[V]>[]> => {
    if (!verbs.includes(verb)) return []
    // Judged before the lease is taken, which writes, and again under it.
    const ticks = await readTicks(needs.db)
    return inTurn(jobs, atOnce, stop, async (job) => {
      const isForced = mustBeDone(needs, job, options)
      const verdict = judgeJob(needs, job, ticks.get(nameOf(job)), needs.now())
      if (!isForced && verdict.do === 'wait')
        return { job, state: 'waiting', ...(verdict.until && { until: verdict.until }) }
      if (!isForced && isAwaiting(job)) return { job, state: 'busy' }
      return perform(all, job, isForced, () => work(job))
    })
  }
  const collected = await endings('collect', jobs.collect, ({ id }) => collectOne(all, id), { atOnce: sourcesAtOnce })
  // Whoever is still collecting composes next: an edition made now would miss what they are about to bring.
  const elsewhere = collected.filter(({ state }) => state === 'busy').map(({ job }) => job.id)
  return {
    collect: collected,
    publish: await endings('publish', jobs.publish, ({ id }) => publish(all, [id])),
    compose: await endings('compose', jobs.compose, ({ id }) => composeOne(all, id), {
      isAwaiting: ({ id }) => elsewhere.some((source) => mayFeed(needs, source, id)),
    }),
    deliver: await endings('deliver', [{ verb: 'deliver', id: '' }], () => deliverDue(all)),
    // Last of what somebody waits for: a hub that does not answer holds nothing up.
    announce: await endings('announce', await newsOf(needs, verbs), () => announce(all)),
    upkeep: await endings('upkeep', [{ verb: 'upkeep', id: '' }], () => upkeep(all)),
  }
}

async function collectOne(needs: Needs, id: string): Promise<Results['collect']> {
  const result = await collect(needs, [id])
  if (result.sources.some(changesFeeds)) await wantFeeds(needs, id)
  return result
}

function changesFeeds({ added, updated, changed = 0, withdrawn = 0, restored = 0 }: CollectedSource): boolean {
  return added + updated + changed + withdrawn + restored > 0
}

async function composeOne(needs: Needs, id: string): Promise<Results['compose']> {
  await ensureDeskCopies({ ...needs, newsletters: needs.newsletters.filter((newsletter) => newsletter.id === id) })
  return compose(needs, [id])
}

/** The ledger's messages, and the mails to new readers that could not be sent when they asked. */
async function deliverDue(needs: Needs): Promise<Results['deliver']> {
  const result = await deliver(needs)
  const { faults } = await sendConfirmations(needs)
  return { ...result, faults: [...result.faults, ...faults] }
}

/** Looked for often, and mostly in vain: without news no lease is taken, which writes. */
async function newsOf({ db, addresses, now }: Needs, verbs: Verb[]): Promise<JobOf<'announce'>[]> {
  const isDue = verbs.includes('announce') && (await isNewsDue(db, addresses, now()))
  return isDue ? [{ verb: 'announce', id: '' }] : []
}

type JobOf<V extends Verb> = Job & { verb: V }

const things = {
  collect: { list: 'sources', thing: 'source' },
  publish: { list: 'feeds', thing: 'feed' },
  compose: { list: 'newsletters', thing: 'newsletter' },
} as const

function jobsOf<V extends keyof typeof things>(needs: Needs, verb: V, { verbs, ids }: RunOptions): JobOf<V>[] {
  const { list, thing } = things[verb]
  const known = needs[list].map(({ id }) => id)
  if (ids === undefined || verbs?.includes(verb) !== true) return known.map((id) => ({ verb, id }))
  const unknown = ids.find((id) => !known.includes(id))
  if (unknown !== undefined) throw new Failure('usage.unknown', { [thing]: unknown })
  return known.filter((id) => ids.includes(id)).map((id) => ({ verb, id }))
}

function mayFeed({ newsletters }: Needs, sourceId: string, newsletterId: string): boolean {
  const chosen = newsletters.find(({ id }) => id === newsletterId)?.where.sources
  return chosen === undefined || chosen.includes(sourceId)
}

/** A folder disturbs nobody: who just wrote a file into it does not want to wait. */
function mustBeDone({ sources }: Needs, { verb, id }: Job, { isForced, isEager }: RunOptions): boolean {
  if (isForced === true) return true
  if (isEager !== true) return false
  return verb === 'publish' || (verb === 'collect' && sources.some((each) => each.id === id && each.kind === 'folder'))
}

/** A few at a time, whoever is free takes the next; the results stand in the order of the list. */
async function inTurn<T, R>(
  list: T[],
  atOnce: number,
  stop: AbortSignal | undefined,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const waiting = [...list.entries()]
  const results: { index: number; result: R }[] = []
  const worker = async () => {
    while (stop?.aborted !== true) {
      const next = waiting.shift()
      if (next === undefined) return
      const [index, one] = next
      results.push({ index, result: await work(one) })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results.toSorted((a, b) => a.index - b.index).map(({ result }) => result)
}
