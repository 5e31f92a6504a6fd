import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5'
import { clean } from '../../src/articles/clean.ts'
import { picturesIn } from '../../src/articles/pictures.ts'
import { fixtures } from '../fixtures.ts'
import { CORPUS, hostileHtml } from './hostile.ts'
import { pagesOfWork } from '../work.ts'

const BASE = 'https://gazette.example/news/storm'
const cleaned = (html: string) => clean(html, { base: BASE })

const ELEMENTS = new Set(
  (
    'p h1 h2 h3 h4 h5 h6 pre figure figcaption dl dt dd blockquote ul ol li table caption thead tbody tfoot tr td th a em strong b i ' +
    'u s mark small sub sup cite code kbd samp var dfn abbr q time del ins bdi bdo ruby rt rp img br hr wbr'
  ).split(' '),
)
const ATTRIBUTES = new Set(
  'href src srcset alt title width height cite start reversed value colspan rowspan scope class datetime lang dir id'.split(
    ' ',
  ),
)

/** Names every element, attribute and address in a tree of parse5 that this test, by its own lists, would not let through. */
function faultsIn(html: string): string[] {
  const faults: string[] = []
  const judge = (name: string, attributes: [string, string][], place: string) => {
    if (!ELEMENTS.has(name)) faults.push(`<${name}> ${place}`)
    for (const [key, value] of attributes) {
      if (!ATTRIBUTES.has(key)) faults.push(`${name}[${key}] ${place}`)
      // Or another place in the same article, under a name that is only its own.
      const schemes = key === 'href' ? /^(https?|mailto|tel):|^#n[\da-f]{6}-[\w-]+$/ : /^https?:/
      if (key === 'id' && !/^n[\da-f]{6}-[\w-]+$/.test(value)) faults.push(`id=${value} ${place}`)
      if (['href', 'src', 'cite'].includes(key) && !schemes.test(value))
        faults.push(`${name}[${key}=${value}] ${place}`)
      if (key === 'srcset' && !value.split(', ').every((one) => /^https?:\S+( [\d.]+[wx])?$/.test(one)))
        faults.push(`srcset=${value} ${place}`)
      if (key === 'class' && !/^language-[\w+#.-]+$/.test(value)) faults.push(`class=${value} ${place}`)
    }
  }
  const walk = (node: DefaultTreeAdapterTypes.Node, place: string) => {
    if (node.nodeName === '#comment' || node.nodeName === '#documentType') faults.push(`${node.nodeName} ${place}`)
    if ('tagName' in node && !(place.startsWith('page') && ['html', 'head', 'body'].includes(node.tagName))) {
      const namespace: string = node.namespaceURI
      if (namespace !== 'http://www.w3.org/1999/xhtml') faults.push(`${namespace} ${place}`)
      judge(node.tagName, node.attrs.map(({ name, value }) => [name, value]), place) // prettier-ignore
    }
    if ('childNodes' in node) for (const child of node.childNodes) walk(child, place)
  }
  for (const scriptingEnabled of [true, false]) {
    walk(parseFragment(html, { scriptingEnabled }), 'fragment')
    for (const child of parse(html, { scriptingEnabled }).childNodes) walk(child, 'page')
  }
  const reader = new Parser({
    onopentag: (name, attributes) => judge(name, Object.entries(attributes), 'htmlparser2'),
    oncomment: () => faults.push('comment htmlparser2'),
  })
  reader.end(html)
  return faults
}

/** The tree as one line for each node, to compare what parsers made of the same text. */
function shape(node: DefaultTreeAdapterTypes.Node): unknown {
  if (node.nodeName === '#text' && 'value' in node) return node.value
  const children = 'childNodes' in node ? node.childNodes.map(shape) : []
  return [node.nodeName, 'attrs' in node ? node.attrs : [], children]
}

describe('clean', () => {
  for (const { name, input, expect } of fixtures('clean')) it(`cleans: ${name}`, () => expect(cleaned(input)))

  it('lets nothing active of the hostile corpus through, by two other parsers', () => {
    assert.ok(CORPUS.length > 60)
    for (const html of CORPUS) {
      const once = cleaned(html)
      assert.deepEqual(faultsIn(once), [], html)
      assert.equal(cleaned(once), once, html)
    }
  })

  it('changes nothing when it cleans again, and lets nothing active through, whatever it is given', () => {
    fc.assert(
      fc.property(hostileHtml, (html) => {
        const once = cleaned(html)
        assert.equal(cleaned(once), once)
        assert.deepEqual(faultsIn(once), [])
      }),
      { numRuns: 3000 },
    )
  })

  it('writes what every parser reads as the same tree, wherever it is put', () => {
    fc.assert(
      fc.property(hostileHtml, (html) => {
        const once = cleaned(html)
        const alone = shape(parseFragment(once))
        const [page] = parse(`<!doctype html><body><table><tr><td>${once}</td></table>`).childNodes.slice(-1)
        const find = (node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Node | undefined => {
          if (node.nodeName === 'td') return node
          return 'childNodes' in node ? node.childNodes.map(find).find((found) => found !== undefined) : undefined
        }
        const cell = find(page!)
        assert.ok(cell && 'childNodes' in cell)
        assert.deepEqual(cell.childNodes.map(shape), (alone as [string, unknown, unknown[]])[2])
        assert.deepEqual(shape(parseFragment(once, { scriptingEnabled: false })), alone)
      }),
      { numRuns: 1000 },
    )
  })

  it('has no character that XML forbids', () => {
    const html = cleaned('<p title="a\u0000b&#1;c\uffff">x\u0000\u0008y&#x1f;z&#xFFFE;\ud800w\u0085v</p>')
    assert.doesNotMatch(html, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/)
    assert.ok(html.isWellFormed())
    assert.match(html, /xy/)
  })

  it('keeps the text of elements that it does not know', () => {
    assert.equal(cleaned('<my-card><font color=red>Fog</font> <blink>at sea</blink></my-card>'), '<p>Fog at sea</p>')
  })

  it('takes the base of the page before the address it came from, but no base that is no web address', () => {
    assert.equal(
      cleaned('<base href="/2026/"><a href="x">x</a>'),
      '<p><a href="https://gazette.example/2026/x">x</a></p>',
    )
    assert.equal(
      cleaned('<base href="data:,"><a href="x">x</a>'),
      '<p><a href="https://gazette.example/news/x">x</a></p>',
    )
  })

  it('puts other addresses in place of those that are rewritten, and leaves none of the old ones beside them', () => {
    const own = 'https://feeds.gazette.example/media/1f.jpg'
    const rewrite = (url: string) => (url === 'https://gazette.example/a.jpg' ? own : undefined)
    const html = clean('<a href="/a.jpg"><img src="/a.jpg" srcset="/b.jpg 2x"></a><img src="/c.jpg">', {
      base: BASE,
      rewrite,
    })
    assert.equal(
      html,
      `<p><a href="${own}"><img src="${own}" alt=""></a><img src="https://gazette.example/c.jpg" alt=""></p>`,
    )
  })

  it('does not let a rewritten address be of another scheme', () => {
    const html = clean('<a href="/x">x</a>', { base: BASE, rewrite: () => 'javascript:alert(1)' })
    assert.equal(html, '<p><a href="https://gazette.example/x">x</a></p>')
  })

  const deep = 100_000
  const bombs: Record<string, string> = {
    'nested blocks': `${'<div>'.repeat(deep)}the end`,
    'nested lists': `${'<ul><li>'.repeat(deep)}the end`,
    'nested quotes': `${'<blockquote>'.repeat(deep)}the end`,
    'nested formatting': `${'<b><i>'.repeat(deep)}the end`,
    'formatting that every paragraph opens again':
      Array.from({ length: 3000 }, (_, index) => `<p><b a=${index}>x</p>`).join('') + '<p>y'.repeat(deep) + 'the end',
    'crossed formatting': `${'<b><i></b>'.repeat(deep)}the end`,
    'text that a table throws out': `<table>${'<p>x'.repeat(deep)}the end`,
    'attributes of one tag': `<p ${Array.from({ length: deep }, (_, index) => `a${index}`).join(' ')}>the end`,
    'attributes of many bodies': `${Array.from({ length: deep }, (_, index) => `<body a${index}>`).join('')}the end`,
    'tags that nothing closes': `the end${'<img src=x '.repeat(deep)}`,
    'quotes that nothing closes': `the end${'<p title="'.repeat(deep)}`,
    'titles that nothing closes': `the end${'<title>'.repeat(deep)}`,
    'comments that nothing closes': `the end${'<!--'.repeat(deep)}`,
  }
  for (const [name, html] of Object.entries(bombs)) {
    it(`takes time in proportion for a hundred thousand ${name}`, () => {
      const work = pagesOfWork(() => assert.match(cleaned(html), /the end/))
      assert.ok(work < 100, `${work} pages`)
    })
  }

  it('gives at most a million characters, and cleaning them again changes nothing', () => {
    const link = `<a href="https://x.example/${'a'.repeat(7000)}">`
    const once = cleaned(link + '<p>x</p>'.repeat(5000))
    assert.ok(once.length > 900_000 && once.length <= 1_100_000, String(once.length))
    assert.equal(cleaned(once), once)
  })

  it('cleans an ordinary page of a megabyte with little more work than reading it', () => {
    const paragraph =
      '<p>Some <b>text</b> of an article that <a href="/x">goes</a> on for a while and says a few things more.</p>\n'
    const page = `<div class="story">${paragraph.repeat(1_000_000 / paragraph.length)}</div>`
    const work = pagesOfWork(() => cleaned(page))
    assert.ok(work < 60, `${work} pages`)
  })
})

describe('picturesIn', () => {
  it('gives each picture once, with the words of its figure', () => {
    const html = cleaned(
      '<figure><img src="/a.jpg" alt="A boat"><figcaption>The boat in March. Photo: Ida Berg</figcaption></figure><img src="/a.jpg"><img src="/b.jpg">',
    )
    assert.deepEqual(picturesIn(html), [
      { url: 'https://gazette.example/a.jpg', alt: 'A boat', caption: 'The boat in March.', credit: 'Ida Berg' },
      { url: 'https://gazette.example/b.jpg' },
    ])
  })
})
