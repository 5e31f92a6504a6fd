/**
 * Tokens that stand in links and speak for a reader.
 *
 * There are three kinds, and the rules for them are fixed: `confirm` works once and expires; `unsubscribe` works for ever
 * and as often as one likes; `preferences` can be revoked. A kind is part of what is signed and not of what is written, so
 * that a token of one kind never passes for another, whoever changes what.
 *
 * `b1.KEY.PAYLOAD.MAC`: the format, the id of the key, base64url of a JSON list, and base64url of the HMAC-SHA-256 of
 * `b1.KIND.KEY.PAYLOAD`. Only characters that stand in one path segment of a URL as they are (RFC 3986, section 2.3).
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Failure } from '../failures.ts'
import { type SigningKey } from '../model.ts'

const FORMAT = 'b1'

type Kind = 'unsubscribe'

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
