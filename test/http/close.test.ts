import { strict as assert } from 'node:assert'
import { type ServerResponse } from 'node:http'
import { closeAll, openSite, openTestFetcher } from './site.ts'

/** A site that keeps every request waiting; `next` gives the answer to the one that comes next. */
async function waitingSite() {
  const arrived: ((response: ServerResponse) => void)[] = []
  const early: ServerResponse[] = []
  const site = await openSite((_, response) => {
    const taker = arrived.shift()
    if (taker === undefined) early.push(response)
    else taker(response)
  })
  const next = () =>
    new Promise<ServerResponse>((take) => {
      const response = early.shift()
      if (response === undefined) arrived.push(take)
      else take(response)
    })
  return { site, next }
}

describe('http/fetch, closing', () => {
  afterEach(closeAll)

  it('lets what is in the air end, and what waits fail', async () => {
    const host = 'gazette.example'
    const { site, next } = await waitingSite()
    const { fetch, close } = openTestFetcher([site], { hosts: [host], robots: false })
    const inAir = fetch(site.url('/a', host))
    const queued = fetch(site.url('/b', host))
    const response = await next()
    const closed = close()
    await assert.rejects(fetch(site.url('/c')), { code: 'http.stopped' })
    response.end('read')
    assert.equal((await inAir).text(), 'read')
    await assert.rejects(queued, { code: 'http.stopped' })
    await closed
    assert.deepEqual(site.paths(), ['/a'])
  })

  it('ends what is in the air when its time is over', async () => {
    const { site, next } = await waitingSite()
    const { fetch, close } = openTestFetcher([site], { robots: false })
    const inAir = assert.rejects(fetch(site.url('/a')), { code: 'http.stopped' })
    await next()
    await close(10)
    await inAir
  })

  it('begins no second try and no next hop', async () => {
    for (const [status, location] of [
      [500, undefined],
      [302, '/b'],
    ] as const) {
      const { site, next } = await waitingSite()
      const { fetch, close } = openTestFetcher([site], { robots: false })
      const inAir = assert.rejects(fetch(site.url('/a')), { code: 'http.stopped' })
      const response = await next()
      const closed = close()
      response.writeHead(status, location === undefined ? {} : { location }).end()
      await inAir
      await closed
      assert.deepEqual(site.paths(), ['/a'])
    }
  })

  it('wakes those who wait', async () => {
    const host = 'gazette.example'
    const site = await openSite((_, response) => response.end('read'))
    const asleep = Promise.withResolvers<undefined>()
    const { fetch, close } = openTestFetcher([site], {
      hosts: [host],
      robots: false,
      gapMs: 3_600_000,
      wait: (_ms, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('woken')))
          asleep.resolve(undefined)
        }),
    })
    await fetch(site.url('/a', host))
    const waiting = assert.rejects(fetch(site.url('/b', host)), { code: 'http.stopped' })
    await asleep.promise
    await close()
    await waiting
  })
})
