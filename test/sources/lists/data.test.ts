import assert from 'node:assert/strict'
import { readData } from '../../../src/sources/lists/data.ts'

const URL_OF_PAGE = 'https://buoy.example/'

const stories = [1, 2, 3, 4].map((day) => ({
  title: `What the tide brought on day ${day}`,
  url: `/story/day-${day}`,
  publishedAt: `2026-03-0${day}T07:00:00Z`,
}))
const menu = ['News', 'Sport', 'About', 'Shop', 'Contact', 'Login'].map((title) => ({
  title,
  url: `/${title.toLowerCase()}`,
}))
const state = { nav: { items: menu }, feed: { stories } }

const found = (html: string) =>
  readData(html, URL_OF_PAGE).flatMap(({ items }) => items.map(({ url, published }) => [url, published]))
const expected = stories.map(({ url, publishedAt }) => [`https://buoy.example${url}`, publishedAt])

describe('what a page’s own data says of articles', () => {
  const json = JSON.stringify(state)
  const forms: [what: string, html: string][] = [
    ['the state of Next.js', `<script id="__NEXT_DATA__" type="application/json">${json}</script>`],
    ['an assignment to window', `<script>window.__STATE__ = ${json};window.run()</script>`],
    ['an assignment by a name in brackets', `<script>window["initialState"] = ${json}</script>`],
    ['a text that is parsed as JSON', `<script>window.__DATA__ = JSON.parse(${JSON.stringify(json)})</script>`],
    ['the same in single quotes', `<script>window.__DATA__ = JSON.parse('${json}');</script>`],
    ['a store that keeps records by id', `<script>window.__APOLLO_STATE__ = ${JSON.stringify({ ROOT: { a: 1 }, ...Object.fromEntries(stories.map((story, at) => [`Story:${at}`, story])), ...Object.fromEntries(menu.map((one, at) => [`Page:${at}`, one])) })}</script>`], // prettier-ignore
    ['an attribute', `<div id="app" data-page="${json.replaceAll('"', '&quot;')}"></div>`],
    ['an attribute in single quotes', `<my-list :entries='${JSON.stringify(stories)}'></my-list>`],
    ['an answer kept as text', `<script type="application/json" data-sveltekit-fetched>${JSON.stringify({ status: 200, body: json })}</script>`], // prettier-ignore
    ['lines of React', `<script>self.__next_f.push([1,${JSON.stringify(`3:I[123]\n5:["$","div",null,${json}]\n`)}])</script>`], // prettier-ignore
    ['a flat array', `<script type="application/json" id="__NUXT_DATA__">${JSON.stringify([{ data: 1 }, [2, 3, 4, 5], ...stories.map((_, at) => ({ title: 6 + at * 3, url: 7 + at * 3, publishedAt: 8 + at * 3 })), ...stories.flatMap(({ title, url, publishedAt }) => [title, url, publishedAt])])}</script>`], // prettier-ignore
  ]
  for (const [what, html] of forms) it(`reads ${what}`, () => assert.deepEqual(found(`<body>${html}</body>`), expected))

  it('runs nothing, and gives nothing for what is no JSON', () => {
    for (const script of [
      'window.__STATE__ = (function(a){return {stories:[{title:a,url:"/x"}]}}("x"))',
      `window.__STATE__ = ${json.slice(0, -5)}`,
      `window.__STATE__ = {${'"a":{'.repeat(3000)}`,
      `var s = "${'{['.repeat(5000)}"`,
      'throw new Error()',
    ])
      assert.deepEqual(found(`<script>${script}</script>`), [])
  })

  it('takes articles of JSON-LD, and of its lists those that are named by address alone', () => {
    const script = (data: unknown) => `<script type="application/ld+json">${JSON.stringify(data)}</script>`
    const article = { '@type': 'NewsArticle', headline: 'Storm', url: 'https://buoy.example/storm', author: [{ name: 'Mara Kettle' }], image: { url: '/storm.jpg' } } // prettier-ignore
    const crumbs = { '@type': 'BreadcrumbList', itemListElement: [{ '@type': 'ListItem', position: 1, item: { '@id': 'https://buoy.example/news', name: 'News' } }] } // prettier-ignore
    const list = { '@type': 'ItemList', itemListElement: [{ '@type': 'ListItem', position: 1, url: 'https://buoy.example/tide' }] } // prettier-ignore
    const [one, two] = readData(script({ '@graph': [article, crumbs] }) + script(list), URL_OF_PAGE)
    assert.deepEqual(one?.items, [
      {
        url: 'https://buoy.example/storm',
        title: 'Storm',
        authors: ['Mara Kettle'],
        image: { url: 'https://buoy.example/storm.jpg' },
      },
    ])
    assert.deepEqual(two?.items, [{ url: 'https://buoy.example/tide' }])
  })
})
