/** A migration that the next version might bring, for tests of upgrades. */
import { type Migrations } from '../../src/store/migrate.ts'
import { MIGRATIONS } from '../../src/store/migrate.ts'

export const withSecond: Migrations = {
  ...MIGRATIONS,
  '9999-second': {
    async up(db) {
      await db.schema.createTable('addedSecond').addColumn('id', 'text').execute()
    },
  },
}
