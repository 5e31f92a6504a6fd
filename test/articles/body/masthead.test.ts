import assert from 'node:assert/strict'
import { withoutMasthead } from '../../../src/articles/body/masthead.ts'
import { type Passages, readPassages } from '../../../src/articles/body/passages.ts'
import { extract } from '../../../src/articles/extract.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

const text =
  'The dredger lifted four hundred tonnes of mud from the inner harbour before noon, the harbour master said, and nobody was sorry to see it go. '
const words = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

describe('articles/body/masthead', () => {
  it('leaves out what an old page shows above its headline and for the byline, and keeps its paragraphs apart', () => {
    const html = `<html><head><title>Mud goes out</title><meta name=author content="Wilf Garrity"></head><body>
      <table><tr><td colspan=2><font size=5>The Paper</font> <font size=1>Thursday, late edition</font>
      <tr><td><a href=/a>Harbour</a><br><a href=/b>Sport</a><td>
      <table><tr><td><h1>Mud goes out</h1><font size=2>By <b>Wilf Garrity</b> | Thursday 29 October 2026</font>
      <p>${text.repeat(2)}<p>${text}<table class="newsletter-box"><tr><td><h3>Get the Paper in your inbox!</h3><p>Join 2,140 neighbours.</table>
      <p>${text.repeat(2)}</td></tr></table></td></tr></table></body></html>`
    const found = extract(html, 'https://paper.example/mud').html
    assert.doesNotMatch(words(found), /late edition|Wilf Garrity|inbox|neighbours/)
    assert.doesNotMatch(found, /<t[dr]|<table/)
    assert.equal(words(found).split('The dredger lifted').length - 1, 5)
  })

  const read = (body: string) => readPassages(parseHtml(`<body>${body}</body>`)('body')[0]!)
  const texts = ({ passages }: Passages, kept: Set<number>) => [...kept].map((index) => passages[index]?.text)
  /** What is left of a page of which all was chosen. */
  const below = (body: string, author: string) => {
    const found = read(body)
    return texts(found, withoutMasthead(found, new Set(found.passages.keys()), { authors: [author] }))
  }

  for (const [author, byline] of [
    ['李明', '记者 李明 2026年10月29日'],
    ['山田太郎', '文・山田 太郎'],
    ['김철수', '김철수 기자'],
    ['Анна Петрова', 'Текст: Анна Петрова'],
    ['محمد علي', 'بقلم: محمد علي'],
    ['Jörg Weiß', 'Von Jörg Weiß, Husum'],
  ] as const)
    it(`leaves out the byline "${byline}", and keeps a sentence about its author`, () => {
      const sentence = `${author} says: who lives below the wall knows what the mud weighs, and who pays.`
      const page = `<h1>Mud</h1><p>${byline}</p><p>${sentence}</p><p>${text}</p>`
      assert.deepEqual(below(page, author), ['Mud', sentence, text.trim()])
    })

  it('keeps no name for a byline that is a part of a word', () => {
    const line = 'Savannah, Georgia, is as wet as Husum'
    assert.deepEqual(below(`<h1>Mud</h1><p>${line}</p><p>${text}</p>`, 'Anna'), ['Mud', line, text.trim()])
  })

  it('leaves out what stands above the headline, and keeps the text above one that is not the article’s', () => {
    assert.deepEqual(below(`<p>Late edition</p><h1>Mud</h1><p>${text}</p>`, ''), ['Mud', text.trim()])
    const page = `<h2>Mud</h2><p>${text}</p><p>Work begins in March.</p><h1>The Paper</h1>`
    assert.deepEqual(below(page, ''), ['Mud', text.trim(), 'Work begins in March.', 'The Paper'])
  })
})
