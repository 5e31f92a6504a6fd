import assert from 'node:assert/strict'
import { type RequestListener } from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { openParsing, type Parsing } from '../../src/parse.ts'
import { feedOf, page, runRound, type Answer } from './round.ts'

const MB = 1_000_000
const huge = Buffer.alloc(50 * MB, '<p>And on and on it goes.</p>')
const packed = (encoding: string, body: Uint8Array): RequestListener => {
  return (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(body)
}
const to = (location: string): RequestListener => {
  // A header holds bytes: servers write UTF-8 into it.
  return (_, response) => response.writeHead(302, { location: Buffer.from(location).toString('latin1') }).end()
}
const story = Buffer.from(page('Story', `<p>${'The harbour is open again. '.repeat(50)}</p>`))

/** Every way to write an address of this machine or its network that a browser or a library has ever read as one. */
const PRIVATE = [
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.1.', '0', '0.0.0.0'],
  ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fc00::1]', '[fe80::1]', '[::127.0.0.1]'],
  ...['①②⑦.⓪.⓪.①', '１２７.0.0.1', '127。0。0。1', 'localhost', 'LOCALHOST'],
] // prettier-ignore

interface Expected {
  fault?: string
}

const ANSWERS: Record<string, [answer: RequestListener, expected: Expected]> = {
  'fifty megabytes': [(_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(huge), { fault: 'http.tooLarge' }],
  'fifty megabytes that announce themselves': [
    (_, response) => response.writeHead(200, { 'content-type': 'text/html', 'content-length': huge.length }).end(huge),
    { fault: 'http.tooLarge' },
  ],
  'a bomb in gzip': [packed('gzip', gzipSync(huge)), { fault: 'http.tooLarge' }],
  'a bomb in brotli': [packed('br', brotliCompressSync(huge)), { fault: 'http.tooLarge' }],
  'a bomb in deflate': [packed('deflate', deflateSync(huge)), { fault: 'http.tooLarge' }],
  'a bomb in bare deflate': [packed('deflate', deflateRawSync(huge)), { fault: 'http.tooLarge' }],
  'a bomb in zstd': [packed('zstd', zstdCompressSync(huge)), { fault: 'http.tooLarge' }],
  'a bomb packed twice': [packed('gzip, gzip', gzipSync(gzipSync(huge))), { fault: 'http.tooLarge' }],
  'what is packed three times': [packed('gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(story)))), { fault: 'http.encoding' }],
  'an ordinary page in each coding that is asked for': [packed('br', brotliCompressSync(story)), {}],
  'gzip that breaks off': [packed('gzip', gzipSync(story).subarray(0, -9)), { fault: 'http.encoding' }],
  'brotli that breaks off': [packed('br', brotliCompressSync(story).subarray(0, -9)), { fault: 'http.encoding' }],
  'text that calls itself gzip': [packed('gzip', story), { fault: 'http.encoding' }],
  'a coding that nobody asked for': [packed('compress', story), { fault: 'http.encoding' }],
  'a body that never ends': [
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) continue
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    },
    { fault: 'http.tooLarge' },
  ],
  'a redirect to itself': [to('/bad'), { fault: 'http.redirect' }],
  'redirects without end': [(_, response) => response.writeHead(302, { location: `/bad?${Math.random()}` }).end(), { fault: 'http.redirect' }],
  'a redirect to a file': [to('file:///etc/passwd'), { fault: 'http.address' }],
  'a redirect to a script': [to('javascript:alert(1)'), { fault: 'http.address' }],
  'a redirect to a name with a password': [to('http://name:word@gazette.example/'), { fault: 'http.address' }],
} // prettier-ignore

describe('hostile answers @slow', () => {
  let parsing: Parsing
  before(() => (parsing = openParsing()))
  after(() => parsing.close())

  for (const [name, [answer, { fault }]] of Object.entries(ANSWERS)) {
    it(`${name}: ${fault ?? 'read'}, and the page after it too`, async () => {
      const round = await runRound(parsing.parse, {
        '/feed': feedOf('/good', '/bad'),
        '/bad': answer,
        '/good': page('Good'),
      })
      assert.deepEqual(round.faults, fault === undefined ? [] : [fault])
      assert.equal(round.articles.length, fault === undefined ? 2 : 1)
    }).timeout(60_000)
  }

  it('redirects into private networks in every notation: none is followed, and the page after them is read', async () => {
    const targets = PRIVATE.flatMap((host) => [`http://${host}/secret`, `https://${host}:8443/secret`])
    const paths = targets.map((_, at) => `/to/${at}`)
    const round = await runRound(parsing.parse, {
      '/feed': feedOf('/good', ...paths),
      '/good': page('Good'),
      ...Object.fromEntries<Answer>(targets.map((target, at) => [`/to/${at}`, to(target)])),
    })
    assert.deepEqual(
      round.faults,
      targets.map(() => 'http.private'),
    )
    assert.deepEqual(
      round.articles.map(({ title }) => title),
      ['Good'],
    )
  }).timeout(60_000)

  for (const [what, listener] of Object.entries<RequestListener>({
    'a body that comes byte by byte': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      const timer = setInterval(() => response.write('x'), 50)
      response.on('close', () => clearInterval(timer))
    },
    'no answer at all': () => undefined,
  })) {
    it(`${what}: given up, and the page after it is read`, async () => {
      const round = await runRound(parsing.parse, {
        '/feed': feedOf('/good', '/bad'),
        '/bad': listener,
        '/good': page('Good'),
      })
      assert.deepEqual(round.faults, ['http.timeout'])
      assert.deepEqual(
        round.articles.map(({ title }) => title),
        ['Good'],
      )
    }).timeout(90_000)
  }
})
