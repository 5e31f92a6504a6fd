/** The reader that is Broadsheet: everything that a collection is made of, with a database on the disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { publicAddresses } from '../src/addresses.ts'
import { collect } from '../src/collect.ts'
import { openFetcher } from '../src/http/fetch.ts'
import { openLog } from '../src/log.ts'
import { openParsing } from '../src/parse.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { openDatabase } from '../src/store/database.ts'
import { openMemory } from '../src/store/validators.ts'
import { urlsOf, type Reader, type Task } from './reader.ts'

export async function openCollect(task: Task): Promise<Reader> {
  const root = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  const store = await openDatabase(join(root, 'broadsheet.db'))
  const log = openLog('silent', false)
  const urls = urlsOf(task)
  // As app.ts opens it, but for two things: the papers' names lead to loopback, and there is no pause between two
  // requests to one site (`fetch.gap: 0s` in a config), which costs time and no work.
  const fetcher = openFetcher({
    userAgent: 'Broadsheet/bench (+https://gazette.example/bot)',
    allow: urls.map((url) => new URL(url).host),
    memory: openMemory(store.db),
    gapMs: 0,
    now: () => new Date(),
    wait: async (ms, signal) => {
      await sleep(ms, undefined, { signal })
    },
    random: Math.random,
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    log,
  })
  const parsing = openParsing()
  const sources = urls.map((url, at) =>
    sourceOptions.parse({ id: `paper-${at}`, kind: 'rss', url, fullText: task.pages }),
  )
  const addresses = publicAddresses('https://news.gazette.example/')
  return {
    async read() {
      const { sources: collected, faults } = await collect({
        ...{ db: store.db, root, addresses, publishDirectory: join(root, 'feeds'), sources },
        ...{ fetch: fetcher.fetch, parse: parsing.parse, now: () => new Date(), log },
      })
      if (faults.length > 0) throw new Error(`${faults.length} faults, the first: ${JSON.stringify(faults[0])}`)
      return collected.reduce((sum, { added }) => sum + added, 0)
    },
    async close() {
      await fetcher.close()
      await parsing.close()
      await store.close()
      await rm(root, { recursive: true })
    },
  }
}
