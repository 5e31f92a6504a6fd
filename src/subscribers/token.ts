/**
 * Tokens that stand in links and speak for a reader.
 *
 * There are three kinds, and the rules for them are fixed: `confirm` works once and expires; `unsubscribe` works for ever
 * and as often as one likes; `preferences` can be revoked. A `form` token speaks for nobody: it says that a form is ours. A kind is part of what is signed and not of what is written, so
 * that a token of one kind never passes for another, whoever changes what.
 *
 * `b1.KEY.PAYLOAD.MAC`: the format, the id of the key, base64url of a JSON list, and base64url of the HMAC-SHA-256 of
 * `b1.KIND.KEY.PAYLOAD`. Only characters that stand in one path segment of a URL as they are (RFC 3986, section 2.3).
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Failure } from '../failures.ts'
import { type SigningKey } from '../model.ts'

const FORMAT = 'b1'

type Kind = 'unsubscribe' | 'confirm' | 'form' | Fingerprinted

/** What is counted or kept only as a hash. */
type Fingerprinted = 'address' | 'network'

/** A token by which whoever holds it ends this subscription. */
export function signUnsubscribe(
  key: SigningKey,
  { subscriberId, newsletterId }: { subscriberId: string; newsletterId: string },
): string {
  return sign(key, 'unsubscribe', [subscriberId, newsletterId])
}

/** Which subscription an unsubscribe token ends. Throws Failure `token.invalid` unless one of `keys` signed it as it is. */
export function readUnsubscribe(keys: SigningKey[], token: string): { subscriberId: string; newsletterId: string } {
  const [subscriberId, newsletterId, ...more] = read(keys, 'unsubscribe', token)
  if (subscriberId === undefined || newsletterId === undefined || more.length > 0) throw new Failure('token.invalid')
  return { subscriberId, newsletterId }
}

/** A token by which whoever holds it confirms a request, while the store lets it (`store/confirmations.ts`). */
export function signConfirmation(key: SigningKey, confirmationId: string): string {
  return sign(key, 'confirm', [confirmationId])
}

/** Which request a token confirms. Throws Failure `token.invalid` as `readUnsubscribe` does. */
export function readConfirmation(keys: SigningKey[], token: string): string {
  const [confirmationId, ...more] = read(keys, 'confirm', token)
  if (confirmationId === undefined || more.length > 0) throw new Failure('token.invalid')
  return confirmationId
}

/** A token for a form: when it was shown, and what for, which the form must still be for when it comes back. */
export function signForm(key: SigningKey, purpose: string, issuedAt: Date): string {
  return sign(key, 'form', [issuedAt.toISOString(), purpose])
}

/** When the form was shown. Throws Failure `token.invalid`, also when it was shown for another purpose. */
export function readForm(keys: SigningKey[], purpose: string, token: string): Date {
  const [issuedAt, signedFor, ...more] = read(keys, 'form', token)
  if (issuedAt === undefined || signedFor !== purpose || more.length > 0) throw new Failure('token.invalid')
  return new Date(issuedAt)
}

/** A keyed hash, so that an address or a network can be counted or compared by us, and guessed by nobody. */
export function fingerprint(key: SigningKey, kind: Fingerprinted, text: string): string {
  return mac(key, kind, Buffer.from(text).toString('base64url'))
}

function sign(key: SigningKey, kind: Kind, facts: string[]): string {
  const payload = Buffer.from(JSON.stringify(facts)).toString('base64url')
  return [FORMAT, key.id, payload, mac(key, kind, payload)].join('.')
}

function read(keys: SigningKey[], kind: Kind, token: string): string[] {
  const [format, keyId, payload, given, ...more] = token.split('.')
  const key = keys.find(({ id }) => id === keyId)
  if (format !== FORMAT || key === undefined || payload === undefined || given === undefined || more.length > 0) {
    throw new Failure('token.invalid')
  }
  // Texts are compared and not the bytes they stand for: base64url has several spellings of the same bytes.
  const expected = Buffer.from(mac(key, kind, payload))
  const offered = Buffer.from(given)
  if (offered.length !== expected.length || !timingSafeEqual(offered, expected)) throw new Failure('token.invalid')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as string[]
}

function mac(key: SigningKey, kind: Kind, payload: string): string {
  return createHmac('sha256', Buffer.from(key.secret, 'base64url'))
    .update([FORMAT, kind, key.id, payload].join('.'))
    .digest('base64url')
}
