import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readOwnXml, readXml, type ReadElement } from '../../src/feeds/read-xml.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { scanXml } from '../../src/feeds/well-formed.ts'
import { addresses, article, feed, site } from './nouns.ts'

const files = renderFeed(feed(), site, addresses, [article(1), article(2)])

function refuses(xml: string): boolean {
  try {
    scanXml(xml, 'item')
    return false
  } catch {
    return true
  }
}

function isFaulty(xml: string): boolean {
  try {
    readXml(xml)
    return false
  } catch {
    return true
  }
}

function withoutPlaces({ name, attributes, text, children }: ReadElement): unknown {
  return { name, attributes: { ...attributes }, text, children: children.map(withoutPlaces) }
}

/** Pieces of which XML is made and broken. */
const PIECES = [
  ...['<a>', '</a>', '<b:a xmlns:b="u">', '</b:a>', '<b:a/>', '<a x="1"/>', '<a x="1" x="2"/>', "<a x='&lt;'>", '<a x="<"/>'],
  ...['<a xmlns:p="u" xmlns:q="u" p:x="" q:x=""/>', '<a xml:lang="en"/>', '<a xmlns=""/>', '<a xmlns:p=""/>', '<p:x/>'],
  ...['<a xmlns:xml="u"/>', '<a xmlns:xmlns="u"/>', '<a xmlns:z="http://www.w3.org/XML/1998/namespace"/>', '< a>', '<a'],
  ...['<![CDATA[', ']]>', ']]', '>', '<!--', '-->', '--', '<?x y?>', '<?xml?>', '<?xml version="1.0"?>', '<!DOCTYPE a>'],
  ...['&', '&amp;', '&#0;', '&#65;', '&#xD800;', '&#x10FFFF;', '&#x110000;', '&nbsp;', '&#x;', 'text', ' ', '\n', '\t', '"', "'"],
  ...['\u0000', '\u000b', '\u0085', '\ufffe', '\ufeff', '\ud800', '\udc00', '😀', '=', '/', '\\', 'é', '<é/>', '<a:b:c/>', ':'],
  ...['<a __proto__="1"/>', '<__proto__:a/>', '<constructor:a/>', '<a\u00a0x="1"/>', '<a\u2028x="1"/>', '<a x\f="1"/>'],
] // prettier-ignore

describe('feeds/well-formed', () => {
  it('lets our own files through and counts in them', () => {
    assert.equal(scanXml(files['rss.xml'], 'item'), 2)
    assert.equal(scanXml(files['atom.xml'], 'entry'), 2)
  })

  it('says where', () => {
    assert.throws(() => scanXml('<a>\n <b>\n</a>', 'b'), /^Error: 3:1: the end of a where another is open/)
  })

  it('lets nothing through that saxes refuses, whatever XML is made of', () => {
    const xml = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(''))
    const framed = fc.tuple(fc.boolean(), xml).map(([inside, text]) => (inside ? `<r>${text}</r>` : text))
    fc.assert(
      fc.property(framed, (text) => refuses(text) || !isFaulty(text)),
      { numRuns: 3000 },
    )
  })

  it('lets nothing through that saxes refuses, wherever a feed is damaged', () => {
    const damage = fc.record({
      file: fc.constantFrom('rss.xml' as const, 'atom.xml' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      put: fc.constantFrom('', ...PIECES),
    })
    fc.assert(
      fc.property(damage, ({ file, at, cut, put }) => {
        const xml = files[file]
        const place = Math.floor(at * xml.length)
        const text = xml.slice(0, place) + put + xml.slice(place + cut)
        return refuses(text) || !isFaulty(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads what saxes reads, whatever XML is made of', () => {
    const xml = fc.array(fc.constantFrom(...PIECES, '\r', '\r\n', '<a x="\n\t&#10;&amp;"/>'), { maxLength: 8 })
    let read = 0
    fc.assert(
      fc.property(xml, (pieces) => {
        const text = `<r xmlns="u" y="1\r\n2">${pieces.join('')}</r>`
        if (refuses(text)) return
        read++
        assert.deepEqual(withoutPlaces(readOwnXml(text)), withoutPlaces(readXml(text)))
      }),
      { numRuns: 3000 },
    )
    assert.ok(read > 300, String(read))
  })

  it('refuses hardly anything that is well-formed', () => {
    const fine = [
      '<a x=\'1\' y="2"/>',
      '<a><!-- x --><?y z?>&#x1F600;<![CDATA[<&]]]]></a>\n',
      '<?xml version="1.0"?><a/>',
    ]
    for (const xml of fine) assert.equal(scanXml(xml, 'a'), 1, xml)
  })
})
