/** What sources on the web said of their items last time. */
import { chunksOf } from './columns.ts'
import { type Database } from './database.ts'

/** By which name a source speaks of an item, and the hash of everything that it says of it. */
export interface SeenItem {
  sourceId: string
  key: string
  hash: string
}

/** What was noted of an item: everything that was said of it, as a hash, and the article that it became, if it became one. */
export interface NotedItem {
  hash: string
  articleId?: string
}

/** What the source said last time, by key, of those of these items that it spoke of. */
export async function notedItems(db: Database, sourceId: string, keys: string[]): Promise<Map<string, NotedItem>> {
  const noted = new Map<string, NotedItem>()
  for (const some of chunksOf(keys, 1000)) {
    const rows = await db
      .selectFrom('item')
      .select(['key', 'hash', 'articleId'])
      .where('sourceId', '=', sourceId)
      .where('key', 'in', some)
      .execute()
    for (const { key, hash, articleId } of rows) noted.set(key, { hash, ...(articleId !== null && { articleId }) })
  }
  return noted
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
