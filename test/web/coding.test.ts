import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chooseCoding, codings } from '../../src/web/coding.ts'

describe('web/coding', () => {
  for (const [accepted, coding] of [
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['GZIP;Q=0.5, br ; q=0.4', 'gzip'],
    ['br;q=0, gzip;q=0.001', 'gzip'],
    ['*', 'zstd'],
    ['*;q=0.5, zstd;q=0', 'br'],
    ['gzip;q=0.5, identity;q=0.8', 'identity'],
    ['gzip;q=2', 'identity'],
    ['gzip;q=x', 'identity'],
    ['*;q=0', 'identity'],
    ['compress, deflate', 'identity'],
  ] as const) {
    it(`gives ${coding} for ${accepted ?? 'nothing said'}`, () => {
      assert.equal(chooseCoding(accepted), coding)
    })
  }

  it('never gives what was refused or not named', () => {
    const weight = fc.constantFrom(0, 0.001, 0.5, 1)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...codings, 'deflate', 'identity'), weight), (weights) => {
        const header = Object.entries(weights).map(([name, q]) => `${name};q=${q}`).join(', ') // prettier-ignore
        const coding = chooseCoding(header)
        assert(coding === 'identity' || (weights[coding] ?? 0) > 0, `${coding} for ${header}`)
      }),
    )
  })
})
