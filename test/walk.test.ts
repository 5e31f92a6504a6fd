import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFeed } from 'feedsmith'
import { simpleParser } from 'mailparser'
import { openApp } from '../src/app.ts'
import { runAll } from '../src/commands/verbs.ts'
import { webOf } from '../src/commands/shifts.ts'
import { readConfig } from '../src/config.ts'
import { openLog } from '../src/log.ts'
import { listMails } from '../src/mail/mailbox.ts'
import { copySample, repository } from './sample.ts'

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
      const ours = await Array.fromAsync(glob('**/*.*', { cwd: config.publishDirectory }))
      const committed = await Array.fromAsync(glob('**/*.*', { cwd: join(repository, 'feeds') }))
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
