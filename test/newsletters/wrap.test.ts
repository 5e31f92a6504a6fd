import assert from 'node:assert/strict'
import { underline, widthOf, wrap } from '../../src/newsletters/wrap.ts'
import { clip, tidy } from '../../src/newsletters/tidy.ts'
import { marks } from '../../src/newsletters/personalize.ts'

describe('newsletters/wrap', () => {
  it('keeps every line within its columns and every word whole', () => {
    const text = 'The quick brown fox jumps over the lazy harbour dog. '.repeat(20).trim()
    const lines = wrap(text).split('\n')
    assert.ok(lines.length > 10)
    for (const line of lines) assert.ok(widthOf(line) <= 72, line)
    assert.equal(lines.join(' '), text)
  })

  it('leaves an address longer than a line whole, on a line of its own', () => {
    const url = `https://gazette.example/${'long/'.repeat(30)}`
    assert.equal(wrap(`See ${url} for more`, 40), `See\n${url}\nfor more`)
  })

  it('counts what is seen: two columns for wide characters and emoji, none for accents', () => {
    assert.equal(widthOf('港の新聞'), 8)
    assert.equal(widthOf('👩‍🚒🏴‍☠️'), 4)
    assert.equal(widthOf('e\u0301te\u0301'), 3)
  })

  it('breaks Japanese between characters, but begins no line with a full stop', () => {
    const lines = wrap('港に新しい水門ができた。町は静かだった。', 12).split('\n')
    assert.equal(wrap('水門ができた。町', 12), '水門ができ\nた。町')
    assert.deepEqual(lines, ['港に新しい水', '門ができた。', '町は静かだっ', 'た。'])
  })

  it('hangs the further lines of a list entry under its text', () => {
    assert.equal(wrap('- one two three four', 11), '- one two\n  three\n  four')
  })

  it('leaves room for the address that a mark stands for', () => {
    assert.equal(wrap(`${'x'.repeat(50)} ${marks.email}.`).split('\n').length, 2)
  })

  it('underlines by what is seen', () => {
    assert.equal(underline('港', '='), '港\n==')
  })

  it('clips at a word, by graphemes', () => {
    assert.equal(clip('one two three four', 12), 'one two…')
    assert.equal(clip('one two three four', 14), 'one two three…')
    assert.equal(clip('👩‍🚒👩‍🚒👩‍🚒', 3), '👩‍🚒👩‍🚒👩‍🚒')
    assert.equal(clip('👩‍🚒👩‍🚒👩‍🚒👩‍🚒', 3), '👩‍🚒👩‍🚒…')
  })

  it('clips a letter under ten thousand accents', () => {
    assert.ok(clip(`a${'\u0301'.repeat(10_000)}`, 100).length < 1000)
  })

  it('tidies away controls, marks, overrides and lone surrogates', () => {
    assert.equal(tidy(' a\r\n\tb\0\u202Ec\uFDD0d\uFDD1\uFFFE\uD800 '), 'a bcd\uFFFD')
  })
})
