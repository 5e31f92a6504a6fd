/**
 * One reader of all papers, in a process of its own that ends with it: `collect`, or a bare loop of undici and feedsmith.
 * It measures itself, and tells its parent.
 */
import { readFileSync } from 'node:fs'
import { type LookupFunction } from 'node:net'
import { parseFeed } from 'feedsmith'
import { Agent } from 'undici'
import { cpuMs } from '../src/isolation/cpu.ts'
import { hostOf, type Asked } from './papers.ts'

/**
 * - `collect`: all of Broadsheet that a collection is made of, with a database on the disk.
 * - `bare`: undici fetches each feed, feedsmith parses it; nothing is kept, so each round reads everything.
 * - `conditional`: the same, but for ETags that it keeps in a Map: a feed that is the same is neither sent nor parsed.
 */
export type Kind = 'collect' | 'bare' | 'conditional'

/** What happened at the sites since the last round: all is new, nothing, one more article in each. */
export type Step = 'first' | 'unchanged' | 'changed'

/** What a reader is asked to do. */
export interface Task {
  kind: Kind
  port: number
  papers: number
  rounds: number
  /** Whether the feeds hold only beginnings, so that each article's page is read. */
  pages: boolean
}

export interface Round {
  step: Step
  /** User and system, of the whole process and of those that it started. */
  cpuMs: number
  elapsedMs: number
  /** What lives on the heap afterwards, when everything that can be collected was. */
  heapBytes: number
  /** The same beside the heap: buffers, the database's pages. */
  externalBytes: number
  asked: Asked
  /** Articles that were added or, in a bare loop, items that were seen. */
  articles: number
}

export interface Measured {
  kind: Kind
  rounds: Round[]
  /** Resident at most, from start to end. */
  peakBytes: number
}

/** Reads all papers once; gives how many articles there were. */
export interface Reader {
  read(): Promise<number>
  close(): Promise<void>
}

export const urlsOf = ({ papers, port, pages }: Task) =>
  Array.from({ length: papers }, (_, at) => `http://${hostOf(at)}:${port}/${pages ? 'teasers' : 'feed'}.xml`)

const toLoopback: LookupFunction = (_hostname, { all }, callback) => {
  if (all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

/** As short as one can write it, and with as little care. */
function openBare(task: Task): Reader {
  const urls = urlsOf(task)
  const agent = new Agent({ connect: { lookup: toLoopback } })
  const etags = new Map<string, string>()
  const pagesRead = new Set<string>()
  const request = (url: string, headers: Record<string, string>) => {
    const { origin, pathname } = new URL(url)
    return agent.request({ origin, path: pathname, method: 'GET', headers })
  }
  return {
    async read() {
      let seen = 0
      for (const url of urls) {
        const etag = etags.get(url)
        const answer = await request(url, etag === undefined ? {} : { 'if-none-match': etag })
        const text = await answer.body.text()
        if (answer.statusCode === 304) continue
        if (task.kind === 'conditional') etags.set(url, String(answer.headers['etag']))
        const { format, feed } = parseFeed(text)
        if (format !== 'rss') throw new Error(`no RSS at ${url}`)
        for (const { link } of feed.items ?? []) {
          seen += 1
          const page = new URL(link ?? '', url).href
          if (!task.pages || pagesRead.has(page)) continue
          pagesRead.add(page)
          await (await request(page, {})).body.text()
        }
      }
      return seen
    },
    close: () => agent.close(),
  }
}

/** Processor time of the processes that this one started and that are still there (Linux only). */
function helpersMs(): number {
  const { pid } = process
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
  return children.split(' ').reduce((sum, child) => sum + (child === '' ? 0 : (cpuMs(Number(child)) ?? 0)), 0)
}

async function measure(task: Task): Promise<Measured> {
  const control = async (word: string) =>
    (await (await fetch(`http://127.0.0.1:${task.port}/${word}`, { method: 'POST' })).json()) as Asked
  await control('reset')
  // What is not loaded takes no room: the bare loop is bare of Broadsheet's code too.
  const reader =
    task.kind === 'collect' ? await (await import('./collect-reader.ts')).openCollect(task) : openBare(task)
  const rounds: Round[] = []
  const round = async (step: Step) => {
    if (step === 'changed') await control('turn')
    const cpu = process.cpuUsage()
    const ofHelpers = helpersMs()
    const began = performance.now()
    const articles = await reader.read()
    const elapsedMs = performance.now() - began
    const { user, system } = process.cpuUsage(cpu)
    const asked = await control('asked')
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    const measured = {
      cpuMs: (user + system) / 1000 + helpersMs() - ofHelpers,
      elapsedMs,
      heapBytes: heapUsed,
      externalBytes: external,
    }
    rounds.push({ step, articles, asked, ...measured })
  }
  await round('first')
  for (let at = 0; at < task.rounds; at += 1) await round('unchanged')
  for (let at = 0; at < task.rounds; at += 1) await round('changed')
  await reader.close()
  return { kind: task.kind, rounds, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

if (import.meta.main) {
  process.once('message', (task: Task) => {
    measure(task).then(
      (measured) => process.send?.(measured, () => process.disconnect()),
      (thrown: unknown) => {
        process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`)
        process.exit(1)
      },
    )
  })
}
