import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { examine, type Answer, type DoctorNeeds, type Finding } from '../../src/commands/doctor.ts'
import { readConfig } from '../../src/config.ts'
import { Failure } from '../../src/failures.ts'
import { openDatabase } from '../../src/store/database.ts'
import { MIGRATIONS } from '../../src/store/migrate.ts'
import { scripted, type Script } from '../mail/server.ts'
import { at, silent } from '../press.ts'
import { broadsheet } from '../run.ts'
import { noteTopics, pingFailed } from '../../src/store/hub-topics.ts'
import { keepMemory } from '../../src/store/sightings.ts'
import { sourceCollected } from '../../src/store/sources.ts'
import { copySample, type Sample } from '../sample.ts'

const healthy = JSON.stringify({ status: 'ok', database: 'ok', sources: [] })

describe('commands/doctor', function () {
  // Each command is a process of its own.
  this.timeout(60_000)
  let paper: Sample
  const closing: (() => Promise<void>)[] = []

  beforeEach(async () => {
    paper = await copySample()
  })

  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
    await paper.remove()
  })

  const serve = async (script: Script = {}) => {
    const server = await scripted(script)
    closing.push(() => server.close())
    return server
  }
  const look = async (
    answer: Answer | Error = { status: 200, body: healthy, date: at(0) },
    changes: Partial<DoctorNeeds> = {},
  ) => {
    const findings = await examine(await readConfig(paper.configFile, {}), {
      log: silent,
      now: () => at(0),
      ask: async () => {
        if (answer instanceof Error) throw answer
        return answer
      },
      timeouts: { openMs: 500, replyMs: 500, messageMs: 500 },
      ...changes,
    })
    return (check: string): Finding =>
      findings.find((finding) => finding.check === check) ?? assert.fail(`${check} was not looked at`)
  }
  const makeDatabase = async (migrations = MIGRATIONS) =>
    (await openDatabase(join(paper.root, 'var', 'broadsheet.db'), migrations)).close()
  const addServers = async (...urls: string[]) => {
    const lines = urls.map((url, index) => `    - { id: relay${index + 1}, url: "${url}" }`)
    await writeFile(
      paper.configFile,
      `${await readFile(paper.configFile, 'utf8')}\nmail:\n  transports:\n${lines.join('\n')}\n`,
    )
  }

  it('finds nothing wrong where nothing is wrong', async () => {
    await makeDatabase()
    const relay = await serve({ EHLO: '250-test\r\n250 AUTH PLAIN' })
    await addServers(`smtp://news:sesame@127.0.0.1:${relay.port}`)
    const finding = await look()
    for (const check of ['config', 'database', 'disk', 'mail relay1', 'address', 'clock', 'template digest']) {
      const { state, next } = finding(check)
      // The disk of whoever runs the tests may be nearly full.
      if (check !== 'disk') assert.deepEqual([check, state, next], [check, 'ok', undefined])
    }
    assert.match(finding('mail relay1').says, /127\.0\.0\.1:\d+ answers, not encrypted, logged in/)
  })

  it('logs in to each mail server, sends nothing, and shows the words of one that does not let it in', async () => {
    const good = await serve()
    const bad = await serve({ EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 bad credentials' })
    await addServers(`smtp://127.0.0.1:${good.port}`, `smtp://news:sesame@127.0.0.1:${bad.port}`, 'smtp://127.0.0.1:1')
    const finding = await look()
    assert.equal(finding('mail relay1').state, 'ok')
    assert.deepEqual(
      good.seen.map((line) => line.split(' ')[0]),
      ['EHLO', 'QUIT'],
    )
    assert.equal(finding('mail relay2').state, 'fail')
    assert.match(finding('mail relay2').says, /logging in[^]*535 5\.7\.8 bad credentials/)
    assert.ok(!bad.seen.some((line) => line.startsWith('MAIL')))
    assert.equal(finding('mail relay3').state, 'fail')
    assert.match(finding('mail relay3').says, /ECONNREFUSED/)
    assert.ok(finding('mail relay3').next)
  })

  it('warns that the built-in mailbox reaches no reader', async () => {
    const { state, next } = (await look())('mail')
    assert.equal(state, 'warn')
    assert.match(next ?? '', /mail\.transports/)
  })

  it('tells a missing database, an old one and a damaged one apart, and changes none', async () => {
    assert.equal((await look())('database').state, 'warn')
    const [first] = Object.entries(MIGRATIONS)
    await makeDatabase(Object.fromEntries([first!]))
    const old = (await look())('database')
    assert.equal(old.state, 'warn')
    assert.match(old.says, /0002-world/)
    assert.match(old.next ?? '', /broadsheet migrate/)
    const path = join(paper.root, 'var', 'broadsheet.db')
    await makeDatabase()
    const bytes = await readFile(path)
    bytes.fill(0xee, 4096 * 3, 4096 * 5)
    await writeFile(path, bytes)
    const damaged = (await look())('database')
    assert.equal(damaged.state, 'fail')
    assert.deepEqual(await readFile(path), bytes)
    await writeFile(path, 'this is no database at all, but long enough to be taken for one'.repeat(100))
    assert.equal((await look())('database').state, 'fail')
  })

  it('says when nothing, or something else, answers where the links in mails lead', async () => {
    const refused = await look(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }))
    assert.equal(refused('address').state, 'fail')
    assert.match(refused('address').says, /ECONNREFUSED/)
    assert.equal(refused('clock').state, 'ok')
    for (const body of ['<h1>Welcome to nginx</h1>', '{}', 'null', '']) {
      assert.equal((await look({ status: 404, body }))('address').state, 'fail', body)
    }
    // A Broadsheet whose database fails is one all the same.
    const failing = JSON.stringify({ status: 'down', database: 'failed', sources: [] })
    assert.equal((await look({ status: 503, body: failing }))('address').state, 'ok')
  })

  it('compares the clock with the one at server.url', async () => {
    const clock = async (seconds: number) =>
      (await look({ status: 200, body: healthy, date: new Date(at(0).getTime() + seconds * 1000) }))('clock')
    assert.deepEqual([(await clock(2)).state, (await clock(-29)).state], ['ok', 'ok'])
    assert.deepEqual([(await clock(60)).state, (await clock(-60)).state], ['warn', 'warn'])
    const off = await clock(3600)
    assert.equal(off.state, 'fail')
    assert.match(off.says, /3600 seconds behind/)
    assert.match((await clock(-400)).says, /400 seconds ahead/)
    assert.match((await look({ status: 200, body: healthy }))('clock').says, /not compared/)
  })

  it('renders each template, and shows what is wrong with one', async () => {
    await mkdir(join(paper.root, 'templates', 'mail'), { recursive: true })
    await writeFile(join(paper.root, 'templates', 'mail', 'digest.txt'), '{{ articles | no_such_filter }}')
    const broken = (await look())('template digest')
    assert.equal(broken.state, 'fail')
    assert.match(broken.says, /no_such_filter/)
    await writeFile(join(paper.root, 'templates', 'mail', 'digest.txt'), 'No address, and no way out.')
    assert.equal((await look())('template digest').state, 'fail')
  })

  it('says of each source how its last collection ended, and what is odd about it', async () => {
    const store = await openDatabase(join(paper.root, 'var', 'broadsheet.db'))
    const [{ id } = { id: '' }] = (await readConfig(paper.configFile, {})).sources
    await sourceCollected(store.db, id, at(0))
    assert.deepEqual((await look())('sources').state, 'ok')
    const notice = { failure: new Failure('source.repaired', { was: 'li.old', now: 'li.new' }).toJSON(), since: at(0) }
    await keepMemory(store.db, id, { notice })
    const odd = (await look())(`source ${id}`)
    assert.equal(odd.state, 'warn')
    assert.match(odd.says, /was: li\.old; now: li\.new/)
    await sourceCollected(store.db, id, at(0), new Failure('source.changed').toJSON())
    const gone = (await look())(`source ${id}`)
    await store.close()
    assert.equal(gone.state, 'fail')
    assert.match(gone.says, /its list of articles is gone/)
  })

  it('says whether the hub takes what it is told', async () => {
    const yaml = await readFile(paper.configFile, 'utf8')
    await writeFile(paper.configFile, `${yaml}\npublish: { hub: "https://hub.example/" }\n`)
    const store = await openDatabase(join(paper.root, 'var', 'broadsheet.db'))
    await noteTopics(store.db, [{ topic: 't', hash: 'h' }], { now: at(0), isPinged: true })
    assert.equal((await look())('hub').state, 'ok')
    const failure = new Failure('hub.ping', { hub: 'hub.example', status: 403 }).toJSON()
    await pingFailed(store.db, 't', { now: at(1), again: at(9), failure })
    const failing = (await look())('hub')
    await store.close()
    assert.equal(failing.state, 'fail')
    assert.match(failing.says, /hub: hub\.example; status: 403; 1 file since /)
    await writeFile(paper.configFile, `${yaml}\npublish: { hub: own }\n`)
    assert.match((await look())('hub').says, /^our own, at http.*\/hub$/)
  })

  it('exits with 1 when something fails, as lines or as JSON', async () => {
    await addServers('smtp://127.0.0.1:1')
    await writeFile(
      paper.configFile,
      (await readFile(paper.configFile, 'utf8')).replace(/(server:\n\s+url: )\S+/, '$1http://127.0.0.1:1/'),
    )
    const lines = await broadsheet(paper.root, 'doctor')
    assert.equal(lines.exit, 1, lines.stderr)
    assert.match(lines.stdout, /^fail +mail relay1 +[^]*→ /m)
    assert.match(lines.stdout, /^ok +config/m)
    const json = await broadsheet(paper.root, '--json', 'doctor')
    assert.equal(json.exit, 1)
    const { findings } = JSON.parse(json.stdout) as { findings: Finding[] }
    assert.ok(findings.some(({ check, state }) => check === 'address' && state === 'fail'))
  })

  it('has one finding when the config itself is wrong', async () => {
    await writeFile(paper.configFile, 'site: {}\n')
    const ended = await broadsheet(paper.root, '--json', 'doctor')
    assert.equal(ended.exit, 1)
    const { findings } = JSON.parse(ended.stdout) as { findings: Finding[] }
    assert.deepEqual(
      findings.map(({ check, state }) => [check, state]),
      [['config', 'fail']],
    )
    assert.match(findings[0]?.says ?? '', /site\.title/)
  })
})
