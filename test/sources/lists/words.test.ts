import assert from 'node:assert/strict'
import { dateKind, plainDigits, widthOf } from '../../../src/sources/lists/words.ts'
import { learnParameters, shapeOf, withoutWhence } from '../../../src/sources/lists/shape.ts'

describe('sources/lists, words and addresses', () => {
  it('sees dates in any language, and how much of one they are', () => {
    for (const text of [
      '14/03/2026 às 10h30',
      '14.03.26',
      '2026年3月14日(土)',
      '١٤ مارس ٢٠٢٦',
      '14. März 2026, 10:30 Uhr',
      'March 14, 2026',
      '2026. március 14.',
      '令和8年3月14日',
      '14 มี.ค. 2569',
      '14 tháng 3 năm 2026',
      '2026-03-14T10:00:00Z',
    ])
      // prettier-ignore
      assert.equal(dateKind(text), 'whole', text)
    for (const text of ['14 marca', 'Mar 14', '3月14日', '3 hours ago', 'vor 2 Stunden', 'il y a 3 heures', '10分前'])
      assert.equal(dateKind(text), 'part', text)
    for (const text of [
      'Top 10 of 2026',
      '10 things to know in 2026',
      '7 books for spring',
      'March 2026',
      '12 angry men',
      '5 min read',
    ])
      // prettier-ignore
      assert.equal(dateKind(text), undefined, text)
  })

  it('measures text by what it says: a letter of Chinese counts twice, a mark nothing', () => {
    assert.equal(widthOf('abc'), 3)
    assert.equal(widthOf('港口大桥'), 8)
    assert.equal(widthOf('e\u0301te\u0301'), 3)
  })

  it('reads digits of all scripts', () => assert.equal(plainDigits('۱۴۰۳ ٢٠٢٦ २०२६'), '1403 2026 2026'))

  it('tells addresses of articles from those of menus', () => {
    const promise = (path: string) => shapeOf(`https://gazette.example${path}`)?.promise ?? NaN
    for (const path of ['/2026/03/14/storm-shuts-the-quay/', '/news/48210.html', '/a/how-the-tide-turned'])
      for (const other of ['/', '/news/', '/tag/storm', '/news/page/2', '/?s=storm', '/report.pdf'])
        assert.ok(promise(path) > promise(other) + 0.5, `${path} ${other}`)
  })

  it('leaves out of an address what only says where it was followed, unless it names the page', () => {
    const home = [1, 2, 3, 4, 5, 6].map(
      (at) => `https://gazette.example/news/story-of-day-${at}?mod=top&ref=home${at % 2}`,
    )
    assert.equal(withoutWhence(home[0] ?? '', learnParameters(home)), 'https://gazette.example/news/story-of-day-1')
    const old = [1, 2, 3, 4, 5, 6].map((at) => `https://gazette.example/show.php?ref=${at}00`)
    assert.equal(withoutWhence(old[0] ?? '', learnParameters(old)), old[0])
  })
})
