/** Sites for tests: real servers on loopback, a clock that waiting moves, and a fetcher that is let in to them. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { openFetcher, type Fetcher, type FetcherOptions } from '../../src/http/fetch.ts'
import { type FetchMemory, type Validators } from '../../src/contracts.ts'

export interface Site {
  port: number
  /** `http://127.0.0.1:PORT`, or under a name that the test resolves. */
  url(path: string, host?: string): string
  /** Every request so far, robots.txt among them. */
  requests: IncomingMessage[]
  /** The paths asked for, without robots.txt. */
  paths(): string[]
}

const opened: (() => Promise<void>)[] = []

/** Closes every site and fetcher of the test that just ended. */
export async function closeAll(): Promise<void> {
  for (const close of opened.splice(0)) await close()
}

/** A server of its own. A site without a robots.txt of its own answers 404 for it. */
export async function openSite(answer: RequestListener, hasRobots = false): Promise<Site> {
  const requests: IncomingMessage[] = []
  const server: Server = createServer((request, response) => {
    requests.push(request)
    if (request.url === '/robots.txt' && !hasRobots) response.writeHead(404).end()
    else answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  opened.push(
    () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: (path, host = '127.0.0.1') => `http://${host}:${port}${path}`,
    requests,
    paths: () => requests.map(({ url }) => url ?? '').filter((path) => path !== '/robots.txt'),
  }
}

export interface Clock {
  now: () => Date
  /** Moves the clock instead of waiting. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** What was waited for, in milliseconds. */
  waits: number[]
  move(ms: number): void
}

export function fakeClock(start = Date.UTC(2026, 2, 1, 12)): Clock {
  let time = start
  const waits: number[] = []
  return {
    now: () => new Date(time),
    wait: (ms) => {
      waits.push(ms)
      time += ms
      return Promise.resolve()
    },
    waits,
    move: (ms) => {
      time += ms
    },
  }
}

export function fakeMemory(): FetchMemory & { rows: Map<string, Validators> } {
  const rows = new Map<string, Validators>()
  return {
    rows,
    read: (key) => Promise.resolve(rows.get(key)),
    write: (key, validators) => {
      if (validators === undefined) rows.delete(key)
      else rows.set(key, validators)
      return Promise.resolve()
    },
  }
}

/** A fetcher without pauses that is let in to `127.0.0.1` and every name in `hosts`, all of which are this machine. */
export function openTestFetcher(
  sites: Site[],
  options: Partial<FetcherOptions> & { hosts?: string[]; clock?: Clock } = {},
): Fetcher {
  const { hosts = [], clock = fakeClock(), ...rest } = options
  const fetcher = openFetcher({
    userAgent: 'Broadsheet/0.0.0 (+https://gazette.example/)',
    allow: ['127.0.0.1', ...hosts].flatMap((host) => sites.map(({ port }) => `${host}:${port}`)),
    memory: fakeMemory(),
    gapMs: 0,
    now: clock.now,
    wait: clock.wait,
    random: () => 0,
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    ...rest,
  })
  opened.push(() => fetcher.close(0))
  return fetcher
}
