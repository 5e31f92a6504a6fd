/** Where the headline stands among the lines of a page. */
import { fold } from '../characters.ts'
import { type Line, oncePerPage, type Page, wordsOf } from './page.ts'

/** The line of the headline: the first that the page is named for, else its first `h1`; -1 without either. */
export const findHeadline = oncePerPage((page: Page): number => {
  const names = [page.title, ...page.meta('og:title', 'twitter:title')].map(fold)
  const heads = [...page.tagged('h1'), ...page.tagged('h2'), ...page.tagged('h3')].slice(0, 40)
  for (const { element, at } of heads) {
    const text = fold(wordsOf(element, 300))
    if (text.length > 8 && names.some((name) => name.includes(text) || (name.length > 12 && text.includes(name))))
      return lineAt(page.lines, at)
  }
  const found = page.lines.slice(0, 400).findIndex(({ text }) => text.length > 15 && text.length < 250 && names.some((name) => name.startsWith(fold(text)))) // prettier-ignore
  const [first] = page.tagged('h1')
  return found >= 0 ? found : first === undefined ? -1 : lineAt(page.lines, first.at)
})

/** The first line that ends behind a place in the document. */
export function lineAt(lines: Line[], at: number): number {
  let [low, high] = [0, lines.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle]?.at ?? Infinity) < at) low = middle + 1
    else high = middle
  }
  return low
}
