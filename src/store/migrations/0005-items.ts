/** What a source on the web said of each of its items last time, so that an unchanged one costs no page request. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('item')
    .addColumn('sourceId', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('articleId', 'text', (c) => c.references('article.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('itemKey', ['sourceId', 'key'])
    .execute()
  await db.schema.createIndex('itemArticle').on('item').column('articleId').execute()
}
