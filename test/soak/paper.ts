/** The paper of the soak test, opened with a clock that its waits move: by the test, and by children that it kills. */
import { join } from 'node:path'
import { openApp, type App } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openFetcher } from '../../src/http/fetch.ts'
import { openLog } from '../../src/log.ts'
import { openTransport } from '../../src/mail/index.ts'
import { openMemory } from '../../src/store/validators.ts'

export interface SoakClock {
  ms: number
}

export const connections = 3

export function soakConfig({ site, relay, webhook }: { site: number; relay: number; webhook: string }): string {
  return `
site: { title: The Harbour Gazette, url: https://gazette.example/, timezone: Europe/London, address: 1 Quay Street }
server: { url: https://news.gazette.example/, listen: 127.0.0.1:0 }
fetch: { allow: ['wire.harbour.example:${site}', 'www.harbour.example:${site}'] }
sources:
  - { id: wire, kind: rss, url: 'http://wire.harbour.example:${site}/feed.xml' }
  - { id: www, kind: page, url: 'http://www.harbour.example:${site}/', select: { item: article.card, link: h2 a, title: h2 }, exclude: [/about], schedule: '0 * * * *' }
  - { id: desk, kind: folder, path: articles, schedule: '0 5,17 * * *' }
feeds: [{ id: all, title: All }, { id: wire, title: Wire, where: { sources: [wire] } }]
newsletters: [{ id: daily, title: Daily, from: daily@gazette.example, schedule: '0 7 * * *' }]
mail: { transports: [{ id: relay, url: 'smtp://127.0.0.1:${relay}?tls=off', connections: ${connections} }] }
alerts: { webhook: '${webhook}' }
`
}

export async function openSoakPaper(root: string, clock: SoakClock): Promise<App> {
  const log = openLog('silent', false)
  const app = await openApp(await readConfig(join(root, 'broadsheet.yaml'), {}), log)
  const { config, db } = app
  const pass = async (ms: number) => void (clock.ms += ms)
  const fetcher = openFetcher({
    userAgent: 'Broadsheet/soak (+https://gazette.example/bot)',
    allow: config.fetch.allow,
    memory: openMemory(db),
    limits: { connectMs: 2000, headersMs: 2000, idleMs: 2000, totalMs: 400 },
    now: () => new Date(clock.ms),
    wait: pass,
    random: () => 0.5,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  const transport = openTransport(config.mail, {
    directory: config.mailDirectory,
    log,
    clock: { now: () => clock.ms, wait: pass },
    timeouts: { openMs: 3000, replyMs: 3000, messageMs: 5000 },
  })
  return {
    ...app,
    fetch: fetcher.fetch,
    transport,
    now: () => new Date(clock.ms),
    async close() {
      await fetcher.close(0)
      await transport.close()
      await app.close()
    },
  }
}
