/** What became of a message, from what the server said and how far the message had come when it said so. Pure. */
import { type Outcome } from '../contracts.ts'

/**
 * How far a message had come: its envelope was being agreed on; the server had asked for the body, which was being
 * written; all of it was handed over, so that the final dot is on its way or beyond.
 */
export type Stage = 'envelope' | 'body' | 'handed'

/** How one attempt to hand over a message ended. */
export interface Attempt {
  stage: Stage
  /** What the reply answers: `MAIL FROM`, `RCPT TO`, `DATA`, or `CONN` when the server spoke unasked. */
  command?: string | undefined
  /** The server's whole reply, if there was one. */
  reply?: string | undefined
  /** Our own words for what happened without one. */
  error?: string | undefined
  /** It was given up before anything was said about it, by us. */
  ours?: 'address' | 'size' | undefined
}

/**
 * Whom the outcome speaks against, beside the reader: the server as a whole, which then is down for a while; the sender,
 * from whom it takes no mail; or in `doubt`: once it is the message, several times in a row it is the server.
 */
export type Blame = 'nobody' | 'server' | 'sender' | 'doubt'

export interface Verdict {
  outcome: Outcome
  blame: Blame
}

/** Enough of a reply for a person to act on. */
const longestReply = 500

/** What a server says at RCPT TO of us and not of the recipient: Postfix answers there for client, HELO and sender too. */
const notTheRecipient =
  /relay(ing)? (access )?(denied|not (permitted|allowed)|prohibited)|relaying|(unable|not (permitted|allowed)) to relay|authenticat|(sender address|client host|helo command) rejected|blocked using|reverse (dns|host)/i

/** The verdict on one attempt. The mistake that is worse decides in doubt: a second copy, or every reader struck off. */
export function judge(attempt: Attempt): Verdict {
  const { stage, ours } = attempt
  const reply = tidyReply(attempt.reply ?? attempt.error ?? 'the connection was lost')
  if (ours === 'address') return { outcome: { kind: 'refused', reply }, blame: 'nobody' }
  if (ours === 'size') return { outcome: { kind: 'later', reply, untried: true }, blame: 'sender' }
  const code = attempt.reply === undefined ? undefined : codeOf(attempt.reply)
  if (stage === 'envelope') return judgeEnvelope(attempt.command, code, reply)
  return judgeBody(stage, code, reply)
}

/** Nothing of the message has left: whatever happened, it may be sent again. */
function judgeEnvelope(command: string | undefined, code: Code | undefined, reply: string): Verdict {
  const later: Outcome = { kind: 'later', reply }
  const untried: Outcome = { ...later, untried: true }
  if (code === undefined) return { outcome: later, blame: 'doubt' }
  const { basic, enhanced } = code
  const isAboutSender = /^[45]\.1\.[78]$/.test(enhanced)
  if (command === 'MAIL FROM') {
    // No reader was named yet. A temporary answer is the server's state; a lasting one is about who we say we are.
    const isServers = basic < 500 || isAboutLogin(basic) || basic === 503
    return { outcome: untried, blame: isServers && !isAboutSender ? 'server' : 'sender' }
  }
  // RFC 5321, section 3.8: the server is about to close, whatever was asked.
  if (basic === 421) return { outcome: later, blame: 'server' }
  if (command !== 'RCPT TO') return { outcome: later, blame: 'doubt' }
  if (isAboutLogin(basic)) return { outcome: untried, blame: 'server' }
  if (isAboutSender) return { outcome: untried, blame: 'sender' }
  if (basic >= 500 && basic < 600) return judgeRecipient(code, reply)
  // Greylisting answers 450 or 451 here to everyone, and means nothing by it. RFC 3463: X.3 is the mail system itself.
  const isReaders = basic >= 400 && !/^4\.[35]\./.test(enhanced) && !notTheRecipient.test(reply)
  return { outcome: later, blame: isReaders ? 'nobody' : 'doubt' }
}

