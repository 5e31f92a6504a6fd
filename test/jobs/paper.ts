/** A small paper whose jobs a test runs by a clock of its own: a folder of articles, two feeds, a newsletter. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openApp, type App } from '../../src/app.ts'
import { needsOf } from '../../src/commands/round.ts'
import { readConfig } from '../../src/config.ts'
import { type Needs } from '../../src/jobs/jobs.ts'
import { openLog } from '../../src/log.ts'
import { listMails } from '../../src/mail/mailbox.ts'
import { subscribe } from '../../src/store/subscribers.ts'
import { makeFolder } from '../folders.ts'

export interface Paper {
  root: string
  app: App
  /** What the jobs are given, with this clock. */
  needs: Needs
  /** The time it is, for the jobs: set by the test. */
  clock: { now: Date }
  write(name: string, text?: string): Promise<void>
  addReader(name: string): Promise<void>
  mails(): Promise<number>
  close(): Promise<void>
}

export const smallConfig = `
site: { title: The Harbour Gazette, url: https://gazette.example/, timezone: UTC, address: 1 Quay Street }
server: { url: https://news.gazette.example/, listen: 127.0.0.1:0 }
sources:
  - { id: desk, kind: folder, path: articles, schedule: "*/30 * * * *" }
  - { id: attic, kind: folder, path: attic, schedule: "0 3 * * *" }
feeds:
  - { id: all, title: All }
  - { id: old, title: Old, where: { sources: [attic] } }
newsletters:
  - { id: daily, title: Daily, from: daily@gazette.example, schedule: "0 7 * * *", late: { after: 6h, then: merge } }
`

export async function openPaper(now: string, config = smallConfig): Promise<Paper> {
  const root = await makeFolder({ 'broadsheet.yaml': config })
  for (const folder of ['articles', 'attic']) await mkdir(join(root, folder))
  const app = await openApp(await readConfig(join(root, 'broadsheet.yaml'), {}), openLog('silent', false))
  const clock = { now: new Date(now) }
  app.now = () => clock.now
  return {
    root,
    app,
    needs: needsOf(app),
    clock,
    write: (name, text = 'Something happened in the harbour this morning, and nobody minded it much.') =>
      writeFile(join(root, name), `---\ntitle: The story of ${name}\n---\n\n${text}\n`),
    async addReader(name) {
      const email = `${name}@reader.example`
      const wish = { email, key: email, newsletterId: 'daily', watermark: clock.now, now: clock.now }
      await subscribe(app.db, { ...wish, path: 'cli', evidence: 'asked in the shop' })
    },
    mails: async () => (await listMails(app.config.mailDirectory)).length,
    async close() {
      await app.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
