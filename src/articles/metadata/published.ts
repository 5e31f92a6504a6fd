/** When the article was published, and when it was last changed: of all days that the page names, the likeliest. */
import { dayIn, offsetMinutes } from '../dates/calendar.ts'
import { readFeedDate } from '../dates.ts'
import { writeIso } from '../dates/find.ts'
import { type Claim, claimsOf, decide, type Finding } from './claim.ts'
import { textOf } from './data.ts'
import { type Day, gatherDays } from './date-days.ts'
import { gatherDates, type Sighting } from './date-sightings.ts'
import { BIAS, WEIGHTS } from './date-weights.ts'
import { localeOf, zoneOf } from './locale.ts'
import { type Page } from './page.ts'

export interface DateHints {
  /** IANA name: where dates are from that name no zone, when the page does not tell either. */
  zone?: string | undefined
  /** When the page was read: without it, `2 hours ago` is no date, and none is too late. */
  now?: Date | undefined
  /** What the feed or list that led here said. */
  seen?: string | undefined
}

export interface Dates {
  /** Its `written` is in ISO 8601, in the page's own zone where that is known. */
  published?: Finding<Date>
  updated?: Finding<Date>
}

/** Believed from here on: below, it is likelier that the page has no date of publication. */
const ENOUGH = 0.45
/** What the word of a feed or list weighs beside the trained weights. */
const LISTED = 2.5

/** The dates of the article on the page; a page without one gives none. */
export function findDatesOf(page: Page, { zone, now, seen }: DateHints = {}): Dates {
  const language = localeOf(page)
  const own = zone ?? zoneOf(language)
  const days = gatherDays(gatherDates(page, { language, now, zone: own ?? 'UTC' }), own)
  const listed = seen === undefined ? undefined : readFeedDate(seen, own)
  const ranked = rank(days, listed?.toISOString().slice(0, 10))
  const updated = decide(claimUpdated(page, days), isSameDay)
  const [winner, second] = ranked
  if (winner === undefined || winner.chance < ENOUGH) return updated === undefined ? {} : { updated }
  const best = bestOf(winner.day)
  const published: Finding<Date> = {
    value: best.at,
    place: best.place,
    confidence: winner.chance,
    written: writeMoment(best, own),
    ...(second === undefined ? {} : { runnerUp: { value: bestOf(second.day).at, place: bestOf(second.day).place } }),
  }
  const isChanged = updated !== undefined && updated.value > published.value
  return { published, ...(isChanged ? { updated } : {}) }
}

/** The days by how likely each is the one; what is left of 1 is the chance that none is. */
function rank(days: Day[], listed: string | undefined): { day: Day; chance: number }[] {
  const scores = days.map(
    (day) =>
      day.features.reduce((sum, feature) => sum + (WEIGHTS[feature] ?? 0), BIAS) + (day.day === listed ? LISTED : 0),
  )
  const most = Math.max(0, ...scores)
  const parts = scores.map((score) => Math.exp(score - most))
  const whole = parts.reduce((sum, part) => sum + part, Math.exp(-most))
  return days
    .map((day, index) => ({ day, chance: (parts[index] ?? 0) / whole }))
    .toSorted((a, b) => b.chance - a.chance)
}

/** Of the places that name the day, the one that says the most and is meant for it. */
function bestOf({ sightings }: Day): Sighting {
  const worth = ({ precision, label, written, place }: Sighting) =>
    (precision === 'time' ? 4 : 0) +
    (label === 'updated' || /dified|modified/i.test(place) ? -5 : 0) +
    (/(?:Z|[+-]\d\d:\d\d)$/.test(written) ? 2 : 0) +
    (place === 'line' || place.startsWith('address') ? 0 : 1)
  return sightings.reduce((best, one) => (worth(one) > worth(best) ? one : best))
}

/** With the offset that the page's zone has then, unless the page writes one itself. */
function writeMoment({ at, written, precision }: Sighting, zone: string | undefined): string {
  if (zone === undefined || /[+-]\d\d:\d\d$/.test(written)) return written
  const offset = offsetMinutes(at, zone)
  const local = new Date(at.getTime() + offset * 60_000)
  const [hour, minute, second] = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()]
  return writeIso({ ...dayIn(zone, at), ...(precision === 'time' ? { hour, minute, second } : { hour: 0 }), offset })
}

function claimUpdated(page: Page, days: Day[]): Claim<Date>[] {
  const said = days.flatMap(({ sightings }) => sightings)
  const of = (place: RegExp) => said.filter((one) => place.test(one.marks[1] ?? '')).map(({ at }) => at)
  const labelled = said.filter(({ place, label, marks }) => place === 'line' && label === 'updated' && marks.some((mark) => /(?:right below|right above| below)$/.test(mark))) // prettier-ignore
  const isOfArticle = textOf(page.article['dateModified']) !== undefined
  return [
    ...claimsOf('JSON-LD dateModified', 0.9, of(isOfArticle ? /^data updated of article$/ : /^data updated of page$/).slice(0, 1)), // prettier-ignore
    ...claimsOf('meta modified', 0.8, of(/^meta updated$/).slice(0, 1)),
    ...claimsOf('itemprop dateModified', 0.7, of(/^prop updated$/).slice(0, 1)),
    ...claimsOf('line', 0.6, labelled.map(({ at }) => at).slice(0, 1)), // prettier-ignore
  ]
}

function isSameDay(a: Date, b: Date): boolean {
  return a.toISOString().slice(0, 10) === b.toISOString().slice(0, 10)
}
