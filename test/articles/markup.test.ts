import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { type ChildNode, isTag, isText } from 'domhandler'
import { parseHtml } from '../../src/articles/markup.ts'

describe('parseHtml', () => {
  /** The names and texts of a tree, in brackets. */
  const outline = (nodes: readonly ChildNode[]): string =>
    nodes
      .map((node) => (isText(node) ? node.data : isTag(node) ? `(${node.name} ${outline(node.children)})` : ''))
      .join('')

  it('reads the shapes of a drawing without their attributes, and what is in and behind them as a browser does', () => {
    for (const html of [
      '<p>a<svg viewBox="0 0 1 1"><g fill=red><path d="M0 0"/><path d=M0/>x</path><rect width=1 /></g></svg>b</p>',
      '<svg><defs><path d="M0"></path></defs><use href="#a"/><foreignObject><p class=c>in</p></foreignObject></svg>after',
      '<svg><path d="M0"><p>breaks out</p></svg><path d="M1">no drawing</path>',
    ]) {
      const [expected, found] = [load(html), parseHtml(html)]
      assert.equal(outline(found('body')[0]!.children), outline(expected('body')[0]!.children), html)
      assert.equal(found('svg path, svg g, svg rect').filter((_, { attribs }) => Object.keys(attribs).length > 0).length, 0) // prettier-ignore
    }
    assert.equal(parseHtml('<svg><foreignObject><p class=c>in</p></foreignObject></svg>')('p').attr('class'), 'c')
  })
})
