import assert from 'node:assert/strict'
import { type Failure } from '../../src/failures.ts'
import { type Fetcher } from '../../src/http/fetch.ts'
import { find, options } from '../../src/sources/page.ts'
import { openSite, readerOf, type Site } from '../sites.ts'
import { contextOf } from './context.ts'

describe('sources/paging', () => {
  let site: Site
  let reader: Fetcher
  let faults: Failure[]

  beforeEach(async () => {
    site = await openSite()
    reader = readerOf(site)
    faults = []
  })

  afterEach(async () => {
    await reader.close()
    await site.close()
  })

  const list = (names: string[], after = '') =>
    `<!doctype html>${names.map((name) => `<article><a href="/${name}">${name}</a></article>`).join('')}${after}`
  const linkTo = (path: string) => `<a rel="next" href="${path}">older</a>`

  async function run(pages: number, known: string[] = []) {
    site.seen.length = 0
    const source = options.parse({ id: 'x', kind: 'page', url: `${site.url}news`, select: { item: 'article' }, pages })
    const items = await find(
      source,
      contextOf(reader.fetch, {
        fault: (failure) => void faults.push(failure),
        areKnown: async (seen) => seen.map(({ url }) => known.includes(new URL(url).pathname.slice(1))),
      }),
    )
    return items.map(({ url }) => new URL(url).pathname.slice(1)).join('')
  }

  beforeEach(() => {
    site.answers.set('/news', list(['a', 'b'], linkTo('/news?page=2')))
    site.answers.set('/news?page=2', list(['b', 'c'], linkTo('/news?page=3')))
    site.answers.set('/news?page=3', list(['d'], linkTo('/news?page=4')))
  })

  it('reads one page unless told otherwise', async () => {
    assert.equal(await run(1), 'ab')
    assert.deepEqual(site.seen, ['/news'])
  })

  it('reads as many as it is told, each article once', async () => {
    assert.equal(await run(3), 'abcd')
    assert.deepEqual(site.seen, ['/news', '/news?page=2', '/news?page=3'])
  })

  it('stops at what is known', async () => {
    assert.equal(await run(3, ['c', 'd']), 'abc')
    assert.equal(await run(3, ['b']), 'ab')
  })

  it('goes on behind an article that is pinned to the head', async () => {
    site.answers.set('/news', list(['p', 'a', 'b'], linkTo('/news?page=2')))
    assert.equal(await run(3, ['p', 'd']), 'pabcd')
  })

  it('ends where a list goes round, or brings nothing new', async () => {
    site.answers.set('/news?page=3', list(['d'], linkTo('/news?page=2')))
    assert.equal(await run(50), 'abcd')
    assert.equal(site.seen.length, 3)
    site.answers.set('/news?page=3', list(['a', 'c'], linkTo('/news?page=4')))
    assert.equal(await run(50), 'abc')
    assert.equal(site.seen.length, 3)
  })

  it('ends without a failure where the last page leads to none', async () => {
    assert.equal(await run(50), 'abcd')
    site.answers.set('/news?page=4', '<p>There is no more.</p>')
    assert.equal(await run(50), 'abcd')
    assert.deepEqual(faults, [])
  })

  it('keeps what it has when a later page cannot be read, and says so', async () => {
    site.answers.set('/news?page=2', { status: 403 })
    assert.equal(await run(50), 'ab')
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['http.status'],
    )
  })

  it('goes on by the answers that a button gets, HTML or JSON', async () => {
    site.answers.set('/news', list(['a'], '<button class="load-more" data-url="/more?at=1">More</button>'))
    site.answers.set(
      '/more?at=1',
      list(['b'], '<button class="load-more" hx-get="/more?at=2">More</button>').replace('<!doctype html>', ''),
    )
    site.answers.set('/more?at=2', JSON.stringify({ html: list(['c']), next_url: '/more?at=3' }))
    site.answers.set('/more?at=3', JSON.stringify({ html: list(['d']) }))
    assert.equal(await run(50), 'abcd')
  })

  it('fails as before when the first page holds nothing', async () => {
    site.answers.set('/news', '<p>Redesigned.</p>')
    await assert.rejects(run(5), (thrown: Failure) => thrown.code === 'source.empty')
  })
})
