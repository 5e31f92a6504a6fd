import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { requestSubscriptions, sweepUnconfirmed } from '../../src/store/sign-ups.ts'
import { signingKeys } from '../../src/store/signing-keys.ts'
import { endSubscription, listSubscriptions } from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { signConfirmation, signUnsubscribe } from '../../src/subscribers/token.ts'
import { now, openPaper, type Paper } from './paper.ts'

const day = 24 * 3600_000

describe('web/confirm', () => {
  let paper: Paper
  let clock: Date
  let path: string
  let subscriberId: string
  beforeEach(async () => {
    clock = now
    paper = await openPaper({ now: () => clock })
    path = await requested(['daily'])
  })
  afterEach(() => paper.close())

  async function requested(newsletterIds: string[]): Promise<string> {
    const { db } = paper.needs
    const { confirmationId, subscriber } = await requestSubscriptions(db, {
      ...parseAddress('rowan.pike@post.example'),
      newsletterIds,
      now: clock,
      expiresAt: new Date(clock.getTime() + 7 * day),
      mailAt: clock,
      path: 'form',
      evidence: 'I want it.',
    })
    subscriberId = subscriber.id
    const [key] = await signingKeys(db, clock)
    return `/confirm/${signConfirmation(key!, confirmationId)}`
  }

  const states = async () =>
    (await listSubscriptions(paper.needs.db)).map(({ subscription }) => [subscription.newsletterId, subscription.state])

  const press = (address = path) =>
    paper.ask(address, { method: 'POST', headers: { 'user-agent': 'Firefox/128.1' } }, '8.8.4.4')

  it('shows a button and changes nothing, however often a scanner follows the link', async () => {
    for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await paper.ask(path, { method })).status, 200)
    const response = await paper.ask(path)
    const html = await response.text()
    const $ = load(html)
    assert.equal($('form').attr('method'), 'post')
    assert.equal($('form button').text(), 'Yes, send it to me')
    assert.match($('.notice').text(), /r•••@post\.example gets The Daily Gazette by mail/)
    assert.doesNotMatch(html, /rowan/)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('x-robots-tag'), 'noindex')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
    assert.deepEqual(await states(), [['daily', 'pending']])
  })

  it('subscribes when the button is pressed, keeps how, and says so', async () => {
    const response = await press()
    assert.equal(response.status, 200)
    assert.equal(load(await response.text())('h1').text(), 'You are subscribed')
    assert.deepEqual(await states(), [['daily', 'active']])
    const event = await paper.needs.db
      .selectFrom('consentEvent')
      .selectAll()
      .where('event', '=', 'confirmed')
      .executeTakeFirstOrThrow()
    assert.deepEqual([event.at, event.path, event.agent], [now.toISOString(), 'link', 'Firefox/128'])
    assert.match(event.network ?? '', /^[\w-]{43}$/)
  })

  it('says the same when it is pressed or opened again, and does it once', async () => {
    const answers = await Promise.all([press(), press(), press()])
    for (const answer of [...answers, await paper.ask(path)]) {
      assert.equal(answer.status, 200)
      assert.match(await answer.text(), /You are subscribed/)
    }
    const events = await paper.needs.db
      .selectFrom('consentEvent')
      .selectAll()
      .where('event', '=', 'confirmed')
      .execute()
    assert.equal(events.length, 1)
  })

  it('has a form for whoever comes too late, with nothing of them in it', async () => {
    const swept = path
    clock = new Date(now.getTime() + 7 * day)
    for (const ask of [() => paper.ask(swept), () => press(swept)]) {
      for (const isSwept of [false, true]) {
        if (isSwept) await sweepUnconfirmed(paper.needs.db, clock)
        const response = await ask()
        assert.equal(response.status, 200)
        const html = await response.text()
        assert.equal(load(html)('h1').text(), 'This link is over')
        assert.equal(load(html)('form.sign-up').attr('action'), '/subscribe')
        assert.doesNotMatch(html, /rowan|post\.example/)
      }
    }
    assert.deepEqual(await states(), [])
  })

  it('brings nobody back who left since, and offers them the form', async () => {
    await press()
    const older = await requested(['daily'])
    clock = new Date(now.getTime() + 1000)
    const end = { subscriberId, newsletterId: 'daily', path: 'link', evidence: '', reason: 'unsubscribed' }
    await endSubscription(paper.needs.db, { ...end, now: clock })
    for (const link of [path, older]) {
      for (const answer of [await paper.ask(link), await press(link)])
        assert.equal(load(await answer.text())('h1').text(), 'This link is over')
    }
    assert.deepEqual(await states(), [['daily', 'ended']])
    const fresh = await requested(['daily'])
    assert.match(await (await press(fresh)).text(), /You are subscribed/)
    assert.deepEqual(await states(), [['daily', 'active']])
  })

  it('has clear words for a link that is not whole or of another kind, and confirms nothing', async () => {
    const [key] = await signingKeys(paper.needs.db, now)
    const leaving = signUnsubscribe(key!, { subscriberId, newsletterId: 'daily' })
    for (const wrong of [path.slice(0, -1), `${path}x`, '/confirm/x', `/confirm/${leaving}`]) {
      for (const method of ['GET', 'POST']) {
        const response = await paper.ask(wrong, { method })
        assert.equal(response.status, 404, wrong)
        assert.match(await response.text(), /This link is not one of ours/)
      }
    }
    assert.deepEqual(await states(), [['daily', 'pending']])
    assert.deepEqual(paper.logged, [])
  })

  it('has nothing to confirm once the newsletter is gone from the config', async () => {
    const closed = await requested(['closed'])
    for (const answer of [await paper.ask(closed), await press(closed)]) {
      assert.equal(answer.status, 404)
      assert.match(await answer.text(), /no longer published/)
    }
  })

  it('takes no other method', async () => {
    const put = await paper.ask(path, { method: 'PUT' })
    assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD, POST'])
  })
})
