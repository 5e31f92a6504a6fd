/**
 * What readers mind more than a figure of merit shows: short pieces that are no text, in the midst of it. They need
 * better odds than others.
 */
import { type Box, calledOf, NOT_CALLED } from './boxes.ts'
import { isHeadline } from './headline.ts'
import { type Hints } from './hints.ts'
import { NAME_KINDS } from './names.ts'
import { isCaption, type Passage, type Passages } from './passages.ts'

/** What its name says that it is: by its own or that of the box around it. */
const NAMED = ['comment', 'share', 'related', 'signup', 'popup', 'tags'].map((kind) => NAME_KINDS.indexOf(kind))
/** In units: what is called by such a name and holds more is no insertion. */
const LARGEST = 600

/** How much is taken from the odds of each passage. */
export function doubtsOf({ passages, root }: Passages, { title }: Hints): Float64Array {
  const headline = passages.findIndex(({ box }) => box.name === 'h1')
  const mayBeFiller = passages.some(isProse)
  return Float64Array.from(passages, (passage) => {
    // A caption stays with its picture, or goes with it; the headline is the draft's title.
    if (isCaption(passage) || isHeadline(passage, title)) return Infinity
    if (mayBeFiller && FILLER.test(passage.text)) return Infinity
    const { box } = passage
    return linksDoubt(passage) + (isNamed(box, root) ? 1.5 : 0) + (isComment(box, headline) ? 2 : 0)
  })
}

/** What printers set where the text is yet to come: templates hold it in parts that are not shown. */
const FILLER = /^lorem ipsum\b/i
/** How it goes on, in the orders that are met. */
const FILLERS =
  /\b(?:lorem ipsum|dolor sit amet|consectetur|adipisi?cing|incididunt|ullamco|voluptate|excepteur sint|sunt in culpa|consequat|veniam)\b/i

/** Whether it is text of a length to be an article's, and no filler: without such a one, the filler is the text. */
function isProse({ text, units, stops, linkLetters }: Passage): boolean {
  return units > 80 && stops > 0 && linkLetters < text.length * 0.4 && !FILLERS.test(text)
}

/** A line that is nothing but a link leads elsewhere, and most of all one that stands as a paragraph in the text. */
function linksDoubt({ box, text, linkLetters, stops, units }: Passage): number {
  if (units >= 200) return 0
  const isPoint = linkLetters > text.length * 0.8 && stops === 0
  const isParagraph = linkLetters > text.length * 0.9 && box.name === 'p'
  return (isPoint ? 0.7 : 0) + (isParagraph ? 2 : 0)
}

const COMMENT = NAME_KINDS.indexOf('comment')

/** Whether it is within something called comments; a whole page called `comments-open` has the headline in it. */
function isComment(box: Box, headline: number): boolean {
  const named = namedBox(box, COMMENT)
  return named !== undefined && (headline < named.from || headline >= named.to)
}

/** The next box up, itself included, that is called so. */
function namedBox(box: Box, kind: number): Box | undefined {
  let named: Box | undefined = box
  for (let up = calledOf(box)[kind] ?? NOT_CALLED; up > 0; up--) {
    if (up === NOT_CALLED) return undefined
    named = named?.parent
  }
  return named
}

function isNamed(box: Box, root: Box): boolean {
  const called = calledOf(box)
  return NAMED.some((kind) => {
    if ((called[kind] ?? NOT_CALLED) > 2) return false
    const named = namedBox(box, kind)
    return named !== undefined && named.units < LARGEST && named.prose < root.prose / 4
  })
}
