/** What is known of a page as a whole before its passages are described one by one. */
import { isClosingLine } from '../boilerplate.ts'
import { fold } from '../characters.ts'
import { type Box } from './boxes.ts'
import { type Hints } from './hints.ts'
import { NAME_KINDS } from './names.ts'
import { type Passage } from './passages.ts'
import { TAIL_HEADING } from './patterns.ts'
import { isWide, readText } from './text-facts.ts'

/** How much of a passage is links, 0 to 1. */
export function linkShare({ text, linkLetters }: Passage): number {
  return text.length === 0 ? 0 : linkLetters / text.length
}

function isProse(passage: Passage): boolean {
  return passage.units > 80 && passage.stops > 0 && linkShare(passage) < 0.4
}

/** In letters: a line of which the words may tell what it is. */
export const SHORT = 300

/** What is known of the page as a whole, and of each of its passages for the others. */
export interface PageFacts {
  passages: Passage[]
  units: number
  prose: number
  proseBefore: Float64Array
  /** Index of the last prose before each, and of the next. */
  lastProse: Int32Array
  nextProse: Int32Array
  titleAt: number
  /** The passage that is the title, or else the first headline. */
  headlineAt: number
  titleWords: Set<string>
  title: string
  description: string
  /** Pieces of the text that the page's data hold. */
  pieces: Set<string>
  authors: string[]
  /** How often its text is on the page, and how often it was before. */
  copies: Map<string, number>
  copyNumber: Int32Array
  isClosing: Uint8Array
  heading: Int32Array
  tailHeading: Int32Array
  signatures: Map<string, Signature>
  /** How many boxes have a signature. */
  alike: Map<string, number>
  /** The headline, if there is one before each. */
  h1: Int32Array
  /** Whose paragraphs have the most points, and that is called an article's body. */
  best: Box | undefined
  named: Box | undefined
  half: Box
  some: Box
  most: Box
}

interface Signature {
  count: number
  units: number
  prose: number
  links: number
}

/** The words of folded text that mean something; of a script without spaces, each two letters that stand together. */
export function wordsIn(folded: string): string[] {
  if (!isWide(folded)) return folded.split(' ').filter((word) => word.length > 2)
  const words: string[] = []
  for (const word of folded.split(' ')) {
    if (!isWide(word)) {
      if (word.length > 2) words.push(word)
    } else if (word.length < 3) words.push(word)
    else for (let at = 0; at + 2 <= word.length; at++) words.push(word.slice(at, at + 2))
  }
  return words
}

/** Long enough to be the same by no chance. */
const PIECE = 12

function piecesOf(text: string): Set<string> {
  const pieces = new Set<string>()
  for (let at = 0; at + PIECE <= text.length; at++) pieces.add(text.slice(at, at + PIECE))
  return pieces
}

/** How much of a text is among the pieces. */
export function shareIn(text: string, pieces: Set<string>): number {
  let found = 0
  let all = 0
  for (let at = 0; at + PIECE <= text.length; at += PIECE) {
    all++
    if (pieces.has(text.slice(at, at + PIECE))) found++
  }
  return all === 0 ? 0 : found / all
}

const MOST_BODY = 200_000

