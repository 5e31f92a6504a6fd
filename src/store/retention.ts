/** Lets go of rows that nobody needs any more, in transactions small enough that serving goes on between them. */
import { setImmediate as othersTurn } from 'node:timers/promises'
import { type DeliveryState, type EditionState } from '../model.ts'
import { chunksOf, fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { touchArticles } from './touches.ts'

/** Rows of one transaction. */
const PIECE = 500

/** Nothing of these will ever go out again. */
const OVER: EditionState[] = ['done', 'cancelled']

/** An `uncertain` one is a question that nobody has answered yet: it stays. */
const SETTLED: DeliveryState[] = ['submitted', 'refused', 'dropped']

/**
 * Empties these articles. What they are known by stays, and a source that still lists one finds it known: it is never
 * new again, to no reader. Gives how many.
 */
export async function retireArticles(db: Database, ids: string[], now: Date): Promise<number> {
  let retired = 0
  for (const some of chunksOf(ids, PIECE)) {
    retired += await transact(db, async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('article')
        .set({
          retiredAt: fromDate(now),
          authors: '[]',
          html: '',
          text: '',
          excerpt: '',
          topics: '[]',
          images: '[]',
          enclosures: '[]',
          episode: null,
          pinnedAt: null,
          correction: null,
          origins: null,
        })
        .where('id', 'in', some)
        .where('retiredAt', 'is', null)
        .executeTakeFirst()
      await touchArticles(trx, some)
      // All of them hold parts of its content, or look after it.
      for (const table of ['articleChange', 'articleCorrection', 'articleBand', 'pageCheck', 'mediaFile'] as const)
        await trx.deleteFrom(table).where('articleId', 'in', some).execute()
      return Number(numUpdatedRows)
    })
    await othersTurn()
  }
  return retired
}

/**
 * Deletes the settled deliveries of editions that are over and were composed before that moment, and keeps how many ended
 * in each state: `countDeliveries` counts them as before. Nobody is mailed again for it: an edition that is over is never
 * sent, and what is new to a reader is decided by their watermark. Gives how many rows went.
 */
export async function sumUpDeliveries(db: Database, before: Date): Promise<number> {
  return inPieces(() =>
    transact(db, async (trx) => {
      const rows = await trx
        .selectFrom('delivery')
        .innerJoin('edition', 'edition.id', 'delivery.editionId')
        .select(['delivery.id', 'delivery.editionId', 'delivery.state'])
        .where('edition.state', 'in', OVER)
        .where('edition.composedAt', '<', fromDate(before))
        .where('delivery.state', 'in', SETTLED)
        .where('delivery.changedAt', '<', fromDate(before))
        .limit(PIECE)
        .execute()
      const sums = Map.groupBy(rows, ({ editionId, state }) => JSON.stringify([editionId, state]))
      for (const [first, ...others] of sums.values()) {
        if (first === undefined) continue
        const { editionId, state } = first
        const count = others.length + 1
        await trx
          .insertInto('deliverySum')
          .values({ editionId, state, count })
          .onConflict((conflict) =>
            conflict
              .columns(['editionId', 'state'])
              .doUpdateSet((row) => ({ count: row('deliverySum.count', '+', count) })),
          )
          .execute()
      }
      const ids = rows.map(({ id }) => id)
      await trx.deleteFrom('delivery').where('id', 'in', ids).execute()
      return rows.length
    }),
  )
}

/** Confirmation links that were used before: what was agreed to is in `consentEvent`. */
export async function sweepConfirmations(db: Database, before: Date): Promise<number> {
  return deleted(db.deleteFrom('confirmation').where('usedAt', '<', fromDate(before)))
}

/** Bands of articles that were first seen before: no copy of them comes any more. */
export async function sweepBands(db: Database, before: Date): Promise<number> {
  return deleted(
    db
      .deleteFrom('articleBand')
      .where('articleId', 'in', (articles) =>
        articles.selectFrom('article').select('id').where('firstSeenAt', '<', fromDate(before)),
      ),
  )
}

/** Alerts that were cleared before; one that still stands stays. */
export async function sweepAlerts(db: Database, before: Date): Promise<number> {
  return deleted(db.deleteFrom('alert').where('clearedAt', '<', fromDate(before)))
}

/** Leases that ran out before: whoever held them is gone, and a new one is taken as well without the row. */
export async function sweepLeases(db: Database, before: Date): Promise<number> {
  return deleted(db.deleteFrom('lease').where('heldUntil', '<', fromDate(before)))
}

/** Everything kept that may name a picture: the articles and the editions, a piece at a time. */
export async function* textsNamingMedia(db: Database): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('article')
      .select(['id', 'html', 'images', 'enclosures'])
      .where('id', '>', after)
      .where('retiredAt', 'is', null)
      .orderBy('id')
      .limit(PIECE)
      .execute()
    for (const { html, images, enclosures } of rows) yield `${html}\n${images}\n${enclosures}`
    after = rows.at(-1)?.id ?? after
    if (rows.length < PIECE) break
    await othersTurn()
  }
  // A mail keeps its pictures where it lies in somebody's mailbox, and so does its page in the archive.
  for (let after = ''; ;) {
    const [edition] = await db
      .selectFrom('edition')
      .select(['id', 'slices'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(1)
      .execute()
    if (edition === undefined) return
    yield edition.slices
    after = edition.id
    await othersTurn()
  }
}

/** Notes that nothing names these pictures, and forgets those that something names again. Gives since when each is unused. */
export async function noteUnusedMedia(db: Database, names: string[], now: Date): Promise<Map<string, Date>> {
  return transact(db, async (trx) => {
    const known = await trx.selectFrom('unusedMedia').selectAll().execute()
    const unused = new Set(names)
    const named = known.filter(({ name }) => !unused.has(name)).map(({ name }) => name)
    for (const some of chunksOf(named, PIECE)) await trx.deleteFrom('unusedMedia').where('name', 'in', some).execute()
    for (const some of chunksOf(names, PIECE)) {
      await trx
        .insertInto('unusedMedia')
        .values(some.map((name) => ({ name, since: fromDate(now) })))
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
    }
    const since = new Map(known.map((row) => [row.name, new Date(row.since)]))
    return new Map(names.map((name) => [name, since.get(name) ?? now]))
  })
}

/** Asks for one piece after the other, until one is not full. */
async function inPieces(piece: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await piece()
    total += count
    if (count < PIECE) return total
    await othersTurn()
  }
}

async function deleted(query: {
  executeTakeFirst(): Promise<{ numDeletedRows: bigint } | undefined>
}): Promise<number> {
  return Number((await query.executeTakeFirst())?.numDeletedRows ?? 0n)
}
