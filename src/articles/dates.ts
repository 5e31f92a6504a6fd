/** Moments as pages, front matter and saved texts write them: ISO 8601, mail dates, and day, month and year in words. */

const ISO =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i
const CLOCK =
  '(?:\\D{1,12}?(\\d{1,2})[:.h](\\d\\d)(?::(\\d\\d))?\\s*([ap])?\\.?(?:m\\b\\.?)?\\s*(?:uhr)?\\s*(Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)?)?'
const WEEKDAY = '(?:[\\p{L}.]{2,14},?\\s+)?'

/**
 * The moment that an ISO 8601 date, with or without time, stands for; nothing for anything else. Where it names no zone
 * of its own, it is local time in `zone` (an IANA name), at midnight when it names no time either.
 */
export function readIsoDate(text: string, zone = 'UTC'): Date | undefined {
  const found = ISO.exec(text.trim())
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second, offset] = found
  return moment([year, month, day, hour, minute, second], offset, zone)
}

/** The moment that a whole line names, in words of many languages too; nothing when it says anything else besides. */
export function readDate(text: string, zone = 'UTC'): Date | undefined {
  const line = text.trim().replace(/\s+/g, ' ')
  if (line.length > 80) return undefined
  const iso = readIsoDate(line.replace(/(\d)T(\d\d:\d\d:\d\d)\.\d+/i, '$1T$2'), zone)
  if (iso !== undefined) return iso
  const cjk = /^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일](?:\D*?(\d{1,2})[:时時시](\d\d)?\D*)?$/.exec(
    line,
  )
  if (cjk !== null)
    return moment([cjk[1], cjk[2], cjk[3], cjk[4], cjk[4] === undefined ? undefined : (cjk[5] ?? '0')], undefined, zone)
  // With dots the day comes first everywhere; with slashes it cannot be known, and is not guessed.
  const dots = new RegExp(`^${WEEKDAY}(\\d{1,2})\\.\\s?(\\d{1,2})\\.\\s?(\\d{4})${CLOCK}$`, 'iu').exec(line)
  if (dots !== null) return moment([dots[3], dots[2], dots[1], ...clock(dots, 4)], dots[8], zone)
  const dayFirst = new RegExp(
    `^${WEEKDAY}(\\d{1,2})(?:\\.|st|nd|rd|th|er|º)?\\s+(?:of\\s+|de\\s+)?([\\p{L}]{3,12})\\.?,?\\s+(?:de\\s+|del\\s+)?(\\d{4})${CLOCK}$`,
    'iu',
  ).exec(line)
  if (dayFirst !== null)
    return moment([dayFirst[3], monthOf(dayFirst[2]), dayFirst[1], ...clock(dayFirst, 4)], dayFirst[8], zone)
  const monthFirst = new RegExp(
    `^${WEEKDAY}([\\p{L}]{3,12})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})${CLOCK}$`,
    'iu',
  ).exec(line)
  if (monthFirst === null) return undefined
  return moment([monthFirst[3], monthOf(monthFirst[1]), monthFirst[2], ...clock(monthFirst, 4)], monthFirst[8], zone)
}

// RFC 822, section 5.1, and what else feeds write.
const OFFSETS: Partial<Record<string, string>> = { UT: 'Z', Z: 'Z', EST: '-0500', EDT: '-0400', CST: '-0600', CDT: '-0500', MST: '-0700', MDT: '-0600', PST: '-0800', PDT: '-0700', CET: '+0100', CEST: '+0200', BST: '+0100', WET: '+0000', WEST: '+0100', EET: '+0200', EEST: '+0300', MSK: '+0300', JST: '+0900', IST: '+0530', AEST: '+1000', AEDT: '+1100' } // prettier-ignore

/** The moment that a feed or list writes beside an article: as `readDate`, with the forms of mail (RFC 822) too. */
export function readFeedDate(text: string, zone = 'UTC'): Date | undefined {
  const line = text
    .slice(0, 200)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ \([^()]*\)$/, '')
    .replace(/(\d) ?([A-Z]{1,4})$/, (_, digit: string, name: string) => `${digit} ${OFFSETS[name] ?? name}`)
    // A year of two digits (RFC 5322, section 4.3).
    .replace(
      /^((?:[a-z]{2,9},? )?\d{1,2} [a-z]{3,9} )(\d\d)(?= \d)/i,
      (_, before: string, year: string) => `${before}${Number(year) < 50 ? '20' : '19'}${year}`,
    )
  const date = readDate(line, zone)
  // The beginning of computer time is what programs write when they know none.
  return date === undefined || Math.abs(date.getTime()) < DAY_MS ? undefined : date
}

const DAY_MS = 86_400_000

/** Hour, minute and second of a clock with or without am and pm. */
function clock(found: RegExpExecArray, at: number): (string | undefined)[] {
  const [hour, minute, second, half] = found.slice(at, at + 4)
  if (hour === undefined || half === undefined) return [hour, minute, second]
  return [String((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)), minute, second]
}

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'ro', 'hu', 'tr', 'ca', 'hr', 'uk', 'ru'] // prettier-ignore
let months: Map<string, number> | undefined

/** The number of a month that is named in full or cut short, in any of twenty languages. */
function monthOf(name = ''): string | undefined {
  months ??= nameMonths()
  return months.get(name.toLowerCase())?.toString()
}

function nameMonths(): Map<string, number> {
  const named = new Map([['sept', 9]])
  for (const language of LANGUAGES) {
    for (const options of [{ month: 'long' }, { month: 'short' }, { month: 'long', day: 'numeric' }] as const) {
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
      for (let month = 1; month <= 12; month++) {
        const parts = format.formatToParts(Date.UTC(2020, month - 1, 1))
        const name =
          parts
            .find(({ type }) => type === 'month')
            ?.value.toLowerCase()
            .replace(/\.$/, '') ?? ''
        if (/^\p{L}{3,}$/u.test(name) && !named.has(name)) named.set(name, month)
      }
    }
  }
  return named
}

/** The moment of year, month, day, hour, minute and second, or nothing when there is no such one. */
function moment(parts: (string | undefined)[], offset: string | undefined, zone: string): Date | undefined {
  const [year = NaN, month = NaN, day = NaN, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  )
  const utc = Date.UTC(year, month - 1, day, hour, minute, second)
  const read = new Date(utc)
  const isReal =
    read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!isReal || year < 1000 || year > 9999) return undefined
  if (offset === undefined) return new Date(utc - zoneOffsetMs(utc - zoneOffsetMs(utc, zone), zone))
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):?(\d\d)?/.exec(offset) ?? []
  return new Date(utc - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000)
}

function zoneOffsetMs(at: number, zone: string): number {
  if (zone === 'UTC') return 0
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at) // prettier-ignore
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at
}
