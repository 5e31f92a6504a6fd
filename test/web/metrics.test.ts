import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { Failure } from '../../src/failures.ts'
import { readFigures } from '../../src/store/figures.ts'
import { sourceCollected } from '../../src/store/sources.ts'
import { finishTick, startTick } from '../../src/store/ticks.ts'
import { subscribe } from '../../src/store/subscribers.ts'
import { addArticle, now, openPaper, type Paper } from './paper.ts'

const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

/** The samples of an answer, by name with labels; every comment and name must have its right form. */
async function samplesOf(response: Response): Promise<Record<string, number>> {
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  const samples: Record<string, number> = {}
  for (const line of (await response.text()).split('\n').filter((each) => each !== '')) {
    if (/^# (HELP|TYPE) [a-z_0-9]+ /.test(line)) continue
    const [, name, value] = /^([a-z_0-9]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? []
    assert(name !== undefined && value !== undefined, line)
    samples[name] = Number(value)
  }
  return samples
}

/** So many deliveries of one edition in the ledger, by one statement. */
async function fillLedger({ needs: { db } }: Paper, count: number, state: string, dueAt: Date, id = 'e1') {
  await sql`insert into delivery (id, edition_id, subscriber_id, slice_id, state, attempts, due_at, changed_at)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
    select ${`${id}${state}`} || i, ${id}, ${state} || i, 's1', ${state}, 0, ${dueAt.toISOString()}, ${dueAt.toISOString()} from n`.execute(
    db,
  )
}

async function addEditionRow({ needs: { db } }: Paper, state: 'sending' | 'paused', id = 'e1') {
  const row = {
    id,
    newsletterId: 'daily',
    number: id === 'e1' ? 1 : 2,
    state,
    composedAt: now.toISOString(),
    sender: 'x',
    slices: '[]',
  }
  await db
    .insertInto('edition')
    .values({ ...row, articleIds: '[]', upTo: now.toISOString(), heldFor: null, doneAt: null })
    .execute()
}

describe('web/metrics', () => {
  let paper: Paper
  beforeEach(async () => (paper = await openPaper({ version: '1.2.3' })))
  afterEach(() => paper.close())

  it('tells how the sources, the ledger, the list and the jobs stand', async () => {
    const { db } = paper.needs
    await addArticle(paper, {})
    await sourceCollected(db, 'desk', minutesAgo(10))
    await sourceCollected(db, 'wire', now, new Failure('http.timeout').toJSON())
    await sourceCollected(db, 'wire', now, new Failure('http.timeout').toJSON())
    await addEditionRow(paper, 'sending')
    await addEditionRow(paper, 'paused', 'e2')
    await fillLedger(paper, 3, 'due', minutesAgo(5))
    await fillLedger(paper, 7, 'submitted', minutesAgo(5))
    await fillLedger(paper, 2, 'due', minutesAgo(60), 'e2')
    const email = 'ada.moor@reader.example'
    await subscribe(db, {
      email,
      key: email,
      newsletterId: 'daily',
      watermark: now,
      now,
      by: 'operator',
      path: 'cli',
      evidence: '',
    })
    await startTick(db, 'collect:desk', minutesAgo(3), minutesAgo(3))
    await finishTick(db, 'collect:desk', minutesAgo(3), minutesAgo(2), true)

    const samples = await samplesOf(await paper.askHere('/metrics'))
    const seconds = now.getTime() / 1000
    const expected: Record<string, number> = {
      'broadsheet_articles_total{source="desk"}': 1,
      'broadsheet_source_failures{source="desk"}': 0,
      'broadsheet_source_failures{source="wire"}': 2,
      'broadsheet_source_last_success_timestamp_seconds{source="desk"}': seconds - 600,
      'broadsheet_deliveries{state="due"}': 5,
      'broadsheet_deliveries{state="submitted"}': 7,
      broadsheet_deliveries_due: 3,
      broadsheet_oldest_due_age_seconds: 300,
      'broadsheet_editions{state="sending"}': 1,
      'broadsheet_editions{state="paused"}': 1,
      'broadsheet_subscriptions{newsletter="daily",state="active"}': 1,
      broadsheet_alerts: 0,
      'broadsheet_hub{what="subscriptions"}': 0,
      'broadsheet_hub{what="failing"}': 0,
      'broadsheet_hub{what="requests"}': 0,
      'broadsheet_hub{what="due"}': 0,
      'broadsheet_hub{what="pings_failing"}': 0,
      'broadsheet_last_run_timestamp_seconds{job="collect:desk"}': seconds - 180,
      'broadsheet_last_run_duration_seconds{job="collect:desk"}': 60,
      'broadsheet_job_failures{job="collect:desk"}': 0,
      [`broadsheet_build_info{version="1.2.3",node="${process.version}"}`]: 1,
    }
    const found = Object.entries(samples).filter(([name]) => name.startsWith('broadsheet_'))
    assert.deepEqual(Object.fromEntries(found.toSorted()), Object.fromEntries(Object.entries(expected).toSorted()))
    assert(samples['process_resident_memory_bytes']! > 1e6)
    assert('process_cpu_seconds_total' in samples)
    assert.doesNotMatch(JSON.stringify(samples), /@|ada|reader\.example/)
  })

  it('counts answers by status, and never by an address that holds a token', async () => {
    await paper.ask('/healthz')
    await paper.ask('/healthz')
    await paper.ask('/unsubscribe/not-a-token')
    const samples = await samplesOf(await paper.askHere('/metrics'))
    assert.equal(samples['broadsheet_http_requests_total{status="200"}'], 2)
    assert.equal(samples['broadsheet_http_requests_total{status="404"}'], 1)
    assert.doesNotMatch(JSON.stringify(samples), /not-a-token/)
  })

  it('is for this machine only, or for whoever knows the admin password', async () => {
    assert.equal((await paper.ask('/metrics')).status, 404)
    assert.equal((await paper.askHere('/metrics', { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status, 404)
    assert.equal((await paper.askHere('/metrics', { method: 'POST' })).status, 405)
    const guarded = await openPaper({ adminPassword: 'correct horse battery' })
    try {
      assert.equal((await guarded.askHere('/metrics')).status, 401)
      const authorization = `Basic ${Buffer.from('prometheus:correct horse battery').toString('base64')}`
      assert.equal((await guarded.ask('/metrics', { headers: { authorization } })).status, 200)
    } finally {
      await guarded.close()
    }
  })

  it('answers 503 and logs why when the database does not answer', async () => {
    await paper.needs.db.destroy()
    assert.equal((await paper.askHere('/metrics')).status, 503)
    assert.match(JSON.stringify(paper.logged), /database\.unusable/)
  })

  it('counts a ledger of 100,000 rows, and rests before it counts again', async () => {
    await addEditionRow(paper, 'sending')
    await fillLedger(paper, 100_000, 'submitted', now)
    const first = await samplesOf(await paper.askHere('/metrics'))
    assert.equal(first['broadsheet_deliveries{state="submitted"}'], 100_000)
    await fillLedger(paper, 1, 'refused', now)
    const second = await samplesOf(await paper.askHere('/metrics'))
    assert.equal('broadsheet_deliveries{state="refused"}' in second, false)
    assert.equal((await readFigures(paper.needs.db, now)).deliveries.length, 2)
  })
})
