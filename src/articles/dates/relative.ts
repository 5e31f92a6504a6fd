/** Moments that a text names by how long ago they are: `2 hours ago`, `vor 2 Stunden`, `gestern, 17:30`. */
import { DAY_MS, dayIn, momentOf } from './calendar.ts'
import { findClock } from './clock.ts'
import { DAYS_AGO, DISTANCES } from './date-words.ts'
import { type FoundDate, writeIso } from './find.ts'
import { evenDigits, foldWord } from './fold.ts'

export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

const UNIT_MS: Record<Unit, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS, month: 30.44 * DAY_MS, year: 365.25 * DAY_MS } // prettier-ignore

const ONE =
  /^(?:an?|one|ein(?:em|er|en|e)?|une?|un[ao]|um|uma|een|één|en|ett|et|yksi|jed(?:en|nu|na)|egy|o|один|одну|один|μία|ένα|bir|एक|satu|se(?:orang)?|một|หนึ่ง)$/iu
const SMALL = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

interface Words {
  /** Unit by a form whose number is `#`. */
  counted: Map<string, Unit>
  /** How many days ago a word is: `gestern`. */
  days: Map<string, number>
}

let words: Words | undefined

/** The moment a text names by its distance from `now`; nothing for any other. `zone` is where its days begin. */
export function readRelative(text: string, now: Date, zone = 'UTC'): FoundDate | undefined {
  if (text.length > 80) return undefined
  const line = evenDigits(text).trim()
  words ??= gather()
  const found = (at: Date, precision: FoundDate['precision'], written: string): FoundDate => ({ at, precision, written, isAmbiguous: false, start: 0, end: line.length }) // prettier-ignore
  const even = evenForm(line)
  const clock = findClock(line)
  for (const form of formsOf(even)) {
    const count = form.count
    const unit = words.counted.get(form.text)
    if (unit === undefined || count > 1000) continue
    if (unit === 'second' || unit === 'minute' || unit === 'hour') {
      const at = new Date(now.getTime() - count * UNIT_MS[unit])
      return found(at, 'time', at.toISOString())
    }
    return onDay(new Date(now.getTime() - count * UNIT_MS[unit]), unit === 'month' || unit === 'year')
  }
  const rest = clock === undefined ? even : evenForm(line.slice(0, clock.start) + ' ' + line.slice(clock.end))
  const days = words.days.get(rest) ?? words.days.get(rest.replace(/[\s,]+(?:at|um|a|a las|alle|as|om|kl|klo|o|в|at|saat|u|la)$/u, '')) // prettier-ignore
  if (days === undefined || days < 0) return undefined
  return onDay(new Date(now.getTime() - days * DAY_MS), false)

  function onDay(at: Date, isRough: boolean): FoundDate | undefined {
    const day = dayIn(zone, at)
    const hour = clock === undefined ? {} : { hour: clock.hour, minute: clock.minute }
    const parts = { ...day, ...hour, offset: typeof clock?.zone === 'number' ? clock.zone : undefined }
    const moment = momentOf(parts, zone)
    // What is later than now was not said of the past.
    if (moment === undefined || moment > now) return undefined
    return found(moment, isRough ? 'month' : clock === undefined ? 'day' : 'time', writeIso(parts))
  }
}

/** The line with its number taken out; also where that is a word. */
function* formsOf(even: string): Generator<{ text: string; count: number }> {
  const [number] = /\d+/.exec(even) ?? []
  if (number !== undefined) {
    const text = even.replace(number, '#')
    if (number.length < 4) {
      yield { text, count: Number(number) }
      yield { text: text.replace('#', '# '), count: Number(number) }
    }
    return
  }
  const parts = even.split(' ')
  for (const [index, part] of parts.entries()) {
    const small = SMALL.indexOf(part)
    const count = ONE.test(part) ? 1 : small < 0 ? 0 : small + 2
    if (count > 0) yield { text: parts.with(index, '#').join(' '), count }
  }
}

/** The line as forms are compared: folded, without a word that leads to it, numbers apart from letters. */
export function evenForm(line: string): string {
  return foldWord(line)
    .replace(/^(?:published|posted|updated|about|около|etwa|ca\.?|circa|environ|hace unos)\s+(?=\S)/u, '')
    .replace(/\s+/g, ' ')
    .replace(/(\d)(?=\p{L})/gu, '$1 ')
    .replace(/(?<=\p{L})\.(?=\s|$)/gu, '')
    .replace(/^[\s,.·|•–—-]+|[\s,.·|•–—-]+$/g, '')
}

function gather(): Words {
  const counted = new Map<string, Unit>()
  const days = new Map<string, number>()
  for (const [unit, forms] of Object.entries(DISTANCES) as [Unit, string][])
    for (const form of forms.split('|')) counted.set(form, unit)
  for (const [ago, forms] of DAYS_AGO.entries()) for (const form of forms.split('|')) days.set(form, ago)
  return { counted, days }
}
