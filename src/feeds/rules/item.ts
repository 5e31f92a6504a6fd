/** The rules of an item that are the same in every format. */
import type { Tell } from './checklist.ts'
import { isWebAddress } from './values.ts'

/** What the rules of the whole feed must know of an item. */
export interface Facts {
  /** What to call it in a message. */
  name: string | undefined
  id?: string
  published?: Date
  updated?: Date
}

/** The rules of an item's HTML, or of none where it is checked elsewhere. */
export type HtmlCheck = (html: string, tell: Tell) => void

/** Where in the file something stands, if that is known. */
export type Spot = { line: number; column: number } | undefined

export function checkLink(href: string, what: string, at: Spot, tell: Tell): void {
  if (!isWebAddress(href.trim())) tell('link.absolute', `${what}: ${href || 'empty'}`, at)
}

/** Only what can hardly be meant: `Vector<int>` and `AT&amp;T` are fine titles of articles on such things. */
export function checkTitle(title: string, at: Spot, tell: Tell): void {
  const [found] = /<\/(?:b|i|em|strong|a|span|p|sup|sub|font)>|&(?:#\d{2,6}|#x[0-9a-f]{2,6}|amp|nbsp|[lr]squo|[lr]dquo|[nm]dash|hellip);/i.exec(title) ?? [] // prettier-ignore
  if (found !== undefined) tell('title.markup', found, at)
}
