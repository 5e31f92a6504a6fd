import { strict as assert } from 'node:assert'
import { type RequestListener, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { userAgentOf } from '../../src/http/fetch.ts'
import { closeAll, fakeClock, fakeMemory, openSite, openTestFetcher, type Site } from './site.ts'

/** Answers each request as the next of the list says, and the last one for ever. */
function inTurn(...answers: ((response: ServerResponse) => void)[]): RequestListener {
  let asked = 0
  return (_, response) => {
    answers[Math.min(asked, answers.length - 1)]?.(response)
    asked += 1
  }
}

const ok = (response: ServerResponse): void => void response.end('read')
const always: RequestListener = (_, response) => ok(response)
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('words of an error')

describe('http/fetch', () => {
  afterEach(closeAll)

  it('gives what there is, and says truthfully who asks', async () => {
    const site = await openSite((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=windows-1251', 'X-Twice': ['a', 'b'] })
      response.end(Buffer.from([0xcf, 0xf0]))
    })
    const fetched = await openTestFetcher([site]).fetch(site.url('/a?b#c'), { accept: 'text/html' })
    assert.deepEqual(
      {
        ...fetched,
        headers: fetched.headers['x-twice'],
        text: fetched.text(),
        remember: undefined,
        keepFor: undefined,
      },
      {
        status: 'fresh',
        url: site.url('/a?b'),
        headers: 'a, b',
        body: Buffer.from([0xcf, 0xf0]),
        text: 'Пр',
        remember: undefined,
        keepFor: undefined,
      },
    )
    const [, { headers, method } = assert.fail()] = site.requests
    assert.equal(method, 'GET')
    assert.deepEqual(
      [headers['user-agent'], headers.accept, headers['accept-encoding'], headers.host],
      [
        'Broadsheet/0.0.0 (+https://gazette.example/)',
        'text/html',
        'gzip, deflate, br, zstd',
        `127.0.0.1:${site.port}`,
      ],
    )
  })

  it('names version and contact, and lets no contact end the comment', () => {
    assert.equal(userAgentOf('0.1.0', 'https://gazette.example/bot'), 'Broadsheet/0.1.0 (+https://gazette.example/bot)')
    assert.equal(userAgentOf('0.1.0', 'bot@gazette.example'), 'Broadsheet/0.1.0 (+bot@gazette.example)')
    assert.equal(userAgentOf('1', 'https://bücher.example/é'), 'Broadsheet/1 (+https://xn--bcher-kva.example/%C3%A9)')
    assert.doesNotMatch(userAgentOf('0.1.0', 'https://x.example/a)\r\nEvil: (1'), /[\r\n]|\).+\)/)
  })

  describe('fails', () => {
    for (const [code, expected] of [
      [404, { code: 'http.missing' }],
      [410, { code: 'http.gone' }],
      [401, { code: 'http.status', message: /status: 401/ }],
      [403, { code: 'http.status' }],
      [300, { code: 'http.status' }],
      [304, { code: 'http.status' }],
      [501, { code: 'http.status', message: /status: 501/ }],
    ] as const) {
      it(`with ${expected.code} after ${code}`, async () => {
        const site = await openSite(inTurn(status(code)))
        await assert.rejects(openTestFetcher([site]).fetch(site.url('/')), expected)
      })
    }

    it('without a request where the address may not be read', async () => {
      const site = await openSite(always)
      const { fetch } = openTestFetcher([site], { allow: [] })
      await assert.rejects(fetch(site.url('/')), { code: 'http.private' })
      await assert.rejects(fetch(site.url('/', 'inside.example')), { code: 'http.private' })
      await assert.rejects(fetch(site.url('/', 'localhost')), { code: 'http.private' })
      assert.equal(site.requests.length, 0)
    })
  })

  describe('tries again', () => {
    it('after an error of the server, later each time, and then gives what came', async () => {
      const site = await openSite(inTurn(status(500), status(502), ok))
      const clock = fakeClock()
      const { fetch } = openTestFetcher([site], { clock, random: () => 0.5 })
      assert.equal((await fetch(site.url('/'))).text(), 'read')
      assert.deepEqual(clock.waits, [750, 1_500])
    })

    it('twice and not more', async () => {
      const site = await openSite(inTurn(status(500)))
      await assert.rejects(openTestFetcher([site]).fetch(site.url('/')), { code: 'http.status', message: /500/ })
      assert.equal(site.paths().length, 3)
    })

    it('after a connection that broke', async () => {
      const site = await openSite(inTurn((response) => response.socket?.destroy(), ok))
      assert.equal((await openTestFetcher([site]).fetch(site.url('/'))).text(), 'read')
    })

    it('after a body that broke off', async () => {
      const broken = (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' }).write('half')
        setImmediate(() => response.socket?.destroy())
      }
      const site = await openSite(inTurn(broken, ok))
      assert.equal((await openTestFetcher([site]).fetch(site.url('/'))).text(), 'read')
    })

    it('but not after an error of ours', async () => {
      for (const code of [400, 403, 404]) {
        const site = await openSite(inTurn(status(code)))
        await assert.rejects(openTestFetcher([site]).fetch(site.url('/')))
        assert.equal(site.paths().length, 1)
      }
    })

    it('and not where the name has no address at all', async () => {
      let asked = 0
      const resolve = () => {
        asked += 1
        return Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }))
      }
      const { fetch } = openTestFetcher([], { resolve, robots: false })
      await assert.rejects(fetch('https://no.example/'), { code: 'http.resolve', message: /no\.example/ })
      assert.equal(asked, 1)
    })

    it('but does so where the resolver only failed for now', async () => {
      let asked = 0
      const resolve = () => {
        asked += 1
        return Promise.reject(Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }))
      }
      const { fetch } = openTestFetcher([], { resolve, robots: false })
      await assert.rejects(fetch('https://slow.example/'), { code: 'http.resolve' })
      assert.equal(asked, 3)
    })
  })

  describe('leaves a site alone that asks for it', () => {
    const host = 'www.gazette.example'
    const open = async (...answers: ((response: ServerResponse) => void)[]) => {
      const site = await openSite(inTurn(...answers))
      const clock = fakeClock()
      const memory = fakeMemory()
      const options = { clock, memory, hosts: [host, 'news.gazette.example'] }
      return {
        site,
        clock,
        fetch: openTestFetcher([site], options).fetch,
        again: () => openTestFetcher([site], options).fetch,
      }
    }

    for (const code of [429, 503]) {
      it(`with ${code} and seconds: for a short while it waits`, async () => {
        const { site, clock, fetch } = await open(status(code, { 'retry-after': '8' }), ok)
        assert.equal((await fetch(site.url('/', host))).text(), 'read')
        assert.deepEqual(clock.waits, [8_000])
      })

      it(`with ${code} and a date: for a long while it fails, the whole domain and the next process too`, async () => {
        const until = new Date(fakeClock().now().getTime() + 3_600_000)
        const { site, clock, fetch, again } = await open(status(code, { 'retry-after': until.toUTCString() }), ok)
        const later = (address: string) => ({
          code: 'http.later',
          details: { url: address, until: until.toISOString() },
        })
        const [one, other] = [site.url('/', host), site.url('/x', 'news.gazette.example')]
        await assert.rejects(fetch(one), later(one))
        await assert.rejects(fetch(other, { ignoreRobots: true }), later(other))
        await assert.rejects(again()(other, { ignoreRobots: true }), later(other))
        assert.equal(site.paths().length, 1)
        clock.move(3_600_001)
        assert.equal((await again()(other)).text(), 'read')
      })
    }

    it('with 429 and no time: for a minute', async () => {
      const { site, fetch } = await open(status(429), ok)
      await assert.rejects(fetch(site.url('/', host)), { code: 'http.later', message: /12:01:00/ })
      assert.equal(site.paths().length, 1)
    })

    it('with 503 and no time: as after any error of the server', async () => {
      const { site, fetch } = await open(status(503), status(503), ok)
      assert.equal((await fetch(site.url('/', host))).text(), 'read')
    })

    it('and fails with http.later when that does not help', async () => {
      const { site, fetch } = await open(status(503))
      await assert.rejects(fetch(site.url('/', host)), { code: 'http.later' })
      assert.equal(site.paths().length, 3)
    })

    it('again and again only so often', async () => {
      const { site, fetch } = await open(status(429, { 'retry-after': '1' }))
      await assert.rejects(fetch(site.url('/', host)), { code: 'http.later' })
      assert.equal(site.paths().length, 3)
    })
  })

  describe('asks a site one thing at a time', () => {
    /** Counts the requests that are in the air at once. */
    async function busySite(): Promise<{ site: Site; most: () => number }> {
      let [now, most] = [0, 0]
      const site = await openSite((_, response) => {
        now += 1
        most = Math.max(most, now)
        // The answer waits until the others have had every chance to arrive.
        setTimeout(() => {
          now -= 1
          response.end('read')
        }, 15)
      })
      return { site, most: () => most }
    }

    it('under all names of one domain, with the pause in between', async () => {
      const { site, most } = await busySite()
      const hosts = ['gazette.example', 'www.gazette.example', 'img.news.gazette.example']
      const clock = fakeClock()
      const { fetch } = openTestFetcher([site], { hosts, clock, gapMs: 2_000, robots: false })
      await Promise.all([0, 1, 2, 3, 4, 5].map((n) => fetch(site.url(`/${n}`, hosts[n % 3]))))
      assert.equal(most(), 1)
      assert.deepEqual(clock.waits, [2_000, 2_000, 2_000, 2_000, 2_000])
    })

    it('but two domains beside each other', async () => {
      const { site, most } = await busySite()
      const hosts = ['gazette.example', 'herald.example']
      const { fetch } = openTestFetcher([site], { hosts, robots: false })
      await Promise.all([0, 1, 2, 3].map((n) => fetch(site.url(`/${n}`, hosts[n % 2]))))
      assert.equal(most(), 2)
    })

    it('and of an allowed private host each address', async () => {
      const { site, most } = await busySite()
      const { fetch } = openTestFetcher([site], { robots: false })
      await Promise.all([0, 0, 0].map(() => fetch(site.url('/same'))))
      assert.equal(most(), 1)
      await Promise.all([1, 2, 3].map((n) => fetch(site.url(`/${n}`))))
      assert.ok(most() > 1)
    })
  })

  describe('follows redirects', () => {
    const leadTo = (location: string, code = 302) => status(code, { location })

    it('and says where the body came from', async () => {
      const site = await openSite((request, response) => {
        if (request.url === '/end') ok(response)
        else leadTo(request.url === '/' ? '/next' : '/end', request.url === '/' ? 301 : 308)(response)
      })
      const fetched = await openTestFetcher([site]).fetch(site.url('/'))
      assert.deepEqual([fetched.url, fetched.text()], [site.url('/end'), 'read'])
    })

    it('five, and not six', async () => {
      const site = await openSite((request, response) => {
        const at = Number(request.url?.slice(1))
        if (at === 6) ok(response)
        else leadTo(`/${at + 1}`)(response)
      })
      const { fetch } = openTestFetcher([site])
      assert.equal((await fetch(site.url('/1'))).text(), 'read')
      await assert.rejects(fetch(site.url('/0')), { code: 'http.redirect', message: /more than 5/ })
    })

    it('in no circle', async () => {
      const site = await openSite((request, response) => leadTo(request.url === '/a' ? '/b' : '/a')(response))
      await assert.rejects(openTestFetcher([site]).fetch(site.url('/a')), {
        code: 'http.redirect',
        message: /\/a → .*\/b → .*\/a/,
      })
      assert.deepEqual(site.paths(), ['/a', '/b'])
    })

    for (const host of [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'inside.example',
      'localhost',
    ]) {
      it(`not to ${host}, which nobody allowed`, async () => {
        const inside = await openSite(always)
        const site = await openSite(leadToInside(host, inside))
        await assert.rejects(openTestFetcher([site]).fetch(site.url('/')), { code: 'http.private' })
        assert.equal(inside.requests.length, 0)
      })
    }
    const leadToInside = (host: string, inside: Site) => inTurn(leadTo(inside.url('/', host)))

    it('not to a name that has turned private since it was last asked for', async () => {
      const site = await openSite(always)
      let asked = 0
      const resolve = () => {
        asked += 1
        return Promise.resolve([{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }])
      }
      const { fetch } = openTestFetcher([site], { allow: [], resolve, robots: false })
      await assert.rejects(fetch(site.url('/', 'rebind.example')), { code: 'http.private', message: /192\.0\.2\.1/ })
      await assert.rejects(fetch(site.url('/', 'rebind.example')), { code: 'http.private', message: /127\.0\.0\.1/ })
      assert.equal(site.requests.length, 0)
    })

    it('without what was meant for the first origin, on the way back too', async () => {
      const home = await openSite((request, response) => {
        if (request.url === '/back') ok(response)
        else leadTo(request.url === '/' ? '/here' : away.url('/away'))(response)
      })
      const away = await openSite((_, response) => leadTo(home.url('/back'))(response))
      const headers = { Authorization: 'Bearer secret', cookie: 'session=secret', 'X-Key': 'secret' }
      await openTestFetcher([home, away]).fetch(home.url('/'), { headers, ignoreRobots: true })
      const seen = [...home.requests, ...away.requests].map(({ url, headers: sent }) => [
        url,
        Object.values(sent).filter((value) => String(value).includes('secret')).length,
      ])
      assert.deepEqual(seen, [
        ['/', 3],
        ['/here', 3],
        ['/back', 0],
        ['/robots.txt', 0],
        ['/away', 0],
      ])
    })
  })

  it('sends the headers of a source, but none that are ours', async () => {
    const site = await openSite(always)
    const headers = {
      'User-Agent': 'Mozilla/5.0',
      HOST: 'evil.example',
      range: 'bytes=0-1',
      'If-None-Match': '*',
      'X-Key': 'k',
    }
    await openTestFetcher([site]).fetch(site.url('/'), { headers })
    const sent = site.requests.at(-1)?.headers ?? {}
    assert.match(sent['user-agent'] ?? '', /^Broadsheet/)
    assert.deepEqual(
      [sent.host, sent.range, sent['if-none-match'], sent['x-key']],
      [`127.0.0.1:${site.port}`, undefined, undefined, 'k'],
    )
  })

  it('asks for headers alone, or for the first byte, unpacked, also where it is led elsewhere', async () => {
    const site = await openSite(({ url, method }, response) => {
      if (url === '/away') response.writeHead(302, { location: '/' }).end()
      else if (method === 'HEAD') response.writeHead(200, { 'content-length': 20_000_000 }).end()
      else response.writeHead(206, { 'content-range': 'bytes 0-0/7', 'content-length': 1 }).end('x')
    })
    const { fetch } = openTestFetcher([site])
    const head = await fetch(site.url('/away'), { only: 'head' })
    assert.deepEqual([head.headers['content-length'], head.body.length, head.url], ['20000000', 0, site.url('/')])
    const first = await fetch(site.url('/away'), { only: 'first' })
    assert.deepEqual([first.headers['content-range'], first.text()], ['bytes 0-0/7', 'x'])
    const asked = site.requests.filter(({ url }) => url !== '/robots.txt')
    assert.deepEqual(
      asked.map(({ method, headers }) => [method, headers.range, headers['accept-encoding']]),
      [
        ['HEAD', undefined, 'identity'],
        ['HEAD', undefined, 'identity'],
        ['GET', 'bytes=0-0', 'identity'],
        ['GET', 'bytes=0-0', 'identity'],
      ],
    )
  })

  it('says that a header cannot be sent', async () => {
    const site = await openSite(always)
    const reading = openTestFetcher([site]).fetch(site.url('/'), { headers: { 'x-key': 'a\r\nEvil: 1' } })
    await assert.rejects(reading, { code: 'http.address' })
    assert.deepEqual(site.paths(), [])
  })

  it('unpacks what is packed', async () => {
    const site = await openSite((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('read')),
    )
    assert.equal((await openTestFetcher([site]).fetch(site.url('/'))).text(), 'read')
  })
})
