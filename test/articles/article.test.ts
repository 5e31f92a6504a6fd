import assert from 'node:assert/strict'
import fc from 'fast-check'
import { makeArticle, readBody } from '../../src/articles/article.ts'
import { Failure } from '../../src/failures.ts'
import { type Draft, type Item } from '../../src/item.ts'

const NOW = new Date('2026-03-01T08:00:00Z')
const LATER = new Date('2026-03-05T08:00:00Z')
const URL_OF_ITEM = 'https://gazette.example/news/storm'
const options = { sourceId: 'desk', topics: [], now: NOW }
const draft = (values: Partial<Draft> = {}): Draft => ({
  title: 'Storm',
  authors: [],
  topics: [],
  html: '<p>It came at night.</p>',
  ...values,
})
const make = (item: Partial<Item> = {}, read: Partial<Draft> = {}) =>
  makeArticle({ url: URL_OF_ITEM, ...item }, draft(read), undefined, options)

describe('makeArticle', () => {
  it('lets the word of the item win over what the page says, and falls back on the page', () => {
    const article = make(
      { title: 'From the feed', topics: ['sea'] },
      { title: 'From the page', authors: ['Mara Lund'], topics: ['Harbour', 'sea'], publishedAt: NOW, language: 'en' },
    )
    assert.deepEqual(
      [article.title, article.authors, article.topics, article.publishedAt, article.language],
      ['From the feed', ['Mara Lund'], ['sea', 'Harbour'], NOW, 'en'],
    )
  })

  it('gives every article the topics of its source first', () => {
    assert.deepEqual(
      makeArticle({ url: URL_OF_ITEM }, draft({ topics: ['sea'] }), undefined, { ...options, topics: ['news'] }).topics,
      ['news', 'sea'],
    )
  })

  it('mints the same id for one address in several spellings, and keeps the one that is known', () => {
    const { id } = make()
    assert.equal(make({ url: 'http://www.gazette.example/news/storm/?utm_source=x' }).id, id)
    assert.notEqual(make({ url: 'https://gazette.example/news/calm' }).id, id)
    const known = { id: 'kept', firstSeenAt: new Date(0), hash: 'other', guid: 'old guid' }
    const again = makeArticle({ url: URL_OF_ITEM, guid: 'new guid' }, draft(), known, options)
    assert.deepEqual([again.id, again.guid, again.firstSeenAt], ['kept', 'old guid', new Date(0)])
  })

  it('moves `updatedAt` only when title or text changed, to what the site says or else to now', () => {
    const first = makeArticle({ url: URL_OF_ITEM }, draft({ publishedAt: NOW }), undefined, options)
    assert.equal(first.updatedAt, undefined)
    const at = { ...options, now: LATER }
    const touched = {
      updatedAt: LATER,
      publishedAt: NOW,
      html: '<div><p class="x">It came  at <span>night</span>.</p></div>',
    }
    assert.equal(makeArticle({ url: URL_OF_ITEM }, draft(touched), first, at).updatedAt, undefined)

    const changed = { publishedAt: NOW, html: '<p>It came at noon.</p>' }
    const second = makeArticle({ url: URL_OF_ITEM }, draft(changed), first, at)
    assert.deepEqual(second.updatedAt, LATER)
    const stated = new Date('2026-03-04T00:00:00Z')
    assert.deepEqual(
      makeArticle({ url: URL_OF_ITEM }, draft({ ...changed, updatedAt: stated }), first, at).updatedAt,
      stated,
    )
    const old = new Date('2026-02-01T00:00:00Z')
    assert.deepEqual(
      makeArticle({ url: URL_OF_ITEM }, draft({ ...changed, updatedAt: old }), first, at).updatedAt,
      LATER,
    )
    assert.deepEqual(
      makeArticle({ url: URL_OF_ITEM }, draft({ ...changed, updatedAt: old }), second, at).updatedAt,
      LATER,
    )
  })

  it('keeps the date of publication that it knew when the site no longer says it', () => {
    const known = makeArticle({ url: URL_OF_ITEM }, draft({ publishedAt: NOW }), undefined, options)
    assert.deepEqual(makeArticle({ url: URL_OF_ITEM }, draft(), known, { ...options, now: LATER }).publishedAt, NOW)
  })

  it('makes plain text of a title, whichever way it was written', () => {
    const titles: [string, string][] = [
      ['  Storm\n  at   sea ', 'Storm at sea'],
      ['Storm &amp; <em>tide</em>&#8217;s end', 'Storm & tide’s end'],
      ['Vector<int> & List<T>', 'Vector<int> & List<T>'],
      ['1 < 2 > 0', '1 < 2 > 0'],
      ['a\u0000b\ud800c\uffff', 'ab\ufffdc'],
      ['&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
    ]
    for (const [written, title] of titles) assert.equal(make({ title: written }).title, title)
  })

  it('has the lead picture first, with the words of both, whether or not it is in the text', () => {
    const html =
      '<p>Text</p><img src="/a.jpg" alt="A"><figure><img src="/b.jpg"><figcaption>The quay</figcaption></figure>'
    const inText = make({}, { html, image: { url: '/b.jpg', credit: 'Ida Berg' } })
    assert.deepEqual(inText.images, [
      { url: 'https://gazette.example/b.jpg', caption: 'The quay', credit: 'Ida Berg' },
      { url: 'https://gazette.example/a.jpg', alt: 'A' },
    ])
    assert.equal(
      make({ image: { url: 'https://cdn.example/c.jpg' } }, { html }).images[0]?.url,
      'https://cdn.example/c.jpg',
    )
    assert.deepEqual(make({ image: { url: 'javascript:alert(1)' } }).images, [])
  })

  it('gives the credit of a saved text to its first picture', () => {
    const { images } = make({ image: { url: '/a.jpg' } }, { credit: 'Ida Berg' })
    assert.equal(images[0]?.credit, 'Ida Berg')
  })

  it('puts our own copies in place of pictures, in the text and in the list, with what we know of the file', () => {
    const copy = {
      url: 'https://feeds.gazette.example/media/1f.jpg',
      type: 'image/jpeg',
      bytes: 10,
      width: 4,
      height: 3,
    }
    const media = new Map([['https://gazette.example/news/wall.jpg', copy]])
    const article = makeArticle(
      { url: URL_OF_ITEM, image: { url: 'wall.jpg', alt: 'The wall' } },
      draft({ html: '<p>Text <img src="wall.jpg"></p>' }),
      undefined,
      { ...options, media },
    )
    assert.deepEqual(article.images, [{ alt: 'The wall', ...copy }])
    assert.match(article.html, /src="https:\/\/feeds\.gazette\.example\/media\/1f\.jpg"/)
    assert.doesNotMatch(article.html, /news\/wall\.jpg/)
  })

  it('goes by the address that the body states, without tracking', () => {
    assert.equal(
      make({}, { canonicalUrl: 'https://gazette.example/2026/storm?fbclid=1' }).url,
      'https://gazette.example/2026/storm',
    )
  })

  it('refuses what has no title, or neither text nor picture', () => {
    const missing = (item: Partial<Item>, read: Partial<Draft>) => {
      try {
        make(item, read)
      } catch (thrown) {
        assert.ok(thrown instanceof Failure && thrown.code === 'article.empty')
        return thrown.details['missing']
      }
      throw new Error('it was not refused')
    }
    assert.equal(missing({}, { title: ' \u0000 ' }), 'a title')
    assert.equal(missing({}, { html: '<p>&nbsp;</p><script>x</script>' }), 'text')
  })

  it('has no character in any field that XML forbids', () => {
    const wild = fc
      .array(
        fc.constantFrom('a', '\u0000', '\ud800', '\uffff', '\u001b', ' ', '&#1;', '&#xFFFE;', '<b>', '&', '\u0085'),
      )
      .map((parts) => `x${parts.join('')}`)
    fc.assert(
      fc.property(wild, wild, (one, other) => {
        const item = {
          url: URL_OF_ITEM,
          guid: one,
          title: one,
          authors: [other],
          topics: [one],
          language: other,
          excerpt: other,
        }
        const article = makeArticle(
          item,
          draft({ html: `<p title="${other}">${one}</p>`, credit: one, image: { url: '/a.jpg', alt: other } }),
          undefined,
          options,
        )
        const fields = JSON.stringify(article, (_, value: unknown) =>
          typeof value === 'string' ? `${value.isWellFormed() ? '' : '\uffff'}${value}` : value,
        )
        assert.doesNotMatch(fields, /\\u00[01][0-9a-f]|[\u007f-\u009f\ufffe\uffff]|\\ud[89a-f]/)
      }),
    )
  })
})

describe('readBody', () => {
  it('takes the heading of a piece of HTML for its title, and out of its text', () => {
    const { title, html } = readBody(
      { form: 'fragment', value: '<h1>Storm <em>at sea</em></h1><p>Text</p>' },
      URL_OF_ITEM,
    )
    assert.equal(title, 'Storm at sea')
    assert.doesNotMatch(html, /Storm/)
  })

  it('leaves a heading that stands further down, and one that is not the stated title', () => {
    assert.equal(readBody({ form: 'fragment', value: '<p>Text</p><h1>Storm</h1>' }, URL_OF_ITEM).title, undefined)
    const { title, html } = readBody(
      { form: 'markdown', value: '---\ntitle: Storm\n---\n# Another\n\nText' },
      URL_OF_ITEM,
    )
    assert.equal(title, 'Storm')
    assert.match(html, /Another/)
  })

  it('keeps the base of a piece of HTML', () => {
    const read = readBody(
      { form: 'fragment', value: '<base href="https://cdn.example/x/"><h1>A</h1><p><img src="a.jpg"></p>' },
      URL_OF_ITEM,
    )
    assert.equal(
      makeArticle({ url: URL_OF_ITEM }, read, undefined, options).images[0]?.url,
      'https://cdn.example/x/a.jpg',
    )
  })

  it('gives what front matter says of url, guid and readiness', () => {
    const value = '---\ntitle: A\nurl: https://gazette.example/a\nguid: g1\ndraft: true\n---\nText'
    const { canonicalUrl, guid, isUnfinished } = readBody({ form: 'markdown', value }, URL_OF_ITEM)
    assert.deepEqual([canonicalUrl, guid, isUnfinished], ['https://gazette.example/a', 'g1', true])
  })
})
