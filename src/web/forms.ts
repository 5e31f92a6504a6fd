/** What every form of ours that changes something carries and is asked: that it is ours, fresh, and filled in by a person. */
import { createHash } from 'node:crypto'
import { Failure } from '../failures.ts'
import { type SigningKey } from '../model.ts'
import { networkOf, type Network } from '../subscribers/network.ts'
import { readForm, signForm } from '../subscribers/token.ts'
import { type WebContext, type WebEnv } from './needs.ts'

/** A person needs longer to type an address; a form that lay open for a day is shown anew. */
const youngestMs = 2000
const oldestMs = 24 * 60 * 60_000

/** A field that no person sees: whoever fills it in is none. */
export const trapField = 'website'

export type FormAge = 'fresh' | 'early' | 'late' | 'foreign'

/** A token for a form of this purpose; `shown` is what it says, and must still say when it comes back. */
export function sealForm(key: SigningKey, purpose: string, shown: string, now: Date): string {
  return signForm(key, purposeOf(purpose, shown), now)
}

/** How old the form of a token is. `foreign`: it is not ours, or it said something else. */
export function ageOfForm(keys: SigningKey[], purpose: string, shown: string, token: string, now: Date): FormAge {
  try {
    const age = now.getTime() - readForm(keys, purposeOf(purpose, shown), token).getTime()
    if (age < youngestMs) return 'early'
    return age > oldestMs ? 'late' : 'fresh'
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'token.invalid') return 'foreign'
    throw thrown
  }
}

/** The fields of a form; undefined when the body is none. Ours are urlencoded, and no other is read. */
export async function readFields(c: WebContext): Promise<URLSearchParams | undefined> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(type)) return undefined
  return new URLSearchParams(await c.req.text())
}

/**
 * Whether a page of another site sent the form. Browsers say so (Fetch Metadata, and Origin before that); what says
 * neither is no browser that another page could make use of.
 */
export function isFromElsewhere(c: WebContext, server: string): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('origin')
  if (origin === undefined) return false
  // A proxy may speak to us under another name or without TLS, so that only the host is compared.
  const host = URL.parse(origin)?.host
  return host === undefined || (host !== new URL(server).host && host !== c.req.header('host'))
}

/** The network at the other end of the socket. Behind a proxy that is the proxy's: no header is believed. */
export function networkAt(c: WebContext): Network | undefined {
  return networkOf((c.env as WebEnv['Bindings'] | undefined)?.incoming?.socket.remoteAddress)
}

/**
 * Does `work` when the answer is on its way, so that its time tells nothing. The server waits for it before it closes;
 * where there is none, as for a `Request` that was handed to the router, the answer waits.
 */
export async function afterAnswer(c: WebContext, work: () => Promise<void>): Promise<void> {
  const context = contextOf(c)
  if (context === undefined) {
    await work()
    return
  }
  // Not before the answer was handed over, however fast the work would be.
  context.waitUntil(new Promise((resolve) => setImmediate(resolve)).then(work))
}

function contextOf(c: WebContext) {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}

function purposeOf(purpose: string, shown: string): string {
  return `${purpose} ${createHash('sha256').update(shown).digest('base64url')}`
}

/** Enough for its owner to know it again, too little for whom the mail was forwarded to. */
export function masked(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}•••${email.slice(at)}`
}
