import assert from 'node:assert/strict'
import { arrange, choose } from '../../src/newsletters/choose.ts'
import { type Article } from '../../src/model.ts'
import { picture, story } from './paper.ts'

const titles = (articles: Article[]) => articles.map(({ title }) => title)
const stories = (count: number) => Array.from({ length: count }, (_, index) => story(index + 1))

describe('newsletters/choose', () => {
  it('takes the newest in full and names the rest', () => {
    const { articles, headlines } = choose(stories(5), { max: 3 })
    assert.deepEqual(titles(articles), ['Story 1', 'Story 2', 'Story 3'])
    assert.deepEqual(titles(headlines), ['Story 4', 'Story 5'])
  })

  it('chooses the same whatever order the articles come in', () => {
    const all = [...stories(6), story(7, { publishedAt: story(6).publishedAt!, firstSeenAt: story(6).firstSeenAt })]
    const expected = choose(all, { max: 5 })
    assert.deepEqual(choose(all.toReversed(), { max: 5 }), expected)
    assert.deepEqual(choose([...all.slice(3), ...all.slice(0, 3)], { max: 5 }), expected)
  })

  it('lets an article with a picture lead when it is one of the three newest', () => {
    const all = [story(1), story(2), story(3, { images: [picture('ferry')] }), story(4, { images: [picture('quay')] })]
    assert.deepEqual(titles(choose(all, { max: 12 }).articles), ['Story 3', 'Story 1', 'Story 2', 'Story 4'])
  })

  it('lets no older article lead for its picture', () => {
    const all = [story(1), story(2), story(3), story(4, { images: [picture('quay')] })]
    assert.equal(choose(all, { max: 12 }).articles[0]?.title, 'Story 1')
  })

  it('lets no small picture make a lead', () => {
    const all = [story(1), story(2, { images: [picture('icon', { width: 120, height: 120 })] })]
    assert.equal(choose(all, { max: 12 }).articles[0]?.title, 'Story 1')
  })

  it('orders an article without a date by when it was first seen', () => {
    const undated = story(3, { firstSeenAt: new Date(Date.UTC(2027, 4, 3, 21, 30)) })
    delete undated.publishedAt
    assert.deepEqual(titles(choose([story(1), story(2), undated], { max: 3 }).articles), [
      'Story 1',
      'Story 3',
      'Story 2',
    ])
  })

  it('does not let a date in the future keep an article on top', () => {
    const all = [story(1), story(2, { publishedAt: new Date('2099-01-01') })]
    assert.equal(choose(all, { max: 12 }).articles[0]?.title, 'Story 1')
  })

  it('chooses nothing from nothing', () => {
    assert.deepEqual(choose([], { max: 12 }), { articles: [], headlines: [] })
  })

  it('groups by first topic, the fullest first, those without a topic last', () => {
    const sections = arrange([
      story(1, { topics: [] }),
      story(2, { topics: [] }),
      story(3, { topics: ['sport', 'harbour'] }),
      story(4, { topics: ['Harbour'] }),
      story(5, { topics: ['harbour'] }),
      story(6, { topics: ['council'] }),
    ])
    assert.deepEqual(
      sections.map(({ topic, articles }) => [topic, titles(articles)]),
      [
        ['Harbour', ['Story 4', 'Story 5']],
        ['sport', ['Story 3']],
        ['council', ['Story 6']],
        [undefined, ['Story 1', 'Story 2']],
      ],
    )
  })
})
