import { strict as assert } from 'node:assert'
import { type LookupAddress } from 'node:dns'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { guardedConnector, type Dial, type Resolve } from '../../src/http/connect.ts'
import { readAllowed } from '../../src/http/guard.ts'
import { closeAll, openSite } from './site.ts'

const address = (text: string): LookupAddress => ({ address: text, family: text.includes(':') ? 6 : 4 })

/** Notes what a socket could look up, and gives a socket to `port` on this machine instead. */
function misdirected(port: number): { dial: Dial; offered: LookupAddress[][]; sockets: Socket[] } {
  const offered: LookupAddress[][] = []
  const sockets: Socket[] = []
  const dial: Dial = (lookup) => (target, callback) => {
    lookup(target.hostname, { all: true }, (_error, addresses) => {
      offered.push(addresses as LookupAddress[])
      const socket = connect(port, '127.0.0.1', () => callback(null, socket))
      sockets.push(socket)
    })
  }
  return { dial, offered, sockets }
}

const open = (options: Partial<Parameters<typeof guardedConnector>[0]>) =>
  promisify(guardedConnector({ allowed: readAllowed([]), timeoutMs: 1_000, ...options }))

describe('http/connect', () => {
  afterEach(closeAll)

  const target = (hostname: string, port = '80') => ({ hostname, host: `${hostname}:${port}`, protocol: 'http:', port })

  for (const found of [
    ['127.0.0.1'],
    ['10.0.0.1', '::1'],
    ['::ffff:8.8.8.8'],
    ['64:ff9b::808:808'],
    ['169.254.169.254'],
  ]) {
    it(`opens no socket for a name that leads to ${found.join(' and ')}`, async () => {
      const { dial, offered } = misdirected(1)
      const connector = open({ dial, resolve: () => Promise.resolve(found.map(address)) })
      await assert.rejects(connector(target('inside.example')), { code: 'http.private' })
      assert.deepEqual(offered, [])
    })
  }

  for (const literal of ['127.0.0.1', '::1', '10.0.0.1', '::ffff:127.0.0.1']) {
    it(`opens no socket to ${literal} itself, and asks no resolver`, async () => {
      const connector = open({ resolve: () => assert.fail('asked') })
      await assert.rejects(connector(target(literal)), { code: 'http.private' })
    })
  }

  it('connects to nothing but what was checked, whatever the name says a moment later', async () => {
    const site = await openSite((_, response) => response.end('secret'))
    let asked = 0
    const rebinding: Resolve = () => {
      asked += 1
      return Promise.resolve([address(asked === 1 ? '93.184.216.34' : '127.0.0.1')])
    }
    const { dial, offered, sockets } = misdirected(site.port)
    const connector = open({ dial, resolve: rebinding })
    // This dial goes elsewhere than it was told: where the socket ended is looked at as well.
    await assert.rejects(connector(target('rebind.example')), { code: 'http.private', message: /127\.0\.0\.1/ })
    assert.deepEqual(offered, [[address('93.184.216.34')]])
    assert.equal(asked, 1)
    assert.equal(sockets[0]?.destroyed, true)
    await assert.rejects(connector(target('rebind.example')), { code: 'http.private' })
    assert.equal(offered.length, 1)
  })

  it('leaves the private ones of several addresses away', async () => {
    const { dial, offered } = misdirected((await openSite(() => undefined)).port)
    const found = ['10.0.0.1', '93.184.216.34', 'fd00::1', '2606:4700::1111', '127.0.0.1'].map(address)
    await assert.rejects(open({ dial, resolve: () => Promise.resolve(found) })(target('both.example')))
    assert.deepEqual(offered, [[address('93.184.216.34'), address('2606:4700::1111')]])
  })

  it('connects where the config lets it, under that name and port only', async () => {
    const site = await openSite(() => undefined)
    const resolve: Resolve = () => Promise.resolve([address('127.0.0.1')])
    const connector = open({ resolve, allowed: readAllowed([`desk.example:${site.port}`]) })
    const socket = (await connector(target('desk.example', String(site.port)))) as Socket
    assert.equal(socket.remotePort, site.port)
    socket.destroy()
    await assert.rejects(connector(target('other.example', String(site.port))), { code: 'http.private' })
    await assert.rejects(connector(target('desk.example', '80')), { code: 'http.private' })
  })

  it('says that a name has no address', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND no.example'), { code: 'ENOTFOUND' })
    await assert.rejects(open({ resolve: () => Promise.reject(unknown) })(target('no.example')), {
      code: 'http.resolve',
    })
    await assert.rejects(open({ resolve: () => Promise.resolve([]) })(target('no.example')), { code: 'http.resolve' })
  })

  it('waits for no resolver longer than for a connection', async () => {
    const connector = open({ resolve: () => new Promise(() => undefined), timeoutMs: 20 })
    await assert.rejects(connector(target('slow.example')), { code: 'http.timeout' })
  })
})
