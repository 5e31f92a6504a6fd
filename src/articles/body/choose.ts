/** Chooses the passages of a page that are its article's text. */
import { contextOf, doubtful, withContext } from './context.ts'
import { doubtOf } from './doubts.ts'
import { describe, type Hints } from './features.ts'
import { type Passage, type Passages } from './passages.ts'
import { ask, type Forest, readForest } from './trees.ts'
import { FIRST_LOOK, SECOND_LOOK } from './weights.ts'

/** The logarithm of the odds above which a passage is taken. */
const CUT = 0
const SLACK = 1.5
let forests: { first: Forest; second: Forest } | undefined

/** Which passages are the article's, by their index; none where the page has no text. */
export function choosePassages(found: Passages, hints: Hints): Set<number> {
  return settle(found, lookTwice(found, hints), hints)
}

/** The same, from the odds of each passage. */
export function settle(found: Passages, looked: Float64Array, hints: Hints): Set<number> {
  const odds = looked.map((one, index) => one - doubtOf(found, index, hints))
  const chosen = above(odds, CUT)
  const best = odds.reduce((most, one) => Math.max(most, one), -Infinity)
  // Better a doubtful text than none: whether the page is an article at all is judged elsewhere.
  const some = chosen.length > 0 ? chosen : above(odds, best - SLACK)
  return new Set(withoutCopies(found.passages, some, odds))
}

/** For each passage the logarithm of the odds that it is the article's. */
function lookTwice(found: Passages, hints: Hints): Float64Array {
  forests ??= { first: readForest(FIRST_LOOK), second: readForest(SECOND_LOOK) }
  const table = describe(found, hints)
  const odds = ask(forests.first, table.rows, table.width)
  const indices = doubtful(odds)
  const again = withContext(table, contextOf(found, odds, indices), indices)
  const answers = ask(forests.second, again.rows, again.width)
  for (const [at, index] of indices.entries()) odds[index] = answers[at] ?? 0
  return odds
}

function above(odds: Float64Array, cut: number): number[] {
  return [...odds.keys()].filter((index) => (odds[index] ?? -Infinity) > cut)
}

/** A page may hold the same text several times, for screens of several widths: the likeliest copy is enough. */
function withoutCopies(passages: Passage[], chosen: number[], odds: Float64Array): number[] {
  const best = new Map<string, number>()
  for (const index of chosen) {
    const { text = '', units = 0 } = passages[index] ?? {}
    const other = best.get(text)
    if (units >= LONG && (other === undefined || (odds[index] ?? 0) > (odds[other] ?? 0) + 1)) best.set(text, index)
  }
  return chosen.filter((index) => {
    const passage = passages[index]
    const other = passages[best.get(passage?.text ?? '') ?? index]
    // Repeated within one part of the page, it is the author's own doing.
    return other === passage || other?.box.parent === passage?.box.parent
  })
}

/** In units: so long a text is repeated by no author. */
const LONG = 100
