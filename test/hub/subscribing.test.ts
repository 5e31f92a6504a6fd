import assert from 'node:assert/strict'
import { againAt, isPassing } from '../../src/hub/backoff.ts'
import { documentAt, linkHeader } from '../../src/hub/documents.ts'
import { denyAddress, isConfirmed, leases, readRequest, signatureOf, verifyAddress } from '../../src/hub/subscribing.ts'

const form = (changes: Record<string, string> = {}) =>
  new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.topic': 'https://news.example/feeds/all/rss.xml',
    'hub.callback': 'https://reader.example/cb?id=7#part',
    ...changes,
  })

const addresses = { server: 'https://news.example/', publish: 'https://news.example/feeds/' }
const feeds = [{ id: 'all' }, { id: 'over', retired: true }]

describe('hub/subscribing', () => {
  it('reads a request, for ten days where it does not say for how long', () => {
    assert.deepEqual(readRequest(form()), {
      mode: 'subscribe',
      topic: 'https://news.example/feeds/all/rss.xml',
      callback: 'https://reader.example/cb?id=7',
      host: 'reader.example',
      leaseSeconds: 864_000,
    })
  })

  it('keeps a lease within its bounds', () => {
    const leaseOf = (seconds: string) => {
      const asked = readRequest(form({ 'hub.lease_seconds': seconds }))
      return typeof asked === 'string' ? asked : asked.leaseSeconds
    }
    assert.deepEqual(['1', '7200', '99999999999'].map(leaseOf), [leases.least, 7200, leases.most])
    assert.match(String(leaseOf('-5')), /number of seconds/)
  })

  it('says what is wrong with a request', () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{ 'hub.mode': 'publish' }, /by itself/],
      [{ 'hub.mode': '' }, /hub\.mode/],
      [{ 'hub.topic': '' }, /hub\.topic/],
      [{ 'hub.callback': 'ftp://reader.example/' }, /hub\.callback/],
      [{ 'hub.callback': `https://reader.example/${'x'.repeat(2048)}` }, /hub\.callback/],
      [{ 'hub.secret': 'é'.repeat(101) }, /200 bytes/],
    ]
    for (const [changes, words] of wrong) {
      const fault = readRequest(form(changes))
      assert(typeof fault === 'string' && words.test(fault), JSON.stringify(changes))
    }
    assert.equal(typeof readRequest(form({ 'hub.secret': 'é'.repeat(99) })), 'object')
  })

  it('asks at the callback and leaves to the letter what stands in its query', () => {
    const asked = { callback: 'https://reader.example/cb?a=%20b&a=c', topic: 't:1', leaseSeconds: 60 }
    assert.equal(
      verifyAddress({ ...asked, mode: 'subscribe' }, 'xyz'),
      'https://reader.example/cb?a=%20b&a=c&hub.mode=subscribe&hub.topic=t%3A1&hub.challenge=xyz&hub.lease_seconds=60',
    )
    assert.doesNotMatch(verifyAddress({ ...asked, mode: 'unsubscribe' }, 'xyz'), /lease/)
    assert.match(denyAddress({ callback: 'https://reader.example/cb', topic: 't' }, 'no more'), /\?hub\.mode=denied&/)
  })

  it('takes the challenge alone for a yes', () => {
    assert.deepEqual(
      ['xyz', 'xyz\n', 'xy', '<p>xyz</p>', ''].map((text) => isConfirmed(text, 'xyz')),
      [true, false, false, false, false],
    )
  })

  it('signs as RFC 4231 has it', () => {
    // Test case 2.
    const signature = signatureOf('Jefe', Buffer.from('what do ya want for nothing?'))
    assert.equal(signature, 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
  })
})

describe('hub/documents', () => {
  it('knows the files of feeds, and of the feeds made of them, and nothing else', () => {
    const at = (path: string) => documentAt(addresses, feeds, `https://news.example/feeds/${path}`)
    assert.deepEqual(at('all/rss.xml'), { feedId: 'all', file: 'rss.xml' })
    assert.deepEqual(at('all/topic/harbour/feed.json'), { feedId: 'all/topic/harbour', file: 'feed.json' })
    for (const path of [
      'all/index.html',
      'all/archive/1.rss.xml',
      'none/rss.xml',
      'over/rss.xml',
      'rss.xml',
      'all/../all/rss.xml',
      'all/%2e%2e/%2e%2e/rss.xml',
      'all//rss.xml',
      'all/rss.xml?x',
      'all/.hidden/rss.xml',
      'all/topic%2fharbour/rss.xml',
      '%zz/rss.xml',
    ])
      assert.equal(at(path), undefined, path)
    assert.equal(documentAt(addresses, feeds, 'http://news.example/feeds/all/rss.xml'), undefined)
  })

  it('names hub and self in one header', () => {
    const header = linkHeader('https://h.example/', 'https://news.example/feeds/all/rss.xml')
    assert.equal(header, '<https://h.example/>; rel="hub", <https://news.example/feeds/all/rss.xml>; rel="self"')
  })
})

describe('hub/backoff', () => {
  const now = new Date('2026-03-04T06:00:00Z')
  const minutes = (attempts: number, asked?: Date) => (againAt(attempts, now, asked).getTime() - now.getTime()) / 60_000

  it('waits twice as long each time, up to six hours, and as long as it is asked to', () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((attempts) => minutes(attempts)),
      [1, 2, 4, 8],
    )
    assert.deepEqual(
      [20, Infinity].map((attempts) => minutes(attempts)),
      [360, 360],
    )
    assert.equal(minutes(1, new Date('2026-03-04T06:30:00Z')), 30)
    assert.equal(minutes(1, new Date('2027-03-04T06:30:00Z')), 360)
  })

  it('tells what may pass from what stays', () => {
    assert.deepEqual([500, 503, 429, 408].map(isPassing), [true, true, true, true])
    assert.deepEqual([200, 301, 404, 410].map(isPassing), [false, false, false, false])
  })
})
