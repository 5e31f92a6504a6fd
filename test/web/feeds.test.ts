import assert from 'node:assert/strict'
import { mkdir, symlink, utimes } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib'
import { listen } from '../../src/web/listen.ts'
import { addFile, openPaper, type Paper } from './paper.ts'

const rss = '<rss version="2.0"><channel><title>Häfen</title></channel></rss>'
const modifiedAt = new Date('2026-03-14T06:00:00.700Z')

describe('web/feeds', () => {
  let paper: Paper
  beforeEach(async () => {
    paper = await openPaper()
    const file = await addFile(paper, 'all/rss.xml', rss)
    await utimes(file, modifiedAt, modifiedAt)
  })
  afterEach(() => paper.close())

  const feed = (headers: Record<string, string> = {}, method = 'GET') =>
    paper.ask('/feeds/all/rss.xml', { method, headers })

  it('serves each file under its own media type, with its charset', async () => {
    const types = {
      'rss.xml': 'application/rss+xml; charset=utf-8',
      'atom.xml': 'application/atom+xml; charset=utf-8',
      'feed.json': 'application/feed+json; charset=utf-8',
      'index.html': 'text/html; charset=utf-8',
    }
    for (const [file, type] of Object.entries(types)) {
      await addFile(paper, `all/${file}`, 'x')
      const response = await paper.ask(`/feeds/all/${file}`)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), type)
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.match(response.headers.get('cache-control') ?? '', /^public, max-age=\d+$/)
    }
  })

  it('gives a strong ETag of the content and the time of the file', async () => {
    const response = await feed()
    assert.match(response.headers.get('etag') ?? '', /^"[0-9a-f]{32}"$/)
    assert.equal(response.headers.get('last-modified'), 'Sat, 14 Mar 2026 06:00:00 GMT')
    assert.equal(await response.text(), rss)
  })

  it('answers 304 to a tag it gave, in a list, weakened, or to any', async () => {
    const etag = (await feed()).headers.get('etag') ?? ''
    for (const wanted of [etag, `W/${etag}`, `"other", ${etag}`, `W/"other",W/${etag}`, '*']) {
      const response = await feed({ 'If-None-Match': wanted })
      assert.equal(response.status, 304, wanted)
      assert.equal(response.headers.get('etag'), etag)
      assert.equal(await response.text(), '')
    }
    for (const wanted of ['"other"', `"x${etag.slice(1)}`, etag.slice(1, -1)])
      assert.equal((await feed({ 'If-None-Match': wanted })).status, 200, wanted)
  })

  it('answers 304 to the time it gave, unless a tag says otherwise', async () => {
    const since = 'Sat, 14 Mar 2026 06:00:00 GMT'
    assert.equal((await feed({ 'If-Modified-Since': since })).status, 304)
    assert.equal((await feed({ 'If-Modified-Since': 'Sat, 14 Mar 2026 05:59:59 GMT' })).status, 200)
    assert.equal((await feed({ 'If-Modified-Since': 'yesterday' })).status, 200)
    assert.equal((await feed({ 'If-Modified-Since': since, 'If-None-Match': '"other"' })).status, 200)
  })

  it('gives the new content as soon as the file is replaced', async () => {
    const before = await feed()
    await addFile(paper, 'all/rss.xml', rss.toUpperCase())
    const after = await feed({ 'If-None-Match': before.headers.get('etag') ?? '' })
    assert.equal(after.status, 200)
    assert.equal(await after.text(), rss.toUpperCase())
  })

  it('packs for whoever takes it, under a tag of its own that every form matches', async () => {
    const long = `${rss}${'<!-- the tide comes in, and goes out again -->'.repeat(20)}`
    await addFile(paper, 'all/rss.xml', long)
    const tags = new Set([(await feed()).headers.get('etag')])
    for (const [coding, unpack] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
      ['zstd', zstdDecompressSync],
    ] as const) {
      const packed = await feed({ 'Accept-Encoding': `x;q=1, ${coding};q=0.8` })
      assert.equal(packed.headers.get('content-encoding'), coding)
      assert.equal(packed.headers.get('vary'), 'Accept-Encoding')
      const bytes = Buffer.from(await packed.arrayBuffer())
      assert.equal(packed.headers.get('content-length'), String(bytes.length))
      assert.equal(unpack(bytes).toString(), long)
      const etag = packed.headers.get('etag') ?? ''
      tags.add(etag)
      const fresh = await feed({ 'If-None-Match': `W/${etag}`, 'Accept-Encoding': coding })
      assert.deepEqual([fresh.status, fresh.headers.get('etag')], [304, etag])
    }
    assert.equal(tags.size, 4)
    for (const refusal of ['gzip;q=0', 'identity', 'gzip; q=0.000, compress'])
      assert.equal((await feed({ 'Accept-Encoding': refusal })).headers.get('content-encoding'), null, refusal)
  })

  it('hands out the packed copy that lies beside the file, and none that is of another one', async () => {
    const packed = gzipSync(rss.repeat(9), { level: 1 })
    await addFile(paper, 'all/rss.xml', rss.repeat(9))
    await addFile(paper, 'all/rss.xml.gz', packed)
    const gzipped = async () => Buffer.from(await (await feed({ 'Accept-Encoding': 'gzip' })).arrayBuffer())
    assert.deepEqual(await gzipped(), packed)
    for (const other of [gzipSync(`${rss.repeat(8)}!`), Buffer.from('no gzip'), gzipSync(Buffer.alloc(50_000_000))]) {
      await addFile(paper, 'all/rss.xml', rss.repeat(9))
      await addFile(paper, 'all/rss.xml.gz', other)
      assert.equal(gunzipSync(await gzipped()).toString(), rss.repeat(9))
    }
  })

  it('says of a retired feed that it is gone, and gives the last JSON, which says so too', async () => {
    const retired = await openPaper({
      feeds: [{ id: 'quiz', title: 'Quiz', where: {}, items: 50, content: 'full', retired: true }],
    })
    try {
      await addFile(retired, 'quiz/rss.xml', rss)
      await addFile(retired, 'quiz/feed.json', '{"expired":true}')
      for (const file of ['', 'rss.xml', 'atom.xml', 'feed.json'])
        assert.equal((await retired.ask(`/feeds/quiz/${file}`)).status, 410, file)
      const json = await retired.ask('/feeds/quiz/feed.json')
      assert.deepEqual([json.headers.get('content-type'), await json.json()], ['application/feed+json; charset=utf-8', { expired: true }]) // prettier-ignore
      assert.match(await (await retired.ask('/feeds/quiz/')).text(), /This feed has ended/)
    } finally {
      await retired.close()
    }
  })

  it('leads to wherever a feed has moved', async () => {
    const moved = { harbour: 'all', wire: 'https://wire.example/feeds/', quiz: 'https://quiz.example/rss' }
    const elsewhere = await openPaper({ moved })
    try {
      for (const [old, address] of [
        ['/feeds/harbour', '/feeds/all/'],
        ['/feeds/harbour/archive/2.rss.xml', '/feeds/all/archive/2.rss.xml'],
        ['/feeds/wire/atom.xml', 'https://wire.example/feeds/atom.xml'],
        ['/feeds/quiz/atom.xml', 'https://quiz.example/rss'],
      ] as const) {
        const response = await elsewhere.ask(old)
        assert.deepEqual([response.status, response.headers.get('location')], [301, address])
      }
    } finally {
      await elsewhere.close()
    }
  })

  it('answers HEAD with the headers of GET', async () => {
    const head = await feed({}, 'HEAD')
    const get = await feed()
    assert.equal(head.status, 200)
    assert.equal(await head.text(), '')
    for (const name of ['etag', 'content-length', 'content-type', 'last-modified'])
      assert.equal(head.headers.get(name), get.headers.get(name), name)
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(rss)))
  })

  it('lets scripts of other sites ask with conditions', async () => {
    const response = await paper.ask('/feeds/all/rss.xml', { method: 'OPTIONS' })
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.match(response.headers.get('access-control-allow-headers') ?? '', /If-None-Match/)
  })

  it('refuses other methods, and says which it takes', async () => {
    const response = await feed({}, 'DELETE')
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS')
  })

  it('leads the old addresses of a renamed feed to the new ones, for good', async () => {
    const renamed = await openPaper({
      feeds: [{ id: 'news', was: ['all'], title: 'News', where: {}, items: 50, content: 'full' }],
    })
    try {
      for (const [old, address] of [
        ['/feeds/all', '/feeds/news/'],
        ['/feeds/all/', '/feeds/news/'],
        ['/feeds/all/rss.xml', '/feeds/news/rss.xml'],
        ['/feeds/all/feed.json', '/feeds/news/feed.json'],
      ] as const) {
        const response = await renamed.ask(old)
        assert.deepEqual([response.status, response.headers.get('location')], [301, address])
      }
      assert.equal((await renamed.ask('/feeds/all/secret.txt')).status, 404)
      assert.equal((await renamed.ask('/feeds/other/rss.xml')).status, 404)
    } finally {
      await renamed.close()
    }
  })

  it('leads /feeds/ID to its folder, and knows no other ids', async () => {
    const response = await paper.ask('/feeds/all')
    assert.equal(response.status, 301)
    assert.equal(response.headers.get('location'), '/feeds/all/')
    assert.equal((await paper.ask('/feeds/%0d%0aevil')).status, 404)
  })

  it('shows the page for people with local links only to a local request, and feeds unchanged to both', async () => {
    const page =
      '<!DOCTYPE html><html><head></head><body><a href="https://news.gazette.example/">x</a><code>https://news.gazette.example/feeds/all/rss.xml</code></body></html>'
    await addFile(paper, 'all/index.html', page)
    const link = `<feed><link href="https://news.gazette.example/"/></feed>`
    await addFile(paper, 'all/atom.xml', link)
    assert.equal(await (await paper.ask('/feeds/all/')).text(), page)
    assert.match(
      await (await paper.askHere('/feeds/all/')).text(),
      /<a href="\/">x<\/a><code>http:\/\/localhost:8080\/feeds\/all\/rss\.xml<\/code>/,
    )
    assert.equal(await (await paper.askHere('/feeds/all/atom.xml')).text(), link)
    assert.match(
      (await paper.askHere('/feeds/all/')).headers.get('content-security-policy') ?? '',
      /default-src 'none'/,
    )
  })

  it('serves media under names made from their content, for ever', async () => {
    const name = '0123456789abcdef0123456789abcdef.png'
    await addFile(paper, `media/${name}`, Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    const response = await paper.ask(`/feeds/media/${name}`)
    assert.equal(response.headers.get('content-type'), 'image/png')
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0x89, 0x50, 0x4e, 0x47])
    const again = await paper.ask(`/feeds/media/${name}`, { headers: { 'If-None-Match': `"${name}"` } })
    assert.equal(again.status, 304)
  })

  it('serves nothing but what is published, however the way out is spelled', async () => {
    await addFile(paper, 'all/notes.txt', 'secret')
    await addFile(paper, 'all/.broadsheet-1.tmp', 'secret')
    await addFile(paper, 'old/rss.xml', 'secret')
    await addFile(paper, 'media/page.html', 'secret')
    await addFile(paper, 'media/0123456789abcdef.svg', 'secret')
    await addFile(paper, '../secret.txt', 'secret')
    await mkdir(join(paper.needs.publishDirectory, 'all', 'atom.xml'))
    await symlink('nowhere', join(paper.needs.publishDirectory, 'all', 'feed.json'))
    const server = await listen(paper.web, '127.0.0.1:0')
    try {
      for (const path of [
        '/feeds/all/notes.txt',
        '/feeds/all/.broadsheet-1.tmp',
        '/feeds/old/rss.xml',
        '/feeds/all/atom.xml',
        '/feeds/all/feed.json',
        '/feeds/media/page.html',
        '/feeds/media/0123456789abcdef.svg',
        '/feeds/media/',
        '/feeds/all/../../secret.txt',
        '/feeds/all/..%2f..%2fsecret.txt',
        '/feeds/%2e%2e/secret.txt',
        '/feeds/..%5csecret.txt',
        '/feeds/media/..%2fall%2fnotes.txt',
        '/feeds/media/..%2f..%2fsecret.txt%00.png',
        '/feeds/all/rss.xml%00.png',
        '//feeds/all/notes.txt',
        '/feeds/constructor/rss.xml',
        '/feeds/all/constructor',
      ]) {
        const { status, text } = await rawGet(server.url, path)
        assert.equal(status, 404, path)
        assert.doesNotMatch(text, /secret/, path)
      }
    } finally {
      await server.close()
    }
  })
})

/** A request whose path nobody tidies on the way. */
function rawGet(url: string, path: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    request({ hostname, port, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode, text }))
    })
      .on('error', reject)
      .end()
  })
}
