import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { applyRenames } from '../../src/store/renames.ts'
import { signingKeys } from '../../src/store/signing-keys.ts'
import { listSubscriptions, subscribe } from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { signUnsubscribe } from '../../src/subscribers/token.ts'
import { now, openPaper, type Paper } from './paper.ts'

describe('web/unsubscribe', () => {
  let paper: Paper
  let path: string
  beforeEach(async () => {
    paper = await openPaper()
    path = await subscribed('daily')
  })
  afterEach(() => paper.close())

  async function subscribed(newsletterId: string): Promise<string> {
    const consent = { now, path: 'cli', evidence: 'test' }
    const address = parseAddress('rowan.pike@post.example')
    const { subscriber } = await subscribe(paper.needs.db, { ...address, newsletterId, watermark: now, ...consent })
    const [key] = await signingKeys(paper.needs.db, now)
    return `/unsubscribe/${signUnsubscribe(key!, { subscriberId: subscriber.id, newsletterId })}`
  }

  const states = async () =>
    (await listSubscriptions(paper.needs.db)).map(({ subscription }) => [subscription.newsletterId, subscription.state])

  const evidence = () =>
    paper.needs.db.selectFrom('consentEvent').select(['event', 'path']).where('event', '=', 'ended').execute()

  it('ends the subscription by a link from before the newsletter was renamed', async () => {
    await applyRenames(paper.needs.db, [{ kind: 'newsletter', former: 'daily', id: 'morning' }], now)
    assert.equal((await paper.ask(path, { method: 'POST' })).status, 200)
    assert.deepEqual(await states(), [['morning', 'ended']])
  })

  it('shows which newsletter and whose, not the whole address, and changes nothing', async () => {
    for (const method of ['GET', 'HEAD']) assert.equal((await paper.ask(path, { method })).status, 200)
    const response = await paper.ask(path)
    const html = await response.text()
    const $ = load(html)
    assert.equal($('h1').text(), 'Leave The Daily Gazette?')
    assert.match($('.notice').text(), /r•••@post\.example/)
    assert.doesNotMatch(html, /rowan/)
    assert.equal($('form').attr('method'), 'post')
    assert.equal($('form').attr('action'), undefined)
    assert.deepEqual(await states(), [['daily', 'active']])
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('x-robots-tag'), 'noindex')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(response.headers.get('set-cookie'), null)
  })

  it('ends the subscription when the button is pressed, and only that one', async () => {
    await subscribed('weekly')
    const response = await paper.ask(path, { method: 'POST', body: new URLSearchParams() })
    assert.equal(response.status, 200)
    assert.equal(load(await response.text())('h1').text(), 'You are unsubscribed')
    assert.deepEqual(await states(), [
      ['daily', 'ended'],
      ['weekly', 'active'],
    ])
    assert.deepEqual(await evidence(), [{ event: 'ended', path: 'link' }])
  })

  it('says the same when it is pressed again', async () => {
    for (const attempt of [1, 2, 3]) {
      const response = await paper.ask(path, { method: 'POST' })
      assert.equal(response.status, 200, String(attempt))
      assert.match(await response.text(), /You are unsubscribed/)
    }
    assert.equal((await evidence()).length, 1)
  })

  it('answers a one-click request with a plain 200, urlencoded or multipart', async () => {
    const multipart = new FormData()
    multipart.set('List-Unsubscribe', 'One-Click')
    for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), multipart]) {
      const response = await paper.ask(path, { method: 'POST', body })
      assert.equal(response.status, 200)
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
      assert.equal(await response.text(), 'Unsubscribed from The Daily Gazette.\n')
    }
    assert.deepEqual(await states(), [['daily', 'ended']])
    assert.deepEqual(await evidence(), [{ event: 'ended', path: 'one-click' }])
  })

  it('acts on a one-click request whose body has another type, or has been lost', async () => {
    const headers = { 'Content-Type': 'text/plain' }
    await paper.ask(path, { method: 'POST', body: 'List-Unsubscribe=One-Click\r\n', headers })
    assert.deepEqual(await states(), [['daily', 'ended']])
    assert.deepEqual(await evidence(), [{ event: 'ended', path: 'one-click' }])
    const other = await subscribed('weekly')
    await paper.ask(other, { method: 'POST', headers })
    assert.deepEqual((await states())[1], ['weekly', 'ended'])
  })

  it('works years later, and when the newsletter is gone from the config', async () => {
    const other = await subscribed('closed')
    const later = await openPaper({ db: paper.needs.db, now: () => new Date('2046-01-01T00:00:00Z') })
    try {
      const response = await later.ask(other, { method: 'POST' })
      assert.equal(response.status, 200)
      assert.match(await response.text(), /closed/)
      assert.deepEqual((await states())[0], ['closed', 'ended'])
    } finally {
      await later.close()
    }
  })

  it('tells whoever left already so, and has no button for them', async () => {
    await paper.ask(path, { method: 'POST' })
    const $ = load(await (await paper.ask(path)).text())
    assert.equal($('h1').text(), 'You already left')
    assert.equal($('form').length, 0)
  })

  it('has nothing to end for a reader who is no longer on the list, and says so', async () => {
    await paper.needs.db.deleteFrom('consentEvent').execute()
    await paper.needs.db.deleteFrom('subscription').execute()
    await paper.needs.db.deleteFrom('subscriber').execute()
    assert.match(await (await paper.ask(path)).text(), /You are not on the list/)
    const response = await paper.ask(path, { method: 'POST' })
    assert.equal(response.status, 200)
    assert.match(await response.text(), /You are unsubscribed/)
  })

  it('has clear words for a link that is not whole, and ends nothing', async () => {
    for (const wrong of [path.slice(0, -1), `${path}x`, '/unsubscribe/x', '/unsubscribe/b1.%00.%3Cscript%3E.x']) {
      for (const method of ['GET', 'POST']) {
        const response = await paper.ask(wrong, { method })
        assert.equal(response.status, 404)
        const html = await response.text()
        assert.match(html, /This link is not one of ours/)
        assert.doesNotMatch(html, /<script/)
      }
    }
    assert.deepEqual(await states(), [['daily', 'active']])
    assert.deepEqual(paper.logged, [])
  })

  it('explains the link of a preview or a test, by whatever method, and ends nothing', async () => {
    for (const token of ['preview', 'test']) {
      for (const body of [undefined, new URLSearchParams(), 'List-Unsubscribe=One-Click']) {
        const response = await paper.ask(`/unsubscribe/${token}`, body === undefined ? {} : { method: 'POST', body })
        assert.equal(response.status, 200)
        assert.equal(load(await response.text())('h1').text(), 'This mail was a test')
      }
    }
    assert.deepEqual(await states(), [['daily', 'active']])
  })

  it('takes no other method and no large body', async () => {
    const put = await paper.ask(path, { method: 'PUT' })
    assert.equal(put.status, 405)
    assert.equal(put.headers.get('allow'), 'GET, HEAD, POST')
    const large = await paper.ask(path, { method: 'POST', body: 'x'.repeat(16 * 1024 + 1) })
    assert.equal(large.status, 413)
    assert.deepEqual(await states(), [['daily', 'active']])
  })
})
