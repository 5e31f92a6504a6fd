/** `/metrics`: figures for Prometheus, read from the store when they are asked for. No label names a person. */
import { type Next } from 'hono'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { describe, Failure } from '../failures.ts'
import { readFigures } from '../store/figures.ts'
import { listSources } from '../store/sources.ts'
import { readTicks } from '../store/ticks.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'

export interface Metrics {
  show: Page
  /** Counts answers, by status only: a path may hold a reader's token. */
  count(c: WebContext, next: Next): Promise<void>
  /** Counts one answer that was not given by the router. */
  tally: (status: number) => void
}

/** The figures are read again after so many times what it took to read them: a large list slows nothing down. */
const rest = 20

export function createMetrics({ db, log, now, version = 'unknown' }: Needs): Metrics {
  const register = new Registry()
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `broadsheet_${name}`, help, labelNames, registers: [register] })
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `broadsheet_${name}`, help, labelNames, registers: [register] })

  const articles = counter('articles_total', 'Articles that were ever collected', 'source')
  const failures = gauge('source_failures', 'Collections in a row that have failed', 'source')
  const collectedAt = gauge('source_last_success_timestamp_seconds', 'When the source was last read well', 'source')
  const deliveries = gauge('deliveries', 'Rows of the ledger', 'state')
  const due = gauge('deliveries_due', 'Deliveries that could go out now')
  const oldestDue = gauge('oldest_due_age_seconds', 'How long the longest due of them has waited')
  const editions = gauge('editions', 'Editions', 'state')
  const subscriptions = gauge('subscriptions', 'Subscriptions', 'newsletter', 'state')
  const hub = gauge('hub', 'Subscriptions at our own hub, requests for one, sendings and pings that are due', 'what')
  const alerts = gauge('alerts', 'What is wrong at the moment')
  const ranAt = gauge('last_run_timestamp_seconds', 'When the job was last begun', 'job')
  const duration = gauge('last_run_duration_seconds', 'How long that took', 'job')
  const jobFailures = gauge('job_failures', 'How often the job was begun since it last succeeded', 'job')
  const requests = counter('http_requests_total', 'Answers given', 'status')
  gauge('build_info', 'Always 1', 'version', 'node').set({ version, node: process.version }, 1)

  // Added up here first: a counter with labels costs more than the answer it counts.
  const tallied = new Map<number, number>()
  let again = -Infinity
  let isFirst = true

  async function read(): Promise<void> {
    const at = now()
    const figures = await readFigures(db, at)
    const sources = await listSources(db)
    const ticks = await readTicks(db)
    // All is read before anything changes, and nothing waits from here on: no answer shows half of it.
    for (const metric of [
      articles,
      failures,
      collectedAt,
      deliveries,
      editions,
      subscriptions,
      ranAt,
      duration,
      jobFailures,
    ])
      metric.reset()
    for (const { source, count } of figures.articles) articles.inc({ source }, count)
    for (const { id, failures: inARow, succeededAt } of sources) {
      failures.set({ source: id }, inARow)
      if (succeededAt) collectedAt.set({ source: id }, seconds(succeededAt))
    }
    for (const { state, count } of figures.deliveries) deliveries.set({ state }, count)
    due.set(figures.due.count)
    oldestDue.set(figures.due.oldest ? Math.max(0, seconds(at) - seconds(figures.due.oldest)) : 0)
    for (const { state, count } of figures.editions) editions.set({ state }, count)
    for (const { newsletter, state, count } of figures.subscriptions) subscriptions.set({ newsletter, state }, count)
    for (const [what, count] of Object.entries(figures.hub)) hub.set({ what: snake(what) }, count)
    alerts.set(figures.alerts)
    for (const { name: job, startedAt, finishedAt, failed } of ticks.values()) {
      jobFailures.set({ job }, failed)
      // What was wanted and never begun has no beginning.
      if (startedAt.getTime() > 0) ranAt.set({ job }, seconds(startedAt))
      if (finishedAt && finishedAt >= startedAt)
        duration.set({ job }, (finishedAt.getTime() - startedAt.getTime()) / 1000)
    }
  }

  return {
    async show(c) {
      // Not before it is asked for: these watch the process for as long as it lives.
      if (isFirst) collectDefaultMetrics({ register })
      isFirst = false
      c.header('Cache-Control', 'no-store')
      try {
        const started = performance.now()
        if (started >= again) {
          await read()
          const ended = performance.now()
          again = ended + rest * (ended - started)
        }
      } catch (thrown) {
        const failure =
          thrown instanceof Failure ? thrown : new Failure('database.unusable', { reason: describe(thrown) }, thrown)
        log.error({ failure, err: thrown }, failure.message)
        return c.text('The database does not answer.\n', 503)
      }
      for (const [status, count] of tallied) requests.inc({ status: String(status) }, count)
      tallied.clear()
      return c.body(await register.metrics(), 200, { 'Content-Type': register.contentType })
    },
    tally: (status) => void tallied.set(status, (tallied.get(status) ?? 0) + 1),
    async count(c, next) {
      await next()
      requests.inc({ status: String(c.res.status) })
    },
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function seconds(moment: Date): number {
  return moment.getTime() / 1000
}
