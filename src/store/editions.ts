/** Editions: composed once, numbered, kept for the archive. */
import { z } from 'zod'
import { type Edition, type EditionState, type Slice } from '../model.ts'
import { failureReport, fromDate, fromJson, toDate } from './columns.ts'
import { isPostgres, transact, type Database } from './database.ts'
import { type Tables } from './schema.ts'

/**
 * Adds an edition: false when its number is taken, because another process composed that one. Called in the transaction
 * that read the edition's articles, it makes sure that none is saved unseen in between (`saveArticle`).
 */
export async function addEdition(db: Database, edition: Edition): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('edition')
    .values(toRow(edition))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/**
 * Sets the state of an edition, if it is in one of the states `from` where those are given: tells whether it did. Only a
 * draft is held for a reason; one that is done was so when the last of its messages was answered.
 */
export async function setEditionState(
  db: Database,
  id: string,
  state: EditionState,
  from?: EditionState[],
): Promise<boolean> {
  let query = db
    .updateTable('edition')
    .set((row) => ({
      state,
      doneAt:
        state === 'done'
          ? row.fn.coalesce(
              row
                .selectFrom('delivery')
                .select(({ fn }) => fn.max('changedAt').as('changedAt'))
                .where('editionId', '=', id),
              row.ref('composedAt'),
            )
          : null,
      ...(state !== 'draft' && { heldFor: null }),
    }))
    .where('id', '=', id)
  if (from !== undefined) query = query.where('state', 'in', from)
  return (await query.executeTakeFirst()).numUpdatedRows === 1n
}

/**
 * Calls an edition off that is not over, and drops what is left of its deliveries; what is in the air still arrives. Its
 * articles are passed over, unless `keepArticles`: then they are new to its readers still, who have them in the next one.
 * Tells whether it was called off just now. Doing it again drops what came back to be sent later.
 */
export async function cancelEdition(
  db: Database,
  { id, newsletterId, slices }: Edition,
  { now, keepArticles = false }: { now: Date; keepArticles?: boolean },
): Promise<boolean> {
  return transact(db, async (trx) => {
    const open: EditionState[] = ['draft', 'composing', 'ready', 'sending', 'paused']
    const changed = await setEditionState(trx, id, 'cancelled', open)
    if (changed && !keepArticles) {
      // Also those who joined while it waited, and stand with the others: it is over for them too.
      for (const { after, until = after, upTo } of slices) {
        await trx
          .updateTable('subscription')
          .set({ watermark: fromDate(upTo) })
          .where('newsletterId', '=', newsletterId)
          .where('state', '=', 'active')
          .where('watermark', '>=', fromDate(after))
          .where('watermark', '<=', fromDate(until))
          .where('watermark', '<', fromDate(upTo))
          .execute()
      }
    }
    await trx
      .updateTable('delivery')
      .set({ state: 'dropped', reason: 'cancelled', claimedUntil: null, claimedBy: null, changedAt: fromDate(now) })
      .where('editionId', '=', id)
      .where('state', 'in', ['due', 'claimed'])
      // Asked in the same statement: whoever approved it meanwhile keeps its deliveries.
      .where('editionId', 'in', (editions) =>
        editions.selectFrom('edition').select('id').where('state', '=', 'cancelled'),
      )
      .execute()
    return changed
  })
}

/** The state of an edition, which nobody changes before this transaction ends. */
export async function lockEditionState(trx: Database, id: string): Promise<EditionState | undefined> {
  const row = await trx
    .selectFrom('edition')
    .select('state')
    .where('id', '=', id)
    .$if(isPostgres(trx), (locked) => locked.forShare())
    .executeTakeFirst()
  return row?.state
}

