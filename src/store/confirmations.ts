/** Confirmation links: each works once, until it expires; and their mails, until they have gone. */
import { type Selectable } from 'kysely'
import { type Newsletter } from '../model.ts'
import { fromDate, toDate } from './columns.ts'
import { isPostgres, transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'
import { startingPoint } from './audiences.ts'
import { addConsentEvent, lockSubscription, putSubscription, subscriberById, type Consent } from './subscribers.ts'

export interface Confirmation {
  id: string
  subscriberId: string
  newsletterIds: string[]
  createdAt: Date
  expiresAt: Date
  usedAt?: Date
  /** How often its mail was tried. */
  attempts: number
}

/** What a link can still do: nothing, where it is `used`, `expired`, or older than the reader's leave (`outdated`). */
export type LinkState = 'open' | 'used' | 'expired' | 'outdated'

/** The confirmation of a link; undefined where it was swept, or never was. */
export async function findConfirmation(db: Database, id: string): Promise<Confirmation | undefined> {
  return toConfirmation(await rowsOf(db, id).execute())
}

export async function stateOf(db: Database, confirmation: Confirmation, now: Date): Promise<LinkState> {
  if (confirmation.usedAt !== undefined) return 'used'
  if (confirmation.expiresAt <= now) return 'expired'
  const { subscriberId, newsletterIds, createdAt } = confirmation
  for (const newsletterId of newsletterIds) {
    const known = await lockSubscription(db, { subscriberId, newsletterId })
    if (known?.endedAt !== undefined && known.endedAt > createdAt) return 'outdated'
  }
  return 'open'
}

/**
 * Uses a link: what it asks for becomes active, from where `first` says, and the evidence is kept. Asked twice, or by two
 * at once, it does so once and the other gets `used`. `newsletters` are those that there are: another is left as it is.
 */
export async function useConfirmation(
  db: Database,
  { id, newsletters, ...consent }: Consent & { id: string; newsletters: Pick<Newsletter, 'id' | 'first'>[] },
): Promise<LinkState | 'confirmed' | undefined> {
  return transact(db, async (trx) => {
    const confirmation = toConfirmation(
      await rowsOf(trx, id)
        .$if(isPostgres(trx), (locked) => locked.forUpdate())
        .execute(),
    )
    if (confirmation === undefined) return undefined
    const { now } = consent
    const state = await stateOf(trx, confirmation, now)
    if (state !== 'open') return state
    await trx
      .updateTable('confirmation')
      .set({ usedAt: fromDate(now), mailAt: null })
      .where('id', '=', id)
      .execute()
    const { subscriberId, newsletterIds } = confirmation
    for (const newsletter of newsletters.filter((each) => newsletterIds.includes(each.id))) {
      const key = { subscriberId, newsletterId: newsletter.id }
      // Another link of theirs may have been first.
      if ((await lockSubscription(trx, key))?.state !== 'active') {
        const watermark = await startingPoint(trx, newsletter, now)
        await putSubscription(trx, { ...key, state: 'active', watermark, since: now })
      }
      await addConsentEvent(trx, key, 'confirmed', { ...consent, confirmationId: id })
    }
    return 'confirmed'
  })
}

/** A confirmation whose mail is due, and to whom it goes. */
export interface DueMail {
  confirmation: Confirmation
  email: string
}

/** Takes up to `limit` confirmations whose mail is due, those waiting longest first; nobody else gets them before `until`. */
export async function claimMails(
  db: Database,
  { now, until, limit }: { now: Date; until: Date; limit: number },
): Promise<DueMail[]> {
  return transact(db, async (trx) => {
    const due = await trx
      .selectFrom('confirmation')
      .select('id')
      .where('mailAt', '<=', fromDate(now))
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', fromDate(now))
      .groupBy('id')
      .orderBy(({ fn }) => fn.min('mailAt'))
      .limit(limit)
      .execute()
    const claimed: DueMail[] = []
    for (const { id } of due) {
      const { numUpdatedRows } = await trx
        .updateTable('confirmation')
        .set({ mailAt: fromDate(until) })
        .where('id', '=', id)
        .where('mailAt', '<=', fromDate(now))
        .executeTakeFirst()
      const confirmation = numUpdatedRows > 0n ? await findConfirmation(trx, id) : undefined
      const subscriber = confirmation && (await subscriberById(trx, confirmation.subscriberId))
      if (confirmation && subscriber) claimed.push({ confirmation, email: subscriber.email })
    }
    return claimed
  })
}

/** Notes one attempt at a mail, and when the next is to be; undefined: there is none. */
export async function settleMail(
  db: Database,
  { id, attempts }: Pick<Confirmation, 'id' | 'attempts'>,
  nextAt: Date | undefined,
): Promise<void> {
  await db
    .updateTable('confirmation')
    .set({ attempts, mailAt: nextAt === undefined ? null : fromDate(nextAt) })
    .where('id', '=', id)
    // Used meanwhile, or followed by a newer one: then there is nothing left to send.
    .where('mailAt', 'is not', null)
    .execute()
}

function rowsOf(db: Database, id: string) {
  return db.selectFrom('confirmation').selectAll().where('id', '=', id).orderBy('newsletterId')
}

/** The rows of one id make one confirmation. */
function toConfirmation(rows: Selectable<Tables['confirmation']>[]): Confirmation | undefined {
  const [row] = rows
  return (
    row && {
      id: row.id,
      subscriberId: row.subscriberId,
      newsletterIds: rows.map(({ newsletterId }) => newsletterId),
      createdAt: toDate(row.createdAt, 'confirmation.created_at'),
      expiresAt: toDate(row.expiresAt, 'confirmation.expires_at'),
      ...(row.usedAt !== null && { usedAt: toDate(row.usedAt, 'confirmation.used_at') }),
      attempts: row.attempts,
    }
  )
}
