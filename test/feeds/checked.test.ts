import assert from 'node:assert/strict'
import { checkFeed } from '../../src/feeds/checked.ts'
import { renderFeed, type FeedFiles } from '../../src/feeds/render.ts'
import { type Article } from '../../src/model.ts'
import { addresses, article, feed, site } from './nouns.ts'

const render = (articles: readonly Article[]): FeedFiles => renderFeed(feed(), site, addresses, articles)
const titles = (articles: Article[]) => articles.map(({ title }) => title)

describe('feeds/checked', () => {
  it('lets through what passes', () => {
    const articles = [article(1), article(2)]
    const { files, faults, held, articles: shown } = checkFeed(articles, render)
    assert.deepEqual(files, render(articles))
    assert.deepEqual([faults, held, titles(shown)], [[], [], ['Story 2', 'Story 1']])
  })

  it('leaves out and names the article that breaks its feed, and publishes the others', () => {
    const breaking = (articles: readonly Article[]): FeedFiles => {
      const files = render(articles)
      return { ...files, 'rss.xml': files['rss.xml'].replace('Story 2', 'Story & 2') }
    }
    const { files, faults, held, articles: shown } = checkFeed([article(1), article(2), article(3)], breaking)
    assert.deepEqual(files, render([article(1), article(3)]))
    assert.deepEqual(titles(shown), ['Story 3', 'Story 1'])
    assert.deepEqual(held, [])
    assert.deepEqual(
      faults.map(({ code, details }) => [code, details['article']]),
      [['feed.item', article(2).id]],
    )
  })

  it('holds a feed that is faulty as a whole', () => {
    const breaking = (articles: readonly Article[]): FeedFiles => ({ ...render(articles), 'atom.xml': '<feed>' })
    const { files, held } = checkFeed([article(1)], breaking)
    assert.equal(files, undefined)
    assert.deepEqual(
      held.map(({ code, details }) => [code, details['file']]),
      [['feed.invalid', 'atom.xml']],
    )
  })
})
