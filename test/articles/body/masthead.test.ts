import assert from 'node:assert/strict'
import { extract } from '../../../src/articles/extract.ts'

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

  it('keeps a table of figures a table', () => {
    const rows = Array.from({ length: 6 }, (_, at) => `<tr><td>Week ${at + 1}</td><td>${at * 40} tonnes</td></tr>`)
    const html = `<html><head><title>Mud goes out</title></head><body><article><h1>Mud goes out</h1><p>${text.repeat(3)}</p><table>${rows.join('')}</table><p>${text.repeat(3)}</p></article></body></html>`
    assert.match(extract(html, 'https://paper.example/mud').html, /<table>.*Week 1.*Week 6.*<\/table>/s)
  })
})
