import assert from 'node:assert/strict'
import { oldestKept, options } from '../src/retention.ts'

const now = new Date('2026-07-14T12:00:00Z')

describe('retention', () => {
  it('has a sane answer to everything', () => {
    assert.deepEqual(options.parse({}), {
      articles: 'forever',
      media: '30d',
      mails: '90d',
      changes: '400d',
      deliveries: '400d',
    })
  })

  it('turns days into the moment before which things go, and for ever into none', () => {
    assert.equal(oldestKept('90d', now)?.toISOString(), '2026-04-15T12:00:00.000Z')
    assert.equal(oldestKept('forever', now), undefined)
  })

  for (const [key, text, expected] of [
    ['articles', '29d', 'at least 30d'],
    ['deliveries', '7d', 'at least 30d'],
    ['mails', '0d', 'a number of days such as 90d, or forever'],
    ['media', '90', 'a number of days such as 90d, or forever'],
    ['media', '1y', 'a number of days such as 90d, or forever'],
    ['mails', '-1d', 'a number of days such as 90d, or forever'],
    ['mails', '99999d', 'a number of days such as 90d, or forever'],
  ] as const) {
    it(`refuses ${key}: ${text}`, () => {
      assert.equal(options.safeParse({ [key]: text }).error?.issues[0]?.message, expected)
    })
  }

  it('refuses to keep logs: they go to stderr, and whoever takes them keeps them', () => {
    assert.equal(options.safeParse({ logs: '30d' }).success, false)
  })
})
