import { strict as assert } from 'node:assert'
import { claimMails, findConfirmation, settleMail, stateOf, useConfirmation } from '../../src/store/confirmations.ts'
import { type Database } from '../../src/store/database.ts'
import { requestSubscriptions } from '../../src/store/sign-ups.ts'
import { endSubscription, findSubscription, listSubscriptions } from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addReaders, at } from './nouns.ts'

describeOnEveryDatabase('store/confirmations', (open) => {
  it('makes what was asked for active, and keeps how', async () => {
    const db = await open()
    const { confirmationId, subscriber } = await request(db, { newsletterIds: ['daily', 'weekly'] })
    assert.equal(await confirm(db, confirmationId, 5), 'confirmed')
    for (const newsletterId of ['daily', 'weekly']) {
      assert.deepEqual(await findSubscription(db, { subscriberId: subscriber.id, newsletterId }), {
        subscriberId: subscriber.id,
        newsletterId,
        state: 'active',
        watermark: newsletterId === 'weekly' ? new Date(0) : at(5),
        since: at(5),
      })
    }
    const events = await db
      .selectFrom('consentEvent')
      .select(['newsletterId', 'at', 'path', 'evidence', 'confirmationId', 'network', 'agent'])
      .where('event', '=', 'confirmed')
      .orderBy('newsletterId')
      .execute()
    const how = { at: at(5).toISOString(), path: 'link', evidence: 'pressed', confirmationId, network: 'n', agent: 'a' }
    assert.deepEqual(events, [
      { newsletterId: 'daily', ...how },
      { newsletterId: 'weekly', ...how },
    ])
  })

  it('begins with `next` where most readers stand, so that the next edition is whole', async () => {
    const db = await open()
    await addReaders(db, 3, at(-30))
    const { confirmationId, subscriber } = await request(db)
    await db
      .updateTable('subscription')
      .set({ watermark: at(-3).toISOString() })
      .where(
        'subscriberId',
        '=',
        (await listSubscriptions(db, { newsletterId: 'daily' })).find(
          ({ subscription }) => subscription.state === 'active',
        )!.subscriber.id,
      )
      .execute()
    await confirm(db, confirmationId, 5)
    const found = await findSubscription(db, { subscriberId: subscriber.id, newsletterId: 'daily' })
    assert.deepEqual(found?.watermark, at(-30))
  })

  it('works once, also for two at once', async () => {
    const db = await open()
    const { confirmationId } = await request(db)
    const outcomes = await Promise.all([1, 2, 3].map(() => confirm(db, confirmationId, 5)))
    assert.deepEqual(outcomes.toSorted(), ['confirmed', 'used', 'used'])
    assert.equal(await confirm(db, confirmationId, 6), 'used')
    const events = await db.selectFrom('consentEvent').selectAll().where('event', '=', 'confirmed').execute()
    assert.equal(events.length, 1)
  })

  it('does nothing once it has expired, and nothing for a link that is not there', async () => {
    const db = await open()
    const { confirmationId, subscriber } = await request(db)
    assert.equal(await confirm(db, confirmationId, 100), 'expired')
    assert.equal(await confirm(db, 'nobody', 5), undefined)
    const key = { subscriberId: subscriber.id, newsletterId: 'daily' }
    assert.equal((await findSubscription(db, key))?.state, 'pending')
    assert.equal(await confirm(db, confirmationId, 99), 'confirmed')
  })

  it('brings back a reader who left and asked again, but by no link from before they left', async () => {
    const db = await open()
    const first = await request(db)
    const older = await request(db)
    await confirm(db, first.confirmationId, 1)
    const key = { subscriberId: first.subscriber.id, newsletterId: 'daily' }
    await endSubscription(db, { ...key, now: at(2), path: 'link', evidence: '', reason: 'unsubscribed' })
    assert.equal(await stateOf(db, (await findConfirmation(db, older.confirmationId))!, at(3)), 'outdated')
    assert.equal(await confirm(db, older.confirmationId, 3), 'outdated')
    assert.equal((await findSubscription(db, key))?.state, 'ended')
    const newer = await request(db, { now: at(4) })
    assert.equal((await findSubscription(db, key))?.state, 'ended')
    assert.equal(await confirm(db, newer.confirmationId, 5), 'confirmed')
    const back = await findSubscription(db, key)
    assert.deepEqual([back?.state, back?.endedAt, back?.reason], ['active', undefined, undefined])
  })

  it('leaves an active subscription where it stands when a second link is used', async () => {
    const db = await open()
    const first = await request(db)
    const second = await request(db)
    await confirm(db, first.confirmationId, 1)
    const key = { subscriberId: first.subscriber.id, newsletterId: 'daily' }
    const before = await findSubscription(db, key)
    assert.equal(await confirm(db, second.confirmationId, 9), 'confirmed')
    assert.deepEqual(await findSubscription(db, key), before)
  })

  it('leaves a newsletter that is no longer there as it is', async () => {
    const db = await open()
    const { confirmationId, subscriber } = await request(db, { newsletterIds: ['closed', 'daily'] })
    assert.equal(await confirm(db, confirmationId, 5), 'confirmed')
    const state = async (newsletterId: string) =>
      (await findSubscription(db, { subscriberId: subscriber.id, newsletterId }))?.state
    assert.deepEqual([await state('closed'), await state('daily')], ['pending', 'active'])
  })

  it('gives each mail that is due to one asker, until its time comes again', async () => {
    const db = await open()
    const { confirmationId } = await request(db, { newsletterIds: ['daily', 'weekly'] })
    const claim = (now: number) => claimMails(db, { now: at(now), until: at(now + 15), limit: 9 })
    assert.deepEqual(await claim(14), [])
    const [mail, ...others] = await claim(15)
    assert.deepEqual([mail?.email, mail?.confirmation.id, others], ['Ada@reader.example', confirmationId, []])
    assert.deepEqual(await claim(29), [])
    assert.equal((await claim(30)).length, 1)
    await settleMail(db, { id: confirmationId, attempts: 1 }, at(40))
    assert.equal((await claim(40))[0]?.confirmation.attempts, 1)
    await settleMail(db, { id: confirmationId, attempts: 2 }, undefined)
    assert.deepEqual(await claim(60), [])
  })

  it('has no mail due for a link that was used or has expired', async () => {
    const db = await open()
    const { confirmationId } = await request(db)
    await confirm(db, confirmationId, 5)
    await settleMail(db, { id: confirmationId, attempts: 1 }, at(6))
    await request(db, { ...parseAddress('bo@reader.example') })
    assert.deepEqual(await claimMails(db, { now: at(100), until: at(120), limit: 9 }), [])
    assert.equal((await claimMails(db, { now: at(99), until: at(120), limit: 9 })).length, 1)
  })
})

function request(db: Database, changes: Partial<Parameters<typeof requestSubscriptions>[1]> = {}) {
  return requestSubscriptions(db, {
    ...parseAddress('Ada@reader.example'),
    newsletterIds: ['daily'],
    now: at(0),
    expiresAt: at(100),
    mailAt: at(15),
    path: 'form',
    evidence: 'I want it.',
    ...changes,
  })
}

function confirm(db: Database, id: string, minutes: number) {
  return useConfirmation(db, {
    id,
    newsletters: [
      { id: 'daily', first: 'next' },
      { id: 'weekly', first: 'now' },
    ],
    now: at(minutes),
    path: 'link',
    evidence: 'pressed',
    network: 'n',
    agent: 'a',
  })
}
