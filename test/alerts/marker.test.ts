import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layMarker, readMarker, setMarker } from '../../src/alerts/marker.ts'

describe('alerts/marker', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'broadsheet-marker-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('says nothing until it is set, however many lay it at once', async () => {
    for (let round = 0; round < 20; round++) {
      const marker = join(root, 'var', `alerted-${round}`)
      const read = async () => {
        await layMarker(marker)
        return readMarker(marker)
      }
      const glances = Array.from({ length: 12 }, () => readMarker(marker))
      assert.deepEqual(new Set(await Promise.all([read(), read(), read(), ...glances])), new Set([undefined]))
    }
    assert.equal((await readdir(join(root, 'var'))).length, 20)
  })

  it('keeps the moment that it was set to when it is laid again', async () => {
    const marker = join(root, 'alerted')
    const moment = new Date('2026-03-02T07:00:00Z')
    await layMarker(marker)
    await setMarker(marker, moment)
    await layMarker(marker)
    assert.deepEqual(await readMarker(marker), moment)
    await setMarker(marker)
    assert.equal(await readMarker(marker), undefined)
  })

  it('leaves nothing behind where it cannot be laid', async () => {
    const marker = join(root, 'alerted', 'deeper')
    await layMarker(join(root, 'alerted'))
    await assert.rejects(layMarker(marker))
    assert.deepEqual(await readdir(root), ['alerted'])
  })
})