/** A lasting refusal at RCPT TO: mostly the reader's address is no good, but not always is it about the reader. */
function judgeRecipient({ basic, enhanced }: Code, reply: string): Verdict {
  const refused: Outcome = { kind: 'refused', reply }
  // RFC 3463, sections 3.2 and 3.3: X.1 and X.2 are about the address and the mailbox.
  if (/^5\.[12]\./.test(enhanced)) return { outcome: refused, blame: 'nobody' }
  const isProtocol = [500, 502, 503, 504, 555].includes(basic)
  if (isProtocol || notTheRecipient.test(reply)) return { outcome: { kind: 'later', reply }, blame: 'doubt' }
  return { outcome: refused, blame: enhanced.startsWith('5.7.') ? 'doubt' : 'nobody' }
}

/** The body is on its way, or all of it is gone. */
function judgeBody(stage: Stage, code: Code | undefined, reply: string): Verdict {
  if (code === undefined || code.basic < 200 || (code.basic >= 300 && code.basic < 400) || code.basic >= 600) {
    // Without the final dot a server keeps nothing (RFC 5321, section 4.1.1.4). After it, only an answer would tell.
    return { outcome: { kind: stage === 'handed' ? 'uncertain' : 'later', reply }, blame: 'doubt' }
  }
  if (code.basic < 300) {
    // A yes before we were done is out of step: to what did it say yes?
    if (stage !== 'handed') return { outcome: { kind: 'uncertain', reply }, blame: 'doubt' }
    const queueId = queueIdOf(reply)
    return { outcome: { kind: 'submitted', reply, ...(queueId !== undefined && { queueId }) }, blame: 'nobody' }
  }
  if (code.basic === 421) return { outcome: { kind: 'later', reply }, blame: 'server' }
  return { outcome: { kind: code.basic < 500 ? 'later' : 'refused', reply }, blame: 'doubt' }
}

/** RFC 4954, section 6: the server wants a login, another one, or an encrypted one. */
function isAboutLogin(basic: number): boolean {
  return [530, 534, 535, 538].includes(basic)
}

interface Code {
  basic: number
  /** RFC 3463, such as `5.1.1`; empty where the server gives none. */
  enhanced: string
}

function codeOf(reply: string): Code | undefined {
  const [, basic, enhanced] = /^(\d{3})(?:[ -](?:(\d\.\d{1,3}\.\d{1,3})\b)?|$)/.exec(reply) ?? []
  return basic === undefined ? undefined : { basic: Number(basic), enhanced: enhanced ?? '' }
}

/** One line of a reply that may have many, each with the code before it, and nothing in it that a terminal obeys. */
export function tidyReply(reply: string): string {
  const [first = '', ...rest] = reply.split(/\r?\n/)
  const text = [
    first.replace(/^(\d{3})-/, '$1 '),
    ...rest.map((line) => line.replace(/^\d{3}[ -](\d\.\d+\.\d+ )?/, '')),
  ]
    .join(' ')
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
  return text.length > longestReply ? `${text.slice(0, longestReply - 1)}…` : text
}

/** The name under which the server took the message, as Postfix, Exim, Sendmail, Exchange, Gmail and Amazon SES give it. */
export function queueIdOf(reply: string): string | undefined {
  const text = reply.replace(/^\d{3}[ -](\d\.\d+\.\d+ )?/, '')
  const found =
    /\bqueued as <?([\w.@-]+)/i.exec(text) ??
    /\b(?:queue-?id|id)[=: ]<?([\w.@-]+)/i.exec(text) ??
    /^OK:? +(?:\d{9,10} +)?<?([0-9A-Za-z][\w.-]{7,})/i.exec(text) ??
    /^([0-9A-Za-z]{10,}) Message accepted/i.exec(text)
  return found?.[1]?.replace(/\.$/, '')
}
