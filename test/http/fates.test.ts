import { strict as assert } from 'node:assert'
import { type RequestListener } from 'node:http'
import { Failure } from '../../src/failures.ts'
import { closeAll, fakeClock, fakeMemory, openSite, openTestFetcher } from './site.ts'

const HOUR = 3_600_000

/** A site of answers by path, read again and again by fetchers that share one memory and one clock. */
async function open(answers: Record<string, RequestListener>) {
  const site = await openSite((request, response) => {
    const answer = answers[request.url ?? '']
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  const [memory, clock] = [fakeMemory(), fakeClock()]
  const read = async (path: string, asksAnyway = false) => {
    // Each time another process.
    const { fetch } = openTestFetcher([site], { memory, clock, robots: false })
    const from = site.paths().length
    const outcome = await fetch(site.url(path), { conditional: true, asksAnyway }).then(
      async (fetched) => {
        await fetched.remember()
        return `${fetched.status}${fetched.movedTo === undefined ? '' : ` moved ${new URL(fetched.movedTo).pathname}`}`
      },
      (thrown: unknown) => (thrown instanceof Failure ? thrown.code : assert.fail(String(thrown))),
    )
    clock.move(HOUR)
    return [outcome, ...site.paths().slice(from)]
  }
  return { site, clock, read, answers }
}

const ok: RequestListener = (_, response) => response.writeHead(200, { etag: '"1"' }).end('text')
const to = (status: number, location: string): RequestListener => {
  return (_, response) => response.writeHead(status, { location }).end()
}

describe('http/fetch, of addresses that moved or ended', () => {
  afterEach(closeAll)

  for (const status of [301, 308]) {
    it(`goes straight to where an address has moved once ${status} was said three times, and says so`, async () => {
      const { read } = await open({ '/old': to(status, '/new'), '/new': ok })
      for (let time = 0; time < 3; time += 1) assert.deepEqual(await read('/old'), ['fresh', '/old', '/new'])
      for (let time = 0; time < 3; time += 1) assert.deepEqual(await read('/old'), ['fresh moved /new', '/new'])
    })
  }

  for (const status of [302, 303, 307]) {
    it(`asks the address itself each time where ${status} says that it moved for now`, async () => {
      const { read } = await open({ '/old': to(status, '/new'), '/new': ok })
      for (let time = 0; time < 5; time += 1) assert.deepEqual(await read('/old'), ['fresh', '/old', '/new'])
    })
  }

  it('takes a lasting move that is said otherwise in between for none', async () => {
    const { read, answers } = await open({ '/old': to(301, '/new'), '/new': ok })
    await read('/old')
    await read('/old')
    answers['/old'] = to(302, '/new')
    await read('/old')
    answers['/old'] = to(301, '/new')
    for (let time = 0; time < 3; time += 1) assert.equal((await read('/old'))[1], '/old')
    assert.equal((await read('/old'))[1], '/new')
  })

  it('follows what moved and moved on, and calls only the lasting part of it the new address', async () => {
    const { read } = await open({ '/a': to(301, '/b'), '/b': to(308, '/c'), '/c': to(302, '/d'), '/d': ok })
    for (let time = 0; time < 3; time += 1) await read('/a')
    assert.deepEqual(await read('/a'), ['fresh moved /c', '/c', '/d'])
  })

  it('asks the old address again where the new one is not there', async () => {
    const { read, answers } = await open({ '/old': to(301, '/new'), '/new': ok })
    for (let time = 0; time < 4; time += 1) await read('/old')
    delete answers['/new']
    answers['/old'] = ok
    assert.deepEqual(await read('/old'), ['http.missing', '/new'])
    assert.deepEqual(await read('/old'), ['fresh', '/old'])
  })

  it('asks the old address again after a month', async () => {
    const { read, clock } = await open({ '/old': to(301, '/new'), '/new': ok })
    for (let time = 0; time < 4; time += 1) await read('/old')
    clock.move(31 * 24 * HOUR)
    assert.equal((await read('/old'))[1], '/old')
  })

  it('never asks again for what is gone, until a month has passed', async () => {
    const { read, clock, answers } = await open({ '/gone': (_, response) => response.writeHead(410).end() })
    assert.deepEqual(await read('/gone'), ['http.gone', '/gone'])
    for (let time = 0; time < 24 * 7; time += 1) assert.deepEqual(await read('/gone'), ['http.gone'])
    clock.move(31 * 24 * HOUR)
    answers['/gone'] = ok
    assert.deepEqual(await read('/gone'), ['fresh', '/gone'])
  })

  it('asks for what is gone all the same where that is the question, and believes the answer', async () => {
    const { read, answers } = await open({ '/gone': (_, response) => response.writeHead(410).end() })
    await read('/gone')
    assert.deepEqual(await read('/gone', true), ['http.gone', '/gone'])
    assert.deepEqual(await read('/gone'), ['http.gone'])
    answers['/gone'] = ok
    assert.deepEqual(await read('/gone', true), ['fresh', '/gone'])
    assert.deepEqual(await read('/gone'), ['fresh', '/gone'])
  })

  it('sees no lasting move into a private network, nor round in a circle', async () => {
    const { read } = await open({ '/old': to(301, 'http://192.168.0.1/'), '/a': to(301, '/b'), '/b': to(301, '/a') })
    for (let time = 0; time < 5; time += 1) assert.deepEqual(await read('/old'), ['http.private', '/old'])
    for (let time = 0; time < 5; time += 1) assert.equal((await read('/a'))[0], 'http.redirect')
  })
})
