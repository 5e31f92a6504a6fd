/**
 * What readers mind more than a figure of merit shows: short pieces that are no text, in the midst of it. They need
 * better odds than others.
 */
import { type Hints } from './features.ts'
import { NAME_KINDS } from './names.ts'
import { type Box, calledOf, isCaption, type Passage, type Passages } from './passages.ts'

/** What its name says that it is: by its own or that of the box around it. */
const NAMED = ['comment', 'share', 'related', 'signup', 'popup', 'tags'].map((kind) => NAME_KINDS.indexOf(kind))
/** In units: what is called by such a name and holds more is no insertion. */
const LARGEST = 600

/** How much is taken from the odds of a passage. */
export function doubtOf({ passages, root }: Passages, index: number, { title }: Hints): number {
  const passage = passages[index]
  if (passage === undefined) return 0
  // A caption stays with its picture, or goes with it; the headline is the draft's title.
  if (isCaption(passage) || isHeadline(passage, title)) return Infinity
  const isLinks = passage.linkLetters > passage.text.length * 0.8 && passage.stops === 0
  return (isLinks && passage.units < 200 ? 0.7 : 0) + (isNamed(passage.box, root) ? 1.5 : 0)
}

function isNamed(box: Box, root: Box): boolean {
  const called = calledOf(box)
  for (const kind of NAMED) {
    const up = called[kind] ?? 9
    if (up > 2) continue
    let named = box
    for (let level = 0; level < up; level++) named = named.parent ?? named
    if (named.units < LARGEST && named.prose < root.prose / 4) return true
  }
  return false
}

function isHeadline({ box, text }: Passage, title: string | undefined): boolean {
  if (title === undefined || !/^h[1-3]$/.test(box.name) || Math.abs(text.length - title.length) > 10) return false
  return letters(text) === letters(title)
}

function letters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
