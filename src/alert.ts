/** VERB: what went wrong in a run, and what is wrong in the store, becomes what the operator is told. */
import { join } from 'node:path'
import { againMs, note, occasionOf, type Problem } from './alerts/dedupe.ts'
import { beat } from './alerts/heartbeat.ts'
import { layMarker, readMarker, setMarker } from './alerts/marker.ts'
import { type AlertOptions } from './alerts/options.ts'
import { isGood, looker, problemsOf, splitOrigin, type Doing } from './alerts/problems.ts'
import { summarize, type News, type Summary } from './alerts/summary.ts'
import { postWebhook } from './alerts/webhook.ts'
import { describe, Failure } from './failures.ts'
import { hideAddresses, type Log } from './log.ts'
import { buildNotice } from './mail/notice.ts'
import { type Transport } from './contracts.ts'
import { type Alert, type Site } from './model.ts'
import { alertsTold, keepAlerts, listAlerts, waitingEditions } from './store/alerts.ts'
import { transact, type Database } from './store/database.ts'
import { dropLease, takeLease } from './store/leases.ts'
import { listSources, type SourceState } from './store/sources.ts'
import { readTicks } from './store/ticks.ts'

export { type Doing } from './alerts/problems.ts'

/** What telling is given; the app is one. */
export interface AlertNeeds {
  config: {
    root: string
    site: Site
    alerts: AlertOptions
    sources: { id: string }[]
    feeds: { id: string }[]
    newsletters: { id: string; from: string }[]
  }
  db: Database
  /** None while not even the database could be opened: then there is no mail. */
  transport?: Transport
  now: () => Date
  log: Log
  /** Names this process. */
  worker: string
  /** Between two attempts at a webhook; for tests. */
  wait?: (ms: number) => Promise<void>
}

export interface TellOptions {
  /** Aborted: nothing is waited for any more; what was not told is told next time. */
  stop?: AbortSignal | undefined
}

/** A source is told of once so many collections in a row have failed, or once it has not been read for a day. */
const failuresInARow = 3
const dayMs = 24 * 3_600_000

/** Longer than telling takes: whoever died over it keeps nobody from telling for more than this. */
const tellingMs = 2 * 60_000

/**
 * After a run: tells the operator, by mail and webhook, of what is new, what still is after a day and what is over, all of it
 * at once; then, after a good run, gives the sign of life. Never throws: what could not be told is in the log, and is
 * told next time.
 */
export async function tell(needs: AlertNeeds, doings: Doing[], options: TellOptions = {}): Promise<void> {
  let isWell = false
  try {
    const sources = await tellFromStore(needs, doings, options)
    isWell = isGood(doings) && !hasFailed(sources, doings) && !(await hasBroken(needs))
  } catch (thrown) {
    await tellWithoutStore(needs, doings, thrown, options)
  }
  if (isWell) await giveSign(needs, options)
}

/** After a run that broke off as a whole. Never throws. */
export async function tellBrokenRun(needs: AlertNeeds, thrown: unknown, options: TellOptions = {}): Promise<void> {
  const failure = thrown instanceof Failure ? thrown : new Failure('job.failed', { reason: describe(thrown) }, thrown)
  await tell(needs, [{ verb: 'run', faults: [failure.toJSON()], held: [] }], options)
}

/**
 * Tells of a failure when the store, which would remember that it was told, cannot be used: once a day, by the time of a
 * marker file. Never throws.
 */
export async function tellWithoutStore(
  needs: Omit<AlertNeeds, 'db'>,
  doings: Doing[],
  thrown: unknown,
  options: TellOptions = {},
): Promise<void> {
  const { log, now } = needs
  const failure =
    thrown instanceof Failure ? thrown : new Failure('database.unusable', { reason: describe(thrown) }, thrown)
  log.error({ failure, err: thrown }, failure.message)
  const problems: Problem[] = [{ key: 'database', failure: failure.toJSON() }, ...problemsOf(doings)]
  const marker = markerOf(needs)
  const at = now()
  const last = await readMarker(marker)
  if (last !== undefined && at.getTime() - last.getTime() < againMs) return
  const news = problems.map((problem): News => ({ alert: { ...problem, raisedAt: at }, occasion: 'new' }))
  if (!(await send(needs, news, options))) return
  await layMarker(marker)
    .then(() => setMarker(marker, at))
    .catch((error: unknown) => log.warn({ err: error }, 'that the operator was told could not be noted anywhere'))
}

