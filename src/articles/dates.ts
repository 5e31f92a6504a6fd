/** Moments as pages, feeds, front matter and saved texts write them: a whole line that is a date and nothing else. */
import { momentOf } from './dates/calendar.ts'
import { type FoundDate, findDates } from './dates/find.ts'
import { evenDigits } from './dates/fold.ts'
import { type Hints } from './dates/place.ts'
import { readRelative } from './dates/relative.ts'

export { findDates, type FoundDate } from './dates/find.ts'
export { type Hints } from './dates/place.ts'

const ISO =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i

/**
 * The moment that an ISO 8601 date, with or without time, stands for; nothing for anything else. Where it names no zone
 * of its own, it is local time in `zone` (an IANA name), at midnight when it names no time either.
 */
export function readIsoDate(text: string, zone = 'UTC'): Date | undefined {
  const found = ISO.exec(text.trim())
  if (found === null) return undefined
  const [year = NaN, month = NaN, day = NaN, hour, minute, second] = found
    .slice(1, 7)
    .map((part) => ((part as string | undefined) === undefined ? undefined : Number(part)))
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):?(\d\d)?/.exec(found[7] ?? '') ?? []
  const offset = found[7] === undefined ? undefined : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return momentOf({ year, month, day, ...(hour === undefined ? {} : { hour, minute: minute ?? 0, second: second ?? 0 }), offset }, zone) // prettier-ignore
}

/** What may stand beside a date in its line: the day of the week, a word that leads to it, the mark of an era. */
const BEFORE =
  /^[\s([{,،·•|–—-]*(?:(?:\p{L}[\p{L}\p{M}.'’-]{0,20}[.,،]?\s*)|(?:\p{L}[\p{L}\p{M}]{0,11} [\p{L}\p{M}]{1,11}[,،]?\s*)|[（(][\p{L}\p{M}]{1,8}[)）]\s*)?$/u
const AFTER =
  /^[\s,،.;/)\]}·•|–—-]*(?:(?:[\p{L}\p{M}][\p{L}\p{M}.'’-]{0,20}|[（(][\p{L}\p{M}]{1,8}[)）]?)[.,]?\s*){0,2}(?:uhr|hrs?)?[\s,.)]*$/iu

/**
 * The moment that a whole line names, in words of seventy languages too; nothing when it says anything else besides, or
 * when it could be read in two ways. `2 hours ago` is read where `hints.now` says from when.
 */
export function readDate(text: string, zone = 'UTC', hints: Omit<Hints, 'zone'> = {}): Date | undefined {
  return readLine(text, { ...hints, zone })?.at
}

/** As `readDate`, with what else is known of the date. */
export function readLine(text: string, hints: Hints = {}): FoundDate | undefined {
  const line = evenDigits(text.slice(0, 400)).replace(/\s+/g, ' ').trim()
  if (line.length > 80) return undefined
  const [date, ...others] = findDates(line, hints)
  if (date === undefined) return hints.now && readRelative(line, hints.now, hints.zone)
  if (others.length > 0 || date.isAmbiguous || date.precision === 'month') return undefined
  return BEFORE.test(line.slice(0, date.start)) && AFTER.test(line.slice(date.end)) ? date : undefined
}

/** The moment that a feed or list writes beside an article: as `readDate`, with the forms of mail (RFC 822) too. */
export function readFeedDate(text: string, zone = 'UTC', hints: Omit<Hints, 'zone'> = {}): Date | undefined {
  const line = text
    .slice(0, 200)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ \([^()]*\)$/, '')
    // A year of two digits (RFC 5322, section 4.3).
    .replace(
      /^((?:[a-z]{2,9},? )?\d{1,2} [a-z]{3,9} )(\d\d)(?= \d)/i,
      (_, before: string, year: string) => `${before}${Number(year) < 50 ? '20' : '19'}${year}`,
    )
  const date = readDate(line, zone, hints)
  // The beginning of computer time is what programs write when they know none.
  return date === undefined || Math.abs(date.getTime()) < DAY_MS ? undefined : date
}

const DAY_MS = 86_400_000
