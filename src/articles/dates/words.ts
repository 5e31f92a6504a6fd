/** The names of months in seventy languages, taken from the runtime's own locale data when a word is first looked up. */
import { type Calendar, DAY_MS } from './calendar.ts'
import { evenDigits, foldWord } from './fold.ts'

export interface MonthName {
  month: number
  calendar: Calendar
}

/** Some have their regions: January has three names in Arabic. */
export const LANGUAGES = (
  'en de fr es it pt nl sv da nb nn fi is et lv lt pl cs sk hu ro sr sr-Latn bs sl hr mk bg ru uk be kk az uz tr el sq ca gl eu ' +
  'cy ga af sw ar ar-LB ar-DZ ar-MA fa fa-AF he hi bn ta te mr gu kn ml pa ur ne si id ms fil vi th lo km ka hy ja ko zh'
).split(' ')

/** Short forms and spellings that people use and the locale data does not have. */
const MORE: [language: string, names: string][] = [
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

type Names = Map<string, MonthName>

const known = new Map<string, Names>()
let all: Names | undefined

/** What was looked up before: pages say the same words again and again. */
const lookedUp = new Map<string, MonthName | undefined>()
const MOST_LOOKED_UP = 10_000

/** The month of a word, whatever its case and accents, first as the `language` (BCP 47) means it. */
export function monthOf(word: string, language = ''): MonthName | undefined {
  if (word.length < 2 || word.length > 24) return undefined
  const key = `${language} ${word}`
  if (lookedUp.has(key)) return lookedUp.get(key)
  const folded = foldWord(word).replace(/[.׳॰]+$/, '')
  const found = folded.length < 2 ? undefined : (ownNames(language)?.get(folded) ?? namesIn('en').get(folded) ?? elsewhere(folded)) // prettier-ignore
  if (lookedUp.size >= MOST_LOOKED_UP) lookedUp.clear()
  lookedUp.set(key, found)
  return found
}

function ownNames(tag: string): Names | undefined {
  const [language = '', region = ''] = tag.split(/[-_]/)
  const plain = language.toLowerCase() === 'no' ? 'nb' : language.toLowerCase()
  const name = [`${plain}-${region.toUpperCase()}`, plain].find((one) => LANGUAGES.includes(one))
  return name === undefined ? undefined : namesIn(name)
}

/** What the other languages call a month; without the letter that Hebrew, Arabic, Catalan and Irish put before it. */
function elsewhere(folded: string): MonthName | undefined {
  all ??= gather()
  const found = all.get(folded)
  if (found !== undefined) return found
  const bare = /^(?:d'|[בל]|ب)(.+)$/.exec(folded)?.[1]
  return bare === undefined ? undefined : all.get(bare)
}

function gather(): Names {
  const names: Names = new Map()
  for (const language of LANGUAGES)
    for (const [name, month] of namesIn(language)) if (!names.has(name)) names.set(name, month)
  return names
}

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

function namesIn(language: string): Names {
  const kept = known.get(language)
  if (kept !== undefined) return kept
  const names: Names = new Map()
  const add = (name: string, month: MonthName) => {
    const folded = foldWord(evenDigits(name)).replace(/[.׳॰]+$/, '')
    if (folded.length >= 2 && !/\d/.test(folded) && !names.has(folded)) names.set(folded, month)
  }
  const other = CALENDARS[language]
  for (const calendar of other === undefined ? (['gregory'] as const) : (['gregory', other] as const)) {
    const [middle, length] = MONTHS[calendar]
    for (const form of FORMS) {
      const format = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}-nu-latn`, { ...form, timeZone: 'UTC' })
      for (let month = 1; month <= 12; month++) {
        const at = middle + (month - 1) * length
        const name = format.formatToParts(at).find(({ type }) => type === 'month')?.value ?? ''
        add(name, { month, calendar })
      }
    }
  }
  for (const [, list] of MORE.filter(([one]) => one === language))
    for (const entry of list.split(' ')) {
      const [month = '', name = ''] = entry.split(':')
      add(name, { month: Number(month), calendar: 'gregory' })
    }
  known.set(language, names)
  return names
}

/** A moment near the middle of the first month of a year, and how far it is to the middle of the next month. */
const MONTHS: Record<Calendar, [middle: number, length: number]> = {
  gregory: [Date.UTC(2020, 0, 15), 30.44 * DAY_MS],
  buddhist: [Date.UTC(2020, 0, 15), 30.44 * DAY_MS],
  persian: [Date.UTC(2020, 3, 5), 30.44 * DAY_MS],
  'islamic-umalqura': [Date.UTC(2020, 8, 3), 29.53 * DAY_MS],
}
