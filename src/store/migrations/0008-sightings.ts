/** What a source remembers between two collections, what it gave until now, and what its operator should know of it. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['memory', 'history', 'notice'])
    await db.schema.alterTable('source').addColumn(column, 'text').execute()
}
