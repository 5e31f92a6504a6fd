import assert from 'node:assert/strict'
import { type z } from 'zod'
import { type Failure } from '../../src/failures.ts'
import { openFetcher, noMemory } from '../../src/http/fetch.ts'
import { type Item } from '../../src/item.ts'
import { find, options } from '../../src/sources/wordpress.ts'
import { readPosts } from '../../src/sources/wordpress-posts.ts'
import { contextOf } from './context.ts'
import { openWordpress, type Post, type Wordpress } from './wordpress-site.ts'

const day = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * 86_400_000).toISOString().slice(0, 19)
const posts = (count: number): Post[] => Array.from({ length: count }, (_, at) => ({ id: at + 1, date: day(at) }))

describe('sources/wordpress', () => {
  let site: Wordpress

  afterEach(() => site.close())

  async function run(
    given: Partial<z.input<typeof options>> = {},
    context: Partial<Parameters<typeof find>[1]> = {},
  ): Promise<Item[]> {
    const reader = openFetcher({
      userAgent: 'Broadsheet/test',
      allow: [site.authority],
      memory: noMemory,
      gapMs: 0,
      now: () => new Date(),
      wait: async () => undefined,
      random: () => 0,
    })
    try {
      return await find(
        options.parse({ id: 'main', kind: 'wordpress', url: site.url, ...given }),
        contextOf(reader.fetch, context),
      )
    } finally {
      await reader.close()
    }
  }

  it('gives each post with its real names, dates, picture and text', async () => {
    site = await openWordpress([
      {
        id: 12,
        title: 'Storm &#8217;n&#8217; <em>tide</em>',
        text: '<p>The quay is shut.</p>',
        date: '2026-03-01T08:00:00',
        modified: '2026-03-02T09:30:00',
      },
    ])
    const whole: Item = {
      url: `${site.url}2026/post-12/`,
      guid: `${site.url}?p=12`,
      title: 'Storm ’n’ tide',
      authors: ['Ana Prado'],
      topics: ['Harbour & Quay', 'storm'],
      published: '2026-03-01T08:00:00Z',
      updated: '2026-03-02T09:30:00Z',
      image: { url: `${site.url}uploads/21.jpg`, alt: 'The quay', caption: 'At noon' },
      body: { form: 'fragment', value: '<p>The quay is shut.</p>' },
    }
    assert.deepEqual(await run(), [whole])
    assert.equal(site.seen.length, 1)

    site.ways.bare = true
    const [bare] = await run()
    assert.deepEqual(bare, whole)
    assert.deepEqual(site.seen.slice(2), [
      '/wp-json/wp/v2/users?per_page=100&include=3',
      '/wp-json/wp/v2/categories?per_page=100&include=7,1',
      '/wp-json/wp/v2/tags?per_page=100&include=9',
      '/wp-json/wp/v2/media?per_page=100&include=21',
    ])
  })

  it('reads as many pages as it was asked for, and stops at the last', async () => {
    site = await openWordpress(posts(130))
    const items = await run({ items: 120 })
    assert.equal(items.length, 120)
    assert.deepEqual([items[0]?.published, items[119]?.published], [`${day(129)}Z`, `${day(10)}Z`])
    assert.equal(site.seen.length, 3)
    assert.equal((await run({ items: 1000 })).length, 130)
    assert.equal(site.seen.length, 6)
  })

  it('goes back to what is known, and then reads what was changed since', async () => {
    site = await openWordpress(posts(100))
    site.posts[4] = { ...site.posts[4]!, modified: day(99) }
    const known = new Set(Array.from({ length: 70 }, (_, at) => `${site.url}?p=${at + 1}`))
    const items = await run(
      {},
      {
        since: new Date(`${day(98)}Z`),
        areKnown: async (seen) => seen.map(({ guid }) => known.has(guid ?? '')),
      },
    )
    assert.deepEqual(site.seen, [
      '/wp-json/wp/v2/posts?page=1&per_page=20',
      '/wp-json/wp/v2/posts?page=2&per_page=20',
      `/wp-json/wp/v2/posts?page=1&per_page=50&modified_after=${day(97)}`,
    ])
    assert.equal(items.length, 41)
    assert.equal(items.at(-1)?.guid, `${site.url}?p=5`)
    assert.equal(items.at(-1)?.updated, `${day(99)}Z`)
  })

  it('is not led back to the first post of all by a version that cannot be asked for changes', async () => {
    site = await openWordpress(posts(300), { old: true })
    const items = await run({}, { since: new Date(`${day(298)}Z`), areKnown: async (seen) => seen.map(() => true) })
    assert.equal(site.seen.length, 2)
    assert.equal(items.length, 20)
  })

  it('finds the API where the site says that it is, by a query, and where it is named', async () => {
    site = await openWordpress(posts(1), { at: '/other/api/' })
    assert.equal((await run()).length, 1)
    site.ways.at = 'query'
    assert.equal((await run()).length, 1)
    site.ways.at = '/paper/wp-json/'
    assert.equal((await run({ url: `${site.url}paper/wp-json/wp/v2/posts` })).length, 1)
    assert.equal((await run({ url: `${site.url}paper` })).length, 1)
  })

  it('reads posts too long for one answer a few at a time', async () => {
    site = await openWordpress(posts(40).map((post) => ({ ...post, text: `<p>${'Long. '.repeat(40_000)}</p>` })))
    assert.equal((await run({ items: 30 })).length, 30)
    assert.deepEqual(site.seen, [
      '/wp-json/wp/v2/posts?page=1&per_page=30',
      ...[1, 2, 3].map((page) => `/wp-json/wp/v2/posts?page=${page}&per_page=10`),
    ])
  })

  for (const closed of [401, 403, 404])
    it(`says so when the API is closed with ${closed}, and what to do`, async () => {
      site = await openWordpress(posts(1), { closed })
      await assert.rejects(
        run(),
        (thrown: Failure) =>
          thrown.code === 'source.notWordpress' &&
          thrown.next.includes('kind: rss') &&
          thrown.message.includes('wp-json'),
      )
    })

  it('says so when there is no such type of posts', async () => {
    site = await openWordpress(posts(1))
    await assert.rejects(
      run({ type: 'events' }),
      (thrown: Failure) => thrown.code === 'source.notWordpress' && thrown.details['type'] === 'events',
    )
  })

  it('fails as the site does when that is not about the API', async () => {
    site = await openWordpress(posts(1), { closed: 500 })
    await assert.rejects(run(), (thrown: Failure) => thrown.code === 'http.status')
  })

  it('leaves out what is not public', async () => {
    site = await openWordpress([
      { id: 1, date: day(1) },
      { id: 2, date: day(2), content: { rendered: '', protected: true } },
      { id: 3, date: day(3), status: 'private' },
      { id: 4, date: day(4), status: 'future' },
    ])
    assert.deepEqual(
      (await run()).map(({ guid }) => guid),
      [`${site.url}?p=1`],
    )
  })

  describe('the answer', () => {
    beforeEach(async () => {
      site = await openWordpress([])
    })

    const read = (post: object) =>
      readPosts(JSON.stringify([{ id: 1, link: 'https://gazette.example/a', ...post }]), 'https://gazette.example/')
        .items[0]

    it('may name several authors, or none that can be seen', () => {
      assert.deepEqual(read({ authors: [{ display_name: 'Ana' }, { display_name: 'Rui' }] })?.authors, ['Ana', 'Rui'])
      assert.deepEqual(read({ yoast_head_json: { author: 'Ana' } })?.authors, ['Ana'])
      assert.equal(read({ _embedded: { author: [{ code: 'rest_user_invalid_id' }] } })?.authors, undefined)
    })

    it('has an excerpt where an editor wrote one', () => {
      assert.equal(read({ excerpt: { rendered: '<p>Waves over the wall.</p>' } })?.excerpt, 'Waves over the wall.')
      assert.equal(read({ excerpt: { rendered: '<p>Waves over [&hellip;]</p>' } })?.excerpt, undefined)
    })

    it('has dates in UTC, or those of the site where it has none', () => {
      assert.equal(
        read({ date: '2026-03-01T09:00:00', date_gmt: '0000-00-00T00:00:00' })?.published,
        '2026-03-01T09:00:00',
      )
      assert.equal(
        read({ date_gmt: '2026-03-01T09:00:00', modified_gmt: '2026-02-27T09:00:00' })?.updated,
        undefined,
        'changed before it was published',
      )
    })

    it('is a title that shows mark-up as text when it is about mark-up', () => {
      assert.equal(read({ title: { rendered: 'How &lt;b&gt; works' } })?.title, 'How &lt;b> works')
    })

    it('is refused when it is no list of posts, whatever it is', () => {
      for (const text of [
        '',
        '<html>',
        '{"code":"rest_no_route","message":"No route"}',
        'null',
        '[',
        '['.repeat(1_000_000),
      ])
        assert.throws(
          () => readPosts(text, 'https://gazette.example/'),
          (thrown: Failure) => thrown.code === 'source.notWordpress',
          text.slice(0, 20),
        )
    })

    it('may hold anything at all', () => {
      for (const post of [
        null,
        7,
        [],
        { link: 5 },
        { link: 'javascript:1' },
        { link: '/a', title: 5, content: [], _embedded: 1, categories: 'x' },
      ])
        assert.doesNotThrow(() => readPosts(JSON.stringify([post]), 'https://gazette.example/'), JSON.stringify(post))
    })
  })
})
