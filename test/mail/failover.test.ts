import assert from 'node:assert/strict'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { openTransport, type MailNeeds } from '../../src/mail/index.ts'
import { type MailOptions, type TransportOptions } from '../../src/mail/options.ts'
import { type Outcome, type Transport } from '../../src/contracts.ts'
import { silent } from '../press.ts'
import { at, message, scripted, taking, type Script, type Scripted, type Taking } from './server.ts'

const minute = 60_000

describe('mail/failover', () => {
  const closing: (() => Promise<void>)[] = []
  let now = 0
  /** What was waited for the rates, in milliseconds. */
  let waits: number[] = []

  beforeEach(() => {
    now = 1000
    waits = []
  })

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  const serve = async (script: Script = {}): Promise<Scripted> => {
    const server = await scripted(script)
    closing.push(() => server.close())
    return server
  }
  const serveAll = async (): Promise<Taking> => {
    const server = await taking()
    closing.push(() => server.close())
    return server
  }
  const through = (
    servers: { port: number }[],
    changes: Partial<TransportOptions> = {},
    more: Partial<MailOptions> & { needs?: Partial<MailNeeds> } = {},
  ): Transport => {
    const transports = servers.map(({ port }, index) => ({
      id: ['primary', 'standby', 'third'][index]!,
      url: at(port),
      connections: 4,
      ...changes,
    }))
    const { needs, domains = {} } = more
    const clock = {
      now: () => now,
      wait: async (ms: number) => {
        waits.push(ms)
        now += ms
        await turnOfLoop()
      },
    }
    const timeouts = { openMs: 2000, replyMs: 2000, messageMs: 5000 }
    const transport = openTransport(
      { transports, domains },
      { directory: 'nowhere', log: silent, clock, timeouts, ...needs },
    )
    closing.push(() => transport.close())
    return transport
  }
  const kinds = (outcomes: Outcome[]) => outcomes.map(({ kind, untried }) => (untried ? 'untried' : kind))
  const faults = (transport: Transport) =>
    transport.takeFaults!().map(({ details }) => [details['transport'], details['at'], details['reply']])

  it('sends each message once, over as many connections as allowed and no more', async () => {
    const server = await serve()
    const transport = through([server], { connections: 3 })
    assert.equal(transport.connections, 3)
    const ids = Array.from({ length: 60 }, (_, number) => `m${number}`)
    const outcomes = await Promise.all(ids.map((id) => transport.send(message(id))))
    assert.deepEqual([...new Set(kinds(outcomes))], ['submitted'])
    assert.deepEqual(new Set(server.taken), new Set(ids.map((id) => `${id}@reader.example`)))
    assert.equal(server.taken.length, 60)
    assert.equal(server.connections(), 3)
    assert.equal(outcomes[0]?.queueId, '4XyZ12')
  })

  it('takes a new connection after a hundred messages, and says goodbye to the old one', async () => {
    const server = await serve()
    const transport = through([server], { connections: 1 })
    for (let number = 0; number < 101; number++) await transport.send(message(`m${number}`))
    assert.equal(server.connections(), 2)
    assert.equal(server.seen.filter((line) => line === 'QUIT').length, 1)
    await transport.close()
    assert.equal(server.seen.filter((line) => line === 'QUIT').length, 2)
  })

  it('sends over a new connection what the server ended while it was waiting, or at the next message', async () => {
    const idle = await serve()
    const transport = through([idle], { connections: 1 })
    await transport.send(message('m1'))
    idle.drop()
    assert.equal((await transport.send(message('m2'))).kind, 'submitted')
    await transport.close()
    // This one hangs up only when it is spoken to.
    const sleepy = await serve({ MAIL: ['250 ok', 'drop', '250 ok'] })
    const other = through([sleepy], { connections: 1 })
    await other.send(message('m1'))
    assert.equal((await other.send(message('m2'))).kind, 'submitted')
    assert.deepEqual(sleepy.taken, ['m1@reader.example', 'm2@reader.example'])
    assert.deepEqual([idle.taken.length, faults(other)], [2, []])
  })

  const downs: [string, Script][] = [
    ['hangs up', { greeting: 'drop' }],
    ['has no time', { greeting: '421 4.3.2 too busy' }],
    ['does not want us', { greeting: '554 5.7.1 go away' }],
    ['takes no mail for the moment', { MAIL: '452 4.3.1 disk full' }],
    ['does not take the sender', { MAIL: '550 5.7.1 not your domain' }],
  ]
  for (const [name, script] of downs) {
    it(`goes on with the next server when the first ${name}, says so once, and comes back after a pause`, async () => {
      const first = await serve(script)
      const second = await serve()
      const transport = through([first, second])
      const ids = Array.from({ length: 10 }, (_, number) => `m${number}`)
      const outcomes: Outcome[] = []
      for (const id of ids) outcomes.push(await transport.send(message(id)))
      assert.deepEqual([...new Set(kinds(outcomes))], ['submitted'])
      assert.equal(second.taken.length, 10)
      assert.equal(first.connections(), 1)
      const told = faults(transport)
      assert.equal(told.length, 1)
      assert.equal(told[0]![0], 'primary')
      assert.deepEqual(faults(transport), [])
      assert.equal(transport.standing!().length, 1)
      // A longer pause each time it still does not work; and then it is the first again.
      now += 20 * minute
      await transport.send(message('again'))
      assert.equal(first.connections() + first.seen.filter((line) => line.startsWith('MAIL')).length > 1, true)
      assert.equal(second.taken.length, 11)
      delete script.greeting
      delete script.MAIL
      now += 20 * minute
      await transport.send(message('home'))
      assert.deepEqual(first.taken, ['home@reader.example'])
      assert.deepEqual(transport.standing!(), [])
    })
  }

  it('leaves everything to be tried later when every server is down, and says each once', async () => {
    const first = await serve({ greeting: '421 4.3.2 too busy' })
    const transport = through([first, { port: 1 }])
    assert.equal(await transport.reserve!(message('m1').envelope), 'down')
    const told = faults(transport)
    assert.deepEqual(
      told.map(([id]) => id),
      ['primary', 'standby'],
    )
    assert.equal(told[0]?.[2], '421 4.3.2 too busy')
    assert.match(String(told[1]?.[2]), /ECONNREFUSED/)
    const outcome = await transport.send(message('m2'))
    assert.deepEqual([outcome.kind, outcome.untried], ['later', true])
    assert.equal(first.connections(), 1, 'it was left alone')
    // Whoever asks again while they are down is told again: nothing goes out, and that is no success.
    assert.equal(faults(transport).length, 2)
  })

  it('hands no message to a second server whose fate at the first is uncertain', async () => {
    const first = await serve({ dot: 'drop' })
    const second = await serve()
    const transport = through([first, second], { connections: 1 })
    const outcomes: Outcome[] = []
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) outcomes.push(await transport.send(message(id)))
    // After three that it broke over, the server itself is to blame.
    assert.deepEqual(kinds(outcomes), ['uncertain', 'uncertain', 'uncertain', 'submitted', 'submitted'])
    assert.deepEqual(second.taken, ['m4@reader.example', 'm5@reader.example'])
    assert.equal(faults(transport).length, 1)
  })

  it('strikes off no more than three readers when a server refuses whatever it is handed', async () => {
    const first = await serve({ dot: '554 Message rejected: Email address is not verified' })
    const transport = through([first], { connections: 1 })
    const outcomes: Outcome[] = []
    for (let number = 0; number < 10; number++) outcomes.push(await transport.send(message(`m${number}`)))
    assert.deepEqual(kinds(outcomes), ['refused', 'refused', 'refused', ...Array.from({ length: 7 }, () => 'untried')])
  })

  it('forgets doubts when a message is taken, and never doubts a server for addresses that are no good', async () => {
    const first = await serve({
      RCPT: Array.from({ length: 10 }, () => '550 5.1.1 unknown').concat('250 ok'),
      dot: ['554 no', '554 no', '250 ok', '554 no', '554 no', '250 ok'],
    })
    const transport = through([first], { connections: 1 })
    const outcomes: Outcome[] = []
    for (let number = 0; number < 16; number++) outcomes.push(await transport.send(message(`m${number}`)))
    const refused = (times: number) => Array.from({ length: times }, () => 'refused')
    assert.deepEqual(kinds(outcomes), [...refused(12), 'submitted', ...refused(2), 'submitted'])
    assert.deepEqual(faults(transport), [])
  })

  it('keeps other senders going when a server takes nothing from one', async () => {
    const first = await serve({ MAIL: ['550 5.7.1 not your domain', '250 ok'] })
    const transport = through([first])
    const other = { envelope: { from: 'weekly@other.example', to: 'm2@reader.example' } }
    assert.deepEqual(kinds([await transport.send(message('m1'))]), ['untried'])
    assert.equal(await transport.reserve!(message('m1').envelope), 'sender')
    assert.deepEqual(kinds([await transport.send(message('m2', undefined, other))]), ['submitted'])
    assert.deepEqual(faults(transport), [
      ['primary', 'taking mail from daily@gazette.example', '550 5.7.1 not your domain'],
    ])
  })

  it('keeps to the rate of the transport over all its connections, and to that of a domain over all transports', async () => {
    const server = await serveAll()
    const transport = through([server], { rate: { count: 100, periodMs: 1000 } })
    const started = now
    await Promise.all(Array.from({ length: 50 }, (_, number) => transport.send(message(`m${number}`))))
    assert.ok(now - started >= 400, `${now - started} ms`)
    assert.equal(server.ids.length, 50)

    const first = await serve({ dot: ['250 ok', '250 ok', '421 4.3.2 bye'] })
    const second = await serve()
    const both = through(
      [first, second],
      { connections: 1 },
      { domains: { 'gmail.com': { count: 1, periodMs: 1000 } } },
    )
    const moments: number[] = []
    for (const to of ['a@gmail.com', 'b@gmail.com', 'x@reader.example', 'c@gmail.com', 'd@GMAIL.com']) {
      await both.send(message('m', to))
      if (/gmail/i.test(to)) moments.push(now)
    }
    assert.deepEqual(second.taken, ['c@gmail.com', 'd@GMAIL.com'])
    for (const [index, moment] of moments.entries())
      if (index > 0) assert.ok(moment - moments[index - 1]! >= 1000, String(moments))
  })

  it('waits no longer for a turn when it is stopped, neither for a connection nor for the rate', async () => {
    const server = await serve()
    const transport = through([server], { connections: 1 })
    const held = await transport.reserve!(message('m1').envelope)
    assert.ok(typeof held === 'object')
    const stopping = new AbortController()
    const waiting = transport.reserve!(message('m2').envelope, stopping.signal)
    stopping.abort()
    assert.equal(await waiting, 'stopped')
    held.release()
    // A turn that was given back is there for the next, on the same connection.
    assert.equal((await transport.send(message('m3'))).kind, 'submitted')
    assert.equal(server.connections(), 1)
    assert.equal(await transport.reserve!(message('m4').envelope, AbortSignal.abort()), 'stopped')
  })

  it('cuts off what is in the air when it is told to', async () => {
    const server = await serve({ dot: 'silence' })
    const transport = through([server])
    const sending = transport.send(message('m1'))
    while (!server.seen.includes('.')) await turnOfLoop()
    transport.interrupt!()
    assert.deepEqual(kinds([await sending]), ['uncertain'])
  })

  it('is the built-in mailbox where no server is named', () => {
    assert.equal(openTransport(undefined, { directory: 'nowhere', log: silent }).id, 'mailbox')
    assert.equal(openTransport({ domains: {} }, { directory: 'nowhere', log: silent }).id, 'mailbox')
  })
})
