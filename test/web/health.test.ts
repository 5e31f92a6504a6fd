import assert from 'node:assert/strict'
import { Failure } from '../../src/failures.ts'
import { sourceCollected } from '../../src/store/sources.ts'
import { mountDisk } from '../tmpfs.ts'
import { now, openPaper, type Paper } from './paper.ts'

describe('web/health', () => {
  let paper: Paper
  beforeEach(async () => (paper = await openPaper()))
  afterEach(() => paper.close())

  it('is ok while sources are, and says when each was collected', async () => {
    await sourceCollected(paper.needs.db, 'desk', now)
    const response = await paper.ask('/healthz')
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await response.json(), {
      status: 'ok',
      database: 'ok',
      disk: 'ok',
      config: 'ok',
      sources: [{ id: 'desk', collectedAt: now.toISOString(), failure: null }],
    })
  })

  it('names a failing source without the paths of this machine', async () => {
    const failure = new Failure('folder.missing', { path: '/home/editor/articles' })
    await sourceCollected(paper.needs.db, 'desk', now, failure.toJSON())
    const response = await paper.ask('/healthz')
    assert.equal(response.status, 200)
    const text = await response.text()
    assert.match(text, /"status":"degraded".*"code":"folder\.missing"/)
    assert.doesNotMatch(text, /editor/)
  })

  it('is not concerned about a source that is no longer in the config', async () => {
    const renamed = await openPaper({ sources: [{ id: 'desk' }] })
    try {
      await sourceCollected(renamed.needs.db, 'desk', now)
      await sourceCollected(renamed.needs.db, 'gone', now, new Failure('folder.missing').toJSON())
      const { status, sources } = (await (await renamed.ask('/healthz')).json()) as Record<string, unknown>
      assert.deepEqual([status, sources], ['ok', [{ id: 'desk', collectedAt: now.toISOString(), failure: null }]])
    } finally {
      await renamed.close()
    }
  })

  it('says that a disk is nearly full, and goes on answering', async function () {
    const disk = await mountDisk(this, 8)
    const small = await openPaper({ disks: [disk.path] })
    try {
      const response = await small.ask('/healthz')
      assert.equal(response.status, 200)
      const { status, disk: room } = (await response.json()) as Record<string, unknown>
      assert.deepEqual([status, room], ['degraded', 'low'])
    } finally {
      await small.close()
      await disk.remove()
    }
  })

  it('says that a changed config was not taken over', async () => {
    const faulty = await openPaper({ isConfigFaulty: () => true })
    const { status, config } = (await (await faulty.ask('/healthz')).json()) as Record<string, unknown>
    await faulty.close()
    assert.deepEqual([status, config], ['degraded', 'faulty'])
  })

  it('answers 503 and logs why when the database does not answer', async () => {
    await paper.needs.db.schema.dropTable('source').execute()
    const response = await paper.ask('/healthz')
    assert.equal(response.status, 503)
    assert.deepEqual(await response.json(), { status: 'down', database: 'failed', sources: [] })
    assert.equal(paper.logged.length, 1)
    assert.match(JSON.stringify(paper.logged[0]), /database\.unusable.*no such table/)
  })
})
