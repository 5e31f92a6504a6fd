/** What can be seen of a piece of text without knowing its language. */

export interface TextFacts {
  /** Letters, where one of a script that writes whole words with one or two of them counts double. */
  units: number
  words: number
  digits: number
  capitals: number
  /** Full stops and the like, in any script. */
  stops: number
  commas: number
  /** Marks that lists of links are made of: `|`, `•`, `»`, `›`, `/`. */
  bars: number
  /** How it ends: 0 otherwise, 1 with a full stop, 2 with a colon, 3 with an ellipsis, 4 with a question mark. */
  ending: number
  quotes: number
}

const STOPS = codesOf('.!?。！？．؟।。…')
const COMMAS = codesOf(',;،、，；')
const BARS = codesOf('|•»›·→/«‹←+')
const QUOTES = codesOf('"“”„«»「」‘’')

function codesOf(marks: string): Set<number> {
  return new Set(Array.from(marks, (mark) => mark.charCodeAt(0)))
}

/** The facts of a line whose white space is evened. */
export function readText(text: string): TextFacts {
  let units = 0
  let words = 0
  let digits = 0
  let capitals = 0
  let stops = 0
  let commas = 0
  let bars = 0
  let quotes = 0
  let isInWord = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 32) {
      isInWord = false
      continue
    }
    units += isWideCode(code) ? 2 : 1
    if (!isInWord) words++
    isInWord = true
    if (code >= 97 && code <= 122) continue
    if (code >= 48 && code <= 57) digits++
    else if (code >= 65 && code <= 90) capitals++
    else if (STOPS.has(code)) stops++
    else if (COMMAS.has(code)) commas++
    else if (BARS.has(code)) bars++
    if (QUOTES.has(code)) quotes++
  }
  return { units, words, digits, capitals, stops, commas, bars, ending: endingOf(text), quotes }
}

/** Han, kana, hangul: from U+2E80, but for the private and the odd ones at the end. */
function isWideCode(code: number): boolean {
  return code >= 0x2e80 && code < 0xe000
}

/** Whether any of it is of a script that writes whole words with one letter or two. */
export function isWide(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isWideCode(text.charCodeAt(at))) return true
  return false
}

/** What may stand behind the mark that ends a sentence. */
const CLOSING = /["'“”’»」』)\]\s]/

function endingOf(text: string): number {
  let end = text.length
  while (end > 0 && CLOSING.test(text.charAt(end - 1))) end--
  const last = text.charAt(end - 1)
  if ('.!。！।'.includes(last)) return 1
  if (':：'.includes(last)) return 2
  if (last === '…' || text.endsWith('...')) return 3
  return '?？؟'.includes(last) ? 4 : 0
}