async function tellFromStore(needs: AlertNeeds, doings: Doing[], options: TellOptions): Promise<SourceState[]> {
  const { db, now } = needs
  const lease = { name: 'alerts', holder: `${needs.worker}/alerts` }
  const sources = await look(needs, doings)
  await tellOfReturn(needs, options)
  const pending = async (at: Date) => newsOf(await listAlerts(db), at)
  if ((await pending(now())).length === 0 || !(await takeLease(db, lease, now(), tellingMs))) return sources
  try {
    // Once more after each success: another run may have noted something meanwhile, and left it to this one.
    for (;;) {
      const at = now()
      const news = await pending(at)
      if (news.length === 0 || !(await send(needs, news, options))) return sources
      const keys = news.map(({ alert }) => alert.key)
      await alertsTold(db, keys, at)
    }
  } finally {
    await dropLease(db, lease)
  }
}

/** Compares what is wrong now with what is remembered, and remembers that. */
async function look(needs: AlertNeeds, doings: Doing[]): Promise<SourceState[]> {
  const { db, config, now } = needs
  const ids = (list: { id: string }[]) => new Set(list.map(({ id }) => id))
  const known: Partial<Record<string, Set<string>>> = {
    source: ids(config.sources),
    collect: ids(config.sources),
    publish: ids(config.feeds),
    compose: ids(config.newsletters),
  }
  const wasTried = looker(doings)
  return transact(db, async (trx) => {
    const sources = (await listSources(trx)).filter(({ id }) => known['source']?.has(id))
    const waiting = await waitingEditions(trx)
    const problems = [
      ...sources.filter((source) => isFailing(source, now())).map(failingSource),
      ...sources.flatMap(noticed),
      ...waiting.map(({ id, newsletterId, number, heldFor }) => ({
        key: `edition:${id}`,
        failure: { ...heldFor, details: { newsletter: newsletterId, number, ...heldFor.details } },
      })),
      // A server that rests is not met by the runs meanwhile, and is no better for it.
      ...problemsOf([{ verb: 'deliver', faults: needs.transport?.standing?.() ?? [], held: [] }]),
      // What compose says of an edition that waits in the store is known from there.
      ...problemsOf(doings).filter(
        ({ key, failure }) =>
          !waiting.some(
            ({ newsletterId, heldFor }) => heldFor.code === failure.code && key.startsWith(`compose:${newsletterId} `),
          ),
      ),
    ]
    const { keep, forget } = note(await listAlerts(trx), problems, now(), {
      lookedAt: (key) => ['source', 'edition'].includes(splitOrigin(key)[0]) || wasTried(key),
      concerns: (key) => {
        const [verb, id] = splitOrigin(key)
        return id === undefined || (known[verb]?.has(id) ?? true)
      },
    })
    await keepAlerts(trx, keep, forget)
    return sources
  })
}

function isFailing({ failure, failures, succeededAt }: SourceState, now: Date): boolean {
  if (failure === undefined) return false
  return failures >= failuresInARow || (succeededAt !== undefined && now.getTime() - succeededAt.getTime() > dayMs)
}

function failingSource({ id, failure, failures, succeededAt }: SourceState): Problem {
  const { details, ...report } = failure ?? new Failure('source.failed').toJSON()
  const facts = { source: id, ...details, failures, lastRead: succeededAt?.toISOString() ?? 'never' }
  return { key: `source:${id}`, failure: { ...report, details: facts } }
}

/** What is odd about a source that is read all the same. */
function noticed({ id, notice }: SourceState): Problem[] {
  if (notice === undefined) return []
  const { details, ...report } = notice.failure
  return [{ key: `source:${id} ${report.code}`, failure: { ...report, details: { source: id, ...details } } }]
}

/** Whether a source could not be read in this run; or, in one that read none, whether none at all can be read. */
function hasFailed(sources: SourceState[], doings: Doing[]): boolean {
  const ids = doings.flatMap((doing) => (doing.verb === 'collect' ? (doing.ids ?? sources.map(({ id }) => id)) : []))
  const failed = sources.filter(({ failure }) => failure !== undefined)
  return failed.some(({ id }) => ids.includes(id)) || (failed.length > 0 && failed.length === sources.length)
}

