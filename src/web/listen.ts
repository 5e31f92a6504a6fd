/** Opens the socket that pages are answered on, and closes it. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { type AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { describe, Failure } from '../failures.ts'
import { type Web } from './needs.ts'

export interface Listening {
  /** An address to open on this machine, ending in a slash. */
  url: string
  close(): Promise<void>
}

/** How long an answer that is under way may still take once we close. */
const graceMs = 1000

/** How long what goes on after an answer may take then. */
const patienceMs = 4000

/** Answers on `address`, `HOST:PORT`; port 0 takes a free one. Throws Failure `web.port`. */
export async function listen(
  web: Pick<Web, 'fetch'> & Partial<Pick<Web, 'quick'>>,
  address: string,
): Promise<Listening> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
  const port = Number(address.slice(colon + 1))
  // What goes on after an answer, such as a mail that was asked for (web/forms.ts).
  const running = new Set<Promise<unknown>>()
  const context = {
    waitUntil(work: Promise<unknown>) {
      running.add(work)
      const end = () => running.delete(work)
      work.then(end, end)
    },
    passThroughOnException: () => undefined,
    props: {},
  }
  const server = createAdaptorServer({
    fetch: (request, env) => web.fetch(request, env, context),
    serverOptions: { requestTimeout: 30_000 },
    createServer: ((options: ServerOptions, route: RequestListener) =>
      createServer(options, (request, response) => {
        if (web.quick?.(request, response) !== true) route(request, response)
      })) as typeof createServer,
  }) as Server
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (thrown) {
    throw new Failure('web.port', { address, reason: describe(thrown) }, thrown)
  }
  const bound = server.address() as AddressInfo
  return {
    url: `http://${openable(bound)}:${bound.port}/`,
    async close() {
      await close(server)
      await waitFor(running)
    },
  }
}

/** A server that listens on every interface is opened by the loopback one. */
function openable({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return family === 'IPv6' ? `[${address}]` : address
}

/** What cannot be finished in time is due again: the store knows of it. */
async function waitFor(running: Set<Promise<unknown>>): Promise<void> {
  let patience: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => (patience = setTimeout(resolve, patienceMs)))
  await Promise.race([Promise.allSettled(running), over])
  clearTimeout(patience)
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  // Connections that have had their answers are closed already; browsers also open some that never ask anything.
  const patience = setTimeout(() => {
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(patience)
}
