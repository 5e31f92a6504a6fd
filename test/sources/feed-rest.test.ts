import assert from 'node:assert/strict'
import { restOf } from '../../src/sources/feed-rest.ts'

const MINUTE = 60_000
const rss = (head: string) => `<rss version="2.0"><channel>${head}<item><ttl>5</ttl></item></channel></rss>`

describe('sources/feed-rest', () => {
  for (const [head, minutes] of [
    ['', undefined],
    ['<ttl>90</ttl>', 90],
    ['<ttl> 90\n</ttl>', 90],
    ['<ttl>0</ttl>', undefined],
    ['<ttl>-5</ttl>', undefined],
    ['<ttl>soon</ttl>', undefined],
    ['<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>', 30],
    ['<syn:updatePeriod>\n daily </syn:updatePeriod>', 24 * 60],
    ['<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>', 60],
    ['<sy:updatePeriod>sometimes</sy:updatePeriod>', undefined],
    ['<ttl>15</ttl><sy:updatePeriod>hourly</sy:updatePeriod>', 60],
  ] as const)
    it(`${JSON.stringify(head)} asks for ${minutes ?? 'no'} minutes`, () =>
      assert.equal(restOf(rss(head)), minutes === undefined ? undefined : minutes * MINUTE))
})
