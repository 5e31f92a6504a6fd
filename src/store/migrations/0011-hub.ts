/** Who is told that a feed changed: the hub it names, or, where we are that hub, everyone who follows it. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hubTopic')
    .addColumn('topic', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('changedAt', 'text', (c) => c.notNull())
    .addColumn('dueAt', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failingSince', 'text')
    .addColumn('failure', 'text')
    .execute()
  // In the order in which they have their turn, and of those alone that are to have one.
  await db.schema
    .createIndex('hubTopicDue')
    .on('hubTopic')
    .columns(['attempts', 'dueAt', 'topic'])
    .where('dueAt', 'is not', null)
    .execute()
  await db.schema.createIndex('hubTopicFailing').on('hubTopic').column('failingSince').execute()

  await db.schema
    .createTable('hubSubscription')
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('callback', 'text', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('secret', 'text')
    .addColumn('expiresAt', 'text', (c) => c.notNull())
    .addColumn('dueAt', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failingSince', 'text')
    .addPrimaryKeyConstraint('hubSubscriptionKey', ['topic', 'callback'])
    .execute()
  await db.schema
    .createIndex('hubSubscriptionDue')
    .on('hubSubscription')
    .columns(['attempts', 'dueAt', 'topic', 'callback'])
    .where('dueAt', 'is not', null)
    .execute()
  await db.schema.createIndex('hubSubscriptionExpires').on('hubSubscription').column('expiresAt').execute()
  await db.schema.createIndex('hubSubscriptionHost').on('hubSubscription').column('host').execute()

  await db.schema
    .createTable('hubRequest')
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('callback', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('secret', 'text')
    .addColumn('leaseSeconds', 'integer', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('dueAt', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('hubRequestKey', ['topic', 'callback'])
    .execute()
  await db.schema.createIndex('hubRequestDue').on('hubRequest').columns(['attempts', 'dueAt', 'id']).execute()
  await db.schema.createIndex('hubRequestHost').on('hubRequest').column('host').execute()
}
