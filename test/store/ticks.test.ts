import assert from 'node:assert/strict'
import { finishTick, passTick, readTick, readTicks, startTick, wantTick } from '../../src/store/ticks.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at } from './nouns.ts'

describeOnEveryDatabase('store/ticks', (open) => {
  it('knows nothing of what was never due', async () => {
    const db = await open()
    assert.equal(await readTick(db, 'collect:main'), undefined)
    assert.equal((await readTicks(db)).size, 0)
  })

  it('remembers when a thing was due, begun and finished', async () => {
    const db = await open()
    await startTick(db, 'collect:main', at(0), at(1))
    assert.deepEqual(await readTick(db, 'collect:main'), {
      name: 'collect:main',
      dueAt: at(0),
      startedAt: at(1),
      failed: 1,
    })
    await finishTick(db, 'collect:main', at(0), at(2), true)
    const tick = {
      name: 'collect:main',
      dueAt: at(0),
      startedAt: at(1),
      finishedAt: at(2),
      failed: 0,
      changedAt: at(2),
    }
    assert.deepEqual([...(await readTicks(db)).values()], [tick])
  })

  it('remembers when a thing last brought something, and else when it was first done', async () => {
    const db = await open()
    const done = async (minute: number, hasChanged: boolean) => {
      await startTick(db, 'collect:main', at(minute), at(minute))
      await finishTick(db, 'collect:main', at(minute), at(minute), true, hasChanged)
      return (await readTick(db, 'collect:main'))?.changedAt
    }
    assert.deepEqual(
      [await done(0, false), await done(1, false), await done(2, true), await done(3, false)],
      [at(0), at(0), at(2), at(2)],
    )
  })

  it('counts every beginning since the last success, also of what died over it', async () => {
    const db = await open()
    await startTick(db, 'upkeep', at(0), at(0))
    await startTick(db, 'upkeep', at(0), at(5))
    await finishTick(db, 'upkeep', at(0), at(6), false)
    assert.equal((await readTick(db, 'upkeep'))?.failed, 2)
    await startTick(db, 'upkeep', at(0), at(10))
    await finishTick(db, 'upkeep', at(0), at(11), true)
    assert.equal((await readTick(db, 'upkeep'))?.failed, 0)
  })

  it('keeps due what was wanted while it was at work, in the same moment too', async () => {
    const db = await open()
    await wantTick(db, 'publish:all', at(0))
    const begun = (await readTick(db, 'publish:all'))!
    assert.equal(begun.finishedAt, undefined)
    await startTick(db, 'publish:all', begun.dueAt, at(0))
    await wantTick(db, 'publish:all', at(0))
    await finishTick(db, 'publish:all', begun.dueAt, at(0), true)
    const wanted = (await readTick(db, 'publish:all'))!
    assert.equal(wanted.finishedAt, undefined)
    await startTick(db, 'publish:all', wanted.dueAt, at(1))
    await finishTick(db, 'publish:all', wanted.dueAt, at(1), true)
    assert.deepEqual((await readTick(db, 'publish:all'))?.finishedAt, at(1))
  })

  it('deals with a time that was missed, and remembers that nothing was begun', async () => {
    const db = await open()
    await startTick(db, 'compose:daily', at(0), at(0))
    await finishTick(db, 'compose:daily', at(0), at(1), true)
    await passTick(db, 'compose:daily', at(60), at(90), false)
    const passed = await readTick(db, 'compose:daily')
    assert.deepEqual(passed?.dueAt, at(60))
    assert.deepEqual(passed.startedAt, at(0))
    assert.deepEqual(passed.finishedAt, at(90))
    await passTick(db, 'compose:daily', at(90), at(90), true)
    assert.deepEqual((await readTick(db, 'compose:daily'))?.startedAt, at(90))
  })
})
