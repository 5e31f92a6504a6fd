import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { Failure } from '../../src/failures.ts'
import { parseAddress } from '../../src/subscribers/address.ts'

describe('subscribers/address', () => {
  for (const [written, email, key = email] of [
    ['ada@reader.example', 'ada@reader.example'],
    ['  ada@reader.example\r\n', 'ada@reader.example'],
    ['Ada.Moor@Reader.EXAMPLE', 'Ada.Moor@reader.example', 'ada.moor@reader.example'],
    ['ada+gazette@reader.example', 'ada+gazette@reader.example'],
    ["o'hara_1-2@a-b.c1.example", "o'hara_1-2@a-b.c1.example"],
    ["!#$%&'*+/=?^_`{|}~-@reader.example", "!#$%&'*+/=?^_`{|}~-@reader.example"],
    ['1@2.example', '1@2.example'],
    ['post@hafen-köln.example', 'post@xn--hafen-kln-67a.example'],
    ['post@HAFEN-KÖLN.example', 'post@xn--hafen-kln-67a.example'],
    ['post@例え。example', 'post@xn--r8jz45g.example'],
    ['post@xn--r8jz45g.example', 'post@xn--r8jz45g.example'],
    ['Jörg@reader.example', 'Jörg@reader.example', 'jörg@reader.example'],
    ['用户@例え.example', '用户@xn--r8jz45g.example'],
    ['jo\u0308rg@reader.example', 'j\u00f6rg@reader.example'],
    [`${'a'.repeat(64)}@reader.example`, `${'a'.repeat(64)}@reader.example`],
  ] as const) {
    it(`reads ${JSON.stringify(written)}`, () => {
      assert.deepEqual(parseAddress(written), { email, key })
    })
  }

  for (const written of [
    '',
    ' ',
    '@',
    'ada',
    'ada@',
    '@reader.example',
    'ada@reader',
    'ada@localhost',
    'ada@@reader.example',
    'ada@moor@reader.example',
    'ada @reader.example',
    'ada@ reader.example',
    'ada moor@reader.example',
    '.ada@reader.example',
    'ada.@reader.example',
    'ada..moor@reader.example',
    '"ada moor"@reader.example',
    '"ada"@reader.example',
    'ada(the editor)@reader.example',
    'Ada Moor <ada@reader.example>',
    '<ada@reader.example>',
    'mailto:ada@reader.example',
    'ada@reader.example, bea@reader.example',
    'ada@reader.example;bea@reader.example',
    'ada@reader.example\r\nBcc: all@reader.example',
    'ada\r\nBcc: all@reader.example',
    'ada\u0000@reader.example',
    'ada\u200b@reader.example',
    'ada\u202e@reader.example',
    'ada@reader.example.',
    'ada@.reader.example',
    'ada@reader..example',
    'ada@-reader.example',
    'ada@reader-.example',
    'ada@rea_der.example',
    'ada@reader.example/path',
    'ada@reader.example:25',
    'ada@reader%2eexample',
    'ada@[192.0.2.1]',
    'ada@192.0.2.1',
    'ada@0x7f.1',
    'ada@reader.123',
    `ada@${'a'.repeat(64)}.example`,
    `${'a'.repeat(65)}@reader.example`,
    `${'ä'.repeat(33)}@reader.example`,
    `ada@${'abcdefghi.'.repeat(25)}example`,
  ]) {
    it(`refuses ${JSON.stringify(written).slice(0, 60)}`, () => {
      assert.throws(() => parseAddress(written), { code: 'subscriber.address' })
    })
  }

  it('counts to 254 octets', () => {
    const domain = `${'abcdefghi.'.repeat(24)}example`
    assert.equal(parseAddress(`abcdef@${domain}`).email.length, 254)
    assert.throws(() => parseAddress(`abcdefg@${domain}`), { code: 'subscriber.address', message: /longer/ })
  })

  it('says what is wrong, shows the address and lets nothing in it reach a terminal', () => {
    assert.throws(
      () => parseAddress('ada\u001b[31m\r\n@reader.example'),
      (failure: Failure) => {
        assert.deepEqual(failure.details, {
          address: 'ada\ufffd[31m\ufffd\ufffd@reader.example',
          reason: 'what stands before the @ is no name of a mailbox',
        })
        return true
      },
    )
    assert.throws(
      () => parseAddress('x'.repeat(100_000)),
      (failure: Failure) => failure.message.length < 500,
    )
  })

  it('takes what people have, in whatever case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (written) => {
        const { email, key } = parseAddress(written)
        const at = written.lastIndexOf('@')
        assert.equal(email, written.slice(0, at) + written.slice(at).toLowerCase())
        assert.equal(parseAddress(written.toUpperCase()).key, key)
      }),
    )
  })

  it('gives of anything at all either a failure or an address that is one token of a header', () => {
    fc.assert(
      fc.property(anything, (written) => {
        const read = attempt(written)
        if (read === undefined) return
        assert.match(read.email, /^[^\s\p{C}<>()[\]\\,;:"@]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/u)
        assert.ok(Buffer.byteLength(read.email) <= 254)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads what it gave as the same again', () => {
    fc.assert(
      fc.property(anything, (written) => {
        const read = attempt(written)
        if (read === undefined) return
        assert.deepEqual(parseAddress(read.email), read)
        assert.equal(parseAddress(read.key).key, read.key)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Near misses of addresses, and addresses in other scripts: text at random would never be one. */
const anything = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), fc.string({ unit: 'grapheme', maxLength: 3 }))
    .map(([local, label]) => `${local}@a${label}.example`),
  fc
    .tuple(
      fc.emailAddress(),
      fc.nat(30),
      fc.constantFrom('\r', '\n', ' ', ',', '<', '>', '"', '\u0085', '\u2028', '@', '(', '\\'),
    )
    .map(([address, index, odd]) => address.slice(0, index) + odd + address.slice(index)),
)

function attempt(written: string) {
  try {
    return parseAddress(written)
  } catch (thrown) {
    assert.ok(thrown instanceof Failure)
    return undefined
  }
}
