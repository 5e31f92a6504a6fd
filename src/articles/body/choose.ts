/** Chooses the passages of a page that are its article's text. */
import { hiddenBeside, inTheMargin, ofOneMind, standingApart } from './company.ts'
import { doubtsOf } from './doubts.ts'
import { describe } from './features.ts'
import { headlineAt } from './headline.ts'
import { type Hints } from './hints.ts'
import { type Passage, type Passages } from './passages.ts'
import { ask, type Forest, readForest } from './trees.ts'
import { WEIGHTS } from './weights.ts'

/** The logarithm of the odds above which a passage is taken. */
const CUT = 0
/** How much less likely than the likeliest a passage may be, where none is above the cut. */
const SLACK = 1.5

let forest: Forest | undefined

/** Which passages are the article's, by their index; none where the page has no text. */
export function choosePassages(found: Passages, hints: Hints): Set<number> {
  forest ??= readForest(WEIGHTS)
  const { rows, width } = describe(found, hints)
  return settle(found, ask(forest, rows, width), hints)
}

/** The same, from the odds that the model gives each passage for itself. */
export function settle(found: Passages, asked: Float64Array, hints: Hints): Set<number> {
  const doubts = doubtsOf(found, hints)
  const alone = asked.map((one, index) => one - (doubts[index] ?? 0))
  const headline = headlineAt(found.passages, hints.title)
  const together = standingApart(found, ofOneMind(found, alone), headline)
  const odds = hiddenBeside(found, inTheMargin(found, together, headline))
  const chosen = above(odds, CUT)
  const best = odds.reduce((most, one) => Math.max(most, one), -Infinity)
  // Better a doubtful text than none: whether the page is an article at all is judged elsewhere.
  const some = chosen.length > 0 ? chosen : above(odds, best - SLACK)
  return new Set(withoutCopies(found.passages, some, odds))
}

function above(odds: Float64Array, cut: number): number[] {
  const found: number[] = []
  for (const [index, one] of odds.entries()) if (one > cut) found.push(index)
  return found
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
