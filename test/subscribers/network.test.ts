import { strict as assert } from 'node:assert'
import { networkOf } from '../../src/subscribers/network.ts'

describe('subscribers/network', () => {
  for (const [address, name, isPublic] of [
    ['203.0.113.7', '203.0.113.0/24', false],
    ['8.8.4.4', '8.8.4.0/24', true],
    ['::ffff:8.8.4.4', '8.8.4.0/24', true],
    ['2a01:4f8:c17:b8f::2', '2a01:4f8:c17::/48', true],
    ['2a01:4f8:c17:ffff:1::', '2a01:4f8:c17::/48', true],
    ['127.0.0.1', '127.0.0.0/24', false],
    ['::1', '::/48', false],
    ['::ffff:10.1.2.3', '10.1.2.0/24', false],
    ['192.168.7.1', '192.168.7.0/24', false],
    ['fe80::1%eth0', 'fe80::/48', false],
    ['fd12:3456:789a::1', 'fd12:3456:789a::/48', false],
  ] as const) {
    it(`finds ${address} in ${name}, ${isPublic ? 'a stranger' : 'one of ours'}`, () => {
      assert.deepEqual(networkOf(address), { name, isPublic })
    })
  }

  it('knows none for what is no address', () => {
    for (const text of [undefined, '', 'reader.example', '203.0.113.7, 8.8.8.8'])
      assert.equal(networkOf(text), undefined)
  })
})
