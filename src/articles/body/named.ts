/** The text of a page of which a person said, by selectors, where it is. */
import { type CheerioAPI } from 'cheerio'
import { type AnyNode, type Element, isTag } from 'domhandler'
import { textOf } from './element-text.ts'

/** Everything that the selector matches, in one element; what lies in another match is there with it. */
export function wrapNamed($: CheerioAPI, selector: string): Element | undefined {
  const found = new Set<AnyNode>([...$(selector)].filter(isTag))
  const outermost = [...found].filter((element) => {
    let { parent } = element
    while (parent && !found.has(parent)) ({ parent } = parent)
    return !parent
  })
  if (outermost.length === 0) return undefined
  const whole = $('<div></div>')
  whole.append(outermost)
  $('body').append(whole)
  const [element] = whole
  return element && isTag(element) ? element : undefined
}

/** The headline, byline and date above the text: they are the draft's fields, and pages would show them twice. */
export function dropHead($: CheerioAPI, article: Element, title: string | undefined): void {
  const headings = [...findIn($, article, 'h1'), ...findIn($, article, 'h2, h3').slice(0, 2)]
  for (const heading of headings) {
    const isHeadline = title === undefined ? heading.name === 'h1' : alike(textOf(heading), title)
    if (isHeadline) $(heading).remove()
  }
  const marked =
    '[itemprop~="headline"], [class*="byline" i], [rel~="author"], [class*="post-meta" i], [class*="entry-meta" i], ' +
    '[class*="article-meta" i], [class*="timestamp" i]'
  for (const element of findIn($, article, marked)) if (textOf(element).length < 200) $(element).remove()
  for (const time of findIn($, article, 'time')) {
    const line = time.parent === article ? time : time.parent
    if (line && isTag(line) && !['li', 'td'].includes(line.name) && textOf(line).length < 80) $(line).remove()
  }
}

/** Like cheerio's `find`, which takes quadratic time where an element has thousands of children. */
function findIn($: CheerioAPI, container: Element, selector: string): Element[] {
  return [...$<Element, string>(selector)].filter((element) => {
    let { parent } = element
    while (parent && parent !== container) ({ parent } = parent)
    return parent === container
  })
}

function alike(text: string, title: string): boolean {
  const even = (words: string) =>
    words
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  return even(text) === even(title)
}
