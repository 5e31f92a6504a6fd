/** What stays of rows that retention deletes. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deliverySum')
    .addColumn('editionId', 'text', (c) => c.notNull().references('edition.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('deliverySumKey', ['editionId', 'state'])
    .execute()

  await db.schema
    .createTable('unusedMedia')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('since', 'text', (c) => c.notNull())
    .execute()

  await db.schema.alterTable('article').addColumn('retiredAt', 'text').execute()
}
