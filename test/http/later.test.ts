import { strict as assert } from 'node:assert'
import { readRetryAfter } from '../../src/http/later.ts'

const now = new Date('1994-11-06T08:00:00.000Z')

describe('http/later', () => {
  for (const [value, expected] of [
    ['120', '1994-11-06T08:02:00.000Z'],
    [' 0 ', '1994-11-06T08:00:00.000Z'],
    // The three forms of RFC 9110, section 5.6.7.
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Sat, 05 Nov 1994 08:00:00 GMT', '1994-11-06T08:00:00.000Z'],
    ['999999999', '1994-11-07T08:00:00.000Z'],
    ['Fri, 31 Dec 2999 23:59:59 GMT', '1994-11-07T08:00:00.000Z'],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['1994', '1994-11-06T08:33:14.000Z'],
    ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const) {
    it(`reads ${JSON.stringify(value)}`, () => assert.equal(readRetryAfter(value, now)?.toISOString(), expected))
  }
})
