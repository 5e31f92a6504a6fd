import assert from 'node:assert/strict'
import { load, type CheerioAPI } from 'cheerio'
import { type Message, type Outcome } from '../../src/contracts.ts'
import { type Newsletter } from '../../src/model.ts'
import { signingKeys } from '../../src/store/signing-keys.ts'
import { listSubscriptions, subscribe } from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { signForm, signUnsubscribe } from '../../src/subscribers/token.ts'
import { listen } from '../../src/web/listen.ts'
import { now as start, openPaper, server, type Paper } from './paper.ts'

const second = 1000
const hour = 3600 * second

describe('web/subscribe', () => {
  let paper: Paper
  let clock: number
  let sent: Message[]
  let answer: () => Promise<Outcome>

  const open = async (changes: Partial<Paper['needs']> = {}) => {
    clock = start.getTime()
    sent = []
    answer = () => Promise.resolve({ kind: 'submitted', reply: '250 OK' })
    const transport = {
      send: (message: Message) => {
        sent.push(message)
        return answer()
      },
    }
    paper = await openPaper({ transport, now: () => new Date(clock), ...changes })
  }
  beforeEach(() => open())
  afterEach(() => paper.close())

  const several = async () => {
    const [daily] = paper.needs.newsletters as [Newsletter]
    await paper.close()
    await open({
      newsletters: [daily, { ...daily, id: 'sport', title: 'Boats and Regattas', where: { topics: ['sport'] } }],
    })
  }

  /** The fields of the form on a page, as a browser would send them back. */
  const fieldsOf = ($: CheerioAPI) =>
    Object.fromEntries(
      $('form.sign-up input')
        .toArray()
        .map((input) => $(input))
        .filter((input) => input.attr('type') !== 'checkbox' || input.attr('checked') !== undefined)
        .map((input) => [input.attr('name') ?? '', input.attr('value') ?? '']),
    )

  /** Opens the page, waits as a person does, fills the form in and sends it. */
  async function send(changes: Record<string, string> = {}, headers: Record<string, string> = {}, from?: string) {
    const fields = fieldsOf(load(await (await paper.ask('/')).text()))
    clock += 5 * second
    return post({ ...fields, email: 'ada@reader.example', ...changes }, headers, from)
  }

  function post(fields: Record<string, string> | URLSearchParams, headers: Record<string, string> = {}, from?: string) {
    const browser = { 'sec-fetch-site': 'same-origin', 'user-agent': 'Firefox/128.0.1' }
    const body = new URLSearchParams(fields)
    return paper.ask('/subscribe', { method: 'POST', body, headers: { ...browser, ...headers } }, from)
  }

  const states = async () =>
    (await listSubscriptions(paper.needs.db)).map(({ subscriber, subscription: { newsletterId, state } }) =>
      [subscriber.email, newsletterId, state].join(' '),
    )

  const nothingKept = async () => {
    assert.deepEqual(await states(), [])
    assert.deepEqual(sent, [])
    assert.deepEqual(await paper.needs.db.selectFrom('consentEvent').selectAll().execute(), [])
  }

  async function addReader(email: string) {
    const consent = { now: start, path: 'cli', evidence: 'asked in the shop', watermark: start }
    return (await subscribe(paper.needs.db, { ...parseAddress(email), newsletterId: 'daily', ...consent })).subscriber
  }

  it('has the form on the paper’s page and on its own, with words, wording and no script', async () => {
    for (const path of ['/', '/subscribe']) {
      const response = await paper.ask(path)
      assert.equal(response.status, 200)
      const $ = load(await response.text())
      const form = $('form.sign-up')
      assert.deepEqual([form.attr('action'), form.attr('method')], ['/subscribe', 'post'])
      assert.equal($('label[for=sign-up-email]').text(), 'Your e-mail address')
      assert.equal(form.find('button').text(), 'Subscribe')
      assert.match(form.find('.consent').text(), /^I want The Daily Gazette from The Harbour Gazette by e-mail\./)
      assert.equal(form.find('[type=checkbox]').length, 0)
      const trap = form.find('[name=website]')
      assert.deepEqual([trap.attr('autocomplete'), trap.attr('tabindex'), trap.attr('value')], ['off', '-1', undefined])
      assert.equal(trap.closest('[aria-hidden=true]').length, 1)
      assert.equal($('script').length, 0)
      // With `no-referrer` a browser would name no origin, not even to ourselves.
      assert.equal(response.headers.get('referrer-policy'), 'same-origin')
    }
  })

  it('asks by mail, and keeps who, when, how, and the words as they were shown', async () => {
    const shown = load(await (await paper.ask('/')).text())('.consent').text()
    const response = await send({}, {}, '8.8.4.4')
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const $ = load(await response.text())
    assert.equal($('h1').text(), 'Look into your mail')
    assert.match(
      $('.notice').text(),
      /If ada@reader\.example is an address that can be subscribed, a mail is on its way/,
    )
    assert.deepEqual(await states(), ['ada@reader.example daily pending'])
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['ada@reader.example'],
    )
    const event = await paper.needs.db.selectFrom('consentEvent').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(
      [event.event, event.at, event.path, event.evidence, event.wordingId, event.agent],
      ['requested', new Date(clock).toISOString(), 'form', shown, 'en-1', 'Firefox/128'],
    )
    assert.match(event.network ?? '', /^[\w-]{43}$/)
    assert.doesNotMatch(
      JSON.stringify(await paper.needs.db.selectFrom('signUpAttempt').selectAll().execute()),
      /8\.8\.4|ada/,
    )
  })

  it('gives the same answer for whoever is new, pending, active or gone, and for a robot', async () => {
    const bodies = new Set<string>()
    const answers: Response[] = []
    await addReader('active@reader.example')
    const gone = await addReader('gone@reader.example')
    const [key] = await signingKeys(paper.needs.db, start)
    await paper.ask(`/unsubscribe/${signUnsubscribe(key!, { subscriberId: gone.id, newsletterId: 'daily' })}`, {
      method: 'POST',
    })
    await send({ email: 'pending@reader.example' })
    for (const [name, more] of [
      ['new', {}],
      ['pending', {}],
      ['active', {}],
      ['gone', {}],
      ['robot', { website: 'https://spam.example/' }],
    ] as const) {
      const response = await send({ email: `${name}@reader.example`, ...more })
      answers.push(response)
      bodies.add((await response.text()).replaceAll(`${name}@`, 'NAME@'))
    }
    for (let times = 0; times < 5; times++) {
      bodies.add((await (await send({ email: 'pending@reader.example' })).text()).replaceAll('pending@', 'NAME@'))
    }
    assert.equal(bodies.size, 1)
    const headersOf = ({ status, headers }: Response) => JSON.stringify([status, [...headers].toSorted()])
    assert.equal(new Set(answers.map(headersOf)).size, 1)
    assert.equal(sent.filter(({ to }) => to === 'pending@reader.example').length, 3)
  })

  it('answers before it looks into the list or sends anything, and closes no sooner than both are done', async () => {
    const gate = Promise.withResolvers<undefined>()
    answer = async () => {
      await gate.promise
      return { kind: 'submitted', reply: '250 OK' }
    }
    const listening = await listen(paper.web, '127.0.0.1:0')
    const fields = fieldsOf(load(await (await fetch(listening.url)).text()))
    clock += 5 * second
    const body = new URLSearchParams({ ...fields, email: 'ada@reader.example' })
    const response = await fetch(`${listening.url}subscribe`, { method: 'POST', body })
    assert.match(await response.text(), /a mail is on its way/)
    let closed = false
    const closing = listening.close().then(() => (closed = true))
    while (sent.length === 0) await new Promise(setImmediate)
    assert.equal(closed, false)
    gate.resolve(undefined)
    await closing
    assert.deepEqual(await states(), ['ada@reader.example daily pending'])
    const { mailAt } = await paper.needs.db.selectFrom('confirmation').select('mailAt').executeTakeFirstOrThrow()
    assert.equal(mailAt, null)
  })

  it('answers and keeps nothing when the hidden field is filled in', async () => {
    const response = await send({ website: 'x' })
    assert.match(await response.text(), /a mail is on its way/)
    await nothingKept()
    assert.deepEqual(await paper.needs.db.selectFrom('signUpAttempt').selectAll().execute(), [])
  })

  it('lets readers choose where there are several newsletters', async () => {
    await several()
    const $ = load(await (await paper.ask('/')).text())
    assert.equal($('legend').text(), 'Which would you like?')
    assert.deepEqual(
      $('[type=checkbox]')
        .toArray()
        .map((box) => $(box).attr('value')),
      ['daily', 'sport'],
    )
    assert.match($('.consent').text(), /^I want the newsletters I chose/)
    const none = await send()
    assert.equal(none.status, 400)
    assert.match(await none.text(), /choose at least one newsletter/)
    const fields = fieldsOf($)
    const body = new URLSearchParams({ ...fields, email: 'ada@reader.example' })
    for (const id of ['sport', 'daily', 'other', 'daily']) body.append('newsletter', id)
    await post(body)
    assert.deepEqual(await states(), ['ada@reader.example daily pending', 'ada@reader.example sport pending'])
    assert.equal(sent.length, 1)
  })

  it('shows a fresh form, with what was typed, to whoever is too quick or too late', async () => {
    await several()
    for (const [wait, words] of [
      [1 * second, /faster than a person/],
      [25 * hour, /lay open for more than a day/],
    ] as const) {
      const fields = fieldsOf(load(await (await paper.ask('/')).text()))
      clock += wait
      const response = await post({ ...fields, email: 'Ada"><b>@reader.example', newsletter: 'sport' })
      assert.equal(response.status, 400)
      const $ = load(await response.text())
      assert.match($('[role=alert]').text(), words)
      assert.equal($('[name=email]').attr('value'), 'Ada"><b>@reader.example')
      assert.deepEqual(
        $('[checked]')
          .toArray()
          .map((box) => $(box).attr('value')),
        ['sport'],
      )
      assert.equal($('b').length, 0)
      await nothingKept()
      clock += 3 * second
      const again = await post({ ...fieldsOf($), email: 'ada@reader.example' })
      assert.match(await again.text(), /a mail is on its way/)
      await paper.needs.db.deleteFrom('consentEvent').execute()
      await paper.needs.db.deleteFrom('subscriber').execute()
      sent = []
    }
  })

  it('takes no form that is not ours, or that said something else', async () => {
    const [key] = await signingKeys(paper.needs.db, start)
    const wrong = [
      '',
      'x',
      'b1.k.e30.x',
      signForm(key!, 'subscribe', start),
      signForm({ id: key!.id, secret: Buffer.alloc(32).toString('base64url') }, 'subscribe', start),
      signUnsubscribe(key!, { subscriberId: 'x', newsletterId: 'daily' }),
    ]
    for (const form of wrong) {
      const response = await send({ form })
      assert.equal(response.status, 400, form)
      assert.match(await response.text(), /This form has changed/)
    }
    // The paper has changed its name since, and with it what readers agree to.
    const fields = fieldsOf(load(await (await paper.ask('/')).text()))
    clock += 5 * second
    paper.needs.site.title = 'Another Gazette'
    assert.equal((await post({ ...fields, email: 'ada@reader.example' })).status, 400)
    await nothingKept()
  })

  it('takes no address that is none, whatever it would do to a header', async () => {
    for (const email of [
      '',
      'ada',
      'ada@reader',
      'ada@reader.example\r\nBcc: everyone@reader.example',
      'ada@reader.example\nSubject: x',
      'ada@reader.example, bo@reader.example',
      'Ada <ada@reader.example>',
      '"ada\r\n"@reader.example',
      'ada@[127.0.0.1]',
      `${'a'.repeat(10_000)}@reader.example`,
      'ada@reader.example\u0000',
      'ada@\u202ereader.example',
      '<script>alert(1)</script>@reader.example',
    ]) {
      const response = await send({ email })
      assert.equal(response.status, 400, email)
      const html = await response.text()
      assert.match(html, /does not look like an e-mail address/)
      assert.ok(html.length < 12_000)
      assert.equal(load(html)('script').length, 0)
      assert.equal(response.headers.get('bcc'), null)
    }
    await nothingKept()
    for (const email of ['  Ada.Moor+news@READER.example ', 'jörg@bücher.example', '用户@例え.example'])
      assert.equal((await send({ email })).status, 200, email)
    assert.deepEqual(
      sent.map(({ envelope }) => envelope.to),
      ['Ada.Moor+news@reader.example', 'jörg@xn--bcher-kva.example', '用户@xn--r8jz45g.example'],
    )
  })

  it('takes nothing from a page of another site', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: new URL(server).origin },
      { 'sec-fetch-site': '', origin: 'https://evil.example' },
    ]) {
      const response = await send({}, headers)
      assert.equal(response.status, 403, JSON.stringify(headers))
      assert.match(await response.text(), /came from elsewhere/)
    }
    await nothingKept()
  })

  it('goes by the Origin where a browser says no more, and lets text browsers in that say neither', async () => {
    const ask = async (headers: Record<string, string>) => {
      const fields = fieldsOf(load(await (await paper.ask('/')).text()))
      clock += 5 * second
      const body = new URLSearchParams({ ...fields, email: 'ada@reader.example' })
      return (await paper.ask('/subscribe', { method: 'POST', body, headers })).status
    }
    assert.equal(await ask({ origin: 'https://evil.example' }), 403)
    assert.equal(await ask({ origin: 'null' }), 403)
    assert.equal(await ask({ origin: 'https://news.gazette.example' }), 200)
    assert.equal(await ask({ origin: 'http://localhost:8080', host: 'localhost:8080' }), 200)
    assert.equal(await ask({}), 200)
  })

  it('takes no body but a form of its own kind, and none that is large', async () => {
    for (const [type, body] of [
      ['application/json', '{"email":"ada@reader.example"}'],
      ['text/plain', 'email=ada@reader.example'],
      ['multipart/form-data; boundary=x', '--x--'],
    ] as const) {
      const response = await paper.ask('/subscribe', { method: 'POST', body, headers: { 'content-type': type } })
      assert.equal(response.status, 400)
      assert.equal(load(await response.text())('form.sign-up').length, 1)
    }
    const large = await send({ email: 'x'.repeat(17 * 1024) })
    assert.equal(large.status, 413)
    const put = await paper.ask('/subscribe', { method: 'PUT' })
    assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD, POST'])
    await nothingKept()
  })

  it('lets one form be used again and again only so often, and then shows another', async () => {
    const fields = fieldsOf(load(await (await paper.ask('/')).text()))
    clock += 5 * second
    const statuses: number[] = []
    for (let number = 0; number < 32; number++) {
      const from = `20.0.${number}.1`
      statuses.push((await post({ ...fields, email: `reader${number}@reader.example` }, {}, from)).status)
    }
    assert.deepEqual(
      statuses.slice(0, 30),
      Array.from({ length: 30 }, () => 200),
    )
    assert.deepEqual(statuses.slice(30), [400, 400])
    assert.equal(sent.length, 30)
    assert.equal((await send({ email: 'next@reader.example' })).status, 200)
  })

  it('slows a network down that asks too often, and no other', async () => {
    const ask = async (number: number, from: string) =>
      (await send({ email: `r${number}@reader.example` }, {}, from)).status
    for (let number = 0; number < 30; number++) assert.equal(await ask(number, `8.8.4.${number}`), 200)
    const response = await send({ email: 'ada@reader.example' }, {}, '::ffff:8.8.4.200')
    assert.equal(response.status, 429)
    assert.equal(response.headers.get('retry-after'), '3600')
    assert.equal(await ask(31, '8.8.5.1'), 200)
    // Behind a proxy everybody comes from one place, which no header is believed about.
    for (let number = 100; number < 140; number++) assert.equal(await ask(number, '127.0.0.1'), 200)
    clock += hour + second
    assert.equal(await ask(99, '8.8.4.4'), 200)
  })

  it('offers nothing where there is no newsletter', async () => {
    await paper.close()
    await open({ newsletters: [] })
    assert.equal(load(await (await paper.ask('/')).text())('form').length, 0)
    assert.equal((await paper.ask('/subscribe')).status, 404)
    assert.equal((await post({ email: 'ada@reader.example' })).status, 404)
  })

  it('posts below a path of another server', async () => {
    const { publicAddresses } = await import('../../src/addresses.ts')
    await paper.close()
    await open({ addresses: publicAddresses('https://gazette.example/press') })
    assert.equal(load(await (await paper.ask('/')).text())('form.sign-up').attr('action'), '/press/subscribe')
  })

  it('says no address of a reader in the log', async () => {
    await send()
    await send({ website: 'x' })
    answer = () => Promise.resolve({ kind: 'refused', reply: '550 <ada@reader.example> is unknown' })
    await send()
    assert.ok(paper.logged.length > 0)
    assert.doesNotMatch(JSON.stringify(paper.logged), /ada/)
  })
})
