import assert from 'node:assert/strict'
import { openSender, type Sender, type SenderOptions } from '../../src/http/send.ts'
import { closeAll, openSite } from './site.ts'

const now = new Date('2026-03-04T06:00:00Z')

describe('http/send', () => {
  let sender: Sender
  const open = (allow: string[], changes: Partial<SenderOptions> = {}) => {
    sender = openSender({ userAgent: 'Broadsheet/1', allow, timeoutMs: 300, now: () => now, ...changes })
  }
  afterEach(async () => {
    await sender.close()
    await closeAll()
  })

  it('posts what it is given, and gives the answer', async () => {
    let body = ''
    const site = await openSite((request, response) => {
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => response.writeHead(202, { 'retry-after': '60' }).end('thanks'))
    })
    open([`127.0.0.1:${site.port}`])
    const sent = await sender.send(site.url('/hub'), {
      method: 'POST',
      body: 'a=b',
      headers: { 'content-type': 'x/y' },
    })
    assert.deepEqual(sent, { status: 202, text: 'thanks', later: new Date('2026-03-04T06:01:00Z') })
    const [{ method, headers } = assert.fail()] = site.requests
    assert.deepEqual(
      [method, body, headers['content-type'], headers['user-agent']],
      ['POST', 'a=b', 'x/y', 'Broadsheet/1'],
    )
    assert.deepEqual(site.requests.length, 1, 'no robots.txt is asked for')
  })

  it('follows no redirect and gives no words of what was not taken', async () => {
    const site = await openSite((_, response) => response.writeHead(307, { location: '/there' }).end('over there'))
    open([`127.0.0.1:${site.port}`])
    assert.deepEqual(await sender.send(site.url('/'), { method: 'GET' }), { status: 307, text: '' })
    assert.deepEqual(site.paths(), ['/'])
  })

  it('goes into no private network, whatever a name leads to', async () => {
    const site = await openSite((_, response) => response.end())
    open([], { resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) })
    for (const url of [site.url('/'), site.url('/', 'inside.example'), 'http://169.254.169.254/', 'http://[::1]/'])
      await assert.rejects(sender.send(url, { method: 'GET' }), { code: 'http.private' })
    await assert.rejects(sender.send('file:///etc/passwd', { method: 'GET' }), { code: 'http.address' })
    assert.deepEqual(site.requests, [])
  })

  it('waits for nobody for long', async () => {
    const site = await openSite(() => undefined)
    open([`127.0.0.1:${site.port}`])
    await assert.rejects(sender.send(site.url('/'), { method: 'GET' }), { code: 'http.timeout' })
  })

  it('looks up two names at a time', async () => {
    let [running, most] = [0, 0]
    open([], {
      resolve: async () => {
        most = Math.max(most, (running += 1))
        await new Promise((resolve) => setTimeout(resolve, 10))
        running -= 1
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })
    const hosts = Array.from({ length: 8 }, (_, index) => `http://host${index}.example/`)
    const ended = await Promise.allSettled(hosts.map((url) => sender.send(url, { method: 'GET' })))
    assert(ended.every(({ status }) => status === 'rejected'))
    assert.equal(most, 2)
  })
})
