/** Sites on loopback for tests, and what reads them. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo } from 'node:net'
import { openFetcher, type Fetcher } from '../src/http/fetch.ts'
import { type Fetch, type FetchMemory, type Validators } from '../src/contracts.ts'

/** What a site answers at one path: a body, or more about it. Anything else is 404. */
export type Answer =
  | string
  | Uint8Array
  | {
      status?: number
      headers?: Record<string, string>
      body?: string | Uint8Array
      /** Closes the connection instead. */ hangUp?: true
    }

export interface Site {
  /** Ends in a slash. */
  url: string
  /** HOST:PORT, for `fetch.allow`. */
  authority: string
  /** By path with query; may be changed at any time. */
  answers: Map<string, Answer>
  /** `path` or, answered with 304, `path 304`, in order; robots.txt is not among them. */
  seen: string[]
  headers: Map<string, IncomingHttpHeaders>
  close(): Promise<void>
}

/** A site that knows ETags: of every body that is answered with 200, unless its headers name another. */
export async function openSite(answers: Record<string, Answer> = {}, { validators = true } = {}): Promise<Site> {
  const site = {
    answers: new Map(Object.entries(answers)),
    seen: [] as string[],
    headers: new Map<string, IncomingHttpHeaders>(),
  }
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const found = site.answers.get(path)
    const answer = typeof found === 'string' || found instanceof Uint8Array ? { body: found } : found
    const { status = answer === undefined ? 404 : 200, body = '', hangUp } = answer ?? {}
    if (hangUp) return void request.socket.destroy()
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
    const isSame = validators && status === 200 && request.headers['if-none-match'] === etag
    if (path !== '/robots.txt') {
      site.seen.push(isSame ? `${path} 304` : path)
      site.headers.set(path, request.headers)
    }
    const type =
      typeof body === 'string' && body.trimStart().startsWith('{') ? 'application/json' : 'text/html; charset=utf-8'
    const isXml = typeof body === 'string' && body.trimStart().startsWith('<?xml')
    response.writeHead(isSame ? 304 : status, {
      'content-type': isXml ? 'application/xml' : type,
      ...(validators && status === 200 && { etag }),
      ...answer?.headers,
    })
    response.end(isSame ? undefined : body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...site,
    url: `http://${authority}/`,
    authority,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The fetcher that Broadsheet has, which may read these sites, without its pauses and with a memory of its own. */
export function readerOf(...sites: Site[]): Fetcher {
  return readerWith(memoryOf(new Map()), ...sites)
}

export function readerWith(memory: FetchMemory, ...sites: Site[]): Fetcher {
  return openFetcher({
    userAgent: 'Broadsheet/test (+https://gazette.example/bot)',
    allow: sites.map(({ authority }) => authority),
    memory,
    gapMs: 0,
    now: () => new Date(),
    wait: async () => undefined,
    random: () => 0,
  })
}

export function memoryOf(kept: Map<string, Validators>): FetchMemory {
  return {
    read: async (key) => kept.get(key),
    write: async (key, validators) => {
      if (validators) kept.set(key, validators)
      else kept.delete(key)
    },
  }
}

export const noFetch: Fetch = (url) => Promise.reject(new Error(`nothing may be read here: ${url}`))
