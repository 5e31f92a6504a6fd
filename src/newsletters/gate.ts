/** What keeps an edition waiting for a person: more articles or readers than usual, or articles from before its newsletter. */
import { type Article } from '../model.ts'

/** How large an edition is: the articles that are new in it, and who gets it. */
export interface Size {
  articles: number
  readers: number
}

/** A number that is out of the usual; `usual` is 0 where there is nothing to compare with. */
export interface Excess {
  found: number
  usual: number
}

/** An edition no larger than this is never held: small numbers double in a day, and harm few. */
export const usualSize: Size = { articles: 30, readers: 50 }

/** So many times the usual. A list grows by the day, a paper has its big days. */
const times: Size = { articles: 5, readers: 3 }

/** The first edition has no other beside it, and its readers were all there to be looked at. */
const timesAtFirst = 20

const dayMs = 86_400_000

/**
 * Where an edition is larger than the `past` ones of its newsletter give reason to expect, newest first; nothing where it
 * may go. `least` is never too much. Past editions whose readers are 0 are those of whom the ledger knows no more.
 */
export function findUnusual(found: Size, past: Size[], least: Size = usualSize): Partial<Record<keyof Size, Excess>> {
  const readers = Math.max(0, ...past.map((edition) => edition.readers))
  // An edition for a newcomer alone holds the whole archive, and says nothing of what is usual.
  const whole = past.filter((edition) => edition.readers * 2 >= readers)
  const articles = median(whole.map((edition) => edition.articles))
  const mostReaders =
    past.length === 0
      ? least.readers * timesAtFirst
      : readers === 0
        ? Number.POSITIVE_INFINITY
        : Math.max(least.readers, readers * times.readers)
  const mostArticles = Math.max(least.articles, articles * times.articles)
  return {
    ...(found.articles > mostArticles && { articles: { found: found.articles, usual: articles } }),
    ...(found.readers > mostReaders && { readers: { found: found.readers, usual: readers } }),
  }
}

/**
 * Whether an article is from before its newsletter `began`, however late it was collected: a site's archive is no news.
 * A date without a time, midnight in UTC or in the site's `timezone`, may stand for any moment of its day.
 */
export function isFromBefore({ publishedAt }: Pick<Article, 'publishedAt'>, began: Date, timezone: string): boolean {
  if (publishedAt === undefined) return false
  const isDay = ['UTC', timezone].some((zone) => clockOf(publishedAt, zone) === '00:00:00')
  return publishedAt.getTime() + (isDay ? dayMs - 1 : 0) < began.getTime()
}

function clockOf(moment: Date, timeZone: string): string {
  return moment.toLocaleTimeString('en-GB', { timeZone, hourCycle: 'h23' })
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : Math.round((upper + (sorted[middle - 1] ?? upper)) / 2)
}
