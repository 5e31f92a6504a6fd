import assert from 'node:assert/strict'
import { doubtsOf } from '../../../src/articles/body/doubts.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('doubtsOf', () => {
  const doubts = (html: string, title?: string) => [
    ...doubtsOf(readPassages(parseHtml(`<body>${html}</body>`)('body')[0]!), { title, authors: [] }),
  ]
  const story = `<div><h1>Wall</h1>${'<p>The wall will be a metre higher by the end of next year, the council decided on Tuesday, after two winters of floods.</p>'.repeat(8)}</div>`

  it('leaves no place for the headline and for captions', () => {
    assert.deepEqual(
      doubts('<h1>The Wall!</h1><p>Text</p><figure><figcaption>Caption</figcaption></figure>', 'The wall'),
      [Infinity, 0, Infinity],
    )
  })

  it('leaves no place for filler where there is a text, and takes filler for the text where there is none', () => {
    const filler =
      '<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.</p>'
    assert.deepEqual(doubts(`${story}${filler}`).slice(-2), [0, Infinity])
    assert.deepEqual(
      doubts(
        `${filler}<p>Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea.</p>`,
      ),
      [0, 0],
    )
  })

  it('doubts lines that are only links, and paragraphs of one most of all', () => {
    const [point = 0, paragraph = 0, text] = doubts(
      '<div><a href="/a">Storm closes the quay</a></div><p><a href="/b">Storm closes the quay</a></p><p>As we <a href="/c">reported</a></p>',
    )
    assert.ok(paragraph > point && point > 0)
    assert.equal(text, 0)
  })

  it('doubts short parts that are called newsletter or share, not a whole article that is', () => {
    assert.ok((doubts(`${story}<div class="newsletter"><p>Every morning.</p></div>`).at(-1) ?? 0) > 1)
    assert.equal(doubts(`<div class="newsletter">${story}</div>`).at(-1), 0)
  })

  it('doubts comments, not a page that is called after them', () => {
    const comment = '<div class="body"><div><div><p>I have lived here for forty years.</p></div></div></div>'
    assert.ok((doubts(`${story}<section id="comments">${comment}</section>`).at(-1) ?? 0) > 1)
    assert.equal(doubts(`<div class="comments-open">${story}${comment}</div>`).at(-1), 0)
  })
})
