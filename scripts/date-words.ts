/**
 * Writes the words by which dates are read in seventy languages (`src/articles/dates/date-words.ts`), from the runtime's
 * locale data and the lists below: looked up at run time they would cost every process a third of a second.
 *
 *     node scripts/date-words.ts
 */
import { writeFileSync } from 'node:fs'
import { type Calendar, DAY_MS } from '../src/articles/dates/calendar.ts'
import { evenDigits, foldWord } from '../src/articles/dates/fold.ts'
import { evenForm, type Unit } from '../src/articles/dates/relative.ts'

/** Some have their regions: January has three names in Arabic. */
const LANGUAGES = (
  'en de fr es it pt nl sv da nb nn fi is et lv lt pl cs sk hu ro sr sr-Latn bs sl hr mk bg ru uk be kk az uz tr el sq ca gl eu ' +
  'cy ga af sw ar ar-LB ar-DZ ar-MA fa fa-AF he hi bn ta te mr gu kn ml pa ur ne si id ms fil vi th lo km ka hy ja ko zh'
).split(' ')

/** Short forms and spellings that people use and the locale data does not have. */
const MORE_MONTHS: [language: string, names: string][] = [
  ['en', '9:sept 6:june 7:july'],
  ['de', '1:jänner 2:feber 3:mär 3:mrz 3:maerz 12:dezemb'],
  ['es', '9:setiembre 9:set 9:sep 9:sept'],
  ['it', '9:sett'],
  ['pt', '3:marco'],
  ['nl', '3:mrt 3:maart'],
  ['fr', '1:jan 2:fev 7:juil 8:aou 8:aout'],
  ['ru', '9:сент 9:сен 11:нояб 11:ноя 2:фев 2:февр 5:мая 6:июн 7:июл'],
  ['uk', '1:січ 2:лют 3:бер 4:кві 5:тра 6:чер 7:лип 8:сер 9:вер 10:жов 11:лис 12:гру'],
  ['el', '1:ιαν 2:φεβ 3:μαρ 4:απρ 5:μαι 6:ιουν 7:ιουλ 8:αυγ 9:σεπ 9:σεπτ 10:οκτ 11:νοε 11:νοεμ 12:δεκ'],
  ['tr', '1:oca 2:sub 8:ağu 9:eyl'],
  ['id', '8:agt 8:agust 5:mei 12:des 11:nop 11:nopember 2:pebruari'],
  ['ar', '1:جانفي 2:فيفري 4:أفريل 6:جوان 7:جويلية 8:أوت'],
  ['he', '3:מרס 3:מרץ'],
  ['hi', '1:जन 2:फर 3:मार्च 8:अग 9:सितंबर 9:सितम्बर 10:अक्टूबर 10:अक्तूबर 11:नवंबर 11:नवम्बर 12:दिसंबर 12:दिसम्बर'],
]

const FORMS: Intl.DateTimeFormatOptions[] = [
  { month: 'long' },
  { month: 'short' },
  { month: 'long', day: 'numeric', year: 'numeric' },
  { month: 'short', day: 'numeric', year: 'numeric' },
]

/** The calendars that papers in a language date by, beside the common one. */
const CALENDARS: Partial<Record<string, Calendar>> = {
  fa: 'persian',
  'fa-AF': 'persian',
  ar: 'islamic-umalqura',
}

/** A moment near the middle of the first month of a year, and how far it is to the middle of the next month. */
const MONTHS: Record<Calendar, [middle: number, length: number]> = {
  gregory: [Date.UTC(2020, 0, 15), 30.44 * DAY_MS],
  buddhist: [Date.UTC(2020, 0, 15), 30.44 * DAY_MS],
  persian: [Date.UTC(2020, 3, 5), 30.44 * DAY_MS],
  'islamic-umalqura': [Date.UTC(2020, 8, 3), 29.53 * DAY_MS],
}

