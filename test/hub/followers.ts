/** Servers on loopback that take what hubs and those who follow a feed are sent, and answer as a test wants. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'

export interface Heard {
  method: string
  /** Of the query of a GET, or of the form of a POST that is one. */
  fields: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface Follower {
  url: string
  /** HOST:PORT, to be let through. */
  host: string
  heard: Heard[]
  /** What arrived by POST. */
  news(): Heard[]
  close(): Promise<void>
}

/** Confirms every request, and takes all news; `answer` is asked first, and true when it has answered itself. */
export async function openFollower(
  answer: (heard: Heard, response: ServerResponse) => boolean = () => false,
): Promise<Follower> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces)
      const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded'
      const query = new URL(request.url ?? '', 'http://here/').searchParams
      const fields = isForm ? new URLSearchParams(body.toString()) : query
      const one = { method: request.method ?? '', fields, headers: request.headers, body }
      heard.push(one)
      if (!answer(one, response)) response.end(one.method === 'GET' ? fields.get('hub.challenge') : undefined)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/callback?id=7`,
    host,
    heard,
    news: () => heard.filter(({ method }) => method === 'POST'),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
