import { strict as assert } from 'node:assert'
import { Readable } from 'node:stream'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync, constants } from 'node:zlib'
import { readBody } from '../../src/http/body.ts'

const text = 'All the news that fits. '.repeat(500)

const read = async (bytes: Uint8Array, encoding?: string, maxBytes = 1_000_000, isCut = false): Promise<string> =>
  Buffer.from(
    await readBody(Readable.from(pieces(bytes), { objectMode: false }), encoding, { maxBytes, isCut }),
  ).toString()

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
}

describe('http/body', () => {
  describe('unpacks', () => {
    for (const [encoding, bytes] of [
      [undefined, Buffer.from(text)],
      ['identity', Buffer.from(text)],
      ['UTF-8', Buffer.from(text)],
      ['gzip', gzipSync(text)],
      ['X-GZip', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['deflate', deflateRawSync(text)],
      ['br', brotliCompressSync(text)],
      ['zstd', zstdCompressSync(text)],
      ['gzip, br', brotliCompressSync(gzipSync(text))],
      ['deflate , identity, gzip', gzipSync(deflateSync(text))],
    ] as const) {
      it(`${String(encoding)}, ${bytes.length} bytes`, async () => assert.equal(await read(bytes, encoding), text))
    }

    it('several members of gzip one after the other', async () => {
      assert.equal(await read(Buffer.concat([gzipSync('a'), gzipSync('b')]), 'gzip'), 'ab')
    })

    it('nothing at all, whatever it is called', async () => {
      for (const encoding of ['gzip', 'br', 'zstd', 'deflate', undefined])
        assert.equal(await read(Buffer.of(), encoding), '')
    })
  })

  describe('says that it cannot unpack', () => {
    for (const [what, bytes, encoding] of [
      ['gzip that ends too early', gzipSync(text).subarray(0, -20), 'gzip'],
      ['gzip that is only begun', gzipSync(text).subarray(0, 5), 'gzip'],
      ['gzip with a wrong sum', Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8)]), 'gzip'],
      ['deflate that ends too early', deflateSync(text).subarray(0, -20), 'deflate'],
      ['brotli that ends too early', brotliCompressSync(text).subarray(0, -5), 'br'],
      ['zstd that ends too early', zstdCompressSync(text).subarray(0, -5), 'zstd'],
      ['what is not packed', Buffer.from(text), 'gzip'],
      ['what is not packed', Buffer.from(text), 'br'],
      ['what is not packed', Buffer.from(text), 'zstd'],
      ['an encoding that nobody asked for', Buffer.from(text), 'compress'],
      ['three layers', gzipSync(gzipSync(gzipSync(text))), 'gzip, gzip, gzip'],
      [
        'zstd that wants more memory than a page may',
        zstdCompressSync(Buffer.alloc(40_000_000, text), { params: { [constants.ZSTD_c_windowLog]: 27 } }),
        'zstd',
      ],
    ] as const) {
      it(`${what} (${encoding})`, () => assert.rejects(read(bytes, encoding, 100_000_000), { code: 'http.encoding' }))
    }
  })

  describe('goes no further than the limit', () => {
    const zeroes = Buffer.alloc(50_000_000)
    for (const [what, bytes, encoding] of [
      ['plain', zeroes, undefined],
      ['a bomb of gzip', gzipSync(zeroes), 'gzip'],
      ['a bomb of brotli', brotliCompressSync(zeroes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }), 'br'],
      ['a bomb of zstd', zstdCompressSync(zeroes), 'zstd'],
      ['a bomb inside a bomb', gzipSync(gzipSync(zeroes)), 'gzip, gzip'],
      // Empty blocks of deflate: much goes in and nothing comes out.
      [
        'a layer that never gives anything',
        gzipSync(
          Buffer.concat([Buffer.from([0x78, 0x9c]), Buffer.alloc(5_000_000, Buffer.from([0, 0, 0, 0xff, 0xff]))]),
        ),
        'deflate, gzip',
      ],
    ] as const) {
      it(what, async () => {
        const before = process.memoryUsage().arrayBuffers
        let most = 0
        const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 1)
        await assert
          .rejects(read(bytes, encoding, 1_000_000), { code: 'http.tooLarge' })
          .finally(() => clearInterval(watch))
        assert.ok(most < 20_000_000, `${most} bytes were held`)
      })
    }

    it('to the byte', async () => {
      assert.equal((await read(gzipSync('x'.repeat(1_000)), 'gzip', 1_000)).length, 1_000)
      await assert.rejects(read(gzipSync('x'.repeat(1_001)), 'gzip', 1_000), { code: 'http.tooLarge' })
      await assert.rejects(read(Buffer.from('x'.repeat(1_001)), undefined, 1_000), { code: 'http.tooLarge' })
    })

    it('and keeps what came until then where that is enough', async () => {
      assert.equal(await read(Buffer.from(text), undefined, 1_500, true), text.slice(0, 1_500))
      assert.equal(await read(gzipSync(text), 'gzip', 1_500, true), text.slice(0, 1_500))
      assert.equal(await read(Buffer.from(text), undefined, text.length, true), text)
    })

    it('and reads no more of the body then', async () => {
      const endless = new Readable({ read: () => undefined })
      const pushing = setInterval(() => endless.push(Buffer.alloc(10_000)), 1)
      await assert
        .rejects(readBody(endless, undefined, { maxBytes: 50_000 }), { code: 'http.tooLarge' })
        .finally(() => clearInterval(pushing))
      assert.equal(endless.destroyed, true)
    })
  })

  for (const encoding of [undefined, 'gzip']) {
    it(`throws what the connection threw (${String(encoding)})`, async () => {
      const broken = new Error('the line went dead')
      const body = Readable.from(
        (function* () {
          yield gzipSync(text).subarray(0, 40)
          throw broken
        })(),
        { objectMode: false },
      )
      await assert.rejects(readBody(body, encoding, { maxBytes: 1_000 }), broken)
    })
  }
})
