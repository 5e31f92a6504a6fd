/**
 * One spelling of an e-mail address: what people write, checked and made comparable.
 *
 * Taken: `local@domain` with a dot-atom before the @ (RFC 5322, section 3.2.3), letters of any script in it (RFC 6531,
 * section 3.3: a mail server that cannot carry them refuses that one message, we need not refuse that person), and a
 * domain name of two labels or more, kept as ASCII (RFC 5890). Not taken, because nobody signs up with them and each has
 * fooled a parser: quoted local parts, comments, display names, address literals such as `[192.0.2.1]`.
 */
import { domainToASCII } from 'node:url'
import { Failure } from '../failures.ts'
import { type Address } from '../model.ts'

/** Octets, as RFC 5321 counts: section 4.5.3.1.1, and 4.5.3.1.3 less the angle brackets of a path. */
const LONGEST_LOCAL_PART = 64
const LONGEST_ADDRESS = 254

// One run of atext (RFC 5322, 3.2.3) with letters, marks and digits of any script, and runs of it between single dots.
// No control, space, comma, bracket or quote is in it: an address can add no header and no second recipient.
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u

// What may be written for a domain, before `domainToASCII`: it reads a host as URLs have it, so that it would also take
// `host/path`. The three full stops are those of UTS 46, section 4.
const WRITTEN_DOMAIN = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u

// RFC 1035, section 2.3.4: 1 to 63 letters, digits and hyphens a label, no hyphen at either end; two labels or more, and
// no number for the last, which would be an IPv4 address.
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const ASCII_DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?![0-9]+$)${LABEL}$`)

/**
 * Reads an address as a person wrote it. The case of its local part is kept for sending, because only the receiving
 * server may say that it means nothing (RFC 5321, section 2.4); for comparison it is dropped, because no person means
 * two by it. Throws Failure `subscriber.address`.
 */
export function parseAddress(text: string): Address {
  const trimmed = text.trim().normalize('NFC')
  const at = trimmed.lastIndexOf('@')
  const local = trimmed.slice(0, Math.max(at, 0))
  const written = trimmed.slice(at + 1)
  if (!LOCAL_PART.test(local)) throw unfit(text, 'what stands before the @ is no name of a mailbox')
  if (!WRITTEN_DOMAIN.test(written)) throw unfit(text, 'what stands after the @ is no domain')
  const domain = domainToASCII(written)
  if (!ASCII_DOMAIN.test(domain)) throw unfit(text, 'what stands after the @ is no domain')
  const email = `${local}@${domain}`
  if (Buffer.byteLength(local) > LONGEST_LOCAL_PART || Buffer.byteLength(email) > LONGEST_ADDRESS) {
    throw unfit(text, 'it is longer than an address can be')
  }
  return { email, key: email.toLowerCase() }
}

/** The address goes into logs and onto terminals: shortened, and with nothing in it that is not to be seen. */
function unfit(text: string, reason: string): Failure {
  const shown = text.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '\ufffd').slice(0, LONGEST_ADDRESS)
  return new Failure('subscriber.address', { address: shown, reason })
}
