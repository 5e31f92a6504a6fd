import { strict as assert } from 'node:assert'
import { mayRead, parseRobots } from '../../src/http/robots.ts'
import { pagesOfWork } from '../work.ts'

const reads = (text: string, path: string, product = 'Broadsheet'): boolean =>
  mayRead(parseRobots(text, product), new URL(path, 'https://gazette.example'))

/** RFC 9309, section 5.1. */
const SIMPLE = `
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot

EOF
`

describe('http/robots', () => {
  describe('reads the simple example of RFC 9309, section 5.1', () => {
    for (const [product, path, expected] of [
      ['Broadsheet', '/', true],
      ['Broadsheet', '/example/page.html', false],
      ['Broadsheet', '/example/', false],
      ['Broadsheet', '/example', true],
      ['Broadsheet', '/publications/x', true],
      ['Broadsheet', '/a.gif', false],
      ['Broadsheet', '/a.gif?x', true],
      ['foobot', '/', false],
      ['foobot', '/example/page.html', true],
      ['foobot', '/example/allowed.gif', true],
      ['foobot', '/publications/', false],
      ['barbot', '/example/page.html', false],
      ['barbot', '/example/', true],
      ['bazbot', '/example/page.html', false],
      ['bazbot', '/a.gif', true],
      ['quxbot', '/example/page.html', true],
      ['quxbot', '/a.gif', true],
      ['FooBot', '/', false],
    ] as const) {
      it(`${product} ${expected ? 'may' : 'may not'} read ${path}`, () =>
        assert.equal(reads(SIMPLE, path, product), expected))
    }
  })

  describe('lets the longest match decide, as in section 5.2', () => {
    const text = `User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n`
    for (const [path, expected] of [
      ['/example/page/disallowed.gif', false],
      ['/example/page/', true],
      ['/example/page/other.gif', true],
    ] as const) {
      it(`${path} is ${expected ? 'allowed' : 'disallowed'}`, () => assert.equal(reads(text, path, 'foobot'), expected))
    }

    it('whatever the order of the rules', () => {
      assert.equal(reads('User-agent: *\nDisallow: /\nAllow: /a', '/ab'), true)
      assert.equal(reads('User-agent: *\nAllow: /a\nDisallow: /', '/ab'), true)
      assert.equal(reads('User-agent: *\nAllow: /\nDisallow: /a', '/ab'), false)
    })

    it('and of two that are as long the one that allows', () => {
      assert.equal(reads('User-agent: *\nDisallow: /ab\nAllow: /ab', '/abc'), true)
      assert.equal(reads('User-agent: *\nAllow: /ab\nDisallow: /ab', '/abc'), true)
    })
  })

  describe('finds the groups that are for us', () => {
    it('as one, however many there are and wherever they stand (section 2.2.1)', () => {
      const text = `
        user-agent: ExampleBot\nallow: /foo\ndisallow: /bar\n
        user-agent: *\ndisallow: /all\n
        user-agent: ExampleBot\ndisallow: /baz`
      for (const [path, expected] of [
        ['/foo', true],
        ['/bar', false],
        ['/baz', false],
        ['/all', true],
      ] as const)
        assert.equal(reads(text, path, 'ExampleBot'), expected, path)
      assert.equal(reads(text, '/all'), false)
    })

    it('and those for everyone as one too', () => {
      const text = 'User-agent: *\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: *\nDisallow: /b'
      assert.deepEqual(
        ['/a', '/b', '/c'].map((path) => reads(text, path)),
        [false, false, true],
      )
    })

    it('without the version that some write behind the name', () => {
      assert.equal(reads('User-agent: broadsheet/0.1\nDisallow: /', '/'), false)
      assert.equal(reads('User-agent: BroadsheetFan\nDisallow: /', '/'), true)
    })

    it('across comments, blank lines and records that the RFC does not know (section 2.2.4)', () => {
      const text =
        'User-agent: Broadsheet\n# us\n\nSitemap: https://x/\nCrawl-delay: 2\nUser-agent: other # too\nDisallow: /a # not\n'
      assert.equal(reads(text, '/a'), false)
      assert.equal(reads(text, '/a', 'other'), false)
    })

    it('and takes no rule that stands before the first of them', () => {
      assert.equal(reads('Disallow: /\nUser-agent: *\nDisallow: /b', '/a'), true)
    })

    for (const end of ['\n', '\r', '\r\n']) {
      it(`in lines that end with ${JSON.stringify(end)}`, () => {
        assert.equal(reads(['\uFEFFUser-agent: *', '', 'Disallow: /a'].join(end), '/a'), false)
      })
    }
  })

  describe('compares one spelling of a path with one spelling, as the table in section 2.2.2 does', () => {
    for (const [rule, path, expected] of [
      ['/foo/bar?baz=quz', '/foo/bar?baz=quz', true],
      ['/foo/bar?baz=https://foo.bar', '/foo/bar?baz=https%3A%2F%2Ffoo.bar', true],
      ['/foo/bar?baz=https%3A%2F%2Ffoo.bar', '/foo/bar?baz=https://foo.bar', true],
      ['/foo/bar/ツ', '/foo/bar/%E3%83%84', true],
      ['/foo/bar/%E3%83%84', '/foo/bar/ツ', true],
      ['/foo/bar/%e3%83%84', '/foo/bar/%E3%83%84', true],
      ['/foo/bar/%62%61%7A', '/foo/bar/baz', true],
      ['/foo/bar/baz', '/foo/bar/%62%61%7A', true],
      ['/a%2Fb', '/a/b', false],
      ['/a/b', '/a%2Fb', false],
      ['/Foo', '/foo', false],
    ] as const) {
      it(`${rule} ${expected ? 'is' : 'is not'} ${path}`, () => {
        assert.equal(reads(`User-agent: *\nDisallow: ${rule}`, path), !expected)
      })
    }
  })

  describe('knows * and $ (section 2.2.3)', () => {
    for (const [rule, path, expected] of [
      ['/path/file-with-a-%2A.html', '/path/file-with-a-*.html', true],
      ['/path/foo-%24', '/path/foo-$', true],
      ['/foo-%24', '/foo-$bar', true],
      ['/this/*/exactly', '/this/is/exactly', true],
      ['/this/*/exactly', '/this/is/not/exactly/it', true],
      ['/this/*/exactly', '/this/exactly', false],
      ['/this/path/exactly$', '/this/path/exactly', true],
      ['/this/path/exactly$', '/this/path/exactly/not', false],
      ['/*.php', '/a/b.php?c', true],
      ['/*.php$', '/a/b.php?c', false],
      ['/*.php$', '/a.php/b.php', true],
      ['/a*', '/a', true],
      ['/a*$', '/abc', true],
      ['/*a*a$', '/a', false],
      ['/*ab*bc$', '/abc', false],
      ['/*ab*bc$', '/abbc', true],
      ['*', '/anything', true],
      ['/fish*', '/fishheads/yummy.html', true],
      ['/*/print', '/a?from=/print', true],
      ['/$', '/', true],
      ['/$', '/a', false],
      ['/a$b', '/a$b', true],
    ] as const) {
      it(`${rule} ${expected ? 'matches' : 'does not match'} ${path}`, () => {
        assert.equal(reads(`User-agent: *\nDisallow: ${rule}`, path), !expected)
      })
    }

    it('in no time, whatever the pattern', () => {
      const robots = parseRobots(`User-agent: *\nDisallow: /${'*a'.repeat(5_000)}$b`, 'Broadsheet')
      const url = new URL(`https://gazette.example/${'a'.repeat(8_000)}`)
      const work = pagesOfWork(() => assert.equal(mayRead(robots, url), true))
      assert.ok(work < 20, `${work} pages`)
    })
  })

  for (const [what, text] of [
    ['an empty file', ''],
    ['an empty Disallow', 'User-agent: *\nDisallow:'],
    ['a web page', '<!doctype html><title>Not found</title><p>Disallow: /'],
    ['a path without its slash', 'User-agent: *\nDisallow: private'],
    ['noise', '\u0000\u0001: : :\nUser-agent\nDisallow /\n:::\n'],
    ['a group without a name', 'User-agent:\nDisallow: /'],
  ] as const) {
    it(`takes everything as allowed by ${what}`, () => assert.equal(reads(text, '/private'), true))
  }

  it('always lets robots.txt itself be read', () => {
    assert.equal(reads('User-agent: *\nDisallow: /', '/robots.txt'), true)
  })

  it('reads Crawl-delay for those who were named before it', () => {
    const text = 'User-agent: Bingbot\nCrawl-delay: 10\n\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x'
    assert.equal(parseRobots(text, 'Broadsheet').crawlDelay, 2.5)
    assert.equal(parseRobots(text, 'bingbot').crawlDelay, 10)
    assert.equal(parseRobots('User-agent: *\nCrawl-delay: soon', 'Broadsheet').crawlDelay, undefined)
  })
})
