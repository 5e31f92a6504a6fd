/** What the model sees of each passage: figures of itself, its boxes, its neighbours and its place on the page. */
import { isClosingLine, isFormHead } from '../boilerplate.ts'
import { NAME_KINDS } from './names.ts'
import { AROUND, type Box, calledOf, type Passage, type Passages } from './passages.ts'

/** What the page says of its article, to be found again in the passages. */
export interface Hints {
  title?: string | undefined
  description?: string | undefined
  authors: readonly string[]
  /** The text, where the page's own data hold it. */
  articleBody?: string | undefined
}

/** A row of figures for each passage. */
export interface Table {
  width: number
  rows: Float32Array
}

const OWN = [
  'units', 'words', 'letters a word', 'digits', 'capitals', 'stops', 'commas', 'bars', 'ending', 'quotes',
  'link share', 'links', 'stressed', 'pictures', 'begins small', 'begins as list', 'closing line', 'form head', 'tail heading',
  'date', 'by', 'photo', 'call', 'cookies', 'who', 'address', 'pointer', 'legal',
] as const // prettier-ignore
const PAGE = [
  'is title', 'words in title', 'in description', 'in body data', 'names author', 'copies', 'copy number',
  'place', 'prose before', 'prose after', 'since prose', 'until prose', 'since title', 'since h1', 'since heading', 'under tail', 'since tail heading',
  'heading level', 'heading is tail', 'all units', 'all passages',
] as const // prettier-ignore
const BOXES = [
  'tag', 'depth', 'to half', 'to most', 'to some', 'to best', 'to named', 'best share', 'named share', 'signature share', 'signature count', 'signature prose', 'signature links', 'siblings alike', 'box place', 'box boxes',
  'place in box', 'passages in box',
  ...[1, 2, 3, 4, 6].flatMap((up) => [`units ${up} up`, `link share ${up} up`, `prose share ${up} up`, `prose density ${up} up`, `pictures ${up} up`, `passages ${up} up`, `tag ${up} up`, `boxes like ${up} up`, `headings ${up} up`]),
] as const // prettier-ignore
const NEAR = ['units', 'link share', 'ending', 'tag', 'same box', 'stops', 'closing line', 'same signature'] as const
const NEIGHBOURS = [-3, -2, -1, 1, 2, 3]

export const FEATURES: readonly string[] = [
  ...OWN,
  ...PAGE,
  ...BOXES,
  ...Object.keys(AROUND).map((name) => `in ${name}`),
  ...NAME_KINDS.map((name) => `called ${name}`),
  ...NEIGHBOURS.flatMap((step) => NEAR.map((name) => `${name} at ${step}`)),
]

const TAGS = ['', 'p', 'div', 'li', 'td', 'span', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'a', 'blockquote', 'pre', 'dd', 'dt', 'th', 'section', 'article', 'ul', 'ol', 'table', 'tr', 'tbody', 'figure', 'figcaption', 'main', 'header', 'footer', 'aside', 'nav', 'form', 'button', 'label', 'center', 'body', 'address', 'strong', 'em', 'b', 'i', 'font', 'dl', 'details', 'summary', 'caption', 'small', 'noscript'] // prettier-ignore
// Those that behave alike stand together: the model only asks whether a number is below another.
const TAG_NUMBERS = new Map(TAGS.map((tag, index) => [tag, index]))

export const TAIL_HEADING =
  /^(?:related|read (?:more|next|also)|more (?:from|on|in|about|stories|news|articles|posts)|you (?:may|might) also|recommended|see also:?$|share (?:this|on|your)|\d* ?(?:comments?|responses?|replies|thoughts on)\b.{0,60}$|leave a|about (?:the )?author|(?:post )?tags:?$|categories|most (?:read|popular|viewed)|popular|trending|latest|recent (?:posts|articles|news|comments)|similar|further reading|up next|subscribe|newsletter|sign up|join (?:the|our)|follow|get (?:the|our|in touch)|contact|disclaimer|references$|sources?:?$|post navigation|mehr zum thema|lesen sie auch|das könnte sie auch|auch interessant|weitere|ähnliche|neueste|verwandte|kommentare?|schreib|teilen|über den autor|über die autorin|à lire aussi|lire aussi|sur le même|articles? (?:similaires|liés)|commentaires?|partager|lee también|te puede interesar|artículos relacionados|comentarios?|compart|leggi anche|articoli correlati|lees ook|leia também|leia mais|relacionad|zobacz|czytaj|powiązane|komentarze|читайте|похожие|комментарии|関連|相关|推荐|评论)/i
