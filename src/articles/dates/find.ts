/** Finds the dates that a piece of text names, in words of many languages, in numbers, in Chinese characters. */
import { type Calendar, momentOf, type Parts, toGregorian } from './calendar.ts'
import { type Clock, findClock } from './clock.ts'
import { evenDigits } from './fold.ts'
import { monthOf, type MonthName } from './words.ts'

/** What helps to read a date that can be read in several ways. */
export interface Hints {
  /** IANA name of the time zone of dates that name none; UTC when not given. */
  zone?: string
  /** BCP 47, with its region where that is known: `03/04/2021` is the third of April in `en-GB`, the fourth of March in `en-US`. */
  language?: string | undefined
  /** The moment at which the text was read: without it, `2 hours ago` is no date. */
  now?: Date | undefined
}

export interface FoundDate {
  at: Date
  /** ISO 8601 as the text has it: a day, or a time with the offset that it names. */
  written: string
  precision: 'time' | 'day' | 'month'
  /** The day and the month could be the other way round. */
  isAmbiguous: boolean
  /** In the evened text. */
  start: number
  end: number
}

/** Where a date stands in the text, before its numbers are believed. */
interface Place extends Parts {
  start: number
  end: number
  calendar?: Calendar
  isAmbiguous?: boolean
  isMonth?: boolean
}

/** Longer texts are no line with a date in it. */
const LONGEST = 2000
const MOST = 40

/** All dates in `text`, in the order in which they stand there. Years from 1900 to 2199. */
export function findDates(text: string, hints: Hints = {}): FoundDate[] {
  const line = evenDigits(text.slice(0, LONGEST))
  if (!/\d/.test(line) && !/[〇一二三四五六七八九十]年/.test(line)) return []
  const places = [...inNumbers(line, hints), ...inCharacters(line), ...inWords(line, hints)]
  const found: FoundDate[] = []
  // Of two that overlap, the one that says more is meant.
  const ordered = places.toSorted((a, b) => a.start - b.start || b.end - a.end)
  let behind = 0
  for (const place of ordered) {
    if (place.start < behind || found.length >= MOST) continue
    const date = finish(line, place, hints, ordered)
    if (date === undefined) continue
    found.push(date)
    behind = place.end
  }
  return found
}

/** The moment of a place, with the time of day that stands at it. */
function finish(line: string, place: Place, { zone = 'UTC', language }: Hints, others: Place[]): FoundDate | undefined {
  const day = inOurYears(place, language)
  if (day === undefined || day.year < 1900 || day.year > 2199) return undefined
  const clock = place.hour === undefined ? clockAt(line, place, others) : undefined
  const offset = place.offset ?? (typeof clock?.zone === 'number' ? clock.zone : undefined)
  const parts: Parts = { ...day, ...timeOf(place, clock), offset }
  const at = momentOf(parts, typeof clock?.zone === 'string' ? clock.zone : zone)
  if (at === undefined) return undefined
  const precision = place.isMonth ? 'month' : parts.hour === undefined ? 'day' : 'time'
  return {
    at,
    written: writeIso(parts),
    precision,
    isAmbiguous: place.isAmbiguous ?? false,
    start: Math.min(place.start, clock?.start ?? place.start),
    end: Math.max(place.end, clock?.end ?? place.end),
  }
}

function timeOf(place: Place, clock: Clock | undefined): Pick<Parts, 'hour' | 'minute' | 'second'> {
  const { hour, minute = 0, second = 0 } = clock ?? place
  return hour === undefined ? {} : { hour, minute, second }
}

