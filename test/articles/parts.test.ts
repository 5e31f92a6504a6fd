import assert from 'node:assert/strict'
import { findParts } from '../../src/articles/parts.ts'
import { parseHtml } from '../../src/articles/markup.ts'
import { openPage } from '../../src/articles/metadata/page.ts'

const HOST = 'https://gazette.example'

/** What is found on the page at `path`; addresses without their host. */
function partsOf(path: string, body: string, head = ''): Record<string, string | true> | undefined {
  const html = `<html><head>${head}</head><body><article><h1>The wall</h1><p>Text.</p>${body}</article></body></html>`
  const found = findParts(openPage(parseHtml(html, { keepData: true }), HOST + path))
  if (found === undefined) return undefined
  const bare = (value: string | true) => (value === true ? value : value.replace(HOST, ''))
  return Object.fromEntries(Object.entries<string | true>({ ...found }).map(([key, value]) => [key, bare(value)]))
}

const link = (href: string, text: string, more = '') => `<a href="${href}"${more}>${text}</a>`
const relNext = (href: string) => `<link rel="next" href="${href}">`
const pager = (...items: string[]) => `<nav class="pager"><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul></nav>` // prettier-ignore

describe('articles/parts', () => {
  describe('finds where an article goes on', () => {
    for (const [path, next] of [
      ['/news/wall', '/news/wall/2'],
      ['/news/wall/', '/news/wall/2/'],
      ['/news/wall', '/news/wall/page/2/'],
      ['/news/wall', '/news/wall/seite-2'],
      ['/news/wall.html', '/news/wall-page-2.html'],
      ['/news/wall', '/news/wall?page=2'],
      ['/news/wall?id=7', '/news/wall?id=7&seite=2'],
      ['/news/2020/wall/index.html', '/news/2020/wall/index2.html'],
      ['/news/wall/1', '/news/wall/2'],
      ['/news/wall?page=2', '/news/wall?page=3'],
    ] as const) {
      const number = next.includes('page=3') ? '3' : '2'
      it(`at ${next}, after ${path}, by a pager of numbers`, () => {
        const before = link(path, String(Number(number) - 1))
        const found = partsOf(path, pager(before, link(next, number), link(next.replace(/\d(?=\D*$)/, '4'), '4')))
        assert.equal(found?.['next'], next)
      })
    }

    it('by rel=next, in the head or on a link', () => {
      assert.deepEqual(partsOf('/news/wall', '', relNext('/news/wall/2')), { next: '/news/wall/2' })
      assert.deepEqual(partsOf('/news/wall', link('?page=2', 'Onwards', ' rel="next"')), { next: '/news/wall?page=2' })
    })

    for (const label of [
      'Next page',
      'Continue on page 2',
      'Nächste Seite',
      'Weiter auf Seite 2',
      'Page suivante',
      'Página siguiente',
      'Pagina successiva',
      'Volgende pagina',
      'Nästa sida',
      'Następna strona',
      'Следующая страница',
      'Sonraki sayfa',
      'الصفحة التالية',
      '下一页',
      '次のページ',
      '다음 페이지',
    ])
      it(`by the words “${label}”, even where the address may be that of another article`, () => {
        assert.deepEqual(partsOf('/news/wall.html', link('/news/wall_2.html', label)), { next: '/news/wall_2.html' })
      })

    it('of any address, where the head and the pager of numbers lead to the same', () => {
      const body = pager('1', link('/a/9c2', '2'), link('/a/77f', '3'))
      assert.deepEqual(partsOf('/a/8f3', body, relNext('/a/9c2')), { next: '/a/9c2' })
      assert.equal(partsOf('/a/8f3', body, relNext('/a/other')), undefined)
      assert.equal(partsOf('/a/8f3', body), undefined)
    })

    it('where the site counts from nought', () => {
      const body = pager('<b>1</b>', link('/a/wall_1.html', '2'), link('/a/wall_2.html', '3'))
      assert.deepEqual(partsOf('/a/wall.html', body), { next: '/a/wall_1.html' })
    })
  })

  describe('takes for no part', () => {
    const none = (path: string, body: string, head?: string) =>
      assert.equal(partsOf(path, body, head)?.['next'], undefined)

    it('the next article, whatever its address looks like', () => {
      none('/news/wall', link('/news/ferry', 'Next', ' rel="next"'), relNext('/news/ferry'))
      none('/2020/notes/', link('/2020/notes-2/', 'Next', ' rel="next"'), relNext('/2020/notes-2/'))
      none('/2020/notes/', `<div class="pager">${link('/2020/notes-2/', 'Next article »')}</div>`)
      none('/a/wall.html', `<div class="pager">${link('/a/wall_2.html', '下一篇')}</div>`)
      none('/posts/1', link('/posts/2', 'Newer post', ' rel="next"'), relNext('/posts/2'))
      none('/posts/11', link('/posts/12', 'Weiter', ' rel="next"'), relNext('/posts/12'))
      none('/?p=11', link('/?p=12', '»', ' rel="next"'), relNext('/?p=12'))
      none('/a.php?id=1', link('/a.php?id=2', 'Next', ' rel="next"'), relNext('/a.php?id=2'))
    })

    it('the pages of its comments', () => {
      none('/news/wall', `<div id="comments">${pager('1', link('/news/wall?page=2', '2'))}</div>`)
      none('/news/wall', link('/news/wall/comment-page-2/', 'Next page'))
      none('/news/wall', link('/news/wall?cpage=2', 'Next page'))
    })

    it('the pages of a list beside it, and those of the front page', () => {
      none('/news/wall', `<div class="related-articles">${pager('1', link('?page=2', '2'))}</div>`)
      none('/', pager('1', link('/?page=2', '2')), relNext('/page/2'))
    })

    it('a page of another host, a page before it, and itself', () => {
      none('/news/wall', '', relNext('https://other.example/news/wall/2'))
      none('/news/wall/3', pager(link('/news/wall', '1'), link('/news/wall/2', '2'), '<b>3</b>'))
      none('/news/wall', '', relNext('#page-2'))
    })
  })

  describe('of a later part', () => {
    it('says where the article begins, by its canonical address, by rel=prev or by the pager', () => {
      const canonical = '<link rel="canonical" href="/news/wall">'
      assert.equal(partsOf('/news/wall/2', '', canonical)?.['first'], '/news/wall')
      assert.equal(partsOf('/news/wall?page=3', '', canonical)?.['first'], '/news/wall')
      assert.equal(partsOf('/news/wall/2', '', '<link rel="prev" href="/news/wall">')?.['first'], '/news/wall')
      const body = pager(link('/news/wall.html', '1'), '<b>2</b>', link('/news/wall-3.html', '3'))
      assert.deepEqual(partsOf('/news/wall-2.html', body), {
        next: '/news/wall-3.html',
        first: '/news/wall.html',
        isLater: true,
      })
    })

    it('says so of no article that only has a number in its address', () => {
      const own = (path: string) => `<link rel="canonical" href="${path}">`
      assert.equal(partsOf('/blog/12', link('/blog', 'Blog'), own('/blog/12')), undefined)
      assert.equal(partsOf('/2020/notes-2/', link('/2020/notes/', 'Last week'), own('/2020/notes-2/')), undefined)
      assert.equal(partsOf('/a.php?id=12', link('/a.php', 'Home'), own('/a.php')), undefined)
    })

    it('finds pages after it of an article whose own name ends in a number', () => {
      assert.deepEqual(partsOf('/2020/notes-2/', '', relNext('/2020/notes-2/2/')), { next: '/2020/notes-2/2/' })
    })
  })

  describe('finds the page with all of it', () => {
    const whole = (href: string, text: string) =>
      partsOf('/news/wall', link(href, text), relNext('/news/wall/2'))?.['whole']
    for (const [href, text] of [
      ['/news/wall/komplettansicht', 'Auf einer Seite lesen'],
      ['/news/wall?page=all', 'View all'],
      ['/news/wall/all/', 'All pages'],
      ['/print/77', 'Single page view'],
      ['/news/wall?singlepage=true', 'View as one page'],
      ['/news/wall_all.html', '阅读全文'],
      ['/news/wall?full=1', 'Tout'],
    ] as const)
      it(`${href}, “${text}”`, () => assert.equal(whole(href, text), href))

    it('and not the page of all articles', () => {
      for (const [href, text] of [
        ['/news', 'View all'],
        ['/news/all', 'All'],
        ['/galleries', 'All pictures'],
      ] as const)
        assert.equal(whole(href, text), undefined)
    })

    it('only where the article has several', () => {
      assert.equal(partsOf('/news/wall', link('/news/wall?page=all', 'Single page')), undefined)
    })
  })
})