const DATE =
  /\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}:\d\d|(?:19|20)\d\d)\b|\d+年|\b(?:ago|yesterday|min(?:ute)?s? read)\b/i
const BY = /^(?:by|von|par|por|di|door|av|af|przez|autor(?:in)?|text|written by|posted by|author)[\s:]/i
const PHOTO =
  /^(?:photo|image|foto|bild|credit|picture|source|quelle|abb|fig)|©|\b(?:getty|reuters|shutterstock|unsplash|istock|pixabay|dpa|afp)\b|\bphoto(?:graph)?s? by\b/i
const CALL =
  /newsletter|subscri|sign up|sign in|log in|register|abonn|anmelden|click here|learn more|contact us|download|buy now|shop now|get started|book (?:a|your)|free trial|donate|join (?:us|our|the)|follow (?:us|me|him|her)|like us|suscr|iscriv|free consultation|call us|enroll/i
const COOKIES = /cookie|privacy|javascript|browser|ad ?block|consent|datenschutz|terms of (?:use|service)/i
const WHO =
  /\b(?:is (?:a|an|the) |writes (?:about|for)|author of|freelance|founder|reporter|correspondent|journalist|editor|specializ|holds a|has been writing|lives in|ist (?:freie|redakteur|autor))/i
const ADDRESS = /@[\w-]+\.\w|https?:|www\.|\+?\d[\d ()-]{7,}\d/
const POINTER =
  /^(?:read|see|watch|listen|also|related|more|mehr|siehe|lesen|lire|voir|lee|ver|leggi|photos?|video|image|\[|»|>|→|▶)/i
const LEGAL =
  /©|copyright|all rights reserved|alle rechte|tous droits|reproduc|disclaimer|affiliate|commission|sponsored|disclosure|originally (?:published|appeared)|this (?:article|story|post) (?:was|is|has|first)|terms/i

/** The figures of all passages, row by row. */
export function describe({ passages, boxes, root }: Passages, hints: Hints): Table {
  const width = FEATURES.length
  const rows = new Float32Array(passages.length * width)
  const page = readPage(passages, boxes, root, hints)
  const near = seenNear(passages)
  for (const [index, passage] of passages.entries()) {
    const row = rows.subarray(index * width, (index + 1) * width)
    let at = 0
    const put = (value: number) => {
      row[at++] = value
    }
    putOwn(passage, page.isClosing[index] ?? 0, put)
    putPage(page, index, passage, put)
    putBoxes(page, index, passage, put)
    const { around } = passage.box
    for (const bit of BITS) put(around & bit ? 1 : 0)
    for (const distance of calledOf(passage.box)) put(distance)
    putNeighbours(page, near, index, put)
    if (at !== width) throw new Error(`${at} features, not ${width}`)
  }
  return { width, rows }
}

type Put = (value: number) => void

const BITS = Object.values(AROUND)

function linkShare({ text, linkLetters }: Passage): number {
  return text.length === 0 ? 0 : linkLetters / text.length
}

function isProse(passage: Passage): boolean {
  return passage.units > 80 && passage.stops > 0 && linkShare(passage) < 0.4
}

const SHORT = 300

function putOwn(passage: Passage, isClosing: number, put: Put): void {
  const { text, units, words } = passage
  const length = Math.max(text.length, 1)
  const isShort = text.length < SHORT
  put(Math.log2(1 + units))
  put(words)
  put(units / Math.max(words, 1))
  put(passage.digits / length)
  put(passage.capitals / Math.max(words, 1))
  put(passage.stops / Math.max(units / 100, 0.2))
  put(passage.commas / Math.max(units / 100, 0.2))
  put(passage.bars / Math.max(words, 1))
  put(passage.ending)
  put(passage.quotes / Math.max(units / 100, 0.2))
  put(linkShare(passage))
  put(passage.links)
  put(Math.min(passage.stressed / length, 1))
  put(passage.pictures)
  put(/^\p{Ll}/u.test(text) ? 1 : 0)
  put(/^(?:[-–•*·]|\d+[.)])/.test(text) ? 1 : 0)
  put(isClosing)
  put(isShort && isFormHead(text) ? 1 : 0)
  put(isShort && TAIL_HEADING.test(text) ? 1 : 0)
  put(isShort && DATE.test(text) ? 1 : 0)
  put(isShort && BY.test(text) ? 1 : 0)
  put(isShort && PHOTO.test(text) ? 1 : 0)
  put(isShort && CALL.test(text) ? 1 : 0)
  put(isShort && COOKIES.test(text) ? 1 : 0)
  put(text.length < 800 && WHO.test(text) ? 1 : 0)
  put(isShort && ADDRESS.test(text) ? 1 : 0)
  put(isShort && POINTER.test(text) ? 1 : 0)
  put(text.length < 800 && LEGAL.test(text) ? 1 : 0)
}

