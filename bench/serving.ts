/**
 * What it costs to serve a feed, beside nginx and a bare node:http server: `node bench/serving.ts`, some three minutes.
 *
 * Each serves the same feed of 200 kB, with its packed copies beside it, on one core; wrk asks for it from another, over 32
 * connections. A pair is one run of each, in an order that turns with every pair; what is compared is always of one pair.
 * What counts is the processor's time that the server took (Linux, /proc): others may share the machine.
 * It needs wrk and nginx (`apt-get install wrk nginx-light`), and says so where they are missing.
 *
 *   --pairs 5      how many pairs          --seconds 2     how long one run is
 */
import { execFile, execFileSync, fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { publicAddresses } from '../src/addresses.ts'
import { writePacked } from '../src/disk/packed.ts'
import { nginxConfig } from '../src/feeds/hosting.ts'

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2' } },
})
const [pairs, seconds] = [Number(values.pairs), Number(values.seconds)]

for (const tool of ['wrk', 'nginx', 'taskset']) {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`])
  } catch {
    process.stdout.write(`SKIPPED: ${tool} is not installed; apt-get install wrk nginx-light util-linux\n`)
    process.exit(0)
  }
}
if (availableParallelism() < 2) {
  process.stdout.write('SKIPPED: the server takes one core, and who asks it another\n')
  process.exit(0)
}

const directory = await mkdtemp(join(tmpdir(), 'broadsheet-serving-'))
const feed = join(directory, 'all', 'rss.xml')
const text = feedOf(200_000)
await mkdir(join(directory, 'all'))
await writeFile(feed, text)
await writePacked(feed, text)

const servers: Record<string, Served> = {
  nginx: await startNginx(),
  bare: await startNode('bare'),
  router: await startNode('router'),
  broadsheet: await startNode('broadsheet'),
}
const asks = {
  '304': ['If-None-Match'],
  gzip: ['Accept-Encoding: gzip'],
  br: ['Accept-Encoding: br'],
  identity: ['Accept-Encoding: identity'],
}

const rates: Record<string, Record<string, number[]>> = {}
try {
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const [ask, headers] of Object.entries(asks)) {
      const names = Object.keys(servers)
      for (const name of [...names.slice(pair % names.length), ...names.slice(0, pair % names.length)]) {
        // nginx of most distributions packs nothing with Brotli.
        if (name === 'nginx' && ask === 'br') continue
        const server = servers[name]
        if (server === undefined) continue
        const rate = await measure(server, headers)
        const list = ((rates[ask] ??= {})[name] ??= [])
        list.push(rate)
      }
    }
    process.stderr.write(`pair ${pair + 1} of ${pairs}\n`)
  }
} finally {
  for (const server of Object.values(servers)) server.process.kill('SIGKILL')
  await rm(directory, { recursive: true })
}

process.stdout.write(
  `Node ${process.version}, ${cpus()[0]?.model ?? ''}, ${pairs} pairs; answers in a second of the server’s processor, median; ratios of one pair, median (least–most)\n\n`,
)
process.stdout.write(
  '| answer | nginx | bare node:http | broadsheet | by the router alone | broadsheet ÷ bare | broadsheet ÷ nginx |\n| --- | --- | --- | --- | --- | --- | --- |\n',
)
for (const [ask, found] of Object.entries(rates)) {
  const of = (name: string) => (found[name] === undefined ? '–' : Math.round(median(found[name])).toLocaleString('en'))
  const ratio = (peer: string) => {
    const ratios = (found[peer] ?? []).map((rate, at) => (found['broadsheet']?.[at] ?? NaN) / rate)
    if (ratios.length === 0) return '–'
    return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`
  }
  process.stdout.write(
    `| ${ask} | ${of('nginx')} | ${of('bare')} | ${of('broadsheet')} | ${of('router')} | ${ratio('bare')} | ${ratio('nginx')} |\n`,
  )
}

interface Served {
  port: number
  process: ChildProcess
}

async function measure({ port, process: { pid = 0 } }: Served, headers: string[]): Promise<number> {
  const url = `http://127.0.0.1:${port}/feeds/all/rss.xml`
  const response = await fetch(url, { headers: { 'Accept-Encoding': 'identity' } })
  await response.arrayBuffer()
  const given = headers.map((header) =>
    header === 'If-None-Match' ? `If-None-Match: ${response.headers.get('etag') ?? ''}` : header,
  )
  const options = ['-t1', '-c32', `-d${seconds}s`, ...given.flatMap((header) => ['-H', header]), url]
  const before = await secondsOf(pid)
  const { stdout } = await promisify(execFile)('taskset', ['-c', '1', 'wrk', ...options])
  const rate = Number(/(\d+) requests in/.exec(stdout)?.[1]) / ((await secondsOf(pid)) - before)
  if (!(rate > 0) || stdout.includes('Non-2xx or 3xx')) throw new Error(stdout)
  return rate
}

/** What a process has had of the processor, in all its threads. */
async function secondsOf(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`)
  const spent = tasks.map(async (task) =>
    Number((await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8')).split(' ')[0]),
  )
  return (await Promise.all(spent)).reduce((sum, one) => sum + one, 0) / 1e9
}

async function startNode(kind: string): Promise<Served> {
  const child = fork(fileURLToPath(new URL('serving-server.ts', import.meta.url)), [kind, directory])
  const [port] = (await once(child, 'message')) as [number]
  execFileSync('taskset', ['-a', '-c', '-p', '0', String(child.pid)])
  return { port, process: child }
}

async function startNginx(): Promise<Served> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path ${directory}/${one};`,
  )
  const hosted = { addresses: publicAddresses(`http://127.0.0.1:${port}/`), feeds: [{ id: 'all' }], moved: {} }
  const config = join(directory, 'nginx.conf')
  await writeFile(
    config,
    `pid ${directory}/pid; error_log stderr; worker_processes 1; user ${process.getuid?.() === 0 ? 'root' : 'nobody'};\n` +
      `events {} http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=1000;\n` +
      `${paths.join(' ')} server { listen 127.0.0.1:${port};\n${nginxConfig(hosted, directory)} } }`,
  )
  const child = spawn(
    'taskset',
    ['-c', '0', 'nginx', '-c', config, '-p', directory, '-g', 'daemon off; master_process off;'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/feeds/all/rss.xml`).catch(() => undefined)
    if (answer?.ok === true) return { port, process: child }
    if (child.exitCode !== null) throw new Error('nginx did not start')
  }
}

/** A feed of about that many bytes, with words that pack as prose does. */
function feedOf(bytes: number): string {
  const words = 'harbour ferry storm council pier lifeboat tide lamp market quay mole dredger gull letter school'.split(
    ' ',
  )
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return `${words[state % words.length] ?? ''}${state % 7 === 0 ? state : ''}`
  }
  const items: string[] = []
  for (let size = 0; size < bytes;) {
    const body = Array.from({ length: 400 }, next).join(' ')
    const item = `<item><title>${next()} ${next()}</title><description>${body}</description></item>`
    items.push(item)
    size += item.length
  }
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>${items.join('')}</channel></rss>`
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? NaN
}
