/** How long a text is to a reader, and whether it is a date: judged without knowing its language. */

const LONGEST = 400

/** The text in one line, without what cannot be seen. */
export function oneLine(text: string): string {
  return text
    .slice(0, 20 * LONGEST)
    .replace(/[\s\u200b\u200e\u200f\u2060\ufeff\u00ad]+/gu, (space) =>
      /^[\u200b-\u2060\ufeff\u00ad]+$/u.test(space) ? '' : ' ',
    )
    .trim()
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/**
 * How much a text says, in letters of an alphabet: graphemes, of which those of Chinese, Japanese and Korean count
 * twice, since a word of them is one or two. No threshold of the detector counts spaces or words.
 */
export function widthOf(text: string): number {
  let width = 0
  let read = 0
  for (const character of text) {
    if (++read > LONGEST) break
    const code = character.codePointAt(0) ?? 0
    if (code < 0x300) width += code > 0x20 ? 1 : 0.5
    else if (WIDE.test(character)) width += 2
    else if (!/[\p{M}\u200d\ufe0f]/u.test(character)) width += 1
  }
  return width
}

/** The digits of all scripts as those of ASCII, so that `۱۴۰۳` is a number too. */
export function plainDigits(text: string): string {
  return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    // The digits of every script stand together, and begin at a multiple of ten from its first one (Unicode, 4.6).
    let zero = code
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--
    return String(code - zero)
  })
}

const YEAR = '(?:1[89]\\d\\d|20\\d\\d|13[5-9]\\d|14[0-5]\\d|25[4-9]\\d)'
const CLOCK = /(?:^|[\s,T(])\d{1,2}[:.h時시]\d{2}(?![./]?\d)(?:[:.]\d{2})?(?:分)?\s*(?:[ap]\.?m\.?)?/giu
const NUMERIC = new RegExp(
  `${YEAR}\\s*[-./年년]\\s*\\d{1,2}\\s*[-./月월]\\s*\\d{1,2}|\\d{1,2}[-./]\\s?\\d{1,2}[-./]\\s?(?:${YEAR}|\\d\\d)(?!\\d)`,
  'u',
)
const DAY_AND_YEAR = new RegExp(`(?<!\\d)(?:\\d{1,2}(?!\\d)\\D{2,24}${YEAR}|${YEAR}\\D{2,24}\\d{1,2})(?!\\d)`, 'u')
/** A day and a month in letters, either way round: `3 maja`, `Mar 14`, `14 مارس`, `3月14日`. */
const DAY_AND_MONTH =
  /^(?:\p{L}[\p{L}\p{M}.]*,?\s+)?(?:(?:\d{1,2}(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+)?[\p{L}\p{M}]{3,14}\.?)|(?:[\p{L}\p{M}]{3,14}\.?\s+\d{1,2}(?:st|nd|rd|th)?)|(?:\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]))$/u

/** How much of a line is a date: `whole` with day, month and year; `part` without its year, or relative; or none. */
export function dateKind(line: string): 'whole' | 'part' | undefined {
  if (line.length < 4 || line.length > 64 || !/\p{Nd}/u.test(line)) return undefined
  const text = plainDigits(line)
  const rest = text.replace(CLOCK, ' ').trim()
  if (NUMERIC.test(text) || /^(?:\p{L}{1,3}\s*)?\d{1,2}年\s?\d{1,2}月\s?\d{1,2}日/u.test(rest)) {
    return widthOf(text.replace(NUMERIC, '').replace(CLOCK, ' ')) <= 24 ? 'whole' : undefined
  }
  if (isDayAndYear(rest) && widthOf(rest) <= 48 && /[\p{L}\p{M}]{2}|月|월/u.test(rest)) return 'whole'
  const bare = rest.replace(/[,·•|–—-]+\s*$/u, '').trim()
  if (bare === '' && /\d{1,2}[:.]\d\d/.test(text)) return 'part'
  if (DAY_AND_MONTH.test(bare) && Number(/\d+/.exec(bare)?.[0]) <= 31) return 'part'
  // A number and its unit, with a word or two around it: `vor 2 Stunden`, `3時間前`, `2 hours ago`.
  if (
    /^(?:\p{L}[\p{L}\p{M}]{0,7}\s){0,3}\d{1,2}\s?[\p{L}\p{M}]{1,9}\.?(?:\s[\p{L}\p{M}]{2,8})?$/u.test(bare) &&
    RELATIVE.test(bare)
  )
    return 'part'
  return undefined
}

/** Between day and year stands the month, and little else: `10 things to know in 2026` is no date. */
function isDayAndYear(text: string): boolean {
  const [found] = DAY_AND_YEAR.exec(text) ?? []
  if (found === undefined) return false
  const words = found.match(/[\p{L}\p{M}.]+/gu) ?? []
  // `March 18, 2026`: the month stands before both.
  if (words.length === 0) return /[\p{L}\p{M}.]{3,}\s*\d{1,2}\D{1,3}\d{4}/u.test(text)
  return words.length <= 3 && words.some((word) => word.length >= 3 || /[^\u0000-\u024f]/.test(word))
}

/** Minute, hour, day, week, month and ago, as short stems of many languages. */
const RELATIVE =
  /(?:^|\s)(?:vor|il y a|hace|há|fa|ago|siden|sedan|geleden|temu|назад|тому|önce|preje|pred|pirms|prieš|sitten|lalu|trước|ที่แล้ว|منذ|قبل|پیش|לפני|पहले|acum)(?:\s|$)|前$|전$|ago$/iu

/** Year, month and day of a date in digits, as a number that sorts; nothing where it takes words to know them. */
export function dayNumber(written: string): number | undefined {
  const text = plainDigits(written)
  const [, y, m, d] =
    new RegExp(`(${YEAR})\\s*[-./年년]?\\s*(\\d{1,2})\\s*[-./月월]?\\s*(\\d{1,2})`, 'u').exec(text) ?? []
  if (y !== undefined) return Number(y) * 10000 + Number(m) * 100 + Number(d)
  const [, day, month, year] = new RegExp(`(\\d{1,2})\\.\\s?(\\d{1,2})\\.\\s?(${YEAR})`, 'u').exec(text) ?? []
  return year === undefined ? undefined : Number(year) * 10000 + Number(month) * 100 + Number(day)
}
