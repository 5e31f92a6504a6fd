import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type FeedFile } from '../../src/addresses.ts'
import { isFaulty, lintFeed } from '../../src/feeds/lint.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { CHECKLIST, type RuleId } from '../../src/feeds/rules/checklist.ts'
import { addresses, article, feed, site } from './nouns.ts'

const enclosures = [1, 2].map((part) => ({ url: `https://gazette.example/${part}.mp3`, type: 'audio/mpeg', bytes: 5 }))
const images = [{ url: 'https://gazette.example/1.jpg', width: 20, height: 10 }]
const files = renderFeed(feed(), site, addresses, [article(2), article(1, { enclosures, images })])
const now = new Date('2026-04-01T00:00:00Z')

function lint(text: string | Uint8Array, url?: string) {
  return lintFeed(typeof text === 'string' ? Buffer.from(text) : text, { now, url })
}

function rulesIn(text: string | Uint8Array, url?: string): RuleId[] {
  return [...new Set(lint(text, url).findings.map(({ rule }) => rule))]
}

/** For each rule what breaks it and, it may be, what else that breaks. */
const broken: [rule: RuleId, file: FeedFile, from: string | RegExp, to: string, others?: RuleId[]][] = [
  ['text.utf8', 'rss.xml', 'encoding="utf-8"', 'encoding="iso-8859-1"'],
  ['text.bom', 'atom.xml', /^/, '\ufeff'],
  ['text.surrogate', 'feed.json', 'Story 1', 'Story \\ud83d'],
  ['xml.well-formed', 'rss.xml', 'Story 1', 'Salt & Story'],
  ['xml.well-formed', 'atom.xml', /<\/entry>[^]*/, ''],
  ['xml.char', 'rss.xml', 'Story 1', 'Story \u000b'],
  ['xml.char', 'atom.xml', 'Story 1', 'Story &#11;'],
  ['xml.namespace', 'rss.xml', /xmlns:dc="[^"]*"/, ''],
  ['xml.doctype', 'rss.xml', '<rss', '<!DOCTYPE rss><rss'],
  ['json.well-formed', 'feed.json', /\}\s*$/, ''],
  ['feed.kind', 'atom.xml', 'xmlns="http://www.w3.org/2005/Atom"', 'xmlns="http://purl.org/atom/ns#"'],
  ['feed.kind', 'feed.json', /"https:\/\/jsonfeed[^"]*"/, '"2"'],
  ['feed.version', 'rss.xml', 'version="2.0"', 'version="0.91"'],
  ['feed.version', 'feed.json', 'version/1.1', 'version/1'],
  ['feed.required', 'rss.xml', /<description>News[^<]*<\/description>/, ''],
  ['feed.required', 'atom.xml', '<title>The', '<title>A</title><title>The'],
  ['feed.required', 'feed.json', '"title": "The Harbour Gazette"', '"title": ""'],
  ['feed.self', 'rss.xml', /<atom:link [^>]*>/, ''],
  ['feed.self', 'feed.json', '"feed_url"', '"_feed"'],
  ['feed.language', 'rss.xml', '<language>en-GB', '<language>en_GB'],
  ['feed.language', 'atom.xml', ' xml:lang="en-GB"', ''],
  ['feed.updated', 'atom.xml', '<updated>2026-03-02', '<updated>2026-03-01'],
  ['feed.bytes', 'feed.json', 'day 1.</p>', `${'x'.repeat(1_000_000)}</p>`],
  ['item.required', 'rss.xml', /<title>Story 1<\/title>([^]*?)<description>.*<\/description>/, '$1', ['item.recommended']],
  ['item.required', 'atom.xml', /(Story 1[^]*)<updated>.*<\/updated>/, '$1'],
  ['item.required', 'feed.json', /(Story 1",)\s+"content_html": .*/, '$1'],
  ['item.recommended', 'rss.xml', /(Story 1[^]*)<guid.*<\/guid>/, '$1'],
  ['item.id', 'rss.xml', /(Story 1[^]*)isPermaLink="false"/, '$1isPermaLink="true"'],
  ['item.id', 'atom.xml', /<id>urn:uuid:(0.*1)<\/id>/, '<id>$1</id>'],
  ['item.id', 'feed.json', /"id": "urn.*1"/, '"id": 1'],
  ['item.unique', 'rss.xml', /000000000002<\/guid>/, '000000000001</guid>'],
  ['item.unique', 'feed.json', /000000000002"/, '000000000001"'],
  ['item.date', 'rss.xml', 'Sun, 01 Mar 2026', 'Mon, 01 Mar 2026', ['item.recommended']],
  ['item.date', 'atom.xml', '<published>2026-03-01T12:00:00.000Z', '<published>2026-02-29T12:00:00Z'],
  ['item.date', 'feed.json', '"2026-03-01T12:00:00.000Z"', '"1 March 2026"', ['item.recommended']],
  ['item.future', 'feed.json', '"2026-03-02T', '"2026-05-02T'],
  ['item.updated', 'atom.xml', /(Story 1[^]*)<updated>2026-03-01/, '$1<updated>2026-02-01'],
  ['item.author', 'rss.xml', '<dc:creator>Ada Moor</dc:creator>', '<author>Ada Moor</author>'],
  ['item.author', 'feed.json', '"name": "Ada Moor"', '"nom": "Ada Moor"'],
  ['item.author', 'atom.xml', '<name>Ada Moor</name>', '<name></name>'],
  ['item.description', 'rss.xml', /(<description><!\[.*<\/description>)(\s*)(<content:encoded>.*<\/content:encoded>)/, '$3$2$1'],
  ['item.description', 'rss.xml', /<!\[CDATA\[What happened on day 1\.\]\]>/, '<![CDATA[<p>What happened on day 1.</p>]]>'],
  ['item.content', 'atom.xml', '<content type="html">', '<content type="application/">'],
  ['item.language', 'atom.xml', '<entry>', '<entry xml:lang="english-language-x">'],
  ['item.enclosure', 'rss.xml', 'length="5"', 'length="0"'],
  ['item.enclosure', 'atom.xml', 'type="audio/mpeg" length', 'type="mp3" length'],
  ['item.enclosure', 'feed.json', '"mime_type": "audio/mpeg"', '"mime_type": "x"'],
  ['item.one-enclosure', 'rss.xml', /<enclosure .*>/, '$&$&'],
  ['item.media', 'atom.xml', 'width="20"', 'width="20px"'],
  ['item.media', 'rss.xml', '<media:thumbnail url="https://gazette.example', '<media:thumbnail url="'],
  ['item.enclosure', 'atom.xml', 'length="5"', 'length=""'],
  ['item.enclosure', 'feed.json', '"size_in_bytes": 5', '"size_in_bytes": 0'],
  ['link.absolute', 'rss.xml', '<link>https://gazette.example/news/1<', '<link>/news/1<'],
  ['link.absolute', 'atom.xml', 'href="https://gazette.example/news/1"', 'href="ftp://gazette.example/news/1"'],
  ['link.absolute', 'feed.json', '"url": "https://gazette.example/news/1"', '"url": "news/1"'],
  ['link.alternate', 'atom.xml', /<link rel="alternate"[^>]*news.*>/, '$&$&'],
  ['content.relative', 'rss.xml', '<p>What happened on day 1.</p>', '<p><img src="1.jpg"></p>'],
  ['content.relative', 'feed.json', '<p>What happened on day 1.</p>', "<p><a href='#note'>1</a></p>"],
  ['content.active', 'rss.xml', '<p>What happened on day 1.</p>', '<p onclick="x()">x</p>'],
  ['content.active', 'atom.xml', '<p>What happened on day 1.</p>', '<a href=" java&#115;cript:x()">x</a>'],
  ['content.active', 'feed.json', '<p>What happened on day 1.</p>', '<ScRipt src=//x.example/></script>', ['content.relative']],
  ['content.embedded', 'rss.xml', '<p>What happened on day 1.</p>', '<iframe src="https://video.example/1"></iframe>'],
  ['title.markup', 'rss.xml', 'Story 1', '&lt;b>Story&lt;/b>'],
  ['title.markup', 'feed.json', 'Story 1', 'Story &amp; 1'],
] // prettier-ignore

/** These are of our own feeds as they are made: checked.test.ts and verify.test.ts break them; `served-at` is below. */
const ofOurs: RuleId[] = ['feed.served-at', 'feed.items', 'item.size', 'same.title', 'same.id', 'same.fields']

/** These are of podcasts: podcast.test.ts. */
const ofPodcasts: RuleId[] = ['podcast.required', 'podcast.value', 'episode.enclosure', 'episode.value']

describe('feeds/lint', () => {
  it('has nothing to say against our own feeds', () => {
    for (const text of Object.values(files)) assert.deepEqual(lint(text).findings, [])
    assert.deepEqual([lint(files['rss.xml']).kind, lint(files['rss.xml']).items], ['RSS 2.0', 2])
    assert.deepEqual([lint(files['atom.xml']).kind, lint(files['atom.xml']).items], ['Atom 1.0', 2])
    assert.deepEqual([lint(files['feed.json']).kind, lint(files['feed.json']).items], ['JSON Feed 1.1', 2])
  })

  for (const [index, [rule, file, from, to, others = []]] of broken.entries()) {
    it(`finds that ${rule} is broken in ${file} (${index})`, () => {
      const text = files[file].replace(from, to)
      assert.notEqual(text, files[file], 'the damage was done')
      assert.deepEqual(rulesIn(text).toSorted(), [rule, ...others].toSorted())
    })
  }

  it('has a case for every rule', () => {
    const tested = new Set([...broken.map(([rule]) => rule), ...ofOurs, ...ofPodcasts])
    assert.deepEqual([...tested].toSorted(), Object.keys(CHECKLIST).toSorted())
  })

  it('compares the address with the one it was got from', () => {
    const address = 'https://news.gazette.example/feeds/all/rss.xml'
    assert.deepEqual(rulesIn(files['rss.xml'], address), [])
    assert.deepEqual(rulesIn(files['rss.xml'], 'https://gazette.example/feed'), ['feed.served-at'])
  })

  it('says where, and of which item', () => {
    const text = files['rss.xml'].replace('Sun, 01 Mar 2026', 'Sun, 32 Mar 2026')
    const [finding] = lint(text).findings.filter(({ rule }) => rule === 'item.date')
    const line = text.split('\n').findIndex((one) => one.includes('32 Mar')) + 1
    assert.deepEqual([finding?.line, finding?.item], [line, 'urn:uuid:00000000-0000-8000-8000-000000000001'])
    assert.equal(lint('<rss>\n<channel></rss>').findings[0]?.line, 2)
  })

  it('tells faults from warnings', () => {
    const without = files['rss.xml'].replace(/<atom:link [^>]*>/, '')
    assert.equal(isFaulty(lint(without)), false)
    assert.equal(isFaulty(lint(files['rss.xml'].replace('Sun, 01', 'Mon, 01'))), true)
  })

  it('reads RSS 1.0 too', () => {
    const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://x.example/"><title>X</title><link>https://x.example/</link><description>d</description><dc:language>en</dc:language></channel>
      <item rdf:about="https://x.example/1"><title>One</title><link>https://x.example/1</link><dc:date>2026-03-01T12:00:00Z</dc:date></item>
      </rdf:RDF>`
    assert.deepEqual([lint(rdf).kind, lint(rdf).items], ['RSS 1.0', 1])
    assert.deepEqual(rulesIn(rdf), ['feed.version', 'feed.self'])
  })

  it('gives findings, never an error, whatever it is given', () => {
    const odd = [
      '',
      ' ',
      '{',
      '[]',
      '{}',
      'null',
      '<',
      '<a/>',
      '<rss/>',
      '<rss version="2.0"><channel/></rss>',
      'plain text',
    ]
    const items = ['{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[null,1,[],{}]}']
    for (const text of [...odd, ...items]) assert.ok(lint(text).findings.length > 0, text)
    for (const bytes of [[0xff, 0xfe, 0x3c, 0], [0xc3], [0, 0, 0]])
      assert.ok(lint(Uint8Array.from(bytes)).findings.length > 0)
  })

  it('is what docs/feed-checklist.md says', () => {
    const page = readFileSync(new URL('../../docs/feed-checklist.md', import.meta.url), 'utf8')
    const rows = [
      ...page.matchAll(/^\| `([a-z0-9.-]+)` .* \| (item left out|feed held|nothing) +\| (fault|warning) +\|$/gm),
    ]
    const gates = { item: 'item left out', feed: 'feed held', nothing: 'nothing' }
    assert.deepEqual(
      rows.map(([, id, gate, severity]) => [id, gate, severity]),
      Object.entries(CHECKLIST).map(([id, rule]) => [id, gates[rule.gate], rule.lint]),
    )
  })
})
