import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { openDatabase } from '../../src/store/database.ts'
import { scripted, taking } from '../mail/server.ts'
import { broadsheet } from '../run.ts'
import { copySample, type Sample } from '../sample.ts'

describe('commands/send-test', function () {
  // Each command is a process of its own.
  this.timeout(60_000)
  let paper: Sample
  const closing: (() => Promise<void>)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
    await paper.remove()
  })

  const prepare = async (port?: number) => {
    const mail = port === undefined ? '' : `\nmail:\n  transports: [{ id: relay, url: "smtp://127.0.0.1:${port}" }]\n`
    paper = await copySample((yaml) => yaml + mail)
    assert.equal((await broadsheet(paper.root, 'collect')).exit, 0)
  }

  it('sends the next edition once to that address, marked as a test, and writes nothing down', async () => {
    const relay = await taking()
    closing.push(() => relay.close())
    await prepare(relay.port)
    const ended = await broadsheet(paper.root, '--json', 'send-test', 'weekly', '--to', ' Ada@Reader.example ')
    assert.equal(ended.exit, 0, ended.stderr)
    const { to, subject, outcome } = JSON.parse(ended.stdout) as Record<string, string> & { outcome: { reply: string } }
    assert.equal(to, 'Ada@reader.example')
    assert.match(String(subject), /^\[Test\] ./)
    assert.match(outcome.reply, /^250/)

    assert.equal(relay.mails.length, 1)
    assert.equal(relay.mails[0]?.to, 'Ada@reader.example')
    const mail = await simpleParser(relay.mails[0].raw)
    assert.equal(mail.subject, subject)
    const links = [
      ...`${String(mail.html)} ${mail.text ?? ''} ${relay.mails[0].raw}`.matchAll(/\/unsubscribe\/([^\s"<>)]*)/g),
    ]
    assert.ok(links.length >= 3)
    assert.deepEqual([...new Set(links.map(([, token]) => token))], ['test'])

    const store = await openDatabase(join(paper.root, 'var', 'broadsheet.db'))
    for (const table of ['delivery', 'edition', 'subscriber', 'subscription'] as const) {
      assert.deepEqual(await store.db.selectFrom(table).selectAll().execute(), [], table)
    }
    await store.close()

    const second = await broadsheet(paper.root, 'send-test', 'weekly', '--to', 'ada@reader.example')
    assert.match(second.stdout, /was handed over for ada@reader\.example/)
    assert.match(second.stdout, /relay said: 250/)
    assert.equal(new Set(relay.ids).size, 2, 'a mail program would hide the second as a copy of the first')
  })

  it('says what the server said when it did not take the mail, and exits with 1', async () => {
    const relay = await scripted({ RCPT: '550 5.1.1 no such user' })
    closing.push(() => relay.close())
    await prepare(relay.port)
    const refused = await broadsheet(paper.root, 'send-test', 'weekly', '--to', 'ada@reader.example')
    assert.equal(refused.exit, 1)
    assert.match(refused.stdout, /was refused[^]*550 5\.1\.1 no such user/)
    await relay.close()
    closing.length = 0
    const down = await broadsheet(paper.root, '--json', 'send-test', 'weekly', '--to', 'ada@reader.example')
    assert.equal(down.exit, 1)
    const { outcome, faults } = JSON.parse(down.stdout) as { outcome: { kind: string }; faults: { code: string }[] }
    assert.deepEqual([outcome.kind, faults.map(({ code }) => code)], ['later', ['mail.transport']])
  })

  it('puts it into the built-in mailbox where there is no server, and knows neither strange newsletters nor addresses', async () => {
    await prepare()
    assert.equal((await broadsheet(paper.root, 'send-test', 'weekly', '--to', 'ada@reader.example')).exit, 0)
    const kept = (await readdir(join(paper.root, 'var', 'mail'))).filter((name) => name.endsWith('.eml'))
    assert.equal(kept.length, 1)
    assert.equal((await broadsheet(paper.root, 'send-test', 'attic', '--to', 'ada@reader.example')).exit, 2)
    assert.equal((await broadsheet(paper.root, 'send-test', 'weekly', '--to', 'ada')).exit, 1)
    assert.equal((await broadsheet(paper.root, 'send-test', 'weekly')).exit, 2)
  })
})
