import assert from 'node:assert/strict'
import { note, occasionOf, type Occasion, type Problem } from '../../src/alerts/dedupe.ts'
import { Failure, type FailureCode } from '../../src/failures.ts'
import { type Alert } from '../../src/model.ts'
import { at } from '../press.ts'

const problem = (key: string, code: FailureCode = 'source.failed', details = {}): Problem => ({
  key,
  failure: new Failure(code, details).toJSON(),
})

/** An operator who is told as often as the rule says, by looks at these minutes. */
function operator() {
  let known: Alert[] = []
  const ears = { deaf: false }
  return {
    ears,
    known: () => known,
    look: (minutes: number, problems: Problem[], { lookedAt = true, concerns = true } = {}): [string, Occasion][] => {
      const now = at(minutes)
      const { keep, forget } = note(known, problems, now, { lookedAt: () => lookedAt, concerns: () => concerns })
      assert.deepEqual(
        known.map(({ key }) => key).filter((key) => !keep.some((alert) => alert.key === key)),
        forget,
      )
      known = keep
      const news = known.flatMap((alert): [string, Occasion][] => {
        const occasion = occasionOf(alert, now)
        return occasion === undefined ? [] : [[alert.key, occasion]]
      })
      if (!ears.deaf) {
        const heard = new Set(news.map(([key]) => key))
        known = known.map((alert) => (heard.has(alert.key) ? { ...alert, toldAt: now } : alert))
      }
      return news
    },
  }
}

const hours = (number: number) => number * 60

describe('alerts/dedupe', () => {
  it('tells once, again after a day while it lasts, and once when it is over', () => {
    const { look, known } = operator()
    const down = [problem('transport')]
    assert.deepEqual(look(0, down), [['transport', 'new']])
    assert.deepEqual(look(5, down), [])
    assert.deepEqual(look(hours(23), down), [])
    assert.deepEqual(look(hours(24), down), [['transport', 'still']])
    assert.deepEqual(look(hours(25), down), [])
    assert.deepEqual(look(hours(48), down), [['transport', 'still']])
    assert.deepEqual(look(hours(49), []), [['transport', 'over']])
    assert.deepEqual(look(hours(50), []), [])
    assert.deepEqual(look(hours(52), []), [])
    assert.deepEqual(known(), [])
  })

  it('tells of what is not told yet at the next look, and the one after', () => {
    const { look, ears } = operator()
    ears.deaf = true
    assert.deepEqual(look(0, [problem('a')]), [['a', 'new']])
    assert.deepEqual(look(5, [problem('a')]), [['a', 'new']])
    ears.deaf = false
    assert.deepEqual(look(10, [problem('a')]), [['a', 'new']])
    assert.deepEqual(look(15, [problem('a')]), [])
  })

  it('says that it is over of what nobody could be told of while it lasted', () => {
    const { look, ears } = operator()
    ears.deaf = true
    look(0, [problem('a')])
    ears.deaf = false
    assert.deepEqual(look(30, []), [['a', 'over']])
    assert.deepEqual(look(35, []), [])
  })

  it('keeps what was not looked at as it is, neither over nor repeated', () => {
    const { look } = operator()
    look(0, [problem('a')])
    assert.deepEqual(look(10, [], { lookedAt: false }), [])
    assert.deepEqual(look(hours(30), [], { lookedAt: false }), [])
    assert.deepEqual(look(hours(31), []), [['a', 'over']])
  })

  it('forgets without a word what is no longer in the config', () => {
    const { look, known } = operator()
    look(0, [problem('a')])
    assert.deepEqual(look(10, [], { lookedAt: false, concerns: false }), [])
    assert.deepEqual(known(), [])
  })

  it('tells of a thing that flickers once an hour, and never of an end whose beginning was not told', () => {
    const { look } = operator()
    const told: string[] = []
    for (let minute = 0; minute < 180; minute += 5) {
      for (const [, occasion] of look(minute, minute % 10 === 0 ? [problem('a')] : []))
        told.push(`${occasion} ${minute}`)
    }
    assert.deepEqual(told, ['new 0', 'over 5', 'new 70', 'over 75', 'new 140', 'over 145'])
  })

  it('goes on with what comes back before anyone heard that it was over', () => {
    const { look, ears, known } = operator()
    look(0, [problem('a')])
    ears.deaf = true
    look(10, [])
    ears.deaf = false
    assert.deepEqual(look(20, [problem('a')]), [])
    assert.deepEqual(known()[0]?.raisedAt, at(0))
    assert.deepEqual(look(30, []), [['a', 'over']])
  })

  it('tells of a happening as it comes, within the hour of the last not at once, and of its end never', () => {
    const { look, known } = operator()
    const lost = (messages?: number) => problem('lost', 'mail.uncertain', messages === undefined ? {} : { messages })
    assert.deepEqual(look(0, [lost(), lost(), lost(2)]), [['lost', 'new']])
    assert.equal(known()[0]?.failure.details['messages'], 4)
    assert.deepEqual(look(10, [lost()]), [])
    assert.deepEqual(look(20, [lost()]), [])
    assert.deepEqual(look(30, []), [])
    assert.deepEqual(look(60, []), [['lost', 'new']])
    assert.equal(known()[0]?.failure.details['messages'], 2)
    assert.deepEqual(look(119, []), [])
    assert.equal(known().length, 1)
    assert.deepEqual(look(121, []), [])
    assert.deepEqual(known(), [])
  })

  it('shows a condition as it was found last', () => {
    const { look, known } = operator()
    look(0, [problem('a', 'http.timeout')])
    look(10, [problem('a', 'http.status')])
    assert.equal(known()[0]?.failure.code, 'http.status')
  })
})
