import assert from 'node:assert/strict'
import { parseHtml } from '../../../src/articles/markup.ts'
import { findImage, isSamePicture } from '../../../src/articles/metadata/lead-image.ts'
import { openPage } from '../../../src/articles/metadata/page.ts'

const image = (head: string, body = '') =>
  findImage(openPage(parseHtml(`<html><head><title>Harbour wall</title>${head}</head><body><h1>Harbour wall</h1>${body}</body></html>`, { keepData: true }), 'https://gazette.example/wall')) // prettier-ignore

const data = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`
const og = (url: string) => `<meta property="og:image" content="${url}">`
const TEXT = '<p>The harbour wall will be a metre higher by the end of next year.</p>'

describe('the lead picture', () => {
  const cases: [name: string, head: string, body: string, url: string | undefined][] = [
    ['the meta elements', og('/img/wall-at-dawn.jpg'), '', '/img/wall-at-dawn.jpg'],
    ['JSON-LD as an address', data({ '@type': 'NewsArticle', image: '/img/wall.jpg' }), '', '/img/wall.jpg'],
    ['JSON-LD as a list of objects', data({ '@type': 'NewsArticle', image: [{ '@type': 'ImageObject', url: '/img/wall.jpg' }] }), '', '/img/wall.jpg'],
    ['JSON-LD by its @id', data({ '@graph': [{ '@type': 'NewsArticle', image: { '@id': '#lead' } }, { '@id': '#lead', '@type': 'ImageObject', contentUrl: '/img/wall.jpg' }] }), '', '/img/wall.jpg'],
    ['link rel=image_src', '<link rel="image_src" href="/img/wall.jpg">', '', '/img/wall.jpg'],
    ['the figure under the headline', '', `<figure><img src="/img/wall.jpg"></figure>${TEXT}`, '/img/wall.jpg'],
    ['the largest of a srcset', '', `<figure><img srcset="/img/wall-300.jpg 300w, /img/wall-1200.jpg 1200w"></figure>${TEXT}`, '/img/wall-1200.jpg'],
    ['a srcset that was put into src', '', `<img class="wp-post-image" src="/img/wall-a.jpg 1200w, /img/wall-b.jpg 300w">${TEXT}`, '/img/wall-a.jpg'],
    ['a lazy picture', '', `<figure><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/img/wall.jpg"></figure>${TEXT}`, '/img/wall.jpg'],
    ['none in place of the logo', data({ '@type': 'NewsArticle', image: '/img/gazette.png', publisher: { '@type': 'Organization', logo: { url: '/img/gazette.png' } } }), '', undefined],
    ['none in place of an author, a pixel, a button, an advertisement', '', `<img src="/img/avatars/ida.jpg"><img src="/p.gif" width="1" height="1"><img src="/img/share-button.png"><img width="40" height="40" src="/img/x.jpg"><div class="ads"><img src="/img/boat.jpg"></div>${TEXT}`, undefined],
    ['none from the stories beside it', '', `${TEXT}<aside><figure><img src="/img/other.jpg"></figure></aside>`, undefined],
    ['the figure, not the picture that stands for want of one', og('/img/default-share-image.png'), `<figure><img src="/img/wall.jpg"></figure>${TEXT}`, '/img/wall.jpg'],
    ['the one in which two places agree', data({ '@type': 'NewsArticle', image: '/img/harbour-wall-16x9.jpg' }) + og('https://cdn.example/w/640/harbour-wall.jpg'), '<figure><img src="/img/elsewhere.jpg"></figure>', '/img/harbour-wall-16x9.jpg'],
  ] // prettier-ignore
  for (const [name, head, body, url] of cases)
    it(`is ${name}`, () => {
      assert.equal(image(head, body)?.value.url, url && new URL(url, 'https://gazette.example/').href)
    })

  it('has the words that stand at the same picture', () => {
    const found = image(og('/img/harbour-wall-1200x630.jpg'), `<figure><img src="/img/harbour-wall-640x480.jpg" alt="The wall at low tide"><figcaption>The wall was last raised in 1954. <span class="credit">Photo: Ida Holm</span></figcaption></figure>${TEXT}`)?.value // prettier-ignore
    assert.deepEqual(found, {
      url: 'https://gazette.example/img/harbour-wall-1200x630.jpg',
      alt: 'The wall at low tide',
      caption: 'The wall was last raised in 1954.',
      credit: 'Ida Holm',
    })
  })

  it('is the same one at another size, in another format, on another host', () => {
    const same = (a: string, b: string) => isSamePicture({ url: `https://a.example/${a}` }, { url: `https://b.example/${b}` }) // prettier-ignore
    assert.ok(same('2026/harbour-wall-1024x768.jpg', 'i/harbour-wall.webp?w=600'))
    assert.ok(same('harbour-wall@2x.png', 'harbour-wall.png'))
    assert.ok(same('resize?url=https%3A%2F%2Fc.example%2Fharbour-wall.jpg', 'harbour-wall.jpg'))
    assert.ok(!same('a/image.jpg', 'b/image.jpg'))
    assert.ok(!same('harbour-wall-1.jpg', 'harbour-wall-2.jpg'))
  })

  it('is looked for without end in no page', () => {
    const start = process.cpuUsage()
    image(og('/a.jpg').repeat(5000), '<figure><img src="/img/wall.jpg">'.repeat(400))
    image('', '<img srcset="' + '/a.jpg 1w, '.repeat(50_000) + '">')
    assert.ok(process.cpuUsage(start).user < 2_000_000)
  })
})
