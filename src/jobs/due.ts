/** What is due: pure, from a schedule, what was done last, and the time it is now. */
import { nextAfter } from '../times.ts'

/** When something is to be done. */
export interface Timing {
  /** Cron, in `timezone`. */
  schedule: string
  timezone: string
  /** What was never done is due `now`, or at its `next` time. */
  first: 'now' | 'next'
  /** A time missed by more than `afterMs`: made up for all the same, passed over, or left to the next. */
  late?: { afterMs: number; then: 'send' | 'skip' | 'merge' }
  /** Whether what failed is tried again before its next time; what a process died over always is. */
  retries?: boolean
  /** Whether times are passed over while nothing comes of it: a site that is quiet is asked less often. */
  rests?: boolean
}

/** What is known of the last time (store/ticks.ts). */
export interface Past {
  /** All times up to this one are dealt with. */
  dueAt: Date
  startedAt: Date
  /** Not given while it is at work, or when its process died over it. */
  finishedAt?: Date
  /** How often it was begun since it last succeeded. */
  failed: number
  /** When it last brought something, or was first done. */
  changedAt?: Date
}

/**
 * `wait`: nothing to do before `until`, or at all. `run`: do it now, which deals with all times up to `dueAt`. `note`: times count
 * from now on. `skip` and `merge`: the missed times up to `dueAt` are dealt with, and nothing is done.
 */
export type Verdict = { do: 'wait'; until?: Date } | { do: 'run' | 'note' | 'skip' | 'merge'; dueAt: Date }

const minute = 60_000
const hour = 60 * minute

/** More than this ahead of now, a time was noted by a clock that went wrong. */
const aheadMs = hour

/** However often a time was missed, it is made up for once. */
export function judge(timing: Timing, past: Past | undefined, now: Date): Verdict {
  if (past === undefined) return { do: timing.first === 'now' ? 'run' : 'note', dueAt: now }
  if (past.dueAt.getTime() > now.getTime() + aheadMs) return { do: 'note', dueAt: now }

  const missed = latestMissed(timing, past.dueAt, now)
  const dueAt = missed ?? past.dueAt
  const isLate = timing.late !== undefined && now.getTime() - dueAt.getTime() > timing.late.afterMs
  // From the last time and not from now: in the hour that spring skips, only the last time knows that one is still to come.
  const next = nextAfter(timing.schedule, timing.timezone, dueAt)
  const retryAt = retryOf(past)

  if (past.finishedAt === undefined && missed === undefined) {
    // Begun in its time and never finished: lateness is no reason to leave it half done.
    return retryAt <= now ? { do: 'run', dueAt } : { do: 'wait', until: retryAt }
  }
  if (missed !== undefined) {
    const restUntil = timing.rests === true ? restOf(past) : undefined
    if (restUntil !== undefined && restUntil > now) return { do: 'wait', until: restUntil }
    if (!isLate || timing.late?.then === 'send' || past.finishedAt === undefined) return { do: 'run', dueAt }
    if (timing.late?.then === 'skip') return { do: 'skip', dueAt }
    // Where every time is met late, as by a crontab that is out of step, leaving it to the next would leave it for ever.
    return wasMerged(past) ? { do: 'run', dueAt } : { do: 'merge', dueAt }
  }
  if (timing.retries !== true || past.failed === 0) return { do: 'wait', until: next }
  if (isLate && timing.late?.then !== 'send') return { do: 'wait', until: next }
  return retryAt <= now ? { do: 'run', dueAt } : { do: 'wait', until: retryAt < next ? retryAt : next }
}

/** Of the time that nothing came, so much is waited; and never longer than that. */
const restShare = 1 / 24
const longestRest = 6 * hour

/** Until when it rests: a day of silence makes an hour between two times, and six days make six. */
function restOf({ startedAt, finishedAt, changedAt }: Past): Date | undefined {
  if (finishedAt === undefined || changedAt === undefined) return undefined
  const silence = startedAt.getTime() - changedAt.getTime()
  // A minute less: what was begun a second after its time is not to miss the one an hour later.
  return new Date(startedAt.getTime() + Math.min(silence * restShare, longestRest) - minute)
}

/** For what has no times: due when it was never done, was wanted since, or failed. */
export function judgeWanted(past: Past | undefined, now: Date): Verdict {
  if (past === undefined) return { do: 'run', dueAt: now }
  if (past.finishedAt !== undefined && past.failed === 0) return { do: 'wait' }
  const until = retryOf(past)
  return until <= now ? { do: 'run', dueAt: past.dueAt } : { do: 'wait', until }
}

/** When what failed, or was left by a process that died, is begun again: in five minutes, and each time twice as many. */
export function retryOf({ startedAt, finishedAt, failed }: Past): Date {
  // Once, at once: a process may be stopped at any moment. One that dies over it again and again must not do only that.
  const failures = finishedAt === undefined ? failed - 1 : failed
  if (failures <= 0) return startedAt
  return new Date(startedAt.getTime() + Math.min(5 * minute * 2 ** (failures - 1), 6 * hour))
}

/** The latest time after `last` that has come. */
function latestMissed({ schedule, timezone }: Timing, last: Date, now: Date): Date | undefined {
  let latest: Date | undefined
  let next = nextAfter(schedule, timezone, last)
  for (let steps = 0; next <= now; steps++) {
    latest = next
    // After a long sleep only the end of it is gone through.
    const from = steps === MOST_STEPS ? maxOf(next, new Date(now.getTime() - 48 * hour)) : next
    next = nextAfter(schedule, timezone, from)
  }
  return latest
}

const MOST_STEPS = 100

/** What was merely dealt with was not begun since. */
function wasMerged({ dueAt, startedAt }: Past): boolean {
  return startedAt < dueAt
}

function maxOf(one: Date, other: Date): Date {
  return one > other ? one : other
}
