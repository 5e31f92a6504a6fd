/** Fills the marks of a rendered slice with one reader's own values. */

/** What differs from reader to reader. */
export interface Marks {
  /** The address behind this reader's unsubscribe link. */
  unsubscribe: string
  email: string
}

// U+FDD0 … U+FDEF are noncharacters, kept by Unicode for a program's own use: `tidy` takes them out of everything
// that is inserted into a template, so no article can hold a mark or make one.
const opens = '\uFDD0'
const closes = '\uFDD1'

/** Stands after a brace that came from an article, so that it is not taken for Liquid that was left over. */
export const braceGuard = '\uFDD2'

/** What a template gets as `reader`: marks that survive Liquid, MJML and the minifier as they are. */
export const marks: Marks = { unsubscribe: `${opens}unsubscribe${closes}`, email: `${opens}email${closes}` }

const MARK = /\uFDD0(unsubscribe|email)\uFDD1|\uFDD2/u

/**
 * A function that makes one reader's html and text. The slice is taken apart once, so that filling it is a joining
 * of a few strings for each of many readers. Values are escaped for the part they go into.
 */
export function personalizer(slice: { html: string; text: string }): (reader: Marks) => { html: string; text: string } {
  const html = split(slice.html)
  const text = split(slice.text)
  return (reader) => ({ html: fill(html, reader, escapeHtml), text: fill(text, reader, plain) })
}

/** One reader's copy of a slice; for many readers keep a `personalizer`. */
export function personalize(slice: { html: string; text: string }, reader: Marks): { html: string; text: string } {
  return personalizer(slice)(reader)
}

/** Text and the names of marks in turn, text first. A brace guard is a mark without a name, filled with nothing. */
function split(text: string): (string | undefined)[] {
  return text.split(MARK)
}

function fill(parts: (string | undefined)[], reader: Marks, escape: (value: string) => string): string {
  const values: Marks = { unsubscribe: escape(reader.unsubscribe), email: escape(reader.email) }
  let filled = ''
  parts.forEach((part, index) => {
    if (index % 2 === 0) filled += part ?? ''
    else if (part === 'unsubscribe' || part === 'email') filled += values[part]
  })
  return filled
}

/** For text and for quoted attributes; braces too, which tells an article's braces from Liquid that was left over. */
export function escapeHtml(value: string): string {
  return value.replace(/[&<>"'{}]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function plain(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
