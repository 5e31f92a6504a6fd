import assert from 'node:assert/strict'
import { readMinutes, wordCount } from '../src/read-time.ts'

describe('wordCount and readMinutes', () => {
  it('count words in spaced scripts, characters in Chinese and Japanese, and words in Thai', () => {
    assert.equal(wordCount('The harbour’s wall, 5.1 metres—no more.'), 7)
    assert.equal(wordCount('港の壁は高い'), 6)
    assert.equal(wordCount('한국어 단어 셋'), 3)
    assert.ok(wordCount('สวัสดีชาวโลก') >= 2)
  })

  it('say at least one minute, and more for more', () => {
    assert.equal(readMinutes(''), 1)
    assert.equal(readMinutes('word '.repeat(1150)), 5)
    assert.equal(readMinutes('字'.repeat(2000), 'ja'), 4)
    assert.equal(readMinutes('字'.repeat(2000), 'zh-Hans'), 5)
  })
})
