import assert from 'node:assert/strict'
import { isRealChange, pictureKey, withoutNoise } from '../../src/articles/changes.ts'
import { contentHash } from '../../src/articles/identity.ts'
import { excerptOf, toText } from '../../src/articles/text.ts'
import { type Article, type SafeHtml } from '../../src/model.ts'

const AT = new Date('2026-03-02T08:00:00Z')
const LATER = new Date('2026-03-03T08:00:00Z')

const BODY =
  '<p>The outer quay stayed shut on Monday after waves broke over the wall twice, the <a href="https://gazette.example/harbour">harbour master</a> said.</p>' +
  '<figure><img src="https://cdn1.gazette.example/w_800/v12/quay-wall-800x600.jpg?v=1" alt="The wall"><figcaption>The wall</figcaption></figure>' +
  '<p>It opens at noon, when 3 boats are expected.</p><ul><li>High water: 14.05</li><li>Low water: 20.10</li></ul>'

function article(html: string, changes: Partial<Article> = {}): Article {
  const safe = html as SafeHtml
  const text = toText(safe)
  const title = changes.title ?? 'Storm shuts the quay'
  return {
    id: 'a',
    sourceId: 'main',
    url: 'https://gazette.example/storm',
    title,
    authors: [],
    html: safe,
    text,
    excerpt: excerptOf(text),
    topics: [],
    images: [{ url: 'https://cdn1.gazette.example/w_800/v12/quay-wall-800x600.jpg?v=1', alt: 'The wall' }],
    enclosures: [],
    hash: contentHash(title, text),
    firstSeenAt: AT,
    ...changes,
  }
}

describe('articles/changes', () => {
  const known = article(BODY)

  for (const [what, html] of [
    ['a count of comments', `${BODY}<p>12 comments</p>`],
    ['several counts in a row', `${BODY}<p>1.2k views · 34 shares | 5 min read</p>`],
    ['how long ago it was', `<p>Last updated 5 minutes ago</p>${BODY}`],
    [
      'how long ago it was, in other languages',
      `<p>vor 12 Minuten</p><p>il y a 5 heures</p><p>3 часа назад</p><p>5分前</p><p>для</p>`.replace(
        '<p>для</p>',
        BODY,
      ),
    ],
    ['counts in other languages', `${BODY}<p>14 Kommentare</p><p>3 комментария</p><p>12条评论</p><p>5 compartidos</p>`],
    ['white space and characters that nobody sees', BODY.replaceAll(' ', ' \n').replace('quay', 'qu\u00aday')],
    ['another link to read on', `${BODY}<p><a href="https://gazette.example/fair">The fair opens</a></p>`],
    ['a list of other links', `${BODY}<ul><li><a href="/a">One</a></li><li><a href="/b">Two</a></li></ul>`],
    [
      'the address of a picture at its delivery network',
      BODY.replace(
        'cdn1.gazette.example/w_800/v12/quay-wall-800x600.jpg?v=1',
        'cdn2.gazette.example/w_1200,h_900/v13/quay-wall-1200x900.webp?v=2&sig=x',
      ),
    ],
    ['the query of a link', BODY.replace('/harbour', '/harbour?from=story')],
    [
      'mark-up that shows nothing',
      BODY.replace('<p>It opens', '<p><span>It opens</span>').replace('</span>', '</span>'),
    ],
  ] as [string, string][])
    it(`sees no change in ${what}`, () => {
      const fresh = article(html, {
        images: [{ url: /https:[^"]*quay-wall[^"]*/.exec(html)![0], alt: 'The wall' }],
        updatedAt: LATER,
      })
      assert.equal(isRealChange(known, fresh), false)
      assert.deepEqual(withoutNoise(known, fresh), known)
      // Nor in its going away again.
      const back = { ...known, updatedAt: LATER }
      assert.deepEqual(withoutNoise(fresh, back), fresh)
    })

  for (const [what, html, changes] of [
    ['another number in a sentence', BODY.replace('3 boats', '4 boats')],
    ['a sentence more', `${BODY}<p>It was shut on Sunday too.</p>`],
    ['a word in a link within the text', BODY.replace('harbour master', 'mayor')],
    ['a number in a list', BODY.replace('14.05', '14.15')],
    ['a title with another number', BODY, { title: 'Storm shuts 2 quays' }],
    ['a correction', `${BODY}<p>Correction: it opens at one.</p>`],
  ] as [string, string, Partial<Article>?][])
    it(`sees a change in ${what}`, () => {
      const fresh = article(html, { updatedAt: LATER, ...changes })
      assert.equal(isRealChange(known, fresh), true)
      assert.equal(withoutNoise(known, fresh), fresh)
    })

  it('sees a change in a list of links when the list is the article', () => {
    const list = (last: string) =>
      `<ul>${['One story', 'Two stories', last].map((name) => `<li><a href="/${name.length}">${name}</a></li>`).join('')}</ul>`
    assert.equal(isRealChange(article(list('Three')), article(list('Four of them'))), true)
  })

  it('sees a change in a table of numbers', () => {
    const table = (goals: number) =>
      `${BODY}<table><tr><td>Harbour</td><td>${goals}</td></tr><tr><td>3</td></tr></table>`
    assert.equal(isRealChange(article(table(1)), article(table(2))), true)
  })

  it('takes a new picture or another target of a link without moving the date of the change', () => {
    for (const html of [
      BODY.replace('quay-wall', 'new-wall'),
      BODY.replace('/harbour', '/port'),
      `${BODY}<figure><img src="https://gazette.example/map-of-harbour.png"></figure>`,
    ]) {
      const fresh = article(html, { updatedAt: LATER })
      const said = withoutNoise(known, fresh)
      assert.equal(said.html, html)
      assert.deepEqual([said.hash, said.updatedAt], [known.hash, undefined])
    }
  })

  it('knows a picture by its file, whichever way it is delivered', () => {
    const same = [
      'https://cdn.example/i/quay-wall.jpg',
      'https://cdn.example/i/quay-wall-1024x768.jpg?w=800',
      'https://img.example/w_800,h_600/v1234/quay-wall.webp',
      'https://paper.example/_next/image?url=%2Fi%2Fquay-wall.jpg&w=640&q=75',
      'https://i0.wp.example/paper.example/i/quay-wall.jpg?resize=300%2C200',
      'https://paper.example/cdn-cgi/image/width=800/https://paper.example/i/quay-wall.jpg',
    ]
    assert.deepEqual([...new Set(same.map(pictureKey))], ['quay-wall'])
    const others = [
      'https://cdn.example/2026/1.jpg',
      'https://cdn.example/2026/2.jpg',
      'https://cdn.example/storm/image.jpg',
      'https://cdn.example/ferry/image.jpg',
    ]
    assert.equal(new Set(others.map(pictureKey)).size, 4)
  })

  it('takes no longer than reading over lines of digits', function () {
    this.timeout(60_000)
    const html = `<p>${'1'.repeat(79)}x</p>`.repeat(5000)
    assert.equal(isRealChange(article(html), article(`${html}<p>More of it.</p>`)), true)
  })
})
