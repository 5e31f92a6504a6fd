/** The scheduler: node-cron says when to look, and what is due is decided anew each time (run-due.ts). */
import { setTimeout as wait } from 'node:timers/promises'
import { createTask, type ScheduledTask } from 'node-cron'
import { type Log } from '../log.ts'
import { type Job, type Needs, timingOf } from './jobs.ts'
import { runDue, type Round, type RunOptions } from './run-due.ts'

export interface SchedulerOptions {
  /** From 0 to 1, as Math.random: how much later than others a source is collected. */
  random: () => number
  /** Told of each round, for alerts. */
  done?: (round: Round) => Promise<void>
  /** How a round is run; for tests. */
  run?: (needs: Needs, options: RunOptions) => Promise<Round>
}

export interface Scheduler {
  /** Begins nothing more, and resolves once what was in the air is finished. */
  stop(): Promise<void>
}

/** Everybody's schedules name the full and the half hour: sites need not feel it. */
const sourceJitterMs = 20_000

/** At second 30, when a source that is due this minute was begun by its own task. */
const catchUpSchedule = '30 * * * * *'

/** Who follows a feed by way of a hub wants its news at once. */
const announceSchedule = '*/5 * * * * *'

/** Retry times fall on any minute. */
const deliverSchedule = '* * * * *'

/**
 * Runs each source and newsletter at its times, deliveries every minute, and every minute whatever is due all the same:
 * missed while the machine slept or another process had it, left by one that died, wanted since. Each at its own time zone.
 */
export function openScheduler(needs: Needs, { random, done, run = runDue }: SchedulerOptions): Scheduler {
  const { log } = needs
  const stopping = new AbortController()
  const stop = stopping.signal
  const inTheAir = new Set<Promise<void>>()
  const tasks: ScheduledTask[] = []

  const add = (name: string, schedule: string, timezone: string, work: () => Promise<void>) => {
    const tick = () => {
      const running: Promise<void> = work()
        .catch((thrown: unknown) => {
          if (!stop.aborted) log.error({ job: name, err: thrown }, 'a scheduled run failed; the next one goes on')
        })
        .finally(() => inTheAir.delete(running))
      inTheAir.add(running)
      return running
    }
    tasks.push(
      createTask(schedule, tick, {
        name,
        timezone,
        noOverlap: true,
        suppressMissedWarning: true,
        logger: loggerOf(log),
      }),
    )
  }
  const round = async (...steps: RunOptions[]) => {
    for (const step of steps) {
      if (stop.aborted) return
      const result = await run(needs, { ...step, stop })
      const isIdle = step.verbs?.join() === 'announce' && result.announce.length === 0
      if (!isIdle) await done?.(result)
    }
  }
  const addJob = (job: Job, work: () => Promise<void>) => {
    const timing = timingOf(needs, job)
    if (timing !== undefined) add(`${job.verb}:${job.id}`, timing.schedule, timing.timezone, work)
  }

  for (const { id } of needs.sources) {
    addJob({ verb: 'collect', id }, async () => {
      await wait(random() * sourceJitterMs, undefined, { signal: stop })
      await round({ verbs: ['collect'], ids: [id] }, { verbs: ['publish'] })
    })
  }
  for (const { id } of needs.newsletters) {
    addJob({ verb: 'compose', id }, () => round({ verbs: ['compose'], ids: [id] }, { verbs: ['deliver'] }))
  }
  add('deliver', deliverSchedule, needs.site.timezone, () => round({ verbs: ['deliver'] }))
  if (needs.addresses.hub !== undefined)
    add('announce', announceSchedule, needs.site.timezone, () => round({ verbs: ['announce'] }))
  add('catch up', catchUpSchedule, needs.site.timezone, () =>
    round({ verbs: ['collect', 'publish', 'compose', 'upkeep'] }),
  )
  for (const task of tasks) void task.start()

  return {
    async stop() {
      stopping.abort()
      for (const task of tasks) void task.destroy()
      await Promise.all(inTheAir)
    },
  }
}

/** node-cron writes to the console unless it is given something else. */
function loggerOf(log: Log) {
  const write = (level: 'debug' | 'warn') => (message: string | Error, err?: Error) => {
    log[level]({ err: message instanceof Error ? message : err }, message instanceof Error ? message.message : message)
  }
  return { info: write('debug'), debug: write('debug'), warn: write('warn'), error: write('warn') }
}
