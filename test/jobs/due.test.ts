import assert from 'node:assert/strict'
import { judge, judgeWanted, retryOf, type Past, type Timing, type Verdict } from '../../src/jobs/due.ts'

const utc = (text: string) => new Date(`${text}:00Z`)

/** Every day at seven in the morning in London, which in winter is UTC. */
const daily: Timing = {
  schedule: '0 7 * * *',
  timezone: 'Europe/London',
  first: 'next',
  late: { afterMs: 6 * 3_600_000, then: 'merge' },
  retries: true,
}

const resting: Timing = { schedule: '*/30 * * * *', timezone: 'UTC', first: 'now', rests: true }

const halfHourly: Timing = { schedule: '*/30 * * * *', timezone: 'UTC', first: 'now' }

function done(at: string, changes: Partial<Past> = {}): Past {
  return { dueAt: utc(at), startedAt: utc(at), finishedAt: utc(at), failed: 0, ...changes }
}

const shown = (verdict: Verdict): string =>
  verdict.do === 'wait'
    ? `wait ${verdict.until?.toISOString().slice(0, 16) ?? 'for ever'}`
    : `${verdict.do} ${verdict.dueAt.toISOString().slice(0, 16)}`

describe('jobs/due', () => {
  const cases: [what: string, timing: Timing, past: Past | undefined, now: string, verdict: string][] = [
    [
      'what never ran and starts now is due',
      { ...daily, first: 'now' },
      undefined,
      '2026-03-03T12:00',
      'run 2026-03-03T12:00',
    ],
    ['what never ran and starts next is noted', daily, undefined, '2026-03-03T12:00', 'note 2026-03-03T12:00'],
    ['what was noted waits for its time', daily, done('2026-03-03T12:00'), '2026-03-04T06:59', 'wait 2026-03-04T07:00'],
    ['its time has come', daily, done('2026-03-03T12:00'), '2026-03-04T07:00', 'run 2026-03-04T07:00'],
    ['it is done once', daily, done('2026-03-04T07:00'), '2026-03-04T07:01', 'wait 2026-03-05T07:00'],
    ['a little late is no matter', daily, done('2026-03-03T07:00'), '2026-03-04T12:59', 'run 2026-03-04T07:00'],
    ['three missed days make one', daily, done('2026-03-01T07:00'), '2026-03-04T08:00', 'run 2026-03-04T07:00'],
    [
      'a source is made up for however late it is',
      halfHourly,
      done('2026-03-01T07:00'),
      '2026-03-04T08:10',
      'run 2026-03-04T08:00',
    ],
    ['too late is merged into the next', daily, done('2026-03-03T07:00'), '2026-03-04T13:01', 'merge 2026-03-04T07:00'],
    ['too late is skipped', late('skip'), done('2026-03-03T07:00'), '2026-03-04T13:01', 'skip 2026-03-04T07:00'],
    [
      'too late is sent all the same',
      late('send'),
      done('2026-03-03T07:00'),
      '2026-03-04T13:01',
      'run 2026-03-04T07:00',
    ],
    [
      'what was merged waits for its next time',
      daily,
      done('2026-03-04T07:00', { startedAt: utc('2026-03-03T07:00') }),
      '2026-03-04T13:01',
      'wait 2026-03-05T07:00',
    ],
    [
      'a crontab that always comes late merges once and then sends',
      daily,
      done('2026-03-04T07:00', { startedAt: utc('2026-03-03T07:00') }),
      '2026-03-06T06:55',
      'run 2026-03-05T07:00',
    ],
    [
      'what brought something of late does not rest',
      resting,
      done('2026-03-04T07:00', { changedAt: utc('2026-03-04T00:00') }),
      '2026-03-04T07:30',
      'run 2026-03-04T07:30',
    ],
    [
      'what was quiet for a day rests for an hour',
      resting,
      done('2026-03-04T07:00', { changedAt: utc('2026-03-03T07:00') }),
      '2026-03-04T07:30',
      'wait 2026-03-04T07:59',
    ],
    [
      'what was quiet for a day goes on after an hour',
      resting,
      done('2026-03-04T07:00', { changedAt: utc('2026-03-03T07:00') }),
      '2026-03-04T08:00',
      'run 2026-03-04T08:00',
    ],
    [
      'what was quiet for a month rests for no more than six hours',
      resting,
      done('2026-03-04T07:00', { changedAt: utc('2026-02-01T07:00') }),
      '2026-03-04T13:00',
      'run 2026-03-04T13:00',
    ],
    [
      'what was quiet and died over is taken up at once',
      resting,
      {
        dueAt: utc('2026-03-04T07:00'),
        startedAt: utc('2026-03-04T07:00'),
        failed: 1,
        changedAt: utc('2026-02-01T07:00'),
      },
      '2026-03-04T07:02',
      'run 2026-03-04T07:00',
    ],
    [
      'what a process died over is taken up at once',
      daily,
      { dueAt: utc('2026-03-04T07:00'), startedAt: utc('2026-03-04T07:00'), failed: 1 },
      '2026-03-04T07:02',
      'run 2026-03-04T07:00',
    ],
    [
      'what a process died over is taken up however late',
      daily,
      { dueAt: utc('2026-03-04T07:00'), startedAt: utc('2026-03-04T07:00'), failed: 1 },
      '2026-03-04T23:00',
      'run 2026-03-04T07:00',
    ],
    [
      'what processes die over again and again waits longer each time',
      daily,
      { dueAt: utc('2026-03-04T07:00'), startedAt: utc('2026-03-04T07:02'), failed: 3 },
      '2026-03-04T07:03',
      'wait 2026-03-04T07:12',
    ],
    [
      'what failed is tried again in five minutes',
      daily,
      done('2026-03-04T07:00', { failed: 1 }),
      '2026-03-04T07:05',
      'run 2026-03-04T07:00',
    ],
    [
      'what failed is not tried again before',
      daily,
      done('2026-03-04T07:00', { failed: 1 }),
      '2026-03-04T07:04',
      'wait 2026-03-04T07:05',
    ],
    [
      'what failed for longer than it may be late waits for its next time',
      daily,
      done('2026-03-04T07:00', { startedAt: utc('2026-03-04T12:55'), failed: 4 }),
      '2026-03-04T13:40',
      'wait 2026-03-05T07:00',
    ],
    [
      'a source that failed waits for its next time',
      halfHourly,
      done('2026-03-04T07:00', { failed: 1 }),
      '2026-03-04T07:20',
      'wait 2026-03-04T07:30',
    ],
    [
      'a clock that was set back a little does nothing twice',
      daily,
      done('2026-03-04T07:00'),
      '2026-03-04T06:59',
      'wait 2026-03-05T07:00',
    ],
    [
      'a clock that was years ahead is forgotten',
      daily,
      done('2038-01-19T03:14'),
      '2026-03-04T12:00',
      'note 2026-03-04T12:00',
    ],
    [
      'a schedule that changed counts from the last time',
      daily,
      done('2026-03-04T09:00'),
      '2026-03-04T10:00',
      'wait 2026-03-05T07:00',
    ],
    [
      'years of half hours are gone through quickly',
      halfHourly,
      done('2016-03-04T07:00'),
      '2026-03-04T07:10',
      'run 2026-03-04T07:00',
    ],
    ['in spring, seven stays seven', daily, done('2026-03-28T07:00'), '2026-03-29T06:00', 'run 2026-03-29T06:00'],
    ['in autumn, seven stays seven', daily, done('2026-10-24T06:00'), '2026-10-25T06:30', 'wait 2026-10-25T07:00'],
    [
      'a time that spring skips comes an hour later',
      night('Europe/London', '30 1 * * *'),
      done('2026-03-28T01:30'),
      '2026-03-29T01:29',
      'wait 2026-03-29T01:30',
    ],
    [
      'a time that spring skips comes',
      night('Europe/London', '30 1 * * *'),
      done('2026-03-28T01:30'),
      '2026-03-29T01:30',
      'run 2026-03-29T01:30',
    ],
    [
      'a time that autumn shows twice comes the first time',
      night('America/New_York', '30 1 * * *'),
      done('2026-10-31T05:30'),
      '2026-11-01T05:30',
      'run 2026-11-01T05:30',
    ],
    [
      'a time that autumn shows twice comes once',
      night('America/New_York', '30 1 * * *'),
      done('2026-11-01T05:30'),
      '2026-11-01T06:30',
      'wait 2026-11-02T06:30',
    ],
  ]
  for (const [what, timing, past, now, verdict] of cases)
    it(what, () => assert.equal(shown(judge(timing, past, utc(now))), verdict))

  it('doubles the wait after each failure, up to six hours', () => {
    const waits = [1, 2, 3, 7, 8, 50].map(
      (failed) =>
        (retryOf(done('2026-03-04T07:00', { failed })).getTime() - utc('2026-03-04T07:00').getTime()) / 60_000,
    )
    assert.deepEqual(waits, [5, 10, 20, 320, 360, 360])
  })

  it('finds due what was wanted, what was never done and what failed', () => {
    const now = utc('2026-03-04T07:04')
    assert.equal(shown(judgeWanted(undefined, now)), 'run 2026-03-04T07:04')
    assert.equal(shown(judgeWanted(done('2026-03-04T07:00'), now)), 'wait for ever')
    const wanted: Past = { dueAt: now, startedAt: new Date(0), failed: 0 }
    assert.equal(shown(judgeWanted(wanted, now)), 'run 2026-03-04T07:04')
    assert.equal(shown(judgeWanted(done('2026-03-04T07:00', { failed: 1 }), now)), 'wait 2026-03-04T07:05')
  })
})

function late(then: 'send' | 'skip'): Timing {
  return { ...daily, late: { afterMs: 6 * 3_600_000, then } }
}

function night(timezone: string, schedule: string): Timing {
  return { ...daily, timezone, schedule }
}
