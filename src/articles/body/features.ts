/** What the model sees of each passage: figures of itself, its boxes, its neighbours and its place on the page. */
import { isFormHead } from '../boilerplate.ts'
import { fold } from '../characters.ts'
import { AROUND, type Box, calledOf, NOT_CALLED } from './boxes.ts'
import { type Hints } from './hints.ts'
import { NAME_KINDS } from './names.ts'
import { type Passage, type Passages } from './passages.ts'
import { levelsTo, linkShare, type PageFacts, readPage, shareIn, SHORT, wordsIn } from './page-facts.ts'
import { ADDRESS, BY, CALL, COOKIES, DATE, LEGAL, PHOTO, POINTER, TAIL_HEADING, WHO } from './patterns.ts'

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
/** Of these the size matters: a page's whole body may be called `has-sidebar`. */
const SIZED = [
  'comment',
  'share',
  'related',
  'author',
  'nav',
  'side',
  'signup',
  'popup',
  'list',
  'hidden',
  'foot',
] as const

const NEAR = ['units', 'link share', 'ending', 'tag', 'same box', 'stops', 'closing line', 'same signature'] as const
const NEIGHBOURS = [-3, -2, -1, 1, 2, 3]

export const FEATURES: readonly string[] = [
  ...OWN,
  ...PAGE,
  ...BOXES,
  ...Object.keys(AROUND).map((name) => `in ${name}`),
  ...NAME_KINDS.map((name) => `called ${name}`),
  ...SIZED.flatMap((name) => [`prose of ${name}`, `title in ${name}`]),
  ...NEIGHBOURS.flatMap((step) => NEAR.map((name) => `${name} at ${step}`)),
]

const TAGS = ['', 'p', 'div', 'li', 'td', 'span', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'a', 'blockquote', 'pre', 'dd', 'dt', 'th', 'section', 'article', 'ul', 'ol', 'table', 'tr', 'tbody', 'figure', 'figcaption', 'main', 'header', 'footer', 'aside', 'nav', 'form', 'button', 'label', 'center', 'body', 'address', 'strong', 'em', 'b', 'i', 'font', 'dl', 'details', 'summary', 'caption', 'small', 'noscript'] // prettier-ignore
// Those that behave alike stand together: the model only asks whether a number is below another.
const TAG_NUMBERS = new Map(TAGS.map((tag, index) => [tag, index]))

/** The figures of all passages, row by row. */
export function describe({ passages, boxes, root }: Passages, hints: Hints): Table {
  const width = FEATURES.length
  const rows = new Float32Array(passages.length * width)
  const page = readPage(passages, boxes, root, hints)
  const near = seenNear(passages)
  let at = 0
  const put = (value: number) => {
    rows[at++] = value
  }
  for (const [index, passage] of passages.entries()) {
    putOwn(passage, page.isClosing[index] ?? 0, put)
    putPage(page, index, passage, put)
    putBoxes(page, index, passage, put)
    const { around } = passage.box
    for (const bit of BITS) put(around & bit ? 1 : 0)
    calledOf(passage.box).forEach(put)
    putSized(page, passage.box, put)
    putNeighbours(page, near, index, put)
    if (at !== (index + 1) * width) throw new Error(`${at - index * width} features, not ${width}`)
  }
  return { width, rows }
}

type Put = (value: number) => void

const BITS = Object.values(AROUND)

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

function putPage(page: PageFacts, index: number, passage: Passage, put: Put): void {
  const { text } = passage
  const count = page.passages.length
  const folded = text.length < 2000 || page.pieces.size > 0 ? fold(text) : ''
  const words = text.length < SHORT && page.titleWords.size > 0 ? wordsIn(folded) : []
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

const SIZED_KINDS = SIZED.map((name) => NAME_KINDS.indexOf(name))

/** How much of the prose the box holds that is called so, and whether the headline is in it. */
function putSized(page: PageFacts, box: Box, put: Put): void {
  const called = calledOf(box)
  for (const kind of SIZED_KINDS) {
    const up = called[kind] ?? NOT_CALLED
    let named: Box | undefined = box
    for (let level = 0; level < up && named !== undefined; level++) named = named.parent
    if (up === NOT_CALLED || named === undefined) {
      put(-1)
      put(-1)
      continue
    }
    put(page.prose === 0 ? 0 : named.prose / page.prose)
    put(page.headlineAt >= named.from && page.headlineAt < named.to ? 1 : 0)
  }
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
