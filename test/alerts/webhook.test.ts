import assert from 'node:assert/strict'
import { beat } from '../../src/alerts/heartbeat.ts'
import { postWebhook } from '../../src/alerts/webhook.ts'
import { Failure } from '../../src/failures.ts'
import { openListener, type Listener } from './listener.ts'

const failed =
  (code: string, reason: RegExp, attempts?: number) =>
  (thrown: unknown): true => {
    assert(thrown instanceof Failure)
    assert.equal(thrown.code, code)
    assert.match(String(thrown.details['reason']), reason)
    assert.equal(thrown.details['attempts'], attempts)
    assert.doesNotMatch(JSON.stringify(thrown), /s3cret/, 'the address of a webhook is a secret')
    return true
  }

describe('alerts/webhook and heartbeat', () => {
  let listener: Listener
  let waited: number[]
  const wait = (ms: number) => Promise.resolve(void waited.push(ms))
  beforeEach(async () => {
    listener = await openListener()
    waited = []
  })
  afterEach(() => listener.close())

  it('posts JSON', async () => {
    await postWebhook(listener.url, { text: 'Grüße', failures: [] }, { wait })
    const [heard] = listener.heard
    assert.equal(heard?.method, 'POST')
    assert.equal(heard.path, '/hook/s3cret')
    assert.equal(heard.headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(heard.body), { text: 'Grüße', failures: [] })
    assert.deepEqual(waited, [])
  })

  it('tries twice more where that may help, with growing waits', async () => {
    listener.answers.push(503, 429)
    await postWebhook(listener.url, {}, { wait })
    assert.equal(listener.heard.length, 3)
    assert.deepEqual(waited, [1000, 5000])
    listener.answers.push(500, 500, 500)
    await assert.rejects(postWebhook(listener.url, {}, { wait }), failed('alert.webhook', /^it answered 500: ok$/, 3))
    assert.equal(listener.heard.length, 6)
  })

  it('does not try again what is refused, and says the first words of why', async () => {
    listener.answers.push(400)
    listener.says = `invalid_payload\n${'x'.repeat(100_000)}`
    await assert.rejects(
      postWebhook(listener.url, {}, { wait }),
      failed('alert.webhook', /^it answered 400: invalid_payload x+$/, 1),
    )
    assert.equal(listener.heard.length, 1)
  })

  it('follows no redirect', async () => {
    listener.answers.push(302)
    await assert.rejects(postWebhook(listener.url, {}, { wait }), failed('alert.webhook', /^it answered 302/, 1))
    assert.equal(listener.heard.length, 1)
  })

  it('waits for an answer no longer than it may, and no longer once it is to stop', async () => {
    listener.answers.push(0, 0, 0)
    await assert.rejects(postWebhook(listener.url, {}, { wait, timeoutMs: 30 }), failed('alert.webhook', /timeout/, 3))
    listener.answers.push(0)
    const stop = new AbortController()
    const posting = postWebhook(listener.url, {}, { wait, stop: stop.signal })
    setImmediate(() => stop.abort())
    await assert.rejects(posting, failed('alert.webhook', /abort/, 1))
  })

  it('says why a server cannot be reached', async () => {
    await listener.close()
    await assert.rejects(postWebhook(listener.url, {}, { wait }), failed('alert.webhook', /ECONNREFUSED/, 3))
    await assert.rejects(beat(listener.url), failed('alert.heartbeat', /ECONNREFUSED/))
    listener = await openListener()
  })

  it('sends a name and password of the address as a header', async () => {
    await postWebhook(listener.url.replace('//', '//ada:p%40ss@'), {}, { wait })
    assert.equal(listener.heard[0]?.headers.authorization, `Basic ${Buffer.from('ada:p@ss').toString('base64')}`)
  })

  it('gives a sign of life with one GET, once', async () => {
    await beat(listener.url)
    assert.equal(listener.heard[0]?.method, 'GET')
    listener.answers.push(500)
    await assert.rejects(beat(listener.url), failed('alert.heartbeat', /^it answered 500/))
    assert.equal(listener.heard.length, 2)
  })
})
