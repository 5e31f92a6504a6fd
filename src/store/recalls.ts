/** Editions that hold an article which is withdrawn: what has not gone out is called back and composed anew. */
import { type EditionState } from '../model.ts'
import { chunksOf, fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { setEditionState } from './editions.ts'

/** An edition that held it, and what became of that. */
export interface Recall {
  id: string
  newsletterId: string
  number: number
  /** `kept`: all of it had gone out. */
  state: 'recalled' | 'kept'
  /** How many messages had gone out, or may have, and how many are not sent now. */
  gone: number
  dropped: number
}

const UNSENT: EditionState[] = ['draft', 'composing', 'ready', 'sending', 'paused']

/** So far back it is told which editions held it. */
const MOST_TOLD = 20

/**
 * Calls back every edition with this article that has not all gone out: it is cancelled, and those who did not get it
 * stand where they stood before it, so that the next edition brings them what else was in it. What is in the air still
 * arrives. In one transaction, so that nobody is left between two editions. Its newsletters are due to be composed.
 */
export async function recallEditions(db: Database, articleId: string, now: Date): Promise<Recall[]> {
  return transact(db, async (trx) => {
    const recalls: Recall[] = []
    for (const { id, newsletterId, number, slices } of await unsentWith(trx, articleId)) {
      // Before its deliveries are looked at: whoever is about to begin one asks for this state first.
      if (!(await setEditionState(trx, id, 'cancelled', UNSENT))) continue
      const dropped = await dropDeliveries(trx, id, newsletterId, slices, now)
      recalls.push({ id, newsletterId, number, state: 'recalled', gone: await countGone(trx, id), dropped })
      await composeAnew(trx, newsletterId)
    }
    const told = recalls.map(({ id }) => id)
    const sent = await trx
      .selectFrom('edition')
      .select(['id', 'newsletterId', 'number', 'articleIds'])
      .where('articleIds', 'like', `%"${articleId}"%`)
      .where('state', 'in', ['done', ...UNSENT])
      .orderBy('composedAt', 'desc')
      .limit(MOST_TOLD)
      .execute()
    for (const { id, newsletterId, number } of sent.filter((edition) => !told.includes(edition.id)))
      recalls.push({ id, newsletterId, number, state: 'kept', gone: await countGone(trx, id), dropped: 0 })
    return recalls
  })
}

async function unsentWith(db: Database, articleId: string) {
  const rows = await db
    .selectFrom('edition')
    .select(['id', 'newsletterId', 'number', 'slices', 'articleIds', 'state'])
    .where('state', 'in', UNSENT)
    .orderBy('composedAt')
    .execute()
  const found = []
  for (const row of rows.filter(({ articleIds }) => (JSON.parse(articleIds) as string[]).includes(articleId))) {
    const isOpen = row.state === 'draft' || row.state === 'composing' || (await countOpen(db, row.id)) > 0
    if (isOpen) found.push({ ...row, slices: JSON.parse(row.slices) as { id: string; after: string; upTo: string }[] })
  }
  return found
}

/** Those whose deliveries had not begun stand before the edition again. */
async function dropDeliveries(
  db: Database,
  editionId: string,
  newsletterId: string,
  slices: { id: string; after: string; upTo: string }[],
  now: Date,
): Promise<number> {
  const rows = await db
    .updateTable('delivery')
    .set({ state: 'dropped', reason: 'recalled', claimedUntil: null, claimedBy: null, changedAt: fromDate(now) })
    .where('editionId', '=', editionId)
    .where('state', 'in', ['due', 'claimed'])
    .returning(['subscriberId', 'sliceId'])
    .execute()
  for (const { id, after, upTo } of slices) {
    const subscribers = rows.filter(({ sliceId }) => sliceId === id).map(({ subscriberId }) => subscriberId)
    for (const some of chunksOf(subscribers, 1000)) {
      await db
        .updateTable('subscription')
        .set({ watermark: after })
        .where('newsletterId', '=', newsletterId)
        .where('subscriberId', 'in', some)
        // Who was moved on by something else since stays there.
        .where('watermark', '=', upTo)
        .execute()
    }
  }
  return rows.length
}

/** As if its last time had failed: it is tried again soon, unless it is too late for that. */
async function composeAnew(db: Database, newsletterId: string): Promise<void> {
  await db
    .updateTable('tick')
    .set({ failed: 1 })
    .where('name', '=', `compose:${newsletterId}`)
    .where('finishedAt', 'is not', null)
    .where('failed', '=', 0)
    .execute()
}

async function countOpen(db: Database, editionId: string): Promise<number> {
  const { count } = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('editionId', '=', editionId)
    .where('state', 'in', ['due', 'claimed'])
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function countGone(db: Database, editionId: string): Promise<number> {
  const { count } = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('editionId', '=', editionId)
    .where('state', 'in', ['sending', 'submitted', 'uncertain'])
    .executeTakeFirstOrThrow()
  const { sum } = await db
    .selectFrom('deliverySum')
    .select(({ fn }) => fn.sum('count').as('sum'))
    .where('editionId', '=', editionId)
    .where('state', 'in', ['submitted', 'uncertain'])
    .executeTakeFirstOrThrow()
  return Number(count) + Number(sum)
}

/** The editions that hold an article, the latest first. */
export async function editionsWith(
  db: Database,
  articleId: string,
): Promise<{ id: string; newsletterId: string; number: number; state: EditionState }[]> {
  return db
    .selectFrom('edition')
    .select(['id', 'newsletterId', 'number', 'state'])
    .where('articleIds', 'like', `%"${articleId}"%`)
    .orderBy('composedAt', 'desc')
    .limit(MOST_TOLD)
    .execute()
}
