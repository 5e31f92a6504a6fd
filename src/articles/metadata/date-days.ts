/** The days that a page names, each with everything that speaks for it or against it. */
import { dayIn } from '../dates/calendar.ts'
import { writeIso } from '../dates/find.ts'
import { type DatesSeen, type Sighting } from './date-sightings.ts'

/** A day that may be the one. */
export interface Day {
  /** `2021-03-14`, as it is written there. */
  day: string
  sightings: Sighting[]
  /** What the weights are for: each once. */
  features: string[]
}

export function gatherDays({ sightings, addressMonth, pictureMonth, kind }: DatesSeen, zone = 'UTC'): Day[] {
  const days: Day[] = []
  const byDay = new Map<string, Day>()
  // Those that could be read in two ways come last, to agree with the others where they can.
  const ordered = sightings.toSorted((a, b) => Number(a.isAmbiguous) - Number(b.isAmbiguous))
  for (const sighting of ordered) {
    const keys = sighting.isAmbiguous ? [...keysOf(sighting, zone), swap(sighting.written)] : keysOf(sighting, zone)
    const known = keys.map((key) => byDay.get(key)).find((day) => day !== undefined)
    const day = known ?? { day: keys[0] ?? '', sightings: [], features: [] }
    if (known === undefined) days.push(day)
    for (const key of keys.slice(0, sighting.isAmbiguous ? -1 : undefined)) if (!byDay.has(key)) byDay.set(key, day)
    day.sightings.push(sighting)
  }
  const order = days.map(({ day }) => day).toSorted()
  for (const day of days) {
    const marks = new Set(day.sightings.flatMap((sighting) => sighting.marks))
    const places = new Set(day.sightings.map(({ place }) => place))
    marks.add(`in ${Math.min(places.size, 4)} places`)
    if (day.sightings.length > 2) marks.add('seen often')
    const month = day.day.slice(0, 7)
    if (addressMonth !== undefined) marks.add(month === addressMonth ? 'address agrees' : 'address differs')
    if (pictureMonth !== undefined) marks.add(month === pictureMonth ? 'picture agrees' : month > pictureMonth ? 'picture is older' : 'picture is newer') // prettier-ignore
    if (days.length === 1) marks.add('only day')
    else if (day.day === order[0]) marks.add('first of days')
    else if (day.day === order.at(-1)) marks.add('last of days')
    if (day.sightings.some(({ precision }) => precision === 'time')) marks.add('with time')
    if (day.sightings.every(({ isAmbiguous }) => isAmbiguous)) marks.add('ambiguous')
    if (day.sightings.every(({ label }) => label === 'updated')) marks.add('only updated')
    marks.add(`page: ${kind}`)
    if (![...marks].some((mark) => READ_BY_PEOPLE.test(mark))) {
      // Programs write such a day for every page, also for those that stand there undated.
      if (has(marks, 'meta')) marks.add('nowhere to be read')
      else if (has(marks, 'data')) marks.add(marks.has('data published of article') || marks.has('data created of article') ? 'only in data of article' : 'only in data') // prettier-ignore
    }
    day.features = [...marks]
  }
  compare(days)
  return days
}

/** What stands on the page itself, or belongs to something there. */
const READ_BY_PEOPLE = /^(?:time|attribute|prop|line (?:alone|short|lead))/

function has(marks: Set<string>, first: string): boolean {
  return [...marks].some((mark) => mark.startsWith(`${first} `))
}

const SAID_PUBLISHED =
  /^(?:data published of (?:article|page)|meta published|prop published(?: right below| right above| below)?)$/
const SAID_CHANGED = /^(?:data updated of (?:article|page)|meta updated|prop updated.*|time updated)$/
const AT_HEADLINE = /^(?:line (?:alone|short)|time|prop published|attribute) (?:right below|right above|below)$/

/** What is said of a day by what is said of the others. */
function compare(days: Day[]): void {
  const of = (pattern: RegExp) => new Set(days.filter(({ features }) => features.some((one) => pattern.test(one))))
  const [published, changed, shown] = [of(SAID_PUBLISHED), of(SAID_CHANGED), of(AT_HEADLINE)]
  for (const day of days) {
    const isPublished = published.has(day)
    if (isPublished)
      day.features.push(published.size === 1 ? 'only one said published' : 'one of several said published')
    else if (changed.has(day))
      day.features.push(published.size > 0 ? 'said changed, another published' : 'only said changed')
    else if (published.size > 0) day.features.push('another said published')
    else if (changed.size > 0) day.features.push('another said changed')
    if (isPublished && changed.has(day)) day.features.push('said published and changed')
    if (shown.has(day))
      day.features.push(shown.size === 1 ? 'only one at the headline' : 'one of several at the headline')
    else if (shown.size > 0) day.features.push('another at the headline')
  }
}

/** Day and month the other way round. */
function swap(written: string): string {
  return `${written.slice(0, 5)}${written.slice(8, 10)}-${written.slice(5, 7)}`
}

/** The day as it is written, and the same moment's in UTC and where the page is from: pages give all of these. */
function keysOf({ at, written, precision }: Sighting, zone: string): string[] {
  const day = written.slice(0, 10)
  if (precision === 'day' || !/(?:Z|[+-]\d\d:\d\d)$/.test(written)) return [day]
  const { year, month, day: number } = dayIn(zone, at)
  const local = writeIso({ year, month, day: number })
  const utc = at.toISOString().slice(0, 10)
  return [...new Set(written.endsWith('Z') ? [local, day] : [day, local, utc])]
}
