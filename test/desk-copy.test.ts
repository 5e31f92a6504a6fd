import assert from 'node:assert/strict'
import { ensureDeskCopies, type DeskCopyNeeds } from '../src/desk-copy.ts'
import { type Newsletter } from '../src/model.ts'
import { openDatabase, type Database, type Store } from '../src/store/database.ts'
import { endSubscription, listSubscriptions } from '../src/store/subscribers.ts'
import { addReader, at, daily, epoch, silent, site } from './press.ts'

describe('desk-copy', () => {
  let store: Store
  let db: Database

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    db = store.db
  })

  afterEach(() => store.close())

  const needs = (minutes: number, first: Newsletter['first'] = 'next'): DeskCopyNeeds => ({
    db,
    site,
    newsletters: [{ ...daily, first }],
    transport: { id: 'mailbox' },
    now: () => at(minutes),
    log: silent,
  })

  const readers = async () => (await listSubscriptions(db)).map(({ subscriber }) => subscriber.email)

  it('subscribes the editor to a newsletter that never had a reader, with the evidence', async () => {
    assert.deepEqual(await ensureDeskCopies(needs(0, 'now')), ['daily'])
    const [only] = await listSubscriptions(db)
    assert.equal(only?.subscriber.email, 'editor@gazette.example')
    assert.deepEqual(only.subscription.watermark, epoch)
    const event = await db.selectFrom('consentEvent').selectAll().executeTakeFirstOrThrow()
    assert.equal(event.path, 'desk-copy')
    assert.match(event.evidence, /site\.editor\.email/)
    assert.deepEqual(await ensureDeskCopies(needs(1)), [])
  })

  it('starts the editor where the newsletter starts its readers', async () => {
    await ensureDeskCopies(needs(0, 'next'))
    assert.deepEqual((await listSubscriptions(db))[0]?.subscription.watermark, at(0))
  })

  it('subscribes nobody where mails really leave, where there is no editor, or where readers are or were', async () => {
    await ensureDeskCopies({ ...needs(0), transport: { id: 'primary' } })
    await ensureDeskCopies({ ...needs(0), site: { ...site, editor: undefined } })
    assert.deepEqual(await readers(), [])
    const { id } = await addReader(db, 'ada', at(0))
    const wish = { newsletterId: 'daily', now: at(0), reason: 'removed', path: 'cli', evidence: '' }
    await endSubscription(db, { ...wish, subscriberId: id })
    await ensureDeskCopies(needs(0))
    assert.deepEqual(await readers(), ['ada@reader.example'])
  })

  it('takes an editor who left at their word', async () => {
    await ensureDeskCopies(needs(0))
    const [desk] = await listSubscriptions(db)
    const wish = { newsletterId: 'daily', now: at(0), reason: 'unsubscribed', path: 'link', evidence: '' }
    await endSubscription(db, { ...wish, subscriberId: desk!.subscriber.id })
    assert.deepEqual(await ensureDeskCopies(needs(1)), [])
    assert.equal((await listSubscriptions(db))[0]?.subscription.state, 'ended')
  })
})
