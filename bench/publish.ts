/**
 * Full archives and many feeds. `--articles N` (5,000): N articles into full archives in all formats, in two steps, to see
 * whether time and memory grow with N, beside one document of N items by npm `feed`. `--feeds N` (100): N feeds, one for
 * each topic of 100 × N articles; then 10 articles come. Each in a process of its own; figures are of this machine.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Feed as FeedWriter } from 'feed'
import { publicAddresses } from '../src/addresses.ts'
import { openLog } from '../src/log.ts'
import { type Article, type Feed, type SafeHtml, type Site } from '../src/model.ts'
import { publish } from '../src/publish.ts'
import { saveArticle } from '../src/store/articles.ts'
import { openDatabase, transact, type Database } from '../src/store/database.ts'

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '5000' },
    feeds: { type: 'string', default: '100' },
    task: { type: 'string' },
    count: { type: 'string', default: '0' },
  },
})

const site: Site = {
  title: 'The Harbour Gazette',
  url: 'https://gazette.example/',
  language: 'en-GB',
  timezone: 'Europe/London',
  colour: '#0b4f6c',
}

const paragraph = 'The tide was out by eight, and what it had left on the slipway was claimed by nobody. '

function storyOf(number: number, topics: string[], bytes: number): Article {
  const text = `No. ${number}. ${paragraph.repeat(Math.ceil(bytes / paragraph.length))}`
  const at = new Date(Date.UTC(2010, 0, 1) + number * 600_000)
  return {
    id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
    sourceId: 'main',
    url: `https://gazette.example/news/${number}`,
    title: `Story ${number}`,
    authors: ['Ada Moor'],
    html: `<p>${text}</p>` as SafeHtml,
    text,
    excerpt: paragraph.trim(),
    topics,
    images: [],
    enclosures: [],
    hash: `hash-${number}`,
    publishedAt: at,
    firstSeenAt: at,
  }
}

async function save(db: Database, articles: Iterable<Article>): Promise<void> {
  await transact(db, async (trx) => {
    for (const one of articles) await saveArticle(trx, one, [`url:${one.url}`], new URL(one.url).pathname)
  })
}

function* stories(from: number, to: number, topicsOf: (number: number) => string[], bytes: number) {
  for (let number = from; number < to; number += 1) yield storyOf(number, topicsOf(number), bytes)
}

/** What one process measured of itself. */
interface Figures {
  seconds: number
  /** Largest resident set, in MB. */
  memory: number
  more?: number
}

const memory = () => process.resourceUsage().maxRSS / 1024

const tasks: Record<string, (count: number, directory: string) => Promise<Figures>> = {
  /** Takes no part in the figures: the articles are there before. */
  async fill(count, directory) {
    const store = await openDatabase(join(directory, 'bench.db'))
    const { db } = store
    for (let from = 0; from < count; from += 1000)
      await save(
        db,
        stories(from, Math.min(count, from + 1000), () => ['news'], 5000),
      )
    await store.close()
    return { seconds: 0, memory: 0 }
  },
  async archive(_, directory) {
    const store = await openDatabase(join(directory, 'bench.db'))
    const { db } = store
    const seconds = await timed(() => publishAll(db, directory, {}))
    await store.close()
    return { seconds, memory: memory() }
  },
  peer(count) {
    const started = performance.now()
    const writer = new FeedWriter({ id: 'urn:x', title: 'All', copyright: '' })
    for (const { title, url, publishedAt, html } of stories(0, count, () => [], 5000))
      writer.addItem({ title, link: url, date: publishedAt ?? new Date(0), content: html })
    for (const text of [writer.rss2(), writer.atom1(), writer.json1()]) if (text.length === 0) throw new Error('empty')
    return Promise.resolve({ seconds: (performance.now() - started) / 1000, memory: memory() })
  },
  async feeds(count, directory) {
    const store = await openDatabase(join(directory, 'bench.db'))
    const { db } = store
    const all = count * 100
    const topicOf = (number: number) => [`Topic ${number % count}`]
    for (let from = 0; from < all; from += 1000)
      await save(db, stories(from, Math.min(all, from + 1000), topicOf, 1000))
    const seconds = await timed(() => publishAll(db, directory, { each: ['topic'] }))
    const runs: number[] = []
    for (let run = 0; run < 3; run += 1) {
      await save(db, stories(all + run * 10, all + run * 10 + 10, topicOf, 1000))
      runs.push(await timed(() => publishAll(db, directory, { each: ['topic'] })))
    }
    const idle = await timed(() => publishAll(db, directory, { each: ['topic'] }))
    process.stderr.write(`nothing changed: ${idle.toFixed(2)} s for ${count + 1} feeds\n`)
    await store.close()
    return { seconds, memory: memory(), more: runs.toSorted((a, b) => a - b)[1] ?? 0 }
  },
}

async function publishAll(db: Database, directory: string, changes: Partial<Feed>): Promise<void> {
  const feed: Feed = { id: 'all', title: 'All', where: {}, items: 50, content: 'full', ...changes }
  const { faults, held } = await publish({
    db,
    site,
    addresses: publicAddresses('https://news.gazette.example'),
    directory: join(directory, 'feeds'),
    feeds: [feed],
    templates: { read: () => Promise.resolve('{{ feed.title }}') },
    log: openLog('silent', false),
  })
  if (faults.length + held.length > 0) throw new Error(JSON.stringify([...faults, ...held].slice(0, 3)))
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

async function measure(names: string[], count: number): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  try {
    let last = ''
    for (const task of names)
      last = execFileSync(
        process.execPath,
        ['--max-old-space-size=6000', fileURLToPath(import.meta.url), '--task', task, '--count', String(count)],
        { env: { ...process.env, BENCH_DIRECTORY: directory }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      )
    return JSON.parse(last) as Figures
  } finally {
    await rm(directory, { recursive: true })
  }
}

const task = values.task === undefined ? undefined : tasks[values.task]
if (task !== undefined) {
  const figures = await task(Number(values.count), process.env['BENCH_DIRECTORY'] ?? '')
  process.stdout.write(JSON.stringify(figures))
} else {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const articles = Number(values.articles)
  const feeds = Number(values.feeds)
  if (articles > 0) {
    say('| into full archives, all formats | time, s | s per 1,000 | largest memory, MB |')
    say('| --- | ---: | ---: | ---: |')
    for (const count of [articles / 2, articles]) {
      const { seconds, memory: most } = await measure(['fill', 'archive'], count)
      say(
        `| ${count} articles | ${seconds.toFixed(1)} | ${((seconds * 1000) / count).toFixed(2)} | ${most.toFixed(0)} |`,
      )
    }
    const peer = await measure(['peer'], articles)
    say(
      `| \`feed\`, one document of ${articles}, unchecked | ${peer.seconds.toFixed(1)} | ${((peer.seconds * 1000) / articles).toFixed(2)} | ${peer.memory.toFixed(0)} |`,
    )
  }
  if (feeds > 0) {
    const { seconds, more = 0 } = await measure(['feeds'], feeds)
    say(
      `${feeds} feeds over ${feeds * 100} articles: ${seconds.toFixed(1)} s; 10 new articles: ${more.toFixed(2)} s, ${((more / seconds) * 100).toFixed(2)} %`,
    )
  }
}
