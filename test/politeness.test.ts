import assert from 'node:assert/strict'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { runDue } from '../src/jobs/run-due.ts'
import { parseHere } from '../src/parse-here.ts'
import { listSources } from '../src/store/sources.ts'
import { openMemory } from '../src/store/validators.ts'
import { closeAll, fakeClock, openSite, openTestFetcher } from './http/site.ts'
import { openPaper } from './jobs/paper.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 2, 2)
const GAP_MS = 1_000

/** One request that the origin had. */
interface Asked {
  path: string
  host: string
  at: number
  isConditional: boolean
  status: number
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string
  /** It must not be asked again before. */
  notBefore?: number
}

const feed = (version: number, head = '') =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${head}${Array.from(
    { length: 5 },
    (_, at) =>
      `<item><title>Story ${version - at}</title><link>/story/${version - at}</link><description>What happened in the harbour at ${version - at}, as far as it is known.</description></item>`,
  ).join('')}</channel></rss>`

/** A site with a version that moves every so often, and says so by an ETag. */
const versioned =
  (everyMs: number, more: Record<string, string> = {}, head = '', floorMs = 0) =>
  (now: number, request: IncomingMessage): Answer => {
    const version = 100 + Math.floor((now - START) / everyMs)
    const headers = { etag: `"${version}"`, ...more }
    const notBefore = now + floorMs
    return request.headers['if-none-match'] === headers.etag
      ? { status: 304, headers, notBefore }
      : { status: 200, headers, body: feed(version, head), notBefore }
  }

const PATHS: Record<string, (now: number, request: IncomingMessage) => Answer> = {
  '/busy.xml': versioned(2 * HOUR),
  '/quiet.xml': versioned(30 * DAY),
  '/max-age.xml': versioned(4 * HOUR, { 'cache-control': 'max-age=5400' }, '', 90 * MINUTE),
  '/ttl.xml': versioned(4 * HOUR, {}, '<ttl>120</ttl>', 2 * HOUR),
  '/period.xml': versioned(12 * HOUR, {}, '<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>', 6 * HOUR),
  // For three hours of each day it has too much to do.
  '/limited.xml': (now, request) =>
    now % DAY < 3 * HOUR
      ? { status: 429, headers: { 'retry-after': '7200' }, notBefore: now + 2 * HOUR }
      : versioned(2 * HOUR)(now, request),
  '/down.xml': (now, request) => {
    const until = new Date(Math.ceil((now + 1) / (5 * HOUR)) * 5 * HOUR)
    return Math.floor(now / (5 * HOUR)) % 3 === 0
      ? { status: 503, headers: { 'retry-after': until.toUTCString() }, notBefore: until.getTime() }
      : versioned(2 * HOUR)(now, request)
  },
  '/old.xml': () => ({ status: 301, headers: { location: '/new.xml' } }),
  '/new.xml': versioned(2 * HOUR),
  '/gone.xml': (now, request) =>
    now > START + 2 * DAY ? { status: 410, notBefore: Infinity } : versioned(2 * HOUR)(now, request),
  '/secret/feed.xml': () => ({ status: 200, body: feed(1) }),
  '/robots.txt': (now) => ({ status: 200, body: 'User-agent: *\nDisallow: /secret/', notBefore: now + DAY }),
} // prettier-ignore

/** Each on a host of its own; the first two are hosts of one domain. */
const HOSTS: Record<string, string> = {
  '/busy.xml': 'a.site.example', '/quiet.xml': 'b.site.example', '/max-age.xml': 'one.example', '/ttl.xml': 'two.example', '/period.xml': 'three.example',
  '/limited.xml': 'four.example', '/down.xml': 'five.example', '/old.xml': 'six.example', '/gone.xml': 'seven.example', '/secret/feed.xml': 'eight.example',
} // prettier-ignore

describe('politeness @slow', () => {
  afterEach(closeAll)

  it('in a week: nothing whole twice, nothing early, every answer obeyed', async function () {
    this.timeout(180_000)
    const clock = fakeClock(START)
    const asked: Asked[] = []
    const early: string[] = []
    const notBefore = new Map<string, number>()
    const busy = new Map<string, number>()
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const [path, at] = [request.url ?? '', clock.now().getTime()]
      const host = (request.headers.host ?? '').replace(/:.*/, '')
      const domain = host.split('.').slice(-2).join('.')
      busy.set(domain, (busy.get(domain) ?? 0) + 1)
      if ((busy.get(domain) ?? 0) > 1) early.push(`${host}${path} while another is read there`)
      const last = asked.findLast((one) => one.host.endsWith(domain))
      if (last !== undefined && at - last.at < GAP_MS) early.push(`${host}${path} ${at - last.at} ms after another`)
      if (at < (notBefore.get(host + path) ?? 0)) early.push(`${host}${path} at ${new Date(at).toISOString()}`)
      const { status, headers = {}, body, notBefore: until } = PATHS[path]?.(at, request) ?? { status: 404 }
      if (until !== undefined) notBefore.set(host + path, until)
      const isConditional = request.headers['if-none-match'] !== undefined
      asked.push({ path, host, at, isConditional, status })
      response.on('close', () => busy.set(domain, (busy.get(domain) ?? 1) - 1))
      response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body)
    }
    const site = await openSite(answer, true)
    const sources = Object.entries(HOSTS).map(
      ([path, host]) =>
        `  - { id: ${path.replace(/\W+/g, '-').replace(/^-|-xml$/g, '')}, kind: rss, url: "http://${host}:${site.port}${path}" }`,
    )
    const paper = await openPaper(
      new Date(START).toISOString(),
      `site: { title: Gazette, url: https://gazette.example/, timezone: UTC }\nsources:\n${sources.join('\n')}\nfeeds: [{ id: all, title: All }]\n`,
    )
    try {
      const { fetch } = openTestFetcher([site], {
        hosts: Object.values(HOSTS),
        clock,
        gapMs: GAP_MS,
        memory: openMemory(paper.app.db),
      })
      const needs = { ...paper.needs, fetch, parse: parseHere, now: clock.now }
      for (let tick = 0; tick < (7 * DAY) / (30 * MINUTE); tick += 1) {
        // Waiting moves the clock: each round begins at its half hour, or when the one before is over.
        clock.move(Math.max(0, START + tick * 30 * MINUTE - clock.now().getTime()))
        await runDue(needs, { verbs: ['collect'] })
      }

      assert.deepEqual(early, [])
      const of = (path: string) => asked.filter((one) => one.path === path)
      for (const path of Object.keys(PATHS)) {
        const whole = of(path).filter(({ isConditional, status }) => !isConditional && status === 200)
        if (path === '/robots.txt') continue
        assert.ok(whole.length <= 1, `${path} was asked for without a condition ${whole.length} times`)
      }
      assert.equal(of('/secret/feed.xml').length, 0)
      assert.equal(of('/old.xml').length, 3, 'a lasting move is believed the third time')
      assert.ok(of('/new.xml').length > 100, 'and what moved is read where it is')
      assert.equal(of('/gone.xml').filter(({ status }) => status === 410).length, 1)
      // What says nothing of itself is asked as its schedule says, or less often where nothing ever changes.
      assert.ok(of('/busy.xml').length > 300, `busy: ${of('/busy.xml').length}`)
      assert.ok(of('/quiet.xml').length < 150, `quiet: ${of('/quiet.xml').length}`)
      assert.ok(of('/quiet.xml').length > 28, 'but four times a day at least')
      for (const path of ['/max-age.xml', '/ttl.xml', '/period.xml', '/limited.xml', '/down.xml'])
        assert.ok(of(path).length > 20, `${path} was asked for ${of(path).length} times`)
      const states = new Map((await listSources(paper.app.db)).map((state) => [state.id, state]))
      assert.equal(states.get('gone')?.failure?.code, 'http.gone')
      assert.equal(states.get('secret-feed')?.failure?.code, 'http.robots')
      assert.equal(states.get('old')?.notice?.failure.code, 'source.moved')
    } finally {
      await paper.close()
    }
  })
})
