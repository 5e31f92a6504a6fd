/** `serve`: does what there is to do, then answers on the web until it is told to stop. */
import { type Command } from 'commander'
import { type App } from '../app.ts'
import { type Call, type Result, type Run } from '../cli.ts'
import { columns } from '../terminal.ts'
import { listen } from '../web/listen.ts'
import { createWeb } from '../web/server.ts'
import { runAll } from './verbs.ts'

export function register(program: Command, run: Run): void {
  program
    .command('serve')
    .description('collect, publish, compose and deliver once, then serve pages, feeds and the built-in mailbox')
    .action(run((call) => call.withApp((app) => serve(app, call))))
}

async function serve(app: App, call: Call): Promise<Result> {
  const { config } = app
  const stopped = untilStopped()
  // Before the work: a taken port is said at once, and /healthz answers while the first collection runs.
  const server = await listen(webOf(app), config.server.listen)
  try {
    call.say(`${config.site.title}\n`)
    const first = await runAll(app, call.progress.report, stopped.signal)
    call.say(`${first.text}\n`)
    if (!stopped.signal.aborted) call.say(openWhat(app, server.url))
    await stopped.promise
    call.say('\nStopping: what is in the air is finished, the rest stays due.')
    return { json: first.json, text: '', exit: 0 }
  } finally {
    await server.close()
  }
}

/** The pages of this installation. */
export function webOf({ config, ...app }: App): ReturnType<typeof createWeb> {
  const { site, addresses, feeds, newsletters, publishDirectory, mailDirectory, server } = config
  return createWeb({
    ...app,
    site,
    addresses,
    feeds,
    newsletters,
    publishDirectory,
    mailDirectory,
    ...(server.adminPassword !== undefined && { adminPassword: server.adminPassword }),
  })
}

/** The addresses to open. Those with a path of their own come first: a newcomer opens the first line. */
function openWhat({ config }: App, url: string): string {
  const places = [
    ['The paper', url],
    ...config.feeds.map(({ id, title }) => [`Feed: ${title}`, new URL(`feeds/${id}/`, url).href]),
    ['Mail', new URL('mail/', url).href],
  ]
  return `Open\n${columns(places.map(([name, address]) => [`  ${name ?? ''}`, address ?? '']))}\n\nCtrl-C ends.`
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process there and then, as people expect. */
function untilStopped(): { promise: Promise<void>; signal: AbortSignal } {
  const controller = new AbortController()
  const promise = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        controller.abort()
        resolve()
      })
    }
  })
  return { promise, signal: controller.signal }
}
