import assert from 'node:assert/strict'
import { publicAddresses } from '../../src/addresses.ts'
import { dueRequests, grantRequest, putRequest } from '../../src/store/hub-subscriptions.ts'
import { addFile, now, openPaper, server, type Paper } from './paper.ts'

const topic = `${server}feeds/all/rss.xml`

const form = (changes: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.topic': topic,
    'hub.callback': 'https://reader.example/cb',
    ...changes,
  }),
})

describe('web/hub', () => {
  let paper: Paper
  const open = async (hub = 'own') => {
    paper = await openPaper({ addresses: publicAddresses(server, undefined, hub) })
    await addFile(paper, 'all/rss.xml', '<rss/>')
    await addFile(paper, 'all/index.html', '<h1>')
    await addFile(paper, 'all/archive/1.rss.xml', '<rss/>')
  }
  const requests = () => dueRequests(paper.needs.db, now, 99)
  afterEach(() => paper.close())

  it('takes a request, to be asked about', async () => {
    await open()
    const response = await paper.ask('/hub', form({ 'hub.secret': 'quay', 'hub.lease_seconds': '7200' }))
    assert.equal(response.status, 202)
    const [request, ...more] = await requests()
    assert.deepEqual(more, [])
    assert.deepEqual(
      { ...request, id: '' },
      {
        id: '',
        topic,
        callback: 'https://reader.example/cb',
        host: 'reader.example',
        mode: 'subscribe',
        secret: 'quay',
        leaseSeconds: 7200,
        attempts: 0,
      },
    )
  })

  it('says in plain words what is wrong, and keeps nothing of it', async () => {
    await open()
    const wrong: [RequestInit, number][] = [
      [{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, 400],
      [form({ 'hub.mode': 'publish' }), 400],
      [form({ 'hub.callback': 'javascript:alert(1)' }), 400],
      [form({ 'hub.topic': `${server}feeds/none/rss.xml` }), 404],
      [form({ 'hub.topic': `${server}feeds/all/atom.xml` }), 404],
      [form({ 'hub.topic': 'https://elsewhere.example/feeds/all/rss.xml' }), 404],
      [form({ 'hub.secret': 'x'.repeat(17_000) }), 413],
      [{ method: 'DELETE' }, 405],
    ]
    for (const [init, status] of wrong) {
      const response = await paper.ask('/hub', init)
      assert.equal(response.status, status)
      if (status === 400) assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
    }
    assert.deepEqual(await requests(), [])
  })

  it('takes no crowd of requests from one network, and none for a host that never answers', async () => {
    await open()
    for (let n = 0; n < 200; n += 1)
      await putRequest(
        paper.needs.db,
        { topic, callback: `https://dead.example/${n}`, host: 'dead.example', mode: 'subscribe', leaseSeconds: 60 },
        now,
      )
    assert.equal((await paper.ask('/hub', form({ 'hub.callback': 'https://dead.example/200' }))).status, 403)
    const statuses = []
    for (let n = 0; n < 600; n += 1) statuses.push((await paper.ask('/hub', form())).status)
    assert.deepEqual([...new Set(statuses.slice(0, 599))], [202])
    assert.equal(statuses[599], 429)
    assert.equal((await paper.ask('/hub', form(), '198.51.100.1')).status, 202)
  }).timeout(60_000)

  it('takes a limited number of subscriptions at one host, and lets those renew', async () => {
    await open()
    const { db } = paper.needs
    for (let n = 0; n < 1000; n += 1) {
      const wish = { topic, callback: `https://big.example/${n}`, host: 'big.example', leaseSeconds: 60 }
      await putRequest(db, { ...wish, mode: 'subscribe' }, now)
      const [request] = await requests()
      await grantRequest(db, request!, new Date(now.getTime() + 60_000))
    }
    const ask = async (n: number, mode: string) =>
      (await paper.ask('/hub', form({ 'hub.callback': `https://big.example/${n}`, 'hub.mode': mode }))).status
    assert.deepEqual(
      [await ask(1000, 'subscribe'), await ask(7, 'subscribe'), await ask(1000, 'unsubscribe')],
      [403, 202, 202],
    )
  }).timeout(60_000)

  it('is not there unless the paper is its own hub', async () => {
    await open('https://hub.example/')
    assert.equal((await paper.ask('/hub', form())).status, 404)
    assert.equal((await paper.ask('/hub')).status, 404)
  })

  it('says to a person what it is', async () => {
    await open()
    const response = await paper.ask('/hub')
    assert.equal(response.status, 200)
    assert.match(await response.text(), /subscribe/)
  })

  it('names hub and self in a header of every feed, and of nothing else', async () => {
    await open('https://hub.example/')
    const linkOf = async (path: string, init?: RequestInit) => (await paper.ask(path, init)).headers.get('link')
    const link = `<https://hub.example/>; rel="hub", <${topic}>; rel="self"`
    assert.equal(await linkOf('/feeds/all/rss.xml'), link)
    assert.equal(await linkOf('/feeds/all/rss.xml', { method: 'HEAD' }), link)
    assert.equal(await linkOf('/feeds/all/rss.xml', { headers: { 'if-none-match': '*' } }), link)
    assert.equal(await linkOf('/feeds/all/'), null)
    assert.equal(await linkOf('/feeds/all/archive/1.rss.xml'), null)
  })
})
