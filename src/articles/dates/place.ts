/** Where a date stands in a text, before its numbers are believed, and what helps to read it. */
import { type Calendar, type Parts } from './calendar.ts'

/** What helps to read a date that can be read in several ways. */
export interface Hints {
  /** IANA name of the time zone of dates that name none; UTC when not given. */
  zone?: string
  /** BCP 47, with its region where that is known: `03/04/2021` is the third of April in `en-GB`, the fourth of March in `en-US`. */
  language?: string | undefined
  /** The moment at which the text was read: without it, `2 hours ago` is no date. */
  now?: Date | undefined
}

export interface Place extends Parts {
  start: number
  end: number
  calendar?: Calendar
  isAmbiguous?: boolean
  isMonth?: boolean
  /** Between its day and its year, as in `Mar 14 17:30:00 2021`. */
  hasClockInside?: boolean
}

/** The whole year that two digits stand for. */
export function inCentury(year: string): string {
  const number = year.replace("'", '')
  return `${Number(number) < 70 ? '20' : '19'}${number}`
}
