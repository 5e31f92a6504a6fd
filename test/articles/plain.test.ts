import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { load } from 'cheerio'
import { makeArticle, readBody } from '../../src/articles/article.ts'
import { readPlain } from '../../src/articles/plain.ts'
import { fixtures } from '../fixtures.ts'

describe('readPlain', () => {
  for (const { name, input, expect } of fixtures('plain')) it(`reads: ${name}`, () => expect(readPlain(input)))

  it('reads the published article as saved from its site: title, credit, heading, all of the text and nothing else', function () {
    const place = new URL('../../../shared/articles/published-article.txt', import.meta.url)
    if (!existsSync(place)) {
      console.warn(`      SKIPPED, there is no ${place.pathname}: the real saved article was not read`)
      this.skip()
    }
    const text = readFileSync(place, 'utf8')
    const draft = readBody({ form: 'text', value: text }, 'file:///published-article.txt')
    assert.equal(draft.title, 'Amazon Cloud suspends Parler whilst talks of MAGA political party continue')
    assert.equal(draft.credit, 'Derick McKinney/Unsplash')

    const item = { url: 'https://gazette.example/published-article' }
    const article = makeArticle(item, draft, undefined, { sourceId: 'desk', topics: [], now: new Date('2026-03-01') })
    const $ = load(article.html)
    const blocks = [...$('body').children()].map((element) => [element.tagName, $(element).text()] as const)
    assert.deepEqual(
      blocks.filter(([name]) => name !== 'p').map(([name, words]) => [name, words]),
      [['h2', 'Justice Department ponders dismissing Capitol Riot protesters']],
    )
    assert.equal(
      blocks.findIndex(([name]) => name === 'h2'),
      9,
    )
    const paragraphs = blocks.filter(([name]) => name === 'p').map(([, words]) => words)
    const ends = [
      ['While some social media', 'tweeting from the White House?'],
      ['Current President Joe', 'a major form of communication.'],
      ['However, that hasn’t', 'has gone after Amazon.'],
      ['CNN reports that Parler', 'for current and future users.'],
      ['That didn’t stop Judge', 'all—in restraint of trade.”'],
      ['Although the far-right', 'up together on MAGA users.'],
      ['From the court files,', 'personally in any such discussion.”'],
      ['While Parler discusses', 'or is otherwise inappropriate.”'],
      ['Declaring AWS’ repeated', 'more protective of public safety.”'],
      ['Meanwhile that “public', 'and firearms-related crimes.'],
      ['At the time of this', 'the furthest extent of the law.'],
      ['No decisions have been', 'on the week beginning February 8.'],
    ]
    assert.equal(paragraphs.length, ends.length)
    for (const [index, [start = '', end = '']] of ends.entries()) {
      assert.ok(paragraphs[index]!.startsWith(start), `${start} … ${paragraphs[index]}`)
      assert.ok(paragraphs[index]!.endsWith(end), `${end} … ${paragraphs[index]}`)
    }
    // Every line of the file between credit and form is there, word for word.
    const lines = text.slice(text.indexOf('While some'), text.indexOf('Leave a Reply')).split('\n')
    const said = lines.map((line) => line.trim()).filter((line) => line !== '')
    assert.equal(article.text, said.join('\n\n'))
    assert.doesNotMatch(article.text, /Leave a Reply|Required fields|Photo credit/)
  })

  it('keeps words of a comment form that stand within the text', () => {
    const long =
      'A paragraph that goes on for a while, as paragraphs do, and says one thing or another about the matter at hand. '
    const { html } = readPlain(
      `A title\n\n${long}\n\nLeave a comment was all that the button said, and so they did.\n\n${long.repeat(3)}\n\n${long}`,
    )
    assert.match(html, /Leave a comment was all/)
    assert.equal(html.match(/<p>/g)?.length, 4)
  })

  const ends: Record<string, string> = {
    English: 'Leave a Comment\n\nYour email address will not be published.\n\nName *\n\nEmail *\n\nPost Comment',
    German:
      'Schreibe einen Kommentar\n\nDeine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert',
    French:
      'Laisser un commentaire\n\nVotre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *',
    Spanish:
      'Deja una respuesta\n\nTu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *',
    Italian:
      'Lascia un commento\n\nIl tuo indirizzo email non sarà pubblicato. I campi obbligatori sono contrassegnati *',
    Dutch: 'Geef een reactie\n\nJe e-mailadres wordt niet gepubliceerd. Vereiste velden zijn gemarkeerd met *',
    'a share bar': 'Share this:\n\nFacebook\nTwitter\nWhatsApp',
    'a subscription': 'Sign up for our newsletter and get the news in your inbox.',
    'related stories': 'Related articles\n\n© 2026 The Harbour Gazette. All rights reserved.',
  }
  for (const [name, end] of Object.entries(ends)) {
    it(`leaves out ${name} at the end`, () => {
      const { html } = readPlain(`The quay is open\n\nA first paragraph.\n\nNext week it closes again.\n\n${end}\n`)
      assert.equal(html, '<p>A first paragraph.</p>\n<p>Next week it closes again.</p>')
    })
  }

  const credits: [string, string][] = [
    ['Photo credit: Ida Berg/Harbour Pictures', 'Ida Berg/Harbour Pictures'],
    ['Photo by Ida Berg on Unsplash', 'Ida Berg on Unsplash'],
    ['Image: Ida Berg', 'Ida Berg'],
    ['Foto: Ida Berg/dpa', 'Ida Berg/dpa'],
    ['Credit: Ida Berg', 'Ida Berg'],
    ['Bild: Ida Berg', 'Ida Berg'],
    ['Bildquelle: Ida Berg', 'Ida Berg'],
    ['Crédit photo : Ida Berg', 'Ida Berg'],
    ['Imagen: Ida Berg', 'Ida Berg'],
    ['© Ida Berg/Reuters', 'Ida Berg/Reuters'],
    ['(Photo: Ida Berg)', 'Ida Berg'],
    ['Ida Berg/Getty Images', 'Ida Berg/Getty Images'],
    ['写真：Ida Berg', 'Ida Berg'],
  ]
  for (const [line, credit] of credits) {
    it(`takes «${line}» for the credit, before the title or below it`, () => {
      const text = 'A paragraph of text.\n\nAnother one.'
      assert.deepEqual(pick(readPlain(`${line}\n\nA title\n\n${text}`)), { title: 'A title', credit })
      assert.deepEqual(pick(readPlain(`A title\n\n${line}\n\n${text}`)), { title: 'A title', credit })
    })
  }

  it('takes no sentence for a credit', () => {
    assert.equal(
      readPlain('A title\n\nPhotos by the hundred were found in the tin. They show gulls.\n\nMore.').credit,
      undefined,
    )
    assert.equal(readPlain('Images of war\n\nText of it.').title, 'Images of war')
  })

  it('reads byline and date below the title, on one line or on two', () => {
    const { authors, publishedAt, html } = readPlain(
      'A title\n\nBy Mara Lund and Tom Okafor\nMarch 4, 2026\n\nText of it.',
    )
    assert.deepEqual([authors, publishedAt], [['Mara Lund', 'Tom Okafor'], new Date('2026-03-04')])
    assert.equal(html, '<p>Text of it.</p>')
  })

  it('has no title for what begins with a paragraph, and nothing at all for nothing', () => {
    assert.equal(readPlain('Only a sentence that ends.').title, undefined)
    assert.deepEqual(readPlain(' \n\n'), { authors: [], topics: [], html: '' })
  })

  it('shows mark-up in the text as text', () => {
    assert.equal(
      readPlain('A title\n\n<script>alert(1)</script> & more.').html,
      '<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more.</p>',
    )
  })
})

function pick({ title, credit }: ReturnType<typeof readPlain>) {
  return { title, credit }
}
