import assert from 'node:assert/strict'
import { type z } from 'zod'
import { type Failure } from '../../src/failures.ts'
import { type Fetcher } from '../../src/http/fetch.ts'
import { find, options } from '../../src/sources/json.ts'
import { parseItems, type JsonPaths } from '../../src/sources/json-items.ts'
import { isPath, valuesAt } from '../../src/sources/json-path.ts'
import { openSite, readerOf, type Site } from '../sites.ts'
import { contextOf } from './context.ts'

const API = 'https://gazette.example/api/'

describe('sources/json', () => {
  describe('a path', () => {
    const data = {
      data: { posts: [{ t: 'A', names: ['x', 'y'] }, { t: 'B' }], 'odd.key': 1, slug: 'a b/c?d' },
      n: null,
      'a-b': 2,
    }
    for (const [path, values] of [
      ['data.posts[0].t', ['A']],
      ['data.posts[*].t', ['A', 'B']],
      ['data.posts.*.t', ['A', 'B']],
      ['data.posts[*].names[*]', ['x', 'y']],
      ['$.data.posts[1]["t"]', ['B']],
      ['data["odd.key"]', [1]],
      ['a-b', [2]],
      ['n', []],
      ['data.none[3].x', []],
      ['constructor', []],
      ['https://x.example/{data.slug}?n={data.posts[0].t}', ['https://x.example/a%20b/c%3Fd?n=A']],
      ['https://x.example/{none}', []],
    ] as const)
      it(`${path} leads to ${JSON.stringify(values)}`, () => assert.deepEqual(valuesAt(data, path), values))

    it('is refused when it cannot be read', () => {
      for (const path of ['', ' ', 'a..b', 'a[', 'a[x]', 'a b', 'x{', 'x{}', 'x{a[}', 'a]']) assert(!isPath(path), path)
    })
  })

  it('refuses paths that cannot be read, and an API that gives no text', () => {
    const faults = (given: object) => {
      const read = options.safeParse({ id: 'x', kind: 'json', url: API, ...given })
      return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    }
    assert.deepEqual(faults({ paths: { url: 'link', html: 'body' } }), [])
    assert.deepEqual(faults({ paths: { url: 'link' }, fullText: true }), [])
    assert.deepEqual(faults({ paths: { url: 'link' } }), [
      'paths: the path of the text (html, markdown or text), or else fullText: true',
    ])
    assert.match(faults({ paths: { url: 'a..b', html: 'body' } })[0] ?? '', /paths\.url: a path such as/)
  })

  describe('an answer', () => {
    const paths: JsonPaths = {
      ...{
        items: 'items',
        url: 'link',
        id: 'id',
        title: 'title',
        date: 'at',
        updated: 'changed',
        author: 'by',
        tags: 'tags',
      },
      ...{
        image: 'image',
        html: 'html',
        markdown: 'md',
        text: 'text',
        language: 'lang',
        excerpt: 'lead',
        next: 'next',
      },
    }
    const read = (item: object) =>
      parseItems(JSON.stringify({ items: [{ link: '/a', ...item }] }), API, paths).items[0]!

    it('gives every field that the paths name', () => {
      assert.deepEqual(
        read({
          ...{ id: 17, title: ' Storm ', at: 1772352000, changed: '1772355600000', by: [{ name: 'Ana' }, 'Rui'] },
          ...{ tags: ['harbour', { label: 'storm' }, ''], lang: 'en', lead: 'Waves.', html: '<p>Shut.</p>' },
          image: { src: '/i/1.jpg', alt: 'The quay', caption: 'At noon', credit: 'Ana' },
        }),
        {
          url: 'https://gazette.example/a',
          guid: '17',
          title: 'Storm',
          authors: ['Ana', 'Rui'],
          topics: ['harbour', 'storm'],
          language: 'en',
          published: '2026-03-01T08:00:00.000Z',
          updated: '2026-03-01T09:00:00.000Z',
          excerpt: 'Waves.',
          image: { url: 'https://gazette.example/i/1.jpg', alt: 'The quay', caption: 'At noon', credit: 'Ana' },
          body: { form: 'fragment', value: '<p>Shut.</p>' },
        },
      )
    })

    it('has dates in every way in which APIs write them', () => {
      for (const [at, published] of [
        ['2026-03-01', '2026-03-01'],
        ['1 March 2026', '1 March 2026'],
        [20260301, '2026-03-01'],
        ['20260301083000', '2026-03-01T08:30:00'],
        [1772352000.5, '2026-03-01T08:00:00.500Z'],
        [1772352000000, '2026-03-01T08:00:00.000Z'],
        [1e17, undefined],
        [true, undefined],
      ])
        assert.equal(read({ at }).published, published, String(at))
    })

    it('has its text as HTML, Markdown or such, in one piece or several', () => {
      assert.deepEqual(read({ html: ['<p>A</p>', '<p>B</p>'] }).body, {
        form: 'fragment',
        value: '<p>A</p>\n\n<p>B</p>',
      })
      assert.deepEqual(read({ md: '# A' }).body, { form: 'markdown', value: '# A' })
      assert.deepEqual(read({ text: 'A < B\nC\r\n\r\nD & E' }).body, {
        form: 'fragment',
        value: '<p>A &lt; B<br>C</p>\n<p>D &amp; E</p>',
      })
      assert.equal(read({ html: '', text: ' ' }).body, undefined)
    })

    it('leaves out an item without an address, and says which', () => {
      const faults: Failure[] = []
      const answer = JSON.stringify([{ link: '/a' }, { link: 'javascript:1' }, 7, null, { link: { href: '/b' } }])
      const { items } = parseItems(answer, API, { url: 'link' }, (failure) => faults.push(failure))
      assert.deepEqual(
        items.map(({ url }) => url),
        ['https://gazette.example/a', 'https://gazette.example/b'],
      )
      assert.deepEqual(
        faults.map(({ code, details }) => [code, details['item']]),
        [1, 2, 3].map((at) => ['source.item', at]),
      )
    })

    it('may hold nothing', () => {
      assert.deepEqual(parseItems('[]', API, { url: 'link' }), { items: [] })
      assert.deepEqual(parseItems('{"data":[]}', API, { items: 'data[*]', url: 'link' }), { items: [] })
    })

    for (const [what, text, reason] of [
      ['a web page', '<!doctype html>', /a web page/],
      ['nothing', '', /JSON/],
      ['another shape', '{"results": [], "count": 0}', /no list at the path.*results, count/],
      ['text where the list should be', '{"items": "none"}', /no list at the path/],
      ['items without addresses', '{"items": [{"id": 1}]}', /none of the items has an address/],
      ['depth without end', '['.repeat(2_000_000), /JSON/],
    ] as const)
      it(`is refused where there is ${what}`, () => {
        assert.throws(
          () => parseItems(text, API, paths),
          (thrown: Failure) => thrown.code === 'source.notJson' && reason.test(thrown.message),
        )
      })
  })

  describe('an API', () => {
    let site: Site
    let reader: Fetcher

    beforeEach(async () => {
      site = await openSite()
      reader = readerOf(site)
    })

    afterEach(async () => {
      await reader.close()
      await site.close()
    })

    const answer = (from: number, to: number, more: object = {}) =>
      JSON.stringify({ items: Array.from({ length: to - from }, (_, at) => ({ link: `/${from + at}` })), ...more })

    async function run(
      { paths, ...given }: Partial<z.input<typeof options>>,
      more: Partial<Parameters<typeof find>[1]> = {},
    ) {
      site.seen.length = 0
      const source = { id: 'main', kind: 'json', url: `${site.url}api?size=2`, fullText: true, ...given }
      const items = await find(
        options.parse({ ...source, paths: { items: 'items', url: 'link', ...paths } }),
        contextOf(reader.fetch, more),
      )
      return items.map(({ url }) => new URL(url).pathname)
    }

    it('is asked once unless it may be asked for more', async () => {
      site.answers.set('/api?size=2', answer(0, 2, { next: '/api?page=2' }))
      assert.deepEqual(await run({ paths: { url: 'link', next: 'next' } }), ['/0', '/1'])
      assert.deepEqual(site.seen, ['/api?size=2'])
    })

    it('is asked where it says that more is, and never twice the same', async () => {
      site.answers.set('/api?size=2', answer(0, 2, { cursor: 'x y' }))
      site.answers.set('/api?after=x%20y', answer(2, 4, { cursor: 'x y' }))
      assert.deepEqual(await run({ pages: 10, paths: { url: 'link', next: '/api?after={cursor}' } }), [
        '/0',
        '/1',
        '/2',
        '/3',
      ])
      assert.deepEqual(site.seen, ['/api?size=2', '/api?after=x%20y'])
    })

    it('is asked page by page until there is nothing new', async () => {
      site.answers.set('/api?size=2&offset=0', answer(0, 2))
      site.answers.set('/api?size=2&offset=2', answer(2, 4))
      site.answers.set('/api?size=2&offset=4', answer(2, 4))
      const page = { param: 'offset', from: 0, step: 2 }
      assert.deepEqual(await run({ pages: 10, page }), ['/0', '/1', '/2', '/3'])
      assert.equal(site.seen.length, 3)
      assert.deepEqual(await run({ pages: 2, page }), ['/0', '/1', '/2', '/3'])
      assert.equal(site.seen.length, 2)
    })

    it('is asked no further than to what is known', async () => {
      site.answers.set('/api?size=2&page=1', answer(0, 2))
      site.answers.set('/api?size=2&page=2', answer(2, 4))
      const areKnown = async (items: readonly { url: string }[]) => items.map(({ url }) => url.endsWith('/1'))
      assert.deepEqual(await run({ pages: 10, page: { param: 'page' } }, { areKnown }), ['/0', '/1'])
    })
  })
})
