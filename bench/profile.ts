/** Where a CPU profile's time went: `node bench/profile.ts FILE.cpuprofile`: by module, and by function with all that it calls. */
import { readFileSync } from 'node:fs'

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Profile
const own = new Map<number, number>()
for (const [at, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + (timeDeltas[at] ?? 0) / 1000)

const byId = new Map(nodes.map((node) => [node.id, node]))
const byModule = new Map<string, number>()
const byFunction = new Map<string, number>()
const add = (sums: Map<string, number>, key: string, ms: number) => sums.set(key, (sums.get(key) ?? 0) + ms)

/** `cheerio`, `src/store`, `node`, or what the engine does by itself: `(garbage collector)`. */
function moduleOf(url: string, name: string): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  return installed ?? /\/((?:src|bench)\/(?:[^/]+\/)?)[^/]*$/.exec(url)?.[1] ?? (name.startsWith('(') ? name : 'node')
}

// A function that calls itself counts once on each way down.
function walk(id: number, above: Set<string>): number {
  const node = byId.get(id)
  if (node === undefined) return 0
  const { functionName, url, lineNumber } = node.callFrame
  const self = own.get(id) ?? 0
  add(byModule, moduleOf(url, functionName), self)
  const key = `${functionName || '(anonymous)'} ${url.replace(/^.*\/(?=(?:src|bench|node_modules)\/)/, '')}:${lineNumber + 1}`
  const below = above.has(key) ? above : new Set([...above, key])
  const all = (node.children ?? []).reduce((sum, child) => sum + walk(child, below), self)
  if (!above.has(key)) add(byFunction, key, all)
  return all
}

const [root] = nodes
const total = root === undefined ? 0 : walk(root.id, new Set())
const idle = byModule.get('(idle)') ?? 0
const busy = total - idle
for (const [title, sums, many] of [
  ['By module, alone', byModule, 25],
  ['By function, with what it calls', byFunction, 200],
] as const) {
  process.stdout.write(`${title}, of ${busy.toFixed(0)} ms that were not idle\n`)
  for (const [key, ms] of [...sums].sort(([, a], [, b]) => b - a).slice(0, many))
    process.stdout.write(`${((100 * ms) / busy).toFixed(1).padStart(6)} % ${ms.toFixed(0).padStart(7)} ms  ${key}\n`)
}
