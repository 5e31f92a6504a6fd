import assert from 'node:assert/strict'
import { diffTexts } from '../../src/articles/diff.ts'

describe('articles/diff', () => {
  const text = 'The quay is shut.\n\nThe ferry sails at eleven from the market.\n\nNobody was hurt.'

  it('finds nothing between two that are the same', () => {
    assert.deepEqual(diffTexts(text, text), [{ kind: 'same', text: '…' }])
    assert.deepEqual(diffTexts('', ''), [])
  })

  it('marks words within a paragraph, and gives whole ones that came or went', () => {
    const after =
      'The quay is shut.\n\nThe ferry sails at noon from the market.\n\nNobody was hurt.\n\nIt opens on Sunday.'
    assert.deepEqual(diffTexts(text, after), [
      { kind: 'same', text: '…' },
      { kind: 'changed', text: 'The ferry sails at [-eleven-]{+noon+} from the market.' },
      { kind: 'same', text: '…' },
      { kind: 'added', text: 'It opens on Sunday.' },
    ])
    assert.deepEqual(diffTexts(after, text).at(-1), { kind: 'removed', text: 'It opens on Sunday.' })
  })

  it('marks characters where a script writes no spaces', () => {
    assert.deepEqual(diffTexts('码头已经关闭了。', '码头已经开放了。'), [
      { kind: 'changed', text: '码头已经[-关闭-]{+开放+}了。' },
    ])
  })

  it('gives a text that was rewritten as what went and what came', () => {
    assert.deepEqual(
      diffTexts('One two three.', 'Entirely other words here.').map(({ kind }) => kind),
      ['removed', 'added'],
    )
  })

  it('takes no longer for a text of a million lines', function () {
    this.timeout(60_000)
    const long = (word: string) => `${word} line\n`.repeat(100_000)
    assert.equal(diffTexts(`first\n${long('a')}`, `other\n${long('b')}`).length > 1, true)
  })
})
