import { strict as assert } from 'node:assert'
import { type RequestListener } from 'node:http'
import { closeAll, fakeClock, fakeMemory, openSite, openTestFetcher } from './site.ts'

const MODIFIED = 'Sun, 01 Mar 2026 10:00:00 GMT'

/** A site whose page has these validators, and which answers 304 to whoever has them already. */
function versioned(current: { etag?: string; modified?: string; text: string }): RequestListener {
  return (request, response) => {
    const { etag, modified } = current
    const { 'if-none-match': tag, 'if-modified-since': since } = request.headers
    const isKnown = tag === undefined ? since !== undefined && since === modified : tag === etag
    const headers = {
      ...(etag !== undefined && { etag }),
      ...(modified !== undefined && { 'last-modified': modified }),
    }
    if (isKnown) response.writeHead(304).end()
    else response.writeHead(200, headers).end(current.text)
  }
}

async function open(current: Parameters<typeof versioned>[0]) {
  const site = await openSite(versioned(current))
  const memory = fakeMemory()
  const { fetch } = openTestFetcher([site], { memory, robots: false })
  const asked = () => site.requests.map(({ headers }) => headers['if-none-match'] ?? headers['if-modified-since'])
  return { site, memory, fetch, asked, page: site.url('/page') }
}

describe('http/fetch, conditional', () => {
  afterEach(closeAll)

  for (const [what, validators, sent] of [
    ['an ETag', { etag: '"v1"' }, '"v1"'],
    ['a weak ETag', { etag: 'W/"v1"' }, 'W/"v1"'],
    ['Last-Modified', { modified: MODIFIED }, MODIFIED],
  ] as const) {
    it(`costs nothing while ${what} stays`, async () => {
      const { fetch, asked, page } = await open({ ...validators, text: 'one' })
      const first = await fetch(page, { conditional: true })
      await first.remember()
      const second = await fetch(page, { conditional: true })
      assert.deepEqual([first.status, first.text(), second.status, second.text()], ['fresh', 'one', 'unchanged', ''])
      assert.deepEqual(asked(), [undefined, sent])
    })
  }

  it('sends both where it knows both', async () => {
    const { site, fetch, page } = await open({ etag: '"v1"', modified: MODIFIED, text: 'one' })
    await (await fetch(page, { conditional: true })).remember()
    await fetch(page, { conditional: true })
    const { headers } = site.requests[1]!
    assert.deepEqual([headers['if-none-match'], headers['if-modified-since']], ['"v1"', MODIFIED])
  })

  it('reads the page again once it changed', async () => {
    const current = { etag: '"v1"', text: 'one' }
    const { fetch, page } = await open(current)
    await (await fetch(page, { conditional: true })).remember()
    Object.assign(current, { etag: '"v2"', text: 'two' })
    const second = await fetch(page, { conditional: true })
    assert.deepEqual([second.status, second.text()], ['fresh', 'two'])
    await second.remember()
    assert.equal((await fetch(page, { conditional: true })).status, 'unchanged')
  })

  it('asks anew until it is told that the answer was good', async () => {
    const { fetch, asked, memory, page } = await open({ etag: '"v1"', text: 'one' })
    await fetch(page, { conditional: true })
    assert.equal((await fetch(page, { conditional: true })).text(), 'one')
    assert.deepEqual([asked(), memory.rows.size], [[undefined, undefined], 0])
  })

  it('keeps what it knows when an unchanged answer is remembered', async () => {
    const { fetch, memory, page } = await open({ etag: '"v1"', text: 'one' })
    await (await fetch(page, { conditional: true })).remember()
    const known = memory.rows.get(page)
    await (await fetch(page, { conditional: true })).remember()
    assert.deepEqual([memory.rows.get(page), memory.rows.get(page)?.etag], [known, '"v1"'])
  })

  it('forgets an address whose answer has no validators any more', async () => {
    const current: Parameters<typeof versioned>[0] = { etag: '"v1"', text: 'one' }
    const { fetch, memory, page } = await open(current)
    await (await fetch(page, { conditional: true })).remember()
    delete current.etag
    await (await fetch(page, { conditional: true })).remember()
    assert.equal(memory.rows.size, 0)
  })

  it('asks for the whole page where nobody wants it otherwise', async () => {
    const { fetch, asked, page } = await open({ etag: '"v1"', text: 'one' })
    await (await fetch(page, { conditional: true })).remember()
    assert.equal((await fetch(page)).text(), 'one')
    assert.deepEqual(asked(), [undefined, undefined])
  })

  it('keeps the memories of two readers of one address apart', async () => {
    const { fetch, page } = await open({ etag: '"v1"', text: 'one' })
    await (await fetch(page, { conditional: true, reader: 'news' })).remember()
    assert.equal((await fetch(page, { conditional: true, reader: 'sport' })).status, 'fresh')
    assert.equal((await fetch(page, { conditional: true, reader: 'news' })).status, 'unchanged')
  })

  it('takes no 304 for an answer that it never asked for', async () => {
    const site = await openSite((_, response) => response.writeHead(304).end())
    const { fetch } = openTestFetcher([site], { robots: false })
    await assert.rejects(fetch(site.url('/'), { conditional: true }), { code: 'http.status' })
  })

  it('shows validators to the address that gave them only, wherever a redirect leads', async () => {
    const one = await openSite(versioned({ etag: '"1"', text: 'one' }))
    const two = await openSite(versioned({ etag: '"1"', text: 'two' }))
    let end = one.url('/end')
    const start = await openSite((_, response) => response.writeHead(302, { location: end }).end())
    const { fetch } = openTestFetcher([one, two, start], { robots: false })
    await (await fetch(start.url('/'), { conditional: true })).remember()
    assert.equal((await fetch(start.url('/'), { conditional: true })).status, 'unchanged')
    // The same tag at another address is another thing.
    end = two.url('/end')
    assert.equal((await fetch(start.url('/'), { conditional: true })).text(), 'two')
    assert.deepEqual(
      start.requests.map(({ headers }) => headers['if-none-match']),
      [undefined, undefined, undefined],
    )
  })

  describe('is not asked before its answer is stale', () => {
    const open = async (headers: Record<string, string>) => {
      const site = await openSite((request, response) => {
        const isSame = request.headers['if-none-match'] === '"v1"'
        response.writeHead(isSame ? 304 : 200, { etag: '"v1"', ...headers }).end(isSame ? undefined : 'one')
      })
      const [clock, memory] = [fakeClock(), fakeMemory()]
      const { fetch } = openTestFetcher([site], { memory, clock, robots: false })
      return { site, clock, read: () => fetch(site.url('/'), { conditional: true }) }
    }

    it('by max-age, counted anew from each 304', async () => {
      const { site, clock, read } = await open({ 'cache-control': 'max-age=600' })
      await (await read()).remember()
      clock.move(599_000)
      const kept = await read()
      await kept.remember()
      assert.deepEqual([kept.status, kept.text(), site.paths().length], ['unchanged', '', 1])
      clock.move(1_000)
      await (await read()).remember()
      assert.equal(site.paths().length, 2)
      clock.move(599_000)
      await read()
      assert.equal(site.paths().length, 2)
    })

    it('where nothing else than its freshness is known of it', async () => {
      const site = await openSite((_, response) => response.writeHead(200, { 'cache-control': 'max-age=60' }).end('x'))
      const clock = fakeClock()
      const { fetch } = openTestFetcher([site], { clock, robots: false })
      await (await fetch(site.url('/'), { conditional: true })).remember()
      assert.equal((await fetch(site.url('/'), { conditional: true })).status, 'unchanged')
      clock.move(60_000)
      assert.equal((await fetch(site.url('/'), { conditional: true })).status, 'fresh')
    })

    it('by what the document itself says, where that is longer; for a day at most', async () => {
      const { site, clock, read } = await open({ 'cache-control': 'max-age=60' })
      const first = await read()
      first.keepFor?.(3_600_000)
      await first.remember()
      clock.move(3_599_000)
      await read()
      assert.equal(site.paths().length, 1)
      clock.move(1_000)
      const second = await read()
      second.keepFor?.(365 * 24 * 3_600_000)
      await second.remember()
      clock.move(24 * 3_600_000)
      await read()
      assert.equal(site.paths().length, 3)
    })

    it('unless nobody said that the last answer was good', async () => {
      const { site, read } = await open({ 'cache-control': 'max-age=600' })
      await read()
      await read()
      assert.equal(site.paths().length, 2)
    })
  })
})
