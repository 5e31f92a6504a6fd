import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSender } from '../../src/http/send.ts'
import { webOf } from '../../src/commands/shifts.ts'
import { runDue } from '../../src/jobs/run-due.ts'
import { openFollower, type Follower } from '../hub/followers.ts'
import { broadsheet } from '../run.ts'
import { repository } from '../sample.ts'
import { openPaper, smallConfig, type Paper } from './paper.ts'

const files = ['rss.xml', 'atom.xml', 'feed.json']

describe('jobs: announce', () => {
  let paper: Paper
  let other: Follower
  const open = async (hub: string) => {
    const config = `${smallConfig}publish: { hub: "${hub}" }\nfetch: { allow: ["${other.host}"] }\n`
    // Nothing but the feeds, and only when the test says so.
    paper = await openPaper('2026-03-04T06:00:00Z', config.replace(/newsletters:[^]*?(?=publish:)/, ''))
  }
  afterEach(async () => {
    await paper.close()
    await other.close()
  })

  it('takes a subscription over the web, and sends the feed when an article comes', async () => {
    other = await openFollower()
    await open('own')
    await runDue(paper.needs)
    const [topic, hub] = ['https://news.gazette.example/feeds/all/atom.xml', 'https://news.gazette.example/hub']
    const web = webOf(paper.app)
    const body = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.callback': other.url,
      'hub.secret': 'quay',
    })
    assert.equal((await web.fetch(new Request(hub, { method: 'POST', body }))).status, 202)
    await runDue(paper.needs, { verbs: ['announce'] })
    await paper.write('articles/ferry.md')
    paper.clock.now = new Date('2026-03-04T06:30:00Z')
    const round = await runDue(paper.needs)
    assert.deepEqual(
      round.announce.map((ending) => ending.state === 'done' && ending.result.sent),
      [1],
    )
    const [news, ...more] = other.news()
    assert.deepEqual(more, [])
    const bytes = await readFile(join(paper.root, 'feeds/all/atom.xml'))
    assert.match(bytes.toString(), /The story of articles/)
    assert(news)
    assert.deepEqual(news.body, bytes)
    const mac = createHmac('sha256', 'quay').update(bytes).digest('hex')
    assert.equal(news.headers['x-hub-signature'], `sha256=${mac}`)
    assert.deepEqual((await runDue(paper.needs)).announce, [], 'no lease is taken for nothing')

    // Whoever reads any of the files finds the hub, and the name of the file.
    for (const file of files) {
      const response = await web.fetch(new Request(`https://news.gazette.example/feeds/all/${file}`))
      assert.equal(
        response.headers.get('link'),
        `<${hub}>; rel="hub", <${topic.replace('atom.xml', file)}>; rel="self"`,
      )
    }
    const [rss = '', atom = '', json = ''] = await Promise.all(
      files.map((file) => readFile(join(paper.root, 'feeds/all', file), 'utf8')),
    )
    assert.match(rss, /<atom:link [^>]*rel="hub" href="https:\/\/news\.gazette\.example\/hub"/)
    assert.match(atom, /<link rel="hub" href="https:\/\/news\.gazette\.example\/hub"/)
    assert.deepEqual((JSON.parse(json) as { hubs: unknown }).hubs, [{ type: 'WebSub', url: hub }])
    assert.doesNotMatch(await readFile(join(paper.root, 'feeds/all/archive/1.atom.xml'), 'utf8'), /rel="hub"/)
  })

  it('tells the hub of every file once, where two processes are at it', async function () {
    this.timeout(60_000)
    other = await openFollower()
    await open(`http://${other.host}/`)
    await paper.write('articles/ferry.md')
    await runDue(paper.needs, { verbs: ['collect', 'publish'] })
    const both = await Promise.all([broadsheet(paper.root, 'run'), broadsheet(paper.root, 'run')])
    assert.deepEqual(
      both.map(({ exit }) => exit),
      [0, 0],
      both.map(({ stderr }) => stderr).join(),
    )
    const told = other.heard.map(({ fields }) => fields.get('hub.url') ?? '')
    const expected = ['all', 'old'].flatMap((id) =>
      files.map((file) => `https://news.gazette.example/feeds/${id}/${file}`),
    )
    assert.deepEqual(told.toSorted(), expected.toSorted())
  })

  it('forgets nothing when it is killed over it', async function () {
    this.timeout(60_000)
    let kill: (() => void) | undefined
    const taken: string[] = []
    other = await openFollower(({ fields }, response) => {
      if (kill) {
        kill()
        return true
      }
      taken.push(fields.get('hub.url') ?? '')
      return !!response.writeHead(204).end()
    })
    await open(`http://${other.host}/`)
    await paper.write('articles/ferry.md')
    const child = spawn(process.execPath, [join(repository, 'bin', 'broadsheet.js'), 'run'], {
      cwd: paper.root,
      stdio: 'ignore',
    })
    kill = () => child.kill('SIGKILL')
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    assert.equal(signal, 'SIGKILL')
    kill = undefined
    // The lease of the process that died runs out in a minute.
    const now = new Date(new Date().getTime() + 2 * 60_000)
    const sender = openSender({ userAgent: 'Broadsheet', allow: [other.host], now: () => now })
    await runDue({ ...paper.needs, now: () => now, send: sender.send }, { verbs: ['announce'] })
    await sender.close()
    assert.deepEqual(taken.length, 6)
    assert.deepEqual(new Set(taken).size, 6)
  })
})
