import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  addressVariants,
  aliasKeys,
  canonicalUrl,
  contentHash,
  isSameArticle,
  mintId,
  urlPath,
  type Sighting,
} from '../../src/articles/identity.ts'

const segment = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/)
const tracking = fc.constantFrom(
  'utm_source=mail',
  'utm_campaign=a%20b',
  'fbclid=IwAR0',
  'gclid=x',
  'mc_cid=1',
  'mc_eid=2',
  'mkt_tok=abc',
  '_hsenc=p2',
)
const article = fc.record({
  host: fc.constantFrom('gazette.example', 'news.gazette.example:8443'),
  path: fc.array(segment, { minLength: 1, maxLength: 3 }),
  id: fc.option(fc.nat({ max: 999 }), { nil: undefined }),
})
const urlOf = ({ host, path, id }: { host: string; path: string[]; id: number | undefined }) =>
  `https://${host}/${path.join('/')}${id === undefined ? '' : `?id=${id}`}`

describe('canonicalUrl', () => {
  it('is the same for every spelling of one address', () => {
    for (const url of [
      'https://gazette.example/news/storm?utm_source=mail&id=7',
      'HTTPS://GAZETTE.example:443/news/./storm?id=7&fbclid=x#comments',
      'https://user:secret@gazette.example/news/a/../storm?gclid=1&id=7&mc_cid=2',
    ])
      assert.equal(canonicalUrl(url), 'https://gazette.example/news/storm?id=7')
  })

  it('keeps parameters that name the article, in their order and spelling', () => {
    assert.equal(
      canonicalUrl('https://x.example/?p=12&q=a%20b+c&id=%C3%A9'),
      'https://x.example/?p=12&q=a%20b+c&id=%C3%A9',
    )
  })

  it('changes nothing of its own result', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) =>
        assert.equal(canonicalUrl(canonicalUrl(url)), canonicalUrl(url)),
      ),
    )
  })
})

describe('aliasKeys', () => {
  it('do not depend on scheme, www, a last slash or tracking', () => {
    fc.assert(
      fc.property(article, tracking, (parts, tracker) => {
        const url = urlOf(parts)
        const keys = aliasKeys({ url })
        const sign = url.includes('?') ? '&' : '?'
        const slashed = parts.id === undefined ? `${url}/` : url
        const www = url.replace('https://', 'https://www.')
        for (const other of [url.replace('https:', 'http:'), www, slashed, `${url}${sign}${tracker}`, `${url}#x`])
          assert.deepEqual(aliasKeys({ url: other }), keys, other)
      }),
    )
  })

  it('differ for different articles', () => {
    fc.assert(
      fc.property(article, article, (one, other) => {
        fc.pre(urlOf(one) !== urlOf(other))
        assert.notDeepEqual(aliasKeys({ url: urlOf(one) }), aliasKeys({ url: urlOf(other) }))
      }),
    )
  })

  it('name the guid first, as it is, but one that is an address in its one spelling', () => {
    assert.deepEqual(aliasKeys({ url: 'https://x.example/a', guid: ' 17 at x ' }), ['guid:17 at x', 'url:x.example/a'])
    assert.deepEqual(
      aliasKeys({ url: 'https://x.example/a', guid: 'http://www.x.example/?p=17' })[0],
      'guid:x.example/?p=17',
    )
  })
})

describe('urlPath', () => {
  it('stays when the site moves to another host and scheme', () => {
    assert.equal(urlPath('http://old.example/news/storm/?utm_medium=x'), urlPath('https://www.new.example/news/storm'))
    assert.equal(urlPath('https://x.example'), '/')
  })
})

describe('contentHash', () => {
  it('does not see white space and Unicode form, and sees every word', () => {
    assert.equal(contentHash('Caf\u00e9  storm', 'A b.\n\nC.'), contentHash('Cafe\u0301 storm ', 'A b. C.'))
    assert.notEqual(contentHash('Storm', 'A b. C.'), contentHash('Storm', 'A b. D.'))
    assert.notEqual(contentHash('Storm', 'A'), contentHash('Storms', 'A'))
  })
})

describe('mintId', () => {
  it('is a UUID of version 8, the same for the same source and name and another for another', () => {
    const id = mintId('desk', 'url:x.example/a')
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.equal(id, mintId('desk', 'url:x.example/a'))
    assert.notEqual(id, mintId('main', 'url:x.example/a'))
    assert.notEqual(id, mintId('desk', 'url:x.example/b'))
  })
})

