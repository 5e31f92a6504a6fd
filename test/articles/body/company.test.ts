import assert from 'node:assert/strict'
import { hiddenBeside, inTheMargin, ofOneMind, standingApart } from '../../../src/articles/body/company.ts'
import { readPassages } from '../../../src/articles/body/passages.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('the company of a passage', () => {
  const read = (html: string) => readPassages(parseHtml(`<body>${html}</body>`)('body')[0]!)
  const sentence = 'The wall will be a metre higher by the end of next year. '

  it('is a table, of which all cells are taken or none', () => {
    const cells = read('<table><tr><td>Boat</td><td>Fee</td></tr><tr><td>Ida</td><td>40</td></tr></table>')
    const odds = ofOneMind(cells, Float64Array.of(3, 3, 3, -0.5))
    assert.ok(odds.every((one) => one > 0))
    assert.ok(ofOneMind(cells, Float64Array.of(-3, -3, -3, 0.5)).every((one) => one < 0))
  })

  it('is a list, whose points only lean to each other, and no caption has a say in it', () => {
    const points = read('<ul><li>One</li><li>Two</li><li>Three</li></ul>')
    assert.deepEqual([...ofOneMind(points, Float64Array.of(4, 4, -2))], [3, 3, 0])
    assert.deepEqual([...ofOneMind(points, Float64Array.of(4, 2, -Infinity))], [3.5, 2.5, -Infinity])
  })

  it('is no table that is there for the looks of the page', () => {
    const page = read(`<table><tr><td>Menu</td><td>${sentence.repeat(40)}</td><td>a</td><td>b</td></tr></table>`)
    assert.deepEqual([...ofOneMind(page, Float64Array.of(-3, 5, -3, -3))], [-3, 5, -3, -3])
  })

  it('is missing to what stands behind a text of which the model is sure, in a box of another kind', () => {
    const page = read(
      `<div class="story"><p>${sentence.repeat(3)}</p><p>${sentence.repeat(3)}</p></div><div class="teasers"><p>${sentence}</p></div>` +
        `<div class="story"><p>${sentence}</p></div>`,
    )
    assert.deepEqual([...standingApart(page, Float64Array.of(5, 5, 0.3, 0.3), -1)], [5, 5, -2.7, 0.3])
    assert.deepEqual([...standingApart(page, Float64Array.of(2, 2, 0.3, 0.3), -1)], [2, 2, 0.3, 0.3])
  })

  it('is missing to a box of the same kind, too, where its heading leads elsewhere', () => {
    const story = (heading: string) => `<div class="story"><h2>${heading}</h2><p>${sentence.repeat(3)}</p></div>`
    const behind = (heading: string) => {
      const page = read(story('The wall') + story(heading))
      return [...standingApart(page, Float64Array.of(5, 5, -1, 0.3), -1)].slice(2)
    }
    assert.deepEqual(behind('<a href="/quay">The quay</a>'), [-4, -2.7])
    assert.deepEqual(behind('The quay'), [-1, 0.3])
  })

  it('is missing to what stands above the headline, not to the introduction below it', () => {
    const page = read(
      `<div class="top"><p>${sentence}</p></div><h1>The wall</h1><div class="lead"><p>${sentence}</p></div><div><p>${sentence.repeat(3)}</p></div>`,
    )
    assert.deepEqual([...standingApart(page, Float64Array.of(1.2, 0, 1.2, 5), 1)], [-1.8, 0, 1.2, 5])
    assert.deepEqual([...standingApart(page, Float64Array.of(1.2, 0, 1.2, 5), -1)], [1.2, 0, 1.2, 5])
  })

  it('is doubtful in the margin behind the text, once in a margin within another, and not where the text stands in one', () => {
    const text = `<p>${sentence.repeat(3)}</p>`
    const margin = `<aside><div class="sidebar"><p>${sentence}</p></div></aside>`
    const beside = read(`<div>${text}${text}</div>${margin}`)
    assert.deepEqual([...inTheMargin(beside, Float64Array.of(4, 4, 3), -1)], [4, 4, 0])
    assert.deepEqual([...inTheMargin(read(`<aside>${text}${text}</aside>`), Float64Array.of(4, 4), -1)], [4, 4])
  })

  it('is doubtful in a last margin that holds more than a short text, and not in a box within the text', () => {
    const text = `<p>${sentence}</p>`
    const margin = `<aside>${text.repeat(3)}</aside>`
    const last = read(`<h1>The wall</h1><div>${text.repeat(2)}</div>${margin}`)
    assert.deepEqual([...inTheMargin(last, Float64Array.of(0, 2, 2, 2, 2, 2), 0)], [0, 2, 2, -1, -1, -1])
    const within = read(`<h1>The wall</h1><div>${text.repeat(2)}${margin}${text}</div>`)
    assert.deepEqual([...inTheMargin(within, Float64Array.of(0, 2, 2, 2, 2, 2, 2), 0)], [0, 2, 2, 2, 2, 2, 2])
  })

  it('is a text that is shown, beside which a hidden one is doubted, but not where all is hidden', () => {
    const page = (shown: string) =>
      read(`<div>${shown}<p>${sentence.repeat(3)}</p></div><div hidden><p>${sentence}</p></div>`)
    assert.deepEqual([...hiddenBeside(page(''), Float64Array.of(2, 1))], [2, -1])
    assert.deepEqual([...hiddenBeside(page(''), Float64Array.of(-2, 1))], [-2, 1])
  })
})
