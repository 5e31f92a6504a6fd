/** Times as people write them in a config: schedules in cron, time zones, durations. */
import { CronExpressionParser } from 'cron-parser'
import { z } from 'zod'

/** Five fields of cron: what node-cron runs by, and what `nextAfter` says the next moment of. */
export const cron = z.string().refine(isCron, {
  error: 'cron: minute, hour, day of month, month, day of week, such as "0 7 * * mon-fri", in quotes',
})

export const timezone = z.string().refine(isTimezone, { error: 'an IANA time zone such as Europe/London' })

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90m`, `6h` or `14d`; read as milliseconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhd]$/, { error: 'a number of minutes, hours or days, such as 90m, 6h or 14d' })
  .transform(readDuration)

/** Throws RangeError for a text that is no duration. */
export function readDuration(text: string): number {
  const unit = text.at(-1)
  const number = Number(text.slice(0, -1))
  if ((unit !== 'm' && unit !== 'h' && unit !== 'd') || !Number.isInteger(number) || number < 1)
    throw new RangeError(`no duration: ${text}`)
  return number * UNITS[unit]
}

/**
 * The first moment after `after` that the schedule names in this time zone. A time that the clocks skip in spring comes
 * an hour later, one that they show twice in autumn comes once, the first time; what recurs within the hour recurs in both.
 */
export function nextAfter(schedule: string, timezone: string, after: Date): Date {
  const key = `${schedule}|${timezone}|${after.getTime()}`
  const known = computed.get(key)
  if (known !== undefined) return new Date(known)
  const next = CronExpressionParser.parse(schedule, { currentDate: after, tz: timezone }).next().toDate()
  if (computed.size >= MOST_COMPUTED) computed.clear()
  computed.set(key, next.getTime())
  return next
}

// A millisecond of work each: a scheduler of hundreds of sources asks the same every minute.
const computed = new Map<string, number>()
const MOST_COMPUTED = 2000

/** `2026-03-07 07:00` as the clocks of this zone show it. */
export function showTime(date: Date, timezone: string): string {
  const options = { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat('sv-SE', options).format(date)
}

function isCron(text: string): boolean {
  // Seconds (a sixth field), nicknames, `5/10` and the letters that only some kinds of cron know are not for every hand.
  if (!/^\s*(?:[\d*,/a-z-]+\s+){4}[\d*,/a-z-]+\s*$/i.test(text)) return false
  if (/(?:^|[\s,\d])[lwh](?=$|[\s,\d/])/i.test(text) || /(?:^|[\s,])\d+\//.test(text)) return false
  try {
    CronExpressionParser.parse(text)
    return true
  } catch {
    return false
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
