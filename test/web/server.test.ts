import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { addArticle, addFile, openPaper, type Paper } from './paper.ts'

describe('web/server', () => {
  let paper: Paper
  afterEach(() => paper.close())

  it('gives every page the headers that keep anything from running or leaking', async () => {
    paper = await openPaper()
    await addArticle(paper, {})
    await addFile(paper, 'all/rss.xml', '<rss/>')
    const paths = [
      '/',
      '/articles/desk/ferry-sails-again',
      '/unsubscribe/x',
      '/mail/',
      '/nothing',
      '/style.css',
      '/healthz',
    ]
    for (const path of paths) {
      const { headers } = await paper.askHere(path)
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'; style-src 'self'; img-src 'self' https:;/, path)
      assert.match(policy, /base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/, path)
      assert.doesNotMatch(policy, /script-src|unsafe/, path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      // A form needs the Origin that browsers leave out with `no-referrer`; neither tells another site anything.
      assert.equal(headers.get('referrer-policy'), path === '/' ? 'same-origin' : 'no-referrer', path)
      assert.equal(headers.get('set-cookie'), null, path)
    }
  })

  it('has a designed page for what is not there', async () => {
    paper = await openPaper()
    const response = await paper.ask('/%3Cscript%3Ealert(1)%3C/script%3E')
    assert.equal(response.status, 404)
    const $ = load(await response.text())
    assert.equal($('h1').text(), 'There is no such page')
    assert.equal($('script').length, 0)
    assert.equal($('link[rel=stylesheet]').length, 1)
  })

  it('never repeats the name it was asked by as markup', async () => {
    paper = await openPaper()
    for (const host of ['"><script>alert(1)</script>', 'localhost"><script>', 'evil.example'])
      assert.doesNotMatch(await (await paper.askHere('/', { headers: { host } })).text(), /<script|evil\.example/)
  })

  it('shows nothing of its inside when it fails, and logs the failure', async () => {
    const templates = {
      read: (path: string) => {
        if (path === 'web/home.html') throw new Error('EACCES /home/editor/secret')
        return template.read(path)
      },
    }
    const { template } = { template: (paper = await openPaper()).needs.templates }
    const broken = await openPaper({ templates })
    try {
      const response = await broken.ask('/')
      assert.equal(response.status, 500)
      const html = await response.text()
      assert.match(html, /Something went wrong here/)
      assert.match(html, /<link rel="stylesheet"/)
      assert.doesNotMatch(html, /secret|EACCES|node_modules/)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
      assert.equal(broken.logged.length, 1)
      assert.match(JSON.stringify(broken.logged[0]), /web\.page.*EACCES \/home\/editor\/secret/)
    } finally {
      await broken.close()
    }
  })

  it('still answers in words when even the layout is broken', async () => {
    paper = await openPaper({ templates: { read: () => Promise.resolve('{% broken') } })
    const response = await paper.ask('/')
    assert.equal(response.status, 500)
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
    assert.match(JSON.stringify(paper.logged[0]), /template\.invalid|the template cannot be rendered/)
  })

  it('keeps tokens out of the log', async () => {
    paper = await openPaper()
    await paper.needs.db.schema.dropTable('signingKey').execute()
    assert.equal((await paper.ask('/unsubscribe/b1.private-token')).status, 500)
    assert.equal(paper.logged.length, 1)
    assert.doesNotMatch(JSON.stringify(paper.logged), /private-token/)
  })

  it('refuses methods that a page does not take', async () => {
    paper = await openPaper()
    for (const path of ['/', '/articles/desk/x', '/healthz', '/robots.txt']) {
      const response = await paper.ask(path, { method: 'POST', body: 'x' })
      assert.equal(response.status, 405, path)
      assert.equal(response.headers.get('allow'), 'GET, HEAD', path)
    }
  })

  it('refuses a large body before it is read', async () => {
    paper = await openPaper()
    const response = await paper.ask('/', { method: 'POST', body: 'x'.repeat(20_000) })
    assert.equal(response.status, 413)
  })

  it('lets pages be kept for a minute by anyone, and faulty or local ones by no one', async () => {
    paper = await openPaper()
    assert.equal((await paper.ask('/')).headers.get('cache-control'), 'public, max-age=60')
    assert.equal((await paper.ask('/nothing')).headers.get('cache-control'), 'no-store')
    assert.equal((await paper.askHere('/')).headers.get('cache-control'), 'no-store')
  })

  it('gives the style in the colours of the paper, for ever under its version', async () => {
    paper = await openPaper()
    const $ = load(await (await paper.ask('/')).text())
    const response = await paper.ask($('link[rel=stylesheet]').attr('href') ?? '')
    assert.match(response.headers.get('content-type') ?? '', /^text\/css/)
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
    assert.match(await response.text(), /--accent: #0b4f6c;/)
    assert.equal((await paper.ask('/style.css?v=old')).headers.get('cache-control'), 'no-cache')
  })

  it('has an icon of the first letter that means something, and a word to robots', async () => {
    paper = await openPaper()
    const icon = await paper.ask('/favicon.ico')
    assert.equal(icon.headers.get('content-type'), 'image/svg+xml; charset=utf-8')
    assert.match(await icon.text(), />H<\/text><\/svg>$/)
    const robots = await (await paper.ask('/robots.txt')).text()
    assert.match(robots, /^User-agent: \*\n/)
    assert.match(robots, /^Disallow: \/unsubscribe\/$/m)
    assert.doesNotMatch(robots, /^Disallow: \/$/m)
  })
})
