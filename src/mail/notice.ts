/** A plain mail to whoever runs this installation. */
import { createHash } from 'node:crypto'
import { type Message } from '../contracts.ts'
import { oneLine, readSender, senderField } from './message.ts'

export interface NoticeParts {
  /** RFC 5322 mailbox. */
  from: string
  to: string
  subject: string
  text: string
  date: Date
  /** BCP 47. */
  language?: string | undefined
}

/**
 * The message of a notice: text only, and marked as made by a machine, so that no responder answers it (RFC 3834 §5).
 * @throws Failure `mail.sender` when the sender is not one mailbox with a domain.
 */
export function buildNotice({ from, to, subject, text, date }: NoticeParts): Message {
  const sender = readSender(from)
  const id = createHash('sha256')
    .update(JSON.stringify([to, subject, text, date.toISOString()]))
    .digest('hex')
    .slice(0, 32)
  return {
    envelope: { from: sender.address, to },
    messageId: `<${id}@${sender.domain}>`,
    date,
    from: senderField(sender),
    to,
    subject: oneLine(subject),
    html: '',
    text,
    headers: [
      ['Auto-Submitted', 'auto-generated'],
      ['X-Auto-Response-Suppress', 'All'],
    ],
  }
}
