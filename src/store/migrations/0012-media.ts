/** Files beside articles: what their hosts say of them, and what podcast apps show of an article. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('article').addColumn('episode', 'text').execute()
  await db.schema
    .createTable('mediaFile')
    .addColumn('articleId', 'text', (c) => c.notNull().references('article.id').onDelete('cascade'))
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('saidType', 'text', (c) => c.notNull())
    .addColumn('saidBytes', 'integer')
    .addColumn('type', 'text')
    .addColumn('bytes', 'integer')
    .addColumn('fate', 'text')
    .addColumn('dueAt', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('mediaFileKey', ['articleId', 'url'])
    .execute()
  // Of those alone that are to be asked for.
  await db.schema
    .createIndex('mediaFileDue')
    .on('mediaFile')
    .columns(['dueAt', 'articleId'])
    .where('dueAt', 'is not', null)
    .execute()
  await db.schema.createIndex('mediaFileUrl').on('mediaFile').column('url').execute()

  const { rows } = await sql<{ id: string; enclosures: string; firstSeenAt: string }>`
    select id, enclosures, first_seen_at from article where enclosures <> '[]'`.execute(db)
  for (const { id, enclosures, firstSeenAt } of rows) {
    const files = JSON.parse(enclosures) as { url: string; type: string; bytes: number }[]
    for (const { url, type, bytes } of files)
      await sql`insert into media_file (article_id, url, said_type, said_bytes, due_at)
        values (${id}, ${url}, ${type}, ${bytes}, ${firstSeenAt})`.execute(db)
  }
}
