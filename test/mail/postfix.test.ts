import assert from 'node:assert/strict'
import { deliver, type DeliverNeeds } from '../../src/deliver.ts'
import { openDatabase, type Store } from '../../src/store/database.ts'
import { addDueEdition, addresses, at, daily, ledger, openRelay, silent, site } from '../press.ts'
import { lacksPostfix, startPostfix, type Postfix } from './postfix.ts'

describe('mail through Postfix @slow', function () {
  this.timeout(120_000)
  let store: Store
  let postfix: Postfix | undefined

  before(async function () {
    const lack = lacksPostfix()
    if (lack !== undefined) {
      console.warn(`\n  SKIPPED, the test against a real Postfix: ${lack}\n`)
      return this.skip()
    }
    postfix = await startPostfix([
      'reader10@reader.example 550 5.1.1 no such user here',
      'reader11@reader.example REJECT',
      'reader20@reader.example 450 4.2.0 greylisted, come back later',
      'reader21@reader.example DEFER',
    ])
  })

  after(async () => {
    await postfix?.stop()
  })

  beforeEach(async () => {
    store = await openDatabase(':memory:')
  })

  afterEach(() => store.close())

  it('hands over fifty messages once each, and notes what Postfix says of those it does not take', async () => {
    assert.ok(postfix)
    await addDueEdition(store.db, 50)
    const transport = openRelay(postfix.port)
    const needs: DeliverNeeds = {
      db: store.db,
      site,
      addresses,
      newsletters: [daily],
      transport,
      now: () => at(0),
      log: silent,
      worker: 'w1',
    }
    const result = await deliver(needs)
    await transport.close()
    const log = await postfix.log()
    const { submitted, refused, later, uncertain } = result
    assert.deepEqual(
      { submitted, refused, later, uncertain },
      { submitted: 46, refused: 2, later: 2, uncertain: 0 },
      log,
    )
    const states = await ledger(store.db)
    for (const number of [10, 11]) assert.equal(states[`reader${number}`], 'refused')
    for (const number of [20, 21]) assert.equal(states[`reader${number}`], 'due')
    const rows = await store.db.selectFrom('delivery').select(['id', 'state', 'reason']).execute()
    const reasons = rows.map(({ reason }) => reason ?? '').sort()
    assert.ok(
      reasons.some((reason) => /^550 5\.1\.1 .*no such user here$/.test(reason)),
      reasons.join('\n'),
    )
    assert.ok(reasons.some((reason) => /^450 4\.2\.0 .*greylisted, come back later$/.test(reason)))
    // Each was queued under the name that the ledger keeps, and lies in the mailbox under its own Message-ID, once.
    const queued = rows.filter(({ state }) => state === 'submitted')
    for (const { reason } of queued) {
      const [, queueId = ''] = /queued as (\w+)/.exec(reason ?? '') ?? []
      assert.ok(log.includes(`${queueId}: `), `${reason ?? ''} is not in the log of Postfix`)
    }
    let mails = await postfix.delivered()
    for (const until = performance.now() + 60_000; mails.length < 46 && performance.now() < until;) {
      await new Promise((resolve) => setImmediate(resolve))
      mails = await postfix.delivered()
    }
    const ids = mails.map((mail) => /^Message-ID: <(\w+)@news\.gazette\.example>/im.exec(mail)?.[1])
    assert.deepEqual(ids.toSorted(), queued.map(({ id }) => id).toSorted())
    assert.match(mails[0] ?? '', /^List-Unsubscribe: <https:\/\/news\.gazette\.example\/unsubscribe\/[^>\s]+>$/m)
  })

  it('strikes nobody off because it may not relay', async () => {
    assert.ok(postfix)
    // As it comes, Postfix puts off what it may not relay, and for ever.
    await addDueEdition(store.db, 12)
    await store.db
      .updateTable('subscriber')
      .set((eb) => ({
        email: eb.fn<string>('replace', ['email', eb.val('@reader.example'), eb.val('@elsewhere.example')]),
      }))
      .execute()
    const transport = openRelay(postfix.port, {}, 1)
    const needs = { db: store.db, site, addresses, newsletters: [daily], transport, log: silent, worker: 'w1' }
    const result = await deliver({ ...needs, now: () => at(0) })
    await transport.close()
    assert.deepEqual([result.refused, result.submitted, result.later], [0, 0, 3])
    const fault = result.faults.find(({ code }) => code === 'mail.transport')
    assert.match(String(fault?.details['reply']), /^454 4\.7\.1 .*Relay access denied/)
    const rows = await store.db.selectFrom('delivery').select('state').execute()
    assert.deepEqual([...new Set(rows.map(({ state }) => state))], ['due'])
  })
})
