/** What means harm, on the whole way: from a real server through fetcher, parser, store and publication to a reader's parser. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { load } from 'cheerio'
import { isTag } from 'domhandler'
import { publicAddresses } from '../../src/addresses.ts'
import { collect } from '../../src/collect.ts'
import { openFetcher } from '../../src/http/fetch.ts'
import { openLog } from '../../src/log.ts'
import { type Article } from '../../src/model.ts'
import { type Parse } from '../../src/parse.ts'
import { publish } from '../../src/publish.ts'
import { sourceOptions } from '../../src/sources/index.ts'
import { newestArticles } from '../../src/store/articles.ts'
import { openDatabase } from '../../src/store/database.ts'
import { site } from '../feeds/nouns.ts'
import { makeFolder } from '../folders.ts'
import { memoryOf } from '../sites.ts'

/** What a path answers: a body, or whatever the listener does. */
export type Answer = string | Uint8Array | { type: string; body: string | Uint8Array } | RequestListener

export interface Round {
  /** Codes of what was told to the operator, in order. */
  faults: string[]
  articles: Article[]
  /** How often each path was asked for. */
  asked: Record<string, number>
}

const SENTENCE = 'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, they said.'

/** An ordinary page, by which a test sees that what stood before it stopped nothing. */
export const page = (title: string, body = `<p>${SENTENCE}</p><p>${SENTENCE}</p>`, head = '') =>
  `<!doctype html><html lang="en"><head><title>${title}</title>${head}</head><body><article><h1>${title}</h1>${body}</article></body></html>`

/** A feed of beginnings, one for each path; the last is read first. */
export const feedOf = (...paths: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${paths
    .map((path) => `<item><link>${path}</link><guid isPermaLink="false">${path}</guid></item>`)
    .join('')}</channel></rss>`

const TIMES = { connectMs: 2_000, headersMs: 2_000, idleMs: 1_000, totalMs: 4_000 }

/** Collects a source of this server twice, publishes, and reads what was published. */
export async function runRound(
  parse: Parse,
  answers: Record<string, Answer>,
  source: object = { kind: 'rss', fullText: true },
): Promise<Round> {
  const asked: Record<string, number> = {}
  const held = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    held.add(response)
    const answer = answers[path] ?? answers[path.replace(/\?.*/, '')]
    if (path !== '/robots.txt') asked[path] = (asked[path] ?? 0) + 1
    if (answer === undefined) response.writeHead(404).end()
    else if (typeof answer === 'function') answer(request, response)
    else {
      const { type, body } =
        typeof answer === 'string' || answer instanceof Uint8Array ? { type: 'text/html', body: answer } : answer
      response.writeHead(200, { 'content-type': type }).end(body)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const store = await openDatabase(':memory:')
  const root = await makeFolder()
  const fetcher = openFetcher({
    userAgent: 'Broadsheet/test (+https://gazette.example/bot)',
    ...{ allow: [authority], memory: memoryOf(new Map()), gapMs: 0, limits: TIMES, patienceMs: 0 },
    ...{ now: () => new Date(), wait: async () => undefined, random: () => 0 },
  })
  const addresses = publicAddresses('https://news.gazette.example/')
  const log = openLog('silent', false)
  const faults: string[] = []
  try {
    for (let time = 0; time < 2; time += 1) {
      const result = await collect({
        ...{ db: store.db, root, addresses, publishDirectory: root, log, parse, fetch: fetcher.fetch },
        sources: [sourceOptions.parse({ id: 'main', url: `http://${authority}/feed`, ...source })],
        now: () => new Date('2026-03-10T12:00:00Z'),
      })
      if (time === 0) faults.push(...result.faults.map(({ code }) => code))
    }
    const articles = await newestArticles(store.db, { limit: 2000 })
    const { faults: left } = await publish({
      ...{ db: store.db, site, addresses, directory: root, log },
      feeds: [{ id: 'all', title: 'All', where: {}, items: 50, content: 'full' }],
      templates: { read: () => Promise.resolve('{{ feed.title }}') },
    })
    faults.push(...left.map(({ code }) => code))
    await checkPublished(join(root, 'all'), articles)
    return { faults, articles, asked }
  } finally {
    await fetcher.close(0)
    await store.close()
    for (const response of held) response.destroy()
    server.closeAllConnections()
    server.close()
    await rm(root, { recursive: true })
  }
}

/** All that was collected is in the feed, and nothing of it can run or lead into this machine. */
async function checkPublished(folder: string, articles: Article[]): Promise<void> {
  const feed = JSON.parse(await readFile(join(folder, 'feed.json'), 'utf8')) as { items: { content_html: string }[] }
  assert.equal(feed.items.length, Math.min(articles.length, 50))
  for (const { content_html: html } of feed.items) {
    for (const element of load(html)('body *')) {
      if (!isTag(element)) continue
      assert.ok(!/^(?:script|style|iframe|object|embed|svg|math|form|base|link|meta)$/.test(element.name), element.name)
      for (const [name, value] of Object.entries(element.attribs)) {
        assert.ok(!/^(?:on|style|srcdoc|formaction)/i.test(name), name)
        if (/^(?:href|src|cite)$/.test(name)) assert.match(value, /^(?:https?|mailto|tel):/)
      }
    }
  }
  for (const name of ['rss.xml', 'atom.xml']) {
    const xml = await readFile(join(folder, name), 'utf8')
    assert.ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml), `${name} holds what XML forbids`)
  }
}