/** For each language and calendar its twelve months, each with all its names. */
function nameMonths(): [key: string, months: string[][]][] {
  return LANGUAGES.flatMap((language) => {
    const other = CALENDARS[language]
    const calendars: Calendar[] = other === undefined ? ['gregory'] : ['gregory', other]
    return calendars.map((calendar): [string, string[][]] => {
      const names = Array.from({ length: 12 }, () => new Set<string>())
      const add = (month: number, name: string) => {
        const folded = foldWord(evenDigits(name)).replace(/[.׳॰]+$/, '')
        if (folded.length >= 2 && !/\d/.test(folded)) names[month - 1]?.add(folded)
      }
      const [middle, length] = MONTHS[calendar]
      for (const form of FORMS) {
        const format = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}-nu-latn`, { ...form, timeZone: 'UTC' })
        for (let month = 1; month <= 12; month++)
          add(month, format.formatToParts(middle + (month - 1) * length).find(({ type }) => type === 'month')?.value ?? '') // prettier-ignore
      }
      for (const [, list] of calendar === 'gregory' ? MORE_MONTHS.filter(([one]) => one === language) : [])
        for (const entry of list.split(' ')) add(Number(entry.split(':')[0]), entry.split(':')[1] ?? '')
      return [calendar === 'gregory' ? language : `${language} ${calendar}`, names.map((one) => [...one])]
    })
  })
}

/** What the locale data does not have; `#` is the number. */
const MORE_DISTANCES: [Unit, string][] = [
  ...(['# sec ago', '# secs ago'] as const).map((form): [Unit, string] => ['second', form]),
  ...['# min ago', '# mins ago', '# m ago', 'há # min'].map((form): [Unit, string] => ['minute', form]),
  ...['# hr ago', '# hrs ago', '# h ago', 'vor # std', 'il y a # h', 'há # h', 'fa # ore', '# ore fa', '# ч назад', 'hace # h'].map((form): [Unit, string] => ['hour', form]), // prettier-ignore
  ...['# d ago', 'il y a # j', 'hace # d'].map((form): [Unit, string] => ['day', form]),
  ...['# w ago', '# wk ago', '# wks ago'].map((form): [Unit, string] => ['week', form]),
  ...['# mo ago', '# mos ago'].map((form): [Unit, string] => ['month', form]),
  ...['# yr ago', '# yrs ago'].map((form): [Unit, string] => ['year', form]),
]

const UNITS: Unit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

/** From the runtime's locale data: every way to say how long ago something was. */
function nameDistances(): { counted: Map<string, Unit>; days: Map<string, number> } {
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
  for (const [unit, form] of MORE_DISTANCES) add(evenForm(form.replace('#', '1')).replace('1', '#'), unit)
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

const months = nameMonths().map(([key, names]) => `  '${key}': ${quote(names.map((one) => one.join(',')).join('|'))},`)
const { counted, days } = nameDistances()
const distances = UNITS.map((unit) => `  ${unit}: ${quote([...counted].flatMap(([form, of]) => (of === unit ? [form] : [])).join('|'))},`) // prettier-ignore
const ago = [0, 1, 2, 3].map((count) => `  ${quote([...days].flatMap(([form, of]) => (of === count ? [form] : [])).join('|'))},`) // prettier-ignore

function quote(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`
}

writeFileSync(
  new URL('../src/articles/dates/date-words.ts', import.meta.url),
  `/** The words of dates in many languages, by \`scripts/date-words.ts\`: not written by hand. */

/** By language, and calendar where it is not the common one: the months, parted by \`|\`, each with its names, parted by commas. */
export const MONTH_NAMES: Record<string, string> = {
${months.join('\n')}
}

/** How long ago something was, by unit; \`#\` is the number. */
export const DISTANCES = {
${distances.join('\n')}
}

/** Words for today, yesterday, the day before that, and the one before. */
export const DAYS_AGO = [
${ago.join('\n')}
]
`,
)
