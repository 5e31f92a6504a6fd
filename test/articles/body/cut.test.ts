import assert from 'node:assert/strict'
import { type ChildNode } from 'domhandler'
import { cutOut } from '../../../src/articles/body/cut.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { clean } from '../../../src/articles/clean.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('cutOut', () => {
  /** What is left when the passages that begin with a capital are chosen. */
  const cut = (html: string) => {
    const $ = parseHtml(`<body>${html}</body>`)
    const found = readPassages($('body')[0]!)
    const element = cutOut(found, (index) => /^[A-Z]/.test(found.passages[index]?.text ?? ''))
    const inner = element?.children.map((node) => $.html(node)).join('') ?? ''
    return clean(inner, { base: 'https://gazette.example/' }).replaceAll('\n', '')
  }

  it('keeps the chosen passages in their elements, and nothing that says something else', () => {
    assert.equal(
      cut('<nav>menu</nav><div><p>One</p>advert<ul><li>Two</li><li>share</li></ul><div><p>related</p></div></div>'),
      '<p>One</p><ul><li>Two</li></ul>',
    )
  })

  it('gives nothing where nothing is chosen', () => {
    assert.equal(cut('<p>menu</p>'), '')
  })

  it('keeps a list, a table and a quote whole around the only passages that are in them', () => {
    assert.equal(cut('<ul><li>One</li></ul>'), '<ul><li>One</li></ul>')
    assert.match(cut('<table><tr><td>One</td><td></td></tr></table>'), /<table>.*<td><\/td>.*<\/table>/)
    assert.equal(cut('<blockquote><p>One</p></blockquote>'), '<blockquote><p>One</p></blockquote>')
  })

  it('keeps a picture in the text, and its caption with it in one figure', () => {
    assert.equal(
      cut('<p>One</p><div class="image"><img src="a.jpg"><p class="caption">the quay</p></div><p>Two</p>'),
      '<p>One</p><figure><img src="https://gazette.example/a.jpg" alt=""><figcaption>the quay</figcaption></figure><p>Two</p>',
    )
  })

  it('leaves every node linked to its neighbours, also where a caption was made of bare text', () => {
    const $ = parseHtml(
      '<body><p>One</p><div class="image"><img src="a.jpg"><i>the quay</i></div><p>Two</p>no<p>Three</p></body>',
    )
    const found = readPassages($('body')[0]!)
    const element = cutOut(found, (index) => /^[A-Z]/.test(found.passages[index]?.text ?? ''))
    const waiting = [...(element?.children ?? [])]
    let captions = 0
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const children: ChildNode[] = node.parent?.children ?? []
      const at = children.indexOf(node)
      assert.deepEqual([node.prev, node.next], [children[at - 1] ?? null, children[at + 1] ?? null])
      if ('name' in node && node.name === 'figcaption') captions++
      if ('children' in node) waiting.push(...node.children)
    }
    assert.equal(captions, 1)
  })

  it('keeps the picture above the text that stands beside its box, and none of a teaser below', () => {
    const html =
      '<article><figure><img src="a.jpg"></figure><div><p>One</p><p>Two</p></div>' +
      '<div><div><img src="b.jpg"><h3>another story</h3></div></div></article>'
    assert.equal(cut(html), '<figure><img src="https://gazette.example/a.jpg" alt=""></figure><p>One</p><p>Two</p>')
  })

  it('shows what the page shows only after a script has run', () => {
    assert.equal(cut('<div hidden><p style="display:none">One</p><p>Two</p></div>'), '<p>One</p><p>Two</p>')
    assert.equal(cut('<form><div>One</div><button>Two</button></form>'), '<p>One</p><p>Two</p>')
  })

  it('takes time in proportion to the siblings of which it drops some', () => {
    const start = process.cpuUsage()
    cut('<p>One</p><span>x</span><p>no</p>'.repeat(30_000))
    assert.ok(process.cpuUsage(start).user < 3_000_000)
  })
})
