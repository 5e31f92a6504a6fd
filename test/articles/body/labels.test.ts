import assert from 'node:assert/strict'
import { withoutLabels } from '../../../src/articles/body/labels.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('withoutLabels', () => {
  const text =
    'The dredger lifted four hundred tonnes of mud from the inner harbour before noon, the harbour master said, and nobody was sorry to see it go.'
  /** What is left of a page of which all was chosen. */
  const left = (body: string) => {
    const found = readPassages(parseHtml(`<body>${body}</body>`)('body')[0]!)
    return [...withoutLabels(found, new Set(found.passages.keys()))].map((index) => found.passages[index]?.text)
  }

  it('leaves out a small box that is called a form for subscribers, whatever it says', () => {
    const box = (words: string) => `<p>${text}</p><div class="newsletter-box"><p>${words}</p></div><p>${text}</p>`
    assert.deepEqual(left(box('毎朝七時に届きます。')), [text, text])
    assert.deepEqual(left(box('Каждое утро.')), [text, text])
  })

  it('keeps the paragraphs that only subscribers may read, each in a box that says so', () => {
    assert.equal(left(`<div class="subscriber-only"><p>${text}</p></div>`.repeat(9)).length, 9)
  })

  for (const day of [
    '29. Oktober 2026, 11:45 Uhr',
    '2026年10月29日',
    '29 октября 2026',
    '2026년 10월 29일',
    '٢٩ أكتوبر ٢٠٢٦',
  ])
    it(`leaves out a line above the text that says only ${day}, and keeps a heading and the days of a chronicle`, () => {
      assert.deepEqual(left(`<p>${day}</p><p>${text}</p>`), [text])
      assert.deepEqual(left(`<h2>${day}</h2><p>${text}</p>`), [day, text])
      const entry = `<p>${day}</p><p>${text}</p>`
      assert.deepEqual(left(entry + entry), [day, text, day, text])
    })

  it('leaves out a time above the text, and keeps a line with more in it', () => {
    assert.deepEqual(left(`<p><time>Five hours ago</time></p><p>${text}</p>`), [text])
    const line = 'On 29 October 2026 the wall gave way at last.'
    assert.deepEqual(left(`<p>${line}</p><p>${text}</p>`), [line, text])
  })

  it('leaves out what marks an advertisement and what sells the rest, and nothing where that is all there is', () => {
    assert.deepEqual(left(`<p>${text}</p><p>Anzeige</p><p>${text}</p><p>続きを読む</p>`), [text, text])
    assert.deepEqual(left('<p>Anzeige</p>'), ['Anzeige'])
  })
})
