import { strict as assert } from 'node:assert'
import { readAllowed } from '../../src/http/guard.ts'
import { isRedirect, nextAddress } from '../../src/http/redirect.ts'

const nothing = readAllowed([])
const trail = (...addresses: string[]): URL[] => addresses.map((address) => new URL(address))
const next = (location: string | undefined, ...addresses: string[]): string =>
  nextAddress(trail(...addresses), location, nothing).href

describe('http/redirect', () => {
  it('knows which answers are redirects', () => {
    assert.deepEqual([200, 300, 301, 302, 303, 304, 305, 306, 307, 308].filter(isRedirect), [301, 302, 303, 307, 308])
  })

  for (const [location, from, expected] of [
    ['/b', 'https://gazette.example/a', 'https://gazette.example/b'],
    ['b?c#d', 'https://gazette.example/x/a', 'https://gazette.example/x/b?c'],
    ['//other.example/', 'https://gazette.example/a', 'https://other.example/'],
    ['https://gazette.example/a', 'http://gazette.example/a', 'https://gazette.example/a'],
    // A header arrives as Latin-1; this is what becomes of `/caf` and e-acute in UTF-8.
    ['/caf\u00c3\u00a9', 'https://gazette.example/', 'https://gazette.example/caf%C3%A9'],
  ] as const) {
    it(`leads from ${from} by ${location} to ${expected}`, () => assert.equal(next(location, from), expected))
  }

  for (const [what, location, from, code, message] of [
    ['to http from https', 'http://gazette.example/', 'https://gazette.example/', 'http.redirect', /https to http/],
    ['to itself', '/a', 'https://gazette.example/a', 'http.redirect', /goes round/],
    ['to itself with a fragment', '/a#b', 'https://gazette.example/a', 'http.redirect', /goes round/],
    ['nowhere', undefined, 'https://gazette.example/a', 'http.redirect', /where to/],
    ['to what is no address', 'https://[', 'https://gazette.example/a', 'http.redirect', /where to/],
    ['to a file', 'file:///etc/passwd', 'http://gazette.example/a', 'http.address', /redirectedFrom/],
    ['to a script', 'javascript:alert(1)', 'http://gazette.example/a', 'http.address', /redirectedFrom/],
    [
      'to an address with a password',
      'https://a:hunter2@b.example/',
      'http://gazette.example/a',
      'http.address',
      /redirectedFrom/,
    ],
  ] as const) {
    it(`does not lead ${what}`, () => {
      assert.throws(
        () => next(location, from),
        (thrown: Error & { code?: string }) =>
          thrown.code === code && message.test(thrown.message) && !thrown.message.includes('hunter2'),
      )
    })
  }

  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '[fd00::1]',
  ]) {
    it(`does not lead to ${host}`, () => {
      assert.throws(() => next(`http://${host}/`, 'http://gazette.example/'), { code: 'http.private' })
      assert.throws(() => next(`//${host}/`, 'https://gazette.example/'), { code: 'http.private' })
    })
  }

  it('names the whole circle', () => {
    assert.throws(() => next('/a', 'https://x.example/a', 'https://x.example/b'), {
      code: 'http.redirect',
      message: /https:\/\/x\.example\/a → https:\/\/x\.example\/b → https:\/\/x\.example\/a/,
    })
  })

  it('leads on five times and not six', () => {
    const five = [0, 1, 2, 3, 4].map((n) => `https://gazette.example/${n}`)
    assert.equal(next('/5', ...five), 'https://gazette.example/5')
    assert.throws(() => next('/6', ...five, 'https://gazette.example/5'), {
      code: 'http.redirect',
      message: /more than 5/,
    })
  })
})
