import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { hideAddresses, openLog, type LogLevel } from '../src/log.ts'

function logged(level: LogLevel, readable = false) {
  const lines: string[] = []
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'))
      done()
    },
  })
  return { log: openLog(level, readable, to), lines }
}

describe('log', () => {
  it('writes one JSON line an event', () => {
    const { log, lines } = logged('info')
    log.info({ source: 'main' }, 'source collected')
    log.debug('not at this level')
    assert.equal(lines.length, 1)
    const { time, ...line } = JSON.parse(lines[0]!) as Record<string, unknown>
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/)
    assert.deepEqual(line, { level: 30, source: 'main', msg: 'source collected' })
  })

  it('hides an address that comes along in whatever is logged, and stays JSON', () => {
    const { log, lines } = logged('info')
    const reply = '550 5.1.1 <Ada.Moor+news@reader.example>: no such user\nada@reader.example'
    log.warn({ reply, err: new Error(`refused: ${reply}`), list: ['bob@reader.example'] }, `to "eve"@x <eve@y.example>`)
    const line = JSON.parse(lines[0]!) as { reply: string }
    assert.equal(line.reply, '550 5.1.1 <…@reader.example>: no such user\n…@reader.example')
    assert.doesNotMatch(lines[0]!, /ada|moor|bob|eve@/i)
  })

  it('hides them in readable lines too', () => {
    const { log, lines } = logged('info', true)
    log.warn({ reply: '<ada@reader.example> refused' }, 'no')
    assert.match(lines.join(''), /refused/)
    assert.doesNotMatch(lines.join(''), /ada/)
  })

  it('shows them to whoever asks for everything', () => {
    const { log, lines } = logged('debug')
    log.debug({ to: 'ada@reader.example' }, 'sending')
    assert.match(lines.join(''), /ada@reader\.example/)
  })

  it('leaves Message-IDs, versions and mentions alone', () => {
    for (const text of [
      '<0123456789abcdef0123456789abcdef@news.gazette.example>',
      '/node_modules/pino@10.4.0/lib/proto.js',
      'https://social.example/@gazette',
      '"text":"@gazette.example"',
    ])
      assert.equal(hideAddresses(text), text)
  })

  it('hides addresses of any script, and reads a long text in no time', () => {
    assert.equal(hideAddresses('für jörg@bücher.example, то иван@почта.рф'), 'für …@bücher.example, то …@почта.рф')
    const started = performance.now()
    for (const long of ['a', 'a@', '@a.', 'a@b.c ', '\\']) hideAddresses(long.repeat(200_000))
    assert(performance.now() - started < 5000)
  })
})
