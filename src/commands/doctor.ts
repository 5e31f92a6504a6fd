/** `doctor`: looks at the world that an installation lives in, and says what is wrong with it and what to do. */
import { dirname } from 'node:path'
import { type Command } from 'commander'
import { isOwnHub } from '../addresses.ts'
import { mailNameOf, templatesOf } from '../app.ts'
import { probeBrowser } from '../browser/render.ts'
import { type Result, type Run } from '../cli.ts'
import { ConfigFailure, type Config } from '../config.ts'
import { lowDisks } from '../disk/space.ts'
import { describe, Failure, type FailureReport } from '../failures.ts'
import { type Log } from '../log.ts'
import { openServers, type MailNeeds } from '../mail/index.ts'
import { type Article, type SafeHtml } from '../model.ts'
import { checkSlice } from '../newsletters/lint.ts'
import { renderSlice } from '../newsletters/render.ts'
import { inspectDatabase, inspectPings, inspectSources } from '../store/inspect.ts'
import { columns, count, showFailure } from '../terminal.ts'

/** One thing that was looked at. */
export interface Finding {
  check: string
  state: 'ok' | 'warn' | 'fail'
  says: string
  /** What a person can do about it. */
  next?: string
}

export interface DoctorNeeds extends Pick<MailNeeds, 'timeouts' | 'ca'> {
  log: Log
  now: () => Date
  /** Asks an address; throws where nothing answers. */
  ask: (url: string) => Promise<Answer>
}

/** What answered at the address of the installation. */
export interface Answer {
  status: number
  body: string
  /** By the clock of whoever answered. */
  date?: Date | undefined
}

/** A signature or a token that is good for minutes is refused by a clock that is further off; a few seconds are the net's. */
const clockWarnsMs = 30_000
const clockFailsMs = 5 * 60_000

const answerMs = 15_000

export function register(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('look at config, database, disk, mail servers, public address, clock and templates')
    .action(
      run(async (call) => {
        try {
          const config = await call.config()
          return resultOf(await examine(config, { log: call.log, now: () => new Date(), ask: askWeb }))
        } catch (thrown) {
          if (!(thrown instanceof Failure)) throw thrown
          // Nothing else can be looked at without it.
          const says =
            thrown instanceof ConfigFailure ? showFailure(thrown).split('\n').slice(0, -1).join('\n') : thrown.message
          return resultOf([{ check: 'config', state: 'fail', says, next: thrown.next }])
        }
      }),
    )
}

/** Everything, one after the other; nothing is changed and no mail sent. */
export async function examine(config: Config, needs: DoctorNeeds): Promise<Finding[]> {
  const { sources, feeds, newsletters } = config
  const parts = [count(sources.length, 'source'), count(feeds.length, 'feed'), count(newsletters.length, 'newsletter')]
  return [
    { check: 'config', state: 'ok', says: parts.join(', ') },
    await examineDatabase(config),
    ...(await examineSources(config)),
    ...(await examineHub(config)),
    ...(await examineDisks(config)),
    ...(await examineBrowser(config)),
    ...(await examineMail(config, needs)),
    ...(await examineAddress(config, needs)),
    ...(await examineTemplates(config, needs)),
  ]
}

async function examineDatabase({ databasePath }: Config): Promise<Finding> {
  const check = 'database'
  try {
    const found = await inspectDatabase(databasePath)
    if (found === undefined) {
      return { check, state: 'warn', says: `${databasePath} is not there yet`, next: 'broadsheet run makes it' }
    }
    const { pending } = found
    if (pending.length === 0) return { check, state: 'ok', says: 'sound, and its tables are up to date' }
    const says = `sound, but its tables are older than this version: ${pending.join(', ')}`
    return { check, state: 'warn', says, next: 'broadsheet migrate backs it up and brings it up to date' }
  } catch (thrown) {
    return failed(check, thrown)
  }
}

