import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openDatabase } from '../src/store/database.ts'
import { takeLease } from '../src/store/leases.ts'
import { readTick, wantTick } from '../src/store/ticks.ts'
import { addFiles, makeFolder } from './folders.ts'
import { repository } from './sample.ts'

const launcher = join(repository, 'bin', 'broadsheet.js')

const config = `
site:
  title: The Harbour Gazette
  url: https://gazette.example/
  editor: { name: The Editors, email: editor@gazette.example }
  address: 1 Quay Street
server: { url: https://news.gazette.example/, listen: 127.0.0.1:0 }
sources:
  - { id: desk, kind: folder, path: articles }
feeds:
  - { id: all, title: All }
newsletters:
  - { id: daily, title: Daily, from: daily@gazette.example, first: now }
`

const ferry =
  '---\ntitle: The ferry is late\n---\n\nThe morning ferry left the quay at nine, and nobody on it minded.\n'

/** One command as a process of its own, and what it has said so far. */
interface Running {
  child: ChildProcess
  stdout(): string
  stderr(): string
  /** Resolves once the output has it; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<[exit: number | null, signal: string | null]>
}

function broadsheet(root: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [launcher, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  const heard = () => listeners.forEach((listener) => listener())
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    heard()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard()
  })
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const listen = () => {
          const found = pattern.exec(stdout) ?? pattern.exec(stderr)
          if (found !== null) resolve(found)
        }
        listeners.add(listen)
        listen()
        void ended.then(() => reject(new Error(`ended before it said ${String(pattern)}: ${stdout}${stderr}`)))
      }),
  }
}

describe('serve and run, as processes', function () {
  this.timeout(60_000)
  let root: string
  let started: Running[]
  const start = (...args: string[]) => {
    const running = broadsheet(root, ...args)
    started.push(running)
    return running
  }
  const open = async (running: Running) => (await running.says(/The paper +(http:\S+)[\s\S]*Ctrl-C ends/))[1]!
  const mails = async () =>
    (await readdir(join(root, 'var', 'mail')).catch(() => [])).filter((name) => name.endsWith('.eml')).length
  const withDatabase = async <T>(work: (db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<T>) => {
    const store = await openDatabase(join(root, 'var', 'broadsheet.db'))
    try {
      return await work(store.db)
    } finally {
      await store.close()
    }
  }
  beforeEach(async () => {
    started = []
    root = await makeFolder({ 'broadsheet.yaml': config, 'articles/ferry.md': ferry })
  })
  afterEach(async () => {
    for (const { child } of started) child.kill('SIGKILL')
    await Promise.all(started.map(({ ended }) => ended))
    await rm(root, { recursive: true })
  })

  it('never do the work twice, however many start at the same moment', async () => {
    // The tables first: here it is the work that they meet over.
    await withDatabase(async () => undefined)
    const serving = [start('serve'), start('serve')]
    const runs = [start('run'), start('run')]
    for (const run of runs) assert.deepEqual(await run.ended, [0, null], run.stdout() + run.stderr())
    await Promise.all(serving.map(open))
    const last = start('run')
    assert.deepEqual(await last.ended, [0, null])
    assert.equal(await mails(), 1)
    for (const { child, ended } of serving) {
      child.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    }
    const rows = await withDatabase((db) => db.selectFrom('delivery').select('state').execute())
    assert.deepEqual(rows, [{ state: 'submitted' }])
  })

  it('say that another process is at it, and call it no fault', async () => {
    await withDatabase((db) => takeLease(db, { name: 'collect:desk', holder: 'another' }, new Date(), 60_000))
    const run = start('run')
    assert.deepEqual(await run.ended, [0, null])
    assert.match(run.stdout(), /collect +desk +another process is at it/)
    const alone = start('collect', 'desk', '--json')
    assert.deepEqual(await alone.ended, [0, null])
    assert.deepEqual((JSON.parse(alone.stdout()) as { busy: string[] }).busy, ['collect:desk'])
  })

  it('go on where a killed one stopped', async () => {
    const first = start('run')
    await first.says(/"msg":"(source collected|feed published|edition composed)"/)
    first.child.kill('SIGKILL')
    await first.ended
    // What it held runs out after a minute; here an operator's clock says that this has passed.
    await withDatabase((db) =>
      db
        .updateTable('lease')
        .set({ heldUntil: new Date(Date.now() - 1000).toISOString() })
        .execute(),
    )
    const next = start('run')
    assert.deepEqual(await next.ended, [0, null], next.stdout() + next.stderr())
    assert.equal(await mails(), 1)
  })

  it('run what fell due while it was not looking, within a minute @slow', async function () {
    this.timeout(100_000)
    const serving = start('serve')
    await open(serving)
    await addFiles(root, { 'articles/pier.md': ferry.replaceAll('ferry', 'pier') })
    await rm(join(root, 'feeds', 'all', 'rss.xml'))
    await withDatabase((db) => wantTick(db, 'publish:all', new Date()))
    await serving.says(/"feed":"all"[^\n]*\n[\s\S]*"feed":"all","articles":1,"written":\["rss.xml"\]/)
    serving.child.kill('SIGTERM')
    assert.deepEqual(await serving.ended, [0, null])
  })

  it('take over a changed config on SIGHUP without leaving the socket', async () => {
    const serving = start('serve')
    const address = await open(serving)
    await addFiles(root, { 'attic/pier.md': ferry.replaceAll('ferry', 'pier') })
    await writeFile(
      join(root, 'broadsheet.yaml'),
      config
        .replace('The Harbour Gazette', 'The Evening Gazette')
        .replace('feeds:', '  - { id: attic, kind: folder, path: attic }\nfeeds:')
        .replace('{ id: all, title: All }', '{ id: news, was: all, title: News }')
        .replace('listen: 127.0.0.1:0', 'listen: 127.0.0.1:1'),
    )
    serving.child.kill('SIGHUP')
    await serving.says(/"source":"attic","found":1,"added":1/)
    await serving.says(/another server.listen takes a restart/)
    await serving.says(/"feed":"news","articles":2/)
    assert.match(await (await fetch(address)).text(), /The Evening Gazette/)
    const moved = await fetch(new URL('feeds/all/rss.xml', address))
    assert.equal(moved.url, new URL('feeds/news/rss.xml', address).href)
    assert.match(await moved.text(), /The pier is late/)
    serving.child.kill('SIGTERM')
    assert.deepEqual(await serving.ended, [0, null])
    assert.equal(await mails(), 1)
  })

  it('keep the config that they have when the changed one is faulty, and say so', async () => {
    const serving = start('serve')
    const address = await open(serving)
    const health = async () => (await (await fetch(new URL('healthz', address))).json()) as { config: string }
    await writeFile(join(root, 'broadsheet.yaml'), config.replace('kind: folder', 'kind: foldr'))
    serving.child.kill('SIGHUP')
    await serving.says(/"path":"sources\[0\]\.kind"[\s\S]*the one before it still holds/)
    assert.equal((await health()).config, 'faulty')
    assert.match(await (await fetch(address)).text(), /The Harbour Gazette/)
    await writeFile(join(root, 'broadsheet.yaml'), config)
    serving.child.kill('SIGHUP')
    await serving.says(/the config is taken over/)
    assert.equal((await health()).config, 'ok')
    serving.child.kill('SIGTERM')
    assert.deepEqual(await serving.ended, [0, null])
  })

  it('end within ten seconds of SIGTERM, whatever hangs, and take it up again', async () => {
    // A site that takes requests and never answers.
    const asked = Promise.withResolvers<undefined>()
    const site = createServer(() => asked.resolve(undefined)).listen(0, '127.0.0.1')
    await once(site, 'listening')
    const host = `127.0.0.1:${(site.address() as AddressInfo).port}`
    try {
      await writeFile(
        join(root, 'broadsheet.yaml'),
        `${config.replace('feeds:', `  - { id: slow, kind: rss, url: "http://${host}/feed.xml" }\nfeeds:`)}fetch: { allow: ["${host}"] }\n`,
      )
      const serving = start('serve')
      await asked.promise
      serving.child.kill('SIGTERM')
      assert.deepEqual(await serving.ended, [0, null], serving.stderr())
      const { tick, leases } = await withDatabase(async (db) => ({
        tick: await readTick(db, 'collect:slow'),
        leases: await db.selectFrom('lease').selectAll().execute(),
      }))
      assert.equal(tick?.finishedAt, undefined)
      assert.deepEqual(leases, [])
    } finally {
      site.closeAllConnections()
      site.close()
    }
  })

  it('keep what vanished from the config, and say so', async () => {
    assert.deepEqual(await start('run').ended, [0, null])
    await addFiles(root, { 'attic/pier.md': ferry.replaceAll('ferry', 'pier') })
    await writeFile(
      join(root, 'broadsheet.yaml'),
      config
        .replace('id: desk, kind: folder, path: articles', 'id: attic, kind: folder, path: attic')
        .replace('id: daily, title: Daily', 'id: morning, was: daily, title: Morning'),
    )
    const check = start('check', '--json')
    assert.deepEqual(await check.ended, [0, null])
    assert.deepEqual((JSON.parse(check.stdout()) as { strangers: unknown }).strangers, [{ kind: 'source', id: 'desk' }])
    assert.deepEqual(await start('run').ended, [0, null])
    assert.match(await readFile(join(root, 'feeds', 'all', 'rss.xml'), 'utf8'), /ferry[\s\S]*pier|pier[\s\S]*ferry/)
    const list = start('subscribers', 'list')
    await list.ended
    assert.match(list.stdout(), /editor@gazette\.example +morning +active/)
    const serving = start('serve')
    await serving.says(/"source":"desk","msg":"source desk is no longer in the config; its articles are kept/)
  })
})
