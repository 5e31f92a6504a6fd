/**
 * `npm run bench:publish`: full archives and many feeds, each measurement in a process of its own, of what is compiled.
 * `--articles N` (5,000): N articles into full archives in all formats, in two steps, to see whether time and memory grow
 * with N, beside one document of N items by npm `feed`; `--feeds N` (100): N feeds, one for each topic of 100 × N articles,
 * then ten articles come, then none. 0 leaves it out.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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
  /** Of its processor: others share the machine, and what they take is none of this work. */
  seconds: number
  /** Largest resident set, in MB. */
  memory: number
  start: number
  /** Of a publication after ten new articles, and of one after none. */
  more?: number
  idle?: number
}

/** What Node is told on a small machine; on others it takes what is free. */
const SMALL = ['--max-semi-space-size=2', '--max-old-space-size=96']

const begun = process.memoryUsage.rss() / 2 ** 20
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
    return { seconds: 0, memory: 0, start: begun }
  },
  async archive(_, directory) {
    const store = await openDatabase(join(directory, 'bench.db'))
    const { db } = store
    const seconds = await timed(() => publishAll(db, directory, {}))
    await store.close()
    return { seconds, memory: memory(), start: begun }
  },
  peer(count) {
    const started = process.cpuUsage()
    const writer = new FeedWriter({ id: 'urn:x', title: 'All', copyright: '' })
    for (const { title, url, publishedAt, html } of stories(0, count, () => [], 5000))
      writer.addItem({ title, link: url, date: publishedAt ?? new Date(0), content: html })
    for (const text of [writer.rss2(), writer.atom1(), writer.json1()]) if (text.length === 0) throw new Error('empty')
    const { user, system } = process.cpuUsage(started)
    return Promise.resolve({ seconds: (user + system) / 1e6, memory: memory(), start: begun })
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
    const idle: number[] = []
    for (let run = 0; run < 5; run += 1) {
      await save(db, stories(all + run * 10, all + run * 10 + 10, topicOf, 1000))
      runs.push(await timed(() => publishAll(db, directory, { each: ['topic'] })))
      idle.push(await timed(() => publishAll(db, directory, { each: ['topic'] })))
    }
    await store.close()
    return { seconds, memory: memory(), start: begun, more: median(runs), idle: median(idle) }
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

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

/** What is installed: types are stripped at start otherwise, and what does that takes 40 MB. */
async function compile(): Promise<string> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const directory = join(root, 'var', 'bench')
  await mkdir(directory, { recursive: true })
  const compilerOptions = { noEmit: false, outDir: 'compiled', rootDir: '../..' }
  const include = ['../../src', '../../bench/publish.ts']
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include }),
  )
  execFileSync('npx', ['tsc', '-p', directory], { cwd: root, stdio: 'inherit' })
  return join(directory, 'compiled', 'bench', 'publish.js')
}

async function measure(program: string, names: string[], count: number, options: string[] = []): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  try {
    let last = ''
    for (const task of names)
      last = execFileSync(process.execPath, [...options, program, '--task', task, '--count', String(count)], {
        env: { ...process.env, BENCH_DIRECTORY: directory },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
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
  const program = await compile()
  const articles = Number(values.articles)
  const feeds = Number(values.feeds)
  if (articles > 0) {
    say('| all formats | CPU, s | s per 1,000 | largest memory, MB | of it at the start |')
    say('| --- | ---: | ---: | ---: | ---: |')
    const row = (name: string, count: number, { seconds, memory: most, start }: Figures) =>
      say(
        `| ${name} | ${seconds.toFixed(1)} | ${((seconds * 1000) / count).toFixed(2)} | ${most.toFixed(0)} | ${start.toFixed(0)} |`,
      )
    for (const [kept, options] of Object.entries({
      'full archives': [],
      'the same, in little memory': SMALL,
    }))
      for (const count of [articles / 2, articles])
        row(`${kept}, ${count} articles`, count, await measure(program, ['fill', 'archive'], count, options))
    const peer = await measure(program, ['peer'], articles, ['--max-old-space-size=8000'])
    row(`npm feed, one document of ${articles}, unchecked`, articles, peer)
  }
  if (feeds > 0) {
    const { seconds, more = 0, idle = 0 } = await measure(program, ['feeds'], feeds)
    const part = (of: number) => `${of.toFixed(3)} s of CPU, ${((of / seconds) * 100).toFixed(2)} %`
    say(`${feeds} feeds over ${feeds * 100} articles: ${seconds.toFixed(1)} s of CPU`)
    say(`10 new articles: ${part(more)}`)
    say(`nothing changed: ${part(idle)}, ${((idle * 1000) / (feeds + 1)).toFixed(3)} ms a feed`)
  }
}
