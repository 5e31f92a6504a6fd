import assert from 'node:assert/strict'
import { type z } from 'zod'
import { parseHtml } from '../../src/articles/markup.ts'
import { options, parse } from '../../src/sources/page.ts'
import { fixtures } from '../fixtures.ts'

const URL_OF_LIST = 'https://gazette.example/notices/'

type Select = z.input<typeof options>['select']

const read = (html: string, select: Select, more: { fullText?: boolean } = {}) =>
  parse(parseHtml(html), URL_OF_LIST, options.parse({ id: 'notices', kind: 'page', url: URL_OF_LIST, select, ...more }))

describe('sources/page', () => {
  for (const { name, input, expect } of fixtures('page')) {
    it(`reads: ${name}`, () =>
      expect(
        read(input, {
          item: 'article.card',
          link: 'h2 a',
          title: 'h2',
          date: 'time, .when',
          author: '.byline',
          image: 'img',
        }),
      ))
  }

  const list =
    '<ul><li><a href="/one">One</a> <a href="/more">more</a><ul><li><a href="/in">In</a></ul></li><li><a href="/two">Two</a></li></ul>'

  it('takes the first link of an item, or the item itself, where no link is named', () => {
    for (const item of ['li', 'body > ul > li > a:first-child'])
      assert.deepEqual(
        read(list, { item }).map(({ url }) => url),
        ['https://gazette.example/one', 'https://gazette.example/two'],
        item,
      )
  })

  it('takes what stands in the list for the article where pages are not read', () => {
    const html =
      '<div class="n"><h3>Storm</h3><time>1 March 2026</time><p>The <a href="quay">quay</a> is shut.</p><p class="ad">Buy</p></div>'
    const [item] = read(html, { item: '.n', title: 'h3', date: 'time', remove: ['.ad'] }, { fullText: false })
    assert.deepEqual(item, {
      url: 'https://gazette.example/notices/quay',
      title: 'Storm',
      published: '1 March 2026',
      body: {
        form: 'fragment',
        value: '<base href="https://gazette.example/notices/"><p>The <a href="quay">quay</a> is shut.</p>',
      },
    })
  })

  for (const [what, html, select, selector] of [
    ['nothing matches the item', list, { item: 'article.card' }, 'article.card'],
    ['no item has a link', '<article>One</article>', { item: 'article' }, 'article a[href]'],
    [
      'the links are none',
      '<article><a href="mailto:x@y.example">One</a></article>',
      { item: 'article', link: 'a' },
      'a',
    ],
    ['the page is empty', '', { item: 'article' }, 'article'],
  ] as const)
    it(`fails, naming page and selector, when ${what}`, () =>
      assert.throws(() => read(html, select), {
        code: 'source.empty',
        details: { url: URL_OF_LIST, selector },
      }))

  it('refuses a selector that is none, before anything is read', () => {
    for (const item of ['article[', 'a:not', ':nonsense(2)', '<b>', '', '> a', ':scope a'])
      assert.equal(
        options.safeParse({ id: 'x', kind: 'page', url: URL_OF_LIST, select: { item } }).success,
        false,
        item,
      )
    assert(
      options.safeParse({
        id: 'x',
        kind: 'page',
        url: URL_OF_LIST,
        select: { item: 'article:has(> h2) a:first-of-type' },
      }).success,
    )
  })

  it('takes no more than three seconds for a page made to be slow', () => {
    const slow: [string, Select][] = [
      ['<article>'.repeat(50_000), { item: 'article', title: 'h2', date: 'time' }],
      ['<article><a href=x>y</a></article>'.repeat(50_000), { item: 'article', link: 'a', title: 'h2', image: 'img' }],
      [`<div>${'<a href=x>y</a>'.repeat(100_000)}</div>`, { item: 'div', link: 'a' }],
    ]
    for (const [html, select] of slow) {
      const start = process.cpuUsage()
      try {
        read(html, select)
      } catch (thrown) {
        assert.equal((thrown as { code: string }).code, 'source.empty')
      }
      const { user } = process.cpuUsage(start)
      assert.ok(user < 3_000_000, `${html.slice(0, 30)} took ${user} µs`)
    }
  }).timeout(60_000)
})
