// Promise 3 through a real mail server, which counts by Message-ID: killed children, and every mail there at most once.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deliver } from '../src/deliver.ts'
import { openDatabase } from '../src/store/database.ts'
import { scripted, taking, type Taking } from './mail/server.ts'
import { addDueEdition, addresses, at, daily, openRelay, silent, site, type Errand } from './press.ts'

const script = fileURLToPath(new URL('press-child.ts', import.meta.url))
const readers = 9

describe('deliver through a mail server, killed @slow', function () {
  this.timeout(180_000)
  let root: string
  let prepared: string

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'broadsheet-smtp-crash-'))
    prepared = join(root, 'prepared.db')
    const store = await openDatabase(prepared)
    await addDueEdition(store.db, readers)
    await store.close()
  })

  after(() => rm(root, { recursive: true, force: true }))

  /** Delivers in a child; gives the signal that ended it. `started` is told how to kill it. */
  async function run(name: string, smtp: number, kill?: Errand['kill'], started?: (kill: () => void) => void) {
    const database = join(root, `${name}.db`)
    await copyFile(prepared, database)
    const errand: Errand = {
      verb: 'deliver',
      database,
      mails: 'nowhere',
      smtp,
      counted: join(root, `${name}.log`),
      worker: 'child',
      now: at(0).toISOString(),
      ...(kill && { kill }),
    }
    const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') }
    const child = spawn(process.execPath, [script, JSON.stringify(errand)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    started?.(() => child.kill('SIGKILL'))
    const [exit, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return { database, exit, signal, statements: signal === null ? (JSON.parse(stdout) as string[]).length : 0 }
  }

  /** An hour later another process delivers the rest. Nobody has two, and whoever has none is accounted for. */
  async function recover(database: string, relay: Taking): Promise<number> {
    const store = await openDatabase(database)
    const transport = openRelay(relay.port)
    const needs = { db: store.db, site, addresses, newsletters: [daily], transport, log: silent, worker: 'parent' }
    const result = await deliver({ ...needs, now: () => at(60) })
    await transport.close()
    const rows = await store.db.selectFrom('delivery').select(['id', 'state']).execute()
    await store.close()

    assert.equal(new Set(relay.ids).size, relay.ids.length, 'somebody was mailed twice')
    const uncertain = rows.filter(({ state }) => state === 'uncertain')
    const submitted = rows.filter(({ state }) => state === 'submitted')
    assert.equal(submitted.length + uncertain.length, readers, 'somebody was forgotten')
    for (const { id } of submitted) assert.ok(relay.ids.includes(`<${id}@news.gazette.example>`), `${id} never came`)
    assert.ok(uncertain.length <= 4, 'more than there are connections')
    assert.equal(result.faults.filter(({ code }) => code === 'mail.uncertain').length, uncertain.length)
    return uncertain.length
  }

  it('mails nobody twice and forgets nobody, before and after whichever statement the process dies', async () => {
    const relay = await taking()
    const whole = await run('whole', relay.port)
    assert.equal(whole.exit, 0)
    assert.equal(await recover(whole.database, relay), 0)
    await relay.close()
    let killed = 0
    for (let number = 0; number < whole.statements; number += 4) {
      const each = await taking()
      const instant = (number / 4) % 2 === 0 ? 'before' : 'after'
      const { database, signal } = await run(`${instant}${number}`, each.port, { instant, number })
      if (signal === 'SIGKILL') killed += 1
      await recover(database, each)
      await each.close()
    }
    assert.ok(killed >= Math.floor(whole.statements / 4) - 2, `${killed} were killed`)
  })

  it('mails nobody twice and forgets nobody when the process dies while a server has the message in its hands', async () => {
    for (const dies of ['before the answer', 'after it'] as const) {
      for (const number of [1, 5, 9]) {
        let kill: () => void = () => undefined
        let count = 0
        const relay: Taking = await taking({
          onData(stream, _session, done) {
            const pieces: Buffer[] = []
            stream.on('data', (piece: Buffer) => pieces.push(piece))
            stream.on('end', () => {
              relay.ids.push(/^Message-ID: (\S+)/im.exec(Buffer.concat(pieces).toString('latin1'))?.[1] ?? '')
              count += 1
              if (count === number && dies === 'before the answer') kill()
              done()
              if (count === number && dies === 'after it') kill()
            })
          },
        })
        const name = `${dies.replaceAll(' ', '-')}-${number}`
        const { database, signal } = await run(name, relay.port, undefined, (now) => (kill = now))
        if (dies === 'before the answer') assert.equal(signal, 'SIGKILL')
        await recover(database, relay)
        await relay.close()
      }
    }
  })

  it('has what a dead process left behind sent by the next, through a server that was down meanwhile', async () => {
    const down = await scripted({ greeting: '421 4.3.2 busy' })
    const { database, exit } = await run('down', down.port)
    assert.equal(exit, 0)
    await down.close()
    const relay = await taking()
    assert.equal(await recover(database, relay), 0)
    assert.equal(relay.ids.length, readers)
    await relay.close()
  })
})
