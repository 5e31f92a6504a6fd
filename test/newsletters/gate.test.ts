import assert from 'node:assert/strict'
import { findUnusual, isFromBefore, usualSize, type Size } from '../../src/newsletters/gate.ts'

/** Past editions, newest first, from pairs of articles and readers. */
const past = (...sizes: [articles: number, readers: number][]): Size[] =>
  sizes.map(([articles, readers]) => ({ articles, readers }))

const of = (articles: number, readers: number): Size => ({ articles, readers })

const weeks = (articles: number, readers: number) => past(...Array.from({ length: 8 }, () => [articles, readers] as [number, number])) // prettier-ignore

describe('newsletters/gate', () => {
  const goes: [name: string, found: Size, past: Size[], least?: Size][] = [
    ['an everyday edition', of(12, 400), weeks(10, 395)],
    ['a paper that had quiet weeks', of(24, 400), weeks(1, 400)],
    ['a big day of a big paper', of(200, 400), weeks(45, 400)],
    ['a paper that grows from 1 to 10 readers', of(3, 10), weeks(2, 1)],
    ['a list that becomes three times as long', of(3, 1200), weeks(3, 400)],
    ['a few readers more than few', of(3, 50), weeks(3, 2)],
    ['as many articles as are never too many', of(30, 9), weeks(1, 9)],
    ['a first edition with what came since', of(30, 40), []],
    ['a first edition to those who signed up before it', of(3, 1000), []],
    ['an edition after one for a newcomer alone', of(8, 5000), past([52, 1], [8, 4990], [9, 4980])],
    ['an edition after all rows of the ledger were summed up and lost', of(8, 5000), past([8, 0], [9, 0])],
    ['what the config calls usual', of(400, 900), weeks(5, 20), of(400, 900)],
    ['nothing at all', of(0, 0), []],
  ]
  for (const [name, found, before, least] of goes) {
    it(`lets ${name} go`, () => assert.deepEqual(findUnusual(found, before, least), {}))
  }

  const held: [name: string, found: Size, past: Size[], expected: object, least?: Size][] = [
    ['a redesigned site', of(500, 400), weeks(10, 400), { articles: { found: 500, usual: 10 } }],
    ['the 31st article of a quiet paper', of(31, 9), weeks(1, 9), { articles: { found: 31, usual: 1 } }],
    ['an import of 5,000 into 20', of(3, 5020), weeks(3, 20), { readers: { found: 5020, usual: 20 } }],
    ['an import into a list of one', of(3, 51), weeks(3, 1), { readers: { found: 51, usual: 1 } }],
    ['a first edition with an archive', of(31, 1), [], { articles: { found: 31, usual: 0 } }],
    ['a first edition to a list of 5,000', of(3, 5000), [], { readers: { found: 5000, usual: 0 } }],
    [
      'both at once',
      of(500, 5000),
      weeks(10, 20),
      { articles: { found: 500, usual: 10 }, readers: { found: 5000, usual: 20 } },
    ],
    [
      'a burst after one that was let go',
      of(500, 400),
      past([52, 400], [10, 400], [9, 400], [11, 400]),
      { articles: { found: 500, usual: 11 } },
    ],
    [
      'a burst after editions for newcomers alone',
      of(150, 400),
      past([52, 1], [52, 2], [10, 400], [52, 1]),
      { articles: { found: 150, usual: 10 } },
    ],
    ['more than the config calls usual', of(6, 9), [], { articles: { found: 6, usual: 0 } }, of(5, 50)],
  ]
  for (const [name, found, before, expected, least] of held) {
    it(`holds ${name}`, () => assert.deepEqual(findUnusual(found, before, least), expected))
  }

  it('never holds a list that grows by a tenth each time, up to a hundred thousand', () => {
    const sizes: Size[] = []
    for (let readers = 1; readers < 100_000; readers = Math.ceil(readers * 1.1)) {
      assert.deepEqual(findUnusual(of(5, readers), sizes.slice(0, 8)), {}, `${readers} readers`)
      sizes.unshift(of(5, readers))
    }
    assert.ok(sizes.length > 90)
  })

  it('is of the same opinion as the config about what is usual', () => {
    assert.deepEqual(usualSize, { articles: 30, readers: 50 })
  })

  const began = new Date('2026-07-14T09:00:00Z')
  const dated: [publishedAt: string | undefined, timezone: string, isBefore: boolean][] = [
    ['2019-02-03T10:00:00Z', 'UTC', true],
    ['2026-07-14T08:59:59Z', 'UTC', true],
    ['2026-07-14T09:00:00Z', 'UTC', false],
    ['2026-07-15T00:00:00Z', 'UTC', false],
    // Only a day, which is not over: perhaps it was written this afternoon.
    ['2026-07-14T00:00:00Z', 'UTC', false],
    ['2026-07-13T23:00:00Z', 'Europe/London', false],
    ['2026-07-13T22:00:00Z', 'Europe/London', true],
    ['2026-07-13T00:00:00Z', 'UTC', true],
    // Without a date, it may be as new as it looks.
    [undefined, 'UTC', false],
  ]
  for (const [publishedAt, timezone, expected] of dated) {
    it(`calls an article of ${publishedAt ?? 'no date'} in ${timezone} ${expected ? 'older' : 'no older'} than a newsletter of that morning`, () => {
      const article = publishedAt === undefined ? {} : { publishedAt: new Date(publishedAt) }
      assert.equal(isFromBefore(article, began, timezone), expected)
    })
  }
})
