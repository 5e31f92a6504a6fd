/** Lays plain text out in columns, by what a terminal shows and not by what a string counts. */

/** Columns of the text part: RFC 5322 §2.1.1 asks for at most 78, and a reply quotes with a few more. */
export const columns = 72

/** A mark opens with U+FDD0 and will be a mail address or a link, longer than its name. */
const addressAllowance = 20

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

// East Asian Wide and emoji take two columns (UAX #11), marks and format characters none.
const WIDE =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|\p{Emoji}\uFE0F)/u
const EMPTY = /^[\p{M}\p{Cf}\p{Cc}\uFDD0-\uFDEF]+$/u
// A line may break before and after these, spaces or not …
const FREE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303E\uFF01-\uFF60]/u
// … but none begins with closing punctuation (a short form of JIS X 4051).
const CLOSING = /^[、。，．：；？！）」』】》〉〕］｝ーぁぃぅぇぉっゃゅょ々…‥]/u

/** Columns that a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment)
  return width
}

/**
 * Wraps every line longer than `limit`. Further lines keep the indent of the first, and hang under the text of a
 * list entry. A word longer than a line, such as an address, stays whole.
 */
export function wrap(text: string, limit = columns): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line.trimEnd(), limit))
    .join('\n')
}

/** A line with a rule of `stroke` below it, as long as the line once wrapped. */
export function underline(line: string, stroke = '-'): string {
  return `${line}\n${stroke.repeat(Math.max(1, Math.min(columns, widthOf(line))))}`
}

function wrapLine(line: string, limit: number): string {
  if (line.length * 2 <= limit) return line
  const indent = /^\s*(?:[*•–-] )?/u.exec(line)?.[0] ?? ''
  const hanging = ' '.repeat(widthOf(indent))
  const lines: string[] = []
  let current = indent
  let width = hanging.length
  let space = ''
  for (const word of wordsOf(line.slice(indent.length))) {
    if (word === ' ') {
      space = ' '
      continue
    }
    const taken = widthOf(word)
    if (width > hanging.length && width + space.length + taken > limit) {
      lines.push(current)
      current = hanging + word
      width = hanging.length + taken
    } else {
      current += space + word
      width += space.length + taken
    }
    space = ''
  }
  return [...lines, current].join('\n')
}

/** Pieces that are not to be broken, and single spaces between them. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  let word = ''
  for (const { segment } of graphemes.segment(line)) {
    if (/^[ \t]$/.test(segment)) {
      if (word !== '') words.push(word)
      word = ''
      if (words.at(-1) !== ' ') words.push(' ')
    } else if (FREE.test(segment) && !CLOSING.test(segment)) {
      if (word !== '') words.push(word)
      word = segment
    } else if (FREE.test(word) && !CLOSING.test(segment)) {
      words.push(word)
      word = segment
    } else {
      word += segment
    }
  }
  return word === '' ? words : [...words, word]
}

function widthOfGrapheme(segment: string): number {
  if (segment === '\uFDD0') return addressAllowance
  return EMPTY.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1
}
