/** One reader's copy of an edition becomes a message: envelope, headers, and the bytes that travel. */
import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import { encodeWord, quoteString } from 'nodemailer/lib/mime-funcs'
import { Failure } from '../failures.ts'
import { type Message } from '../contracts.ts'

/** What one message is made of; the content is already personal, its marks are filled. */
export interface MessageParts {
  delivery: { id: string }
  edition: { from: string; composedAt: Date }
  newsletter: { id: string; title: string }
  subscriber: { email: string }
  content: { subject: string; html: string; text: string }
  /** This reader's own unsubscribe address. */
  unsubscribe: string
  /** BCP 47. */
  language?: string | undefined
}

/**
 * The message of one delivery. Everything in it follows from its parts, so that a second attempt is the same
 * message with the same Message-ID, which is what lets a mailbox or a reader's client recognise a copy.
 * Neither `Precedence` (never standardised) nor `Auto-Submitted` is set: List-Id and List-Unsubscribe already tell
 * an automatic responder to keep quiet (RFC 3834 §2, RFC 5230 §4.6), and an edition is written by people.
 * @throws Failure `mail.sender` when the sender is not one mailbox with a domain.
 */
export function buildMessage(parts: MessageParts): Message {
  const sender = readSender(parts.edition.from)
  return {
    envelope: { from: sender.address, to: parts.subscriber.email },
    messageId: messageIdOf(parts.delivery.id, parts.edition.from),
    date: parts.edition.composedAt,
    from: senderField(sender),
    to: parts.subscriber.email,
    subject: oneLine(parts.content.subject),
    html: parts.content.html,
    text: parts.content.text,
    headers: [...listHeaders(parts, sender.domain), ...languageHeader(parts.language)],
  }
}

/** The Message-ID of a delivery, the same at every attempt. Throws Failure `mail.sender` as `buildMessage` does. */
export function messageIdOf(deliveryId: string, from: string): string {
  return `<${deliveryId}@${readSender(from).domain}>`
}

/** RFC 2369 (List-Unsubscribe), RFC 8058 (one click), RFC 2919 (List-Id). */
function listHeaders(parts: MessageParts, domain: string): [string, string][] {
  const headers: [string, string][] = [
    ['List-Id', `${phrase(oneLine(parts.newsletter.title))} <${parts.newsletter.id}.${domain}>`.trim()],
    ['List-Unsubscribe', `<${new URL(parts.unsubscribe).href}>`],
  ]
  // RFC 8058 §3.1 wants an https address; with plain http, a one-click header would promise what no provider does.
  if (parts.unsubscribe.startsWith('https:')) headers.push(['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'])
  return headers
}

/** RFC 3282. */
export function languageHeader(language: string | undefined): [string, string][] {
  return language !== undefined && /^[a-z0-9-]{2,35}$/i.test(language) ? [['Content-Language', language]] : []
}

/**
 * The bytes of a message as they travel (RFC 5322): multipart/alternative, text first, every line CRLF and at most
 * 76 characters but for List-Unsubscribe, whose address is never broken. The same message gives the same bytes.
 * @throws Failure `mail.header` when a further header holds anything but printable ASCII: it must come encoded.
 */
export async function toMime(message: Message): Promise<Buffer> {
  const composer = new MailComposer({
    from: message.from,
    to: [{ name: '', address: message.to }],
    subject: message.subject,
    messageId: message.messageId,
    date: message.date,
    // nodemailer's own `list` option writes a broken List-Unsubscribe-Post, so these are plain headers.
    headers: message.headers.map(([key, value]) => ({ key, value: readyHeader(key, value) })),
    text: message.text.toWellFormed(),
    ...(message.html !== '' && { html: message.html.toWellFormed() }),
    encoding: transferEncoding(message.html === '' ? message.text : message.html),
    baseBoundary: createHash('sha256').update(message.messageId).digest('hex').slice(0, 24),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** Our headers are encoded already. Only one that has spaces is folded: a client may not rejoin a broken address. */
function readyHeader(key: string, value: string): { prepared: true; foldLines: boolean; value: string } {
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(key) || !/^[\x20-\x7e]+$/.test(value) || key.length + value.length > 990) {
    throw new Failure('mail.header', { header: key })
  }
  return { prepared: true, foldLines: value.includes(' '), value }
}

/** Quoted-printable stays readable for Latin script and triples any other, which base64 does not. */
function transferEncoding(html: string): 'quoted-printable' | 'base64' {
  const foreign = html.match(/[^\0-\x7f]/g)?.length ?? 0
  return foreign * 4 > html.length ? 'base64' : 'quoted-printable'
}

export interface Sender {
  name: string
  address: string
  domain: string
}

/** The one mailbox that a `from` of the config names. Throws Failure `mail.sender` when it is not one with a domain. */
export function readSender(from: string): Sender {
  const [mailbox, ...others] = addressparser(oneLine(from), { flatten: true })
  const at = mailbox?.address.lastIndexOf('@') ?? -1
  const domain = domainToASCII(mailbox?.address.slice(at + 1) ?? '')
  if (mailbox === undefined || others.length > 0 || at < 1 || domain === '') throw new Failure('mail.sender', { from })
  return { name: mailbox.name, address: `${mailbox.address.slice(0, at)}@${domain}`, domain }
}

/** The From field of a message. */
export function senderField({ name, address }: Sender): string {
  return name === '' ? address : `${quoteString(name)} <${address}>`
}

/** A display name as RFC 5322 `phrase`: bare, quoted, or in encoded words (RFC 2047 §5). */
function phrase(name: string): string {
  if (/^[\w ]*$/.test(name)) return name
  if (/^[\x20-\x7e]*$/.test(name)) return quoteString(name)
  const latin = name.match(/[\0-\x7f]/g)?.length ?? 0
  return encodeWord(name, latin * 2 > name.length ? 'Q' : 'B', 52)
}

/** A line break in a title must never become a header of its own. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
}
