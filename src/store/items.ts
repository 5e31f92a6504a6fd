/** What sources on the web said of their items last time. */
import { type Database } from './database.ts'

/** By which name a source speaks of an item, and the hash of everything that it says of it. */
export interface SeenItem {
  sourceId: string
  key: string
  hash: string
}

/** Whether the source said exactly the same of this item last time, and which article it became, if it became one. */
export async function notedItem(
  db: Database,
  { sourceId, key, hash }: SeenItem,
): Promise<{ articleId?: string } | undefined> {
  const row = await db
    .selectFrom('item')
    .select('articleId')
    .where('sourceId', '=', sourceId)
    .where('key', '=', key)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row && (row.articleId === null ? {} : { articleId: row.articleId })
}

/** Notes what the source says of an item, once the article that it became is saved, or found to be none. */
export async function noteItem(db: Database, seen: SeenItem, article?: string): Promise<void> {
  const articleId = article ?? null
  await db
    .insertInto('item')
    .values({ ...seen, articleId })
    .onConflict((conflict) => conflict.columns(['sourceId', 'key']).doUpdateSet({ hash: seen.hash, articleId }))
    .execute()
}
