import { strict as assert } from 'node:assert'
import { freshUntil } from '../../src/http/freshness.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const seconds = (headers: Record<string, string>) => {
  const until = freshUntil(headers, NOW)
  return until === undefined ? undefined : (until.getTime() - NOW.getTime()) / 1000
}

describe('http/freshness', () => {
  for (const [headers, expected] of [
    [{}, undefined],
    [{ 'cache-control': 'max-age=600' }, 600],
    [{ 'cache-control': 'public, Max-Age = "600", must-revalidate' }, 600],
    [{ 'cache-control': 's-maxage=600' }, undefined],
    [{ 'cache-control': 'max-age=600', age: '100' }, 500],
    [{ 'cache-control': 'max-age=600', age: '600' }, undefined],
    [{ 'cache-control': 'max-age=0' }, undefined],
    [{ 'cache-control': 'max-age=-5' }, undefined],
    [{ 'cache-control': 'no-cache, max-age=600' }, undefined],
    [{ 'cache-control': 'no-store' }, undefined],
    [{ 'cache-control': 'max-age=99999999999999999999' }, 86_400],
    [{ 'cache-control': 'max-age=31536000' }, 86_400],
    // max-age goes before Expires (section 5.3), and both are of the server's clock.
    [{ 'cache-control': 'max-age=60', expires: 'Sun, 01 Mar 2026 13:00:00 GMT' }, 60],
    [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT' }, 3600],
    [{ expires: 'Sun, 01 Mar 2026 13:00:00 GMT', date: 'Sun, 01 Mar 2026 12:50:00 GMT' }, 600],
    [{ expires: 'Sun, 01 Mar 2026 11:00:00 GMT' }, undefined],
    [{ expires: '0' }, undefined],
    [{ expires: '-1' }, undefined],
    [{ expires: 'never' }, undefined],
  ] as [Record<string, string>, number | undefined][])
    it(`${JSON.stringify(headers)} is fresh for ${expected ?? 'no'} seconds`, () =>
      assert.equal(seconds(headers), expected))
})
