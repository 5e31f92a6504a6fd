import assert from 'node:assert/strict'
import { type FeedFile } from '../../src/addresses.ts'
import { feedDocument } from '../../src/feeds/document.ts'
import { readEntries } from '../../src/feeds/entry.ts'
import { assemble, renderFrames, renderPieces } from '../../src/feeds/render.ts'
import { verifyItems, verifyWhole } from '../../src/feeds/verify.ts'
import { addresses, article, feed, site } from './nouns.ts'

const { entries } = readEntries([article(1), article(2)])
const document = feedDocument(feed(), site, addresses, entries)
const pieces = entries.map((entry) => renderPieces(entry, document))
const frames = renderFrames(document)

/** The second of the two items, which is Story 1, with something wrong in it. */
function damaged(file: FeedFile, from: string | RegExp, to: string) {
  const text = pieces[1]![file].replace(from, to)
  assert.notEqual(text, pieces[1]![file], 'the damage was done')
  return verifyItems(entries, [pieces[0]!, { ...pieces[1]!, [file]: text }], document)
}

describe('feeds/verify', () => {
  it('has nothing to say about what was rendered rightly', () => {
    assert.deepEqual(verifyItems(entries, pieces, document), [undefined, undefined])
    assert.deepEqual(verifyWhole(document, frames, assemble(frames, pieces), 1_000_000), [])
  })

  const broken: [what: string, file: FeedFile, from: string | RegExp, to: string][] = [
    ['an element that is not closed', 'rss.xml', '</title>', ''],
    ['an entity that XML does not know', 'atom.xml', 'Story 1', 'Story&nbsp;1'],
    ['a control character', 'rss.xml', 'Story 1', 'Story\u0001'],
    ['U+FFFE', 'atom.xml', 'Story 1', 'Story\ufffe'],
    ['a lone surrogate', 'atom.xml', 'Story 1', 'Story\ud800'],
    ['a CDATA section that ends too early', 'rss.xml', 'What happened on day 1.', 'x]]>y]]>'],
    ['a prefix that nobody declared', 'rss.xml', '<dc:creator>Ada Moor</dc:creator>', '<dcx:creator>Ada</dcx:creator>'],
    ['an attribute with a <', 'atom.xml', 'term="news"', 'term="<news>"'],
    ['two attributes of one name', 'atom.xml', 'term="news"', 'term="news" term="news"'],
    ['two items in the place of one', 'rss.xml', '</item>', '</item><item></item>'],
    ['the end of the feed', 'atom.xml', '</entry>', '</entry></feed>'],
    ['another element', 'rss.xml', /item>/g, 'itme>'],
    ['half a JSON', 'feed.json', /\}\s*$/, ''],
  ]
  for (const [what, file, from, to] of broken) {
    it(`refuses the item that has ${what}, and that one only`, () => {
      const [good, bad] = damaged(file, from, to)
      assert.equal(good, undefined)
      assert.equal(bad?.file, file)
    })
  }

  const fields: [rule: string, file: FeedFile, from: string | RegExp, to: string][] = [
    ['same.title', 'rss.xml', '<title>Story 1', '<title>Story one'],
    ['same.title', 'feed.json', '"Story 1"', '"Story one"'],
    ['same.id', 'rss.xml', /(<guid.*)1</, '$12<'],
    ['same.id', 'atom.xml', /<id>(urn:uuid:0.*)1</, '<id>$1a<'],
    ['same.id', 'feed.json', /"id": "(.*)1"/, '"id": "$1a"'],
    ['same.fields', 'rss.xml', 'news/1</link>', 'news/</link>'],
    ['same.fields', 'atom.xml', 'href="https://gazette.example/news/1"', 'href="https://gazette.example/news/?1"'],
    ['same.fields', 'feed.json', 'news/1"', 'news/"'],
    ['same.fields', 'rss.xml', 'Sun, 01 Mar 2026 12:00:00', 'Sun, 01 Mar 2026 12:00:01'],
    ['same.fields', 'atom.xml', '<published>2026-03-01T12:00', '<published>2026-03-01T11:00'],
    ['same.fields', 'feed.json', '"date_published": "2026-03-01', '"date_published": "2026-03-02'],
    ['same.fields', 'atom.xml', /<updated>2026-03-01/, '<updated>2026-03-05'],
    ['same.fields', 'rss.xml', 'Ada Moor', 'Ada'],
    ['same.fields', 'atom.xml', 'term="news"', 'term="old"'],
    ['same.fields', 'rss.xml', '<p>What happened on day 1.</p>', '<p></p>'],
    ['same.fields', 'feed.json', '"summary": "What happened on day 1."', '"summary": ""'],
  ]
  for (const [rule, file, from, to] of fields) {
    it(`refuses the item that says another thing in ${file}: ${to}`, () => {
      const [good, bad] = damaged(file, from, to)
      assert.equal(good, undefined)
      assert.deepEqual([bad?.file, bad?.rule], [file, rule])
    })
  }

  const whole: [rule: string, file: FeedFile, from: string | RegExp, to: string][] = [
    ['feed.required', 'rss.xml', /<description>News.*<\/description>/, ''],
    ['item.author', 'atom.xml', /<author>[^]*?<\/author>/, ''],
    ['feed.served-at', 'rss.xml', 'all/rss.xml', 'all/rss'],
    ['feed.served-at', 'feed.json', 'all/feed.json', 'all/feed'],
    ['feed.updated', 'atom.xml', /<updated>2026-03-02T12/, '<updated>2026-03-02T13'],
    ['feed.language', 'rss.xml', '<language>en-GB', '<language>en_GB'],
    ['xml.well-formed', 'atom.xml', '</feed>', '</feed><feed/>'],
    ['xml.well-formed', 'rss.xml', '<rss', '<!DOCTYPE rss><rss'],
    ['json.well-formed', 'feed.json', 'version/1.1', 'version/1'],
    ['feed.required', 'feed.json', '"title"', '"titel"'],
  ]
  for (const [rule, file, from, to] of whole) {
    it(`holds a feed that breaks ${rule} in ${file}: ${to}`, () => {
      const { open, between, close } = frames[file]
      const cut = `${open}\u0000${close}`.replace(from, to)
      assert.notEqual(cut, `${open}\u0000${close}`, 'the damage was done')
      const [before = '', after = ''] = cut.split('\u0000')
      const other = { ...frames, [file]: { open: before, between, close: after } }
      const findings = verifyWhole(document, other, assemble(other, pieces), 1_000_000)
      assert.ok(findings.some((finding) => finding.rule === rule && finding.file === file))
      assert.ok(findings.every((finding) => finding.file === file))
    })
  }

  it('counts the items of the whole, and its bytes', () => {
    const findings = verifyWhole(document, frames, assemble(frames, pieces.slice(1)), 1000)
    const rules = (rule: string) => findings.filter((finding) => finding.rule === rule).map(({ file }) => file)
    assert.deepEqual(rules('feed.items'), ['rss.xml', 'atom.xml', 'feed.json'])
    assert.ok(rules('feed.bytes').includes('atom.xml'))
  })

  it('reads the whole, not only what is new', () => {
    const files = assemble(frames, pieces)
    const damage = { ...files, 'rss.xml': files['rss.xml'].replace('Story 1', 'Story & 1') }
    assert.deepEqual(
      verifyWhole(document, frames, damage, 1_000_000).map(({ rule, file }) => [rule, file]),
      [['xml.well-formed', 'rss.xml']],
    )
  })
})
