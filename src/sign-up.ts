/** A person asks for newsletters: the request is kept, and a mail asks them to confirm it. */
import { createHash } from 'node:crypto'
import { confirmAddress, type Addresses } from './addresses.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { type Log } from './log.ts'
import { buildConfirmation } from './mail/confirmation.ts'
import { type Outcome, type Transport } from './contracts.ts'
import { type Address, type Newsletter, type SigningKey, type Site } from './model.ts'
import { renderConfirm } from './newsletters/confirm.ts'
import { type Templates } from './newsletters/liquid.ts'
import { claimMails, findConfirmation, settleMail, type Confirmation } from './store/confirmations.ts'
import { type Database } from './store/database.ts'
import { activeAmong, countAttempt, requestSubscriptions } from './store/sign-ups.ts'
import { signingKeys } from './store/signing-keys.ts'
import { type Wording } from './subscribers/consent.ts'
import { fingerprint, signConfirmation } from './subscribers/token.ts'

export interface SignUpNeeds {
  db: Database
  site: Site
  addresses: Addresses
  newsletters: Newsletter[]
  templates: Templates
  transport: Pick<Transport, 'send'>
  now: () => Date
  log: Log
}

/** What a person asked for on the form, and the evidence of it. */
export interface SignUp {
  address: Address
  /** Of the newsletters that there are. */
  newsletters: [Newsletter, ...Newsletter[]]
  wording: Wording
  /** As a keyed hash. */
  network?: string | undefined
  agent?: string | undefined
}

const minute = 60_000
const day = 24 * 60 * minute

/** How long a confirmation link works. */
export const confirmDays = 7

/** A person may lose a mail or two; more in a day would make us a means to fill someone's mailbox. */
const mailsADay = { confirm: 3, known: 1 }

/** After each attempt that was answered with `later`, so long until the next; after the last, no more. */
const waitsMs = [1, 5, 15, 60, 240, 480].map((minutes) => minutes * minute)

/** Longer than any transport takes over one message: until then, nobody else tries the same mail. */
const sendingMs = 15 * minute

/** Mails that one call of `sendConfirmations` tries. */
const mailsAtOnce = 100

/**
 * Keeps what a person asked for and mails them. Whoever gets all of it already is told so by mail, once a day. Nothing is
 * thrown and nothing given back: whoever asked is to learn nothing of the list, from an answer or from its time.
 */
export async function signUp(needs: SignUpNeeds, wish: SignUp): Promise<void> {
  const { db, log } = needs
  try {
    const now = needs.now()
    const [key] = await signingKeys(db, now)
    if (key === undefined) throw new Failure('database.unusable', { reason: 'it holds no signing key' })
    const ids = wish.newsletters.map(({ id }) => id)
    const active = await activeAmong(db, wish.address, ids)
    const wanted = ids.filter((id) => !active.includes(id))
    const kind = wanted.length === 0 ? 'known' : 'confirm'
    const bucket = `${kind}:${fingerprint(key, 'address', mailboxOf(wish.address))}`
    const since = new Date(now.getTime() - day)
    if (!(await countAttempt(db, { bucket, now, since, limit: mailsADay[kind] }))) {
      log.info({ newsletters: ids, kind }, 'asked too often for one address: no further mail today')
      return
    }
    if (kind === 'known') {
      await tellKnown(needs, key, wish, now)
      return
    }
    const { confirmationId } = await requestSubscriptions(db, {
      ...wish.address,
      newsletterIds: wanted,
      now,
      expiresAt: new Date(now.getTime() + confirmDays * day),
      mailAt: new Date(now.getTime() + sendingMs),
      path: 'form',
      evidence: wish.wording.text,
      wordingId: wish.wording.id,
      network: wish.network,
      agent: wish.agent,
    })
    log.info({ confirmation: confirmationId, newsletters: wanted }, 'asked to be subscribed')
    const confirmation = await findConfirmation(db, confirmationId)
    if (confirmation !== undefined) await sendOne(needs, key, confirmation, wish.address.email)
  } catch (thrown) {
    log.error({ err: thrown }, 'a sign-up could not be kept; the person has to ask again')
  }
}

/**
 * Sends the confirmation mails that a failing server or a killed process left over: those whose next attempt is due. What
 * fails again is told, and waits for its next turn.
 */
