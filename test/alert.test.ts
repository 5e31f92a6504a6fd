import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { simpleParser } from 'mailparser'
import pino from 'pino'
import { tell, tellBrokenRun, type AlertNeeds, type Doing } from '../src/alert.ts'
import { type ToldFailure } from '../src/alerts/summary.ts'
import { Failure } from '../src/failures.ts'
import { listMails, openMailbox } from '../src/mail/mailbox.ts'
import { type Transport } from '../src/contracts.ts'
import { openDatabase, type Store } from '../src/store/database.ts'
import { addEdition, setEditionState } from '../src/store/editions.ts'
import { takeLease } from '../src/store/leases.ts'
import { sourceCollected } from '../src/store/sources.ts'
import { finishTick, startTick } from '../src/store/ticks.ts'
import { openListener, type Listener } from './alerts/listener.ts'
import { at, daily, edition, site } from './press.ts'

const noTransport: Transport = {
  id: 'smtp',
  send: () => Promise.resolve({ kind: 'later', reply: 'connect ECONNREFUSED' }),
  close: () => Promise.resolve(),
}

const timeout = new Failure('http.timeout', { url: 'https://gazette.example/' }).toJSON()

const collected: Doing = { verb: 'collect', ids: ['main'], faults: [], held: [] }

const heldFeed: Doing = {
  verb: 'publish',
  ids: ['all'],
  faults: [],
  held: [new Failure('feed.invalid', { feed: 'all', reason: 'no title' }).toJSON()],
}

