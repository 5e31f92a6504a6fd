import assert from 'node:assert/strict'
import { isGood, looker, problemsOf, type Doing } from '../../src/alerts/problems.ts'
import { Failure, type FailureCode, type FailureDetails } from '../../src/failures.ts'

const failure = (code: FailureCode, details: FailureDetails = {}) => new Failure(code, details).toJSON()

const doing = (verb: Doing['verb'], changes: Partial<Doing> = {}): Doing => ({ verb, faults: [], held: [], ...changes })

const keysOf = (...doings: Doing[]) => problemsOf(doings).map(({ key }) => key)

describe('alerts/problems', () => {
  it('alarms for what is held, for what broke off, and for the machine', () => {
    assert.deepEqual(
      keysOf(
        doing('collect', { faults: [failure('disk.write', { source: 'main', path: '/x' })] }),
        doing('publish', { held: [failure('feed.invalid', { feed: 'all', reason: 'x' })] }),
        doing('compose', { held: [failure('edition.faulty', { newsletter: 'daily' })] }),
        doing('deliver', { faults: [failure('database.unusable'), failure('mail.uncertain', { edition: 'e1' })] }),
        doing('upkeep', { faults: [failure('disk.low', { path: '/var' })] }),
      ),
      [
        'collect:main disk.write source=main',
        'publish:all feed.invalid feed=all',
        'compose:daily edition.faulty newsletter=daily',
        'deliver database.unusable',
        'deliver mail.uncertain edition=e1',
        'upkeep disk.low path=/var',
      ],
    )
  })

  it('leaves small things to the log: one article, one file, one message that waits, one failure of a source', () => {
    const doings = [
      doing('collect', {
        faults: [
          failure('article.empty', { source: 'main' }),
          failure('http.timeout', { source: 'main' }),
          failure('media.missing', { source: 'main' }),
        ],
      }),
      doing('publish', { faults: [failure('feed.item', { feed: 'all' })] }),
      doing('deliver', { faults: [failure('mail.later', { newsletter: 'daily' })] }),
    ]
    assert.deepEqual(keysOf(...doings), [])
    assert.equal(isGood(doings), true)
  })

  it('calls a run good that only holds something back, and bad one in which a part broke off', () => {
    assert.equal(isGood([doing('compose', { held: [failure('edition.unusual', { newsletter: 'daily' })] })]), true)
    assert.equal(isGood([doing('deliver', { faults: [failure('mail.refused', { newsletter: 'daily' })] })]), true)
    assert.equal(isGood([doing('upkeep', { faults: [failure('disk.low', { path: '/var' })] })]), true)
    assert.equal(isGood([]), true)
    assert.equal(isGood([doing('collect'), doing('compose', { faults: [failure('edition.failed')] })]), false)
    assert.equal(isGood([doing('collect', { faults: [failure('database.unusable')] })]), false)
  })

  it('knows again only what was tried again', () => {
    const lookedAt = looker([
      doing('publish', { ids: ['all'] }),
      doing('compose'),
      doing('deliver', { isIdle: true }),
      doing('upkeep'),
    ])
    assert.equal(lookedAt('publish:all feed.invalid feed=all'), true)
    assert.equal(lookedAt('publish:sport feed.invalid feed=sport'), false)
    assert.equal(lookedAt('compose:daily edition.faulty newsletter=daily'), true)
    assert.equal(lookedAt('collect database.unusable'), false)
    assert.equal(lookedAt('deliver mail.sender'), false, 'nothing was due')
    assert.equal(lookedAt('upkeep disk.low path=/var'), true)
  })

  it('does not take a verb that broke off for one that tried', () => {
    const lookedAt = looker([doing('compose', { faults: [failure('database.unusable')] })])
    assert.equal(lookedAt('compose:daily edition.faulty newsletter=daily'), false)
    assert.equal(lookedAt('compose database.unusable'), true)
  })

  it('knows by its name which job broke off', () => {
    const doings = [
      doing('compose', { ids: ['daily', 'sport'], faults: [failure('job.failed', { job: 'compose:daily' })] }),
    ]
    assert.deepEqual(keysOf(...doings), ['compose:daily job.failed job=compose:daily'])
    assert.equal(looker(doings)('compose:sport edition.faulty newsletter=sport'), true)
    assert.equal(isGood(doings), false)
  })
})
