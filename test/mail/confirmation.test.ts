import { strict as assert } from 'node:assert'
import { simpleParser } from 'mailparser'
import { buildConfirmation } from '../../src/mail/confirmation.ts'
import { toMime } from '../../src/mail/message.ts'

const parts = {
  id: 'confirm-1',
  from: 'The Harbour Gazette <daily@news.gazette.example>',
  to: 'ada@reader.example',
  date: new Date('2026-03-14T07:30:00Z'),
  content: { subject: 'Please confirm: The Daily Gazette', html: '<!doctype html><p>Yes?</p>', text: 'Yes?\n' },
  language: 'en-GB',
}

describe('mail/confirmation', () => {
  it('is a message of its own kind: made by a program, of no list', async () => {
    const message = buildConfirmation(parts)
    assert.deepEqual(message.envelope, { from: 'daily@news.gazette.example', to: 'ada@reader.example' })
    const mail = await simpleParser(await toMime(message))
    assert.equal(mail.messageId, '<confirm-1@news.gazette.example>')
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated')
    assert.equal(mail.headers.get('content-language'), 'en-GB')
    assert.deepEqual(
      [...mail.headers.keys()].filter((name) => name.startsWith('list')),
      [],
    )
    assert.deepEqual([mail.subject, mail.text?.trim(), mail.date], [parts.content.subject, 'Yes?', parts.date])
  })

  it('gives the same bytes at every attempt', async () => {
    assert.deepEqual(await toMime(buildConfirmation(parts)), await toMime(buildConfirmation(parts)))
  })

  it('lets a title begin no header', async () => {
    const content = { ...parts.content, subject: 'Please confirm: A\r\nBcc: everyone@reader.example' }
    const bytes = String(await toMime(buildConfirmation({ ...parts, content })))
    assert.doesNotMatch(bytes, /^bcc:/im)
  })

  it('needs one sender', () => {
    assert.throws(() => buildConfirmation({ ...parts, from: 'a@b.example, c@d.example' }), { code: 'mail.sender' })
  })
})
