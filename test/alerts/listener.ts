/** A server on loopback that takes whatever it is sent, as a webhook or a heartbeat service would. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo } from 'node:net'

export interface Heard {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Listener {
  url: string
  heard: Heard[]
  /** The statuses of the next answers; 200 when there are none left. `0` answers nothing, ever. */
  answers: number[]
  /** The body of every answer. */
  says: string
  close(): Promise<void>
}

export async function openListener(): Promise<Listener> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      listener.heard.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      const status = listener.answers.shift() ?? 200
      if (status !== 0) response.writeHead(status, { Location: '/elsewhere' }).end(listener.says)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const listener: Listener = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`,
    heard: [],
    answers: [],
    says: 'ok',
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return listener
}
