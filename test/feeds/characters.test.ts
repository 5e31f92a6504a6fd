import assert from 'node:assert/strict'
import { fitting, fittingHtml, languageTag, oneLine, textAsHtml, webAddress } from '../../src/feeds/characters.ts'

describe('feeds/characters', () => {
  it('drops what XML cannot hold, and keeps every script and sign', () => {
    assert.equal(fitting('a\u0000b\u001fc\u007fd\ufffee\uffff'), 'abcde')
    assert.equal(fitting('日本語 עברית 👩🏽‍🚀 \u00a0\u202e\ufffd'), '日本語 עברית 👩🏽‍🚀 \u00a0\u202e\ufffd')
  })

  it('shows a lone surrogate as the sign for what is unknown', () => {
    assert.equal(fitting('a\ud800b\udc00'), 'a\ufffdb\ufffd')
  })

  it('reads all ends of lines as one, as XML does, and a page break as a space', () => {
    assert.equal(fitting('a\r\nb\rc\nd\u000ce'), 'a\nb\nc\nd e')
  })

  it('makes one line of a title', () => {
    assert.equal(oneLine(' a\r\n\tb \u0000 c '), 'a b c')
  })

  it('leaves nothing in HTML that ends a CDATA section or looks like a comment', () => {
    assert.equal(
      fittingHtml('<p title="<!-- ]]>]]> -->">a ]]&gt; b</p>\n'),
      '<p title="&lt;!-- ]]&gt;]]&gt; -->">a ]]&gt; b</p>',
    )
  })

  it('escapes text that becomes HTML', () => {
    assert.equal(textAsHtml('a < b && "c" > &amp;'), 'a &lt; b &amp;&amp; "c" &gt; &amp;amp;')
  })

  it('takes http and https addresses only, written as the URL standard writes them', () => {
    assert.equal(webAddress('HTTPS://Gazette.example/a b?<'), 'https://gazette.example/a%20b?%3C')
    for (const text of ['javascript:alert(1)', 'news/1', '//gazette.example/', 'https://', undefined]) {
      assert.equal(webAddress(text), undefined)
    }
  })

  it('takes language tags that are tags', () => {
    assert.equal(languageTag('EN-gb'), 'en-GB')
    assert.equal(languageTag('"><script>'), undefined)
  })
})