/** Whether a job came to a bad end last time: runs that had nothing to do with it do not hide that. */
async function hasBroken({ db, config }: AlertNeeds): Promise<boolean> {
  const names = new Set([
    ...config.feeds.map(({ id }) => `publish:${id}`),
    ...config.newsletters.map(({ id }) => `compose:${id}`),
    'deliver',
  ])
  const ticks = [...(await readTicks(db)).values()]
  return ticks.some(({ name, failed, finishedAt }) => names.has(name) && failed > 0 && finishedAt !== undefined)
}

function newsOf(alerts: Alert[], now: Date): News[] {
  return alerts.flatMap((alert) => {
    const occasion = occasionOf(alert, now)
    return occasion === undefined ? [] : { alert, occasion }
  })
}

/** The store works, and the marker says that it did not when the operator last heard of it. */
async function tellOfReturn(needs: AlertNeeds, options: TellOptions): Promise<void> {
  const marker = markerOf(needs)
  await layMarker(marker).catch((error: unknown) => needs.log.warn({ err: error }, 'no marker could be laid'))
  const last = await readMarker(marker)
  if (last === undefined) return
  const failure = new Failure('database.unusable').toJSON()
  const alert: Alert = { key: 'database', failure, raisedAt: last, clearedAt: needs.now() }
  if (await send(needs, [{ alert, occasion: 'over' }], options)) await setMarker(marker)
}

const words = { new: 'alert', still: 'alert, still so', over: 'over' }

/** Through every channel there is. True when one of them took it; without any, the log is the channel. */
async function send(needs: Omit<AlertNeeds, 'db'>, news: News[], options: TellOptions): Promise<boolean> {
  const { config, log } = needs
  const { mail, webhook } = config.alerts
  const summary = summarize(news, config.site.title, hideAddresses)
  for (const { key: alert, state, since, until, ...failure } of summary.told) {
    const level = state === 'over' ? 'info' : 'warn'
    log[level]({ alert, state, since, until, failure }, `${words[state]}: ${failure.says}`)
  }
  const sent = await Promise.all([
    ...(webhook === undefined ? [] : [postToWebhook(needs, webhook, summary, options)]),
    ...(mail === undefined ? [] : [sendByMail(needs, mail, summary)]),
  ])
  return sent.length === 0 || sent.includes(true)
}

async function postToWebhook(
  { log, wait }: Pick<AlertNeeds, 'log' | 'wait'>,
  address: string,
  { json }: Summary,
  { stop }: TellOptions,
): Promise<boolean> {
  try {
    await postWebhook(address, json, { stop, ...(wait && { wait }) })
    return true
  } catch (thrown) {
    return notTold(log, thrown)
  }
}

async function sendByMail(
  { config, transport, now, log }: Omit<AlertNeeds, 'db'>,
  to: string,
  { subject, text }: Summary,
): Promise<boolean> {
  try {
    if (transport === undefined) throw new Failure('alert.mail', { reason: 'no transport is open' })
    const from = config.newsletters[0]?.from ?? config.site.editor?.email ?? to
    const { kind, reply } = await transport.send(buildNotice({ from, to, subject, text, date: now() }))
    if (kind === 'refused' || kind === 'later') throw new Failure('alert.mail', { outcome: kind, reason: reply })
    // Most messages whose answer was lost did arrive; were this one repeated, a broken server would repeat it for ever.
    return true
  } catch (thrown) {
    return notTold(log, thrown)
  }
}

function notTold(log: Log, thrown: unknown): false {
  const message = 'the operator could not be told this way'
  log.error({ err: thrown, ...(thrown instanceof Failure && { failure: thrown }) }, message)
  return false
}

async function giveSign({ config, log }: AlertNeeds, { stop }: TellOptions): Promise<void> {
  const { heartbeat } = config.alerts
  if (heartbeat === undefined) return
  await beat(heartbeat, { stop }).catch((thrown: unknown) =>
    log.warn({ err: thrown, ...(thrown instanceof Failure && { failure: thrown }) }, 'no sign of life was given'),
  )
}

function markerOf({ config }: Pick<AlertNeeds, 'config'>): string {
  return join(config.root, 'var', 'alerted')
}
