import { strict as assert } from 'node:assert'
import { forgetValidators, openMemory } from '../../src/store/validators.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at } from './nouns.ts'

const page = 'https://gazette.example/feed.xml?a=b'

describeOnEveryDatabase('store/validators', (open) => {
  it('knows nothing of an address that was never read', async () => {
    assert.equal(await openMemory(await open()).read(page), undefined)
  })

  it('gives back what was written, all of it or little', async () => {
    const memory = openMemory(await open())
    const whole = {
      etag: '"v1"',
      lastModified: 'Sun, 01 Mar 2026 10:00:00 GMT',
      body: 'User-agent: *\n',
      fetchedAt: at(1),
      freshUntil: at(9),
    }
    await memory.write(page, whole)
    await memory.write(`${page}#reader`, { fetchedAt: at(2) })
    assert.deepEqual(await memory.read(page), whole)
    assert.deepEqual(await memory.read(`${page}#reader`), { fetchedAt: at(2) })
  })

  it('replaces what was there, and leaves nothing of it', async () => {
    const memory = openMemory(await open())
    await memory.write(page, { etag: '"v1"', lastModified: 'x', body: 'y', fetchedAt: at(1), freshUntil: at(2) })
    await memory.write(page, { etag: '"v2"', fetchedAt: at(3) })
    assert.deepEqual(await memory.read(page), { etag: '"v2"', fetchedAt: at(3) })
  })

  it('forgets an address that is written without validators', async () => {
    const memory = openMemory(await open())
    await memory.write(page, { etag: '"v1"', fetchedAt: at(1) })
    await memory.write(page, undefined)
    await memory.write('https://never.example/', undefined)
    assert.equal(await memory.read(page), undefined)
  })

  it('forgets what was last heard too long ago', async () => {
    const db = await open()
    const memory = openMemory(db)
    await memory.write('old', { fetchedAt: at(1) })
    await memory.write('new', { fetchedAt: at(2) })
    assert.equal(await forgetValidators(db, at(2)), 1)
    assert.deepEqual([await memory.read('old'), await memory.read('new')], [undefined, { fetchedAt: at(2) }])
  })

  it('refuses a time that it did not write', async () => {
    const db = await open()
    await openMemory(db).write(page, { fetchedAt: at(1) })
    await db.updateTable('validator').set({ fetchedAt: 'yesterday' }).execute()
    await assert.rejects(openMemory(db).read(page), { code: 'database.unusable', message: /validator\.fetched_at/ })
  })
})
