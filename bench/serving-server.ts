/** One of the servers that `bench/serving.ts` compares, in a process of its own: it tells its port and serves until it is killed. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { publicAddresses } from '../src/addresses.ts'
import { readTemplates } from '../src/disk/templates.ts'
import { openDatabase } from '../src/store/database.ts'
import { listen } from '../src/web/listen.ts'
import { createWeb } from '../src/web/server.ts'

const [kind, directory = ''] = process.argv.slice(2)

if (kind === 'bare') {
  // The least that Node can do: it looks at two headers and writes a constant Buffer.
  const file = join(directory, 'all', 'rss.xml')
  const bodies = { identity: readFileSync(file), gzip: readFileSync(`${file}.gz`), br: readFileSync(`${file}.br`) }
  const headers = { 'Content-Type': 'application/rss+xml; charset=utf-8', ETag: '"constant"' }
  const server = createServer((request, response) => {
    if (request.headers['if-none-match'] !== undefined) {
      response.writeHead(304, headers).end()
      return
    }
    const coding = (request.headers['accept-encoding'] ?? 'identity') as keyof typeof bodies
    const body = bodies[coding]
    response.writeHead(200, { ...headers, 'Content-Length': body.length, 'Content-Encoding': coding }).end(body)
  }).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
} else {
  const { db } = await openDatabase(':memory:')
  const site = { title: 'Paper', url: 'https://paper.example/', language: 'en', timezone: 'UTC', colour: '#0b4f6c' }
  const web = createWeb({
    db,
    site,
    addresses: publicAddresses('https://news.paper.example/'),
    feeds: [{ id: 'all', title: 'All', where: {}, items: 50, content: 'full' }],
    newsletters: [],
    transport: { send: () => Promise.reject(new Error('this server sends no mail')) },
    publishDirectory: directory,
    templates: readTemplates([fileURLToPath(new URL('../templates', import.meta.url))]),
    now: () => new Date(),
    log: pino({ level: 'silent' }),
  })
  // `router` leaves out the shelf's own way to the socket, to see what that brings.
  const { url } = await listen(kind === 'router' ? { fetch: web.fetch } : web, '127.0.0.1:0')
  process.send?.(Number(new URL(url).port))
}
