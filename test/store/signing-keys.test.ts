import { strict as assert } from 'node:assert'
import { signingKeys } from '../../src/store/signing-keys.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at } from './nouns.ts'

describeOnEveryDatabase('store/signing-keys', (open) => {
  it('makes a key of 32 bytes when there is none, and keeps it', async () => {
    const db = await open()
    const [key, ...more] = await signingKeys(db, at(0))
    assert.equal(Buffer.from(key!.secret, 'base64url').length, 32)
    assert.match(key!.id, /^[\w-]{8}$/)
    assert.deepEqual(more, [])
    assert.deepEqual(await signingKeys(db, at(1)), [key])
  })

  it('makes another key for another database', async () => {
    const secrets = []
    for (let round = 0; round < 2; round += 1) secrets.push((await signingKeys(await open(), at(0)))[0]?.secret)
    assert.notEqual(secrets[0], secrets[1])
  })

  it('gives the newest first', async () => {
    const db = await open()
    await signingKeys(db, at(0))
    await db
      .insertInto('signingKey')
      .values({ id: 'newer', secret: 'secret', createdAt: at(1).toISOString() })
      .execute()
    assert.deepEqual((await signingKeys(db, at(2)))[0], { id: 'newer', secret: 'secret' })
  })

  it('makes one key when it is asked twice at once', async () => {
    const db = await open()
    const [one, two] = await Promise.all([signingKeys(db, at(0)), signingKeys(db, at(0))])
    assert.deepEqual(one, two)
  })
})