export async function sendConfirmations(
  needs: SignUpNeeds & { stop?: AbortSignal | undefined },
): Promise<{ submitted: number; faults: FailureReport[] }> {
  const { db, now } = needs
  const result = { submitted: 0, faults: [] as FailureReport[] }
  const until = new Date(now().getTime() + sendingMs)
  const mails = await claimMails(db, { now: now(), until, limit: mailsAtOnce })
  const [key] = mails.length === 0 ? [] : await signingKeys(db, now())
  if (key === undefined) return result
  let isDown = false
  for (const { confirmation, email } of mails) {
    if (isDown || needs.stop?.aborted) {
      await settleMail(db, confirmation, now())
      continue
    }
    const { kind, untried, fault } = await sendOne(needs, key, confirmation, email)
    if (kind === 'submitted') result.submitted += 1
    if (fault !== undefined) result.faults.push(fault)
    // No server can be used: each of the others would wait in vain as well.
    isDown = untried === true
  }
  return result
}

/** Sends one confirmation mail, and notes what came of it. That an address is refused is no fault: people mistype. */
async function sendOne(
  needs: SignUpNeeds,
  key: SigningKey,
  confirmation: Confirmation,
  email: string,
): Promise<Partial<Outcome> & { fault?: FailureReport }> {
  const { db, now, log, addresses } = needs
  const { id, createdAt, expiresAt, newsletterIds } = confirmation
  const [first, ...more] = needs.newsletters.filter((each) => newsletterIds.includes(each.id))
  if (first === undefined) {
    // It was taken out of the config: there is nothing to confirm any more.
    await settleMail(db, confirmation, undefined)
    return {}
  }
  const url = confirmAddress(addresses, signConfirmation(key, id))
  const link = { url, until: expiresAt }
  const outcome = await send(needs, `confirm-${id}`, {
    newsletters: [first, ...more],
    email,
    askedAt: createdAt,
    link,
  })
  const attempts = confirmation.attempts + (outcome.untried === true ? 0 : 1)
  const wait = outcome.kind === 'later' ? waitsMs[confirmation.attempts] : undefined
  await settleMail(db, { id, attempts }, wait === undefined ? undefined : new Date(now().getTime() + wait))
  const { kind, reply } = outcome
  if (kind === 'submitted') return outcome
  // A reply may hold the address: it goes to whoever runs this, and not into the log.
  log.warn({ confirmation: id, outcome: kind, again: wait !== undefined }, 'a confirmation mail did not go out')
  if (kind === 'refused') return outcome
  const code = wait === undefined ? 'signUp.unsent' : 'mail.later'
  const failure = new Failure(code, { newsletter: first.id, confirmation: id, outcome: kind, reply })
  return { ...outcome, fault: failure.toJSON() }
}

/** Tells someone who gets it all already; a second copy the same day has the same Message-ID. */
async function tellKnown(needs: SignUpNeeds, key: SigningKey, wish: SignUp, now: Date): Promise<void> {
  const { newsletters, address } = wish
  const today = `${fingerprint(key, 'address', address.key)} ${now.toISOString().slice(0, 10)}`
  const id = `known-${createHash('sha256').update(today).digest('hex').slice(0, 32)}`
  const { kind } = await send(needs, id, { newsletters, email: address.email, askedAt: now })
  if (kind !== 'submitted') needs.log.warn({ outcome: kind }, 'a reader could not be told that they are on the list')
}

async function send(
  { site, addresses, templates, transport, log }: SignUpNeeds,
  id: string,
  mail: Pick<Parameters<typeof renderConfirm>[0], 'newsletters' | 'email' | 'askedAt' | 'link'>,
): Promise<Outcome> {
  const [{ from }] = mail.newsletters
  const { language } = site
  try {
    const content = await renderConfirm({ site, server: addresses.server, ...mail }, templates)
    return await transport.send(buildConfirmation({ id, from, to: mail.email, date: mail.askedAt, content, language }))
  } catch (thrown) {
    log.error({ err: thrown }, 'a confirmation mail could not be made or handed over')
    return { kind: 'later', reply: describe(thrown) }
  }
}

/** Spellings that commonly reach one mailbox count as one: dots and what follows a plus do not make another. */
function mailboxOf({ key }: Address): string {
  const at = key.lastIndexOf('@')
  return `${key.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '')}${key.slice(at)}`
}
