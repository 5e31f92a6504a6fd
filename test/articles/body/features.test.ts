import assert from 'node:assert/strict'
import { describe as describePassages, FEATURES } from '../../../src/articles/body/features.ts'
import { type Hints } from '../../../src/articles/body/hints.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('the figures of a passage', () => {
  const sentence =
    'The wall will be a metre higher by the end of next year, the council decided on Tuesday, after two winters of floods. '
  /** Each passage's figures, by their names. */
  const figures = (html: string, hints: Partial<Hints> = {}) => {
    const found = readPassages(parseHtml(`<body>${html}</body>`)('body')[0]!)
    const { rows, width } = describePassages(found, { authors: [], ...hints })
    return (at: number, name: string) => rows[at * width + FEATURES.indexOf(name)]
  }

  it('have names, each one of its own', () => assert.equal(new Set(FEATURES).size, FEATURES.length))

  it('say what its neighbours are, and that there is none', () => {
    const of = figures(`<h2>Wall</h2><p>${sentence}</p><p><a href="/quay">The quay</a></p>`)
    assert.equal(of(0, 'units at -1'), -1)
    assert.equal(of(1, 'units at -1'), Math.fround(Math.log2(5)))
    assert.equal(of(1, 'link share at 1'), 1)
    assert.equal(of(1, 'link share at -1'), 0)
    assert.equal(of(2, 'ending at -1'), 1)
    assert.equal(of(2, 'same signature at -1'), 1)
    assert.equal(of(2, 'same signature at -2'), 0)
  })

  it('say where it stands: behind which heading, in which boxes, after how much of the prose', () => {
    const of = figures(
      `<h1>Wall</h1><h2>Floods</h2><article class="comments"><p>${sentence}</p><p>${sentence}</p></article>`,
      { title: 'Wall' },
    )
    assert.equal(of(0, 'is title'), 1)
    assert.equal(of(2, 'since h1'), 2)
    assert.equal(of(2, 'heading level'), 2)
    assert.equal(of(2, 'in article'), 1)
    assert.equal(of(2, 'called comment'), 1)
    assert.equal(of(2, 'prose before'), 0)
    assert.equal(of(3, 'prose before'), 0.5)
    assert.equal(of(3, 'copies'), 2)
  })

  it('say what it has in common with the title and with an author, in scripts without spaces too', () => {
    for (const [lines, title, author] of [
      ['<p>A higher wall</p><p>Wilf Garrity</p>', 'The higher wall', 'Wilf Garrity'],
      ['<p>防波堤加高</p><p>记者 李明</p>', '市政府决定防波堤加高一米', '李明'],
    ] as const) {
      const of = figures(lines, { title, authors: [author] })
      assert.deepEqual([of(0, 'words in title'), of(1, 'words in title')], [1, 0])
      assert.deepEqual([of(0, 'names author'), of(1, 'names author')], [0, 1])
    }
  })
})
