import assert from 'node:assert/strict'
import { textOf } from '../../../src/articles/metadata/data.ts'
import { open, TEXT } from './open.ts'

const headline = (json: string) => textOf(open(TEXT, `<script type="application/ld+json">${json}</script>`).article['headline']) // prettier-ignore

describe('JSON-LD', () => {
  const broken: [what: string, json: string][] = [
    ['a comma too many', '{"@type": "NewsArticle", "headline": "Wall",}'],
    ['line ends in strings', '{"@type": "NewsArticle", "description": "one\ntwo", "headline": "Wall"}'],
    ['a comment around it', '<!-- {"@type": "NewsArticle", "headline": "Wall"} -->'],
    ['CDATA around it', '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Wall"}\n//]]>'],
    ['a semicolon behind it', '{"@type": "NewsArticle", "headline": "Wall"};'],
    ['quotes as references', '{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Wall&quot;}'],
    ['several without a comma', '{"@type": "WebSite", "name": "x"}\n{"@type": "NewsArticle", "headline": "Wall"}'],
    ['a stray backslash', String.raw`{"@type": "NewsArticle", "name": "a\'b", "headline": "Wall"}`],
    ['a bracket too many at the end', '{"@type": "NewsArticle", "image": {"url": "x"}, "headline": "Wall"}}'],
    ['brackets that were left open', '{"@graph": [{"@type": "NewsArticle", "headline": "Wall"'],
  ]
  for (const [what, json] of broken) it(`is read with ${what}`, () => assert.equal(headline(json), 'Wall'))

  it('keeps commas and braces that stand in strings', () => {
    assert.equal(headline('{"@type": "Article", "headline": "Wall, } { and ,] sea",}'), 'Wall, } { and ,] sea')
  })

  it('is that of the page where it describes several articles', () => {
    const other = '{"@type": "NewsArticle", "url": "https://gazette.example/news/ferry", "headline": "Ferry"}'
    const own = '{"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://gazette.example/news/wall"}, "headline": "Wall"}' // prettier-ignore
    assert.equal(headline(`[${other}, ${own}]`), 'Wall')
  })

  it('says nothing where it cannot be read, or is a bomb', () => {
    assert.equal(headline('{"@type": "NewsArticle", "headline": "Wall'), undefined)
    assert.equal(headline('['.repeat(50_000) + ']'.repeat(50_000)), undefined)
  })
})
