import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { hold, type HoldNeeds } from '../../src/jobs/hold.ts'
import { openLog } from '../../src/log.ts'
import { openDatabase, type Store } from '../../src/store/database.ts'
import { makeFolder } from '../folders.ts'

const script = fileURLToPath(new URL('holder.ts', import.meta.url))

/** Another process that is given a lease so long; resolves with its first line. */
async function startHolder(file: string, leaseMs: number) {
  const child = spawn(process.execPath, [script, file, 'deliver', String(leaseMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, line }
}

describe('jobs/hold', () => {
  let folder: string
  let file: string
  let store: Store
  let needs: HoldNeeds
  beforeEach(async () => {
    folder = await makeFolder()
    file = join(folder, 'broadsheet.db')
    store = await openDatabase(file)
    needs = { db: store.db, now: () => new Date(), log: openLog('silent', false), worker: 'this' }
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  it('lets one work at a time in one process, and the next once it is done', async () => {
    const gate = Promise.withResolvers<string>()
    const first = hold(needs, 'deliver', () => gate.promise)
    assert.equal(await hold(needs, 'deliver', async () => 'second'), 'busy')
    assert.deepEqual(await hold(needs, 'upkeep', async () => 'other'), { did: 'other' })
    gate.resolve('first')
    assert.deepEqual(await first, { did: 'first' })
    assert.deepEqual(await hold(needs, 'deliver', async () => 'third'), { did: 'third' })
  })

  it('gives the lease back when the work breaks', async () => {
    await assert.rejects(
      hold(needs, 'deliver', () => Promise.reject(new Error('broken'))),
      /broken/,
    )
    assert.deepEqual(await hold(needs, 'deliver', async () => 'next'), { did: 'next' })
  })

  const heldUntil = async () =>
    (await store.db.selectFrom('lease').select('heldUntil').executeTakeFirst())?.heldUntil ?? 'never'

  it('keeps others out for as long as the work takes, by signs of life', async () => {
    const { child, line } = await startHolder(file, 3000)
    try {
      assert.equal(line, 'held')
      // Four signs of life: without them it would have run out by then.
      for (let signs = 0, last = await heldUntil(); signs < 4;) {
        assert.equal(await hold(needs, 'deliver', async () => 'mine'), 'busy')
        const now = await heldUntil()
        if (now > last) signs += 1
        last = now
      }
      child.stdin.end()
      await once(child, 'close')
      assert.deepEqual(await hold(needs, 'deliver', async () => 'mine'), { did: 'mine' })
    } finally {
      child.kill('SIGKILL')
    }
  }).timeout(60_000)

  it('lets another go on once the process that had it was killed and its lease ran out, and not before', async () => {
    const { child, line } = await startHolder(file, 1500)
    assert.equal(line, 'held')
    child.kill('SIGKILL')
    await once(child, 'close')
    const end = await heldUntil()
    while ((await hold(needs, 'deliver', async () => 'mine')) === 'busy') continue
    assert(new Date().toISOString() >= end)
  })

  it('is busy in the process that comes second', async () => {
    const gate = Promise.withResolvers<string>()
    const mine = hold(needs, 'deliver', () => gate.promise)
    const { child, line } = await startHolder(file, 60_000)
    child.kill('SIGKILL')
    assert.equal(line, 'busy')
    gate.resolve('')
    await mine
  })
})
