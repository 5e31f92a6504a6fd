/** Reads two or three articles of a list that was found for the first time, to see whether they are any. */
import { Failure } from '../../failures.ts'
import type { FindContext } from '../index.ts'
import { type ListAnswer } from './memory.ts'

const LARGEST_BYTES = 5_000_000

/**
 * Whether most of those that could be read are articles. A list that is sure of itself needs no more than one; where none
 * can be read, or nobody is there to judge, its own signs decide.
 */
export async function confirm(
  { samples, score, items }: Pick<ListAnswer, 'samples' | 'score' | 'items'>,
  { fetch, isArticle }: FindContext,
): Promise<boolean> {
  if (items.length === 0) return false
  if (isArticle === undefined) return true
  let good = 0
  let bad = 0
  for (const url of samples) {
    try {
      const page = await fetch(url, {
        accept: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1',
        maxBytes: LARGEST_BYTES,
      })
      if (await isArticle(page.text(), page.url)) good++
      else bad++
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.code === 'http.stopped') throw thrown
      if (thrown.code === 'http.later') break
    }
    if (good >= 2 || bad >= 2) break
  }
  return good + bad === 0 ? score >= SURE : good >= bad && good > 0
}

/** As a list is believed without a look at its articles (score.ts). */
const SURE = 2.2
