import { strict as assert } from 'node:assert'
import { compose } from '../src/compose.ts'
import { deliver } from '../src/deliver.ts'
import { type Message, type Outcome } from '../src/contracts.ts'
import { type Newsletter } from '../src/model.ts'
import { sendConfirmations, signUp, type SignUp, type SignUpNeeds } from '../src/sign-up.ts'
import { useConfirmation } from '../src/store/confirmations.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { signingKeys } from '../src/store/signing-keys.ts'
import { endSubscription, findSubscriber, listSubscriptions, subscribe } from '../src/store/subscribers.ts'
import { parseAddress } from '../src/subscribers/address.ts'
import { readConfirmation } from '../src/subscribers/token.ts'
import { addReader, addresses, article, at, daily, epoch, save, silent, site, templates } from './press.ts'

const hour = 60
const weekly: Newsletter = { ...daily, id: 'weekly', title: 'The Gazette Weekly' }

describe('sign-up', () => {
  let store: Store
  let minutes: number
  let sent: Message[]
  let answer: (message: Message) => Outcome
  let needs: SignUpNeeds

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    minutes = 0
    sent = []
    answer = () => ({ kind: 'submitted', reply: '250 OK' })
    const transport = {
      send: async (message: Message) => {
        sent.push(message)
        return answer(message)
      },
    }
    const newsletters = [daily, weekly]
    const now = () => at(minutes)
    needs = { db: store.db, site, addresses, newsletters, templates, transport, now, log: silent }
  })
  afterEach(() => store.close())

  const ask = (email = 'ada@reader.example', changes: Partial<SignUp> = {}) =>
    signUp(needs, {
      address: parseAddress(email),
      newsletters: [daily],
      wording: { id: 'en-1', text: 'I want it.' },
      ...changes,
    })

  const linkIn = ({ text }: Message) => /\/confirm\/(\S+)/.exec(text)?.[1] ?? ''

  const press = async (message: Message) =>
    useConfirmation(needs.db, {
      id: readConfirmation(await signingKeys(needs.db, at(minutes)), linkIn(message)),
      newsletters: needs.newsletters,
      now: at(minutes),
      path: 'link',
      evidence: 'pressed',
    })

  const states = async () =>
    Object.fromEntries(
      (await listSubscriptions(needs.db)).map(({ subscriber, subscription }) => [
        `${subscriber.email.split('@')[0] ?? ''} ${subscription.newsletterId}`,
        subscription.state,
      ]),
    )

  it('mails one person one link, which its button makes a subscription', async () => {
    await ask()
    const [mail, ...others] = sent
    assert(mail !== undefined && others.length === 0)
    assert.equal(mail.to, 'ada@reader.example')
    assert.match(mail.messageId, /^<confirm-[0-9a-f-]{36}@news\.gazette\.example>$/)
    assert.deepEqual(await states(), { 'ada daily': 'pending' })
    assert.equal(await press(mail), 'confirmed')
    assert.deepEqual(await states(), { 'ada daily': 'active' })
  })

  it('gives whoever confirms the next edition, whole, and whoever does not nothing', async () => {
    const round = {
      ...needs,
      newsletters: [daily],
      worker: 'me',
      transport: { ...needs.transport, id: 'mailbox', close: async () => undefined },
    }
    await addReader(needs.db, 'bo', at(-hour), at(-hour))
    await save(needs.db, article('first', at(-30)))
    await compose(round)
    // Collected before they confirmed, for the edition after it.
    await save(needs.db, article('second', at(1)))
    minutes = 2
    await ask()
    await ask('never@reader.example')
    assert.equal(await press(sent[0]!), 'confirmed')
    await save(needs.db, article('third', at(3)))
    minutes = 4
    await compose(round)
    sent = []
    await deliver(round)
    const mails = Object.groupBy(sent, ({ to }) => to)
    assert.deepEqual(Object.keys(mails).toSorted(), ['ada@reader.example', 'bo@reader.example'])
    const [edition, ...more] = mails['ada@reader.example'] ?? []
    assert(edition !== undefined && more.length === 0)
    assert.match(edition.text, /The story of second[^]*The story of third|The story of third[^]*The story of second/)
    assert.doesNotMatch(edition.text, /The story of first/)
    assert.deepEqual(await states(), { 'ada daily': 'active', 'bo daily': 'active', 'never daily': 'pending' })
  })

  it('asks for several newsletters with one mail, and only for those that are new', async () => {
    await addReader(needs.db, 'ada', epoch)
    await ask('ada@reader.example', { newsletters: [daily, weekly] })
    assert.equal(sent.length, 1)
    assert.equal(sent[0]?.subject, 'Please confirm: The Gazette Weekly')
    await ask('bo@reader.example', { newsletters: [daily, weekly] })
    assert.equal(sent[1]?.subject, 'Please confirm: The Daily Gazette and The Gazette Weekly')
    await press(sent[1])
    assert.deepEqual(await states(), {
      'ada daily': 'active',
      'ada weekly': 'pending',
      'bo daily': 'active',
      'bo weekly': 'active',
    })
  })

  it('tells a reader who gets it already so, once a day, with no link and no trace', async () => {
    await addReader(needs.db, 'ada', epoch)
    const before = await listSubscriptions(needs.db)
    for (let times = 0; times < 3; times++) await ask()
    assert.deepEqual(
      sent.map(({ subject }) => subject),
      ['You already get The Daily Gazette'],
    )
    assert.equal(linkIn(sent[0]!), '')
    assert.deepEqual(await listSubscriptions(needs.db), before)
    assert.equal(
      (await needs.db.selectFrom('consentEvent').selectAll().where('event', '=', 'requested').execute()).length,
      0,
    )
    minutes = 25 * hour
    await ask()
    assert.equal(sent.length, 2)
    assert.notEqual(sent[1]?.messageId, sent[0]?.messageId)
  })

  it('lets a reader who left come back by their own button, and by nothing else', async () => {
    const reader = await addReader(needs.db, 'ada', epoch)
    const end = { subscriberId: reader.id, newsletterId: 'daily', path: 'link', evidence: 'pressed' }
    await endSubscription(needs.db, { ...end, now: at(1), reason: 'unsubscribed' })
    minutes = 2
    await ask()
    assert.deepEqual(await states(), { 'ada daily': 'ended' })
    await press(sent[0]!)
    assert.deepEqual(await states(), { 'ada daily': 'active' })
  })

  it('mails one address three times a day at most, however it is spelled', async () => {
    for (const email of [
      'ada.moor@reader.example',
      'ADA.MOOR@reader.example',
      'adamoor+news@reader.example',
      'a.d.a.moor@reader.example',
      'adamoor+1@reader.example',
    ])
      await ask(email)
    assert.equal(sent.length, 3)
    await ask('bo@reader.example')
    assert.equal(sent.length, 4)
    minutes = 25 * hour
    await ask('ada.moor@reader.example')
    assert.equal(sent.length, 5)
  })

  it('keeps addresses in the counts as keyed hashes only', async () => {
    await ask()
    const rows = await needs.db.selectFrom('signUpAttempt').selectAll().execute()
    assert.equal(rows.length, 1)
    assert.match(rows[0]?.bucket ?? '', /^confirm:[\w-]{43}$/)
  })

  it('tries a mail that a server puts off again, as the same mail, until it has gone', async () => {
    answer = () => ({ kind: 'later', reply: '451 greylisted' })
    await ask()
    assert.deepEqual(await sendConfirmations(needs), { submitted: 0, faults: [] })
    minutes = 1
    const second = await sendConfirmations(needs)
    assert.deepEqual(
      second.faults.map(({ code, details }) => [code, details['newsletter'], details['reply']]),
      [['mail.later', 'daily', '451 greylisted']],
    )
    answer = () => ({ kind: 'submitted', reply: '250 OK' })
    minutes = 6
    assert.deepEqual(await sendConfirmations(needs), { submitted: 1, faults: [] })
    minutes = 600
    assert.deepEqual(await sendConfirmations(needs), { submitted: 0, faults: [] })
    assert.equal(sent.length, 3)
    const [first, ...copies] = sent
    for (const copy of copies) assert.deepEqual(copy, first)
    assert.equal(await press(first!), 'confirmed')
  })

  it('gives up after a while, and never tries what was refused or may have gone', async () => {
    answer = () => ({ kind: 'later', reply: '451 later' })
    await ask()
    const codes: string[] = []
    for (minutes = 0; minutes < 40 * hour; minutes += 1)
      codes.push(...(await sendConfirmations(needs)).faults.map(({ code }) => code))
    assert.equal(sent.length, 7)
    assert.deepEqual(codes, [...Array.from({ length: 5 }, () => 'mail.later'), 'signUp.unsent'])
    for (const kind of ['refused', 'uncertain'] as const) {
      answer = () => ({ kind, reply: '?' })
      sent = []
      await ask(`${kind}@reader.example`)
      minutes += 24 * hour
      assert.deepEqual(await sendConfirmations(needs), { submitted: 0, faults: [] })
      assert.equal(sent.length, 1)
    }
  })

  it('counts no attempt that asked no server', async () => {
    answer = () => ({ kind: 'later', reply: 'no server', untried: true })
    await ask()
    for (minutes = 0; minutes < 20; minutes += 1) await sendConfirmations(needs)
    assert.ok(sent.length >= 20)
    const rows = await needs.db.selectFrom('confirmation').select('attempts').execute()
    assert.deepEqual(rows, [{ attempts: 0 }])
    await ask('bo@reader.example')
    sent = []
    minutes = 60
    await sendConfirmations(needs)
    assert.equal(sent.length, 1, 'while no server can be used, one is enough to know')
    minutes = 120
    answer = () => ({ kind: 'submitted', reply: '250 OK' })
    assert.equal((await sendConfirmations(needs)).submitted, 2)
  })

  it('sends what a process that died left over, once its time has come', async () => {
    const transport = { send: () => new Promise<never>(() => undefined) }
    const dying = signUp(
      { ...needs, transport },
      { address: parseAddress('ada@reader.example'), newsletters: [daily], wording: { id: 'en-1', text: 'x' } },
    )
    dying.catch(() => undefined)
    while ((await needs.db.selectFrom('confirmation').selectAll().execute()).length === 0)
      await new Promise(setImmediate)
    minutes = 14
    await sendConfirmations(needs)
    assert.equal(sent.length, 0)
    minutes = 15
    await Promise.all([sendConfirmations(needs), sendConfirmations(needs)])
    assert.equal(sent.length, 1)
  })

  it('tries later what broke the transport or the template, and never throws', async () => {
    answer = () => {
      throw new Error('broken')
    }
    await ask()
    assert.equal((await needs.db.selectFrom('confirmation').select('attempts').executeTakeFirst())?.attempts, 1)
    minutes = 1
    const { faults } = await sendConfirmations({ ...needs, templates: { read: async () => '{{ nothing }}' } })
    assert.match(String(faults[0]?.details['reply']), /nothing/)
    await store.close()
    await ask('bo@reader.example')
    store = await openDatabase(':memory:')
  })

  it('sends no mail for a newsletter that was taken out of the config, nor after the stop', async () => {
    answer = () => ({ kind: 'later', reply: '451' })
    await ask()
    sent = []
    minutes = 1
    await sendConfirmations({ ...needs, stop: AbortSignal.abort() })
    await sendConfirmations({ ...needs, newsletters: [weekly] })
    await sendConfirmations(needs)
    assert.equal(sent.length, 0)
  })

  it('revives nobody through the operator while their request is pending', async () => {
    await ask()
    const subscriber = await findSubscriber(needs.db, parseAddress('ada@reader.example'))
    const consent = { now: at(1), path: 'cli', evidence: 'asked in the shop', watermark: at(1) }
    await endSubscription(needs.db, {
      ...consent,
      subscriberId: subscriber!.id,
      newsletterId: 'daily',
      reason: 'removed',
    })
    await assert.rejects(
      subscribe(needs.db, { ...parseAddress('ada@reader.example'), newsletterId: 'daily', ...consent }),
      { code: 'subscriber.left' },
    )
    minutes = 2
    assert.equal(await press(sent[0]!), 'outdated')
  })
})
