/** Dates whose month is named. */
import { type Hints, inCentury, type Place } from './place.ts'
import { monthOf, type MonthName } from './words.ts'

interface Token {
  text: string
  start: number
  kind: 'number' | 'word' | 'mark'
}

/** Words that may stand between the day, the month and the year, and the endings that make a number the name of a day. */
const BETWEEN =
  /^(?:of|the|de|del|della|dell|do|da|d|di|den|der|le|el|il|la|st|nd|rd|th|er|ère|ere|re|e|o|a|º|ª|г|р|г\.|року|года|год|m|d\.|n|gada|годзе|ж|жылы|й|го|ko|eko|năm|ngày|an|of\.|वां|e\.|i|is|an\.|na|ú|adh|y|yil|il|yilning|წლის|թ|оны|ны|өдөр|พ\.ศ|ค\.ศ|เดือน|ปี|at|um|kl|år|,|\.|-|–|\/|'|’|\(|\)|،|ʻ|、|。|:|׳|॰)$/iu

const TOKEN = /(\d+)|(\p{L}[\p{L}\p{M}]*(?:[.'’][\p{L}\p{M}]+)*)|([^\s\d\p{L}])/gu
const MOST_TOKENS = 600

/** `14 March 2021`, `14. März 2021`, `marzo 14, 2021`, `2021. március 14.`, `14 tháng 3 năm 2021`. */
export function inWords(line: string, { language }: Hints): Place[] {
  const tokens: Token[] = []
  for (const { index, 1: number, 2: word, 3: mark = '' } of line.matchAll(TOKEN)) {
    if (tokens.length >= MOST_TOKENS) break
    tokens.push({ text: number ?? word ?? mark, start: index, kind: number !== undefined ? 'number' : word !== undefined ? 'word' : 'mark' }) // prettier-ignore
  }
  const places: Place[] = []
  for (const [index, { kind }] of tokens.entries()) {
    if (kind !== 'word') continue
    const hasNumber = [-3, -2, -1, 1, 2, 3].some((step) => tokens[index + step]?.kind === 'number')
    if (!hasNumber) continue
    const month = monthTwice(tokens, index, language)
    if (month === undefined) continue
    const place = around(tokens, index, index + month.length - 1, month)
    if (place !== undefined) places.push(place)
  }
  return places
}

/** A month's name of one word or of two, or the Vietnamese word for month with its number: `كانون الثاني`, `tháng 3`. */
function monthAt(tokens: Token[], index: number, language?: string): (MonthName & { length: number }) | undefined {
  const [word, next] = [tokens[index]?.text ?? '', tokens[index + 1]]
  if (/^(?:tháng|thg|th)$/i.test(word) && next?.kind === 'number') {
    const month = Number(next.text)
    return month >= 1 && month <= 12 ? { month, calendar: 'gregory', length: 2 } : undefined
  }
  const joined = next?.kind === 'word' ? monthOf(`${word} ${next.text}`, language) : undefined
  if (joined !== undefined) return { ...joined, length: 2 }
  const single = monthOf(word, language)
  return single && { ...single, length: 1 }
}

/** A month, and behind a stroke its other name: `نيسان / أبريل`, as papers between Amman and Beirut write it. */
function monthTwice(tokens: Token[], index: number, language?: string): (MonthName & { length: number }) | undefined {
  const month = monthAt(tokens, index, language)
  const stroke = index + (month?.length ?? 0)
  if (month === undefined || tokens[stroke]?.text !== '/' || tokens[stroke + 1]?.kind !== 'word') return month
  const other = monthAt(tokens, stroke + 1, language)
  const isSame = other?.month === month.month && other.calendar === month.calendar
  return isSame ? { ...month, length: month.length + 1 + other.length } : month
}

interface Numeral {
  value: number
  length: number
  index: number
  token: Token
}

/** The day and year beside the month that is named from token `first` to token `last`. */
function around(tokens: Token[], first: number, last: number, { month, calendar }: MonthName): Place | undefined {
  const left = numeralFrom(tokens, first, -1)
  const right = numeralFrom(tokens, last, 1)
  const from = (numeral: Numeral | undefined) => numeral?.token.start ?? tokens[first]?.start ?? 0
  const to = (numeral: Numeral | undefined) => {
    const token = numeral?.token ?? tokens[last]
    return (token?.start ?? 0) + (token?.text.length ?? 0)
  }
  const make = (
    year: Numeral,
    day: Numeral | undefined,
    start: Numeral | undefined,
    end: Numeral | undefined,
  ): Place => ({
    year: year.length > 2 ? year.value : Number(inCentury(year.token.text)),
    ...{ month, day: day?.value ?? 1, calendar, start: from(start), end: to(end) },
    ...(day === undefined ? { isMonth: true } : {}),
  })
  if (isDay(left)) {
    if (isYear(right)) return make(right, left, left, right)
    const before = numeralFrom(tokens, left.index, -1)
    if (!isDay(right) && isYear(before)) return make(before, left, before, undefined)
    // A year of two digits is believed where it is marked or where the text ends with it.
    if (right?.length === 2 && isShortYear(tokens, right)) return make(right, left, left, right)
  }
  if (isDay(right)) {
    const year = numeralFrom(tokens, right.index, 1)
    if (isYear(year)) return make(year, right, undefined, year)
    const last = yearBehindClock(tokens, right.index)
    if (last !== undefined) return { ...make(last, right, undefined, last), hasClockInside: true }
    if (isYear(left)) return make(left, right, left, right)
  }
  if (isYear(right)) return make(right, undefined, undefined, right)
  if (isYear(left)) return make(left, undefined, left, undefined)
  return undefined
}

function isDay(numeral: Numeral | undefined): numeral is Numeral {
  return numeral !== undefined && numeral.length <= 2 && numeral.value >= 1 && numeral.value <= 31
}

function isYear(numeral: Numeral | undefined): numeral is Numeral & { length: 4 } {
  return numeral?.length === 4
}

function isShortYear(tokens: Token[], { index }: Numeral): boolean {
  const [before, after] = [tokens[index - 1], tokens[index + 1]]
  return before?.text === "'" || before?.text === '’' || before?.text === '-' || after === undefined || (after.kind === 'number' && tokens[index + 2]?.text === ':') // prettier-ignore
}

/** The next number in a direction, with nothing between but what may stand inside a date. */
function numeralFrom(tokens: Token[], from: number, step: 1 | -1): Numeral | undefined {
  for (let index = from + step, passed = 0; passed < 6; index += step, passed++) {
    const token = tokens[index]
    if (token === undefined) return undefined
    if (token.kind === 'number') {
      // 17:30 March: the minutes of a clock are no day.
      const [before, after, next] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]]
      const isClock =
        (after?.text === ':' && next?.kind === 'number' && next.start === after.start + 1) ||
        (before?.text === ':' && before.start + 1 === token.start && tokens[index - 2]?.kind === 'number')
      return isClock ? undefined : { value: Number(token.text), length: token.text.length, index, token }
    }
    if (!BETWEEN.test(token.text)) return undefined
  }
  return undefined
}

/** `Mar 14 17:30:00 UTC 2021`. */
function yearBehindClock(tokens: Token[], from: number): Numeral | undefined {
  const texts = tokens.slice(from + 1, from + 10).map(({ text }) => text)
  const [, clock, year] = /^(\d\d : \d\d (?:: \d\d )?(?:[+-] \d{4} |[A-Z]{1,4} )?)(\d{4})$/.exec(texts.slice(0, texts.findIndex((text, at) => at > 2 && /^(?:19|20)\d\d$/.test(text) && !/[+-]/.test(texts[at - 1] ?? '')) + 1).join(' ')) ?? [] // prettier-ignore
  if (clock === undefined || year === undefined) return undefined
  const index = from + clock.trim().split(' ').length + 1
  const token = tokens[index]
  return token === undefined ? undefined : { value: Number(year), length: 4, index, token }
}