describe('alert', () => {
  let root: string
  let store: Store
  let hook: Listener
  let heart: Listener
  let clock: Date
  let logged: Record<string, unknown>[]
  let needs: AlertNeeds

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'broadsheet-alert-'))
    store = await openDatabase(':memory:')
    hook = await openListener()
    heart = await openListener()
    clock = at(0)
    logged = []
    needs = {
      config: {
        root,
        site,
        alerts: { mail: 'desk@gazette.example', webhook: hook.url, heartbeat: heart.url },
        sources: [{ id: 'main' }],
        feeds: [{ id: 'all' }],
        newsletters: [daily],
      },
      db: store.db,
      transport: openMailbox(join(root, 'var', 'mail')),
      now: () => clock,
      log: pino({ level: 'debug' }, { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) }),
      worker: 'me',
      wait: () => Promise.resolve(),
    }
  })
  afterEach(async () => {
    await hook.close()
    await heart.close()
    await store.close()
    await rm(root, { recursive: true })
  })

  const posted = () =>
    hook.heard.map(({ body }) =>
      (JSON.parse(body) as { failures: ToldFailure[] }).failures.map(({ key, state }) => `${state} ${key}`),
    )

  async function mailed() {
    const folder = join(root, 'var', 'mail')
    const mails = (await listMails(folder)).toReversed()
    return Promise.all(mails.map(async ({ id }) => simpleParser(await readFile(join(folder, `${id}.eml`)))))
  }

  const fail = async (minutes: number) => {
    clock = at(minutes)
    await sourceCollected(needs.db, 'main', clock, timeout)
    await tell(needs, [collected])
  }

  it('tells of a source at its third failure in a row, once, and once when it works again', async () => {
    for (const minutes of [0, 30]) await fail(minutes)
    assert.deepEqual(posted(), [])
    for (const minutes of [60, 90, 120]) await fail(minutes)
    assert.deepEqual(posted(), [['new source:main']])
    clock = at(150)
    await sourceCollected(needs.db, 'main', clock)
    await tell(needs, [collected])
    await tell(needs, [collected])
    assert.deepEqual(posted(), [['new source:main'], ['over source:main']])
    const mails = await mailed()
    assert.deepEqual(
      mails.map(({ subject }) => subject),
      [
        '[The Harbour Gazette] source main: the site did not answer in time',
        '[The Harbour Gazette] over: source main: the site did not answer in time',
      ],
    )
    const [mail] = mails
    assert.equal(mail?.from?.text, '"The Harbour Gazette" <daily@news.gazette.example>')
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated')
    assert.equal(mail.headers.has('list-unsubscribe'), false)
    assert.equal(mail.html, false)
    assert.match(mail.text ?? '', /failures: 3\n {4}lastRead: never/)
  })

  it('tells of a source that has not been read for a day, however few the attempts', async () => {
    await sourceCollected(needs.db, 'main', at(0))
    await fail(60)
    assert.deepEqual(posted(), [])
    await fail(25 * 60)
    assert.deepEqual(posted(), [['new source:main']])
  })

  it('tells again after a day while it lasts', async () => {
    for (const minutes of [0, 1, 2, 600, 24 * 60 + 2, 30 * 60]) await fail(minutes)
    assert.deepEqual(posted(), [['new source:main'], ['still source:main']])
  })

  it('sums up all that is new in a run', async () => {
    for (const minutes of [0, 30]) await fail(minutes)
    clock = at(60)
    await sourceCollected(needs.db, 'main', clock, timeout)
    const lost = new Failure('mail.uncertain', { newsletter: 'daily', edition: 'e1' }).toJSON()
    await tell(needs, [collected, heldFeed, { verb: 'deliver', faults: [lost, lost, lost], held: [] }])
    assert.equal(posted().length, 1)
    assert.deepEqual(posted()[0]?.toSorted(), [
      'new deliver mail.uncertain newsletter=daily edition=e1',
      'new publish:all feed.invalid feed=all',
      'new source:main',
    ])
    assert.equal((await mailed()).length, 1)
    assert.match(hook.heard[0]?.body ?? '', /"messages":3/)
  })

  it('tells of an edition that waits for an editor until it waits no more, whoever said so', async () => {
    const heldFor = new Failure('edition.unusual', { articles: 500 }).toJSON()
    await addEdition(needs.db, edition({ state: 'draft', heldFor }))
    const held = [new Failure('edition.unusual', { newsletter: 'daily', articles: 500 }).toJSON()]
    await tell(needs, [{ verb: 'compose', faults: [], held }])
    clock = at(10)
    await tell(needs, [{ verb: 'compose', faults: [], held: [] }])
    assert.deepEqual(posted(), [['new edition:edition1']])
    await setEditionState(needs.db, 'edition1', 'ready')
    clock = at(20)
    await tell(needs, [])
    assert.deepEqual(posted(), [['new edition:edition1'], ['over edition:edition1']])
  })

  it('calls nothing over that was not tried again', async () => {
    await tell(needs, [heldFeed])
    clock = at(5)
    await tell(needs, [collected])
    await tell(needs, [{ ...heldFeed, ids: ['sport'], held: [] }])
    assert.deepEqual(posted(), [['new publish:all feed.invalid feed=all']])
    await tell(needs, [{ ...heldFeed, held: [] }])
    assert.deepEqual(posted()[1], ['over publish:all feed.invalid feed=all'])
  })

  it('remembers over a restart, because the store does', async () => {
    await tell(needs, [heldFeed])
    await tell({ ...needs, worker: 'another process' }, [heldFeed])
    assert.equal(posted().length, 1)
  })

  it('uses the webhook when no mail goes out', async () => {
    await tell({ ...needs, transport: noTransport }, [heldFeed])
    clock = at(5)
    await tell({ ...needs, transport: noTransport }, [heldFeed])
    assert.equal(posted().length, 1)
    assert(logged.some(({ failure }) => (failure as { code?: string } | undefined)?.code === 'alert.mail'))
  })

  it('uses the mail when the webhook does not answer', async () => {
    hook.answers.push(500, 500, 500)
    await tell(needs, [heldFeed])
    assert.equal((await mailed()).length, 1)
    clock = at(5)
    await tell(needs, [heldFeed])
    assert.equal(hook.heard.length, 3)
  })

  it('tells next time what no channel took, and has it in the log meanwhile', async () => {
    hook.answers.push(500, 500, 500)
    await tell({ ...needs, transport: noTransport }, [heldFeed])
    const lines = logged.filter(({ alert }) => alert === 'publish:all feed.invalid feed=all')
    assert.deepEqual(
      lines.map(({ level }) => level),
      [40],
    )
    clock = at(5)
    await tell({ ...needs, transport: noTransport }, [collected])
    assert.deepEqual(posted().at(-1), ['new publish:all feed.invalid feed=all'])
    assert.equal(hook.heard.length, 4)
    clock = at(10)
    await tell(needs, [heldFeed])
    assert.equal(hook.heard.length, 4)
  })

  it('takes the log for a channel where there is no other', async () => {
    const quiet = { ...needs, config: { ...needs.config, alerts: {} } }
    await tell(quiet, [heldFeed])
    await tell(quiet, [heldFeed])
    assert.equal(logged.filter(({ state }) => state === 'new').length, 1)
  })

  it('tells once when two runs end at the same moment, and leaves it to another process that is at it', async () => {
    await Promise.all([tell(needs, [heldFeed]), tell(needs, [heldFeed]), tell(needs, [collected])])
    assert.equal(posted().length, 1)
    await takeLease(needs.db, { name: 'alerts', holder: 'another' }, clock, 5 * 60_000)
    clock = at(1)
    await tell(needs, [{ ...heldFeed, held: [] }])
    assert.equal(posted().length, 1)
    clock = at(6)
    await tell(needs, [collected])
    assert.deepEqual(posted()[1], ['over publish:all feed.invalid feed=all'])
  })

  it('gives a sign of life after a good run and none after a failed one', async () => {
    await sourceCollected(needs.db, 'main', clock)
    await tell(needs, [collected])
    assert.equal(heart.heard.length, 1)
    await fail(1)
    await tell(needs, [{ verb: 'compose', faults: [new Failure('edition.failed').toJSON()], held: [] }])
    assert.equal(heart.heard.length, 1)
    await tell(needs, [{ verb: 'deliver', faults: [], held: [] }])
    assert.equal(heart.heard.length, 1, 'no source at all can be read')
    const two = { ...needs, config: { ...needs.config, sources: [{ id: 'main' }, { id: 'wire' }] } }
    await sourceCollected(needs.db, 'wire', clock)
    await tell(two, [{ verb: 'deliver', faults: [], held: [] }])
    assert.equal(heart.heard.length, 2, 'this run had nothing to do with the source that failed')
    await sourceCollected(needs.db, 'main', clock)
    await startTick(needs.db, 'compose:daily', clock, clock)
    await tell(needs, [collected])
    assert.equal(heart.heard.length, 3, 'it is at work')
    await finishTick(needs.db, 'compose:daily', clock, clock, false)
    await tell(needs, [collected])
    assert.equal(heart.heard.length, 3, 'it failed, and was not tried again')
    await finishTick(needs.db, 'compose:daily', clock, clock, true)
    heart.answers.push(500)
    await tell(needs, [collected])
    assert(logged.some(({ level, msg }) => level === 40 && msg === 'no sign of life was given'))
  })

  it('tells once a day of a database that remembers nothing, without it, and when it is back', async () => {
    const { db } = needs
    await tell(needs, [collected])
    heart.heard.length = 0
    const closed = await openDatabase(':memory:')
    await closed.close()
    const broken = { ...needs, db: closed.db }
    await tell(broken, [heldFeed])
    clock = at(60)
    await tell(broken, [heldFeed])
    assert.deepEqual(posted(), [['new database', 'new publish:all feed.invalid feed=all']])
    assert.equal(heart.heard.length, 0)
    clock = at(25 * 60)
    await tell(broken, [heldFeed])
    assert.equal(posted().length, 2)
    await tell({ ...needs, db }, [collected])
    assert.deepEqual(posted()[2], ['over database'])
    await tell({ ...needs, db }, [collected])
    assert.equal(posted().length, 3)
  })

  it('calls a mail server that rests no better before it took a message again', async () => {
    const down = new Failure('mail.transport', { transport: 'primary', reply: '421 go away' }).toJSON()
    let standing = [down]
    const transport = { ...needs.transport!, standing: () => standing }
    await tell({ ...needs, transport }, [{ verb: 'deliver', faults: [down], held: [] }])
    clock = at(5)
    await tell({ ...needs, transport }, [{ verb: 'deliver', faults: [], held: [] }])
    assert.equal(posted().length, 1)
    standing = []
    await tell({ ...needs, transport }, [{ verb: 'deliver', faults: [], held: [] }])
    assert.deepEqual(posted()[1], ['over deliver mail.transport transport=primary'])
  })

  it('tells of a run that broke off, until the next one', async () => {
    await tellBrokenRun(needs, new Error('no such table: tick'))
    assert.equal(heart.heard.length, 0)
    clock = at(5)
    await tell(needs, [{ ...collected, isIdle: true }])
    assert.deepEqual(posted(), [['new run job.failed'], ['over run job.failed']])
  })

  it('waits for nothing once it is to stop, and tells it next time', async () => {
    hook.answers.push(0)
    const stop = new AbortController()
    const telling = tell({ ...needs, transport: noTransport }, [heldFeed], { stop: stop.signal })
    while (hook.heard.length === 0) await turn()
    stop.abort()
    await telling
    clock = at(5)
    await tell(needs, [heldFeed])
    assert.deepEqual(posted().at(-1), ['new publish:all feed.invalid feed=all'])
  })
})
