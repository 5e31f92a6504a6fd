/**
 * What `collect` costs beside a bare loop of undici and feedsmith: `node bench/collect.ts`, some minutes.
 *
 * Three readers read 200 papers of 20 articles, each reader in a fresh process, the papers in another one (papers.ts,
 * reader.ts). A pair is one run of each, in an order that turns with every pair; what is compared is always of one pair.
 * Each reads once when all is new, then so often when nothing has changed, then so often when each paper has one more.
 *
 *   --pairs 5     how many pairs            --papers 200   how many sites
 *   --rounds 5    rounds of each steady kind
 *   --pages       the feeds hold beginnings only: `collect` reads and extracts each article's page (`fullText`), the bare
 *                 loop fetches it and throws it away
 *   --profile DIR writes a CPU profile of each reader there, for the tools of Chromium or `node bench/profile.ts FILE`
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Papers } from './papers.ts'
import { type Kind, type Measured, type Step, type Task } from './reader.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    papers: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    pages: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const { pages, profile } = values
const [pairs, papers, rounds] = [Number(values.pairs), Number(values.papers), Number(values.rounds)]

const STEPS: { step: Step; means: string }[] = [
  { step: 'first', means: 'first collection' },
  { step: 'unchanged', means: 'nothing changed' },
  { step: 'changed', means: 'one new article each' },
]
const KINDS: { kind: Kind; means: string }[] = [
  { kind: 'bare', means: 'bare loop' },
  { kind: 'conditional', means: 'bare loop with ETags' },
  { kind: 'collect', means: 'collect' },
]

function start(file: string, options: string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: options })
}

async function heardFrom(child: ChildProcess): Promise<unknown> {
  const heard = once(child, 'message').then(([message]: unknown[]) => message)
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`a process ended with ${String(code)}`)))
  ended.catch(() => undefined)
  return await Promise.race([heard, ended])
}

async function measure(task: Task): Promise<Measured> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = start('reader.ts', ['--expose-gc', ...profiling])
  child.send(task)
  const measured = (await heardFrom(child)) as Measured
  if (child.exitCode === null) await once(child, 'exit')
  return measured
}

const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b)

/** Of an even number the lower of the two in the middle. */
const median = (numbers: number[]) => sorted(numbers)[Math.floor((numbers.length - 1) / 2)] ?? NaN

/** Median, and in brackets the least and the most. */
function spread(numbers: number[], digits = 0): string {
  const [least = NaN, most = NaN] = [sorted(numbers)[0], sorted(numbers).at(-1)]
  return `${median(numbers).toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`
}

/** Of one step of one run: a round's cost, on the average of its rounds. */
function cpuOf({ rounds: all }: Measured, step: Step): number {
  const of = all.filter((round) => round.step === step)
  return of.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / of.length
}

function printTable(head: string[], rows: string[][]): void {
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows]
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  for (const line of lines) {
    const cells = line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
    process.stdout.write(`| ${cells.join(' | ')} |\n`)
  }
  process.stdout.write('\n')
}

const MB = 1024 * 1024

function printAll(runs: Measured[][]): void {
  const of = (kind: Kind) =>
    runs.map((run) => run.find((measured) => measured.kind === kind)).filter((m) => m !== undefined)
  const say = (text: string) => process.stdout.write(`${text}\n\n`)

  say('CPU of one round, user and system, in ms: median (least–most) of the pairs')
  printTable(
    ['', ...KINDS.map(({ means }) => means), 'collect ÷ bare', 'collect ÷ bare with ETags'],
    STEPS.map(({ step, means }) => {
      const costs = (kind: Kind) => of(kind).map((measured) => cpuOf(measured, step))
      const ratios = (kind: Kind) => costs('collect').map((cost, at) => cost / (costs(kind)[at] ?? NaN))
      return [
        means,
        ...KINDS.map(({ kind }) => spread(costs(kind))),
        spread(ratios('bare'), 2),
        spread(ratios('conditional'), 2),
      ]
    }),
  )

  say('Memory in MB: peak of the process, and heap after each round, garbage collected (median of the pairs)')
  const heapAfter = (kind: Kind, at: number) =>
    median(of(kind).map((m) => (m.rounds[at]?.heapBytes ?? NaN) / MB)).toFixed(1)
  const stops = [0, 1, rounds, rounds + 1, 2 * rounds]
  printTable(
    [
      '',
      'peak RSS',
      ...['first', '1st unchanged', 'last unchanged', '1st changed', 'last changed'].map((at) => `heap: ${at}`),
    ],
    KINDS.map(({ kind, means }) => [
      means,
      spread(of(kind).map(({ peakBytes }) => peakBytes / MB)),
      ...stops.map((at) => heapAfter(kind, at)),
    ]),
  )

  say(`Requests that ${papers} papers were asked, a round (the first of the runs)`)
  const whole = of('collect')[0]
  printTable(
    ['collect', 'robots.txt', 'feeds whole', 'feeds 304', 'article pages', 'other', 'articles added'],
    STEPS.flatMap(({ step, means }) => {
      const round = whole?.rounds.findLast((one) => one.step === step)
      if (round === undefined) return []
      const { robots, feeds, unchanged, pages: read, other } = round.asked
      return [[means, ...[robots, feeds, unchanged, read, other, round.articles].map(String)]]
    }),
  )
}

const server = start('papers.ts')
try {
  const { port } = (await heardFrom(server)) as Papers
  const [{ model } = { model: 'unknown' }] = cpus()
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} × ${model}; ${papers} papers of 20 articles, ${pairs} pairs${pages ? ', with pages' : ''}\n\n`,
  )
  const runs: Measured[][] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = KINDS.map((_, at) => KINDS[(at + pair) % KINDS.length]?.kind ?? 'bare')
    const run: Measured[] = []
    for (const kind of order) run.push(await measure({ kind, port, papers, rounds, pages }))
    runs.push(run)
    process.stderr.write(`pair ${pair + 1} of ${pairs} done\n`)
  }
  printAll(runs)
} finally {
  server.disconnect()
}
