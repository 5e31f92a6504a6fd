import assert from 'node:assert/strict'
import fc from 'fast-check'
import { clean } from '../../src/articles/clean.ts'
import { excerptOf, toText } from '../../src/articles/text.ts'
import { hostileHtml } from './hostile.ts'
import { pagesOfWork } from '../work.ts'

const textOf = (html: string) => toText(clean(html, { base: 'https://gazette.example/' }))

describe('toText', () => {
  it('keeps paragraphs, headings, points, quotes and the words of links', () => {
    const html =
      '<h2>Tides</h2><p>High at <a href="/t">six</a>,<br>low at noon.</p><ul><li>one</li><li>two<ol><li>inner</li></ol></li></ul>' +
      '<blockquote><p>We waited.</p><p>And left.</p></blockquote><pre>a\n  b</pre>' +
      '<table><tr><th>Day<th>High</tr><tr><td>Mon<td>5 m</tr></table><dl><dt>Dogger<dd>Gale</dl>'
    assert.equal(
      textOf(html),
      [
        'Tides',
        'High at six,\nlow at noon.',
        '- one\n- two\n  1. inner',
        '> We waited.\n>\n> And left.',
        'a\n  b',
        'Day | High\nMon | 5 m',
        'Dogger',
        'Gale',
      ].join('\n\n'),
    )
  })

  it('leaves out pictures and their captions', () => {
    assert.equal(
      textOf('<p>Text</p><figure><img src="/a.jpg" alt="A boat"><figcaption>The boat</figcaption></figure>'),
      'Text',
    )
  })

  it('gives characters for references, and text that looks like mark-up as it is', () => {
    assert.equal(textOf('<p>1 &lt; 2 &amp;amp; &lt;b&gt;</p>'), '1 < 2 &amp; <b>')
  })

  it('reads clean HTML without losing a word of it', () => {
    const letters = (text: string) => text.replace(/[^\p{L}]/gu, '')
    fc.assert(
      fc.property(hostileHtml, (hostile) => {
        const html = clean(hostile, { base: 'https://gazette.example/' }).replace(
          /<figcaption[\s\S]*?<\/figcaption>/g,
          '',
        )
        const words = html.replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|quot);/g, ' ')
        assert.equal(letters(toText(html as ReturnType<typeof clean>)), letters(words))
      }),
      { numRuns: 500 },
    )
  })
})

describe('excerptOf', () => {
  it('gives a short text as one line', () => {
    assert.equal(excerptOf('One line.\n\n- Another\n\n> one.'), 'One line. Another one.')
  })

  it('ends with a whole sentence where that fills more than half of the room', () => {
    assert.equal(
      excerptOf('The boat went out at four. It came back at noon with everyone on board.', 45),
      'The boat went out at four.',
    )
  })

  it('else ends with a whole word and an ellipsis', () => {
    assert.equal(excerptOf('The lifeboat went out at ten past four in the morning', 24), 'The lifeboat went out…')
  })

  it('never cuts what a reader sees as one character, and never gives more of them than asked for', () => {
    const family = '👩‍👩‍👧‍👦'
    assert.equal(excerptOf(family.repeat(10), 4), `${family.repeat(3)}…`)
    const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    const piece = fc.constantFrom(family, '🇬🇧', 'é', 'क्षि', 'a', ' ', 'word', '. ', '漢字', '! ')
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
        fc.integer({ min: 2, max: 40 }),
        (text, limit) => {
          const excerpt = excerptOf(text, limit)
          const parts = [...graphemes.segment(excerpt)].map(({ segment }) => segment)
          assert.ok(parts.length <= limit, excerpt)
          const known = new Set([...graphemes.segment(text)].map(({ segment }) => segment))
          for (const part of parts)
            assert.ok(known.has(part) || part === '…' || part === ' ', JSON.stringify([part, text]))
        },
      ),
    )
  })

  it('takes no time for a very long text', () => {
    const work = pagesOfWork(() => excerptOf('word '.repeat(1_000_000)))
    assert.ok(work < 20, `${work} pages`)
  })
})
