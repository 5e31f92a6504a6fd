/** From the numbers of a date, in whatever calendar and time zone, to the moment that they stand for. */

export const DAY_MS = 86_400_000

export type Calendar = 'gregory' | 'persian' | 'islamic-umalqura' | 'buddhist'

/** The numbers that a date is written with; without `hour` it names only the day. */
export interface Parts {
  year: number
  month: number
  day: number
  hour?: number
  minute?: number
  second?: number
  /** Minutes east of UTC, where the text says so. */
  offset?: number | undefined
}

/** The moment of these numbers, local in `zone` where they name no offset; nothing when there is no such one. */
export function momentOf(
  { year, month, day, hour = 0, minute = 0, second = 0, offset }: Parts,
  zone: string,
): Date | undefined {
  const utc = Date.UTC(year, month - 1, day, hour, minute, second)
  const read = new Date(utc)
  const isReal =
    read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!isReal || year < 1000 || year > 9999) return undefined
  if (offset !== undefined) return new Date(utc - offset * 60_000)
  return new Date(utc - zoneOffsetMs(utc - zoneOffsetMs(utc, zone), zone))
}

/** The Gregorian numbers of a day of another calendar; nothing when that has no such day. */
export function toGregorian(calendar: Calendar, year: number, month: number, day: number): Parts | undefined {
  if (calendar === 'gregory') return { year, month, day }
  if (calendar === 'buddhist') return { year: year - 543, month, day }
  // A guess by the mean length of its years, then the day whose name in that calendar is the one looked for.
  const isPersian = calendar === 'persian'
  const passed = isPersian ? (month - 1) * 30.44 : (month - 1) * 29.53
  const guess = isPersian
    ? Date.UTC(year + 621, 2, 21) + (passed + day - 1) * DAY_MS
    : Date.UTC(622, 6, 19) + ((year - 1) * 354.367 + passed + day - 1) * DAY_MS
  for (let step = 0; step <= 8; step++) {
    const at = Math.floor(guess / DAY_MS) * DAY_MS + (step % 2 === 0 ? step / 2 : -(step + 1) / 2) * DAY_MS
    const named = numbersOf(at, calendar)
    if (named.year === year && named.month === month && named.day === day) {
      const found = new Date(at)
      return { year: found.getUTCFullYear(), month: found.getUTCMonth() + 1, day: found.getUTCDate() }
    }
  }
  return undefined
}

/** How many minutes east of UTC the zone is at a moment. */
export function offsetMinutes(at: Date, zone: string): number {
  return Math.round(zoneOffsetMs(Math.floor(at.getTime() / 1000) * 1000, zone) / 60_000)
}

/** The calendar day in `zone` at a moment. */
export function dayIn(zone: string, at: Date): Parts {
  const local = new Date(at.getTime() + zoneOffsetMs(at.getTime(), zone))
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(key: string, make: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const kept = formats.get(key)
  if (kept !== undefined) return kept
  const made = make()
  formats.set(key, made)
  return made
}

function numbersOf(at: number, calendar: Calendar): Parts {
  const format = formatOf(calendar, () => new Intl.DateTimeFormat(`en-u-ca-${calendar}`, { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' })) // prettier-ignore
  const parts = format.formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  return { year: of('year'), month: of('month'), day: of('day') }
}

function zoneOffsetMs(at: number, zone: string): number {
  if (zone === 'UTC') return 0
  const format = formatOf(zone, () => new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  })) // prettier-ignore
  const parts = format.formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at
}
