import assert from 'node:assert/strict'
import { judge, queueIdOf, tidyReply, type Attempt, type Blame } from '../../src/mail/outcome.ts'
import { type Outcome } from '../../src/contracts.ts'

type Expected = [Attempt, Outcome['kind'] | 'untried', Blame]

const mail = (reply: string): Attempt => ({ stage: 'envelope', command: 'MAIL FROM', reply })
const rcpt = (reply: string): Attempt => ({ stage: 'envelope', command: 'RCPT TO', reply })
const data = (reply: string): Attempt => ({ stage: 'envelope', command: 'DATA', reply })
const dot = (reply: string): Attempt => ({ stage: 'handed', command: 'DATA', reply })

const tables: Record<string, Expected[]> = {
  'takes a yes to the whole message as submitted, and nothing else': [
    [dot('250 2.0.0 Ok: queued as 4XyZ12'), 'submitted', 'nobody'],
    [dot('250 ok'), 'submitted', 'nobody'],
    [dot('251 forwarded'), 'submitted', 'nobody'],
    [{ stage: 'body', command: 'DATA', reply: '250 already?' }, 'uncertain', 'doubt'],
    [dot('354 go on'), 'uncertain', 'doubt'],
    [dot('what?'), 'uncertain', 'doubt'],
    [dot('2500 ok'), 'uncertain', 'doubt'],
  ],
  'holds a refused address against its reader only': [
    [rcpt('550 5.1.1 <ada@reader.example>: Recipient address rejected: User unknown'), 'refused', 'nobody'],
    [rcpt('550 5.1.1 <ada@reader.example>: User unknown in relay recipient table'), 'refused', 'nobody'],
    [rcpt('550 no such user'), 'refused', 'nobody'],
    [rcpt('550'), 'refused', 'nobody'],
    [rcpt('552 5.2.2 mailbox full'), 'refused', 'nobody'],
    [rcpt('553 5.1.3 bad address syntax'), 'refused', 'nobody'],
    [rcpt('556 5.1.10 domain takes no mail'), 'refused', 'nobody'],
    [rcpt('554 5.7.1 <ada@reader.example>: Recipient address rejected: Access denied'), 'refused', 'doubt'],
  ],
  'never strikes readers off for what the server has against us': [
    [rcpt('554 5.7.1 <ada@reader.example>: Relay access denied'), 'later', 'doubt'],
    [rcpt('550 relaying denied'), 'later', 'doubt'],
    [rcpt('550 5.7.1 Unable to relay'), 'later', 'doubt'],
    [rcpt('554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied'), 'later', 'doubt'],
    [rcpt('554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'), 'later', 'doubt'],
    [rcpt('553 5.7.1 <daily@gazette.example>: Sender address rejected: not owned by user'), 'later', 'doubt'],
    [rcpt('550 5.1.8 <daily@gazette.example>: Sender address rejected: Domain not found'), 'untried', 'sender'],
    [rcpt('530 5.7.0 Authentication required'), 'untried', 'server'],
    [rcpt('503 5.5.1 MAIL first'), 'later', 'doubt'],
    [mail('550 5.1.0 sender refused'), 'untried', 'sender'],
    [mail('553 5.1.8 domain of sender unknown'), 'untried', 'sender'],
    [mail('450 4.1.8 domain of sender not found'), 'untried', 'sender'],
    [mail('530 5.7.0 Must issue a STARTTLS command first'), 'untried', 'server'],
    [mail('503 5.5.1 not now'), 'untried', 'server'],
    [mail('452 4.3.1 insufficient system storage'), 'untried', 'server'],
    [mail('421 4.7.0 too many messages'), 'untried', 'server'],
    [{ stage: 'envelope', command: 'MAIL FROM', error: 'larger than allowed', ours: 'size' }, 'untried', 'sender'],
  ],
  'tries again after a temporary answer, and thinks nothing of greylisting': [
    [rcpt('450 4.2.0 greylisted'), 'later', 'nobody'],
    [rcpt('451 4.7.1 Greylisting in action, please come back later'), 'later', 'nobody'],
    [rcpt('452 4.2.2 mailbox full'), 'later', 'nobody'],
    [rcpt('451 4.3.0 Temporary lookup failure'), 'later', 'doubt'],
    [rcpt('454 4.7.1 <ada@reader.example>: Relay access denied'), 'later', 'doubt'],
    [rcpt('421 4.3.2 shutting down'), 'later', 'server'],
    [data('451 4.3.0 try later'), 'later', 'doubt'],
    [data('554 no valid recipients'), 'later', 'doubt'],
    [dot('451 4.7.1 try later'), 'later', 'doubt'],
    [dot('421 4.3.2 shutting down'), 'later', 'server'],
  ],
  'takes the refusal of a whole message at its word, and grows suspicious': [
    [dot('554 5.7.1 rejected as spam'), 'refused', 'doubt'],
    [dot('554 Message rejected: Email address is not verified'), 'refused', 'doubt'],
    [{ stage: 'body', command: 'DATA', reply: '552 5.3.4 too big' }, 'refused', 'doubt'],
  ],
  'knows that a message is not out before its final dot, and knows nothing after it': [
    [{ stage: 'envelope', command: 'CONN', error: 'Connection closed' }, 'later', 'doubt'],
    [{ stage: 'body', command: 'CONN', error: 'Connection closed' }, 'later', 'doubt'],
    [{ stage: 'handed', command: 'CONN', error: 'Connection closed' }, 'uncertain', 'doubt'],
    [{ stage: 'handed', command: 'CONN', error: 'Timeout' }, 'uncertain', 'doubt'],
    [{ stage: 'envelope', command: 'RCPT TO', reply: 'hello?' }, 'later', 'doubt'],
    [{ stage: 'envelope', command: 'CONN', reply: '421 bye' }, 'later', 'server'],
  ],
}

