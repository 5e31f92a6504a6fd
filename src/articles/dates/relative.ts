/** Moments that a text names by how long ago they are: `2 hours ago`, `vor 2 Stunden`, `gestern, 17:30`. */
import { DAY_MS, dayIn, momentOf } from './calendar.ts'
import { findClock } from './clock.ts'
import { type FoundDate, writeIso } from './find.ts'
import { evenDigits, foldWord } from './fold.ts'
import { LANGUAGES } from './words.ts'

type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

const UNIT_MS: Record<Unit, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS, month: 30.44 * DAY_MS, year: 365.25 * DAY_MS } // prettier-ignore

/** What the locale data does not have; `#` is the number. */
const MORE: [Unit, string][] = [
  ...(['# sec ago', '# secs ago'] as const).map((form): [Unit, string] => ['second', form]),
  ...['# min ago', '# mins ago', '# m ago', 'há # min'].map((form): [Unit, string] => ['minute', form]),
  ...['# hr ago', '# hrs ago', '# h ago', 'vor # std', 'il y a # h', 'há # h', 'fa # ore', '# ore fa', '# ч назад', 'hace # h'].map((form): [Unit, string] => ['hour', form]), // prettier-ignore
  ...['# d ago', 'il y a # j', 'hace # d'].map((form): [Unit, string] => ['day', form]),
  ...['# w ago', '# wk ago', '# wks ago'].map((form): [Unit, string] => ['week', form]),
  ...['# mo ago', '# mos ago'].map((form): [Unit, string] => ['month', form]),
  ...['# yr ago', '# yrs ago'].map((form): [Unit, string] => ['year', form]),
]

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

function evenForm(line: string): string {
  return foldWord(line)
    .replace(/^(?:published|posted|updated|about|около|etwa|ca\.?|circa|environ|hace unos)\s+(?=\S)/u, '')
    .replace(/\s+/g, ' ')
    .replace(/(\d)(?=\p{L})/gu, '$1 ')
    .replace(/(?<=\p{L})\.(?=\s|$)/gu, '')
    .replace(/^[\s,.·|•–—-]+|[\s,.·|•–—-]+$/g, '')
}

const UNITS = Object.keys(UNIT_MS) as Unit[]

/** From the runtime's locale data: every way to say how long ago something was. */
function gather(): Words {
  const counted = new Map<string, Unit>()
  const days = new Map<string, number>()
  const said = (format: Intl.RelativeTimeFormat, value: number, unit: Unit) =>
    evenForm(
      evenDigits(
        format
          .formatToParts(value, unit)
          .map((part) => (part.type === 'literal' ? part.value : '1'))
          .join(''),
      ),
    )
      .replace(/1 ?/, '# ')
      .trim()
  const add = (form: string, unit: Unit) => {
    if (!form.includes('#') || !/\p{L}/u.test(form) || counted.has(form)) return
    counted.set(form, unit)
    counted.set(form.replace('# ', '#'), unit)
  }
  for (const [unit, form] of MORE) add(evenForm(form.replace('#', '1')).replace('1', '#'), unit)
  for (const language of LANGUAGES) {
    for (const style of ['long', 'short', 'narrow'] as const) {
      const format = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { style })
      for (const unit of UNITS) {
        const future = new Set([1, 2, 5].map((value) => said(format, value, unit)))
        for (const value of [-1, -2, -3, -5, -21]) {
          const form = said(format, value, unit)
          if (!future.has(form)) add(form, unit)
        }
      }
    }
    const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
    for (const ago of [0, 1, 2, 3]) {
      const form = evenForm(format.format(-ago, 'day'))
      if (form !== '' && !/\d/.test(form) && !days.has(form)) days.set(form, ago)
    }
  }
  return { counted, days }
}
