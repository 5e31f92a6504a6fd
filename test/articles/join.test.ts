import assert from 'node:assert/strict'
import { clean } from '../../src/articles/clean.ts'
import { joinParts, takeWhole } from '../../src/articles/join.ts'
import { toText } from '../../src/articles/text.ts'
import { type Draft } from '../../src/item.ts'

const FIRST = 'https://gazette.example/news/wall'
const SECOND = 'https://gazette.example/news/wall/2'
const HEADLINE = 'The wall'

const WALL = '<p>The outer quay stayed shut on Monday after waves broke over the wall twice before dawn.</p>'
const BOATS = '<p>Three boats that lay outside were brought into the inner basin by noon, and nobody was hurt.</p>'
const FERRY = '<p>The ferry goes from the fish market until the wall has been looked at by divers.</p>'
const BIO = '<p>Mara Lund writes of the harbour and of all that comes into it and goes out of it again.</p>'
const LEAD = '<p>Two storms in one week have shown how old the wall is.</p>'

const part = (html: string, url: string, more: Partial<Draft> = {}) => ({
  url,
  draft: { title: HEADLINE, authors: [], topics: [], html, ...more },
})
const join = (one: string, other: string) => joinParts(part(one, FIRST), part(other, SECOND))
const linesOf = (draft: Draft | undefined) =>
  draft && toText(clean(draft.html, { base: FIRST })).split('\n\n').map((line) => line.split(' ').slice(0, 3).join(' ')) // prettier-ignore
const lines = (one: string, other: string) => linesOf(join(one, other))

describe('articles/join', () => {
  it('puts one part behind the other, and keeps all else as the first says it', () => {
    const joined = joinParts(part(WALL, FIRST, { excerpt: 'One' }), part(BOATS, SECOND, { title: 'X', excerpt: 'Two' }))
    assert.deepEqual(linesOf(joined), ['The outer quay', 'Three boats that'])
    assert.deepEqual([joined?.title, joined?.excerpt], [HEADLINE, 'One'])
  })

  it('shows headline, lead and picture once, though they stand on each page', () => {
    const top = `<h2>${HEADLINE}</h2>${LEAD}<figure><img src="/wall.jpg" alt="The wall"></figure>`
    const joined = join(top + WALL, top + BOATS)
    assert.deepEqual(linesOf(joined), ['The wall', 'Two storms in', 'The outer quay', 'Three boats that'])
    assert.equal(joined?.html.match(/<img/g)?.length, 1)
    const later = `<h1>${HEADLINE}</h1><figure><img src="/wall.jpg"></figure>`
    assert.equal(join(`${LEAD}<figure><img src="/wall.jpg"></figure>${WALL}`, later + BOATS)?.html.match(/<img/g)?.length, 1) // prettier-ignore
    assert.deepEqual(lines(LEAD + WALL, later + BOATS), ['Two storms in', 'The outer quay', 'Three boats that'])
  })

  it('puts what ends every page at the end of the article', () => {
    assert.deepEqual(lines(WALL + BIO, BOATS + BIO), ['The outer quay', 'Three boats that', 'Mara Lund writes'])
    const two = join(WALL + BIO, BOATS + BIO)
    assert.deepEqual(linesOf(joinParts({ url: FIRST, draft: two! }, part(FERRY + BIO, SECOND))), [
      'The outer quay',
      'Three boats that',
      'The ferry goes',
      'Mara Lund writes',
    ])
  })

  it('leaves out a paragraph that stands on each page between others, and keeps short words that are said twice', () => {
    assert.deepEqual(lines(WALL + BIO + BOATS, `<p>Yes.</p>${BIO}${FERRY}`), [
      'The outer quay',
      'Mara Lund writes',
      'Three boats that',
      'Yes.',
      'The ferry goes',
    ])
    assert.deepEqual(lines(`${WALL}<p>Yes.</p>${BOATS}`, `<p>Why?</p><p>Yes.</p>${FERRY}`)?.slice(-3), ['Why?', 'Yes.', 'The ferry goes']) // prettier-ignore
  })

  it('is nothing where the page says nothing that was not said', () => {
    assert.equal(join(LEAD + WALL + BIO, LEAD + WALL + BIO), undefined)
    assert.equal(join(WALL + BOATS, `<h1>${HEADLINE}</h1>${BOATS}`), undefined)
    assert.equal(join(WALL, ''), undefined)
  })

  it('reads the relative addresses of each part from where it stood', () => {
    const joined = join(`${WALL}<p><img src="a.jpg"></p>`, `<base href="/files/">${BOATS}<p><img src="b.jpg"></p>`)
    assert.deepEqual(
      [...(joined?.html.matchAll(/src="([^"]*)"/g) ?? [])].map(([, address]) => address),
      ['https://gazette.example/news/a.jpg', 'https://gazette.example/files/b.jpg'],
    )
  })

  it('tells paragraphs of scripts without spaces by fewer letters', () => {
    const [one, other] = ['港口的外墙在星期一仍然关闭，因为海浪在黎明前两次越过了墙。', '三艘停在外面的船在中午前被带进了内港，没有人受伤。'] // prettier-ignore
    const text = `<p>${one}</p><p>${other}</p>`
    const joined = join(
      text + '<p>一。</p>',
      `<p>渡轮从鱼市场出发，直到潜水员检查完墙体为止。</p><p>${one}</p><p>二。</p>`,
    )
    assert.equal(joined?.html.split(one).length, 2)
  })

  it('is cut for those who do not pay where its last part is', () => {
    assert.equal(joinParts(part(WALL, FIRST), part(BOATS, SECOND, { lacks: 'paywall' }))?.lacks, 'paywall')
  })

  it('takes the page with all of it, and not one that holds less or something else', () => {
    const whole = (html: string) => linesOf(takeWhole(part(LEAD + WALL, FIRST), part(html, `${FIRST}/all`)))
    assert.deepEqual(whole(LEAD + WALL + BOATS + FERRY), [
      'Two storms in',
      'The outer quay',
      'Three boats that',
      'The ferry goes',
    ])
    assert.equal(whole(LEAD + WALL), undefined)
    assert.equal(whole(BOATS + FERRY + BIO), undefined)
  })
})
