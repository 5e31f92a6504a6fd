/** Feeds over time: which articles are in each and since when, its archive, and what is to be written anew. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('counter')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'integer', (c) => c.notNull())
    .execute()

  await db.schema
    .alterTable('article')
    .addColumn('touched', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.createIndex('articleTouched').on('article').columns(['touched', 'id']).execute()

  await db.schema
    .createTable('feedState')
    .addColumn('feedId', 'text', (c) => c.primaryKey())
    .addColumn('ownerId', 'text', (c) => c.notNull())
    .addColumn('kind', 'text')
    .addColumn('value', 'text')
    .addColumn('name', 'text')
    .addColumn('entries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('pages', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('pageEntries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('pageWeight', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('shown', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('choice', 'text')
    .addColumn('look', 'text')
    .addColumn('readUpTo', 'text')
    .execute()
  await db.schema.createIndex('feedStateOwner').on('feedState').column('ownerId').execute()

  await db.schema
    .createTable('feedEntry')
    .addColumn('feedId', 'text', (c) => c.notNull())
    .addColumn('articleId', 'text', (c) => c.notNull().references('article.id').onDelete('cascade'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('page', 'integer', (c) => c.notNull())
    .addColumn('guid', 'text')
    .addColumn('datedAt', 'text', (c) => c.notNull())
    .addColumn('goneAt', 'text')
    .addPrimaryKeyConstraint('feedEntryKey', ['feedId', 'articleId'])
    .addUniqueConstraint('feedEntryPosition', ['feedId', 'position'])
    .addUniqueConstraint('feedEntryGuid', ['guid', 'feedId'])
    .execute()
  await db.schema.createIndex('feedEntryArticle').on('feedEntry').column('articleId').execute()
  await db.schema.createIndex('feedEntryPage').on('feedEntry').columns(['feedId', 'page']).execute()
  await db.schema
    .createIndex('feedEntryNewest')
    .on('feedEntry')
    .columns(['feedId', 'goneAt', 'datedAt', 'articleId'])
    .execute()

  await db.schema
    .createTable('feedPage')
    .addColumn('feedId', 'text', (c) => c.notNull())
    .addColumn('page', 'integer', (c) => c.notNull())
    .addColumn('ownerId', 'text', (c) => c.notNull())
    .addColumn('stale', 'integer')
    .addColumn('isFaulty', 'integer')
    .addColumn('faults', 'text')
    .addPrimaryKeyConstraint('feedPageKey', ['feedId', 'page'])
    .execute()
  await db.schema.createIndex('feedPageStale').on('feedPage').columns(['ownerId', 'stale']).execute()
  await db.schema.createIndex('feedPageFaulty').on('feedPage').columns(['ownerId', 'isFaulty']).execute()
}
