import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { Failure } from '../../src/failures.ts'
import { listen } from '../../src/web/listen.ts'
import { addArticle, openPaper, type Paper } from './paper.ts'

describe('web/listen', () => {
  let paper: Paper
  beforeEach(async () => (paper = await openPaper()))
  afterEach(() => paper.close())

  it('answers on the address, and says which to open', async () => {
    await addArticle(paper, {})
    const server = await listen(paper.web, '127.0.0.1:0')
    try {
      assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
      const html = await (await fetch(server.url)).text()
      assert.match(html, /Ferry sails again/)
      assert.ok(html.includes(`<code>${server.url}feeds/all/rss.xml</code>`))
    } finally {
      await server.close()
    }
    await assert.rejects(fetch(server.url))
  })

  it('is opened by the loopback address when it listens on all', async () => {
    const server = await listen(paper.web, '0.0.0.0:0')
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
    await server.close()
  })

  it('says which address is taken', async () => {
    const server = await listen(paper.web, '127.0.0.1:0')
    const address = new URL(server.url).host
    try {
      await assert.rejects(listen(paper.web, address), (thrown) => {
        assert.ok(thrown instanceof Failure)
        assert.equal(thrown.code, 'web.port')
        assert.equal(thrown.details['address'], address)
        return true
      })
    } finally {
      await server.close()
    }
  })

  it('closes at once though a browser holds its connection open', async () => {
    const waiting = await listen(paper.web, '127.0.0.1:0')
    const socket = connect(Number(new URL(waiting.url).port), '127.0.0.1').resume()
    await once(socket, 'connect')
    const server = await listen(paper.web, '127.0.0.1:0')
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve, reject) => {
      get(server.url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject)
    })
    // The one that gives somebody a second to ask is told first, and is done last.
    const done: string[] = []
    await Promise.all([
      waiting.close().then(() => done.push('waiting')),
      server.close().then(() => done.push('server')),
    ])
    assert.deepEqual(done, ['server', 'waiting'])
    agent.destroy()
  })

  it('closes soon though somebody connected and asked nothing', async () => {
    const server = await listen(paper.web, '127.0.0.1:0')
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(socket, 'connect')
    const ended = once(socket, 'close')
    socket.resume()
    await server.close()
    await ended
  })
})
