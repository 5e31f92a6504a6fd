import assert from 'node:assert/strict'
import { type FeedFile } from '../../src/addresses.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { verifyFeed } from '../../src/feeds/verify.ts'
import { addresses, article, feed, site } from './nouns.ts'

const articles = [article(1), article(2)]
const files = renderFeed(feed(), site, addresses, articles)

function damaged(file: FeedFile, from: string | RegExp, to: string) {
  const text = files[file].replace(from, to)
  assert.notEqual(text, files[file], 'the damage was done')
  return { ...files, [file]: text }
}

describe('feeds/verify', () => {
  it('has nothing to say about what was rendered rightly', () => {
    assert.deepEqual(verifyFeed(files, articles), [])
  })

  const whole: [what: string, file: FeedFile, from: string | RegExp, to: string][] = [
    ['an element that is not closed', 'rss.xml', '</title>', ''],
    ['an entity that XML does not know', 'atom.xml', 'Story 1', 'Story&nbsp;1'],
    ['a control character', 'rss.xml', 'Story 1', 'Story\u0001'],
    ['U+FFFE', 'atom.xml', 'Story 1', 'Story\ufffe'],
    ['a lone surrogate', 'atom.xml', 'Story 1', 'Story\ud800'],
    ['a CDATA section that ends too early', 'rss.xml', 'What happened on day 1.', 'x]]>y]]>'],
    ['a namespace that nobody declared', 'rss.xml', /xmlns:dc="[^"]*"/, ''],
    ['an attribute with a <', 'atom.xml', 'term="news"', 'term="<news>"'],
    ['two attributes of one name', 'atom.xml', 'term="news"', 'term="news" term="news"'],
    ['a document type', 'rss.xml', '<rss', '<!DOCTYPE rss><rss'],
    ['another root', 'atom.xml', /http:\/\/www\.w3\.org\/2005\/Atom/, 'http://purl.org/atom/ns#'],
    ['something after the end', 'rss.xml', /$/, '<rss/>'],
    ['half a file', 'atom.xml', /<\/entry>[^]*/, ''],
    ['an empty file', 'rss.xml', /[^]*/, ''],
    ['a channel without description', 'rss.xml', /<description>News.*<\/description>/, ''],
    ['a feed without author', 'atom.xml', /<author>[^]*?<\/author>/, ''],
    ['half a JSON', 'feed.json', /\]\s*\}\s*$/, ''],
    ['JSON Feed of version 1', 'feed.json', 'version/1.1', 'version/1'],
    ['JSON without items', 'feed.json', '"items"', '"things"'],
  ]
  for (const [what, file, from, to] of whole) {
    it(`refuses ${what}`, () => {
      const failures = verifyFeed(damaged(file, from, to), articles)
      assert.ok(failures.length > 0)
      assert.ok(failures.every(({ code, details }) => code === 'feed.invalid' && details['file'] === file))
    })
  }

  const fields: [field: string, file: FeedFile, from: string | RegExp, to: string][] = [
    ['title', 'rss.xml', '<title>Story 1', '<title>Story one'],
    ['title', 'atom.xml', '>Story 1<', '><'],
    ['title', 'feed.json', '"Story 1"', '"Story one"'],
    ['id', 'rss.xml', /(<guid.*)1</, '$12<'],
    ['id', 'atom.xml', /<id>(urn:uuid:0.*)1</, '<id>$1a<'],
    ['id', 'feed.json', /"id": "(.*)1"/, '"id": "$1a"'],
    ['url', 'rss.xml', 'news/1</link>', 'news/</link>'],
    ['url', 'atom.xml', 'href="https://gazette.example/news/1"', 'href="https://gazette.example/news/?1"'],
    ['url', 'feed.json', 'news/1"', 'news/"'],
    ['published', 'rss.xml', 'Sun, 01 Mar 2026 12:00:00', 'Sun, 01 Mar 2026 12:00:01'],
    ['published', 'atom.xml', '<published>2026-03-01', '<published>2026-03-02'],
    ['published', 'feed.json', '"date_published": "2026-03-01', '"date_published": "2026-03-02'],
    ['updated', 'atom.xml', /<updated>2026-03-01/, '<updated>2026-03-05'],
    ['authors', 'rss.xml', /(Story 1[^]*)Ada Moor/, '$1Ada'],
    ['topics', 'atom.xml', /(Story 1[^]*)term="news"/, '$1term="old"'],
    ['html', 'rss.xml', '<p>What happened on day 1.</p>', '<p></p>'],
    ['excerpt', 'feed.json', '"summary": "What happened on day 1."', '"summary": ""'],
  ]
  for (const [field, file, from, to] of fields) {
    it(`names the article whose ${field} is another in ${file}`, () => {
      const failures = verifyFeed(damaged(file, from, to), articles)
      assert.ok(failures.some(({ details }) => details['field'] === field))
      for (const { details } of failures) {
        assert.equal(details['file'], file)
        assert.equal(details['article'], article(1).id)
        assert.equal(details['url'], article(1).url)
      }
    })
  }

  it('counts', () => {
    const [failure] = verifyFeed(files, [...articles, article(3)])
    assert.deepEqual(failure!.details, { file: 'rss.xml', field: 'count', expected: 3, found: 2 })
  })
})