describe('mail/outcome', () => {
  for (const [name, rows] of Object.entries(tables)) {
    it(name, () => {
      for (const [attempt, kind, blame] of rows) {
        const verdict = judge(attempt)
        const told = verdict.outcome.untried ? 'untried' : verdict.outcome.kind
        assert.deepEqual([told, verdict.blame], [kind, blame], attempt.reply ?? attempt.error)
        if (verdict.outcome.untried) assert.equal(verdict.outcome.kind, 'later')
      }
    })
  }

  it('keeps the words of the server, on one line and without what a terminal obeys', () => {
    assert.equal(
      judge(rcpt('550-5.1.1 no such user\n550 5.1.1 see https://help.example')).outcome.reply,
      '550 5.1.1 no such user see https://help.example',
    )
    assert.equal(tidyReply('550 \u001b[31mred\u0007'), '550  [31mred')
    assert.equal(tidyReply(`550 ${'x'.repeat(2000)}`).length, 500)
    assert.equal(judge({ stage: 'handed' }).outcome.reply, 'the connection was lost')
  })

  it('finds the name that servers give a message', () => {
    const replies: [string, string | undefined][] = [
      ['250 2.0.0 Ok: queued as 4XyZ12', '4XyZ12'],
      ['250 OK id=1abCDe-0001Xy-2F', '1abCDe-0001Xy-2F'],
      ['250 2.0.0 OK  1731000000 a1-20020a170902b58100b001d3sm123 - gsmtp', 'a1-20020a170902b58100b001d3sm123'],
      [
        '250 Ok 0102018c1f2b3c4d-11111111-2222-3333-4444-555555555555-000000',
        '0102018c1f2b3c4d-11111111-2222-3333-4444-555555555555-000000',
      ],
      ['250 2.0.0 5AB1CdEf012345 Message accepted for delivery', '5AB1CdEf012345'],
      ['250 Great success', undefined],
      ['250 ok', undefined],
    ]
    for (const [reply, id] of replies) assert.equal(queueIdOf(reply), id, reply)
    assert.equal(judge(dot('250 2.0.0 Ok: queued as 4XyZ12')).outcome.queueId, '4XyZ12')
  })
})
