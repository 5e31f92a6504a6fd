/** What stands above a text and is none of it: the paper's own head, and the byline, which is a field of the article. */
import { isTag } from 'domhandler'
import { fold } from '../characters.ts'
import { type Box } from './boxes.ts'
import { type Hints } from './hints.ts'
import { type Passage, type Passages } from './passages.ts'
import { isWide, readText } from './text-facts.ts'

/** In units: a longer piece above the headline is its introduction. */
const SHORT = 120
/** Passages behind the headline among which a byline is. */
const NEAR = 4
/** In units: what a byline says beside the names, such as a role and a day; a sentence says more, or ends. */
const BESIDE = 60
/** Where more of the text than this stands above it, the one headline is not the article's. */
const MOST_ABOVE = 0.25

/** The chosen passages without those. Pages that have no one headline keep all. */
export function withoutMasthead(
  { passages }: Passages,
  chosen: Set<number>,
  { authors }: Pick<Hints, 'authors'>,
): Set<number> {
  const headlines = passages.flatMap((passage, index) => (isHeadline(passage.box) ? [index] : []))
  const [headline] = headlines
  if (headline === undefined || headlines.length > 1) return chosen
  let above = 0
  let all = 0
  for (const index of chosen) {
    const units = passages[index]?.units ?? 0
    all += units
    if (index < headline) above += units
  }
  if (above > all * MOST_ABOVE) return chosen
  const names = authors.map(fold).filter((name) => readText(name).units > 3)
  const kept = new Set(
    [...chosen].filter((index) => {
      const passage = passages[index]
      if (passage === undefined || passage.units > SHORT) return true
      if (index < headline) return false
      return index > headline + NEAR || !isByline(passage, names)
    }),
  )
  return kept.size === 0 ? chosen : kept
}

/** Whether a line names an author and says little else: a sentence about one is text. */
function isByline({ text, ending }: Passage, names: readonly string[]): boolean {
  let rest = ` ${fold(text)} `
  const whole = rest
  for (const name of names)
    // Scripts that have no spaces between words write some into names, or none.
    rest = isWide(name) ? rest.replaceAll(' ', '').replaceAll(name.replaceAll(' ', ''), ' ') : rest.replaceAll(` ${name} `, '  ') // prettier-ignore
  if (rest.replaceAll(' ', '') === whole.replaceAll(' ', '')) return false
  const { units } = readText(rest.trim())
  return units <= (ending === SENTENCE ? BESIDE / 4 : BESIDE)
}

/** `TextFacts.ending` of what ends with a full stop. */
const SENTENCE = 1

function isHeadline(box: Box): boolean {
  for (let around: Box | undefined = box; around; around = around.parent)
    if (isTag(around.element) && around.element.name === 'h1') return true
  return false
}
