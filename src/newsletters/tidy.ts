/** Makes text from outside fit for a mail: what every string goes through before a template sees it. */

// Overrides of the writing direction can make a line read as something else; isolates and plain marks are kept.
const UNWANTED = /[\p{Cc}\uFDD0-\uFDEF\uFEFF\u202A-\u202E]|[\u{1FFFE}\u{1FFFF}\uFFFE\uFFFF]/gu

/** One line: no control characters, no line breaks, no marks of ours, single spaces. Non-breaking spaces stay. */
export function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\v\f\r \u0085\u2028\u2029]+/g, ' ')
    .replace(UNWANTED, '')
    .trim()
}

/** The same, with line breaks kept. */
export function tidyLines(text: string): string {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map(tidy)
    .join('\n')
    .trim()
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** At most `length` graphemes of a line, cut at a word where one ends near, with `…` in place of what is lost. */
export function clip(text: string, length: number): string {
  // A grapheme may be a letter under a thousand accents, so their number alone is no limit.
  const bounded = text.length > length * 8 ? text.slice(0, length * 8).toWellFormed() : text
  const pieces = Array.from(graphemes.segment(bounded), ({ segment }) => segment)
  if (pieces.length <= length && bounded === text) return text
  const cut = pieces.slice(0, length - 1).join('')
  const space = pieces[length - 1] === ' ' ? cut.length : cut.lastIndexOf(' ')
  const ending = space > cut.length / 2 ? cut.slice(0, space) : cut
  return `${ending.replace(/[\s,;:–—-]+$/u, '')}…`
}
