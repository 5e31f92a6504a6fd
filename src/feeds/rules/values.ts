/** Values as the specifications want them written. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const RFC_822 =
  /^(?:([A-Z][a-z]{2}), )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (?:UTC?|GMT|Z|[ECMP][SD]T|([+-])(\d\d)(\d\d))$/
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[T](\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/

/** The moment that a date of RSS tells (RFC 822 with four digits of the year), or `undefined`. */
export function rssDate(text: string): Date | undefined {
  const [, day, date, month = '', year, hour, minute, second = '0', , zoneHour = '0', zoneMinute = '0'] =
    RFC_822.exec(text.trim()) ?? []
  if (!MONTHS.includes(month)) return undefined
  const midnight = realDay(Number(year), MONTHS.indexOf(month), Number(date))
  if (!midnight || (day !== undefined && DAYS[midnight.getUTCDay()] !== day)) return undefined
  if (!isTime(hour, minute, second) || !isTime(zoneHour, zoneMinute, '0')) return undefined
  return asDate(text)
}

/** The moment that a date of Atom or JSON Feed tells (RFC 3339), or `undefined`. */
export function isoDate(text: string): Date | undefined {
  const [, year, month, date, hour, minute, second, , , zoneHour = '0', zoneMinute = '0'] =
    RFC_3339.exec(text.trim()) ?? []
  if (!realDay(Number(year), Number(month) - 1, Number(date))) return undefined
  if (!isTime(hour, minute, second) || !isTime(zoneHour, zoneMinute, '0')) return undefined
  return asDate(text)
}

function realDay(year: number, month: number, date: number): Date | undefined {
  const day = new Date(0)
  day.setUTCFullYear(year, month, date)
  return day.getUTCMonth() === month && day.getUTCDate() === date ? day : undefined
}

/** A leap second is a time too. */
function isTime(hour = '', minute = '', second = ''): boolean {
  return Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60
}

function asDate(text: string): Date | undefined {
  const date = new Date(text.trim().replace(/:60(?=[Z+\-. ])/, ':59'))
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** Whether it is a whole http or https address as it stands: ASCII without spaces, or an IRI. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#<>"]/i.test(text) && !/[\s<>"]/.test(text) && URL.canParse(text)
}

/** An absolute IRI (RFC 3987 §2.2). */
export function isAbsolute(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text) && (!/^https?:/i.test(text) || isWebAddress(text))
}

/** BCP 47, in any case of letters. */
export function isLanguage(text: string): boolean {
  if (!/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(text)) return false
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

export function isEmail(text: string): boolean {
  return /^[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+(?:\s*\([^()]*\))?$/.test(text.trim())
}

export function isMediaType(text: string): boolean {
  return /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*(?:\s*;.*)?$/i.test(text)
}

export function isCount(text: string): boolean {
  return /^[1-9]\d{0,15}$/.test(text)
}
