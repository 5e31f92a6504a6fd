import assert from 'node:assert/strict'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { load } from 'cheerio'
import { mailId, openMailbox } from '../../src/mail/mailbox.ts'
import { type Message } from '../../src/contracts.ts'
import { listen } from '../../src/web/listen.ts'
import { type Needs } from '../../src/web/needs.ts'
import { openPaper, server, type Paper } from './paper.ts'

const html =
  '<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script>' +
  `<a href="${server}articles/desk/ferry" target="_top">Read</a><img src="${server}feeds/media/0123456789abcdef.jpg">` +
  '<p>Grüße</p></body></html>'

function message(number: number): Message {
  return {
    envelope: { from: 'daily@news.gazette.example', to: 'rowan@post.example' },
    messageId: `<mail-${number}@news.gazette.example>`,
    date: new Date(Date.UTC(2026, 2, 14, 7, number)),
    from: 'The Harbour Gazette <daily@news.gazette.example>',
    to: 'rowan@post.example',
    subject: `Edition ${number} <b>& more</b>`,
    html,
    text: `Read ${server}articles/desk/ferry.\nThe paper: https://gazette.example/ and https://gazette.example/about\n`,
    headers: [['List-Id', '<daily.news.gazette.example>']],
  }
}

describe('web/mailbox', () => {
  let paper: Paper
  const mail = `/mail/${mailId(message(1))}`
  const open = async (wishes: Partial<Needs> = {}) => {
    paper = await openPaper(wishes)
    const mailbox = openMailbox(paper.needs.mailDirectory ?? '')
    await mailbox.send(message(1))
    await mailbox.send(message(2))
  }
  afterEach(() => paper.close())

  it('lists mails, the newest first', async () => {
    await open()
    const $ = load(await (await paper.askHere('/mail/')).text())
    assert.deepEqual(
      $('.subject')
        .toArray()
        .map((element) => $(element).text()),
      ['Edition 2 <b>& more</b>', 'Edition 1 <b>& more</b>'],
    )
    assert.equal($('.mails a').last().attr('href'), mail)
    assert.equal((await paper.askHere('/mail')).headers.get('location'), '/mail/')
  })

  it('turns the page after fifty', async () => {
    await open()
    const mailbox = openMailbox(paper.needs.mailDirectory ?? '')
    for (let number = 3; number <= 52; number++) await mailbox.send(message(number))
    const first = load(await (await paper.askHere('/mail/')).text())
    assert.equal(first('.mails li').length, 50)
    const older = first('.pager a').attr('href') ?? ''
    const second = load(await (await paper.askHere(older)).text())
    assert.equal(second('.mails li').length, 2)
    assert.equal(second('.mails a').last().attr('href'), mail)
    assert.equal(second('.pager a').attr('href'), '/mail/')
  })

  it('is a page while it is empty', async () => {
    paper = await openPaper()
    assert.match(await (await paper.askHere('/mail/')).text(), /No mail yet/)
  })

  it('shows a mail with its headers, its text with local addresses, and its HTML in a sandboxed frame', async () => {
    await open()
    const response = await paper.askHere(mail)
    const $ = load(await response.text())
    assert.equal($('h1').text(), 'Edition 1 <b>& more</b>')
    assert.match($('.headers').text(), /List-I[dD]\s*<daily\.news\.gazette\.example>/)
    assert.equal(
      $('.text').text().trimEnd(),
      'Read http://localhost:8080/articles/desk/ferry.\nThe paper: http://localhost:8080/ and https://gazette.example/about',
    )
    assert.equal($('iframe').attr('src'), `${mail}/html`)
    assert.doesNotMatch($('iframe').attr('sandbox') ?? 'none', /allow-(scripts|same-origin|forms|top)/)
    assert.equal(response.headers.get('cache-control'), 'no-store')
  })

  it('gives the HTML part a policy under which nothing runs, with local links that open beside it', async () => {
    await open()
    const response = await paper.askHere(`${mail}/html`)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /sandbox(?!.*allow-(scripts|same-origin|forms|top))/)
    assert.match(policy, /frame-ancestors 'self'/)
    assert.doesNotMatch(policy, /script-src/)
    const $ = load(await response.text())
    assert.equal($('a').attr('href'), '/articles/desk/ferry')
    assert.equal($('a').attr('target'), undefined)
    assert.equal($('base').attr('target'), '_blank')
    assert.equal($('img').attr('src'), '/feeds/media/0123456789abcdef.jpg')
    assert.equal($('p').text(), 'Grüße')
  })

  it('gives the mail as it was kept', async () => {
    await open()
    const response = await paper.askHere(`${mail}.eml`)
    assert.equal(response.headers.get('content-type'), 'message/rfc822')
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="[\w-]+\.eml"$/)
    const raw = await response.text()
    assert.match(raw, /^Message-ID: <mail-1@news\.gazette\.example>\r$/im)
    assert.ok(raw.includes(`${server}articles/desk/ferry`))
  })

  it('knows no other mails, and leads nowhere else', async () => {
    await open()
    for (const path of ['/mail/nothing', '/mail/nothing.eml', '/mail/nothing/html', '/mail/..%2f..%2fetc%2fpasswd'])
      assert.equal((await paper.askHere(path)).status, 404, path)
  })

  describe('without a password', () => {
    const paths = ['/mail', '/mail/', mail, `${mail}/html`, `${mail}.eml`]

    it('answers only to a loopback name over a loopback socket', async () => {
      await open()
      for (const path of paths) {
        for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '127.5.0.1', '[::1]:8080'])
          for (const from of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
            assert.notEqual((await paper.ask(path, { headers: { host } }, from)).status, 404, `${path} ${host} ${from}`)
        for (const host of [
          'news.gazette.example',
          '203.0.113.7',
          'localhost.evil.example',
          '127.0.0.1.evil.example',
          'evil.localhost@x',
          '128.0.0.1',
          '',
        ])
          assert.equal((await paper.ask(path, { headers: { host } }, '127.0.0.1')).status, 404, `${path} ${host}`)
        for (const from of ['203.0.113.7', '192.168.1.2', '::ffff:10.0.0.1', 'fe80::1', ''])
          assert.equal((await paper.ask(path, { headers: { host: 'localhost' } }, from)).status, 404, `${path} ${from}`)
      }
    })

    it('answers to nothing that a proxy passed on', async () => {
      await open()
      for (const header of [
        'Forwarded',
        'X-Forwarded-For',
        'X-Forwarded-Host',
        'X-Forwarded-Proto',
        'X-Real-IP',
        'Via',
      ])
        assert.equal((await paper.askHere('/mail/', { headers: { [header]: '' } })).status, 404, header)
      const proxied = await paper.ask('/mail/', { headers: { host: 'localhost' } }, '127.0.0.1', '1.0')
      assert.equal(proxied.status, 404)
    })

    it('shows a stranger the same page as for an address that does not exist', async () => {
      await open()
      assert.equal(await (await paper.ask('/mail/')).text(), await (await paper.ask('/nothing')).text())
      assert.equal((await paper.ask('/mail/', { method: 'POST' })).status, 404)
    })

    it('does not answer to a request with no socket at all', async () => {
      await open()
      const headers = { host: 'localhost' }
      assert.equal((await paper.web.request('http://localhost/mail/', { headers })).status, 404)
    })

    it('holds over real sockets', async function () {
      await open()
      const outside = Object.values(networkInterfaces())
        .flat()
        .find((address) => address?.family === 'IPv4' && !address.internal)?.address
      const listening = await listen(paper.web, '0.0.0.0:0')
      try {
        const { port } = new URL(listening.url)
        assert.equal(await statusOf('127.0.0.1', port, { host: `127.0.0.1:${port}` }), 200)
        assert.equal(await statusOf('127.0.0.1', port, { host: 'rebound.example' }), 404)
        assert.equal(await statusOf('127.0.0.1', port, { host: 'localhost', 'X-Forwarded-For': '127.0.0.1' }), 404)
        if (outside === undefined) {
          console.warn('      skipped in part: this machine has no address but loopback')
          this.skip()
        }
        assert.equal(await statusOf(outside, port, { host: 'localhost' }), 404)
      } finally {
        await listening.close()
      }
    })
  })

  describe('with a password', () => {
    const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` })

    it('opens to it from anywhere, under any user name', async () => {
      await open({ adminPassword: 'a:long enough:pässword' })
      for (const user of ['admin', '', 'someone'])
        assert.equal(
          (await paper.ask('/mail/', { headers: basic(`${user}:a:long enough:pässword`) })).status,
          200,
          user,
        )
    })

    it('opens to nothing else, not even on this machine', async () => {
      await open({ adminPassword: 'correct horse battery' })
      const wrong = [
        {},
        basic('admin:'),
        basic('admin:correct horse batter'),
        basic('correct horse battery'),
        { authorization: 'Basic' },
        { authorization: 'Basic ###' },
        { authorization: 'Bearer correct horse battery' },
      ]
      for (const headers of wrong) {
        for (const path of ['/mail/', mail, `${mail}/html`, `${mail}.eml`]) {
          const response = await paper.askHere(path, { headers })
          assert.equal(response.status, 401)
          assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm=/)
          assert.doesNotMatch(await response.text(), /Edition/)
        }
      }
    })
  })

  it('is not there while another transport is', async () => {
    paper = await openPaper({ mailDirectory: undefined, adminPassword: 'correct horse battery' })
    const home = load(await (await paper.askHere('/')).text())
    assert.equal(home('a[href="/mail/"]').length, 0)
    assert.equal((await paper.askHere('/mail/')).status, 404)
  })

  it('reads only its own folder', async () => {
    await open()
    await openMailbox(join(paper.directory, 'other')).send(message(9))
    assert.equal((await paper.askHere(`/mail/..%2fother%2f${mailId(message(9))}`)).status, 404)
  })
})

function statusOf(hostname: string, port: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: '/mail/', headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
      .on('error', reject)
      .end()
  })
}
