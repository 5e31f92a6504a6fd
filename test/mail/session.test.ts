import assert from 'node:assert/strict'
import { Failure } from '../../src/failures.ts'
import { toMime } from '../../src/mail/message.ts'
import { type Server } from '../../src/mail/options.ts'
import { judge, type Attempt, type Blame } from '../../src/mail/outcome.ts'
import { openSession, type Session, type Timeouts } from '../../src/mail/session.ts'
import { type Outcome } from '../../src/contracts.ts'
import { certificate, key } from './certificate.ts'
import { at, message, scripted, taking, type Act, type Script, type Scripted, type Step } from './server.ts'

const timeouts: Timeouts = { openMs: 300, replyMs: 400, messageMs: 2000 }

/** More than the buffers of two kernels hold. */
const large = Buffer.alloc(32_000_000, `${'x'.repeat(70)}\r\n`)

describe('mail/session', () => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  const serve = async (script: Script): Promise<Scripted> => {
    const server = await scripted(script)
    closing.push(() => server.close())
    return server
  }
  const open = async (port: number, changes: Partial<Server> = {}, ca?: string): Promise<Session> => {
    const session = await openSession('primary', at(port, changes), { timeouts, name: 'news.gazette.example', ca })
    closing.push(async () => session.cut('the test is over'))
    return session
  }
  const send = async (session: Session, one = message('m1')): Promise<Attempt> =>
    session.send(one.envelope, await toMime(one))

  /** Instants, what the server does there, how large the message is, and what becomes of it. */
  const instants: [Step, Act | Act[], 'small' | 'large', Outcome['kind'] | 'untried', Blame][] = [
    ['MAIL', 'drop', 'small', 'later', 'doubt'],
    ['MAIL', '550 5.7.1 not from you', 'small', 'untried', 'sender'],
    ['MAIL', '451 4.3.0 not now', 'small', 'untried', 'server'],
    ['MAIL', { say: '421 4.3.2 bye', then: 'drop' }, 'small', 'untried', 'server'],
    ['MAIL', 'silence', 'small', 'later', 'doubt'],
    ['RCPT', 'drop', 'small', 'later', 'doubt'],
    ['RCPT', '550 5.1.1 no such user', 'small', 'refused', 'nobody'],
    ['RCPT', '450 4.2.0 greylisted', 'small', 'later', 'nobody'],
    ['RCPT', { say: '421 4.3.2 bye', then: 'drop' }, 'small', 'later', 'server'],
    ['DATA', 'drop', 'small', 'later', 'doubt'],
    ['DATA', '451 4.3.0 not now', 'small', 'later', 'doubt'],
    ['DATA', 'silence', 'small', 'later', 'doubt'],
    ['body', 'drop', 'large', 'later', 'doubt'],
    ['body', ['552 5.3.4 too big', ''], 'large', 'refused', 'doubt'],
    // So short that all of it was on its way when the server hung up: whether it got the end, nobody knows.
    ['body', 'drop', 'small', 'uncertain', 'doubt'],
    ['dot', 'drop', 'small', 'uncertain', 'doubt'],
    ['dot', 'drop', 'large', 'uncertain', 'doubt'],
    ['dot', 'silence', 'small', 'uncertain', 'doubt'],
    ['dot', { say: '250 2.0.0 Ok: que', then: 'drop', half: true }, 'small', 'uncertain', 'doubt'],
    ['dot', { say: '250 2.0.0 Ok: queued as 4XyZ12', then: 'drop' }, 'small', 'submitted', 'nobody'],
    ['dot', '250 2.0.0 Ok: queued as 4XyZ12', 'large', 'submitted', 'nobody'],
    ['dot', { say: '421 4.3.2 bye', then: 'drop' }, 'small', 'later', 'server'],
    ['dot', '451 4.3.0 try again', 'small', 'later', 'doubt'],
    ['dot', '554 5.7.1 spam', 'small', 'refused', 'doubt'],
  ]

  for (const pipelining of [false, true]) {
    for (const [step, act, size, kind, blame] of instants) {
      const does = JSON.stringify(act)
      it(`calls a ${size} message ${kind} when a server${pipelining ? ' with PIPELINING' : ''} at ${step} does ${does}`, async () => {
        const EHLO = pipelining ? '250-test\r\n250 PIPELINING' : '250-test\r\n250 8BITMIME'
        const server = await serve({ EHLO, [step]: act })
        const session = await open(server.port)
        const one = message('m1')
        const attempt = await session.send(one.envelope, size === 'large' ? large : Buffer.from('It sails.\r\n'))
        const verdict = judge(attempt)
        const told = verdict.outcome.untried ? 'untried' : verdict.outcome.kind
        // Without the answer to MAIL a pipelining client cannot know which of its commands a 421 meant.
        assert.deepEqual([told, verdict.blame], [kind, blame], JSON.stringify(attempt))
        assert.equal(server.taken.length, step === 'dot' ? 1 : 0)
        if (typeof act === 'string' && /^\d/.test(act)) assert.ok(verdict.outcome.reply.startsWith(act))
      })
    }
  }

  const openings: [Script, Partial<Server>, RegExp, RegExp][] = [
    [{ greeting: 'drop' }, {}, /connecting/, /closed/],
    [{ greeting: 'silence' }, {}, /connecting/, /[Gg]reeting|too long/],
    [{ greeting: '554 5.7.1 go away' }, {}, /greeting/, /^554 5\.7\.1 go away$/],
    [{ greeting: '421 4.3.2 too busy' }, {}, /greeting/, /^421 4\.3\.2 too busy$/],
    [{ EHLO: 'drop' }, {}, /connecting/, /closed/],
    [{ EHLO: 'silence' }, {}, /connecting/, /too long|imeout/],
    [{}, { tls: 'required' }, /TLS/, /454 no TLS here/],
    [{ STARTTLS: 'drop' }, { tls: 'required' }, /connecting|TLS/, /closed/],
    [{ STARTTLS: { say: '220 go', then: 'drop' } }, { tls: 'required' }, /TLS/, /closed|disconnected|reset|TLS/],
    [{}, { login: { user: 'u', password: 'p' } }, /logging in|connecting/, /offers no login/],
    [
      { EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: 'drop' },
      { login: { user: 'u', password: 'p' } },
      /connecting/,
      /closed/,
    ],
    [
      { EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 bad credentials' },
      { login: { user: 'u', password: 'sesame-17' } },
      /logging in/,
      /^535 5\.7\.8 bad credentials$/,
    ],
    [{}, { port: 1 }, /connecting/, /ECONNREFUSED/],
    [{}, { host: 'no-such-host.invalid' }, /looking up its name/, /./],
  ]
  for (const [script, changes, step, reply] of openings) {
    it(`does not open when the server: ${JSON.stringify(script)}, asked with ${JSON.stringify(changes)}`, async () => {
      const server = await serve(script)
      await assert.rejects(open(server.port, changes), (error) => {
        assert.ok(error instanceof Failure)
        assert.equal(error.code, 'mail.transport')
        assert.equal(error.details['transport'], 'primary')
        assert.match(String(error.details['at']), step)
        assert.match(String(error.details['reply']), reply)
        assert.ok(!JSON.stringify(error).includes('sesame-17') && !error.message.includes('sesame-17'))
        return true
      })
    })
  }

  it('hands over the bytes as they are, with dots and line ends intact', async () => {
    const server = await taking()
    closing.push(() => server.close())
    const session = await open(server.port)
    const one = message('m1', undefined, { text: '.\n..two\n.three', html: '<p>.</p>' })
    assert.equal(judge(await send(session, one)).outcome.kind, 'submitted')
    const bytes = (await toMime(one)).toString('latin1')
    assert.equal(server.mails[0]?.raw, bytes)
  })

  it('says who it is', async () => {
    const server = await serve({})
    await open(server.port)
    assert.equal(server.seen[0], 'EHLO news.gazette.example')
  })

  it('uses one connection for many messages, also after refusals', async () => {
    const server = await serve({
      RCPT: ['250 ok', '550 5.1.1 unknown', '250 ok'],
      dot: ['250 ok', '554 5.7.1 no', '250 ok'],
    })
    const session = await open(server.port)
    const kinds: string[] = []
    for (let number = 0; number < 15; number++) kinds.push(judge(await send(session)).outcome.kind)
    assert.deepEqual(kinds.slice(0, 4), ['submitted', 'refused', 'refused', 'submitted'])
    assert.deepEqual([...new Set(kinds.slice(4))], ['submitted'])
    assert.equal(server.connections(), 1)
    assert.equal(session.isOpen, true)
    await session.quit()
    assert.equal(server.seen.at(-1), 'QUIT')
  })

  it('uses a connection no more once it is out of step', async () => {
    const server = await serve({ dot: 'what?' })
    const session = await open(server.port)
    assert.equal(judge(await send(session)).outcome.kind, 'uncertain')
    assert.equal(session.isOpen, false)
  })

  it('cuts a message off, which then is uncertain only if all of it was gone', async () => {
    for (const [script, kind] of [
      [{ dot: 'silence' }, 'uncertain'],
      [{ RCPT: 'silence' }, 'later'],
    ] as const) {
      const server = await serve(script)
      const session = await open(server.port)
      const sending = send(session)
      while (!server.seen.some((line) => line === '.' || line.startsWith('RCPT')))
        await new Promise((resolve) => setImmediate(resolve))
      if (kind === 'uncertain') while (!server.seen.includes('.')) await new Promise((resolve) => setImmediate(resolve))
      session.cut('it was cut off')
      const { outcome } = judge(await sending)
      assert.deepEqual([outcome.kind, outcome.reply], [kind, 'it was cut off'])
    }
  })

  it('refuses a message that is larger than the server takes, before anything is sent', async () => {
    const server = await serve({ EHLO: '250-test\r\n250 SIZE 100' })
    const session = await open(server.port)
    const verdict = judge(await send(session))
    assert.deepEqual([verdict.outcome.kind, verdict.outcome.untried, verdict.blame], ['later', true, 'sender'])
    assert.ok(!server.seen.some((line) => line.startsWith('MAIL')))
  })

  describe('with TLS', () => {
    const login = { user: 'news', password: 'sesame' }
    const secured = async (options: object = {}) => {
      const server = await taking({
        key,
        cert: certificate,
        disabledCommands: [],
        authOptional: false,
        onAuth: ({ username, password }, _session, done) =>
          username === 'news' && password === 'sesame'
            ? done(null, { user: 'news' })
            : done(new Error('535 5.7.8 wrong')),
        ...options,
      })
      closing.push(() => server.close())
      return server
    }

    it('upgrades with STARTTLS, checks the certificate, and logs in', async () => {
      const server = await secured()
      const session = await open(
        server.port,
        { host: 'localhost', tls: 'required', verifies: true, login },
        certificate,
      )
      assert.equal(session.isEncrypted, true)
      assert.equal(judge(await send(session)).outcome.kind, 'submitted')
    })

    it('speaks TLS from the first byte with smtps', async () => {
      const server = await secured({ secure: true })
      const session = await open(
        server.port,
        { host: 'localhost', tls: 'implicit', verifies: true, login },
        certificate,
      )
      assert.equal(session.isEncrypted, true)
      assert.equal(judge(await send(session)).outcome.kind, 'submitted')
    })

    it('gives its password to no server whose certificate nobody vouches for', async () => {
      for (const [tls, options] of [
        ['required', {}],
        ['implicit', { secure: true }],
      ] as const) {
        let asked = 0
        const server = await secured({ ...options, onAuth: () => (asked += 1) })
        await assert.rejects(open(server.port, { host: 'localhost', tls, verifies: true, login }), (error) => {
          assert.ok(error instanceof Failure)
          assert.match(String(error.details['at']), /TLS/)
          assert.match(String(error.details['reply']), /self.signed/)
          return true
        })
        assert.equal(asked, 0)
      }
    })

    it('takes TLS where it is offered without a login, whatever the certificate', async () => {
      const server = await secured({ authOptional: true })
      const session = await open(server.port)
      assert.equal(session.isEncrypted, true)
      const plain = await open(server.port, { tls: 'off' })
      assert.equal(plain.isEncrypted, false)
    })

    it('says what the server said to a wrong password', async () => {
      const server = await secured()
      await assert.rejects(open(server.port, { login: { user: 'news', password: 'wrong' } }), (error) => {
        assert.ok(error instanceof Failure)
        assert.equal(error.details['at'], 'logging in')
        assert.match(String(error.details['reply']), /^535/)
        return true
      })
    })
  })
})
