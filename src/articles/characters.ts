/** Evens text out: no character in it that XML, a database or a mail would choke on. */

// What XML 1.0 forbids (Char, section 2.2) and the C1 controls, which it discourages; tab, line feed and return stay.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g

/** What `wellFormed` changes, but for halves of pairs: few texts hold any of it. */
const UNEVEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/

/** `text` without forbidden characters and halves of surrogate pairs, lines ended by `\n` alone. */
export function wellFormed(text: string): string {
  if (!UNEVEN.test(text)) return text.toWellFormed()
  return text
    .replace(/\r\n?|\u0085/g, '\n')
    .toWellFormed()
    .replace(FORBIDDEN, '')
}

/** One line of plain text: white space evened and trimmed, at most `limit` UTF-16 units. */
export function evenText(text: string, limit = 10_000): string {
  return evenSpace(wellFormed(text).slice(0, limit).toWellFormed())
}

/** The text with single spaces between its words, and none around it. */
export function evenSpace(text: string): string {
  // Most of what is uneven stands at the ends, which the mark-up indents.
  const trimmed = text.trim()
  return /\s\s|[^\S ]/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed
}

/** `<`, `>` and `&` as references, so that text stays text in HTML; in attribute values quotes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
}

const ESCAPES: Partial<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const ASCII = /^[\x20-\x7e]*$/
/** Of what is printed in any English text: none of it is made of letters or digits in any form. */
const MARKS = /[\u00a0\u00ab\u00bb\u2010-\u2027]/g

/** As text is compared: letters and digits only, in lower case. */
export function fold(text: string): string {
  // Most text is ASCII but for its quotes and dashes: for such the simpler pattern is by far the faster one.
  const plain = ASCII.test(text) ? text : text.replace(MARKS, ' ')
  if (ASCII.test(plain))
    return plain
      .toLowerCase()
      .replace(/[^a-z\d]+/g, ' ')
      .trim()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
