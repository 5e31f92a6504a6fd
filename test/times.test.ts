import assert from 'node:assert/strict'
import { validate } from 'node-cron'
import { cron, duration, nextAfter, showTime, timezone } from '../src/times.ts'

/** So many next times, as ISO-8601 without seconds. */
function times(schedule: string, zone: string, after: string, count: number): string[] {
  const found: string[] = []
  for (let last = new Date(`${after}:00Z`); found.length < count;) {
    last = nextAfter(schedule, zone, last)
    found.push(last.toISOString().slice(0, 16))
  }
  return found
}

describe('times', () => {
  for (const text of [
    '*/30 * * * *',
    '0 7 * * mon-fri',
    '5,35 6-22/2 1 jan *',
    ' 0 0 * * 0 ',
    '0 6 * * THU',
    '0 7 * * 7',
    '0-30/10 * * * *',
  ])
    it(`takes ${JSON.stringify(text)} as a schedule, and so does node-cron`, () => {
      assert(cron.safeParse(text).success)
      assert(validate(text))
    })

  for (const text of ['', '* * * *', '* * * * * *', '60 * * * *', '@daily', 'at noon', '0 0 L * *', '0 0 * * 1L'])
    it(`refuses ${JSON.stringify(text)} as a schedule`, () => assert(!cron.safeParse(text).success))

  for (const text of ['0 25 * * *', '*/0 * * * *', '5/10 * * * *', '0 7 30 2 *', '0 0 * * fri-mon'])
    it(`refuses ${JSON.stringify(text)}, which never comes or is not the same to everyone`, () =>
      assert(!cron.safeParse(text).success))

  it('reads durations, and refuses what is none', () => {
    assert.equal(duration.parse('90m'), 5_400_000)
    assert.equal(duration.parse('6h'), 21_600_000)
    assert.equal(duration.parse('14d'), 1_209_600_000)
    for (const text of ['', '6', 'h', '0h', '-1h', '1.5h', '6 h', '6H', '6s', '99999d'])
      assert(!duration.safeParse(text).success, text)
  })

  it('knows time zones by their IANA names', () => {
    assert(timezone.safeParse('Europe/London').success)
    assert(!timezone.safeParse('Europe/Harbour').success)
    assert(!timezone.safeParse('subscriber').success)
  })

  it('gives the moments in the zone, and never the one it was given', () => {
    assert.deepEqual(times('0 7 * * *', 'Europe/London', '2026-07-01T06:00', 2), [
      '2026-07-02T06:00',
      '2026-07-03T06:00',
    ])
    assert.deepEqual(times('0 7 * * mon-fri', 'UTC', '2026-07-03T06:59', 2), ['2026-07-03T07:00', '2026-07-06T07:00'])
  })

  describe('where the clocks skip an hour', () => {
    it('gives the skipped time once, an hour later (London, 29 March 2026)', () =>
      assert.deepEqual(times('30 1 * * *', 'Europe/London', '2026-03-28T12:00', 3), [
        '2026-03-29T01:30',
        '2026-03-30T00:30',
        '2026-03-31T00:30',
      ]))
    it('gives the skipped time once, an hour later (New York, 8 March 2026)', () =>
      assert.deepEqual(times('30 2 * * *', 'America/New_York', '2026-03-07T12:00', 2), [
        '2026-03-08T07:30',
        '2026-03-09T06:30',
      ]))
    it('goes on every half hour', () =>
      assert.deepEqual(times('*/30 * * * *', 'Europe/London', '2026-03-29T00:15', 4), [
        '2026-03-29T00:30',
        '2026-03-29T01:00',
        '2026-03-29T01:30',
        '2026-03-29T02:00',
      ]))
  })

  describe('where the clocks show an hour twice', () => {
    it('gives the time once, the first time (London, 25 October 2026)', () => {
      assert.deepEqual(times('30 1 * * *', 'Europe/London', '2026-10-24T12:00', 2), [
        '2026-10-25T00:30',
        '2026-10-26T01:30',
      ])
      assert.deepEqual(times('30 1 * * *', 'Europe/London', '2026-10-25T00:31', 1), ['2026-10-26T01:30'])
    })
    it('gives the time once, the first time (New York, 1 November 2026)', () =>
      assert.deepEqual(times('30 1 * * *', 'America/New_York', '2026-10-31T12:00', 2), [
        '2026-11-01T05:30',
        '2026-11-02T06:30',
      ]))
    it('goes on every half hour', () =>
      assert.deepEqual(times('*/30 * * * *', 'Europe/London', '2026-10-25T00:15', 4), [
        '2026-10-25T00:30',
        '2026-10-25T01:00',
        '2026-10-25T01:30',
        '2026-10-25T02:00',
      ]))
  })

  it('shows a time as the clocks of its zone do', () => {
    assert.equal(showTime(new Date('2026-07-01T06:00:00Z'), 'Europe/London'), '2026-07-01 07:00')
  })
})
