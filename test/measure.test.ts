import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { publicAddresses } from '../src/addresses.ts'
import { collect } from '../src/collect.ts'
import { openFetcher, type Fetcher } from '../src/http/fetch.ts'
import { openLog } from '../src/log.ts'
import { parseHere } from '../src/parse-here.ts'
import { type Enclosure } from '../src/model.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { newestArticles } from '../src/store/articles.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { withAnswers } from '../src/store/media-files.ts'
import { latestTouch } from '../src/store/touches.ts'
import { makeFolder } from './folders.ts'
import { memoryOf } from './sites.ts'

const START = Date.UTC(2026, 2, 10, 12)
const HOUR = 3_600_000

type Serve = (request: IncomingMessage, response: ServerResponse) => void

const told =
  (headers: Record<string, string | number>, status = 200): Serve =>
  (_, response) =>
    response.writeHead(status, headers).end()

/** A file that HEAD, ranges and whole requests are answered about as a good server does. */
const file =
  (length: number, type = 'audio/mpeg'): Serve =>
  ({ headers }, response) =>
    headers.range === 'bytes=0-0'
      ? response
          .writeHead(206, { 'content-type': type, 'content-range': `bytes 0-0/${length}`, 'content-length': 1 })
          .end('x')
      : response.writeHead(200, { 'content-type': type, 'content-length': length }).end()

const packed: Serve = (_, response) =>
  response
    .writeHead(200, { 'content-type': 'audio/mpeg', 'content-encoding': 'gzip' })
    .end(gzipSync(Buffer.alloc(1000)))

/** HEAD is answered so, and GET otherwise. */
const headOr =
  (head: Serve, get: Serve): Serve =>
  (request, response) =>
    (request.method === 'HEAD' ? head : get)(request, response)

