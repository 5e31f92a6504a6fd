import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { leastFree, lowDisks, spaceAt } from '../../src/disk/space.ts'
import { makeFolder } from '../folders.ts'
import { mountDisk } from '../tmpfs.ts'

const GB = 1e9

describe('disk/space', () => {
  let folder: string
  beforeEach(async () => (folder = await makeFolder()))
  afterEach(() => rm(folder, { recursive: true }))

  for (const [total, least] of [
    [0, 0],
    [1 * GB, 0.2 * GB],
    [4 * GB, 0.2 * GB],
    [100 * GB, 5 * GB],
    [200 * GB, 10 * GB],
    [20_000 * GB, 10 * GB],
  ] as const) {
    it(`asks ${least / GB} GB of a disk of ${total / GB} GB`, () => assert.equal(leastFree({ total }), least))
  }

  it('names a disk once, by the first path that is on it, and counts only what is too little', async () => {
    const look = (free: number) => () => Promise.resolve({ free, total: 100 * GB })
    const paths = [join(folder, 'var', 'not', 'yet', 'broadsheet.db'), join(folder, 'feeds')]
    assert.deepEqual(await lowDisks(paths, look(5 * GB)), [])
    const failures = await lowDisks(paths, look(5 * GB - 1))
    assert.deepEqual(
      failures.map(({ code, details }) => ({ code, details })),
      [{ code: 'disk.low', details: { path: paths[0], freeMB: 4999, leastMB: 5000 } }],
    )
  })

  it('says so where it cannot look, and goes on', async () => {
    const look = () => Promise.reject(new Error('the disk is gone'))
    const [failure] = await lowDisks([folder], look)
    assert.equal(failure?.code, 'disk.unknown')
    assert.match(failure.message, /the disk is gone/)
  })

  it('sees the room of the real disk, also through a folder that is not there yet', async () => {
    const { free, total } = await spaceAt(join(folder, 'a', 'b'))
    assert.ok(free > 0 && total >= free)
    await writeFile(join(folder, 'file'), '')
    assert.equal((await spaceAt(join(folder, 'file', 'below'))).total, total)
  })

  it('sees a full disk', async function () {
    const disk = await mountDisk(this, 8)
    try {
      assert.equal((await spaceAt(disk.path)).total, 8 << 20)
      await disk.fill()
      assert.equal((await spaceAt(disk.path)).free, 0)
      const failures = await lowDisks([folder, join(disk.path, 'var')])
      assert.deepEqual(failures.at(-1)?.details, { path: join(disk.path, 'var'), freeMB: 0, leastMB: 200 })
    } finally {
      await disk.remove()
    }
  })
})
