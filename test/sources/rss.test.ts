import assert from 'node:assert/strict'
import { type Failure } from '../../src/failures.ts'
import { parse, parseFeed } from '../../src/sources/rss.ts'
import { fixtures } from '../fixtures.ts'

const URL_OF_FEED = 'https://feeds.gazette.example/main.xml'

const rss = (items: string, channel = '<link>https://gazette.example/</link>') =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>${channel}${items}</channel></rss>`
const item = (inner: string) => `<item><link>https://gazette.example/1</link>${inner}</item>`

describe('sources/rss', () => {
  for (const { name, input, expect } of fixtures('rss')) {
    it(`reads: ${name}`, () => {
      const faults: Failure[] = []
      const items = parse(input, URL_OF_FEED, (failure) => faults.push(failure))
      expect({ items, faults: faults.map(({ code, details }) => ({ code, ...details })) })
    })
  }

  it('says of a feed what it is', () => {
    const { entries, ...about } = parseFeed(fixtures('rss').find(({ name }) => name === 'rss 2')!.input, URL_OF_FEED)
    assert.equal(entries.length, 6)
    assert.deepEqual(about, {
      title: 'The Harbour Gazette',
      description: 'News from the harbour & the quay',
      language: 'en-GB',
      home: 'https://gazette.example/',
    })
  })

  it('keeps a guid to the letter', () => {
    for (const guid of ['1234', 'HTTPS://Gazette.example/?P=1', 'ümlaut & <more>', 'tag:gazette.example,2009:Ä'])
      assert.equal(parse(rss(item(`<guid isPermaLink="false"><![CDATA[${guid}]]></guid>`)), URL_OF_FEED)[0]?.guid, guid)
  })

  it('takes a feed without items for a feed', () => assert.deepEqual(parse(rss(''), URL_OF_FEED), []))

  it('reads an Atom entry that quotes RSS as Atom', () => {
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><id>x:1</id><title>T</title><updated>2026-03-01T00:00:00Z</updated>
      <entry><id>x:2</id><title>On RSS</title><link href="https://gazette.example/rss"/><updated>2026-03-01T00:00:00Z</updated>
      <content type="html"><![CDATA[<pre> <rss version="2.0"> <channel> <item> </pre>]]></content></entry></feed>`
    assert.deepEqual(
      parse(atom, URL_OF_FEED).map(({ title }) => title),
      ['On RSS'],
    )
  })

  const noFeeds: [what: string, text: string, reason: RegExp][] = [
    ['a web page', '<!doctype html><html><body><rss></rss></body></html>', /a web page/],
    ['a page without its html tag', '<script>1</script><body>Sorry, we are moving.</body>', /a web page/],
    ['nothing', ' \n', /empty/],
    ['plain text', 'Service unavailable', /neither XML nor JSON/],
    ['a sitemap', '<?xml version="1.0"?><urlset><url><loc>https://x.example/</loc></url></urlset>', /a sitemap/],
    ['a list of feeds', '<opml version="2.0"><body/></opml>', /OPML/],
    ['other XML', '<?xml version="1.0"?><note>Hello</note>', /begins with <note>/],
    ['other JSON', '{"error": "not found"}', /JSON, but no JSON Feed/],
    ['broken JSON', '{"version": "https://jsonfeed.org/version/1.1", "items": [', /JSON, but no JSON Feed/],
    ['RSS that breaks off', rss(item('<title>A</title><description>The text goes')).slice(0, 190), /breaks off/],
    ['RSS that breaks off between items', rss(item('<title>A</title>')).replace(/<\/channel.*/, ''), /breaks off/],
    ['RSS without a channel', '<rss version="2.0"></rss>', /broken/],
  ]
  for (const [what, text, reason] of noFeeds)
    it(`knows ${what} for no feed, and says so`, () => {
      assert.throws(
        () => parse(text, URL_OF_FEED),
        (thrown: Failure) =>
          thrown.code === 'source.notFeed' && thrown.details['url'] === URL_OF_FEED && reason.test(thrown.message),
      )
    })

  it('passes over what XML has no place for, and a mark before the beginning', () => {
    const text = `\ufeff${rss(item('<title>Nul\u0000l\u0008 \ud800and\ufffe so on</title>'))}`
    assert.equal(parse(text, URL_OF_FEED)[0]?.title, 'Null \ufffdand so on')
  })

  it('shows an entity that is declared as it is written, however the declaration is hidden', () => {
    for (const doctype of [
      '<!DOCTYPE rss [<!ENTITY x "expanded">]>',
      '<!doctype rss [<!ENTITY x "expanded">]>',
      '<!-- <b> --><!DOCTYPE rss [<!ENTITY x "expanded">]>',
      '<!DOCTYPE rss SYSTEM "x" [<!ENTITY x "expanded">] >',
    ]) {
      const [read] = parse(doctype + rss(item('<title>&x;</title>')).slice(21), URL_OF_FEED)
      assert.equal(read?.title, '&x;', doctype)
    }
  })

  it('takes no more than 1000 items', () => {
    const many = Array.from({ length: 1500 }, (_, at) => `<item><link>https://gazette.example/${at}</link></item>`)
    assert.equal(parse(rss(many.join('')), URL_OF_FEED).length, 1000)
  })

  it('takes no more than three seconds for feeds made to be slow', () => {
    const size = 4_900_000
    const fill = (text: string) => text.repeat(Math.floor(size / text.length))
    const slow: Record<string, string> = {
      'many items': rss(fill('<item><link>a</link></item>')),
      'deep nesting': rss(fill('<item>')),
      'titles in titles': rss(item(fill('<title>'))),
      'unclosed sections': rss(item(fill('<![CDATA['))),
      'unclosed comments': rss(item(`<title>${fill('<!--')}</title>`)),
      'a prolog without end': `${fill('<?a?>')}<rss>`,
      'comments without end before the root': fill('<!--'),
      'document types': `${fill('<!DOCTYPE a [')}${rss('')}`,
      attributes: rss(`<item ${fill('a="b" ')}/>`),
      references: rss(item(`<title>${fill('&amp;')}</title>`)),
      'broken references': rss(item(`<title>${fill('&')}</title>`)),
      namespaces: `<rss ${fill('xmlns:a="b" ')}><channel><title>x</title></channel></rss>`,
      'open tags in a title': rss(item(`<title>${fill('<')}</title>`)),
      'self-closing in xhtml': `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>x:1</id><link href="https://a.example/"/><content type="xhtml"><div>${fill('<a ')}</div></content></entry></feed>`,
      'white space': rss(item(`<description>${fill(' ')}x</description><content:encoded>a</content:encoded>`)),
      'a summary of tags': rss(
        item(`<description><![CDATA[${fill('&a;<b>')}]]></description><content:encoded>a</content:encoded>`),
      ),
      'JSON in JSON': `{"version":"https://jsonfeed.org/version/1.1","items":${'['.repeat(size)}`,
    }
    for (const [what, text] of Object.entries(slow)) {
      const start = process.cpuUsage()
      try {
        parse(text, URL_OF_FEED)
      } catch (thrown) {
        assert.equal((thrown as Failure).code, 'source.notFeed', what)
      }
      const { user } = process.cpuUsage(start)
      if (process.env['TIMES']) process.stderr.write(`${what} ${Math.round(user / 1000)} ms\n`)
      assert.ok(user < 3_000_000, `${what} took ${user} µs`)
    }
  }).timeout(120_000)
})
