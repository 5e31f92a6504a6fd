/** The message that asks one person to confirm; it belongs to no list yet. */
import { type Message } from '../contracts.ts'
import { languageHeader, messageIdOf, oneLine, readSender, senderField } from './message.ts'

export interface ConfirmationParts {
  /** The same id makes the same Message-ID, so that a second attempt is seen to be a copy. */
  id: string
  /** `Name <address>`. */
  from: string
  to: string
  date: Date
  content: { subject: string; html: string; text: string }
  /** BCP 47. */
  language?: string | undefined
}

/**
 * A confirmation, or the word that there is nothing to confirm. A program answers what one person did, and no automatic
 * responder is to answer it in turn (RFC 3834, section 5). There is nothing yet that List-Unsubscribe could end.
 * @throws Failure `mail.sender` when the sender is not one mailbox with a domain.
 */
export function buildConfirmation({ id, from, to, date, content, language }: ConfirmationParts): Message {
  const sender = readSender(from)
  return {
    envelope: { from: sender.address, to },
    messageId: messageIdOf(id, from),
    date,
    from: senderField(sender),
    to,
    subject: oneLine(content.subject),
    html: content.html,
    text: content.text,
    headers: [['Auto-Submitted', 'auto-generated'], ...languageHeader(language)],
  }
}
