/** What reading the web, working by the clock, sign-up and alerts need to remember. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('validator')
    .addColumn('url', 'text', (c) => c.primaryKey())
    .addColumn('etag', 'text')
    .addColumn('lastModified', 'text')
    .addColumn('body', 'text')
    .addColumn('fetchedAt', 'text', (c) => c.notNull())
    .addColumn('freshUntil', 'text')
    .execute()

  await db.schema
    .createTable('lease')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text', (c) => c.notNull())
    .addColumn('heldUntil', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('tick')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('dueAt', 'text', (c) => c.notNull())
    .addColumn('startedAt', 'text', (c) => c.notNull())
    .addColumn('finishedAt', 'text')
    .addColumn('failed', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()

  await db.schema
    .createTable('alert')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('raisedAt', 'text', (c) => c.notNull())
    .addColumn('toldAt', 'text')
    .addColumn('clearedAt', 'text')
    .addColumn('failure', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('confirmation')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subscriberId', 'text', (c) => c.notNull().references('subscriber.id').onDelete('cascade'))
    .addColumn('newsletterId', 'text', (c) => c.notNull())
    .addColumn('createdAt', 'text', (c) => c.notNull())
    .addColumn('expiresAt', 'text', (c) => c.notNull())
    .addColumn('usedAt', 'text')
    .execute()
  await db.schema
    .createIndex('confirmationSubscriber')
    .on('confirmation')
    .columns(['subscriberId', 'newsletterId'])
    .execute()

  await db.schema
    .createTable('signUpAttempt')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('bucket', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('signUpAttemptBucket').on('signUpAttempt').columns(['bucket', 'at']).execute()

  await db.schema
    .alterTable('source')
    .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('edition').addColumn('heldFor', 'text').execute()
  await db.schema.alterTable('edition').addColumn('doneAt', 'text').execute()
}
