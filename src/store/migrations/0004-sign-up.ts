/** What sign-up remembers: one link for several newsletters, its mail until that has gone, and more of the evidence. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Nothing ever wrote into the table as it was.
  await db.schema.dropTable('confirmation').execute()
  await db.schema
    .createTable('confirmation')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('newsletterId', 'text', (c) => c.notNull())
    .addColumn('subscriberId', 'text', (c) => c.notNull().references('subscriber.id').onDelete('cascade'))
    .addColumn('createdAt', 'text', (c) => c.notNull())
    .addColumn('expiresAt', 'text', (c) => c.notNull())
    .addColumn('usedAt', 'text')
    .addColumn('mailAt', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('confirmationKey', ['id', 'newsletterId'])
    .execute()
  await db.schema.createIndex('confirmationReader').on('confirmation').column('subscriberId').execute()
  await db.schema.createIndex('confirmationMail').on('confirmation').column('mailAt').execute()
  await db.schema.createIndex('confirmationOpen').on('confirmation').columns(['usedAt', 'createdAt']).execute()

  await db.schema.alterTable('consentEvent').addColumn('confirmationId', 'text').execute()
  await db.schema.alterTable('consentEvent').addColumn('wordingId', 'text').execute()
  await db.schema.alterTable('consentEvent').addColumn('network', 'text').execute()
  await db.schema.alterTable('consentEvent').addColumn('agent', 'text').execute()
  await db.schema.createIndex('consentEventConfirmation').on('consentEvent').column('confirmationId').execute()
  await db.schema.createIndex('signUpAttemptAt').on('signUpAttempt').column('at').execute()
}