/** What the last collections of the sources came to; nothing is read from the web. */
async function examineSources({ databasePath, sources }: Config): Promise<Finding[]> {
  try {
    if ((await inspectDatabase(databasePath)) === undefined) return []
  } catch {
    // Said already, of the database.
    return []
  }
  const states = inspectSources(databasePath).filter(({ id }) => sources.some((source) => source.id === id))
  const findings = states.flatMap(({ id, failure, notice }): Finding[] => {
    const check = `source ${id}`
    if (failure !== undefined) return [{ check, state: 'fail', says: failureLine(failure), next: failure.next }]
    if (notice === undefined) return []
    return [{ check, state: 'warn', says: failureLine(notice.failure), next: notice.failure.next }]
  })
  if (findings.length > 0 || states.length === 0) return findings
  return [{ check: 'sources', state: 'ok', says: `${count(states.length, 'source')} collected without a failure` }]
}

/** Whether the hub takes what it is told; it is told nothing here. */
async function examineHub({ databasePath, addresses }: Config): Promise<Finding[]> {
  const { hub } = addresses
  if (hub === undefined) return []
  const check = 'hub'
  if (isOwnHub(addresses)) return [{ check, state: 'ok', says: `our own, at ${hub}` }]
  try {
    if ((await inspectDatabase(databasePath)) === undefined) return []
    const failing = await inspectPings(databasePath, 1)
    if (failing === undefined) return [{ check, state: 'ok', says: `${new URL(hub).host} was told of all changes` }]
    const { failure, count: files, since } = failing
    const says = `${failureLine(failure)}; ${count(files, 'file')} since ${since.toISOString()}`
    return [{ check, state: 'fail', says, next: failure.next }]
  } catch (thrown) {
    return [failed(check, thrown)]
  }
}

function failureLine({ says, details }: FailureReport): string {
  return [says, ...Object.entries(details).map(([name, value]) => `${name}: ${String(value)}`)].join('; ')
}

async function examineDisks({ databasePath, publishDirectory, mailDirectory }: Config): Promise<Finding[]> {
  const low = await lowDisks([dirname(databasePath), publishDirectory, mailDirectory])
  if (low.length === 0) return [{ check: 'disk', state: 'ok', says: 'there is room' }]
  return low.map((failure) => ({ ...failed('disk', failure), state: failure.code === 'disk.low' ? 'warn' : 'fail' }))
}

/** Only where a source needs one. */
async function examineBrowser({ sources, fetch }: Config): Promise<Finding[]> {
  const needing = sources.filter(({ kind }) => kind === 'browser')
  if (needing.length === 0) return []
  const check = 'browser'
  try {
    return [
      {
        check,
        state: 'ok',
        says: `Chromium ${await probeBrowser(fetch.browser)}, for ${count(needing.length, 'source')}`,
      },
    ]
  } catch (thrown) {
    return [failed(check, thrown)]
  }
}

/** Each server alone, up to the login and no further. */
async function examineMail(config: Config, { log, timeouts, ca }: DoctorNeeds): Promise<Finding[]> {
  const needs = { directory: config.mailDirectory, name: mailNameOf(config), log, timeouts, ca }
  const servers = openServers(config.mail, needs)
  if (servers.length === 0) {
    const says = 'no mail server: mails go to the built-in mailbox, and to no reader'
    const isAsked = config.newsletters.length > 0
    return [
      {
        check: 'mail',
        state: isAsked ? 'warn' : 'ok',
        says,
        ...(isAsked && { next: 'name a server under mail.transports' }),
      },
    ]
  }
  return Promise.all(
    servers.map(async (smtp): Promise<Finding> => {
      const check = `mail ${smtp.id}`
      try {
        const { server, encrypted, loggedIn, isNear } = await smtp.probe()
        const says = `${server} answers, ${encrypted ? 'encrypted' : 'not encrypted'}, ${loggedIn ? 'logged in' : 'without a login'}`
        if (encrypted || isNear) return { check, state: 'ok', says }
        return { check, state: 'warn', says, next: 'whoever is between can read the mails; ask the provider for TLS' }
      } catch (thrown) {
        return failed(check, thrown)
      }
    }),
  )
}

