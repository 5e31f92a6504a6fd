import assert from 'node:assert/strict'
import { openPaper, type Paper } from './paper.ts'

describe('web/ready', () => {
  let isStarted = false
  let paper: Paper
  beforeEach(async () => (paper = await openPaper({ isStarted: () => isStarted })))
  afterEach(() => paper.close())

  const ask = async () => {
    const response = await paper.ask('/readyz')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    return { status: response.status, body: await response.json() }
  }

  it('is not ready before the first run is done, and is afterwards', async () => {
    assert.deepEqual(await ask(), { status: 503, body: { ready: false, missing: ['first run'] } })
    isStarted = true
    assert.deepEqual(await ask(), { status: 200, body: { ready: true, missing: [] } })
    assert.equal((await paper.ask('/readyz', { method: 'POST' })).status, 405)
  })

  it('is not ready on tables of another version', async () => {
    const rows = paper.needs.db.$extendTables<{ kyselyMigration: { name: string; timestamp: string } }>()
    await rows.deleteFrom('kyselyMigration').where('name', '=', '0002-world').execute()
    assert.deepEqual(await ask(), { status: 503, body: { ready: false, missing: ['migrations'] } })
    await rows.insertInto('kyselyMigration').values({ name: '9999-later', timestamp: '' }).execute()
    assert.deepEqual(await ask(), { status: 503, body: { ready: false, missing: ['migrations'] } })
    assert.match(JSON.stringify(paper.logged), /database\.newer/)
  })

  it('is not ready without its database, and logs why', async () => {
    await paper.needs.db.destroy()
    assert.deepEqual(await ask(), { status: 503, body: { ready: false, missing: ['database'] } })
    assert.match(JSON.stringify(paper.logged), /database\.unusable/)
  })
})
