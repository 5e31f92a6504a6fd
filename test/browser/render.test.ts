import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { findChromium, openBrowser, type RenderingBrowser } from '../../src/browser/render.ts'
import { Failure } from '../../src/failures.ts'
import { type Fetcher } from '../../src/http/fetch.ts'
import { type FetchRequest } from '../../src/contracts.ts'
import { skipLoudly } from '../folders.ts'
import { openSite, readerOf, type Site } from '../sites.ts'

const UA = 'Broadsheet/test (+https://gazette.example/bot)'

describe('browser/render @slow', function () {
  this.timeout(60_000)
  let site: Site
  let reader: Fetcher
  let browser: RenderingBrowser
  /** A machine of the private network, which only counts who comes. */
  let secret: Server | undefined
  let visits = 0

  before(async function () {
    if (findChromium() === undefined) skipLoudly(this, 'there is no Chromium on this machine')
    const server = createServer((_, response) => {
      visits++
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('secret')
    })
    server.on('upgrade', (_, socket) => {
      visits++
      socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    secret = server
  })

  after(() => {
    secret?.closeAllConnections()
    secret?.close()
  })

  beforeEach(async () => {
    visits = 0
    site = await openSite()
    reader = readerOf(site)
    browser = openBrowser({ userAgent: UA, timeoutMs: 40_000 })
  })

  afterEach(async () => {
    await browser.close()
    await reader.close()
    await site.close()
  })

  /** Waits for pages no longer than this, where it is certain that they do not come. */
  async function hurry() {
    await browser.close()
    browser = openBrowser({ userAgent: UA, timeoutMs: 8_000 })
  }

  const page = (script: string, head = '') =>
    `<!doctype html><html><head><title>News</title>${head}</head><body><main id="list"></main><script>${script}</script></body></html>`

  async function render(path = '', request: FetchRequest = { render: {} }) {
    site.seen.length = 0
    return await browser.render(`${site.url}${path}`, request, reader.fetch)
  }

  it('gives the page as its scripts make it, in the order in which they ask', async () => {
    site.answers.set('/', `<!doctype html><div id="app"></div><script src="/app.js"></script>`)
    site.answers.set('/app.js', {
      headers: { 'content-type': 'text/javascript' },
      body: `fetch('/api/news.json').then((answer) => answer.json()).then(({ items }) => {
        document.getElementById('app').innerHTML = items.map((item) => '<article><a href="' + item + '">' + item + '</a></article>').join('')
      })`,
    })
    site.answers.set('/api/news.json', '{"items": ["/storm", "/ferries"]}')
    const shown = await render()
    const { url, status, headers } = shown
    assert.match(shown.text(), /<article><a href="\/storm">\/storm<\/a><\/article><article>/)
    assert.deepEqual([status, url, headers['content-type']], ['fresh', site.url, 'text/html; charset=utf-8'])
    assert.deepEqual(site.seen, ['/', '/app.js', '/api/news.json'])
    assert.equal(site.headers.get('/api/news.json')?.['user-agent'], UA)
  })

  it('reads shared scripts once, and no pictures, fonts, style sheets or frames', async () => {
    const parts =
      '<link rel="stylesheet" href="/a.css"><link rel="preload" as="font" href="/a.woff2" crossorigin><link rel="icon" href="/i.ico">'
    site.answers.set(
      '/',
      page("document.body.append('done')", `${parts}<script src="/lib.js"></script>`) +
        '<img src="/p.jpg"><iframe src="/frame"></iframe><video src="/v.mp4"></video>',
    )
    site.answers.set('/lib.js', { headers: { 'content-type': 'text/javascript' }, body: 'window.lib = 1' })
    await render()
    assert.deepEqual(site.seen, ['/', '/lib.js'])
    await render()
    assert.deepEqual(site.seen, ['/'])
  })

  it('waits for what it is told to wait for', async () => {
    site.answers.set('/', page("setTimeout(() => { list.innerHTML = '<b class=late>late</b>' }, 1500)"))
    assert.match((await render('', { render: { waitFor: 'b.late' } })).text(), /class="late"/)
    await hurry()
    await assert.rejects(
      render('', { render: { waitFor: 'b.never' } }),
      (thrown: Failure) => thrown.code === 'browser.waited' && thrown.details['selector'] === 'b.never',
    )
  })

  it('reaches nothing but by the one fetcher, whatever a page tries', async () => {
    const { port } = secret!.address() as AddressInfo
    const away = `http://127.0.0.1:${port}/`
    const tries = `
      const tried = []
      const say = (what) => { tried.push(what); document.title = tried.join(' '); if (tried.length === 6) document.body.id = 'tried' }
      fetch('${away}fetch').then(() => say('READ'), () => say('fetch'))
      fetch('http://[::ffff:127.0.0.1]:${port}/mapped').then(() => say('READ'), () => say('mapped'))
      fetch('${site.url}away').then((answer) => answer.text()).then((text) => say(text === 'secret' ? 'READ' : 'redirect'), () => say('redirect'))
      fetch('${away}post', { method: 'POST', body: 'x', mode: 'no-cors' }).then(() => say('READ'), () => say('post'))
      navigator.sendBeacon('${away}beacon', 'x')
      new Image().src = '${away}image'
      const socket = new WebSocket('ws://127.0.0.1:${port}/socket'); socket.onclose = () => say('socket')
      new EventSource('${away}events').onerror = function () { this.close(); say('events') }
      try { new Worker(URL.createObjectURL(new Blob(["fetch('${away}worker').catch(() => 0)"]))) } catch {}
      navigator.serviceWorker?.register('/sw.js').catch(() => 0)
      window.open('${away}popup')
      const frame = document.createElement('iframe'); frame.src = '${away}frame'; document.body.append(frame)
      const link = document.createElement('link'); link.rel = 'preconnect'; link.href = '${away}'; document.head.append(link)
      const prefetch = document.createElement('link'); prefetch.rel = 'prefetch'; prefetch.href = '${away}prefetch'; document.head.append(prefetch)
      const form = document.createElement('form'); form.action = '${away}form'; form.target = '_blank'; form.method = 'post'; document.body.append(form); form.submit()
      new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${port}' }] }).createDataChannel('x')
      const a = document.createElement('a'); a.href = 'file:///etc/passwd'; document.body.append(a); a.click()`
    site.answers.set('/', page(tries))
    site.answers.set('/away', { status: 302, headers: { location: `${away}redirected` } })
    const shown = await render('', { render: { waitFor: '#tried' } })
    const [, title = ''] = /<title>([^<]*)/.exec(shown.text()) ?? []
    assert.deepEqual(new Set(title.split(' ')), new Set(['fetch', 'mapped', 'redirect', 'post', 'socket', 'events']))
    assert.equal(visits, 0)
    assert.deepEqual(site.seen, ['/', '/away'])
  })

  it('does not follow a page that leads away, but one that leads on', async () => {
    const { port } = secret!.address() as AddressInfo
    site.answers.set('/', page(`location.href = 'http://127.0.0.1:${port}/'`))
    const html = await render().then(
      (shown) => shown.text(),
      (thrown: unknown) => String(thrown),
    )
    assert.doesNotMatch(html, /secret/)
    assert.equal(visits, 0)
    site.answers.set('/old', page("location.href = '/new'"))
    site.answers.set('/new', page("list.textContent = 'arrived'"))
    const led = await render('old', { render: { waitFor: '#list:not(:empty)' } })
    assert.deepEqual([led.url, led.text().includes('arrived')], [`${site.url}new`, true])
    site.answers.set('/round', page("location.href = '/round?' + Math.random()"))
    const round = await render('round').then(
      () => 'ended',
      (thrown: unknown) => (thrown as Failure).code,
    )
    assert(['ended', 'browser.failed', 'http.timeout'].includes(round), round)
    assert.ok(site.seen.length < 10)
  })

  it('obeys robots.txt for every part of a page', async () => {
    site.answers.set('/robots.txt', 'User-agent: *\nDisallow: /api/')
    site.answers.set(
      '/',
      page("fetch('/api/news').then(() => { list.textContent = 'READ' }, () => { list.textContent = 'kept out' })"),
    )
    site.answers.set('/api/news', '{}')
    assert.match((await render()).text(), /kept out/)
    assert.deepEqual(site.seen, ['/'])
  })

  it('sends what is meant for the site to the site alone', async () => {
    const other = await openSite({ '/o.json': { headers: { 'access-control-allow-origin': '*' }, body: '{}' } })
    const both = readerOf(site, other)
    try {
      site.answers.set(
        '/',
        page(
          `Promise.all([fetch('/own.json'), fetch('${other.url}o.json')]).then(() => { list.textContent = 'both' })`,
        ),
      )
      site.answers.set('/own.json', '{}')
      const request = { headers: { Cookie: 'session=1' }, render: { waitFor: '#list:not(:empty)' } }
      await browser.render(site.url, request, both.fetch)
      assert.equal(site.headers.get('/own.json')?.cookie, 'session=1')
      assert.equal(other.headers.get('/o.json')?.cookie, undefined)
    } finally {
      await both.close()
      await other.close()
    }
  })

  for (const [what, script] of [
    ['runs for ever', 'for (;;);'],
    ['eats memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))'],
    ['asks for ever', "let n = 0; setInterval(() => fetch('/x' + n++).catch(() => 0), 1)"],
    ['opens dialogs for ever', "setInterval(() => alert('hello'), 1)"],
  ])
    it(`ends a page that ${what}, and shows the next`, async () => {
      await hurry()
      site.answers.set('/', page(script!))
      await render().catch((thrown: unknown) => {
        assert(thrown instanceof Failure && ['http.timeout', 'browser.failed'].includes(thrown.code), String(thrown))
      })
      assert.ok(site.seen.length < 200)
      site.answers.set('/next', page("list.textContent = 'shown'"))
      assert.match((await render('next')).text(), /shown/)
    })

  it('gives what is no page as it is', async () => {
    site.answers.set('/feed.json', '{"a": 1}')
    assert.equal((await render('feed.json')).text(), '{"a": 1}')
  })

  it('says so when there is no Chromium', async () => {
    const none = openBrowser({ userAgent: UA, executable: '/nowhere/chromium' })
    site.answers.set('/', page(''))
    await assert.rejects(
      none.render(site.url, { render: {} }, reader.fetch),
      (thrown: Failure) => thrown.code === 'browser.missing' && thrown.next.includes('apt install chromium'),
    )
    await none.close()
  })
})
