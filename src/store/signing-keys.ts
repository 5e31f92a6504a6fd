/** The keys that sign the tokens of links. None is ever deleted, because an unsubscribe link never expires. */
import { randomBytes } from 'node:crypto'
import { type SigningKey } from '../model.ts'
import { fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'

/** All keys, newest first: the first one signs, any of them may have signed. Makes the first when there is none. */
export async function signingKeys(db: Database, now: Date): Promise<SigningKey[]> {
  const keys = await readKeys(db)
  if (keys.length > 0) return keys
  return transact(db, async (trx) => {
    // Another process may have made it since.
    const made = await readKeys(trx)
    if (made.length > 0) return made
    const key = { id: randomBytes(6).toString('base64url'), secret: randomBytes(32).toString('base64url') }
    await trx
      .insertInto('signingKey')
      .values({ ...key, createdAt: fromDate(now) })
      .execute()
    return [key]
  })
}

async function readKeys(db: Database): Promise<SigningKey[]> {
  return db.selectFrom('signingKey').select(['id', 'secret']).orderBy('createdAt', 'desc').orderBy('id').execute()
}
