/** What stands above a text and is none of it: the paper's own head, and the byline, which is a field of the article. */
import { isTag } from 'domhandler'
import { fold } from '../metadata/page.ts'
import { type Hints } from './hints.ts'
import { type Box, type Passage, type Passages } from './passages.ts'

/** In units: a longer piece above the headline is its introduction. */
const SHORT = 120
/** Passages behind the headline among which a byline is. */
const NEAR = 4

/** The chosen passages without those. Pages that have no one headline keep all. */
export function withoutMasthead(
  { passages }: Passages,
  chosen: Set<number>,
  { authors }: Pick<Hints, 'authors'>,
): Set<number> {
  const headlines = passages.flatMap((passage, index) => (isHeadline(passage.box) ? [index] : []))
  const [headline] = headlines
  if (headline === undefined || headlines.length > 1) return chosen
  const names = authors.map(fold).filter((name) => name.length > 3)
  const isByline = ({ text }: Passage) => names.some((name) => fold(text).includes(name))
  const kept = new Set(
    [...chosen].filter((index) => {
      const passage = passages[index]
      if (passage === undefined || passage.units > SHORT) return true
      if (index < headline) return false
      return index > headline + NEAR || !isByline(passage)
    }),
  )
  return kept.size === 0 ? chosen : kept
}

function isHeadline(box: Box): boolean {
  for (let around: Box | undefined = box; around; around = around.parent)
    if (isTag(around.element) && around.element.name === 'h1') return true
  return false
}
