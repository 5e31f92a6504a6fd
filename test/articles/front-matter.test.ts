import assert from 'node:assert/strict'
import { Failure } from '../../src/failures.ts'
import { readFrontMatter } from '../../src/articles/front-matter.ts'

const read = (yaml: string, zone?: string) => readFrontMatter(`---\n${yaml}\n---\nText.\n`, zone)

function refusal(text: string): { line: number; key?: string; expected: string; found?: string } {
  try {
    readFrontMatter(text)
  } catch (thrown) {
    assert.ok(thrown instanceof Failure)
    assert.equal(thrown.code, 'frontMatter.invalid')
    return thrown.details as ReturnType<typeof refusal>
  }
  throw new Error('it was not refused')
}

describe('readFrontMatter', () => {
  it('reads every key, and gives the rest as body', () => {
    const { data, body } = read(
      [
        'title: Storm at sea',
        'url: https://gazette.example/storm',
        'guid: tag:gazette.example,2026:storm',
        'authors: [Mara Lund, Tom Okafor]',
        'date: 2026-03-01',
        'updated: 2026-03-02T07:30:00+01:00',
        'section: Harbour',
        'topics: [sea, Harbour]',
        'tags: weather',
        'language: en-GB',
        'image: { url: storm.jpg, alt: Waves, caption: The quay, credit: Ida Berg }',
        'excerpt: It came at night.',
        'draft: true',
      ].join('\n'),
    )
    assert.equal(body, 'Text.\n')
    assert.deepEqual(data, {
      title: 'Storm at sea',
      url: 'https://gazette.example/storm',
      guid: 'tag:gazette.example,2026:storm',
      authors: ['Mara Lund', 'Tom Okafor'],
      publishedAt: new Date('2026-03-01T00:00:00Z'),
      updatedAt: new Date('2026-03-02T06:30:00Z'),
      topics: ['Harbour', 'sea', 'weather'],
      language: 'en-GB',
      image: { url: 'storm.jpg', alt: 'Waves', caption: 'The quay', credit: 'Ida Berg' },
      excerpt: 'It came at night.',
      isUnfinished: true,
    })
  })

  it('takes a lone author, a lone address for the picture, a description and a path as well', () => {
    const { data } = read('author: Mara Lund\nimage: a.jpg\ndescription: Short.')
    assert.deepEqual([data.authors, data.image, data.excerpt], [['Mara Lund'], { url: 'a.jpg' }, 'Short.'])
    assert.deepEqual(read('image: { path: a.jpg, alt: A }').data.image, { url: 'a.jpg', alt: 'A' })
  })

  it('reads what belongs to an article as recordings, and what podcast apps show of it', () => {
    const { data } = read(
      [
        'enclosures: [a.mp3, { url: b, type: audio/ogg, title: B, duration: 1:02:03 }, { url: c.mp4, duration: 90 }]',
        'episode: { season: 2, number: 7, kind: bonus, explicit: true, image: a.jpg, transcript: [a.vtt, { url: a, type: text/html, language: en }] }',
      ].join('\n'),
    )
    assert.deepEqual(data.enclosures, [
      { url: 'a.mp3', type: '' },
      { url: 'b', type: 'audio/ogg', title: 'B', seconds: 3723 },
      { url: 'c.mp4', type: '', seconds: 90 },
    ])
    const transcripts = [
      { url: 'a.vtt', type: '' },
      { url: 'a', type: 'text/html', language: 'en' },
    ]
    const kind = 'bonus'
    assert.deepEqual(data.episode, { season: 2, number: 7, kind, explicit: true, image: 'a.jpg', transcripts })
    assert.deepEqual(read('enclosures: a.mp3').data.enclosures, [{ url: 'a.mp3', type: '' }])
    assert.deepEqual(read('episode: { transcript: a.vtt }').data.episode, { transcripts: [{ url: 'a.vtt', type: '' }] })
    const wrong = ['enclosures: 5', 'enclosures: { url: a, duration: 1:99 }', 'episode: { season: 0 }', 'episode: { kind: extra }']
    for (const yaml of wrong) assert.equal(refusal(`---\n${yaml}\n---\nText.`).line, 2, yaml)
  }) // prettier-ignore

  it('takes a date without a zone in the zone it is given, summer time included', () => {
    assert.deepEqual(read('date: 2026-07-01 07:00', 'Europe/London').data.publishedAt, new Date('2026-07-01T06:00:00Z'))
    assert.deepEqual(read('date: 2026-01-01', 'Europe/Berlin').data.publishedAt, new Date('2025-12-31T23:00:00Z'))
    assert.deepEqual(
      read('date: 2026-07-01T07:00:00Z', 'Europe/London').data.publishedAt,
      new Date('2026-07-01T07:00:00Z'),
    )
  })

  it('gives a text without front matter whole, a rule in it and an empty one included', () => {
    assert.equal(readFrontMatter('Text.\n\n---\n\nMore.').body, 'Text.\n\n---\n\nMore.')
    assert.equal(readFrontMatter('---\n\nA text under a rule.\n').body, '---\n\nA text under a rule.\n')
    assert.equal(readFrontMatter('---\n---\nText.').body, 'Text.')
    assert.equal(readFrontMatter('\ufeff---\r\ntitle: A\r\n---\r\nText.').data.title, 'A')
  })

  it('names line, key and what was expected for an unknown key', () => {
    const { line, key, expected } = refusal('---\ntitle: A\nauthers: B\n---\n')
    assert.deepEqual([line, key], [3, 'authers'])
    assert.match(expected, /one of title, url, .*authors/)
  })

  it('names line, key, what was expected and what was found for a wrong value', () => {
    assert.deepEqual(refusal('---\ntitle: A\n\ndate: yesterday\n---\n'), {
      line: 4,
      key: 'date',
      expected: 'a date such as 2026-03-01 or 2026-03-01T07:30:00+01:00',
      found: 'yesterday',
    })
    assert.deepEqual(
      [refusal('---\ndate: 2026-02-30\n---\n').line, refusal('---\ntitle: A\ndraft: maybe\n---\n').line],
      [2, 3],
    )
    assert.equal(refusal('---\nauthors:\n  - A\n  - {}\n---\n').key?.split('.')[0], 'authors')
    assert.match(refusal('---\nimage: { url: a, path: b }\n---\n').expected, /url or path/)
    assert.match(refusal('---\nurl: javascript:alert(1)\n---\n').expected, /https/)
  })

  it('names the line of broken YAML, of what is no mapping, of an alias and of a missing end', () => {
    assert.equal(refusal('---\ntitle: A\nurl: "open\n---\n').line >= 3, true)
    assert.equal(refusal('---\n- a\n---\n').line, 2)
    assert.equal(refusal('---\ntitle: &a B\nexcerpt: *a\n---\n').expected, 'values without YAML aliases')
    assert.equal(refusal('---\ntitle: A\ntitle: B\n---\n').line, 3)
    assert.match(refusal('---\ntitle: A\n\nText that goes on.\n').expected, /ends the front matter/)
  })
})
