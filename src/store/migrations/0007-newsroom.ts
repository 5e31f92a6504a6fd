/** Articles over time: their copies, their changes, whether their pages still stand, and the editor's hand on them. */
import { type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of [
    'originalId',
    'withdrawnAt',
    'withdrawnBy',
    'excludedAt',
    'pinnedAt',
    'correctedAt',
    'correction',
    'origins',
  ])
    await db.schema.alterTable('article').addColumn(column, 'text').execute()
  await db.schema.createIndex('articleOriginal').on('article').column('originalId').execute()
  await db.schema.createIndex('articlePinned').on('article').column('pinnedAt').execute()
  // Whose address this is, whichever source: the one that was there read a source's own names alone.
  await db.schema.createIndex('articleAliasName').on('articleAlias').column('key').execute()

  await db.schema
    .createTable('articleBand')
    .addColumn('band', 'text', (c) => c.notNull())
    .addColumn('articleId', 'text', (c) => c.notNull().references('article.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('articleBandKey', ['band', 'articleId'])
    .execute()
  await db.schema.createIndex('articleBandArticle').on('articleBand').column('articleId').execute()

  await db.schema
    .createTable('articleChange')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('articleId', 'text', (c) => c.notNull().references('article.id').onDelete('cascade'))
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('before', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('articleChangeArticle').on('articleChange').columns(['articleId', 'at']).execute()
  await db.schema.createIndex('articleChangeAt').on('articleChange').column('at').execute()

  await db.schema
    .createTable('articleCorrection')
    .addColumn('articleId', 'text', (c) => c.notNull().references('article.id').onDelete('cascade'))
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('said', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('articleCorrectionKey', ['articleId', 'field'])
    .execute()

  await db.schema
    .createTable('pageCheck')
    .addColumn('articleId', 'text', (c) => c.primaryKey().references('article.id').onDelete('cascade'))
    .addColumn('sourceId', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('dueAt', 'text')
    .addColumn('seenAt', 'text')
    .addColumn('missedAt', 'text')
    .execute()
  await db.schema.createIndex('pageCheckDue').on('pageCheck').columns(['sourceId', 'dueAt']).execute()
}
