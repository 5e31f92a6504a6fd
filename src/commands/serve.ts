/** `serve`: does what there is to do, then works by the clock and answers on the web until it is told to stop. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Command } from 'commander'
import { type App } from '../app.ts'
import { type Call, type Result, type Run } from '../cli.ts'
import { columns } from '../terminal.ts'
import { listen, type Listening } from '../web/listen.ts'
import { conclude } from './round.ts'
import { openShifts, type Shifts } from './shifts.ts'

/** Whoever stops a service kills it after ten seconds, or longer: by then it has ended by itself. */
const drainMs = 8000
const cutOffMs = 1000

export function register(program: Command, run: Run): void {
  program
    .command('serve')
    .description('the scheduler and the web server: works by the clock, serves pages, feeds and the built-in mailbox')
    .action(run((call) => call.withApp((app) => serve(app, call), { isUnattended: true })))
}

async function serve(app: App, call: Call): Promise<Result> {
  const { config } = app
  const stopped = untilStopped()
  const shifts = openShifts(app, { readConfig: () => call.config() })
  // Before the work: a taken port is said at once, and /healthz answers while the first collection runs.
  const server = await listen(shifts, config.server.listen)
  const reload = () => void shifts.reload()
  process.on('SIGHUP', reload)
  let json: unknown
  const starting = (async () => {
    call.say(`${config.site.title}\n`)
    const first = conclude(await shifts.start(call.progress.report), app)
    json = first.json
    call.say(`${first.text}\n`)
    if (!stopped.isStopped()) call.say(openWhat(app, server.url))
  })()
  try {
    await Promise.race([Promise.all([starting, stopped.promise]), stopped.promise])
    call.say('\nStopping: what is in the air is finished, the rest stays due.')
  } finally {
    await drain(call, server, shifts)
    process.off('SIGHUP', reload)
  }
  await starting
  return { json, text: '', exit: 0 }
}

/** Ends in time, whatever hangs: a page that never comes, a mail server that says nothing. */
async function drain({ log }: Call, server: Listening, shifts: Shifts): Promise<void> {
  const drained = Promise.all([server.close(), shifts.stop()]).then(() => true)
  const patience = new AbortController()
  const late = wait(drainMs, false, { signal: patience.signal })
  try {
    if (await Promise.race([drained, late])) return
  } finally {
    patience.abort()
    late.catch(() => undefined)
  }
  log.warn('not all that was in the air came to its end; it is taken up again by the next start')
  await shifts.cutOff()
  await Promise.race([drained, wait(cutOffMs)])
  process.exit(0)
}

/** The addresses to open. Those with a path of their own come first: a newcomer opens the first line. */
function openWhat({ config, transport }: App, url: string): string {
  const places = [
    ['The paper', url],
    ...config.feeds.map(({ id, title }) => [`Feed: ${title}`, new URL(`feeds/${id}/`, url).href]),
    ...(transport.id === 'mailbox' ? [['Mail', new URL('mail/', url).href]] : []),
  ]
  return `Open\n${columns(places.map(([name, address]) => [`  ${name ?? ''}`, address ?? '']))}\n\nCtrl-C ends.`
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process there and then, as people expect. */
function untilStopped(): { promise: Promise<void>; isStopped: () => boolean } {
  let isStopped = false
  const promise = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        isStopped = true
        resolve()
      })
    }
  })
  return { promise, isStopped: () => isStopped }
}
