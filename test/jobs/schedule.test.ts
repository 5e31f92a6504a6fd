import assert from 'node:assert/strict'
import { getTasks } from 'node-cron'
import { type Needs } from '../../src/jobs/jobs.ts'
import { type Round, type RunOptions } from '../../src/jobs/run-due.ts'
import { openScheduler, type Scheduler } from '../../src/jobs/schedule.ts'
import { openPaper, smallConfig, type Paper } from './paper.ts'

const nothing: Round = { collect: [], publish: [], compose: [], deliver: [], announce: [], upkeep: [] }

describe('jobs/schedule', () => {
  let paper: Paper
  let scheduler: Scheduler
  let asked: RunOptions[]
  let told: number
  const open = async (run?: (needs: Needs, options: RunOptions) => Promise<Round>, config = smallConfig) => {
    paper = await openPaper('2026-03-04T06:00:00Z', config)
    asked = []
    told = 0
    scheduler = openScheduler(paper.needs, {
      random: () => 0,
      done: async () => void (told += 1),
      run: (needs, options) => {
        asked.push(options)
        return run?.(needs, options) ?? Promise.resolve(nothing)
      },
    })
  }
  const task = (name: string) => [...getTasks().values()].find((each) => each.name === name)!
  const execute = (name: string) => task(name).execute() as Promise<unknown>
  const shown = () => asked.map(({ verbs, ids }) => [verbs?.join(' '), ids?.join(' ')].filter(Boolean).join(': '))
  afterEach(async () => {
    await scheduler.stop()
    await paper.close()
  })

  it('has a task for each source and newsletter, one for deliveries, one for a hub, and one for the rest', async () => {
    await open()
    const names = [...getTasks().values()].map(({ name }) => name)
    assert.deepEqual(names, ['collect:desk', 'collect:attic', 'compose:daily', 'deliver', 'catch up'])
    assert.equal(task('compose:daily').getPattern(), '0 7 * * *')
    await scheduler.stop()
    await paper.close()
    await open(undefined, `${smallConfig}publish: { hub: "https://hub.example/" }\n`)
    await execute('announce')
    assert.deepEqual([shown(), told], [['announce'], 0])
  })

  it('works in the time zone of the newsletter', async () => {
    await open(undefined, smallConfig.replace('"0 7 * * *"', '"0 7 * * *", timezone: Asia/Tokyo'))
    assert.equal(task('compose:daily').getNextRun()?.getUTCHours(), 22)
  })

  it('publishes after a collection and delivers after an edition', async () => {
    await open()
    await execute('collect:desk')
    await execute('compose:daily')
    await execute('deliver')
    await execute('catch up')
    assert.deepEqual(shown(), [
      'collect: desk',
      'publish',
      'compose: daily',
      'deliver',
      'deliver',
      'collect publish compose upkeep',
    ])
    assert.equal(told, 6)
  })

  it('goes on after a run that failed', async () => {
    let failures = 0
    await open(() => (failures++ === 0 ? Promise.reject(new Error('the disk is full')) : Promise.resolve(nothing)))
    await execute('deliver')
    await execute('deliver')
    assert.deepEqual(shown(), ['deliver', 'deliver'])
  })

  it('stops by finishing what is in the air and beginning nothing more', async () => {
    const gate = Promise.withResolvers<Round>()
    const begun = Promise.withResolvers<undefined>()
    await open(() => {
      begun.resolve(undefined)
      return gate.promise
    })
    const running = execute('compose:daily')
    await begun.promise
    const stopped = scheduler.stop()
    assert.equal(asked[0]?.stop?.aborted, true)
    let isStopped = false
    void stopped.then(() => (isStopped = true))
    await Promise.resolve()
    assert.equal(isStopped, false)
    gate.resolve(nothing)
    await stopped
    await running
    assert.deepEqual(shown(), ['compose: daily'])
    assert.equal(getTasks().size, 0)
  })

  it('does not wait for a source whose turn has not come', async () => {
    await open()
    const slow = openScheduler(paper.needs, { random: () => 1, run: async () => nothing })
    const last = [...getTasks().values()].findLast(({ name }) => name === 'collect:desk')!
    const running = last.execute() as Promise<unknown>
    await slow.stop()
    await running
  })
})
