/** What `serve` keeps going: an app with its pages and its scheduler, and another in its place when the config changes. */
import { tell, tellBrokenRun } from '../alert.ts'
import { openApp, version, type App } from '../app.ts'
import { type Config } from '../config.ts'
import { describe, Failure } from '../failures.ts'
import { runDue, type Round } from '../jobs/run-due.ts'
import { openScheduler, type Scheduler } from '../jobs/schedule.ts'
import { type Report } from '../contracts.ts'
import { dropLeasesOf } from '../store/leases.ts'
import { type Web } from '../web/needs.ts'
import { createWeb } from '../web/server.ts'
import { doingsOf, lookAtDisks, needsOf } from './round.ts'
import { strangersOf, warnOfStrangers } from './strangers.ts'

/** One app at work. */
interface Shift {
  app: App
  web: Web
  stopping: AbortController
  /** Its first round, then whatever an answer set going: none is left alone. */
  working: Set<Promise<unknown>>
  scheduler?: Scheduler
}

export interface Shifts {
  /** Answers by the pages of the app that is at work now. */
  fetch: Web['fetch']
  quick: Web['quick']
  /** Does what is due, then works by the clock. */
  start(report: Report): Promise<Round>
  /** Takes over the config as it is now, when all of it is right; else everything stays as it was. */
  reload(): Promise<void>
  /** Finishes what is in the air, leaves the rest due, and closes. */
  stop(): Promise<void>
  /** For when that takes too long: what can be is broken off, and leases are given back for whoever comes next. */
  cutOff(): Promise<void>
}

export interface ShiftOptions {
  readConfig: () => Promise<Config>
  random?: () => number
}

/** Begins with an app that is open; it is closed in the end, as are those that follow it. */
export function openShifts(first: App, { readConfig, random = Math.random }: ShiftOptions): Shifts {
  const { log } = first
  let isConfigFaulty = false
  let isStarted = false
  let isStopping = false
  let reloading: Promise<void> = Promise.resolve()
  const leaving = new Set<Promise<void>>()

  const open = (app: App): Shift => ({
    app,
    web: webOf(app, { isConfigFaulty: () => isConfigFaulty, isStarted: () => isStarted }),
    stopping: new AbortController(),
    working: new Set(),
  })
  let shift = open(first)

  const begin = async (one: Shift, report?: Report): Promise<Round> => {
    const { app, stopping } = one
    const { signal: stop } = stopping
    const done = async (round: Round) => tell(app, [...doingsOf(round), await lookAtDisks(round, app)], { stop })
    const run: typeof runDue = (...given) =>
      runDue(...given).catch(async (thrown: unknown) => {
        if (!stop.aborted) await tellBrokenRun(app, thrown, { stop })
        throw thrown
      })
    try {
      warnOfStrangers(log, await strangersOf(app))
      const round = await run(needsOf(app), { isEager: true, report, stop })
      isStarted = true
      if (!stop.aborted) await done(round)
      return round
    } finally {
      // Whatever the first round met: the clock goes on.
      if (!stop.aborted) one.scheduler = openScheduler(needsOf(app), { random, done, run })
    }
  }

  const close = async ({ app, stopping, scheduler, working }: Shift) => {
    stopping.abort()
    await scheduler?.stop()
    while (working.size > 0) await Promise.allSettled(working)
    await app.close()
  }

  const swap = async () => {
    if (isStopping) return
    let next: Shift
    try {
      const config = await readConfig()
      next = open(await openApp(config, log))
    } catch (thrown) {
      isConfigFaulty = true
      const failure =
        thrown instanceof Failure ? thrown : new Failure('job.failed', { reason: describe(thrown) }, thrown)
      const faults = 'faults' in failure ? failure.faults : undefined
      log.error({ failure, faults, err: thrown }, 'the config cannot be taken over; the one before it still holds')
      return
    }
    isConfigFaulty = false
    const last = shift
    shift = next
    const { listen } = last.app.config.server
    if (next.app.config.server.listen !== listen)
      log.warn({ listen, wanted: next.app.config.server.listen }, 'another server.listen takes a restart')
    log.info('the config is taken over')
    const ended = close(last).catch((thrown: unknown) =>
      log.error({ err: thrown }, 'the app before it did not end well'),
    )
    leaving.add(ended)
    void ended.finally(() => leaving.delete(ended))
    void track(
      next,
      begin(next).catch((thrown: unknown) => log.error({ err: thrown }, 'the first round of the new config failed')),
    )
  }

  return {
    quick: (request, response) => shift.web.quick(request, response),
    fetch(request, env, context) {
      const { web, working } = shift
      const answering = Promise.resolve(web.fetch(request, env, context && { ...context, waitUntil }))
      void track(shift, answering)
      return answering

      function waitUntil(work: Promise<unknown>) {
        void track({ working }, work)
        context?.waitUntil(work)
      }
    },
    start: (report) => track(shift, begin(shift, report)),
    reload() {
      reloading = reloading.then(swap)
      return reloading
    },
    async stop() {
      isStopping = true
      await reloading
      await Promise.all([close(shift), ...leaving])
    },
    async cutOff() {
      const { app } = shift
      app.transport.interrupt?.()
      await dropLeasesOf(app.db, `${app.worker}/`).catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'leases could not be given back; they run out'),
      )
    },
  }
}

/** The pages of an installation. */
export function webOf(
  { config, ...app }: App,
  more: { isConfigFaulty?: () => boolean; isStarted?: () => boolean } = {},
): ReturnType<typeof createWeb> {
  const { site, addresses, feeds, newsletters, publishDirectory, mailDirectory, databasePath, server } = config
  return createWeb({
    ...app,
    ...more,
    site,
    addresses,
    feeds,
    moved: config.moved,
    newsletters,
    publishDirectory,
    ...(app.transport.id === 'mailbox' && { mailDirectory }),
    disks: [databasePath, publishDirectory],
    sources: config.sources,
    version: version(),
    ...(server.adminPassword !== undefined && { adminPassword: server.adminPassword }),
  })
}

function track<T>({ working }: Pick<Shift, 'working'>, work: Promise<T>): Promise<T> {
  working.add(work)
  const end = () => working.delete(work)
  work.then(end, end)
  return work
}