describe('isSameArticle', () => {
  const sighting = fc.record({
    parts: article,
    title: fc.stringMatching(/^[A-Z][a-z]{3,10} [a-z]{3,10}$/),
    text: fc.stringMatching(/^[a-z ]{20,60}$/),
    publishedAt: fc.option(fc.date({ min: new Date('2020-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }), {
      nil: undefined,
    }),
  })
  interface Parts {
    host: string
    path: string[]
    id: number | undefined
  }
  const seen = ({
    parts,
    title,
    text,
    publishedAt,
  }: {
    parts: Parts
    title: string
    text: string
    publishedAt: Date | undefined
  }): Sighting => ({
    url: urlOf(parts),
    title,
    hash: contentHash(title, text),
    publishedAt,
  })

  it('says yes when any one of title, slug, host, scheme or tracking changed', () => {
    fc.assert(
      fc.property(sighting, segment, tracking, (known, slug, tracker) => {
        const before = seen(known)
        const { parts } = known
        const changed: Sighting[] = [
          seen({ ...known, title: `${known.title} updated` }),
          seen({ ...known, parts: { ...parts, path: [...parts.path.slice(0, -1), slug] } }),
          seen({ ...known, parts: { ...parts, host: 'moved.example' } }),
          { ...before, url: before.url.replace('https:', 'http:') },
          { ...before, url: `${before.url}${before.url.includes('?') ? '&' : '?'}${tracker}` },
        ]
        for (const after of changed) {
          assert.ok(isSameArticle(before, after), JSON.stringify([before, after]))
          assert.ok(isSameArticle(after, before), JSON.stringify([after, before]))
        }
      }),
    )
  })

  it('says no of two articles that share only their title', () => {
    fc.assert(
      fc.property(sighting, sighting, (known, other) => {
        fc.pre(urlOf(known.parts) !== urlOf(other.parts) && known.text.trim() !== other.text.trim())
        fc.pre(known.publishedAt?.getTime() !== other.publishedAt?.getTime() || known.publishedAt === undefined)
        assert.ok(!isSameArticle(seen(known), seen({ ...other, title: known.title })))
      }),
    )
  })

  it('says no of two numbers of a series with the same words, another slug and another day', () => {
    const one = {
      url: 'https://x.example/quiz-1',
      title: 'The quiz',
      hash: 'same',
      publishedAt: new Date('2026-03-01'),
    }
    assert.ok(!isSameArticle(one, { ...one, url: 'https://x.example/quiz-2', publishedAt: new Date('2026-03-08') }))
  })

  it('says no of two front pages of two hosts', () => {
    const one = { url: 'https://a.example/', title: 'Home', hash: 'one' }
    assert.ok(!isSameArticle(one, { url: 'https://b.example/', title: 'Home', hash: 'other' }))
  })
})

describe('addressVariants', () => {
  const story = 'https://gazette.example/news/storm'
  for (const url of [
    'https://gazette.example/news/storm/amp',
    'https://gazette.example/news/storm/amp/',
    'https://gazette.example/amp/news/storm',
    'https://gazette.example/news/storm?amp=1',
    'https://gazette.example/news/storm?outputType=amp',
    'https://amp.gazette.example/news/storm',
    'https://m.gazette.example/news/storm',
    'https://mobile.gazette.example/news/storm',
    'https://gazette.example/news/storm/print',
    'https://gazette.example/news/storm?view=print&print=1',
    'https://gazette.example/news/storm.print',
    'https://gazette.example/news/storm/index.html',
    'https://www.google.com/amp/s/gazette.example/news/storm',
    'https://www.google.co.uk/amp/s/gazette.example/news/storm/amp',
    'https://gazette-example.cdn.ampproject.org/c/s/gazette.example/news/storm',
  ])
    it(`has the article's own among those of ${url}`, () => {
      assert(addressVariants(url).includes(story), addressVariants(url).join(' '))
    })

  it('keeps what tells articles apart', () => {
    assert.deepEqual(addressVariants(story), [])
    assert.deepEqual(addressVariants('https://gazette.example/index.php?id=4&amp=1'), [
      'https://gazette.example/index.php?id=4',
      'https://gazette.example/?id=4',
    ])
    assert.deepEqual(addressVariants('file:///home/desk/storm.md'), [])
  })
})
