/** Editions: composed once, numbered, kept for the archive. */
import { z } from 'zod'
import { type Edition, type EditionState, type Slice } from '../model.ts'
import { fromDate, fromJson, toDate } from './columns.ts'
import { type Database } from './database.ts'
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

/** Sets the state of an edition, if it is in one of the states `from` where those are given: tells whether it did. */
export async function setEditionState(
  db: Database,
  id: string,
  state: EditionState,
  from?: EditionState[],
): Promise<boolean> {
  let query = db.updateTable('edition').set({ state }).where('id', '=', id)
  if (from !== undefined) query = query.where('state', 'in', from)
  return (await query.executeTakeFirst()).numUpdatedRows === 1n
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
    heldFor: null,
    doneAt: null,
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
  }
}
