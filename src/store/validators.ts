/** What servers said of the addresses that were read: for conditional requests, robots.txt and Retry-After. */
import { type FetchMemory, type Validators } from '../contracts.ts'
import { fromDate, toDate } from './columns.ts'
import { type Database } from './database.ts'
import { type Tables } from './schema.ts'

/** The fetcher's memory in the database, so that the next process knows what this one was told. */
export function openMemory(db: Database): FetchMemory {
  return {
    read: (key) => readValidators(db, key),
    write: (key, validators) => writeValidators(db, key, validators),
  }
}

async function readValidators(db: Database, url: string): Promise<Validators | undefined> {
  const row = await db.selectFrom('validator').selectAll().where('url', '=', url).executeTakeFirst()
  return row === undefined ? undefined : toValidators(row)
}

async function writeValidators(db: Database, url: string, validators: Validators | undefined): Promise<void> {
  if (validators === undefined) {
    await db.deleteFrom('validator').where('url', '=', url).execute()
    return
  }
  const row = {
    etag: validators.etag ?? null,
    lastModified: validators.lastModified ?? null,
    body: validators.body ?? null,
    fetchedAt: fromDate(validators.fetchedAt),
    freshUntil: validators.freshUntil === undefined ? null : fromDate(validators.freshUntil),
  }
  await db
    .insertInto('validator')
    .values({ url, ...row })
    .onConflict((conflict) => conflict.column('url').doUpdateSet(row))
    .execute()
}

/** Forgets what was last heard before `before`: at worst an address is read in full once more. Gives how many. */
export async function forgetValidators(db: Database, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('validator')
    .where('fetchedAt', '<', fromDate(before))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

function toValidators(row: Tables['validator']): Validators {
  return {
    fetchedAt: toDate(row.fetchedAt, 'validator.fetched_at'),
    ...(row.etag !== null && { etag: row.etag }),
    ...(row.lastModified !== null && { lastModified: row.lastModified }),
    ...(row.body !== null && { body: row.body }),
    ...(row.freshUntil !== null && { freshUntil: toDate(row.freshUntil, 'validator.fresh_until') }),
  }
}
