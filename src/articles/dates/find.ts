/** Finds the dates that a piece of text names, in words of many languages, in numbers, in Chinese characters. */
import { momentOf, type Parts, toGregorian } from './calendar.ts'
import { type Clock, findClock } from './clock.ts'
import { evenDigits } from './fold.ts'
import { inCharacters, inNumbers } from './in-numbers.ts'
import { inWords } from './in-words.ts'
import { type Hints, type Place } from './place.ts'

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
  if (place.hasClockInside) return findClock(line.slice(0, place.end), place.end, place.start)
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
