import assert from 'node:assert/strict'
import { openLimit, readRate, takeTurn, type Clock, type Limit, type Rate } from '../../src/mail/pace.ts'

/** A clock that jumps to whoever wants to be woken next, when nobody can go on. */
function simulated(): Clock & { run(work: Promise<unknown>): Promise<void> } {
  let now = 0
  const sleepers: { at: number; wake(): void }[] = []
  return {
    now: () => now,
    wait: (ms, stop) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve })
        stop?.addEventListener('abort', () => resolve())
      }),
    async run(work) {
      const over = new AbortController()
      void work.finally(() => over.abort())
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        if (over.signal.aborted) return
        sleepers.sort((a, b) => a.at - b.at)
        const next = sleepers.shift()
        if (next === undefined) throw new Error('everyone waits for nothing')
        now = Math.max(now, next.at)
        next.wake()
      }
    },
  }
}

/** The moments at which so many pass, with so many sharing the limits. */
async function passing(limits: Limit[][], count: number, sharers: number): Promise<{ at: number; by: number }[]> {
  const clock = simulated()
  const passed: { at: number; by: number }[] = []
  let left = count
  const work = Promise.all(
    Array.from({ length: sharers }, async (_, by) => {
      while (left-- > 0) {
        assert.equal(await takeTurn(limits[by % limits.length]!, clock), true)
        passed.push({ at: clock.now(), by })
      }
    }),
  )
  await clock.run(work)
  return passed
}

/** The most that passed in any stretch of this length, its end not counted. */
function most(passed: { at: number }[], ms: number): number {
  return Math.max(...passed.map(({ at }) => passed.filter((other) => other.at >= at && other.at < at + ms).length))
}

describe('mail/pace', () => {
  it('reads rates for a second, a minute and an hour, and no others', () => {
    assert.deepEqual(readRate('50/s'), { count: 50, periodMs: 1000 })
    assert.deepEqual(readRate('100/m'), { count: 100, periodMs: 60_000 })
    assert.deepEqual(readRate('1000/h'), { count: 1000, periodMs: 3_600_000 })
    for (const text of ['', '50', '0/s', '-1/s', '1.5/s', '50/d', '50 /s', '50/s ', '٥/s', '12345678/s']) {
      assert.equal(readRate(text), undefined, text)
    }
  })

  for (const [text, count] of [
    ['50/s', 170],
    ['7/s', 40],
    ['1000/s', 2500],
    ['100/m', 250],
    ['3/h', 8],
  ] as const) {
    it(`lets ${text} pass and no more, and no fewer, however many connections share it`, async () => {
      const rate: Rate = readRate(text)!
      const passed = await passing([[openLimit(rate)]], count, 10)
      assert.equal(passed.length, count)
      assert.ok(most(passed, rate.periodMs) <= rate.count, `${most(passed, rate.periodMs)} in one period`)
      // As fast as allowed: all are through in the periods that they need, and a hair for whole milliseconds.
      const needed = (count / rate.count) * rate.periodMs
      assert.ok(passed.at(-1)!.at <= needed * 1.02 + 2, `${passed.at(-1)!.at} of ${needed}`)
      assert.ok(new Set(passed.map(({ by }) => by)).size > 1, 'one had it all')
    })
  }

  it('spreads a rate over its time', async () => {
    const passed = await passing([[openLimit({ count: 50, periodMs: 1000 })]], 50, 4)
    assert.equal(most(passed, 100), 5)
    const slow = await passing([[openLimit({ count: 100, periodMs: 3_600_000 })]], 5, 4)
    assert.deepEqual(
      slow.map(({ at }) => at),
      [0, 36_000, 72_000, 108_000, 144_000],
    )
  })

  it('holds two limits at once, and does not let one domain hold up another', async () => {
    const all = openLimit({ count: 100, periodMs: 1000 })
    const gmail = openLimit({ count: 10, periodMs: 1000 })
    const passed = await passing([[all, gmail], [all]], 300, 2)
    assert.ok(most(passed, 1000) <= 100)
    const slow = passed.filter(({ by }) => by === 0)
    assert.ok(most(slow, 1000) <= 10)
    assert.ok(passed.length - slow.length > 200, 'the other domain had to wait')
  })

  it('waits no longer when it is stopped', async () => {
    const limit = openLimit({ count: 1, periodMs: 3_600_000 })
    const clock = simulated()
    assert.equal(await takeTurn([limit], clock), true)
    const stopping = new AbortController()
    const waiting = takeTurn([limit], clock, stopping.signal)
    stopping.abort()
    assert.equal(await waiting, false)
    assert.equal(await takeTurn([], clock, stopping.signal), false)
  })
})
