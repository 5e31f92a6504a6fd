import assert from 'node:assert/strict'
import { readDate, readFeedDate, readIsoDate } from '../../src/articles/dates.ts'

describe('readDate', () => {
  const cases: [string, string][] = [
    ['2026-03-01', '2026-03-01T00:00:00Z'],
    ['2026-03-01T07:30:00+01:00', '2026-03-01T06:30:00Z'],
    ['2026-03-01 07:30', '2026-03-01T07:30:00Z'],
    ['2026-03-01T07:30:00.123-0500', '2026-03-01T12:30:00Z'],
    ['January 28, 2021', '2021-01-28T00:00:00Z'],
    ['Jan. 28, 2021, 5:30 p.m.', '2021-01-28T17:30:00Z'],
    ['Sept. 3, 2021 12:05 am', '2021-09-03T00:05:00Z'],
    ['Thursday, 28 January 2021 17:30', '2021-01-28T17:30:00Z'],
    ['Thu, 28 Jan 2021 10:00:00 +0100', '2021-01-28T09:00:00Z'],
    ['1st March 2020', '2020-03-01T00:00:00Z'],
    ['28. Januar 2021', '2021-01-28T00:00:00Z'],
    ['28.1.2021, 17:30 Uhr', '2021-01-28T17:30:00Z'],
    ['28 janvier 2021', '2021-01-28T00:00:00Z'],
    ['28 de enero de 2021', '2021-01-28T00:00:00Z'],
    ['28 stycznia 2021', '2021-01-28T00:00:00Z'],
    ['2021年1月28日', '2021-01-28T00:00:00Z'],
  ]
  for (const [text, moment] of cases) it(`reads «${text}»`, () => assert.deepEqual(readDate(text), new Date(moment)))

  it('reads nothing where it would have to guess', () => {
    for (const text of [
      '',
      'yesterday',
      'March 2020',
      '3/4/2021',
      '2021',
      '31 February 2021',
      '2021-13-01',
      '28 Floréal 2021',
      'On 28 January 2021 the ferry sank',
      '2026-03-01T25:00',
    ])
      assert.equal(readDate(text), undefined, text)
  })

  it('takes a date without a zone in the zone it is given', () => {
    assert.deepEqual(readIsoDate('2026-07-01 07:00', 'America/New_York'), new Date('2026-07-01T11:00:00Z'))
    assert.deepEqual(readIsoDate('2026-03-29 03:00', 'Europe/Berlin'), new Date('2026-03-29T01:00:00Z'))
  })
})

describe('readFeedDate', () => {
  for (const [text, moment] of [
    ['Mon, 02 Mar 2026 08:30:00 +0100', '2026-03-02T07:30:00Z'],
    ['Mon, 02 Mar 2026 08:30:00 GMT', '2026-03-02T08:30:00Z'],
    ['02 Mar 2026 08:30 EST', '2026-03-02T13:30:00Z'],
    ['2 Mar 26 08:30:00 PDT', '2026-03-02T15:30:00Z'],
    ['Mon, 2 March 2026 08:30:00 UT', '2026-03-02T08:30:00Z'],
    ['mon,  02 mar 2026\n08:30:00 +0000 (GMT)', '2026-03-02T08:30:00Z'],
    ['Montag, 02 März 2026 08:30:00 +0100', '2026-03-02T07:30:00Z'],
    ['2026-03-02T08:30:00.123456+01:00', '2026-03-02T07:30:00Z'],
    ['2026-03-02T08:30:00+0100', '2026-03-02T07:30:00Z'],
    ['2026-03-02t08:30:00z', '2026-03-02T08:30:00Z'],
    ['2026-03-02 08:30:00 CET', '2026-03-02T07:30:00Z'],
    ['2026-03-02', '2026-03-02T00:00:00Z'],
    ['March 2, 2026', '2026-03-02T00:00:00Z'],
  ] as const)
    it(`reads «${text}»`, () => assert.deepEqual(readFeedDate(text), new Date(moment)))

  it('takes a date without a zone in the zone it is given', () =>
    assert.deepEqual(readFeedDate('Mon, 02 Mar 2026 08:30:00', 'Europe/Berlin'), new Date('2026-03-02T07:30:00Z')))

  it('reads nothing out of what is no date, or a date that programs write when they know none', () => {
    for (const text of [
      '',
      'now',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      '0001-01-01T00:00:00Z',
      '0000-00-00',
      '31 Feb 2026 10:00:00 GMT',
      '03/04/2026',
      '1772440200',
      'x'.repeat(100_000),
    ])
      assert.equal(readFeedDate(text), undefined, text.slice(0, 50))
  })
})
