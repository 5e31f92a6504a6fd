import { strict as assert } from 'node:assert'
import { laneKey, openLanes, type LaneOptions } from '../../src/http/lanes.ts'
import { fakeClock, fakeMemory } from './site.ts'

function open(options: Partial<LaneOptions> = {}) {
  const clock = fakeClock()
  const memory = fakeMemory()
  const stop = new AbortController()
  const lanes = openLanes({
    gapMs: 1_000,
    patienceMs: 10_000,
    memory,
    now: clock.now,
    wait: clock.wait,
    signal: stop.signal,
    ...options,
  })
  return { lanes, clock, memory, stop }
}

const url = (path: string, host = 'gazette.example'): URL => new URL(path, `https://${host}`)

/** Work that ends when it is told to. */
function gate(): { work: () => Promise<void>; begun: Promise<void>; end: () => void } {
  const begun = Promise.withResolvers<undefined>()
  const ended = Promise.withResolvers<undefined>()
  return {
    begun: begun.promise,
    end: () => ended.resolve(undefined),
    work: async () => {
      begun.resolve(undefined)
      await ended.promise
    },
  }
}

describe('http/lanes', () => {
  describe('has one lane', () => {
    for (const [one, other, isSame] of [
      ['https://gazette.example/', 'http://gazette.example:8080/x', true],
      ['https://www.gazette.example/', 'https://gazette.example/', true],
      ['https://a.b.gazette.co.uk/', 'https://c.gazette.co.uk/', true],
      ['https://one.co.uk/', 'https://two.co.uk/', false],
      ['https://ada.github.io/', 'https://ben.github.io/', false],
      ['https://gazette.example./', 'https://gazette.example/', true],
      ['https://bücher.example/', 'https://www.xn--bcher-kva.example/', true],
      ['https://8.8.8.8/a', 'https://8.8.8.8:444/b', true],
      ['https://co.uk/a', 'https://co.uk/b', true],
      ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/b', false],
      ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/a', true],
      ['http://[::1]/a', 'http://[::1]/b', false],
      ['http://localhost/a', 'http://localhost/b', false],
    ] as const) {
      it(`${isSame ? 'for' : 'each for'} ${one} and ${other}`, () => {
        assert.equal(laneKey(new URL(one)) === laneKey(new URL(other)), isSame)
      })
    }
  })

  it('runs one request at a time, in the order in which they came', async () => {
    const { lanes } = open()
    const order: string[] = []
    const gates = [gate(), gate(), gate()]
    const runs = gates.map(({ work }, index) =>
      lanes.run(url(`/${index}`, `h${index}.gazette.example`), async () => {
        order.push(`begin ${index}`)
        await work()
        order.push(`end ${index}`)
      }),
    )
    for (const { begun, end } of gates) {
      await begun
      end()
    }
    await Promise.all(runs)
    assert.deepEqual(order, ['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('lets another site go on meanwhile', async () => {
    const { lanes } = open()
    const slow = gate()
    const waiting = lanes.run(url('/'), slow.work)
    assert.equal(await lanes.run(url('/', 'other.example'), () => Promise.resolve('read')), 'read')
    slow.end()
    await waiting
  })

  it('pauses between the end of one request and the beginning of the next', async () => {
    const { lanes, clock } = open()
    await lanes.run(url('/a'), async () => clock.move(300))
    clock.move(400)
    await lanes.run(url('/b'), () => Promise.resolve())
    assert.deepEqual(clock.waits, [600])
    clock.move(5_000)
    await lanes.run(url('/c'), () => Promise.resolve())
    assert.deepEqual(clock.waits, [600])
  })

  it('pauses longer where the site wishes it, and never shorter', async () => {
    const { lanes, clock } = open()
    lanes.slow(url('/'), 7_000)
    await lanes.run(url('/a'), () => Promise.resolve())
    await lanes.run(url('/b'), () => Promise.resolve())
    lanes.slow(url('/'), 10)
    await lanes.run(url('/c'), () => Promise.resolve())
    assert.deepEqual(clock.waits, [7_000, 7_000])
    await lanes.run(url('/d'), () => Promise.resolve())
    assert.deepEqual(clock.waits, [7_000, 7_000, 1_000])
  })

  it('goes on after a request that failed', async () => {
    const { lanes, clock } = open()
    const failing = lanes.run(url('/a'), () => Promise.reject(new Error('broken')))
    const next = lanes.run(url('/b'), () => Promise.resolve('read'))
    await assert.rejects(failing, /broken/)
    assert.equal(await next, 'read')
    assert.deepEqual(clock.waits, [1_000])
  })

  it('waits while the site asks for a short pause', async () => {
    const { lanes, clock } = open()
    await lanes.block(url('/'), new Date(clock.now().getTime() + 9_000))
    await lanes.run(url('/'), () => Promise.resolve())
    assert.deepEqual(clock.waits, [9_000])
  })

  it('fails at once while it asks for a long one, those who queued before too', async () => {
    const { lanes, clock } = open()
    const until = new Date(clock.now().getTime() + 60_000)
    const first = gate()
    const running = lanes.run(url('/'), async () => {
      await first.work()
      await lanes.block(url('/'), until)
    })
    const queued = lanes.run(url('/queued'), () => assert.fail('asked'))
    first.end()
    await running
    const expected = { code: 'http.later', details: { url: url('/queued').href, until: until.toISOString() } }
    await assert.rejects(queued, expected)
    await assert.rejects(
      lanes.run(url('/queued'), () => assert.fail('asked')),
      expected,
    )
    assert.deepEqual(clock.waits, [])
    clock.move(55_000)
    await lanes.run(url('/'), () => Promise.resolve())
    assert.deepEqual(clock.waits, [5_000])
  })

  it('remembers the pause for the next process', async () => {
    const first = open()
    await first.lanes.block(url('/', 'www.gazette.example'), new Date(first.clock.now().getTime() + 60_000))
    const second = open({ memory: first.memory })
    await assert.rejects(
      second.lanes.run(url('/'), () => assert.fail('asked')),
      { code: 'http.later' },
    )
    second.clock.move(61_000)
    await second.lanes.run(url('/'), () => Promise.resolve())
  })

  it('never shortens a pause that was asked for', async () => {
    const { lanes, clock } = open()
    const inMs = (ms: number) => new Date(clock.now().getTime() + ms)
    await lanes.block(url('/'), inMs(60_000))
    await lanes.block(url('/'), inMs(1_000))
    await assert.rejects(
      lanes.run(url('/'), () => assert.fail('asked')),
      { code: 'http.later' },
    )
  })

  it('lets nobody begin who waits when it is stopped', async () => {
    const { lanes, stop } = open({
      wait: (_ms, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    })
    await lanes.run(url('/'), () => Promise.resolve())
    const waiting = lanes.run(url('/a'), () => assert.fail('asked'))
    const queued = lanes.run(url('/b'), () => assert.fail('asked'))
    stop.abort()
    await assert.rejects(waiting, { code: 'http.stopped' })
    await assert.rejects(queued, { code: 'http.stopped' })
  })

  it('keeps a lane that is in use however many there are', async () => {
    const { lanes, clock } = open()
    const first = gate()
    const running = lanes.run(url('/'), first.work)
    for (let index = 0; index < 1_100; index += 1)
      await lanes.run(url('/', `paper${index}.example`), () => Promise.resolve())
    let isRunning = true
    const next = lanes.run(url('/next'), () => Promise.resolve(isRunning))
    isRunning = false
    first.end()
    await running
    assert.equal(await next, false)
    assert.equal(clock.waits.at(-1), 1_000)
  })
})
