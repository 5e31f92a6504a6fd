import assert from 'node:assert/strict'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { Failure } from '../../src/failures.ts'
import { buildMessage, toMime, type MessageParts } from '../../src/mail/message.ts'

const composedAt = new Date('2026-07-14T07:00:00Z')

function parts(changed: Partial<MessageParts> = {}): MessageParts {
  return {
    delivery: { id: '0b7e2f0d' },
    edition: { from: 'The Harbour Gazette <daily@news.gazette.example>', composedAt },
    newsletter: { id: 'daily', title: 'The Daily Gazette' },
    subscriber: { email: 'ada@reader.example' },
    content: { subject: 'Ferry back on Monday', html: '<p>It sails.</p>', text: 'It sails.' },
    unsubscribe: 'https://news.gazette.example/unsubscribe/token',
    language: 'en-GB',
    ...changed,
  }
}

const content = (changed: Partial<MessageParts['content']>) => ({ content: { ...parts().content, ...changed } })

async function bytesOf(changed: Partial<MessageParts> = {}): Promise<string> {
  return (await toMime(buildMessage(parts(changed)))).toString('latin1')
}

/** Name and unfolded value of each header, in order. */
function headersOf(raw: string): [string, string][] {
  const block = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n(?=[ \t])/g, '')
  return block.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
}

function headerOf(raw: string, name: string): string | undefined {
  return headersOf(raw).find(([key]) => key === name)?.[1]
}

