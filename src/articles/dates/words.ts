/** The names of months in seventy languages. */
import { type Calendar } from './calendar.ts'
import { MONTH_NAMES } from './date-words.ts'
import { foldWord } from './fold.ts'

export interface MonthName {
  month: number
  calendar: Calendar
}

/** Some with their regions: January has three names in Arabic. */
export const LANGUAGES = Object.keys(MONTH_NAMES).filter((key) => !key.includes(' '))

type Names = Map<string, MonthName>

/** What was looked up before: pages say the same words again and again. */
const lookedUp = new Map<string, MonthName | undefined>()
const MOST_LOOKED_UP = 10_000

const known = new Map<string, Names>()
let all: Names | undefined

/** The month of a word, whatever its case and accents, first as the `language` (BCP 47) means it. */
export function monthOf(word: string, language = ''): MonthName | undefined {
  if (word.length < 2 || word.length > 24) return undefined
  const key = `${language} ${word}`
  if (lookedUp.has(key)) return lookedUp.get(key)
  const folded = foldWord(word).replace(/[.׳॰]+$/, '')
  const found = folded.length < 2 ? undefined : (namesOf(language)?.get(folded) ?? namesOf('en')?.get(folded) ?? elsewhere(folded)) // prettier-ignore
  if (lookedUp.size >= MOST_LOOKED_UP) lookedUp.clear()
  lookedUp.set(key, found)
  return found
}

function namesOf(tag: string): Names | undefined {
  const kept = known.get(tag)
  if (kept !== undefined) return kept
  const [language = '', region = ''] = tag.split(/[-_]/)
  const plain = language.toLowerCase() === 'no' ? 'nb' : language.toLowerCase()
  const name = [`${plain}-${region.toUpperCase()}`, plain].find((one) => MONTH_NAMES[one] !== undefined)
  if (name === undefined) return undefined
  const names = gather((key) => key.split(' ')[0] === name)
  if (known.size < 500) known.set(tag, names)
  return names
}

/** What the other languages call a month; without the letter that Hebrew, Arabic, Catalan and Irish put before it. */
function elsewhere(folded: string): MonthName | undefined {
  all ??= gather(() => true)
  const found = all.get(folded)
  if (found !== undefined) return found
  const bare = /^(?:d'|[בל]|ب)(.+)$/.exec(folded)?.[1]
  return bare === undefined ? undefined : all.get(bare)
}

/** The names of some languages; of two that mean different months by one, the first is believed. */
function gather(isWanted: (key: string) => boolean): Names {
  const found: Names = new Map()
  for (const [key, months] of Object.entries(MONTH_NAMES)) {
    if (!isWanted(key)) continue
    const calendar = (key.split(' ')[1] ?? 'gregory') as Calendar
    for (const [index, names] of months.split('|').entries())
      for (const name of names.split(','))
        if (name !== '' && !found.has(name)) found.set(name, { month: index + 1, calendar })
  }
  return found
}
