import assert from 'node:assert/strict'
import { publicAddresses } from '../../src/addresses.ts'
import { checkFeed, type CheckOptions } from '../../src/feeds/checked.ts'
import { openMemory } from '../../src/feeds/memory.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { type Article, type Feed, type SafeHtml } from '../../src/model.ts'
import { addresses, article, feed, site } from './nouns.ts'

const check = (articles: Article[], changes: Partial<Feed> = {}, options: CheckOptions = {}) =>
  checkFeed(feed(changes), site, addresses, articles, options)
const render = (articles: Article[], changes: Partial<Feed> = {}) =>
  renderFeed(feed(changes), site, addresses, articles)
const titles = (articles: Article[]) => articles.map(({ title }) => title)
const many = (count: number) => Array.from({ length: count }, (_, index) => article(index + 1))
const html = (text: string) => ({ html: text as SafeHtml })
const active = html('<p>x</p><script>alert(1)</script>')
/** So many bytes of HTML. */
const long = (bytes: number) => html(`<p>${'x'.repeat(bytes - 7)}</p>`)
const sizes = (files: ReturnType<typeof check>['files']) =>
  Object.values(files ?? {}).map((text) => Buffer.byteLength(text))

describe('feeds/checked', () => {
  it('lets through what passes', () => {
    const articles = [article(1), article(2)]
    const { files, faults, held, articles: shown, beyond } = check(articles)
    assert.deepEqual(files, render(articles))
    assert.deepEqual([faults, held, titles(shown), beyond], [[], [], ['Story 2', 'Story 1'], []])
  })

  it('leaves out and names the article that breaks a rule, and publishes the others', () => {
    const { files, faults, held, articles: shown } = check([article(1), article(2, active), article(3)])
    assert.deepEqual(files, render([article(1), article(3)]))
    assert.deepEqual(titles(shown), ['Story 3', 'Story 1'])
    assert.deepEqual(held, [])
    assert.deepEqual(
      faults.map(({ code, details }) => [code, details['article'], details['reason']]),
      [['feed.item', article(2).id, 'content.active: <script>']],
    )
  })

  it('holds a feed when more than a tenth of its articles are faulty, whatever is wrong with them', () => {
    const faulty = (bad: number) =>
      check(many(20).map((one, index) => (index < bad ? { ...one, ...(index === 0 ? { title: '' } : active) } : one)))
    const two = faulty(2)
    assert.deepEqual([two.held, two.faults.length, two.articles.length], [[], 2, 18])
    const three = faulty(3)
    assert.equal(three.files, undefined)
    assert.deepEqual(
      three.held.map(({ code, details }) => [code, details['faulty'], details['of']]),
      [['feed.invalid', 3, 20]],
    )
    assert.equal(three.faults.length, 3)
  })

  it('holds a feed that is faulty as a whole', () => {
    const nowhere = { ...publicAddresses('https://news.gazette.example'), publish: 'ftp://gazette.example/' }
    const { files, held } = checkFeed(feed(), site, nowhere, [article(1)])
    assert.equal(files, undefined)
    assert.ok(held.some(({ details }) => details['file'] === 'atom.xml' && details['rule'] === 'link.absolute'))
  })

  it('leaves out an article of the future', () => {
    const now = new Date('2026-03-02T11:58:00Z')
    const { faults, articles } = check([article(1), article(2)], {}, { now })
    assert.deepEqual(titles(articles), ['Story 1'])
    assert.match(faults[0]!.message, /item\.future/)
    assert.deepEqual(check([article(2)], {}, { now: new Date('2026-03-02T11:59:30Z') }).faults, [])
  })

  it('shows the newest so many and says which are for the archive', () => {
    const { files, articles, beyond } = check(many(5), { items: 3 })
    assert.deepEqual(
      [titles(articles), titles(beyond)],
      [
        ['Story 5', 'Story 4', 'Story 3'],
        ['Story 2', 'Story 1'],
      ],
    )
    assert.deepEqual(files, render(many(5), { items: 3 }))
  })

  it('is no larger than 1 MB: what does not fit is for the archive, and no HTML is cut', () => {
    const { files, articles, beyond } = check(many(5).map((one) => ({ ...one, ...long(300_000) })))
    assert.deepEqual(
      [titles(articles), titles(beyond)],
      [
        ['Story 5', 'Story 4', 'Story 3'],
        ['Story 2', 'Story 1'],
      ],
    )
    for (const size of sizes(files)) assert.ok(size > 900_000 && size <= 1_000_000)
    assert.equal(files!['atom.xml'].match(/<p>x{299993}<\/p>/g)!.length, 3)
  })

  it('is no larger than its config says, to the byte', () => {
    const articles = many(3)
    const largest = Math.max(...sizes(render(articles)))
    for (const bytes of [largest - 1, largest, largest + 2, largest + 4000]) {
      const { files, articles: shown } = check(articles, { bytes })
      assert.ok(Math.max(...sizes(files)) <= bytes)
      if (bytes >= largest + 100) assert.equal(shown.length, 3)
    }
  })

  it('shows of one article beyond the limit its excerpt and a link', () => {
    const { files, articles, faults } = check([article(1), article(2, long(1_200_000))])
    assert.deepEqual([titles(articles), faults], [['Story 2', 'Story 1'], []])
    const { items } = JSON.parse(files!['feed.json']) as { items: { content_html: string }[] }
    assert.equal(
      items[0]!.content_html,
      '<p>What happened on day 2.</p>\n<p>→ <a href="https://gazette.example/news/2">gazette.example</a></p>',
    )
  })

  it('leaves out what is too large even so', () => {
    const { articles, faults } = check([article(1), article(2, { title: 'T'.repeat(1_100_000) })])
    assert.deepEqual(titles(articles), ['Story 1'])
    assert.match(faults[0]!.message, /item\.size/)
  })

  it('shortens the largest articles of a page of the archive, which must have them all', () => {
    const articles = [1, 2, 3].map((number) => article(number, long(number * 1_000_000)))
    const large = { items: 1, bytes: 5_000_000 }
    const { files, articles: shown, beyond } = check(articles, large, { isWhole: true, place: { page: 1 } })
    assert.deepEqual([titles(shown), beyond], [['Story 3', 'Story 2', 'Story 1'], []])
    assert.ok(Math.max(...sizes(files)) <= 5_000_000)
    assert.match(files!['rss.xml'], /x{1000000}/)
    assert.match(files!['rss.xml'], /<p>→ <a href="https:\/\/gazette.example\/news\/3">/)
  })

  it('gives the same bytes with a memory as without', () => {
    const memory = openMemory()
    const articles = many(4)
    check(articles, {}, { memory })
    articles[2] = { ...articles[2]!, title: 'Another' }
    assert.deepEqual(check(articles, {}, { memory }).files, render(articles))
    assert.deepEqual(
      check(articles, { content: 'excerpt' }, { memory }).files,
      render(articles, { content: 'excerpt' }),
    )
    const faulty = articles.with(1, { ...articles[1]!, ...active })
    for (let again = 0; again < 2; again++) assert.equal(check(faulty, {}, { memory }).faults.length, 1)
  })
})
