/** The readers of a newsletter by where they stand: whom an edition is for, and how far each has come. */
import { type Edition, type Newsletter, type Subscription } from '../model.ts'
import { chunksOf, fromDate, toDate } from './columns.ts'
import { isPostgres, type Database } from './database.ts'
import { toSubscription } from './subscribers.ts'

/** The active readers of a newsletter, counted by where they stand: the furthest behind first. */
export async function audiences(db: Database, newsletterId: string): Promise<{ watermark: Date; readers: number }[]> {
  const rows = await db
    .selectFrom('subscription')
    .select(({ fn }) => ['watermark', fn.countAll().as('readers')])
    .where('newsletterId', '=', newsletterId)
    .where('state', '=', 'active')
    .groupBy('watermark')
    .orderBy('watermark')
    .execute()
  return rows.map(({ watermark, readers }) => ({
    watermark: toDate(watermark, 'subscription.watermark'),
    readers: Number(readers),
  }))
}

/** How many active readers an edition is for and has not reached yet: as `nextAudience` would give them, slice by slice. */
export async function audienceOf(
  db: Database,
  { newsletterId, composedAt, slices }: Pick<Edition, 'newsletterId' | 'composedAt' | 'slices'>,
): Promise<number> {
  let readers = 0
  for (const { after, until = after } of slices) {
    const { count } = await db
      .selectFrom('subscription')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('newsletterId', '=', newsletterId)
      .where('state', '=', 'active')
      .where('watermark', '>=', fromDate(after))
      .where('watermark', '<=', fromDate(until))
      .where('since', '<=', fromDate(composedAt))
      .executeTakeFirstOrThrow()
    readers += Number(count)
  }
  return readers
}

/** When the first of a newsletter's readers subscribed, whether they stayed or not: the newsletter began no later. */
export async function firstSubscribedAt(db: Database, newsletterId: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('subscription')
    .select('since')
    .where('newsletterId', '=', newsletterId)
    .orderBy('since')
    .limit(1)
    .executeTakeFirst()
  return row && toDate(row.since, 'subscription.since')
}

/**
 * Up to `limit` active readers who stand at this watermark, or at one from there up to `until`, and subscribed at `since`
 * or before, that is before the audience was fixed. Each piece is taken by moving its watermark: asking again gives the
 * next.
 */
export async function nextAudience(
  db: Database,
  {
    newsletterId,
    watermark,
    until = watermark,
    since,
    limit,
  }: { newsletterId: string; watermark: Date; until?: Date | undefined; since: Date; limit: number },
): Promise<Subscription[]> {
  const rows = await db
    .selectFrom('subscription')
    .selectAll()
    .where('newsletterId', '=', newsletterId)
    .where('state', '=', 'active')
    .where('watermark', '>=', fromDate(watermark))
    .where('watermark', '<=', fromDate(until))
    .where('since', '<=', fromDate(since))
    .orderBy('watermark')
    .orderBy('subscriberId')
    .limit(limit)
    .$if(isPostgres(db), (locked) => locked.forUpdate())
    .execute()
  return rows.map(toSubscription)
}

/** Moves these readers of a newsletter on, never back: what came up to that moment is no longer new to them. */
export async function moveWatermark(
  db: Database,
  subscriberIds: string[],
  newsletterId: string,
  to: Date,
): Promise<void> {
  for (const some of chunksOf(subscriberIds, 1000)) {
    await db
      .updateTable('subscription')
      .set({ watermark: fromDate(to) })
      .where('newsletterId', '=', newsletterId)
      .where('subscriberId', 'in', some)
      .where('watermark', '<', fromDate(to))
      .execute()
  }
}

/** Moves all readers of a newsletter on, never back: an edition that was to be skipped is not made up for later. */
export async function passOver(db: Database, newsletterId: string, to: Date): Promise<void> {
  await db
    .updateTable('subscription')
    .set({ watermark: fromDate(to) })
    .where('newsletterId', '=', newsletterId)
    .where('state', '=', 'active')
    .where('watermark', '<', fromDate(to))
    .execute()
}

/**
 * Where a reader who subscribes now begins. With `first: now` that is with all there is. With `next` it is where most
 * readers stand, behind the last edition: the next one is then theirs as well, whole, also what was collected for it
 * before they came. The first reader of a newsletter begins with what comes from now on.
 */
export async function startingPoint(
  db: Database,
  { id, first }: Pick<Newsletter, 'id' | 'first'>,
  now: Date,
): Promise<Date> {
  if (first === 'now') return new Date(0)
  const [most] = (await audiences(db, id)).toReversed().toSorted((a, b) => b.readers - a.readers)
  return most === undefined || most.watermark > now ? now : most.watermark
}
