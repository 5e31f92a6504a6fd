/** What a subscriber asks a hub for, and what it is asked and sent (W3C Recommendation WebSub, sections 5 and 7). */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** A request as it may be granted. */
export interface Asked {
  mode: 'subscribe' | 'unsubscribe'
  topic: string
  /** Without a fragment. */
  callback: string
  /** Of the callback, with its port where it is not the usual one. */
  host: string
  secret?: string
  leaseSeconds: number
}

const hour = 60 * 60
const day = 24 * hour

/** How long a subscription holds: what is not said, and what is granted at least and at most. */
export const leases = { usual: 10 * day, least: hour, most: 30 * day }

const most = { address: 2048, secretBytes: 200 }

/** The request in a form (section 5.1), or in words what is wrong with it. Parameters that are not known mean nothing. */
export function readRequest(fields: URLSearchParams): Asked | string {
  const mode = fields.get('hub.mode') ?? ''
  if (mode === 'publish') return 'hub.mode publish is of no use here: this hub knows by itself when a feed changes'
  if (mode !== 'subscribe' && mode !== 'unsubscribe') return 'hub.mode must be subscribe or unsubscribe'
  const topic = fields.get('hub.topic') ?? ''
  if (topic === '' || topic.length > most.address) return 'hub.topic must be the address of a feed'
  const written = fields.get('hub.callback') ?? ''
  const callback = URL.parse(written)
  if (callback === null || written.length > most.address || !/^https?:$/.test(callback.protocol))
    return 'hub.callback must be an address that begins with https:// or http://'
  callback.hash = ''
  const secret = fields.get('hub.secret') ?? ''
  if (Buffer.byteLength(secret) > most.secretBytes) return 'hub.secret must have less than 200 bytes'
  const lease = fields.get('hub.lease_seconds') ?? ''
  if (!/^\d{0,15}$/.test(lease)) return 'hub.lease_seconds must be a number of seconds'
  return {
    mode,
    topic,
    callback: callback.href,
    host: callback.host,
    ...(secret !== '' && { secret }),
    leaseSeconds: lease === '' ? leases.usual : Math.min(Math.max(Number(lease), leases.least), leases.most),
  }
}

/** Where a subscriber is asked whether it wants this (section 5.3). */
export function verifyAddress(
  { callback, mode, topic, leaseSeconds }: Pick<Asked, 'callback' | 'mode' | 'topic' | 'leaseSeconds'>,
  challenge: string,
): string {
  return withQuery(callback, {
    'hub.mode': mode,
    'hub.topic': topic,
    'hub.challenge': challenge,
    ...(mode === 'subscribe' && { 'hub.lease_seconds': String(leaseSeconds) }),
  })
}

/** Where a subscriber is told that it does not get what it asked for, or gets it no more (section 5.2). */
export function denyAddress({ callback, topic }: Pick<Asked, 'callback' | 'topic'>, reason: string): string {
  return withQuery(callback, { 'hub.mode': 'denied', 'hub.topic': topic, 'hub.reason': reason })
}

/** Whether the answer is the challenge and nothing else. */
export function isConfirmed(answer: string, challenge: string): boolean {
  const [given, expected] = [Buffer.from(answer), Buffer.from(challenge)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** X-Hub-Signature: that the news come from whoever was told the secret (section 7.1). */
export function signatureOf(secret: string, content: Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(content).digest('hex')}`
}

/** What stands in the query of a callback already stays there to the letter. */
function withQuery(callback: string, parameters: Record<string, string>): string {
  const url = new URL(callback)
  const added = new URLSearchParams(parameters).toString()
  url.search = url.search === '' ? added : `${url.search}&${added}`
  return url.href
}