export function writeIso({ year, month, day, hour, minute = 0, second = 0, offset }: Parts): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  if (hour === undefined) return date
  const time = `${date}T${two(hour)}:${two(minute)}:${two(second)}`
  if (offset === undefined) return time
  if (offset === 0) return `${time}Z`
  const size = Math.abs(offset)
  return `${time}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** As Gregorian numbers: Thai years count from the Buddha, Persian ones from the hijra. */
function inOurYears(place: Place, language = ''): Parts | undefined {
  const { year, month, day, calendar } = place
  if (calendar !== undefined && calendar !== 'gregory')
    return year < 1700 ? toGregorian(calendar, year, month, day) : undefined
  if (year >= 2400 && year < 2700) return toGregorian('buddhist', year, month, day)
  if (year >= 1300 && year < 1500 && /^fa\b/.test(language)) return toGregorian('persian', year, month, day)
  return { year, month, day }
}

const CLOCK_REACH = 26

/** The time of day right behind or before a date, with nothing but a word or two between. */
function clockAt(line: string, place: Place, others: Place[]): Clock | undefined {
  const next = others.find(({ start }) => start >= place.end)?.start ?? line.length
  const rest = line.slice(place.end, Math.min(next, place.end + CLOCK_REACH + 30))
  const behind = findClock(rest, CLOCK_REACH)
  if (
    behind !== undefined &&
    !/\d|[|•·](?=.*\p{L}{3})|(?:\p{L}[\p{L}\p{M}]*[^\p{L}\p{M}]+){4}/u.test(rest.slice(0, behind.start))
  )
    return { ...behind, start: behind.start + place.end, end: behind.end + place.end }
  const from = Math.max(0, place.start - 30)
  const lead = line.slice(from, place.start)
  const before = findClock(lead)
  if (
    before === undefined ||
    !/^[\s,|–—-]*(?:(?:on|am|le|den|el|il|-|the)\s)?(?:[\p{L}\p{M}]{2,12}[.,]?\s+){0,2}$/u.test(lead.slice(before.end))
  )
    return undefined
  return { ...before, start: before.start + from, end: before.end + from }
}

const ISO_BEHIND =
  /^(?:[T ]|\s?T\s?)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,:]\d+)?)?\s?(Z\b|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?(?!\d))?/i

/** `2021-03-14`, `14.3.2021`, `3/14/21`. */
function inNumbers(line: string, { language }: Hints): Place[] {
  const places: Place[] = []
  for (const found of line.matchAll(/(?<![\d/.-])(\d{4})(\s?[-/.‐–]\s?)(\d{1,2})\2(\d{1,2})(?![\d/-])(?!\.\d)/g)) {
    const [whole, year = '', , month = '', day = ''] = found
    const end = found.index + whole.length
    const time = ISO_BEHIND.exec(line.slice(end, end + 40))
    // A zone by name is the clock's to read.
    const isIso = time !== null && !/^\s?\p{L}/u.test(line.slice(end + time[0].length))
    places.push({ ...numbers(year, month, day), start: found.index, end, ...(isIso ? isoTime(time, end) : {}) })
  }
  for (const found of line.matchAll(
    /(?<![\d/.:-])(\d{1,2})(\s?[-/.‐–]\s?)(\d{1,2})\2(\d{4}|'?\d\d)(?![\d/:-])(?!\.\d)/g,
  )) {
    const [whole, first = '', mark = '', second = '', year = ''] = found
    const full = year.length > 3 ? year : inCentury(year)
    const order = orderOf(first, second, mark, language)
    if (order === undefined) continue
    const [day, month] = order === 'day' ? [first, second] : [second, first]
    const isAmbiguous =
      !mark.includes('.') && Number(first) <= 12 && Number(second) <= 12 && first !== second && !isSure(language)
    places.push({ ...numbers(full, month, day), start: found.index, end: found.index + whole.length, isAmbiguous })
  }
  return places
}

function isoTime(found: RegExpExecArray, end: number): Partial<Place> {
  const [whole, hour, minute, second = '0', zone] = found
  const [, sign, hours, minutes = '0'] = /([+-])(\d\d):?(\d\d)?/.exec(zone ?? '') ?? []
  const offset =
    zone === undefined
      ? undefined
      : hours === undefined
        ? 0
        : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return { hour: Number(hour), minute: Number(minute), second: Number(second), offset, end: end + whole.length }
}

function numbers(year: string, month: string, day: string): Parts {
  return { year: Number(year), month: Number(month), day: Number(day) }
}

function inCentury(year: string): string {
  const number = year.replace("'", '')
  return `${Number(number) < 70 ? '20' : '19'}${number}`
}

/** Whether the day or the month comes first; nothing where neither can be. */
function orderOf(first: string, second: string, mark: string, language?: string): 'day' | 'month' | undefined {
  const [a, b] = [Number(first), Number(second)]
  if (a > 12) return b > 12 ? undefined : 'day'
  if (b > 12) return 'month'
  // With dots the day comes first everywhere.
  if (mark.includes('.')) return 'day'
  return monthComesFirst(language) ? 'month' : 'day'
}

const orders = new Map<string, boolean>()

function monthComesFirst(language = 'en'): boolean {
  const kept = orders.get(language)
  if (kept !== undefined) return kept
  let isFirst = false
  try {
    const parts = new Intl.DateTimeFormat(language, { timeZone: 'UTC', dateStyle: 'short' }).formatToParts(0)
    const types = parts.map(({ type }) => type).filter((type) => type === 'day' || type === 'month' || type === 'year')
    isFirst = types.indexOf('month') < types.indexOf('day') && types[0] !== 'year'
  } catch {
    // No language that the runtime knows.
  }
  if (orders.size < 200) orders.set(language, isFirst)
  return isFirst
}

/** English is written with both orders: only with its region is it known which. */
function isSure(language?: string): boolean {
  return language !== undefined && !/^(?:en|es|fr)$/i.test(language)
}

const HAN = '〇零一二三四五六七八九十'
/** Japanese and Taiwanese years are counted from a beginning. */
const ERAS: Partial<Record<string, number>> = { 令和: 2018, 平成: 1988, 昭和: 1925, 民國: 1911, 民国: 1911 }

/** `2021年3月14日`, `2021년 3월 14일`, `令和3年3月14日`, `二〇二一年三月十四日`. */
function inCharacters(line: string): Place[] {
  if (!/[年년]/.test(line)) return []
  const pattern = new RegExp(`(?<!\\d)(令和|平成|昭和|民國|民国)?\\s?(\\d{1,4}|[${HAN}]{2,4}|元)\\s?[年년]\\s?(\\d{1,2}|[${HAN}]{1,3})\\s?[月월](?:\\s?(\\d{1,2}|[${HAN}]{1,3})\\s?[日号號일])?`, 'g') // prettier-ignore
  return [...line.matchAll(pattern)].flatMap((found) => {
    const [whole, era, year = '', month = '', day] = found
    const number = year === '元' ? 1 : hanNumber(year)
    const start = era === undefined ? 0 : (ERAS[era] ?? 0)
    if (start === 0 && number < 1000) return []
    const place = { year: number + start, month: hanNumber(month), day: day === undefined ? 1 : hanNumber(day) }
    return [
      {
        ...place,
        start: found.index,
        end: found.index + whole.length,
        ...(day === undefined ? { isMonth: true } : {}),
      },
    ]
  })
}

function hanNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (!text.includes('十')) return Number(text.replace(/./g, (one) => String(Math.max(0, HAN.indexOf(one) - 1))))
  const [tens = '', ones = ''] = text.split('十')
  return (tens === '' ? 1 : HAN.indexOf(tens) - 1) * 10 + (ones === '' ? 0 : HAN.indexOf(ones) - 1)
}

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
function inWords(line: string, { language }: Hints): Place[] {
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
    const month = monthAt(tokens, index, language)
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
    const year = numeralFrom(tokens, right.index, 1) ?? yearBehindClock(tokens, right.index)
    if (isYear(year)) return make(year, right, undefined, year)
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