/** Whether the links in mails lead anywhere, and what time it is there. */
async function examineAddress(config: Config, { ask, now }: DoctorNeeds): Promise<Finding[]> {
  const { server, newsletters, addresses } = config
  const skipped: Finding = { check: 'clock', state: 'ok', says: 'not compared: nothing out there told the time' }
  if (server.url === undefined) {
    return [{ check: 'address', state: 'ok', says: 'no server.url is set, and no newsletter needs one' }, skipped]
  }
  const check = 'address'
  const url = new URL('healthz', addresses.server).href
  const next = 'start broadsheet serve there, and let the address in server.url lead to it: links in mails need it'
  let answer: Answer
  try {
    answer = await ask(url)
  } catch (thrown) {
    const reason = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : describe(thrown)
    const state = newsletters.length > 0 ? 'fail' : 'warn'
    return [{ check, state, says: `${url} does not answer: ${reason}`, next }, skipped]
  }
  const clock = answer.date === undefined ? skipped : compareClocks(answer.date, now())
  return [
    isOurs(answer)
      ? { check, state: 'ok', says: `${server.url} leads to a Broadsheet` }
      : {
          check,
          state: newsletters.length > 0 ? 'fail' : 'warn',
          says: `something else answers at ${url}, with ${answer.status}`,
          next,
        },
    clock,
  ]
}

/** What /healthz says, in good health and bad. */
function isOurs({ body }: Answer): boolean {
  try {
    const said = JSON.parse(body) as unknown
    return typeof said === 'object' && said !== null && 'status' in said && 'database' in said
  } catch {
    return false
  }
}

/** A Date header has whole seconds, and was written a moment ago. */
function compareClocks(theirs: Date, ours: Date): Finding {
  const check = 'clock'
  const off = Math.round((ours.getTime() - theirs.getTime()) / 1000)
  const away = Math.abs(off) * 1000
  if (away <= clockWarnsMs) return { check, state: 'ok', says: 'agrees with the one at server.url' }
  const says = `it is ${Math.abs(off)} seconds ${off > 0 ? 'ahead of' : 'behind'} the one at server.url`
  const next = 'set the clock of this machine by the net (systemd-timesyncd, chrony)'
  return { check, state: away > clockFailsMs ? 'fail' : 'warn', says, next }
}

/** Renders each look once with an article of its own, and holds it to the rules for mails. */
async function examineTemplates(config: Config, { now }: DoctorNeeds): Promise<Finding[]> {
  const { site, addresses, newsletters, feeds, root } = config
  const templates = templatesOf(root)
  const findings: Finding[] = []
  for (const newsletter of newsletters) {
    const check = `template ${newsletter.template}`
    if (findings.some((finding) => finding.check === check && finding.state === 'ok')) continue
    try {
      const article = sampleArticle(site.url, now())
      const input = { newsletter, site, addresses, feeds, number: 1, articles: [article], headlines: [], now: now() }
      const rendered = await renderSlice(input, templates)
      const [failure] = checkSlice(rendered, site.address)
      if (failure !== undefined) throw failure
      findings.push({ check, state: 'ok', says: 'can be rendered, and keeps the rules for mails' })
    } catch (thrown) {
      findings.push(failed(check, thrown))
    }
  }
  return findings
}

function sampleArticle(url: string, now: Date): Article {
  const text = 'This is what an article looks like.'
  return {
    id: 'doctor',
    sourceId: 'doctor',
    url,
    title: 'An article',
    authors: ['An Author'],
    html: `<p>${text}</p>` as SafeHtml,
    text,
    excerpt: text,
    topics: [],
    images: [],
    enclosures: [],
    hash: 'doctor',
    firstSeenAt: now,
  }
}

function failed(check: string, thrown: unknown): Finding {
  if (!(thrown instanceof Failure)) return { check, state: 'fail', says: describe(thrown) }
  return { check, state: 'fail', says: thrown.message, next: thrown.next }
}

async function askWeb(url: string): Promise<Answer> {
  // Past the fetcher on purpose: this is the operator's own address, which may well be in a private network.
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(answerMs) })
  const date = new Date(response.headers.get('date') ?? '')
  const body = await response.text()
  return { status: response.status, body, ...(!Number.isNaN(date.getTime()) && { date }) }
}

function resultOf(findings: Finding[]): Result {
  const lines = columns(
    findings.map(({ state, check, says, next }) => [
      state,
      check,
      next === undefined ? says : `${says}\n      → ${next}`,
    ]),
  )
  const failing = findings.filter(({ state }) => state === 'fail').length
  return { json: { findings }, text: lines, exit: failing > 0 ? 1 : 0 }
}
