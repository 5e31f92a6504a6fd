import { strict as assert } from 'node:assert'
import { countDeliveries, openDeliveries } from '../../src/store/deliveries.ts'
import { type Database } from '../../src/store/database.ts'
import { addEdition } from '../../src/store/editions.ts'
import { audiences, moveWatermark, nextAudience } from '../../src/store/audiences.ts'
import {
  countSubscriptions,
  endSubscription,
  findSubscriber,
  listSubscriptions,
  subscribe,
  subscriberById,
} from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { addReaders, at, edition } from './nouns.ts'

describeOnEveryDatabase('store/subscribers', (open) => {
  it('adds a subscriber with an active subscription, and the evidence for it', async () => {
    const db = await open()
    const { subscriber, subscription, changed } = await subscribe(db, wish())
    assert.equal(changed, true)
    assert.deepEqual(subscriber, { id: subscriber.id, email: 'Ada@reader.example', createdAt: at(0) })
    assert.deepEqual(subscription, {
      subscriberId: subscriber.id,
      newsletterId: 'daily',
      state: 'active',
      watermark: at(-5),
      since: at(0),
    })
    assert.deepEqual(await listSubscriptions(db), [{ subscriber, subscription }])
    assert.deepEqual(await eventsOf(db), [
      { event: 'activated', at: at(0).toISOString(), path: 'cli', evidence: 'asked in the shop' },
    ])
  })

  it('keeps one subscriber of an address, however it is written, as it was written first', async () => {
    const db = await open()
    const first = await subscribe(db, wish())
    const second = await subscribe(db, wish({ ...parseAddress('ADA@Reader.Example'), newsletterId: 'weekly' }))
    assert.deepEqual(second.subscriber, first.subscriber)
    assert.deepEqual(await findSubscriber(db, parseAddress('ada@reader.example')), first.subscriber)
    assert.deepEqual(await subscriberById(db, first.subscriber.id), first.subscriber)
    assert.equal((await listSubscriptions(db)).length, 2)
  })

  it('finds nobody whom it does not know', async () => {
    const db = await open()
    assert.equal(await findSubscriber(db, parseAddress('ada@reader.example')), undefined)
    assert.equal(await subscriberById(db, 'nobody'), undefined)
  })

  it('changes nothing of a subscription that is active already', async () => {
    const db = await open()
    const first = await subscribe(db, wish())
    const again = await subscribe(db, wish({ watermark: at(9), now: at(9) }))
    assert.deepEqual(again, { ...first, changed: false })
    assert.equal((await eventsOf(db)).length, 1)
  })

  it('makes a pending subscription active', async () => {
    const db = await open()
    const { subscriber } = await subscribe(db, wish())
    await db.updateTable('subscription').set({ state: 'pending' }).execute()
    const { subscription, changed } = await subscribe(db, wish({ now: at(2), watermark: at(1) }))
    assert.equal(changed, true)
    assert.deepEqual(await listSubscriptions(db), [{ subscriber, subscription }])
    assert.deepEqual([subscription.state, subscription.watermark, subscription.since], ['active', at(1), at(2)])
  })

  it('ends a subscription, with its reason and evidence', async () => {
    const db = await open()
    const { subscriber } = await subscribe(db, wish())
    assert.equal(await endSubscription(db, ending(subscriber.id)), true)
    const [{ subscription } = assert.fail()] = await listSubscriptions(db)
    assert.deepEqual([subscription.state, subscription.endedAt, subscription.reason], ['ended', at(3), 'unsubscribed'])
    assert.deepEqual((await eventsOf(db)).at(-1), {
      event: 'ended',
      at: at(3).toISOString(),
      path: 'link',
      evidence: 'pressed the button',
    })
  })

  it('ends a subscription once, and only one that there is', async () => {
    const db = await open()
    const { subscriber } = await subscribe(db, wish())
    await endSubscription(db, ending(subscriber.id))
    assert.equal(await endSubscription(db, { ...ending(subscriber.id), now: at(8) }), false)
    assert.equal(await endSubscription(db, { ...ending(subscriber.id), newsletterId: 'weekly' }), false)
    assert.equal(await endSubscription(db, ending('nobody')), false)
    assert.deepEqual((await listSubscriptions(db))[0]?.subscription.endedAt, at(3))
    assert.equal((await eventsOf(db)).length, 2)
  })

  it('leaves the other newsletters of a reader alone', async () => {
    const db = await open()
    const { subscriber } = await subscribe(db, wish())
    await subscribe(db, wish({ newsletterId: 'weekly' }))
    await endSubscription(db, ending(subscriber.id))
    assert.deepEqual(await countSubscriptions(db, 'daily'), { pending: 0, active: 0, ended: 1 })
    assert.deepEqual(await countSubscriptions(db, 'weekly'), { pending: 0, active: 1, ended: 0 })
    assert.deepEqual(await countSubscriptions(db, 'monthly'), { pending: 0, active: 0, ended: 0 })
  })

  for (const by of ['operator', undefined] as const) {
    it(`lets a reader who left stay gone when ${by ?? 'nobody in particular'} adds them`, async () => {
      const db = await open()
      const { subscriber } = await subscribe(db, wish())
      await endSubscription(db, ending(subscriber.id))
      await assert.rejects(subscribe(db, wish(by && { by })), { code: 'subscriber.left' })
      assert.equal((await listSubscriptions(db))[0]?.subscription.state, 'ended')
      assert.equal((await eventsOf(db)).length, 2)
    })
  }

  it('lets a reader who left come back themselves, from now on', async () => {
    const db = await open()
    const { subscriber } = await subscribe(db, wish())
    await endSubscription(db, ending(subscriber.id))
    const back = await subscribe(db, wish({ by: 'reader', now: at(9), watermark: at(9), path: 'link' }))
    assert.equal(back.changed, true)
    assert.deepEqual(await listSubscriptions(db), [
      {
        subscriber,
        subscription: {
          subscriberId: subscriber.id,
          newsletterId: 'daily',
          state: 'active',
          watermark: at(9),
          since: at(9),
        },
      },
    ])
    assert.deepEqual(
      (await eventsOf(db)).map(({ event }) => event),
      ['activated', 'ended', 'activated'],
    )
  })

  it('drops what was due to a reader who leaves, of that newsletter, and not what is being sent', async () => {
    const db = await open()
    const { subscriber } = await subscribe(db, wish())
    const states = ['due', 'claimed', 'sending', 'submitted'] as const
    for (const [index, state] of states.entries()) {
      await addEdition(db, edition({ id: state, number: index + 1 }))
      await openDeliveries(db, state, 's1', [subscriber.id, 'somebody else'], at(0))
      await db.updateTable('delivery').set({ state }).where('editionId', '=', state).execute()
    }
    await addEdition(db, edition({ id: 'weekly', newsletterId: 'weekly' }))
    await openDeliveries(db, 'weekly', 's1', [subscriber.id], at(0))

    await endSubscription(db, ending(subscriber.id))
    const rows = await db
      .selectFrom('delivery')
      .select(['editionId', 'state', 'reason'])
      .where('subscriberId', '=', subscriber.id)
      .orderBy('editionId')
      .execute()
    assert.deepEqual(rows, [
      { editionId: 'claimed', state: 'dropped', reason: 'left' },
      { editionId: 'due', state: 'dropped', reason: 'left' },
      { editionId: 'sending', state: 'sending', reason: null },
      { editionId: 'submitted', state: 'submitted', reason: null },
      { editionId: 'weekly', state: 'due', reason: null },
    ])
    assert.equal((await countDeliveries(db, 'due')).due, 1)
  })

  it('lists by address, then newsletter, and one newsletter alone when asked', async () => {
    const db = await open()
    await subscribe(db, wish({ ...parseAddress('zoe@reader.example') }))
    await subscribe(db, wish({ newsletterId: 'weekly' }))
    await subscribe(db, wish())
    const list = await listSubscriptions(db)
    assert.deepEqual(
      list.map(({ subscriber, subscription }) => [subscriber.email, subscription.newsletterId]),
      [
        ['Ada@reader.example', 'daily'],
        ['Ada@reader.example', 'weekly'],
        ['zoe@reader.example', 'daily'],
      ],
    )
    assert.deepEqual(await listSubscriptions(db, { newsletterId: 'weekly' }), [list[1]])
  })

  it('counts active readers by where they stand, the furthest behind first', async () => {
    const db = await open()
    const [first] = await addReaders(db, 3, at(-20))
    await subscribe(db, wish({ watermark: at(-40) }))
    await endSubscription(db, { ...ending(first!) })
    assert.deepEqual(await audiences(db, 'daily'), [
      { watermark: at(-40), readers: 1 },
      { watermark: at(-20), readers: 2 },
    ])
    assert.deepEqual(await audiences(db, 'weekly'), [])
  })

  it('takes an audience in pieces, each moved on, until nobody is left', async () => {
    const db = await open()
    const ids = await addReaders(db, 5, at(-20))
    await addReaders(db, 2, at(-20), 'weekly')
    const piece = () => nextAudience(db, { newsletterId: 'daily', watermark: at(-20), since: at(0), limit: 2 })
    const seen: string[] = []
    for (let some = await piece(); some.length > 0; some = await piece()) {
      assert.ok(some.length <= 2)
      const taken = some.map(({ subscriberId }) => subscriberId)
      seen.push(...taken)
      await moveWatermark(db, taken, 'daily', at(0))
    }
    assert.deepEqual(seen, ids.toSorted())
    assert.deepEqual(await audiences(db, 'daily'), [{ watermark: at(0), readers: 5 }])
    assert.deepEqual(await audiences(db, 'weekly'), [{ watermark: at(-20), readers: 2 }])
  })

  it('leaves out whoever left, came after the audience was fixed or stands elsewhere', async () => {
    const db = await open()
    const here = await subscribe(db, wish({ watermark: at(-5), now: at(0) }))
    const left = await subscribe(db, wish({ ...parseAddress('b@reader.example'), watermark: at(-5) }))
    await endSubscription(db, ending(left.subscriber.id))
    await subscribe(db, wish({ ...parseAddress('c@reader.example'), watermark: at(-5), now: at(1) }))
    await subscribe(db, wish({ ...parseAddress('d@reader.example'), watermark: at(-4) }))
    const found = await nextAudience(db, { newsletterId: 'daily', watermark: at(-5), since: at(0), limit: 9 })
    assert.deepEqual(found, [here.subscription])
  })

  it('takes readers who stand at any watermark from one to another, the furthest behind first', async () => {
    const db = await open()
    for (const minutes of [-9, -5, -7, -3]) {
      const address = parseAddress(`at${String(-minutes)}@reader.example`)
      await subscribe(db, wish({ ...address, watermark: at(minutes) }))
    }
    const range = { newsletterId: 'daily', watermark: at(-7), until: at(-3), since: at(0) }
    const some = await nextAudience(db, { ...range, limit: 2 })
    assert.deepEqual(
      some.map(({ watermark }) => watermark),
      [at(-7), at(-5)],
    )
    assert.equal((await nextAudience(db, { ...range, limit: 9 })).length, 3)
  })

  it('never moves a watermark back', async () => {
    const db = await open()
    const [id] = await addReaders(db, 1, at(0))
    await moveWatermark(db, [id!], 'daily', at(-1))
    assert.deepEqual((await listSubscriptions(db))[0]?.subscription.watermark, at(0))
  })

  it('moves the watermarks of more readers than one statement can name', async () => {
    const db = await open()
    const [id] = await addReaders(db, 1)
    const many = Array.from({ length: 70_000 }, (_, number) => `none${String(number)}`)
    await moveWatermark(db, [...many, id!], 'daily', at(0))
    assert.deepEqual((await listSubscriptions(db))[0]?.subscription.watermark, at(0))
  })
})

type Wish = Parameters<typeof subscribe>[1]

function wish(changes: Partial<Wish> = {}): Wish {
  return {
    ...parseAddress('Ada@reader.example'),
    newsletterId: 'daily',
    watermark: at(-5),
    now: at(0),
    path: 'cli',
    evidence: 'asked in the shop',
    ...changes,
  }
}

function ending(subscriberId: string): Parameters<typeof endSubscription>[1] {
  return {
    subscriberId,
    newsletterId: 'daily',
    now: at(3),
    reason: 'unsubscribed',
    path: 'link',
    evidence: 'pressed the button',
  }
}

async function eventsOf(db: Database) {
  return db.selectFrom('consentEvent').select(['event', 'at', 'path', 'evidence']).orderBy('at').execute()
}
