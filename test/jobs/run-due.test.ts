import assert from 'node:assert/strict'
import { access, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ending } from '../../src/jobs/perform.ts'
import { runDue, type Round } from '../../src/jobs/run-due.ts'
import { renewLease, takeLease } from '../../src/store/leases.ts'
import { readTick, startTick } from '../../src/store/ticks.ts'
import { openPaper, smallConfig, type Paper } from './paper.ts'

const states = (endings: Ending<unknown>[]) => endings.map(({ job, state }) => `${job.id} ${state}`)

const editions = (round: Round) =>
  round.compose.flatMap((ending) =>
    ending.state === 'done' ? ending.result.newsletters.map(({ edition }) => edition?.articles ?? 0) : [],
  )

describe('jobs/run-due', () => {
  let paper: Paper
  const open = async (now: string, config?: string) => (paper = await openPaper(now, config))
  const runAt = async (now: string) => {
    paper.clock.now = new Date(now)
    return runDue(paper.needs)
  }
  afterEach(() => paper.close())

  it('collects what was never collected, publishes it, and leaves a new newsletter to its next time', async () => {
    await open('2026-03-04T06:00:00Z')
    await paper.write('articles/ferry.md')
    const round = await runDue(paper.needs)
    assert.deepEqual(states(round.collect), ['desk done', 'attic done'])
    assert.deepEqual(states(round.publish), ['all done', 'old done'])
    assert.deepEqual(states(round.compose), ['daily waiting'])
    assert.deepEqual(round.compose[0]?.state === 'waiting' && round.compose[0].until, new Date('2026-03-04T07:00:00Z'))
    assert.match(await readFile(join(paper.root, 'feeds/all/rss.xml'), 'utf8'), /The story of articles/)
  })

  it('does nothing twice at the same moment, and each thing again at its time', async () => {
    await open('2026-03-04T06:01:00Z')
    await paper.addReader('ann')
    await runDue(paper.needs)
    const again = await runDue(paper.needs)
    assert.deepEqual(states(again.collect), ['desk waiting', 'attic waiting'])
    assert.deepEqual(states(again.publish), ['all waiting', 'old waiting'])
    await paper.write('articles/ferry.md')
    const half = await runAt('2026-03-04T06:30:00Z')
    assert.deepEqual(states(half.collect), ['desk done', 'attic waiting'])
    // Only the feed that may show it.
    assert.deepEqual(states(half.publish), ['all done', 'old waiting'])
    assert.equal(await paper.mails(), 0)
    const seven = await runAt('2026-03-04T07:00:05Z')
    assert.deepEqual(editions(seven), [1])
    assert.equal(await paper.mails(), 1)
    await runAt('2026-03-04T07:00:06Z')
    assert.equal(await paper.mails(), 1)
  })

  it('composes once after a machine slept over three days', async () => {
    await open('2026-03-01T06:00:00Z')
    await paper.addReader('ann')
    await runDue(paper.needs)
    await paper.write('articles/ferry.md')
    const round = await runAt('2026-03-04T08:00:00Z')
    assert.deepEqual(editions(round), [1])
    assert.equal(await paper.mails(), 1)
    assert.deepEqual((await readTick(paper.app.db, 'compose:daily'))?.dueAt, new Date('2026-03-04T07:00:00Z'))
    await runAt('2026-03-04T08:01:00Z')
    assert.equal(await paper.mails(), 1)
  })

  it('merges an edition that is too late into the next one', async () => {
    await open('2026-03-01T06:00:00Z')
    await paper.addReader('ann')
    await runDue(paper.needs)
    await paper.write('articles/ferry.md')
    assert.deepEqual(states((await runAt('2026-03-04T14:00:00Z')).compose), ['daily waiting'])
    assert.equal(await paper.mails(), 0)
    await paper.write('articles/pier.md', 'The pier was painted green again, and the gulls have not forgiven it yet.')
    assert.deepEqual(editions(await runAt('2026-03-05T07:00:00Z')), [2])
    assert.equal(await paper.mails(), 1)
  })

  it('skips an edition that is too late, with what it would have held', async () => {
    await open('2026-03-01T06:00:00Z', smallConfig.replace('then: merge', 'then: skip'))
    await paper.addReader('ann')
    await runDue(paper.needs)
    await paper.write('articles/ferry.md')
    paper.clock.now = new Date('2026-03-01T06:30:00Z')
    await runDue(paper.needs, { verbs: ['collect'] })
    assert.deepEqual(states((await runAt('2026-03-04T14:00:00Z')).compose), ['daily waiting'])
    await paper.write('articles/pier.md', 'The pier was painted green again, and the gulls have not forgiven it yet.')
    assert.deepEqual(editions(await runAt('2026-03-05T07:00:00Z')), [1])
    assert.equal(await paper.mails(), 1)
  })

  it('does what it is told to whether it is due or not, and refuses what is not in the config', async () => {
    await open('2026-03-04T12:00:00Z')
    await runDue(paper.needs)
    const round = await runDue(paper.needs, { verbs: ['compose'], ids: ['daily'], isForced: true })
    assert.deepEqual(states(round.compose), ['daily done'])
    assert.deepEqual(states(round.collect), [])
    for (const verb of ['collect', 'publish', 'compose'] as const)
      await assert.rejects(runDue(paper.needs, { verbs: [verb], ids: ['attic', 'none'], isForced: true }), {
        code: 'usage.unknown',
      })
  })

  it('reads folders and writes feeds whenever a person asks', async () => {
    await open('2026-03-04T06:00:00Z')
    await runDue(paper.needs)
    const round = await runDue(paper.needs, { isEager: true })
    assert.deepEqual(states(round.collect), ['desk done', 'attic done'])
    assert.deepEqual(states(round.publish), ['all done', 'old done'])
    assert.deepEqual(states(round.compose), ['daily waiting'])
  })

  it('leaves alone what another process is at, and does the rest', async () => {
    await open('2026-03-04T06:00:00Z')
    const lease = { name: 'collect:desk', holder: 'another' }
    await takeLease(paper.app.db, lease, paper.clock.now, 60_000)
    const round = await runDue(paper.needs)
    assert.deepEqual(states(round.collect), ['desk busy', 'attic done'])
    paper.clock.now = new Date('2026-03-04T06:00:59Z')
    await renewLease(paper.app.db, lease, paper.clock.now, 60_000)
    assert.deepEqual(states((await runAt('2026-03-04T06:01:30Z')).collect), ['desk busy', 'attic waiting'])
    assert.deepEqual(states((await runAt('2026-03-04T06:02:00Z')).collect), ['desk done', 'attic waiting'])
  })

  it('composes nothing while another process collects what belongs in it, and then all of it', async () => {
    await open('2026-03-04T06:00:00Z')
    await paper.addReader('ann')
    await runDue(paper.needs)
    await paper.write('articles/ferry.md')
    const seven = new Date('2026-03-04T07:00:05Z')
    await takeLease(paper.needs.db, { name: 'collect:desk', holder: 'another' }, seven, 60_000)
    const during = await runAt('2026-03-04T07:00:05Z')
    assert.deepEqual(states(during.collect), ['desk busy', 'attic waiting'])
    assert.deepEqual(states(during.compose), ['daily busy'])
    const after = await runAt('2026-03-04T07:02:00Z')
    assert.deepEqual(editions(after), [1])
    assert.equal(await paper.mails(), 1)
  })

  it('takes up what a process died over', async () => {
    await open('2026-03-04T07:00:00Z')
    await runDue(paper.needs)
    await startTick(paper.app.db, 'collect:desk', paper.clock.now, paper.clock.now)
    assert.deepEqual(states((await runAt('2026-03-04T07:01:00Z')).collect), ['desk done', 'attic waiting'])
  })

  it('publishes what came while the feed was being written', async () => {
    await open('2026-03-04T06:00:00Z')
    await runDue(paper.needs)
    await paper.write('articles/ferry.md')
    const lease = { name: 'publish:all', holder: 'another' }
    await takeLease(paper.app.db, lease, new Date('2026-03-04T06:30:00Z'), 60_000)
    assert.deepEqual(states((await runAt('2026-03-04T06:30:00Z')).publish), ['all busy', 'old waiting'])
    assert.deepEqual(states((await runAt('2026-03-04T06:31:00Z')).publish), ['all done', 'old waiting'])
  })

  it('goes on with the others when one breaks, and tries that one again later', async () => {
    await open('2026-03-04T06:00:00Z')
    await paper.write('articles/ferry.md')
    // A file where the folder of a feed should be.
    await rm(join(paper.root, 'feeds'), { recursive: true, force: true })
    await writeFile(join(paper.root, 'feeds'), '')
    const broken = await runDue(paper.needs)
    assert(broken.publish.every(({ state }) => state === 'done'))
    assert.equal((await readTick(paper.app.db, 'publish:all'))?.failed, 1)
    assert.deepEqual(states(broken.deliver), [' done'])
    await rm(join(paper.root, 'feeds'))
    assert.deepEqual(states((await runAt('2026-03-04T06:04:59Z')).publish), ['all waiting', 'old waiting'])
    assert.deepEqual(states((await runAt('2026-03-04T06:05:00Z')).publish), ['all done', 'old done'])
    await access(join(paper.root, 'feeds/all/rss.xml'))
  })

  it('begins nothing once it is stopped', async () => {
    await open('2026-03-04T06:00:00Z')
    const round = await runDue(paper.needs, { stop: AbortSignal.abort() })
    assert.deepEqual(Object.values(round).flat(), [])
  })

  it('tidies up at night, once', async () => {
    await open('2026-03-04T06:00:00Z')
    assert.deepEqual(states((await runDue(paper.needs)).upkeep), [' waiting'])
    assert.deepEqual(states((await runAt('2026-03-05T03:17:00Z')).upkeep), [' done'])
    assert.deepEqual(states((await runAt('2026-03-05T03:18:00Z')).upkeep), [' waiting'])
  })
})
