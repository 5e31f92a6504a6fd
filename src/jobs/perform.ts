/** One job: alone, judged again once it is alone, noted before and after; what breaks is told and breaks nothing else. */
import { describe, Failure, type FailureReport } from '../failures.ts'
import { type Feed } from '../model.ts'
import { passOver } from '../store/audiences.ts'
import { finishTick, passTick, readTick, startTick, wantTick, type Tick } from '../store/ticks.ts'
import { judge, judgeWanted, type Verdict } from './due.ts'
import { hold } from './hold.ts'
import { nameOf, timingOf, type Job, type Needs, type Results, type Verb } from './jobs.ts'

/** How a job came out. `busy`: somebody else is at it. */
export type Ending<Result> =
  | { job: Job; state: 'done'; result: Result }
  | { job: Job; state: 'busy' }
  | { job: Job; state: 'waiting'; until?: Date }
  | { job: Job; state: 'failed'; failure: FailureReport }

/** What is to be done about a job, as far as is known without being alone with it. */
export function judgeJob(needs: Needs, job: Job, past: Tick | undefined, now: Date): Verdict {
  const timing = timingOf(needs, job)
  if (timing !== undefined) return judge(timing, past, now)
  return job.verb === 'publish' ? judgeWanted(past, now) : { do: 'run', dueAt: now }
}

/** Does `work` if it is due, or whether or not with `isForced`. Never throws. */
export async function perform<V extends Verb>(
  needs: Needs,
  job: Job & { verb: V },
  isForced: boolean,
  work: () => Promise<Results[V]>,
): Promise<Ending<Results[V]>> {
  const { log } = needs
  const name = nameOf(job)
  try {
    const held = await hold(needs, name, () => decide(needs, job, isForced, work))
    if (held === 'busy') log.debug({ job: name }, 'another process is at it')
    return held === 'busy' ? { job, state: 'busy' } : held.did
  } catch (thrown) {
    const failure =
      thrown instanceof Failure
        ? new Failure(thrown.code, { job: name, ...thrown.details }, thrown.cause)
        : new Failure('job.failed', { job: name, reason: describe(thrown) }, thrown)
    log.error({ job: name, failure, err: thrown }, failure.message)
    return { job, state: 'failed', failure: failure.toJSON() }
  }
}

async function decide<V extends Verb>(
  needs: Needs,
  job: Job & { verb: V },
  isForced: boolean,
  work: () => Promise<Results[V]>,
): Promise<Ending<Results[V]>> {
  const { db, now, log } = needs
  const name = nameOf(job)
  const past = await readTick(db, name)
  const verdict = judgeJob(needs, job, past, now())
  if (isForced || verdict.do === 'run') {
    // What was wanted keeps its moment: if it is wanted once more meanwhile, it must not pass for finished.
    const dueAt = verdict.do === 'run' ? verdict.dueAt : job.verb === 'publish' ? (past?.dueAt ?? now()) : now()
    await startTick(db, name, dueAt, now())
    let hasSucceeded = false
    let hasChanged = false
    try {
      const result = await work()
      hasSucceeded = isSuccess(job.verb, result.faults)
      hasChanged = 'sources' in result && result.sources.some(({ added, updated }) => added + updated > 0)
      return { job, state: 'done', result }
    } finally {
      await finishTick(db, name, dueAt, now(), hasSucceeded, hasChanged)
    }
  }
  if (verdict.do === 'wait') return { job, state: 'waiting', ...(verdict.until && { until: verdict.until }) }

  if (verdict.do !== 'note') {
    log.warn({ job: name, missed: verdict.dueAt }, missedWords[verdict.do])
  }
  if (verdict.do === 'skip') await passOver(db, job.id, verdict.dueAt)
  await passTick(db, name, verdict.dueAt, now(), verdict.do === 'note')
  const after = judgeJob(needs, job, await readTick(db, name), now())
  return { job, state: 'waiting', ...(after.do === 'wait' && after.until && { until: after.until }) }
}

const missedWords = {
  skip: 'its time was missed by more than late.after: this edition is skipped',
  merge: 'its time was missed by more than late.after: it is merged into the next one',
}

/** Whether there is nothing to try again before its time comes again. Sources and news have their own record of failures. */
function isSuccess(verb: Verb, faults: FailureReport[]): boolean {
  if (verb === 'collect' || verb === 'deliver' || verb === 'announce') return true
  // A faulty article stays faulty: its feed is published without it.
  return verb === 'publish' ? !faults.some(({ retry }) => retry) : faults.length === 0
}

/** After a collection that brought something: the feeds that may show it are due. */
export async function wantFeeds({ db, feeds, now }: Needs, sourceId: string): Promise<void> {
  for (const feed of feeds.filter((each) => mayShow(each, sourceId))) {
    await wantTick(db, nameOf({ verb: 'publish', id: feed.id }), now())
  }
}

function mayShow({ where: { sources } }: Feed, sourceId: string): boolean {
  return sources === undefined || sources.length === 0 || sources.includes(sourceId)
}