export function readPage(passages: Passage[], boxes: Box[], root: Box, hints: Hints): PageFacts {
  const count = passages.length
  const proseBefore = new Float64Array(count + 1)
  const lastProse = new Int32Array(count)
  const nextProse = new Int32Array(count)
  const heading = new Int32Array(count)
  const tailHeading = new Int32Array(count)
  const copies = new Map<string, number>()
  const copyNumber = new Int32Array(count)
  const isClosing = new Uint8Array(count)
  const signatures = new Map<string, Signature>()
  const title = fold(hints.title ?? '')
  let titleAt = -1
  let last = -1
  const h1 = new Int32Array(count)
  let lastHeading = -1
  let lastH1 = -1
  let lastTail = -1
  for (const [index, passage] of passages.entries()) {
    lastProse[index] = last
    heading[index] = lastHeading
    tailHeading[index] = lastTail
    h1[index] = lastH1
    if (passage.box.name === 'h1') lastH1 = index
    const prose = isProse(passage)
    if (prose) last = index
    proseBefore[index + 1] = (proseBefore[index] ?? 0) + (prose ? passage.units : 0)
    const isHeading = passage.box.name.length === 2 && /^h[1-6]$/.test(passage.box.name)
    const isLabel = isHeading || (passage.units < 60 && passage.stops === 0)
    if (isHeading) lastHeading = index
    if (isLabel && TAIL_HEADING.test(passage.text)) lastTail = index
    const key = passage.text.slice(0, 200)
    const same = copies.get(key) ?? 0
    copyNumber[index] = same
    copies.set(key, same + 1)
    isClosing[index] = passage.text.length < SHORT && isClosingLine(passage.text) ? 1 : 0
    if (
      Math.abs(passage.text.length - title.length) < 20 &&
      title !== '' &&
      (titleAt < 0 || passage.box.name === 'h1') &&
      fold(passage.text) === title
    )
      if (titleAt < 0 || passages[titleAt]?.box.name !== 'h1') titleAt = index
    const signature = signatures.get(passage.box.signature) ?? { count: 0, units: 0, prose: 0, links: 0 }
    signature.count++
    signature.units += passage.units
    signature.prose += prose ? passage.units : 0
    signature.links += passage.units * linkShare(passage)
    signatures.set(passage.box.signature, signature)
  }
  let next = count
  for (let index = count - 1; index >= 0; index--) {
    nextProse[index] = next
    const passage = passages[index]
    if (passage && isProse(passage)) next = index
  }
  return {
    passages,
    units: root.units,
    prose: proseBefore[count] ?? 0,
    proseBefore,
    lastProse,
    nextProse,
    titleAt,
    headlineAt: titleAt >= 0 ? titleAt : passages.findIndex(({ box }) => box.name === 'h1'),
    title,
    titleWords: new Set(wordsIn(title)),
    description: fold(hints.description ?? ''),
    pieces: piecesOf(fold((hints.articleBody ?? '').slice(0, MOST_BODY))),
    authors: hints.authors.map(fold).filter((name) => readText(name).units > 3),
    copies,
    copyNumber,
    isClosing,
    heading,
    tailHeading,
    signatures,
    alike: countAlike(boxes),
    h1,
    best: findBest(passages),
    named: findNamed(boxes),
    half: deepest(root, passages, 0.5),
    some: deepest(root, passages, 0.3),
    most: deepest(root, passages, 0.8),
  }
}

function countAlike(boxes: Box[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { signature } of boxes) counts.set(signature, (counts.get(signature) ?? 0) + 1)
  return counts
}

/** The box whose passages say the most: each gives its points to it, half of them to the next, a quarter to the third. */
function findBest(passages: Passage[]): Box | undefined {
  const points = new Map<Box, number>()
  for (const passage of passages) {
    if (passage.units < 25) continue
    const value = (1 + passage.commas + Math.min(passage.units / 100, 4)) * (1 - linkShare(passage))
    const { box } = passage
    let holder: Box | undefined =
      box.name === 'p' || box.name === 'pre' || box.name === 'li' ? (box.parent ?? box) : box
    for (const part of box.name === 'li' ? [3, 6, 12] : [1, 2, 4]) {
      if (holder === undefined) break
      points.set(holder, (points.get(holder) ?? 0) + value / part)
      holder = holder.parent
    }
  }
  let best: Box | undefined
  let most = 0
  for (const [box, value] of points) {
    const weighed = value * (1 - box.linkUnits / Math.max(box.units, 1))
    if (weighed > most) [best, most] = [box, weighed]
  }
  return best
}

const STORY = NAME_KINDS.indexOf('story')

function findNamed(boxes: Box[]): Box | undefined {
  let named: Box | undefined
  for (const box of boxes) if (box.kinds & (1 << STORY) && box.prose > (named?.prose ?? 0)) named = box
  return named
}

/** The deepest box that holds such a share of the prose. */
function deepest(root: Box, passages: Passage[], share: number): Box {
  const least = root.prose * share
  let found = root
  for (const { box } of passages) {
    if (box.prose === 0 && box.parent?.prose === 0) continue
    for (let one: Box | undefined = box; one && one.depth > found.depth; one = one.parent)
      if (one.prose >= least && one.prose > 0) {
        found = one
        break
      }
  }
  return found
}

/** How many boxes up it is until they are in one with `target`. */
export function levelsTo(box: Box, target: Box): number {
  // A box holds another whose passages are among its own.
  let levels = 0
  for (let one: Box | undefined = box; one; one = one.parent) {
    if (one.depth <= target.depth && one.from <= target.from && one.to >= target.to) return Math.min(levels, 20)
    levels++
  }
  return 20
}
