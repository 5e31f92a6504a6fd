import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { openQuick } from '../../src/web/quick.ts'
import { openShelf, recheckMs, type Shelf } from '../../src/web/shelf.ts'
import { addFiles, makeFolder } from '../folders.ts'
import { addFile, openPaper } from './paper.ts'

const rss = '<rss version="2.0"><channel><title>Häfen</title></channel></rss>'.repeat(20)

describe('web/quick', () => {
  let folder: string
  let shelf: Shelf
  let nowMs: number
  let close: () => Promise<unknown>
  let ask: (path: string, init?: RequestInit) => Promise<Response>
  let tallied: number[]

  beforeEach(async () => {
    folder = await makeFolder({ 'all/rss.xml': rss, 'all/index.html': 'page', 'all/notes.txt': 'secret' })
    nowMs = 0
    tallied = []
    shelf = openShelf(folder, () => nowMs)
    const quick = openQuick(shelf, (status) => tallied.push(status))
    const server = createServer((request, response) => {
      if (!quick(request, response)) response.writeHead(299).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    ask = (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init)
    close = async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  })
  afterEach(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  const isRouted = async (path: string, init?: RequestInit) => (await ask(path, init)).status === 299

  it('answers what lies on the shelf, until it is to be looked at again', async () => {
    assert(await isRouted('/feeds/all/rss.xml'))
    await shelf.take('all/rss.xml')
    const response = await ask('/feeds/all/rss.xml?from=reader')
    assert.equal(response.status, 200)
    assert.equal(await response.text(), rss)
    const etag = response.headers.get('etag') ?? ''
    assert.equal((await ask('/feeds/all/rss.xml', { headers: { 'If-None-Match': etag } })).status, 304)
    const head = await ask('/feeds/all/rss.xml', { method: 'HEAD', headers: { 'Accept-Encoding': 'identity' } })
    assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, String(Buffer.byteLength(rss)), '']) // prettier-ignore
    assert.deepEqual(tallied, [200, 304, 200])
    nowMs = recheckMs
    assert(await isRouted('/feeds/all/rss.xml'))
    await addFiles(folder, { 'all/rss.xml': 'new' })
    await shelf.take('all/rss.xml')
    assert.equal(await (await ask('/feeds/all/rss.xml')).text(), 'new')
  })

  it('leaves to the router what is no feed, no read, or not spelled plainly', async () => {
    for (const path of ['all/index.html', 'all/notes.txt', 'all/rss.xml']) await shelf.take(path)
    for (const path of ['/feeds/all/', '/feeds/all/index.html', '/feeds/all/notes.txt', '/feeds/all/%72ss.xml', '/x'])
      assert(await isRouted(path), path)
    for (const method of ['POST', 'OPTIONS', 'DELETE']) assert(await isRouted('/feeds/all/rss.xml', { method }), method)
  })

  it('answers with the very headers of the router', async () => {
    const paper = await openPaper()
    try {
      await addFile(paper, 'all/rss.xml', rss)
      const routed = await paper.ask('/feeds/all/rss.xml', { headers: { 'Accept-Encoding': 'br' } })
      const own = openShelf(paper.needs.publishDirectory)
      await own.take('all/rss.xml')
      const names: string[] = []
      const given: Record<string, string> = {}
      openQuick(own, () => undefined)(
        { method: 'GET', url: '/feeds/all/rss.xml', headers: { 'accept-encoding': 'br' } } as never,
        {
          writeHead: (_: number, headers: string[]) => names.push(...headers),
          end: () => undefined,
        } as never,
      )
      for (let at = 0; at < names.length; at += 2) given[names[at]?.toLowerCase() ?? ''] = names[at + 1] ?? ''
      for (const [name, value] of Object.entries(given)) assert.equal(routed.headers.get(name), value, name)
      // The router adds what is for pages only.
      const more = [...routed.headers.keys()].filter((name) => !(name in given))
      assert.deepEqual(more, ['cross-origin-opener-policy'])
    } finally {
      await paper.close()
    }
  })
})
