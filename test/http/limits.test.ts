import { strict as assert } from 'node:assert'
import { type RequestListener } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type FetcherOptions } from '../../src/http/fetch.ts'
import { closeAll, openSite, openTestFetcher, type Site } from './site.ts'

const TIMES = { connectMs: 100, headersMs: 100, idleMs: 100, totalMs: 250 }

const fetchFrom = (site: Site, options: Partial<FetcherOptions> = {}) =>
  openTestFetcher([site], { robots: false, limits: TIMES, ...options }).fetch

/** A server below HTTP, for what no HTTP server would say. */
async function openRaw(say: (socket: Socket) => void): Promise<{ site: Site; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => say(socket))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const site = { port, url: (path: string) => `http://127.0.0.1:${port}${path}`, requests: [], paths: () => [] }
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done())
      for (const socket of sockets) socket.destroy()
    })
  return { site, close }
}

describe('http/exchange keeps its limits', () => {
  const closing: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
    await closeAll()
  })

  /** Says something every few milliseconds, for as long as the test runs. */
  const drip = (say: () => void): void => {
    const timer = setInterval(say, 20)
    closing.push(() => clearInterval(timer))
  }

  it('when no header ever comes', async () => {
    const site = await openSite(() => undefined)
    const reading = fetchFrom(site, { limits: { ...TIMES, totalMs: 10_000 } })(site.url('/'))
    await assert.rejects(reading, { code: 'http.timeout', message: /waitingFor: its answer$/ })
    assert.equal(site.requests.length, 3)
  })

  it('when headers come one after the other, for ever', async () => {
    const { site, close } = await openRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      drip(() => socket.write('X-Slow: 1\r\n'))
    })
    closing.push(close)
    await assert.rejects(fetchFrom(site)(site.url('/')), { code: 'http.timeout' })
  })

  it('when the body stops in the middle', async () => {
    const site = await openSite((_, response) => response.write('half'))
    const reading = fetchFrom(site, { limits: { ...TIMES, totalMs: 10_000 } })(site.url('/'))
    await assert.rejects(reading, { code: 'http.timeout', message: /waitingFor: the rest of its answer$/ })
  })

  it('when the body comes byte by byte, for ever', async () => {
    const site = await openSite((_, response) => drip(() => response.write('x')))
    const began = performance.now()
    await assert.rejects(fetchFrom(site)(site.url('/')), { code: 'http.timeout', message: /250 ms in all/ })
    assert.ok(performance.now() - began < 3 * 250 + 1_000)
  })

  it('when the body of an error comes byte by byte, for ever', async () => {
    const site = await openSite((_, response) => {
      response.writeHead(404)
      drip(() => response.write('x'))
    })
    const began = performance.now()
    await assert.rejects(fetchFrom(site)(site.url('/')))
    assert.ok(performance.now() - began < 3 * 250 + 1_000)
  })

  it('when the body never ends', async () => {
    let isOpen = true
    const site = await openSite((_, response) => {
      response.on('close', () => (isOpen = false))
      const more = (): void => {
        while (isOpen && response.write(Buffer.alloc(65_536))) continue
        if (isOpen) response.once('drain', more)
      }
      more()
    })
    const reading = fetchFrom(site, { limits: {} })(site.url('/'), { maxBytes: 1_000_000 })
    await assert.rejects(reading, { code: 'http.tooLarge', message: /127\.0\.0\.1.*over 1000000/ })
    assert.equal(site.requests.length, 1)
  })

  it('when the length that is announced is too large: it reads none of it', async () => {
    const site = await openSite((_, response) => response.writeHead(200, { 'content-length': '5000' }).write('x'))
    await assert.rejects(fetchFrom(site)(site.url('/'), { maxBytes: 4_999 }), {
      code: 'http.tooLarge',
      message: /5000/,
    })
  })

  for (const [encoding, bomb] of [
    ['gzip', gzipSync(Buffer.alloc(30_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(30_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(30_000_000)))],
  ] as const) {
    it(`when ${bomb.length} bytes of ${encoding} become thirty million`, async () => {
      const site = await openSite((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb))
      const reading = fetchFrom(site, { limits: {} })(site.url('/'), { maxBytes: 1_000_000 })
      await assert.rejects(reading, { code: 'http.tooLarge' })
    })
  }

  it('when gzip is cut off', async () => {
    const packed = gzipSync('All the news. '.repeat(100))
    const site = await openSite((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, -12)),
    )
    await assert.rejects(fetchFrom(site)(site.url('/')), { code: 'http.encoding', message: /gzip/ })
  })

  it('when it is packed in a way that nobody asked for', async () => {
    const site = await openSite((_, response) =>
      response.writeHead(200, { 'content-encoding': 'compress' }).end('text'),
    )
    await assert.rejects(fetchFrom(site)(site.url('/')), { code: 'http.encoding', message: /compress/ })
  })

  it('when headers are too large', async () => {
    const { site, close } = await openRaw((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(40_000)}\r\nContent-Length: 0\r\n\r\n`)
    })
    closing.push(close)
    await assert.rejects(fetchFrom(site)(site.url('/')), { code: 'http.tooLarge', message: /headers/ })
  })

  it('when the answer is not HTTP', async () => {
    const { site, close } = await openRaw((socket) => socket.end('220 mail.example ESMTP\r\n'))
    closing.push(close)
    await assert.rejects(fetchFrom(site)(site.url('/')), { code: 'http.connect' })
  })

  it('when nobody listens', async () => {
    const site = { ...(await openSite(() => undefined)), port: 1 }
    const reading = fetchFrom(site)('http://127.0.0.1:1/')
    await assert.rejects(reading, { code: 'http.connect', message: /ECONNREFUSED/ })
  })

  it('and goes on with the next request after each of them', async () => {
    let answer: RequestListener = () => undefined
    const site = await openSite((request, response) => answer(request, response))
    const fetch = fetchFrom(site, { limits: { ...TIMES, headersMs: 1_000, totalMs: 500 } })
    await assert.rejects(fetch(site.url('/')), { code: 'http.timeout' })
    answer = (_, response) => response.end('read')
    assert.equal((await fetch(site.url('/'))).text(), 'read')
  })
})
