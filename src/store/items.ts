/** What sources on the web said of their items last time. */
import { type Database } from './database.ts'

/** By which name a source speaks of an item, and the hash of everything that it says of it. */
export interface SeenItem {
  sourceId: string
  key: string
  hash: string
}

/** The id of the article that this item became, if the source said exactly the same of it last time. */
export async function unchangedItem(db: Database, { sourceId, key, hash }: SeenItem): Promise<string | undefined> {
  const row = await db
    .selectFrom('item')
    .select('articleId')
    .where('sourceId', '=', sourceId)
    .where('key', '=', key)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.articleId
}

/** Notes what the source says of an item, once the article that it became is saved. */
export async function noteItem(db: Database, seen: SeenItem, articleId: string): Promise<void> {
  await db
    .insertInto('item')
    .values({ ...seen, articleId })
    .onConflict((conflict) => conflict.columns(['sourceId', 'key']).doUpdateSet({ hash: seen.hash, articleId }))
    .execute()
}
