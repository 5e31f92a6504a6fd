import assert from 'node:assert/strict'
import fc from 'fast-check'
import { absolute, bestCandidate, LINKS, parseSrcset, withoutTracking } from '../../src/articles/links.ts'

describe('absolute', () => {
  it('resolves against the base, and refuses every scheme that is not asked for', () => {
    assert.equal(absolute('../x?a#b', 'https://g.example/a/b/'), 'https://g.example/a/x?a#b')
    assert.equal(absolute('//cdn.example/x', 'https://g.example/'), 'https://cdn.example/x')
    assert.equal(absolute('mailto:a@x.example', 'https://g.example/'), undefined)
    assert.equal(absolute('mailto:a@x.example', 'https://g.example/', LINKS), 'mailto:a@x.example')
    for (const url of [
      'javascript:alert(1)',
      '\u0001java\nscript:alert(1)',
      'data:,x',
      'http://',
      '',
      ' ',
      `https://x.example/${'a'.repeat(9000)}`,
    ])
      assert.equal(absolute(url, 'https://g.example/', LINKS), undefined, url)
  })

  it('drops user name and password', () => {
    assert.equal(absolute('https://bank.example:x@evil.example/', 'https://g.example/'), 'https://evil.example/')
  })
})

describe('withoutTracking', () => {
  it('drops what only follows the reader, and nothing else', () => {
    const cases: [string, string][] = [
      ['https://x.example/?utm_source=a&utm_medium=b', 'https://x.example/'],
      ['https://x.example/?p=1&fbclid=a&q=b%20c', 'https://x.example/?p=1&q=b%20c'],
      [
        'https://x.example/?UTM_Source=a&gclid=1&mc_cid=2&mc_eid=3&msclkid=4&igshid=5&_ga=6&yclid=7',
        'https://x.example/',
      ],
      ['https://x.example/a#xtor=RSS-1', 'https://x.example/a'],
      ['https://x.example/a?id=1#section=2', 'https://x.example/a?id=1#section=2'],
      [
        'https://x.example/?source=a&ref=b&campaign=c&at=d&pk=5&spam=e&page=2',
        'https://x.example/?source=a&ref=b&campaign=c&at=d&pk=5&spam=e&page=2',
      ],
      ['mailto:a@x.example?subject=b', 'mailto:a@x.example?subject=b'],
    ]
    for (const [url, expected] of cases) assert.equal(withoutTracking(url), expected)
  })

  it('changes nothing of its own result', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) =>
        assert.equal(withoutTracking(withoutTracking(url)), withoutTracking(url)),
      ),
    )
  })
})

describe('parseSrcset', () => {
  it('reads candidates as HTML does, commas in addresses included', () => {
    assert.deepEqual(parseSrcset(' a.jpg 640w,b.jpg 1280w , /w_1,h_2/c.jpg 2x, d.jpg'), [
      { url: 'a.jpg', descriptor: '640w' },
      { url: 'b.jpg', descriptor: '1280w' },
      { url: '/w_1,h_2/c.jpg', descriptor: '2x' },
      { url: 'd.jpg', descriptor: '' },
    ])
    assert.deepEqual(parseSrcset('a.jpg, b.jpg 2x'), [
      { url: 'a.jpg', descriptor: '' },
      { url: 'b.jpg', descriptor: '2x' },
    ])
    assert.deepEqual(parseSrcset(''), [])
    assert.deepEqual(parseSrcset(', ,'), [])
  })

  it('ends, whatever it is given', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a ,()x1w]{0,60}$/), (srcset) => assert.ok(parseSrcset(srcset).length <= 20)),
    )
  })

  it('offers one that is wide enough and no wider', () => {
    const widths = (srcset: string) => bestCandidate(parseSrcset(srcset))?.url
    assert.equal(widths('s 320w, m 1500w, l 3000w'), 'm')
    assert.equal(widths('l 3000w, xl 4000w'), 'l')
    assert.equal(widths('a 1x, b 2x, c 3x'), 'b')
    assert.equal(widths(''), undefined)
  })
})
