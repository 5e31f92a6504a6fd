import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { listMails, mailId, openMailbox, readMail } from '../../src/mail/mailbox.ts'
import { type Message } from '../../src/contracts.ts'

function message(id: string, day: number, changed: Partial<Message> = {}): Message {
  return {
    envelope: { from: 'daily@gazette.example', to: 'ada@reader.example' },
    messageId: `<${id}@gazette.example>`,
    date: new Date(Date.UTC(2026, 6, day, 7)),
    from: '"Zoë’s Gazette" <daily@gazette.example>',
    to: 'ada@reader.example',
    subject: 'Café closes — 港',
    html: '<p>It <b>closes</b>.</p>',
    text: 'It closes.',
    headers: [['List-Unsubscribe', `<https://gazette.example/unsubscribe/${'t'.repeat(90)}>`]],
    ...changed,
  }
}

describe('mail/mailbox', () => {
  let directory: string

  beforeEach(async () => {
    directory = path.join(await mkdtemp(path.join(tmpdir(), 'broadsheet-mailbox-')), 'var', 'mail')
  })

  afterEach(() => rm(path.dirname(path.dirname(directory)), { recursive: true, force: true }))

  const send = (one: Message) => openMailbox(directory).send(one)

  it('keeps a message as one file and says which', async () => {
    const outcome = await send(message('abc', 1))
    assert.deepEqual(outcome, { kind: 'submitted', reply: 'kept as 20260701T070000000Z-abc.eml' })
    assert.deepEqual(await readdir(directory), ['20260701T070000000Z-abc.eml'])
  })

  it('keeps mails for the eyes of their owner only', async function () {
    if (process.platform === 'win32') return this.skip()
    await send(message('abc', 1))
    assert.equal((await stat(directory)).mode & 0o777, 0o700)
    assert.equal((await stat(path.join(directory, `${mailId(message('abc', 1))}.eml`))).mode & 0o777, 0o600)
  })

  it('keeps one file when the same message is sent again', async () => {
    await send(message('abc', 1))
    const before = await readFile(path.join(directory, `${mailId(message('abc', 1))}.eml`))
    await send(message('abc', 1))
    assert.equal((await readdir(directory)).length, 1)
    assert.deepEqual(await readFile(path.join(directory, `${mailId(message('abc', 1))}.eml`)), before)
  })

  it('writes over what a killed process left half-written', async () => {
    await mkdir(directory, { recursive: true })
    const half = path.join(directory, `.${mailId(message('abc', 1))}.eml.part`)
    await writeFile(half, 'From: half')
    assert.deepEqual(await listMails(directory), [])
    await send(message('abc', 1))
    assert.deepEqual(await readdir(directory), [`${mailId(message('abc', 1))}.eml`])
    assert.equal((await listMails(directory)).length, 1)
  })

  it('never takes a Message-ID for a place on the disk', async () => {
    for (const id of ['../../evil', 'a/b', '.', 'A', 'a'.repeat(500), '']) {
      assert.match(mailId(message(id, 1)), /^20260701T070000000Z-[0-9a-f]{32}$/)
    }
    assert.notEqual(mailId(message('a/b', 1)), mailId(message('a/c', 1)))
  })

  it('lists the newest mail first, decoded, and reads no more than it is asked for', async () => {
    for (const day of [2, 1, 3]) await send(message(`day-${day}`, day))
    const mails = await listMails(directory)
    assert.deepEqual(
      mails.map(({ id }) => id),
      [3, 2, 1].map((day) => `2026070${day}T070000000Z-day-${day}`),
    )
    const [newest] = mails
    assert.deepEqual(newest, {
      id: '20260703T070000000Z-day-3',
      from: '"Zoë’s Gazette" <daily@gazette.example>',
      to: 'ada@reader.example',
      subject: 'Café closes — 港',
      date: new Date('2026-07-03T07:00:00Z'),
      bytes: (await readFile(path.join(directory, `${newest!.id}.eml`))).length,
    })
    const first = await listMails(directory, { limit: 2 })
    assert.deepEqual(first, mails.slice(0, 2))
    assert.deepEqual(await listMails(directory, { limit: 2, before: first[1]!.id }), mails.slice(2))
  })

  it('passes over files that are no mails', async () => {
    await send(message('abc', 1))
    await writeFile(path.join(directory, 'notes.txt'), 'From: me@x.example\r\n\r\n')
    await writeFile(path.join(directory, 'empty.eml'), '')
    await writeFile(path.join(directory, 'binary.eml'), Buffer.alloc(100_000, 0xff))
    await writeFile(path.join(directory, 'prose.eml'), 'no header here\r\n\r\n')
    await writeFile(path.join(directory, 'odd name.eml'), 'From: me@x.example\r\n\r\n')
    await mkdir(path.join(directory, 'folder.eml'))
    await symlink('/nowhere', path.join(directory, 'link.eml'))
    assert.deepEqual(
      (await listMails(directory)).map(({ id }) => id),
      [mailId(message('abc', 1))],
    )
  })

  it('finds nothing in a folder that is not there', async () => {
    assert.deepEqual(await listMails(directory), [])
    assert.equal(await readMail(directory, 'abc'), undefined)
  })

  it('opens a mail: headers as they stand, both bodies, and the bytes', async () => {
    await send(message('abc', 1))
    const mail = await readMail(directory, mailId(message('abc', 1)))
    assert.ok(mail)
    assert.equal(mail.html?.trim(), '<p>It <b>closes</b>.</p>')
    assert.equal(mail.text?.trim(), 'It closes.')
    assert.equal(mail.subject, 'Café closes — 港')
    assert.deepEqual(
      mail.headers.find(([name]) => name === 'List-Unsubscribe'),
      message('abc', 1).headers[0],
    )
    assert.equal(mail.headers.find(([name]) => name === 'Message-ID')?.[1], '<abc@gazette.example>')
    assert.ok(mail.raw.includes('Content-Type: multipart/alternative'))
    assert.equal(mail.raw.length, mail.bytes)
  })

  it('opens nothing outside the mailbox', async () => {
    await send(message('abc', 1))
    await writeFile(path.join(directory, '..', 'secret.eml'), 'From: me@x.example\r\nSubject: secret\r\n\r\n')
    for (const id of ['../secret', '..%2fsecret', `./${mailId(message('abc', 1))}`, '', '.', 'a\0', 'secret']) {
      assert.equal(await readMail(directory, id), undefined, id)
    }
  })

  it('does not take a date it cannot read for now', async () => {
    await mkdir(directory, { recursive: true })
    await writeFile(path.join(directory, 'undated.eml'), 'From: me@x.example\r\nDate: soon\r\n\r\nHello')
    const [mail] = await listMails(directory)
    assert.equal(mail?.id, 'undated')
    assert.equal(mail.date, undefined)
  })

  it('answers later, with the reason, while the disk takes nothing, and leaves no half file', async () => {
    await mkdir(path.dirname(directory), { recursive: true })
    await writeFile(directory, 'a file where the folder should be')
    const outcome = await send(message('abc', 1))
    assert.equal(outcome.kind, 'later')
    assert.match(outcome.reply, /EEXIST|ENOTDIR/)
    await rm(directory)
    assert.equal((await send(message('abc', 1))).kind, 'submitted')
  })

  it('answers later on a full disk', async function () {
    // /dev/full refuses every byte as a full disk does; the half file of this message is made to lead there.
    await mkdir(directory, { recursive: true })
    const half = path.join(directory, `.${mailId(message('abc', 1))}.eml.part`)
    if (process.platform !== 'linux') return this.skip()
    await symlink('/dev/full', half)
    const outcome = await send(message('abc', 1))
    assert.equal(outcome.kind, 'later')
    assert.match(outcome.reply, /ENOSPC/)
    assert.deepEqual(await readdir(directory), [])
    assert.equal((await send(message('abc', 1))).kind, 'submitted')
  })
})
