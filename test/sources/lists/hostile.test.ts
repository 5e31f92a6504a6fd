import assert from 'node:assert/strict'
import { parseHtml } from '../../../src/articles/markup.ts'
import { readList, remember } from '../../../src/sources/lists/memory.ts'

const URL_OF_PAGE = 'https://gazette.example/'

/** Pages made to be slow, of any size. */
const PAGES: Record<string, (size: number) => string> = {
  'links in a row': (size) => times(size, (at) => `<a href="/a/story-number-${at}">Story of the day ${at}</a>`),
  'one link again and again': (size) => times(size, () => '<a href="/a/story">Story of the day</a>'),
  'a list': (size) =>
    `<ul>${times(size, (at) => `<li><h2><a href="/a/story-number-${at}">Story of the day ${at}</a></h2><p>18 March 2026</p></li>`)}</ul>`,
  'titles without cards': (size) =>
    times(size, (at) => `<h3><a href="/a/s-${at}">Story of the day ${at}</a></h3><p>x</p>`),
  'cells of one row': (size) =>
    `<table><tr>${times(size, (at) => `<td><a href="/a/s-t-${at}">Story ${at}</a></td>`)}</tr></table>`,
  'scripts that never end': (size) => times(size, () => '<script '),
  'state that never ends': (size) => `<script>window.__STATE__ = ${'{"a":['.repeat(size)}</script>`,
  'attributes of state': (size) => times(size, () => `<p data-state="{&quot;a">`),
}

function times(size: number, write: (at: number) => string): string {
  return Array.from({ length: size }, (_, at) => write(at)).join('')
}

describe('lists on pages made to be slow', function () {
  this.timeout(180_000)

  const cost = (html: string) => {
    const $ = parseHtml(html)
    const before = process.cpuUsage()
    const answer = readList({ html, $, url: URL_OF_PAGE })
    readList({ html, $, url: URL_OF_PAGE }, remember(answer, []))
    const { user } = process.cpuUsage(before)
    assert.ok(answer.items.length <= 1000)
    return user / 1000
  }

  for (const [what, make] of Object.entries(PAGES))
    it(`reads ${what} in linear time`, () => {
      cost(make(500))
      const small = cost(make(5_000))
      const large = cost(make(50_000))
      // Ten times as much: where it grew with the square, it would take a hundred times as long.
      assert.ok(large < 2_000 || large < small * 35, `${Math.round(small)} ms, then ${Math.round(large)} ms`)
    })

  it('reads a hundred thousand links', () => {
    const html = PAGES['a list']?.(100_000) ?? ''
    assert.equal(readList({ html, $: parseHtml(html), url: URL_OF_PAGE }).items.length, 1000)
  })

  it('gives up on no depth', () => {
    const html = `${'<div class="a">'.repeat(5_000)}${times(50, (at) => `<p><a href="/news/story-of-the-day-${at}">Story of the day ${at}</a></p>`)}`
    assert.ok(readList({ html, $: parseHtml(html), url: URL_OF_PAGE }).items.length >= 0)
  })
})