/** The editions of a newsletter or of all, in any of these states where they are given: the latest first. */
export async function latestEditions(
  db: Database,
  { newsletterId, states, limit }: { newsletterId?: string | undefined; states?: EditionState[]; limit: number },
): Promise<Edition[]> {
  let query = db.selectFrom('edition').selectAll()
  if (newsletterId !== undefined) query = query.where('newsletterId', '=', newsletterId)
  if (states !== undefined) query = query.where('state', 'in', states)
  const rows = await query.orderBy('composedAt', 'desc').orderBy('number', 'desc').orderBy('id').limit(limit).execute()
  return rows.map(toEdition)
}

/** What a person may mean by a name: the edition of a newsletter as `daily/7` or `daily-7`, or the beginning of an id. */
export async function findEditions(db: Database, name: string): Promise<Edition[]> {
  const [, newsletterId, number] = /^(.+)[/-](\d{1,9})$/.exec(name) ?? []
  if (newsletterId !== undefined) {
    const numbered = await db
      .selectFrom('edition')
      .selectAll()
      .where('newsletterId', '=', newsletterId)
      .where('number', '=', Number(number))
      .execute()
    if (numbered.length > 0) return numbered.map(toEdition)
  }
  // Nothing in it that a pattern of SQL would read as more than a letter.
  if (!/^[0-9a-z-]{4,64}$/i.test(name)) return []
  const beginning = db.selectFrom('edition').selectAll().where('id', 'like', `${name.toLowerCase()}%`)
  return (await beginning.orderBy('id').limit(10).execute()).map(toEdition)
}

/** The editions in any of these states, of one newsletter or of all, oldest first. */
export async function editionsIn(db: Database, states: EditionState[], newsletterId?: string): Promise<Edition[]> {
  let query = db.selectFrom('edition').selectAll().where('state', 'in', states)
  if (newsletterId !== undefined) query = query.where('newsletterId', '=', newsletterId)
  return (await query.orderBy('composedAt').orderBy('number').orderBy('id').execute()).map(toEdition)
}

/** The newsletter's edition with the highest number, whatever its state. */
export async function latestEdition(db: Database, newsletterId: string): Promise<Edition | undefined> {
  const row = await db
    .selectFrom('edition')
    .selectAll()
    .where('newsletterId', '=', newsletterId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toEdition(row)
}

export async function editionById(db: Database, id: string): Promise<Edition | undefined> {
  const row = await db.selectFrom('edition').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toEdition(row)
}

const date = z.iso.datetime().transform((text) => new Date(text))

const slices: z.ZodType<Slice[]> = z.array(
  z.strictObject({
    id: z.string(),
    after: date,
    until: date.exactOptional(),
    upTo: date,
    articleIds: z.array(z.string()),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
  }),
)

const texts = z.array(z.string())

function toRow(edition: Edition): Tables['edition'] {
  return {
    id: edition.id,
    newsletterId: edition.newsletterId,
    number: edition.number,
    state: edition.state,
    composedAt: fromDate(edition.composedAt),
    sender: edition.from,
    slices: JSON.stringify(edition.slices),
    articleIds: JSON.stringify(edition.articleIds),
    heldFor: edition.heldFor ? JSON.stringify(edition.heldFor) : null,
    doneAt: edition.doneAt ? fromDate(edition.doneAt) : null,
    upTo: fromDate(new Date(Math.max(...edition.slices.map(({ upTo }) => upTo.getTime()), 0))),
  }
}

function toEdition(row: Tables['edition']): Edition {
  return {
    id: row.id,
    newsletterId: row.newsletterId,
    number: row.number,
    state: row.state,
    composedAt: toDate(row.composedAt, 'edition.composed_at'),
    from: row.sender,
    slices: fromJson(slices, row.slices, 'edition.slices'),
    articleIds: fromJson(texts, row.articleIds, 'edition.article_ids'),
    ...(row.heldFor !== null && { heldFor: fromJson(failureReport, row.heldFor, 'edition.held_for') }),
    ...(row.doneAt !== null && { doneAt: toDate(row.doneAt, 'edition.done_at') }),
  }
}
