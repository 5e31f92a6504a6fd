/** When a thing that is done by the clock last brought something: what is quiet is done less often. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tick').addColumn('changedAt', 'text').execute()
}
