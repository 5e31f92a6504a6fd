import assert from 'node:assert/strict'
import { extract } from '../../src/articles/extract.ts'

const URL_OF_PAGE = 'https://gazette.example/news/wall'
const PARAGRAPH =
  'The harbour wall will be a metre higher by the end of next year, the council decided on Tuesday, after two winters of floods in the streets behind the fish market.'
const HANS = '港口的外墙到明年年底将加高一米，议会在星期二作出了这一决定，因为鱼市场后面的街道在过去的两个冬天里都被淹没了，居民们一直在等待这个消息。' // prettier-ignore

/** Whether the article on a page with so many paragraphs is cut; `after` stands below them. */
function lackOf({
  paragraphs,
  data,
  head = '',
  after = '',
  text = PARAGRAPH,
}: {
  paragraphs: number
  data?: object
  head?: string
  after?: string
  text?: string
}) {
  // prettier-ignore
  const about = { '@context': 'https://schema.org', '@type': 'NewsArticle', headline: 'The wall', ...data }
  const script = data === undefined ? '' : `<script type="application/ld+json">${JSON.stringify(about)}</script>`
  const shown = Array.from({ length: paragraphs }, (_, at) => `<p>${text} ${at}</p>`).join('')
  return extract(
    `<html><head><title>The wall</title>${script}${head}</head><body><article><h1>The wall</h1>${shown}</article>${after}</body></html>`,
    URL_OF_PAGE,
  ).lacks
}

const paid = { isAccessibleForFree: false }
const box = (text: string) => `<div class="offer"><p>${text}</p></div>`

describe('articles/teaser', () => {
  it('marks a beginning of which the page states that the article is not free', () => {
    assert.equal(lackOf({ paragraphs: 2, data: paid }), 'paywall')
    assert.equal(lackOf({ paragraphs: 2, data: { isAccessibleForFree: 'False' } }), 'paywall')
    assert.equal(lackOf({ paragraphs: 2, data: { isAccessibleForFree: 'http://schema.org/False' } }), 'paywall')
    assert.equal(lackOf({ paragraphs: 2, head: '<meta property="article:content_tier" content="locked">' }), 'paywall')
  })

  it('marks no article that is free, and none that is shown whole although it is not', () => {
    assert.equal(lackOf({ paragraphs: 2 }), undefined)
    assert.equal(lackOf({ paragraphs: 2, data: { isAccessibleForFree: true } }), undefined)
    assert.equal(lackOf({ paragraphs: 30, data: paid }), undefined)
    assert.equal(lackOf({ paragraphs: 2, head: '<meta property="article:content_tier" content="free">' }), undefined)
  })

  it('believes how many words the page says that the article has', () => {
    assert.equal(lackOf({ paragraphs: 12, data: { ...paid, wordCount: 900 } }), 'paywall')
    assert.equal(lackOf({ paragraphs: 12, data: { ...paid, wordCount: '360' } }), undefined)
    assert.equal(lackOf({ paragraphs: 12, data: { wordCount: 900 } }), undefined, 'it is free')
  })

  it('looks for the part that is to be paid for', () => {
    const data = { ...paid, hasPart: { '@type': 'WebPageElement', isAccessibleForFree: false, cssSelector: '.locked' } }
    const locked = `<div class="locked">${`<p>${PARAGRAPH}</p>`.repeat(3)}</div>`
    assert.equal(lackOf({ paragraphs: 4, data }), 'paywall')
    assert.equal(lackOf({ paragraphs: 4, data, after: locked }), undefined)
    assert.equal(lackOf({ paragraphs: 30, data }), undefined, 'a long text is whole, whatever the data name')
  })

  for (const words of [
    'Subscribe to continue reading.',
    'This article is for subscribers only. This story is only available to paying subscribers.',
    'Diesen Artikel weiterlesen mit Gazette+',
    'La suite est réservée aux abonnés.',
    'Contenido exclusivo para suscriptores',
    'Per continuare a leggere abbonati',
    'Dit artikel is exclusief voor abonnees',
    'Чтобы прочитать статью, оформите подписку',
    'この記事は有料会員限定です',
  ])
    it(`marks what ends in “${words}”`, () => {
      assert.equal(lackOf({ paragraphs: 3, after: box(words) }), 'paywall')
      assert.equal(lackOf({ paragraphs: 40, after: box(words) }), undefined, 'a whole article may ask for support')
    })

  it('believes what is said of how much is missing', () => {
    const words = 'Il vous reste 71.5 % de cet article à lire. La suite est réservée aux abonnés.'
    assert.equal(lackOf({ paragraphs: 20, after: box(words) }), 'paywall')
  })

  it('counts letters of scripts without spaces for what they say', () => {
    assert.equal(lackOf({ paragraphs: 2, text: HANS, data: paid }), 'paywall')
    assert.equal(lackOf({ paragraphs: 6, text: HANS, data: paid }), undefined)
  })
})
