/** Renames: what belongs to a source, feed or newsletter goes along to its new id, and its old id leads there for good. */
import { fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { moveFeed } from './feed-states.ts'
import { nextTouch } from './touches.ts'

export type RenameKind = 'source' | 'feed' | 'newsletter'

/** `was: FORMER` in the config. */
export interface Rename {
  kind: RenameKind
  former: string
  id: string
}

/**
 * Moves everything from the former ids to the new ones, each in one transaction. Doing it again does nothing, unless
 * something came under the former id meanwhile, from a process that still had the old config. Gives those that it did.
 */
export async function applyRenames(db: Database, renames: Rename[], now: Date): Promise<Rename[]> {
  const applied: Rename[] = []
  for (const rename of renames) {
    if ((await currentId(db, rename.kind, rename.former)) === rename.id && !(await hasAnything(db, rename))) continue
    await transact(db, async (trx) => {
      await moves[rename.kind](trx, rename)
      await remember(trx, rename, now)
    })
    applied.push(rename)
  }
  return applied
}

/** What is called so today: the id itself where nothing of this kind was ever renamed from it. */
export async function currentId(db: Database, kind: RenameKind, id: string): Promise<string> {
  const row = await db
    .selectFrom('formerId')
    .select('id')
    .where('kind', '=', kind)
    .where('former', '=', id)
    .executeTakeFirst()
  return row?.id ?? id
}

/** Ids that something is kept under, articles or readers or editions; feeds by their ticks alone. */
export async function idsInUse(db: Database): Promise<Record<RenameKind, string[]>> {
  const sources = await db.selectFrom('article').select('sourceId as id').distinct().execute()
  const read = await db.selectFrom('subscription').select('newsletterId as id').distinct().execute()
  const written = await db.selectFrom('edition').select('newsletterId as id').distinct().execute()
  const ticks = await db.selectFrom('tick').select('name').where('name', 'like', 'publish:%').execute()
  const sorted = (ids: string[]) => [...new Set(ids)].toSorted()
  return {
    source: sorted(sources.map(({ id }) => id)),
    feed: sorted(ticks.map(({ name }) => name.slice('publish:'.length))),
    newsletter: sorted([...read, ...written].map(({ id }) => id)),
  }
}

/** Chains are short: whatever led to the former id leads to the new one, and the new one is former no more. */
async function remember(db: Database, { kind, former, id }: Rename, now: Date): Promise<void> {
  await db.deleteFrom('formerId').where('kind', '=', kind).where('former', '=', id).execute()
  await db.updateTable('formerId').set({ id }).where('kind', '=', kind).where('id', '=', former).execute()
  await db
    .insertInto('formerId')
    .values({ kind, former, id, at: fromDate(now) })
    .onConflict((conflict) => conflict.columns(['kind', 'former']).doUpdateSet({ id }))
    .execute()
}

async function hasAnything(db: Database, { kind, former }: Rename): Promise<boolean> {
  const any = async (found: Promise<unknown>) => (await found) !== undefined
  if (kind === 'feed')
    return (
      (await any(db.selectFrom('tick').select('name').where('name', '=', `publish:${former}`).executeTakeFirst())) ||
      any(db.selectFrom('feedState').select('feedId').where('feedId', '=', former).executeTakeFirst())
    )
  if (kind === 'source') {
    return (
      (await any(db.selectFrom('article').select('id').where('sourceId', '=', former).limit(1).executeTakeFirst())) ||
      any(db.selectFrom('source').select('id').where('id', '=', former).executeTakeFirst())
    )
  }
  return (
    (await any(
      db
        .selectFrom('subscription')
        .select('subscriberId')
        .where('newsletterId', '=', former)
        .limit(1)
        .executeTakeFirst(),
    )) || any(db.selectFrom('edition').select('id').where('newsletterId', '=', former).limit(1).executeTakeFirst())
  )
}

const moves: Record<RenameKind, (db: Database, rename: Rename) => Promise<void>> = {
  async source(db, { former, id }) {
    const touched = await nextTouch(db)
    await db.updateTable('article').set({ sourceId: id, touched }).where('sourceId', '=', former).execute()
    await db.updateTable('pageCheck').set({ sourceId: id }).where('sourceId', '=', former).execute()
    // Where both ids collected, an address may be known under both: it stays with the article that has it now.
    for (const table of ['articleAlias', 'item'] as const) {
      await db
        .deleteFrom(table)
        .where('sourceId', '=', former)
        .where('key', 'in', (keys) => keys.selectFrom(table).select('key').where('sourceId', '=', id))
        .execute()
      await db.updateTable(table).set({ sourceId: id }).where('sourceId', '=', former).execute()
    }
    const known = await db.selectFrom('source').select('id').where('id', '=', id).executeTakeFirst()
    if (known === undefined) await db.updateTable('source').set({ id }).where('id', '=', former).execute()
    else await db.deleteFrom('source').where('id', '=', former).execute()
    await moveTick(db, `collect:${former}`, `collect:${id}`)
  },

  async feed(db, { former, id }) {
    await moveFeed(db, former, id)
    await moveTick(db, `publish:${former}`, `publish:${id}`)
  },

  async newsletter(db, { former, id }) {
    await moveEditions(db, former, id)
    await settleDoubles(db, former, id)
    await db.updateTable('subscription').set({ newsletterId: id }).where('newsletterId', '=', former).execute()
    await db
      .deleteFrom('confirmation')
      .where('newsletterId', '=', former)
      .where('id', 'in', (ids) => ids.selectFrom('confirmation').select('id').where('newsletterId', '=', id))
      .execute()
    await db.updateTable('confirmation').set({ newsletterId: id }).where('newsletterId', '=', former).execute()
    // Not the evidence of consent: it says what was agreed to, by the name that it had.
    await moveTick(db, `compose:${former}`, `compose:${id}`)
  },
}

/** The former ones come first. Those that the new id has already are numbered on after them, past any number on the way. */
async function moveEditions(db: Database, former: string, id: string): Promise<void> {
  const latest = await db
    .selectFrom('edition')
    .select('number')
    .where('newsletterId', '=', former)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (latest === undefined) return
  for (const step of [FAR, latest.number - FAR]) {
    await db
      .updateTable('edition')
      .set((eb) => ({ number: eb('number', '+', step) }))
      .where('newsletterId', '=', id)
      .execute()
  }
  await db.updateTable('edition').set({ newsletterId: id }).where('newsletterId', '=', former).execute()
}

/** No newsletter has so many editions. */
const FAR = 1_000_000

/** Who is on both lists keeps what they said last; leaving counts, where both were said at once. */
async function settleDoubles(db: Database, former: string, id: string): Promise<void> {
  const rows = await db
    .selectFrom('subscription')
    .select(['subscriberId', 'newsletterId', 'since', 'endedAt'])
    .where('newsletterId', 'in', [former, id])
    .where('subscriberId', 'in', (ids) =>
      ids
        .selectFrom('subscription as one')
        .innerJoin('subscription as other', 'other.subscriberId', 'one.subscriberId')
        .select('one.subscriberId')
        .where('one.newsletterId', '=', former)
        .where('other.newsletterId', '=', id),
    )
    .execute()
  const saidAt = ({ since, endedAt }: (typeof rows)[number]) => endedAt ?? since
  for (const old of rows.filter(({ newsletterId }) => newsletterId === former)) {
    const other = rows.find((row) => row.subscriberId === old.subscriberId && row.newsletterId === id)
    if (other === undefined) continue
    const isOldLast = saidAt(old) > saidAt(other) || (saidAt(old) === saidAt(other) && old.endedAt !== null)
    await db
      .deleteFrom('subscription')
      .where('subscriberId', '=', old.subscriberId)
      .where('newsletterId', '=', isOldLast ? id : former)
      .execute()
  }
}

async function moveTick(db: Database, former: string, name: string): Promise<void> {
  const known = await db.selectFrom('tick').select('name').where('name', '=', name).executeTakeFirst()
  if (known === undefined) await db.updateTable('tick').set({ name }).where('name', '=', former).execute()
  else await db.deleteFrom('tick').where('name', '=', former).execute()
}
