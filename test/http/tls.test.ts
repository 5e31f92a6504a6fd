import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { type AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { closeAll, openSite, openTestFetcher, type Site } from './site.ts'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8')
const cert = fixture('certificate.pem')

/** The name that the client asked for when it opened the connection. */
const nameOf = (socket: object): unknown => ('servername' in socket ? socket.servername : undefined)

describe('http/fetch, over TLS', () => {
  let server: Server
  let site: Site
  let connections = 0
  let asked: { path: string; name: unknown }[] = []
  let plain: Site
  const usual = getCACertificates('default')

  before(async () => {
    setDefaultCACertificates([...usual, cert])
    server = createServer({ key: fixture('key.pem'), cert }, (request, response) => {
      asked.push({ path: request.url ?? '', name: nameOf(request.socket) })
      if (request.url === '/down') response.writeHead(302, { location: plain.url('/') }).end()
      else response.end('read')
    })
    server.on('connection', () => (connections += 1))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  after(() => {
    setDefaultCACertificates(usual)
    server.close()
    server.closeAllConnections()
  })
  beforeEach(async () => {
    connections = 0
    asked = []
    plain = await openSite((_, response) => response.end('plain'))
    const { port } = server.address() as AddressInfo
    site = {
      port,
      url: (path, host = 'gazette.example') => `https://${host}:${port}${path}`,
      requests: [],
      paths: () => [],
    }
  })
  afterEach(closeAll)

  const open = () =>
    openTestFetcher([site, plain], {
      hosts: ['gazette.example', 'www.gazette.example', 'herald.example'],
      robots: false,
    })

  it('reads a site by its name, over connections that are kept', async () => {
    const { fetch } = open()
    const paths = ['/a', '/b', '/c', '/d', '/e', '/f']
    for (const path of paths) assert.equal((await fetch(site.url(path, 'www.gazette.example'))).text(), 'read')
    assert.deepEqual(
      asked,
      paths.map((path) => ({ path, name: 'www.gazette.example' })),
    )
    assert.ok(connections < paths.length, `${connections} connections`)
  })

  it('believes no certificate of another name, and does not try again', async () => {
    const reading = open().fetch(site.url('/', 'herald.example'))
    await assert.rejects(reading, { code: 'http.connect', message: /certificate/ })
    assert.deepEqual([asked, connections], [[], 1])
  })

  it('believes no certificate that nobody signed', async () => {
    setDefaultCACertificates(usual)
    try {
      await assert.rejects(open().fetch(site.url('/')), { code: 'http.connect', message: /self-signed/ })
      assert.deepEqual([asked, connections], [[], 1])
    } finally {
      setDefaultCACertificates([...usual, cert])
    }
  })

  it('follows no redirect to where there is no TLS', async () => {
    await assert.rejects(open().fetch(site.url('/down')), { code: 'http.redirect', message: /https to http/ })
    assert.equal(plain.requests.length, 0)
  })

  it('follows one from there', async () => {
    const before = await openSite((_, response) => response.writeHead(301, { location: site.url('/') }).end())
    const { fetch } = openTestFetcher([site, before], { hosts: ['gazette.example'], robots: false })
    assert.equal((await fetch(before.url('/'))).text(), 'read')
  })
})
