import { strict as assert } from 'node:assert'
import { findConfirmation, useConfirmation } from '../../src/store/confirmations.ts'
import { type Database } from '../../src/store/database.ts'
import {
  activeAmong,
  countAttempt,
  requestSubscriptions,
  sweepAttempts,
  sweepUnconfirmed,
} from '../../src/store/sign-ups.ts'
import { endSubscription, findSubscriber, listSubscriptions, subscribe } from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { at } from './nouns.ts'

const ada = parseAddress('Ada@reader.example')
const newsletters = [
  { id: 'daily', first: 'next' },
  { id: 'weekly', first: 'next' },
] as const

describeOnEveryDatabase('store/sign-ups', (open) => {
  it('keeps a request as pending, with all of its evidence', async () => {
    const db = await open()
    const { confirmationId, subscriber } = await requestSubscriptions(db, wish({ newsletterIds: ['daily', 'weekly'] }))
    assert.equal(subscriber.email, 'Ada@reader.example')
    assert.deepEqual(await statesOf(db), { daily: 'pending', weekly: 'pending' })
    const events = await db.selectFrom('consentEvent').selectAll().orderBy('newsletterId').execute()
    assert.deepEqual(
      events,
      ['daily', 'weekly'].map((newsletterId, index) => ({
        id: events[index]?.id,
        subscriberId: subscriber.id,
        newsletterId,
        at: at(0).toISOString(),
        event: 'requested',
        path: 'form',
        evidence: 'I want it.',
        confirmationId,
        wordingId: 'en-1',
        network: 'hash',
        agent: 'Firefox/128',
      })),
    )
    assert.deepEqual(await findConfirmation(db, confirmationId), {
      id: confirmationId,
      subscriberId: subscriber.id,
      newsletterIds: ['daily', 'weekly'],
      createdAt: at(0),
      expiresAt: at(100),
      attempts: 0,
    })
  })

  it('leaves what is active or ended as it is: anyone can type an address', async () => {
    const db = await open()
    const consent = { now: at(-9), path: 'cli', evidence: 'asked in the shop', watermark: at(-9) }
    const { subscriber } = await subscribe(db, { ...ada, ...consent, newsletterId: 'daily' })
    await subscribe(db, { ...ada, ...consent, newsletterId: 'weekly' })
    await endSubscription(db, {
      ...consent,
      subscriberId: subscriber.id,
      newsletterId: 'weekly',
      reason: 'unsubscribed',
    })
    const before = await listSubscriptions(db)
    await requestSubscriptions(db, wish({ newsletterIds: ['daily', 'weekly'] }))
    assert.deepEqual(await listSubscriptions(db), before)
    assert.deepEqual(await activeAmong(db, ada, ['daily', 'weekly', 'other']), ['daily'])
    assert.deepEqual(await activeAmong(db, parseAddress('bo@reader.example'), ['daily']), [])
  })

  it('asks anew with a link of its own, and tries the mail of the older one no more', async () => {
    const db = await open()
    const first = await requestSubscriptions(db, wish())
    const second = await requestSubscriptions(db, wish({ now: at(5) }))
    assert.notEqual(first.confirmationId, second.confirmationId)
    assert.deepEqual(first.subscriber, second.subscriber)
    const due = await db.selectFrom('confirmation').select('id').where('mailAt', 'is not', null).execute()
    assert.deepEqual(due, [{ id: second.confirmationId }])
  })

  it('counts attempts of a bucket up to its limit, and anew once they are old', async () => {
    const db = await open()
    const tried = (minutes: number, bucket = 'a') =>
      countAttempt(db, { bucket, now: at(minutes), since: at(minutes - 60), limit: 2 })
    assert.deepEqual([await tried(0), await tried(1), await tried(2), await tried(2, 'b')], [true, true, false, true])
    // What was refused was not counted: the first two alone decide when there is room again.
    assert.deepEqual(
      [await tried(60), await tried(61), await tried(61.5), await tried(121)],
      [false, true, false, true],
    )
    assert.equal(await sweepAttempts(db, at(60)), 1)
  })

  it('lets no more through than the limit when many come at once', async () => {
    const db = await open()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => countAttempt(db, { bucket: 'a', now: at(0), since: at(-60), limit: 3 })),
    )
    assert.equal(all.filter(Boolean).length, 3)
  })

  it('sweeps what nobody confirmed, with its evidence and whoever is known for nothing else', async () => {
    const db = await open()
    const old = await requestSubscriptions(db, wish({ newsletterIds: ['daily', 'weekly'] }))
    await requestSubscriptions(db, wish({ now: at(50), ...parseAddress('bo@reader.example') }))
    assert.equal(await sweepUnconfirmed(db, at(40)), 1)
    assert.equal(await findSubscriber(db, ada), undefined)
    assert.equal(await findConfirmation(db, old.confirmationId), undefined)
    const left = await listSubscriptions(db)
    assert.deepEqual(
      left.map(({ subscriber }) => subscriber.email),
      ['bo@reader.example'],
    )
    assert.equal((await db.selectFrom('consentEvent').selectAll().execute()).length, 1)
    assert.equal(await sweepUnconfirmed(db, at(40)), 0)
  })

  it('keeps the pending subscription of whoever asked again since', async () => {
    const db = await open()
    await requestSubscriptions(db, wish())
    const again = await requestSubscriptions(db, wish({ now: at(50) }))
    assert.equal(await sweepUnconfirmed(db, at(40)), 1)
    assert.deepEqual(await statesOf(db), { daily: 'pending' })
    assert.ok(await findConfirmation(db, again.confirmationId))
  })

  it('sweeps nothing of a reader who confirmed, and forgets no one who left', async () => {
    const db = await open()
    const lost = await requestSubscriptions(db, wish())
    const { confirmationId, subscriber } = await requestSubscriptions(db, wish({ now: at(1) }))
    const use = { id: confirmationId, newsletters: [...newsletters], path: 'link', evidence: 'pressed', now: at(2) }
    assert.equal(await useConfirmation(db, use), 'confirmed')
    const end = { subscriberId: subscriber.id, newsletterId: 'daily', path: 'link', evidence: 'pressed' }
    await endSubscription(db, { ...end, now: at(3), reason: 'unsubscribed' })
    // A stranger types the address once more.
    await requestSubscriptions(db, wish({ now: at(4) }))
    assert.equal(await sweepUnconfirmed(db, at(40)), 2)
    assert.equal(await findConfirmation(db, lost.confirmationId), undefined)
    assert.deepEqual(await statesOf(db), { daily: 'ended' })
    const events = await db.selectFrom('consentEvent').select(['event', 'at']).orderBy('at').execute()
    assert.deepEqual(
      events.map(({ event, at: then }) => [event, then]),
      [
        ['requested', at(1).toISOString()],
        ['confirmed', at(2).toISOString()],
        ['ended', at(3).toISOString()],
      ],
    )
    await assert.rejects(
      subscribe(db, { ...ada, newsletterId: 'daily', watermark: at(9), now: at(9), path: 'cli', evidence: '' }),
      { code: 'subscriber.left' },
    )
  })
})

function wish(changes: Partial<Parameters<typeof requestSubscriptions>[1]> = {}) {
  return {
    ...ada,
    newsletterIds: ['daily'],
    now: at(0),
    expiresAt: at(100),
    mailAt: at(15),
    path: 'form',
    evidence: 'I want it.',
    wordingId: 'en-1',
    network: 'hash',
    agent: 'Firefox/128',
    ...changes,
  }
}

async function statesOf(db: Database): Promise<Record<string, string>> {
  const rows = await listSubscriptions(db)
  return Object.fromEntries(rows.map(({ subscription: { newsletterId, state } }) => [newsletterId, state]))
}
