import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../src/failures.ts'
import { openPool, type Pool, type PoolOptions } from '../../src/isolation/pool.ts'

const entry = new URL('./child.ts', import.meta.url)

describe('isolation/pool', () => {
  let pool: Pool | undefined

  const open = (options: Partial<PoolOptions> = {}) =>
    (pool = openPool({ entry, processes: 1, taskMs: 400, memoryMb: 64, ...options }))

  afterEach(async () => {
    await pool?.close()
    pool = undefined
  })

  it('does its work in another process, and gives back what can be cloned', async () => {
    const { run } = open()
    const value = { at: new Date(0), list: [undefined, null, 'x'], map: new Map([['a', new Uint8Array([1])]]) }
    assert.deepEqual(await run('echo', [value]), value)
    const where = await run('where', [])
    assert.notEqual(where, process.pid)
    assert.equal(await run('where', []), where, 'and keeps the process')
  })

  it('lets its processes see nothing of the environment, write nothing and start nothing', async () => {
    const { run } = open()
    assert.deepEqual(await run('environment', []), [])
    await assert.rejects(run('write', [join(tmpdir(), 'broadsheet-written')]), { message: /restricted/ })
    await assert.rejects(run('start', []), { message: /restricted/ })
  })

  it('throws the failure that was thrown there, with its details and its cause', async () => {
    await assert.rejects(open().run('refuse', []), (thrown: unknown) => {
      assert.ok(thrown instanceof Failure)
      assert.deepEqual([thrown.code, thrown.details], ['source.notFeed', { url: 'https://gazette.example/', depth: 3 }])
      return thrown.cause instanceof Error && thrown.cause.message === 'of old'
    })
  })

  for (const [what, name, expected] of [
    ['a fault of ours', 'trip', { name: 'Error', message: 'tripped' }],
    ['what cannot be cloned', 'unclonable', { message: /could not be cloned/ }],
    ['a name that nothing has', 'nothing', { message: /nothing is called nothing/ }],
    ['what nests too deep', 'nest', { code: 'reading.tooHard', message: /stack/ }],
  ] as const) {
    it(`throws ${what}, and goes on in the same process`, async () => {
      const { run } = open()
      const where = await run('where', [])
      await assert.rejects(run(name, []), expected)
      assert.equal(await run('where', []), where)
    })
  }

  for (const [what, name, expected] of [
    ['a loop without end', 'spin', { code: 'reading.tooHard', message: /limit: 400 ms/ }],
    ['a regular expression without end', 'backtrack', { code: 'reading.tooHard', message: /limit: 400 ms/ }],
    ['a heap that grows for ever', 'fill', { code: 'reading.tooHard', message: /limit: 64 MB/ }],
    [
      'a document that becomes a thousand times as large',
      'bloat',
      { code: 'reading.tooHard', message: /limit: 64 MB/ },
    ],
    ['a process that ends itself', 'leave', { message: /ended by itself/ }],
  ] as const) {
    it(`ends ${what}, and goes on in another process`, async () => {
      const { run } = open({ taskMs: name === 'fill' || name === 'bloat' ? 60_000 : 400 })
      const before = await run('where', [])
      const ended = run(name, [])
      // What waits behind it is done all the same.
      const waits = run('where', [])
      await assert.rejects(ended, expected)
      assert.notEqual(await waits, before)
      assert.equal(await run('echo', ['on']), 'on')
    })
  }

  it('refuses arguments that cannot be cloned, and goes on', async () => {
    const { run } = open()
    await assert.rejects(run('echo', [() => undefined]), { message: /could not be cloned/ })
    assert.equal(await run('echo', ['on']), 'on')
  })

  it('answers many at once, each its own', async () => {
    const { run } = open({ processes: 2 })
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => run('echo', [at])))
    assert.deepEqual(
      answers,
      Array.from({ length: 100 }, (_, at) => at),
    )
  })

  it('stops what is not done yet when it is closed', async () => {
    const { run, close } = open({ taskMs: 60_000 })
    const outcomes = Promise.allSettled([run('spin', []), run('echo', [1])])
    await close()
    const codes = (await outcomes).map((one) => (one.status === 'rejected' ? (one.reason as Failure).code : one.value))
    assert.deepEqual(codes, ['http.stopped', 'http.stopped'])
    await assert.rejects(run('echo', [2]), { code: 'http.stopped' })
  })
})
