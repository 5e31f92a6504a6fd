/** Dates in nothing but numbers, and in the characters of Chinese, Japanese and Korean. */
import { type Parts } from './calendar.ts'
import { type Hints, inCentury, type Place } from './place.ts'

const ISO_BEHIND =
  /^(?:[T ]|\s?T\s?)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,:]\d+)?)?\s?(Z\b|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?(?!\d))?/i

/** `2021-03-14`, `14.3.2021`, `3/14/21`. */
export function inNumbers(line: string, { language }: Hints): Place[] {
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
export function inCharacters(line: string): Place[] {
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
