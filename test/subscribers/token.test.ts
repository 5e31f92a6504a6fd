import { strict as assert } from 'node:assert'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { Failure } from '../../src/failures.ts'
import { type SigningKey } from '../../src/model.ts'
import {
  fingerprint,
  readConfirmation,
  readForm,
  readUnsubscribe,
  signConfirmation,
  signForm,
  signUnsubscribe,
} from '../../src/subscribers/token.ts'

const key: SigningKey = { id: 'k1', secret: Buffer.alloc(32, 1).toString('base64url') }
const newer: SigningKey = { id: 'k2', secret: Buffer.alloc(32, 2).toString('base64url') }
const who = { subscriberId: 'deeeea94-7866-4275-9f7b-cba524b924a0', newsletterId: 'daily' }

const anyone = fc.record(
  { subscriberId: fc.string({ unit: 'binary' }), newsletterId: fc.string({ unit: 'grapheme' }) },
  { noNullPrototype: true },
)

describe('subscribers/token', () => {
  it('reads what it signed, for whomever', () => {
    fc.assert(
      fc.property(anyone, (reader) => {
        assert.deepEqual(readUnsubscribe([key], signUnsubscribe(key, reader)), reader)
      }),
    )
  })

  it('signs the same link today as ever: those that are out there must work for ever', () => {
    assert.equal(
      signUnsubscribe(key, who),
      'b1.k1.WyJkZWVlZWE5NC03ODY2LTQyNzUtOWY3Yi1jYmE1MjRiOTI0YTAiLCJkYWlseSJd.iuBNt_lcbGfkUS3hUK76yWAM90gzuLJvh9ZsGlhzy4o',
    )
  })

  it('stands in one segment of a path as it is', () => {
    fc.assert(
      fc.property(anyone, (reader) => {
        const token = signUnsubscribe(key, reader)
        assert.match(token, /^[A-Za-z0-9._-]+$/)
        assert.equal(new URL(`https://news.example/unsubscribe/${token}`).pathname, `/unsubscribe/${token}`)
      }),
    )
  })

  it('reads a link of any key that was ever used', () => {
    assert.deepEqual(readUnsubscribe([newer, key], signUnsubscribe(key, who)), who)
    assert.deepEqual(readUnsubscribe([newer, key], signUnsubscribe(newer, who)), who)
  })

  it('refuses a link of a key that is not ours', () => {
    refuses(signUnsubscribe(newer, who))
    refuses(signUnsubscribe({ ...newer, id: key.id }, who))
    refuses(signUnsubscribe(key, who), [])
  })

  it('refuses a link with any one character changed', () => {
    const token = signUnsubscribe(key, who)
    const characters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ')
    for (let index = 0; index < token.length; index += 1) {
      for (const character of characters) {
        if (character === token[index]) continue
        refuses(token.slice(0, index) + character + token.slice(index + 1))
      }
    }
  })

  it('refuses a link that is cut short or grew, at either end', () => {
    const token = signUnsubscribe(key, who)
    for (let length = 0; length < token.length; length += 1) {
      refuses(token.slice(0, length))
      refuses(token.slice(token.length - length))
    }
    for (const more of ['=', '.', 'A', '%20', '\n', '\u0000']) {
      refuses(token + more)
      refuses(more + token)
    }
  })

  it('refuses a link whose reader was exchanged for another', () => {
    const [format, id, , mac] = signUnsubscribe(key, who).split('.')
    const [, , payload] = signUnsubscribe(key, { ...who, subscriberId: 'another' }).split('.')
    refuses([format, id, payload, mac].join('.'))
  })

  it('refuses a token of another kind or format that the same key signed', () => {
    const [format, id, payload] = signUnsubscribe(key, who).split('.') as [string, string, string]
    const sign = (text: string) =>
      createHmac('sha256', Buffer.from(key.secret, 'base64url')).update(text).digest('base64url')
    // The construction itself is right, so that what follows is refused for its kind and format alone.
    assert.deepEqual(
      readUnsubscribe([key], `b1.${id}.${payload}.${sign(`${format}.unsubscribe.${id}.${payload}`)}`),
      who,
    )
    for (const kind of ['confirm', 'preferences', '', 'unsubscribe.']) {
      refuses(`b1.${id}.${payload}.${sign(`b1.${kind}.${id}.${payload}`)}`)
    }
    refuses(`b2.${id}.${payload}.${sign(`b2.unsubscribe.${id}.${payload}`)}`)
    refuses(`b1.${id}.${payload}.${sign(`b2.unsubscribe.${id}.${payload}`)}`)
    refuses(`b1.${id}.${payload}.${sign(`${id}.${payload}`)}`)
  })

  it('refuses anything else', () => {
    for (const text of [
      '',
      '.',
      '...',
      'b1...',
      'b1.k1..',
      'b1.constructor.e30.AAAA',
      '__proto__',
      '../../etc/passwd',
    ]) {
      refuses(text)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        refuses(text)
        refuses(`b1.k1.${text}`)
      }),
    )
  })

  it('reads confirmations and forms as it signed them, of any key', () => {
    const then = new Date('2026-03-14T07:30:00.123Z')
    for (const signing of [key, newer]) {
      assert.equal(readConfirmation([newer, key], signConfirmation(signing, 'c1')), 'c1')
      assert.deepEqual(readForm([newer, key], 'subscribe', signForm(signing, 'subscribe', then)), then)
    }
    assert.throws(() => readConfirmation([key], signConfirmation(newer, 'c1')), { code: 'token.invalid' })
  })

  it('takes no token for one of another kind, or for another purpose', () => {
    const confirmation = signConfirmation(key, 'c1')
    const form = signForm(key, 'subscribe', new Date(0))
    const leaving = signUnsubscribe(key, who)
    const tried: (() => unknown)[] = [
      () => readConfirmation([key], form),
      () => readConfirmation([key], leaving),
      () => readForm([key], 'subscribe', confirmation),
      () => readForm([key], 'subscribe', leaving),
      () => readForm([key], 'preferences', form),
      () => readUnsubscribe([key], confirmation),
      () => readUnsubscribe([key], form),
    ]
    for (const read of tried) assert.throws(read, { code: 'token.invalid' })
  })

  it('makes a fingerprint that another key, kind or text does not make', () => {
    const first = fingerprint(key, 'network', '203.0.113.0/24')
    assert.equal(fingerprint(key, 'network', '203.0.113.0/24'), first)
    const others = [
      fingerprint(newer, 'network', '203.0.113.0/24'),
      fingerprint(key, 'address', '203.0.113.0/24'),
      fingerprint(key, 'network', '203.0.114.0/24'),
    ]
    assert.equal(new Set([first, ...others]).size, 4)
    assert.doesNotMatch(first, /203|113/)
  })

  it('shows nothing of the token in its failure', () => {
    const token = signUnsubscribe(newer, who)
    try {
      readUnsubscribe([key], token)
      assert.fail()
    } catch (thrown) {
      assert.ok(thrown instanceof Failure)
      assert.deepEqual(thrown.details, {})
    }
  })
})

function refuses(token: string, keys = [key]): void {
  assert.throws(() => readUnsubscribe(keys, token), { code: 'token.invalid' }, token)
}
