/** Former ids of sources, feeds and newsletters: old links keep working when the config has long forgotten them. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('formerId')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('former', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('formerIdKey', ['kind', 'former'])
    .execute()
}
