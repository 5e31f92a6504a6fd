import assert from 'node:assert/strict'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFeed } from 'feedsmith'
import { simpleParser } from 'mailparser'
import { openApp } from '../src/app.ts'
import { webOf } from '../src/commands/shifts.ts'
import { readConfig } from '../src/config.ts'
import { openLog } from '../src/log.ts'
import { listMails } from '../src/mail/mailbox.ts'
import { makeFolder } from './folders.ts'
import { taking } from './mail/server.ts'
import { askFor, confirmationIn, leave, oneClickIn, parseMail } from './reader.ts'
import { copySample, repository, runAll } from './sample.ts'
import { openSite } from './sites.ts'

const silent = () => undefined

describe('the walk from a folder of articles to feeds and a received mail', () => {
  it('collects, publishes, composes and delivers the sample paper, and one click ends it', async () => {
    const sample = await copySample()
    const config = await readConfig(sample.configFile, {})
    const app = await openApp(config, openLog('silent', false))
    try {
      assert.equal((await runAll(app, silent)).exit, 0)

      const rss = await readFile(join(config.publishDirectory, 'all', 'rss.xml'), 'utf8')
      const parsed = parseFeed(rss)
      assert.equal(parsed.format, 'rss')
      assert((parsed.feed.items?.length ?? 0) >= 12)
      for (const picture of rss.match(/https:\/\/gazette\.example\/feeds\/media\/[^"<]+/g) ?? [])
        await stat(join(config.publishDirectory, 'media', picture.split('/').at(-1)!))

      const mails = await listMails(config.mailDirectory)
      assert.equal(mails.length, 1)
      const web = webOf(app)
      const mail = await simpleParser(await readFile(join(config.mailDirectory, `${mails[0]!.id}.eml`)))
      assert.match(mail.text ?? '', /1 Quay Street/)
      assert.match(String(mail.html), /1 Quay Street/)
      const link = /<(https:[^>]+)>/.exec(
        mail.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '',
      )?.[1]
      assert(link !== undefined)
      assert(mail.text?.includes(link))

      const local = new URL(link).pathname
      assert.equal((await web.request(local)).status, 200)
      const before = await runAll(app, silent)
      assert.equal(before.exit, 0)
      const answer = await web.request(local, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      })
      assert.equal(answer.status, 200)
      assert.equal((await listMails(config.mailDirectory)).length, 1)
    } finally {
      await app.close()
      await sample.remove()
    }
  })

  it('publishes the sample paper byte for byte as feeds/ in the repository holds it', async () => {
    const sample = await copySample()
    const config = await readConfig(sample.configFile, {})
    const app = await openApp(config, openLog('silent', false))
    try {
      await runAll(app, silent)
      const { glob } = await import('node:fs/promises')
      // Packed copies are made from the files, and are not under version control.
      const filesIn = async (folder: string) =>
        (await Array.fromAsync(glob('**/*.*', { cwd: folder }))).filter((name) => !/\.(?:br|gz|zst)$/.test(name))
      const ours = await filesIn(config.publishDirectory)
      const committed = await filesIn(join(repository, 'feeds'))
      assert.deepEqual(ours.toSorted(), committed.toSorted())
      for (const name of ours) {
        const [fresh, kept] = await Promise.all([
          readFile(join(config.publishDirectory, name)),
          readFile(join(repository, 'feeds', name)),
        ])
        assert(fresh.equals(kept), `${name} is not as committed: npm run broadsheet publish`)
      }
    } finally {
      await app.close()
      await sample.remove()
    }
  })
})

describe('the walk from scraped sites to a mail server', () => {
  const page = (path: string) => ({
    list: `<article class="card"><h2><a href="/${path}">The ${path} of the harbour</a></h2></article>`,
    body:
      `<!doctype html><title>The ${path} of the harbour</title><nav>Menu</nav><main><article><h1>The ${path} of the harbour</h1>` +
      `${'<p>What the ' + path + ' did this morning was seen by everybody on the quay, and told all over the town by noon.</p>'.repeat(4)}</article></main>`,
  })
  const item = (name: string, at: string) =>
    `<item><guid isPermaLink="false">${name}</guid><title>Wire: ${name}</title><link>https://wire.example/${name}</link>` +
    `<pubDate>${new Date(at).toUTCString()}</pubDate><description>All that the wire knows of ${name}.</description></item>`

  it('takes a reader from the form to the next edition, and lets them go with one click', async () => {
    const site = await openSite()
    const relay = await taking()
    const print = (paths: string[], items: string[]) => {
      site.answers.set('/news', `<!doctype html><main>${paths.map((path) => page(path).list).join('')}</main>`)
      for (const path of paths) site.answers.set(`/${path}`, page(path).body)
      site.answers.set(
        '/feed.xml',
        `<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link>` +
          `<description>News</description>${items.join('')}</channel></rss>`,
      )
    }
    const root = await makeFolder({
      'broadsheet.yaml': `
site: { title: The Harbour Gazette, url: https://gazette.example/, timezone: UTC, address: 1 Quay Street }
server: { url: https://news.gazette.example/, listen: 127.0.0.1:0 }
fetch: { allow: ['${site.authority}'], gap: 0ms }
sources:
  - { id: notices, kind: page, url: '${site.url}news', select: { item: article.card, link: h2 a, title: h2 } }
  - { id: wire, kind: rss, url: '${site.url}feed.xml' }
feeds: [{ id: all, title: All }]
newsletters: [{ id: daily, title: Daily, from: daily@gazette.example, schedule: '0 7 * * *' }]
mail: { transports: [{ id: relay, url: 'smtp://127.0.0.1:${relay.port}?tls=off' }] }
`,
    })
    const app = await openApp(await readConfig(join(root, 'broadsheet.yaml'), {}), openLog('silent', false))
    let now = new Date('2026-07-01T06:00:00Z')
    app.now = () => now
    const runAt = async (time: string) => {
      now = new Date(time)
      const { exit, text } = await runAll(app, silent)
      assert.equal(exit, 0, text)
    }
    try {
      print(['ferry'], [item('fog', '2026-07-01T05:00:00Z')])
      await runAt('2026-07-01T06:00:00Z')
      const web = webOf(app)

      const typing = () => (now = new Date(now.getTime() + 60_000))
      assert.equal((await askFor(web, 'ada@reader.example', typing)).status, 200)
      assert.deepEqual(
        relay.mails.map(({ to }) => to),
        ['ada@reader.example'],
      )
      const path = await confirmationIn(relay.mails[0]!.raw)
      assert(path !== undefined)
      assert.equal((await web.request(path)).status, 200)

      print(['bridge', 'ferry'], [item('tide', '2026-07-02T05:00:00Z'), item('fog', '2026-07-01T05:00:00Z')])
      await runAt('2026-07-02T07:00:00Z')
      assert.equal(relay.mails.length, 1, 'who only looked at the page of the link gets nothing')
      assert.equal((await web.request(path, { method: 'POST' })).status, 200)

      print(['storm', 'bridge', 'ferry'], [item('gale', '2026-07-03T05:00:00Z'), item('tide', '2026-07-02T05:00:00Z')])
      await runAt('2026-07-03T07:00:00Z')
      assert.equal(relay.mails.length, 2)
      assert.equal(new Set(relay.ids).size, 2)
      const edition = relay.mails[1]!
      assert.equal(edition.to, 'ada@reader.example')
      const { text = '', html } = await parseMail(edition.raw)
      for (const words of [text, String(html)]) {
        assert.match(words, /The storm of the harbour/)
        assert.match(words, /Wire: gale/)
        assert.match(words, /1 Quay Street/)
        assert.doesNotMatch(words, /ferry|bridge|tide|fog/)
      }

      const link = await oneClickIn(edition.raw)
      assert.equal((await web.request(link)).status, 200)
      assert.equal((await leave(web, link)).status, 200)
      print(['lamp', 'storm', 'bridge', 'ferry'], [item('calm', '2026-07-04T05:00:00Z')])
      await runAt('2026-07-04T07:00:00Z')
      assert.equal(relay.mails.length, 2, 'who left gets nothing')

      const parsed = parseFeed(await readFile(join(app.config.publishDirectory, 'all', 'rss.xml'), 'utf8'))
      assert.equal(parsed.format, 'rss')
      const titles = parsed.feed.items?.map(({ title }) => title).toSorted()
      const harbour = ['bridge', 'ferry', 'lamp', 'storm'].map((name) => `The ${name} of the harbour`)
      assert.deepEqual(titles, [...harbour, ...['calm', 'fog', 'gale', 'tide'].map((name) => `Wire: ${name}`)])
    } finally {
      await app.close()
      await relay.close()
      await site.close()
      await rm(root, { recursive: true, force: true })
    }
  })
})
