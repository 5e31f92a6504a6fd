import assert from 'node:assert/strict'
import { entryId, readEntries } from '../../src/feeds/entry.ts'
import { article } from './nouns.ts'

const urn = `urn:uuid:${article(1).id}`

describe('feeds/entry', () => {
  const ids: [guid: string | undefined, atom: string, others: string][] = [
    [undefined, urn, urn],
    ['https://GAZETTE.example/?p=1', 'https://GAZETTE.example/?p=1', 'https://GAZETTE.example/?p=1'],
    ['tag:gazette.example,2009:1', 'tag:gazette.example,2009:1', 'tag:gazette.example,2009:1'],
    ['urn:isbn:0451450523', 'urn:isbn:0451450523', 'urn:isbn:0451450523'],
    ['1234', urn, '1234'],
    ['news/1', urn, 'news/1'],
    ['http:news', urn, 'http:news'],
    ['tag:with a space', urn, 'tag:with a space'],
    ['tag:"quoted" & <more>', urn, 'tag:"quoted" & <more>'],
    ['two  spaces', urn, urn],
    ['tag:\ud800', urn, urn],
    ['nul\u0000', urn, urn],
    ['JavaScript:alert(1)', urn, urn],
    ['data:text/html,x', urn, urn],
  ]
  for (const [guid, atom, others] of ids) {
    it(`makes of the guid ${JSON.stringify(guid)} the id ${atom} in Atom and ${others} in RSS and JSON`, () => {
      const changes = guid === undefined ? {} : { guid }
      assert.equal(entryId({ id: article(1).id, ...changes }), atom)
      const [entry] = readEntries([article(1, changes)]).entries
      assert.deepEqual([entry!.id, entry!.guid], [atom, others])
    })
  }

  it('leaves a guid that is no address to the article of two sources that was seen first', () => {
    const guid = '1234'
    const articles = [
      article(1, { guid }),
      article(2, { guid, sourceId: 'other' }),
      article(3, { guid, sourceId: 'third' }),
    ]
    for (const given of [articles, articles.toReversed()]) {
      const { entries, faults } = readEntries(given)
      assert.deepEqual(faults, [])
      assert.deepEqual(
        entries.map((entry) => entry.guid),
        [`urn:uuid:${article(3).id}`, `urn:uuid:${article(2).id}`, '1234'],
      )
    }
  })

  it('shows an article once that two sources have under one guid and address', () => {
    const { url } = article(1)
    const { entries, faults } = readEntries([
      article(1, { guid: '1' }),
      article(2, { guid: '1', url, sourceId: 'other' }),
    ])
    assert.deepEqual([entries.length, faults.length], [1, 1])
  })

  it('puts the newest first, and of two with one date always the same', () => {
    const [one, other] = [article(7).publishedAt!, article(8).publishedAt!]
    const undated = article(5, { publishedAt: new Date(Number.NaN) })
    const articles = [
      article(4, { publishedAt: one }),
      undated,
      article(1, { publishedAt: other }),
      article(3),
      article(2, { publishedAt: one }),
    ]
    const order = ['Story 1', 'Story 4', 'Story 2', 'Story 3']
    for (const given of [articles, articles.toReversed()]) {
      assert.deepEqual(
        readEntries(given).entries.map(({ title }) => title),
        order,
      )
    }
  })

  const faulty: [what: string, changes: Parameters<typeof article>[1], reason: RegExp][] = [
    ['without a web address', { url: 'mailto:ada@gazette.example' }, /not an http or https URL/],
    ['with a relative address', { url: '/news/1' }, /not an http or https URL/],
    ['whose title cannot be shown', { title: '\u0000 \uffff' }, /title/],
    ['with an invalid date', { publishedAt: new Date(Number.NaN) }, /date/],
    ['with a date of five digits', { publishedAt: new Date(Date.UTC(12026, 1)) }, /date/],
  ]
  for (const [what, changes, reason] of faulty) {
    it(`leaves out and names an article ${what}`, () => {
      const { entries, faults } = readEntries([article(1, changes), article(2)])
      assert.deepEqual(
        entries.map(({ title }) => title),
        ['Story 2'],
      )
      assert.equal(faults.length, 1)
      assert.equal(faults[0]!.code, 'feed.item')
      assert.equal(faults[0]!.details['article'], article(1).id)
      assert.match(String(faults[0]!.details['reason']), reason)
    })
  }

  it('shows the newer of two articles with one guid, and names the other', () => {
    const guid = 'https://gazette.example/?p=1'
    const { entries, faults } = readEntries([article(1, { guid }), article(2, { guid })])
    assert.deepEqual(
      entries.map(({ title }) => title),
      ['Story 2'],
    )
    assert.equal(faults[0]!.details['article'], article(1).id)
  })

  it('never dates a change before the publication', () => {
    const [entry] = readEntries([article(5, { updatedAt: article(1).publishedAt! })]).entries
    assert.deepEqual(entry!.updated, article(5).publishedAt)
  })

  it('gives an enclosure only with its real type, and no length that can be none', () => {
    const url = 'https://gazette.example/tide.mp3'
    const [entry] = readEntries([
      article(1, {
        enclosures: [
          { url, type: 'Audio/MPEG; rate=1', bytes: 5, title: 'The\ntide' },
          { url, type: 'audio', bytes: 5 },
          { url: `${url}?0`, type: 'audio/mpeg', bytes: 0 },
          { url: `${url}?1`, type: 'audio/mpeg', bytes: 1.5, seconds: 0.5 },
          { url: 'file:///tide.mp3', type: 'audio/mpeg', bytes: 5 },
        ],
      }),
    ]).entries
    assert.deepEqual(entry!.enclosures, [
      { url, type: 'audio/mpeg', bytes: 5, title: 'The tide' },
      { url: `${url}?0`, type: 'audio/mpeg' },
      { url: `${url}?1`, type: 'audio/mpeg' },
    ])
  })

  it('takes the first picture that has a web address, and of it only what is known', () => {
    const [entry] = readEntries([
      article(1, {
        images: [
          { url: 'data:image/png;base64,AA' },
          { url: 'https://gazette.example/a.jpg', alt: ' ', bytes: 0, width: 10, height: -1, type: 'image/jpeg' },
        ],
      }),
    ]).entries
    assert.deepEqual(entry!.picture, { url: 'https://gazette.example/a.jpg', type: 'image/jpeg', width: 10 })
  })

  it('says each author and topic once', () => {
    const [entry] = readEntries([
      article(1, { authors: ['Ada  Moor', 'Ada Moor', ''], topics: ['a', 'b', 'a\u0000'] }),
    ]).entries
    assert.deepEqual([entry!.authors, entry!.topics], [['Ada Moor'], ['a', 'b']])
  })
})
