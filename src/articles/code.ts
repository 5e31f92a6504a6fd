/** Listings of programs: which language they are in, and the numbers beside their lines, which are no part of them. */
import { type ChildNode, type Element, isTag, isText } from 'domhandler'

const LANGUAGE = /(?:^|[\s;])(?:lang(?:uage)?-|highlight-source-|brush:\s*|sourceCode\s+)([\w+#.-]{1,30})/

/** The language of a `code` or `pre`, as it or what is right around it says. */
export function languageOf(element: Element): string | undefined {
  let around: Element | undefined = element
  for (let up = 0; up < 3 && around !== undefined; up++) {
    const { class: called = '', 'data-lang': lang, 'data-language': language } = around.attribs
    const found = LANGUAGE.exec(called)?.[1] ?? matching(lang) ?? matching(language)
    if (found !== undefined) return found.toLowerCase()
    const isListing: boolean = around.name === 'pre' || isIn(around, 'pre')
    around = isListing && around.parent instanceof Object && isTag(around.parent) ? around.parent : undefined
    if (around !== undefined && !['pre', 'div', 'figure'].includes(around.name)) return undefined
  }
  return undefined
}

function matching(language: string | undefined): string | undefined {
  return language !== undefined && /^[\w+#.-]{1,30}$/.test(language) ? language : undefined
}

function isIn({ parent }: Element, name: string): boolean {
  return parent instanceof Object && isTag(parent) && parent.name === name
}

/** Whether a `pre` has its code in an element of its own. */
export function holdsCode({ children }: Element): boolean {
  return children.slice(0, 50).some((child) => isTag(child) && child.name === 'code')
}

const NUMBERS =
  /(?:^|[\s_-])(?:line-?nos?|linenos|linenumber|line-?numbers?|ln|lnt|gutter|gl|rouge-gutter)(?:[\s_-]|$)/i

/** Whether an element holds the numbers of lines and nothing else. */
export function isLineNumbers(element: Element): boolean {
  return NUMBERS.test(element.attribs['class'] ?? '') && isNumbers(element)
}

function isNumbers(element: Element): boolean {
  let hasDigits = false
  const waiting: ChildNode[] = [element]
  for (let steps = 0; waiting.length > 0; steps++) {
    const node = waiting.pop()
    if (steps > 5000) return false
    if (node === undefined) continue
    if (isText(node)) {
      if (/[^\d\s]/.test(node.data)) return false
      hasDigits ||= /\d/.test(node.data)
    } else if (isTag(node)) waiting.push(...node.children)
  }
  return hasDigits
}

/** The cell with the code, where a table is only there to put numbers beside it. */
export function listingIn(table: Element): Element | undefined {
  const cells = cellsOf(table)
  const [numbers, code] = cells
  if (numbers === undefined || code === undefined || cells.length !== 2) return undefined
  const isNamed = [numbers, ...numbers.children.slice(0, 5).filter(isTag)].some(isLineNumbers)
  return isNamed && isNumbers(numbers) && holds(code, 'pre') ? code : undefined
}

/** The cells of its only row; none where it has several. */
function cellsOf(table: Element): Element[] {
  const parts = table.children.slice(0, 20).filter(isTag)
  const rows = parts.flatMap((part) => (part.name === 'tr' ? [part] : part.children.slice(0, 20).filter(isTag)))
  const [row] = rows
  return row === undefined || rows.length > 1 ? [] : row.children.slice(0, 20).filter(isTag)
}

function holds(element: Element, name: string, depth = 0): boolean {
  return element.children.slice(0, 20).some((child) => isTag(child) && (child.name === name || (depth < 3 && holds(child, name, depth + 1)))) // prettier-ignore
}