describe('the hosts of files beside articles', () => {
  let root: string
  let store: Store
  let server: Server
  let base: string
  let reader: Fetcher
  let files: Record<string, Serve>
  let asked: string[]
  let feed: string
  let robots: string
  let sent: number

  beforeEach(async () => {
    root = await makeFolder()
    store = await openDatabase(':memory:')
    files = {}
    asked = []
    robots = ''
    sent = 0
    server = createServer((request, response) => {
      const path = request.url ?? ''
      if (path === '/feed.xml') return void response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed)
      if (path === '/robots.txt')
        return void response.writeHead(robots ? 200 : 404, { 'content-type': 'text/plain' }).end(robots)
      if (path === '/1') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>The page.</p>')
      asked.push(`${request.method} ${path}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`)
      const serve = files[path]
      if (serve === undefined) response.writeHead(404).end()
      else serve(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    reader = readerOf(60_000)
  })

  afterEach(async () => {
    await reader.close()
    server.closeAllConnections()
    server.close()
    await store.close()
    await rm(root, { recursive: true, force: true })
  })

  function readerOf(timeoutMs: number): Fetcher {
    return openFetcher({
      userAgent: 'Broadsheet/test (+https://gazette.example/bot)',
      allow: [new URL(base).host],
      memory: memoryOf(new Map()),
      gapMs: 0,
      timeoutMs,
      now: () => new Date(START),
      wait: async () => undefined,
      random: () => 0,
    })
  }

  /** A feed of one item whose files are these, as `path length type`. */
  function offer(...list: string[]) {
    const enclosures = list.map((one) => {
      const [path, length, type = 'audio/mpeg'] = one.split(' ')
      return `<enclosure url="${path!.startsWith('http') ? '' : base}${path}" length="${length}" type="${type}"/>`
    })
    feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>Talk</title><link>${base}/</link><item><title>One</title><link>${base}/1</link><description>Heard on the quay.</description>${enclosures.join('')}</item></channel></rss>`
  }

  async function run(hours = 0): Promise<{ faults: string[]; files: Enclosure[] }> {
    asked.length = 0
    const { faults } = await collect({
      db: store.db,
      root,
      addresses: publicAddresses('https://news.gazette.example/'),
      publishDirectory: join(root, 'feeds'),
      sources: [sourceOptions.parse({ id: 'main', kind: 'rss', url: `${base}/feed.xml`, fullText: false })],
      fetch: reader.fetch,
      parse: parseHere,
      now: () => new Date(START + hours * HOUR),
      log: openLog('silent', false),
    })
    const [article] = await withAnswers(store.db, await newestArticles(store.db, { limit: 1 }))
    return {
      faults: faults.map(({ code }) => code),
      files: article!.enclosures.map((one) => ({ ...one, url: one.url.replace(base, '') })),
    }
  }

  it('are asked once, by HEAD, and believed in place of a feed that says other numbers', async () => {
    files['/a.mp3'] = file(123_456)
    offer('/a.mp3 999')
    const known = [{ url: '/a.mp3', type: 'audio/mpeg', bytes: 123_456 }]
    assert.deepEqual(await run(), { faults: [], files: known })
    assert.deepEqual(asked, ['HEAD /a.mp3'])
    // Another word in the article is no reason to ask again; another number of its length is.
    feed = feed.replace('Heard on', 'Heard again on')
    assert.deepEqual(await run(1), { faults: [], files: known })
    assert.equal(asked.length, 0)
    offer('/a.mp3 1000')
    files['/a.mp3'] = file(5)
    assert.deepEqual((await run(2)).files, [{ url: '/a.mp3', type: 'audio/mpeg', bytes: 5 }])
    offer('/b.mp3 1000')
    files['/b.mp3'] = file(6)
    assert.deepEqual((await run(3)).files, [{ url: '/b.mp3', type: 'audio/mpeg', bytes: 6 }])
    assert.deepEqual(asked, ['HEAD /b.mp3'])
  })

  it('change what feeds show only where they say something else', async () => {
    files['/a.mp3'] = file(999)
    offer('/a.mp3 999')
    await run()
    const before = await latestTouch(store.db)
    await store.db
      .updateTable('mediaFile')
      .set({ dueAt: new Date(START).toISOString() })
      .execute()
    await run(1)
    assert.deepEqual(asked, ['HEAD /a.mp3'])
    assert.equal(await latestTouch(store.db), before)
    files['/a.mp3'] = file(998)
    await store.db
      .updateTable('mediaFile')
      .set({ dueAt: new Date(START).toISOString() })
      .execute()
    await run(2)
    assert.equal(await latestTouch(store.db), before + 1)
  })

  const answers: [what: string, serve: Serve, expected: Partial<Enclosure> | undefined, requests: string[]][] = [
    ['refuses HEAD', headOr(told({}, 405), file(77)), { bytes: 77 }, ['HEAD', 'GET']],
    ['says of HEAD that there is nothing', headOr(told({}, 404), file(77)), { bytes: 77 }, ['HEAD', 'GET']],
    ['leaves the length out of HEAD', headOr(told({ 'content-type': 'audio/mpeg' }), file(77)), { bytes: 77 }, ['HEAD', 'GET']],
    ['says that it is empty', headOr(told({ 'content-length': 0 }), file(77)), { bytes: 77 }, ['HEAD', 'GET']],
    ['forbids both', told({}, 403), { bytes: 10 }, ['HEAD', 'GET']],
    ['packs what it sends', packed, {}, ['HEAD', 'GET']],
    ['tells the type better', file(77, 'audio/mp4; x=1'), { bytes: 77, type: 'audio/mp4' }, ['HEAD']],
    ['knows the type by an old name', file(77, 'audio/mp3'), { bytes: 77 }, ['HEAD']],
    ['knows nothing of types', file(77, 'application/octet-stream'), { bytes: 77 }, ['HEAD']],
    ['shows a page in its place', file(77, 'text/html; charset=utf-8'), {}, ['HEAD', 'GET']],
    ['says a length that is none', headOr(told({}, 405), told({ 'content-range': 'bytes 0-0/*' }, 206)), {}, ['HEAD', 'GET']],
    ['has it no more', told({}, 410), undefined, ['HEAD']],
    ['never had it', told({}, 404), undefined, ['HEAD', 'GET']],
  ] // prettier-ignore
  for (const [what, serve, expected, requests] of answers) {
    it(`may be one that ${what}`, async () => {
      files['/a.mp3'] = serve
      offer('/a.mp3 10')
      const wanted = expected && { url: '/a.mp3', type: 'audio/mpeg', ...expected }
      assert.deepEqual(await run(), { faults: [], files: wanted ? [wanted] : [] })
      assert.deepEqual(asked.map((one) => one.split(' ')[0]), requests)
      if (requests.length > 1) assert.equal(asked[1], 'GET /a.mp3 bytes=0-0')
    }) // prettier-ignore
  }

  it('may send it whole to whoever asks for a byte of it, and are not listened to', async () => {
    files['/a.mp3'] = headOr(told({}, 501), (_, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': 1_000_000_000 })
      const piece = Buffer.alloc(65_536)
      const send = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
        if (!response.destroyed) response.once('drain', send)
      }
      send()
      response.on('error', () => undefined)
    })
    offer('/a.mp3 10')
    const { files: found } = await run()
    assert.equal(found[0]?.bytes, 1_000_000_000)
    assert.ok(sent < 100_000_000, `${sent} bytes were sent`)
  })

  it('are followed where they lead, and no further than is allowed', async () => {
    files['/a.mp3'] = told({ location: '/b.mp3' }, 302)
    files['/b.mp3'] = file(77)
    files['/inside.mp3'] = told({ location: 'http://127.0.0.1:1/secret.mp3' }, 302)
    files['/round.mp3'] = told({ location: '/round.mp3' }, 302)
    offer('/a.mp3 10', '/inside.mp3 11', 'http://192.168.0.1/x.mp3 12')
    assert.deepEqual((await run()).files, [
      { url: '/a.mp3', type: 'audio/mpeg', bytes: 77 },
      { url: '/inside.mp3', type: 'audio/mpeg', bytes: 11 },
      { url: 'http://192.168.0.1/x.mp3', type: 'audio/mpeg', bytes: 12 },
    ])
    offer('/round.mp3 10')
    assert.deepEqual((await run(1)).files, [{ url: '/round.mp3', type: 'audio/mpeg', bytes: 10 }])
  })

  it('are not asked where their robots.txt says so', async () => {
    robots = 'User-agent: *\nDisallow: /media/'
    files['/media/a.mp3'] = file(77)
    offer('/media/a.mp3 10')
    assert.deepEqual((await run()).files, [{ url: '/media/a.mp3', type: 'audio/mpeg', bytes: 10 }])
    assert.equal(asked.length, 0)
  })

  it('are left alone once they are too slow, and asked again later: five times, and never more', async () => {
    const patient = reader
    const hasty = readerOf(200)
    const slow: Serve = () => undefined
    Object.assign(files, { '/a.mp3': slow, '/b.mp3': slow })
    offer('/a.mp3 10', '/b.mp3 0')
    const said = [
      { url: '/a.mp3', type: 'audio/mpeg', bytes: 10 },
      { url: '/b.mp3', type: 'audio/mpeg' },
    ]
    reader = hasty
    assert.deepEqual(await run(), { faults: [], files: said })
    assert.ok(
      asked.every((one) => one.endsWith('/a.mp3')),
      asked.join(),
    )
    // The fetcher asked three times by itself; the collection after that has the other file's turn.
    await run(0.5)
    assert.ok(
      asked.every((one) => one.endsWith('/b.mp3')),
      asked.join(),
    )
    await run(0.9)
    assert.equal(asked.length, 0)
    await run(1.1)
    assert.ok(
      asked.every((one) => one.endsWith('/a.mp3')),
      asked.join(),
    )
    files['/b.mp3'] = file(77)
    reader = patient
    assert.deepEqual((await run(2)).files[1], { url: '/b.mp3', type: 'audio/mpeg', bytes: 77 })
    reader = hasty
    for (const hours of [10, 100, 1000]) await run(hours)
    await run(10_000)
    assert.equal(asked.length, 0)
    assert.deepEqual((await run(100_000)).files[0], said[0])
    reader = patient
    await hasty.close()
  }).timeout(60_000)

  it('have what they did not have yet a little later', async () => {
    offer('/a.mp3 10')
    assert.deepEqual((await run()).files, [])
    files['/a.mp3'] = file(77)
    assert.deepEqual((await run(0.5)).files, [])
    assert.deepEqual((await run(1.5)).files, [{ url: '/a.mp3', type: 'audio/mpeg', bytes: 77 }])
    assert.deepEqual((await run(50)).files, [{ url: '/a.mp3', type: 'audio/mpeg', bytes: 77 }])
    assert.equal(asked.length, 0)
  })

  it('are asked about so many files a collection, and about the others with the next', async () => {
    const paths = Array.from({ length: 30 }, (_, index) => `/${String(index).padStart(2, '0')}.mp3`)
    for (const path of paths) files[path] = file(77)
    offer(...paths.map((path) => `${path} 10`))
    await run()
    assert.equal(asked.length, 25)
    await run(1)
    assert.equal(asked.length, 5)
  })
})
