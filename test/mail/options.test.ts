import assert from 'node:assert/strict'
import { options, readServer, type Server } from '../../src/mail/options.ts'

const news = { user: 'news', password: 'sesame' }

const good: [string, Server][] = [
  [
    'smtps://news:sesame@smtp.provider.example',
    { host: 'smtp.provider.example', port: 465, tls: 'implicit', verifies: true, login: news },
  ],
  [
    'smtp://news:sesame@smtp.provider.example',
    { host: 'smtp.provider.example', port: 587, tls: 'required', verifies: true, login: news },
  ],
  ['SMTP://relay.other.example:587', { host: 'relay.other.example', port: 587, tls: 'offered', verifies: false }],
  ['smtp://relay.other.example/', { host: 'relay.other.example', port: 25, tls: 'offered', verifies: false }],
  [
    'smtp://relay.other.example?tls=required',
    { host: 'relay.other.example', port: 25, tls: 'required', verifies: true },
  ],
  ['smtp://relay.other.example?tls=off', { host: 'relay.other.example', port: 25, tls: 'off', verifies: false }],
  [
    'smtp://news:sesame@localhost:1025',
    { host: 'localhost', port: 1025, tls: 'offered', verifies: false, login: news },
  ],
  ['smtp://news:sesame@127.0.0.1?tls=off', { host: '127.0.0.1', port: 587, tls: 'off', verifies: false, login: news }],
  ['smtp://[2001:db8::25]:2525', { host: '2001:db8::25', port: 2525, tls: 'offered', verifies: false }],
  // Passwords come out of the environment, and nobody escapes them there.
  [
    'smtps://post@mg.example.com:a/b#c@d?e:f+=@smtp.provider.example:465',
    {
      host: 'smtp.provider.example',
      port: 465,
      tls: 'implicit',
      verifies: true,
      login: { user: 'post@mg.example.com', password: 'a/b#c@d?e:f+=' },
    },
  ],
  [
    'smtps://a%40b:100%25%@smtp.provider.example',
    {
      host: 'smtp.provider.example',
      port: 465,
      tls: 'implicit',
      verifies: true,
      login: { user: 'a@b', password: '100%25%' },
    },
  ],
  [
    'smtps://a%40b:p%3aq@smtp.provider.example',
    {
      host: 'smtp.provider.example',
      port: 465,
      tls: 'implicit',
      verifies: true,
      login: { user: 'a@b', password: 'p:q' },
    },
  ],
]

const bad: [string, RegExp][] = [
  ['', /smtp:\/\/HOST:PORT/],
  ['smtp.provider.example', /smtp:\/\/HOST:PORT/],
  ['http://smtp.provider.example', /smtp:\/\/HOST:PORT/],
  ['smtp://', /smtp:\/\/HOST:PORT/],
  ['smtp://news:sesame@', /smtp:\/\/HOST:PORT/],
  ['smtp://a b.example', /smtp:\/\/HOST:PORT/],
  ['smtp://[nonsense]', /smtp:\/\/HOST:PORT/],
  ['smtp://host.example/path', /smtp:\/\/HOST:PORT/],
  ['smtp://host.example:0', /port/],
  ['smtp://host.example:65536', /port/],
  ['smtp://news@host.example', /USER:PASSWORD/],
  ['smtp://news:@host.example', /USER:PASSWORD/],
  ['smtp://:sesame@host.example', /USER:PASSWORD/],
  ['smtp://host.example?tls=maybe', /\?tls=/],
  ['smtp://host.example?secure=true', /\?tls=/],
  ['smtps://host.example?tls=off', /\?tls=/],
  ['smtp://news:sesame@host.example?tls=off', /clear text/],
]

describe('mail/options', () => {
  it('reads addresses of mail servers, whatever is in the password', () => {
    for (const [url, server] of good) assert.deepEqual(readServer(url), server, url)
  })

  it('says what is wrong with an address, and never repeats it', () => {
    for (const [url, says] of bad) {
      const read = readServer(url)
      assert.ok(typeof read === 'string', url)
      assert.match(read, says, url)
      assert.ok(!read.includes('sesame'))
    }
  })

  const faultsOf = (value: unknown) =>
    (options.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)

  it('takes transports in order with a rate, connections, and rates for domains', () => {
    const url = 'smtp://relay.example'
    const read = options.parse({
      transports: [
        { id: 'primary', url, rate: '50/s', connections: 10 },
        { id: 'standby', url },
      ],
      domains: { 'gmail.com': '20/s' },
    })
    assert.deepEqual(
      read.transports?.map(({ id, rate, connections }) => [id, rate, connections]),
      [
        ['primary', { count: 50, periodMs: 1000 }, 10],
        ['standby', undefined, 4],
      ],
    )
    assert.deepEqual(read.domains, { 'gmail.com': { count: 20, periodMs: 1000 } })
    assert.deepEqual(options.parse({}), { domains: {} })
  })

  it('refuses what it does not know, twice the same id, and the name of the built-in mailbox', () => {
    const url = 'smtp://relay.example'
    const cases: [unknown, RegExp][] = [
      [{ transports: [] }, /transports/],
      [{ dkim: {} }, /dkim|key/],
      [{ bounces: {} }, /bounces|key/],
      [{ transports: [{ id: 'a', url, pool: true }] }, /pool|key/],
      [
        {
          transports: [
            { id: 'a', url },
            { id: 'a', url },
          ],
        },
        /transports\.1\.id: an id of its own/,
      ],
      [{ transports: [{ id: 'mailbox', url }] }, /choose another id/],
      [{ transports: [{ id: 'A b', url }] }, /small letters/],
      [{ transports: [{ id: 'a', url, rate: '50' }] }, /50\/s/],
      [{ transports: [{ id: 'a', url, connections: 0 }] }, /connections/],
      [{ domains: { 'Gmail.com': '20/s' } }, /domains\.Gmail\.com: a domain in small letters/],
      [{ domains: { 'gmail.com': 'slow' } }, /domains\.gmail\.com: a number/],
    ]
    for (const [value, says] of cases) assert.match(faultsOf(value).join('; '), says, JSON.stringify(value))
  })
})