interface PageFacts {
  passages: Passage[]
  units: number
  prose: number
  proseBefore: Float64Array
  /** Index of the last prose before each, and of the next. */
  lastProse: Int32Array
  nextProse: Int32Array
  titleAt: number
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

const fold = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Long enough to be the same by no chance. */
const PIECE = 12

function piecesOf(text: string): Set<string> {
  const pieces = new Set<string>()
  for (let at = 0; at + PIECE <= text.length; at++) pieces.add(text.slice(at, at + PIECE))
  return pieces
}

function shareIn(text: string, pieces: Set<string>): number {
  let found = 0
  let all = 0
  for (let at = 0; at + PIECE <= text.length; at += PIECE) {
    all++
    if (pieces.has(text.slice(at, at + PIECE))) found++
  }
  return all === 0 ? 0 : found / all
}

const MOST_BODY = 200_000

function readPage(passages: Passage[], boxes: Box[], root: Box, hints: Hints): PageFacts {
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
    title,
    titleWords: new Set(title.split(' ').filter((word) => word.length > 2)),
    description: fold(hints.description ?? ''),
    pieces: piecesOf(fold((hints.articleBody ?? '').slice(0, MOST_BODY))),
    authors: hints.authors.map(fold).filter((name) => name.length > 3),
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

function putPage(page: PageFacts, index: number, passage: Passage, put: Put): void {
  const { text } = passage
  const count = page.passages.length
  const folded = text.length < 2000 || page.pieces.size > 0 ? fold(text) : ''
  const words = text.length < SHORT ? folded.split(' ').filter((word) => word.length > 2) : []
  put(folded !== '' && folded === page.title ? 1 : 0)
  put(words.length === 0 ? 0 : words.filter((word) => page.titleWords.has(word)).length / words.length)
  put(page.description === '' ? -1 : isPart(folded, page.description) ? 1 : 0)
  put(page.pieces.size === 0 ? -1 : shareIn(folded, page.pieces))
  put(text.length < SHORT && page.authors.some((name) => folded.includes(name)) ? 1 : 0)
  put(page.copies.get(text.slice(0, 200)) ?? 1)
  put(page.copyNumber[index] ?? 0)
  put(index / Math.max(count, 1))
  const before = page.proseBefore[index] ?? 0
  const after = page.prose - (page.proseBefore[index + 1] ?? 0)
  put(page.prose === 0 ? 0 : before / page.prose)
  put(page.prose === 0 ? 0 : after / page.prose)
  put(Math.min(index - (page.lastProse[index] ?? -1), 50))
  put(Math.min((page.nextProse[index] ?? count) - index, 50))
  put(page.titleAt < 0 ? 300 : Math.max(-100, Math.min(index - page.titleAt, 200)))
  const h1 = page.h1[index] ?? -1
  put(h1 < 0 ? 300 : Math.min(index - h1, 200))
  const heading = page.heading[index] ?? -1
  put(heading < 0 ? 100 : Math.min(index - heading, 100))
  const tail = page.tailHeading[index] ?? -1
  put(tail >= 0 && tail >= heading ? 1 : 0)
  put(tail < 0 ? 200 : Math.min(index - tail, 200))
  const above = page.passages[heading]
  put(above === undefined ? 0 : Number(above.box.name.slice(1)))
  put(above !== undefined && TAIL_HEADING.test(above.text) ? 1 : 0)
  put(Math.log2(1 + page.units))
  put(count)
}

/** Whether one of both is most of the other, or its beginning. */
function isPart(text: string, description: string): boolean {
  if (text.length < 20) return false
  const head = description.slice(0, 80)
  return text.includes(head) || description.includes(text.slice(0, 200))
}

const TABLE_LEVELS = [1, 2, 3, 4, 6]

function putBoxes(page: PageFacts, index: number, { box, units }: Passage, put: Put): void {
  put(TAG_NUMBERS.get(box.name) ?? TAGS.length)
  put(box.depth)
  put(levelsTo(box, page.half))
  put(levelsTo(box, page.most))
  put(levelsTo(box, page.some))
  put(page.best === undefined ? -1 : levelsTo(box, page.best))
  put(page.named === undefined ? -1 : levelsTo(box, page.named))
  put(page.best === undefined ? -1 : page.best.prose / Math.max(page.prose, 1))
  put(page.named === undefined ? -1 : page.named.prose / Math.max(page.prose, 1))
  const signature = page.signatures.get(box.signature) ?? { count: 1, units, prose: 0, links: 0 }
  put(signature.units / Math.max(page.units, 1))
  put(signature.count)
  put(page.prose === 0 ? 0 : signature.prose / page.prose)
  put(signature.links / Math.max(signature.units, 1))
  put(box.parent === undefined ? 0 : box.parent.boxes)
  put(box.place)
  put(box.boxes)
  const parent = box.parent ?? box
  put((index - parent.from) / Math.max(parent.to - parent.from, 1))
  put(box.to - box.from)
  let level = 0
  let around: Box = box
  for (const up of TABLE_LEVELS) {
    while (level < up) {
      level++
      if (around.parent !== undefined) around = around.parent
    }
    put(Math.log2(1 + around.units))
    put(around.linkUnits / Math.max(around.units, 1))
    put(page.prose === 0 ? 0 : around.prose / page.prose)
    put(around.prose / Math.max(around.units, 1))
    put(around.pictures)
    put(Math.min(around.to - around.from, 500))
    put(TAG_NUMBERS.get(around.name) ?? TAGS.length)
    put(Math.min(page.alike.get(around.signature) ?? 1, 100))
    put(Math.min(around.headings, 50))
  }
}

/** How many boxes up it is until they are in one with `target`. */
function levelsTo(box: Box, target: Box): number {
  // A box holds another whose passages are among its own.
  let levels = 0
  for (let one: Box | undefined = box; one; one = one.parent) {
    if (one.depth <= target.depth && one.from <= target.from && one.to >= target.to) return Math.min(levels, 20)
    levels++
  }
  return 20
}

function putNeighbours({ passages, isClosing }: PageFacts, near: Float32Array, index: number, put: Put): void {
  const own = passages[index]
  for (const step of NEIGHBOURS) {
    const at = index + step
    const other = passages[at]
    if (other === undefined || own === undefined) {
      NEAR.forEach(() => put(-1))
      continue
    }
    const from = at * SEEN_NEAR
    put(near[from] ?? 0)
    put(near[from + 1] ?? 0)
    put(other.ending)
    put(near[from + 2] ?? 0)
    put(other.box === own.box ? 2 : other.box.parent === own.box.parent ? 1 : 0)
    put(near[from + 3] ?? 0)
    put(isClosing[at] ?? 0)
    put(other.box.signature === own.box.signature ? 1 : 0)
  }
}

/** How many figures of each passage its neighbours look at that take a while to work out. */
const SEEN_NEAR = 4

function seenNear(passages: Passage[]): Float32Array {
  const near = new Float32Array(passages.length * SEEN_NEAR)
  for (const [index, passage] of passages.entries()) {
    near[index * SEEN_NEAR] = Math.log2(1 + passage.units)
    near[index * SEEN_NEAR + 1] = linkShare(passage)
    near[index * SEEN_NEAR + 2] = TAG_NUMBERS.get(passage.box.name) ?? TAGS.length
    near[index * SEEN_NEAR + 3] = passage.stops / Math.max(passage.units / 100, 0.2)
  }
  return near
}
