import { strict as assert } from 'node:assert'
import { type RequestListener } from 'node:http'
import { closeAll, fakeClock, fakeMemory, openSite, openTestFetcher, type Clock } from './site.ts'

/** A site with this robots.txt, and anything below `/`. */
function withRobots(robots: string | RequestListener): RequestListener {
  return (request, response) => {
    if (request.url !== '/robots.txt') response.end('read')
    else if (typeof robots === 'string') response.end(robots)
    else robots(request, response)
  }
}

async function open(robots: string | RequestListener, options: { clock?: Clock } = {}) {
  const site = await openSite(withRobots(robots), true)
  const clock = options.clock ?? fakeClock()
  const memory = fakeMemory()
  const { fetch } = openTestFetcher([site], { clock, memory })
  const robotsAsked = () => site.requests.filter(({ url }) => url === '/robots.txt').length
  return { site, fetch, clock, memory, robotsAsked }
}

describe('http/manners', () => {
  afterEach(closeAll)

  it('reads what robots.txt allows and does not ask for the rest', async () => {
    const { site, fetch } = await open('User-agent: *\nDisallow: /private')
    assert.equal((await fetch(site.url('/public'))).text(), 'read')
    await assert.rejects(fetch(site.url('/private/x')), {
      code: 'http.robots',
      details: { url: site.url('/private/x') },
    })
    assert.deepEqual(site.paths(), ['/public'])
  })

  it('asks for robots.txt once, however many ask at once', async () => {
    const { site, fetch, robotsAsked } = await open('User-agent: *\nAllow: /')
    await Promise.all(Array.from({ length: 8 }, (_, index) => fetch(site.url(`/${index}`))))
    assert.equal(robotsAsked(), 1)
    assert.equal(site.requests[0]?.headers['user-agent'], 'Broadsheet/0.0.0 (+https://gazette.example/)')
  })

  it('asks again after a day, not before, and not in another process either', async () => {
    const { site, fetch, clock, memory, robotsAsked } = await open('User-agent: *\nDisallow: /private')
    await fetch(site.url('/'))
    const second = openTestFetcher([site], { clock, memory }).fetch
    clock.move(23 * 3_600_000)
    await second(site.url('/'))
    await assert.rejects(second(site.url('/private')), { code: 'http.robots' })
    await fetch(site.url('/'))
    assert.equal(robotsAsked(), 1)
    clock.move(3_600_001)
    await fetch(site.url('/'))
    await second(site.url('/'))
    assert.equal(robotsAsked(), 2)
  })

  for (const status of [400, 401, 403, 404, 410, 451]) {
    it(`takes everything as allowed when robots.txt is answered with ${status}`, async () => {
      const { site, fetch } = await open((_, response) => response.writeHead(status).end('User-agent: *\nDisallow: /'))
      assert.equal((await fetch(site.url('/'))).text(), 'read')
    })
  }

  for (const status of [500, 502, 504]) {
    it(`takes everything as forbidden for a while when it is answered with ${status}`, async () => {
      let answer = status
      const { site, fetch, clock, robotsAsked } = await open((_, response) => response.writeHead(answer).end())
      await assert.rejects(fetch(site.url('/')), { code: 'http.robotsUnread' })
      const asked = robotsAsked()
      assert.equal(asked, 3)
      await assert.rejects(fetch(site.url('/')), { code: 'http.robotsUnread' })
      assert.equal(robotsAsked(), asked)
      answer = 200
      clock.move(5 * 60_000)
      assert.equal((await fetch(site.url('/'))).text(), 'read')
      assert.deepEqual(site.paths(), ['/'])
    })
  }

  it('goes by the old copy while there is no newer one to be had', async () => {
    let answer = 200
    const { site, fetch, clock, robotsAsked } = await open((_, response) =>
      response.writeHead(answer).end('User-agent: *\nDisallow: /private'),
    )
    await fetch(site.url('/'))
    clock.move(25 * 3_600_000)
    answer = 500
    await fetch(site.url('/'))
    assert.equal(robotsAsked(), 4)
    await assert.rejects(fetch(site.url('/private')), { code: 'http.robots' })
  })

  it('keeps Retry-After of robots.txt itself, and forbids nothing for ever by it', async () => {
    let answer = 429
    const { site, fetch, clock } = await open((_, response) =>
      response.writeHead(answer, { 'retry-after': '60' }).end('User-agent: *\nDisallow: /private'),
    )
    await assert.rejects(fetch(site.url('/')), {
      code: 'http.later',
      details: { url: site.url('/'), until: new Date(clock.now().getTime() + 60_000).toISOString() },
    })
    answer = 200
    clock.move(61_000)
    assert.equal((await fetch(site.url('/'))).text(), 'read')
  })

  it('says of a host that is down what it would say of the address', async () => {
    const { fetch } = openTestFetcher([{ ...(await openSite(() => undefined)), port: 1 }])
    await assert.rejects(fetch('http://127.0.0.1:1/x'), {
      code: 'http.connect',
      message: /; url: http:\/\/127\.0\.0\.1:1\/x;/,
    })
  })

  it('follows redirects of robots.txt, to another site too, and holds what it says there against the first', async () => {
    const other = await openSite(withRobots('User-agent: *\nDisallow: /private'), true)
    const site = await openSite(
      withRobots((_, response) => response.writeHead(301, { location: other.url('/robots.txt') }).end()),
      true,
    )
    const { fetch } = openTestFetcher([site, other])
    await assert.rejects(fetch(site.url('/private')), { code: 'http.robots' })
    assert.equal((await fetch(site.url('/'))).text(), 'read')
  })

  it('follows no redirect of robots.txt into a private network', async () => {
    const inside = await openSite(() => assert.fail('asked'), true)
    const { site, fetch } = await open((_, response) => response.writeHead(301, { location: inside.url('/') }).end())
    await assert.rejects(fetch(site.url('/')), { code: 'http.robotsUnread', message: /private network/ })
    assert.equal(inside.requests.length, 0)
  })

  it('takes a robots.txt that goes round in a circle for none', async () => {
    const { site, fetch } = await open((_, response) => response.writeHead(302, { location: '/robots.txt' }).end())
    assert.equal((await fetch(site.url('/'))).text(), 'read')
  })

  it('reads 500 KiB of it and no more', async () => {
    const filler = '# filler\n'.repeat(60_000)
    const { site, fetch } = await open(`User-agent: *\nDisallow: /early\n${filler}Disallow: /late`)
    await assert.rejects(fetch(site.url('/early')), { code: 'http.robots' })
    assert.equal((await fetch(site.url('/late'))).text(), 'read')
  })

  it('asks at every hop of a redirect', async () => {
    const other = await openSite(withRobots('User-agent: *\nDisallow: /private'), true)
    const site = await openSite((_, response) => response.writeHead(302, { location: other.url('/private') }).end())
    const { fetch } = openTestFetcher([site, other])
    await assert.rejects(fetch(site.url('/')), { code: 'http.robots', details: { url: other.url('/private') } })
    assert.deepEqual(other.paths(), [])
  })

  it('pauses as long as Crawl-delay asks, up to half a minute', async () => {
    for (const [asked, expected] of [
      ['7', 7_000],
      ['600', 30_000],
    ] as const) {
      const host = 'www.gazette.example'
      const site = await openSite(withRobots(`User-agent: *\nCrawl-delay: ${asked}`), true)
      const clock = fakeClock()
      const { fetch } = openTestFetcher([site], { hosts: [host], clock, gapMs: 1_000 })
      await fetch(site.url('/a', host))
      await fetch(site.url('/b', host))
      assert.deepEqual(clock.waits, [1_000, expected])
    }
  })

  describe('told to ignore robots.txt', () => {
    it('does not even ask for it', async () => {
      const { site, fetch, robotsAsked } = await open('User-agent: *\nDisallow: /')
      assert.equal((await fetch(site.url('/a'), { ignoreRobots: true })).text(), 'read')
      assert.equal(robotsAsked(), 0)
    })

    it('does so on this site only: a redirect to another asks there', async () => {
      const other = await openSite(withRobots('User-agent: *\nDisallow: /'), true)
      const site = await openSite((_, response) => response.writeHead(302, { location: other.url('/') }).end())
      const { fetch } = openTestFetcher([site, other])
      await assert.rejects(fetch(site.url('/'), { ignoreRobots: true }), { code: 'http.robots' })
      assert.deepEqual(
        site.requests.map(({ url }) => url),
        ['/'],
      )
    })
  })
})