describe('mail/message', () => {
  it('gives a message its headers, in one spelling each', async () => {
    const headers = headersOf(await bytesOf())
    assert.deepEqual(headers.filter(([key]) => key !== 'Content-Type').sort(), [
      ['Content-Language', 'en-GB'],
      ['Date', 'Tue, 14 Jul 2026 07:00:00 +0000'],
      ['From', 'The Harbour Gazette <daily@news.gazette.example>'],
      ['List-ID', 'The Daily Gazette <daily.news.gazette.example>'],
      ['List-Unsubscribe', '<https://news.gazette.example/unsubscribe/token>'],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
      ['MIME-Version', '1.0'],
      ['Message-ID', '<0b7e2f0d@news.gazette.example>'],
      ['Subject', 'Ferry back on Monday'],
      ['To', 'ada@reader.example'],
    ])
  })

  it('is the same message, byte for byte, at every attempt', async () => {
    assert.equal(await bytesOf(), await bytesOf())
    assert.notEqual(await bytesOf(), await bytesOf({ delivery: { id: 'another' } }))
  })

  it('says who it is from and to on the envelope, without names', () => {
    const { envelope } = buildMessage(parts())
    assert.deepEqual(envelope, { from: 'daily@news.gazette.example', to: 'ada@reader.example' })
  })

  it('never breaks the unsubscribe address over two lines, however long the token is', async () => {
    const unsubscribe = `https://news.gazette.example/unsubscribe/${'x'.repeat(400)}`
    const raw = await bytesOf({ unsubscribe })
    assert.ok(raw.includes(`\r\nList-Unsubscribe: <${unsubscribe}>\r\n`))
    assert.equal(raw.match(/^List-Unsubscribe:/gm)?.length, 1)
  })

  it('promises one click only where the address is https (RFC 8058 §3.1)', async () => {
    const raw = await bytesOf({ unsubscribe: 'http://127.0.0.1:8080/unsubscribe/token' })
    assert.equal(headerOf(raw, 'List-Unsubscribe'), '<http://127.0.0.1:8080/unsubscribe/token>')
    assert.equal(headerOf(raw, 'List-Unsubscribe-Post'), undefined)
  })

  it('carries the text first and the html last, both as UTF-8, and both come back whole', async () => {
    const html = `<p>Zoë’s café — 8 °C, 港, 🚢 ${'a very long line '.repeat(100)}</p>\n<p>.</p>\n.\n`
    const text = `Zoë’s café — 8 °C, 港, 🚢\n${'w'.repeat(1200)}\n\n> quoted\n  indented\n.\nFrom here`
    const raw = await bytesOf(content({ html, text }))
    assert.match(headerOf(raw, 'Content-Type') ?? '', /^multipart\/alternative; boundary="/)
    assert.deepEqual(raw.match(/^Content-Type: text\/.*$/gm), [
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: text/html; charset=utf-8',
    ])
    const parsed = await simpleParser(Buffer.from(raw, 'latin1'))
    assert.equal(parsed.text?.trimEnd(), text)
    assert.equal((parsed.html === false ? '' : (parsed.html ?? '')).trimEnd(), html.trimEnd())
  })

  it('ends every line with CRLF and keeps each within 78 characters', async () => {
    const raw = await bytesOf(content({ html: `<p>${'é'.repeat(5000)}</p>`, text: 'x'.repeat(5000) }))
    assert.equal(raw.replaceAll('\r\n', '').match(/[\r\n]/g), null)
    assert.ok(Math.max(...raw.split('\r\n').map((line) => line.length)) <= 78)
    assert.doesNotMatch(raw, /[^\0-\x7f]/)
  })

  it('does not triple the size of a mail in another script', async () => {
    const html = `<p>${'港湾新聞'.repeat(500)}</p>`
    const raw = await bytesOf(content({ html, text: '港湾' }))
    assert.ok(raw.length < Buffer.byteLength(html) * 1.6)
    assert.equal((await simpleParser(Buffer.from(raw, 'latin1'))).html, html)
  })

  it('writes names and titles so that every reader gets them back', async () => {
    for (const name of ['Gazette, The', 'The "Old" Gazette', 'Zoë’s Gazette', '港湾新聞', 'A <b@c.example>', '=?x?=']) {
      const raw = await bytesOf({
        newsletter: { id: 'daily', title: name },
        edition: { from: `"${name.replace(/["\\]/g, '\\$&')}" <daily@gazette.example>`, composedAt },
        ...content({ subject: name }),
      })
      const parsed = await simpleParser(raw)
      assert.deepEqual(parsed.from?.value, [{ name, address: 'daily@gazette.example' }])
      assert.equal(parsed.subject, name)
      const list = headerOf(raw, 'List-ID') ?? ''
      assert.match(list, /^[\x20-\x7e]* <daily\.gazette\.example>$/)
      const asSender = await simpleParser(`From: ${list.replace('<daily.', '<daily@')}\r\n\r\n`)
      assert.equal(asSender.from?.value[0]?.name, name)
    }
  })

  it('writes an international domain in ASCII wherever it stands', async () => {
    const raw = await bytesOf({ edition: { from: 'Hafen <post@häfen.example>', composedAt } })
    assert.equal(headerOf(raw, 'From'), 'Hafen <post@xn--hfen-loa.example>')
    assert.equal(headerOf(raw, 'Message-ID'), '<0b7e2f0d@xn--hfen-loa.example>')
    assert.equal(headerOf(raw, 'List-ID'), 'The Daily Gazette <daily.xn--hfen-loa.example>')
  })

  it('lets no text of any kind become a header of its own', async () => {
    const names = (await bytesOf().then(headersOf)).map(([name]) => name)
    const evil = fc.string({
      unit: fc.constantFrom('a', '\r', '\n', ':', ' ', '\0', '"', '<', '\u2028', 'é', '\ud800'),
    })
    await fc.assert(
      fc.asyncProperty(evil, evil, async (one, two) => {
        const raw = await bytesOf({
          newsletter: { id: 'daily', title: `${one}\r\nBcc: eve@evil.example\r\n${two}` },
          edition: { from: `"x${one.replace(/["<]/g, '')}\r\nBcc: eve@evil.example" <d@gazette.example>`, composedAt },
          ...content({ subject: `s${one}\r\nBcc: eve@evil.example\r\n\r\n${two}` }),
          language: `en\r\nBcc: eve@evil.example`,
        })
        const found = headersOf(raw).map(([name]) => name)
        assert.deepEqual(
          found,
          names.filter((name) => name !== 'Content-Language'),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('writes to nobody but the one subscriber, whatever the stored address looks like', async () => {
    const raw = await bytesOf({ subscriber: { email: 'ada@reader.example, eve@evil.example' } })
    const parsed = await simpleParser(raw)
    assert.equal([parsed.to ?? []].flat().flatMap(({ value }) => value).length, 1)
  })

  it('refuses a sender that is not one address', () => {
    for (const from of ['', 'The Gazette', 'a@b.example, c@d.example', 'Gazette <gazette>', '<@b.example>']) {
      assert.throws(
        () => buildMessage(parts({ edition: { from, composedAt } })),
        (error) => error instanceof Failure && error.code === 'mail.sender',
        from,
      )
    }
  })

  it('refuses a header that was not made ready by its maker', async () => {
    const message = buildMessage(parts())
    for (const header of [
      ['X-A', 'b\r\nBcc: c'],
      ['X:A', 'b'],
      ['X-A', 'é'],
      ['X-A', ''],
    ] as [string, string][]) {
      await assert.rejects(toMime({ ...message, headers: [header] }), { code: 'mail.header' })
    }
  })
})
