import assert from 'node:assert/strict'
import { layoutTables } from '../../../src/articles/body/tables.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { extract } from '../../../src/articles/extract.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

const text =
  'The dredger lifted four hundred tonnes of mud from the inner harbour before noon, the harbour master said, and nobody was sorry to see it go. '

describe('articles/body/tables', () => {
  it('takes a table for one of figures where headings and quotes stand in its cells, if it has heads of its own', () => {
    const isLaidOut = (inner: string) => {
      const { boxes } = readPassages(parseHtml(`<body><table>${inner}</table></body>`)('body')[0]!)
      return layoutTables(boxes).size > 0
    }
    const row = `<tr><td><h3>Flood</h3></td><td><blockquote>${text}</blockquote></td></tr>`
    assert.equal(isLaidOut(row), true)
    assert.equal(isLaidOut(`<tr><th>What</th><th>Who says so</th></tr>${row}`), false)
    assert.equal(isLaidOut(`<caption>Floods</caption>${row}`), false)
    assert.equal(isLaidOut(`<tr><th>Menu</th></tr><tr><td><h1>Mud</h1></td></tr>`), true)
    assert.equal(isLaidOut('<tr><td>Flood</td><td>4</td></tr>'), false)
  })

  it('keeps a table of figures a table', () => {
    const rows = Array.from({ length: 6 }, (_, at) => `<tr><td>Week ${at + 1}</td><td>${at * 40} tonnes</td></tr>`)
    const html = `<html><head><title>Mud goes out</title></head><body><article><h1>Mud goes out</h1><p>${text.repeat(3)}</p><table>${rows.join('')}</table><p>${text.repeat(3)}</p></article></body></html>`
    assert.match(extract(html, 'https://paper.example/mud').html, /<table>.*Week 1.*Week 6.*<\/table>/s)
  })
})
