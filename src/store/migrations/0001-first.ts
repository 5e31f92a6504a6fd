/** The first shape of the database. Appended to by later migrations and never edited. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('source')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('collectedAt', 'text')
    .addColumn('succeededAt', 'text')
    .addColumn('failure', 'text')
    .execute()

  await db.schema
    .createTable('article')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('sourceId', 'text', (c) => c.notNull())
    .addColumn('guid', 'text')
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('authors', 'text', (c) => c.notNull())
    .addColumn('html', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('excerpt', 'text', (c) => c.notNull())
    .addColumn('topics', 'text', (c) => c.notNull())
    .addColumn('language', 'text')
    .addColumn('images', 'text', (c) => c.notNull())
    .addColumn('enclosures', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('publishedAt', 'text')
    .addColumn('updatedAt', 'text')
    .addColumn('firstSeenAt', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('articleFirstSeen').on('article').columns(['firstSeenAt', 'id']).execute()
  await db.schema.createIndex('articleUrl').on('article').column('url').execute()
  await db.schema.createIndex('articlePath').on('article').columns(['sourceId', 'path']).execute()
  await db.schema.createIndex('articleHash').on('article').columns(['sourceId', 'hash']).execute()

  await db.schema
    .createTable('articleAlias')
    .addColumn('sourceId', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('articleId', 'text', (c) => c.notNull().references('article.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('articleAliasKey', ['sourceId', 'key'])
    .execute()

  await db.schema
    .createTable('edition')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('newsletterId', 'text', (c) => c.notNull())
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('composedAt', 'text', (c) => c.notNull())
    .addColumn('sender', 'text', (c) => c.notNull())
    .addColumn('slices', 'text', (c) => c.notNull())
    .addColumn('articleIds', 'text', (c) => c.notNull())
    // Two processes that compose at once both want the next number: one of them gets it.
    .addUniqueConstraint('editionNumber', ['newsletterId', 'number'])
    .execute()
  await db.schema.createIndex('editionState').on('edition').column('state').execute()

  await db.schema
    .createTable('subscriber')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('addressKey', 'text', (c) => c.notNull().unique())
    .addColumn('createdAt', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('subscription')
    .addColumn('subscriberId', 'text', (c) => c.notNull().references('subscriber.id').onDelete('cascade'))
    .addColumn('newsletterId', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('watermark', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('endedAt', 'text')
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('subscriptionKey', ['subscriberId', 'newsletterId'])
    .execute()
  await db.schema
    .createIndex('subscriptionAudience')
    .on('subscription')
    .columns(['newsletterId', 'state', 'watermark', 'subscriberId'])
    .execute()

  await db.schema
    .createTable('consentEvent')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subscriberId', 'text', (c) => c.notNull())
    .addColumn('newsletterId', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('evidence', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('consentEventSubscriber').on('consentEvent').columns(['subscriberId', 'at']).execute()

  await db.schema
    .createTable('delivery')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('editionId', 'text', (c) => c.notNull().references('edition.id'))
    .addColumn('subscriberId', 'text', (c) => c.notNull())
    .addColumn('sliceId', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('dueAt', 'text', (c) => c.notNull())
    .addColumn('claimedUntil', 'text')
    .addColumn('claimedBy', 'text')
    .addColumn('reason', 'text')
    .addColumn('changedAt', 'text', (c) => c.notNull())
    .addUniqueConstraint('deliveryOnce', ['editionId', 'subscriberId'])
    .execute()
  await db.schema.createIndex('deliveryDue').on('delivery').columns(['state', 'dueAt']).execute()
  await db.schema.createIndex('deliveryEdition').on('delivery').columns(['editionId', 'state']).execute()

  await db.schema
    .createTable('signingKey')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('secret', 'text', (c) => c.notNull())
    .addColumn('createdAt', 'text', (c) => c.notNull())
    .execute()
}
