/**
 * A page as its passages: runs of text that stand between two breaks, as a reader sees them. All that is known of them
 * and of the boxes around them is gathered in one walk.
 */
import { type ChildNode, type Element, isTag, isText, type ParentNode, type Text } from 'domhandler'
import { NAME_KINDS, namesOf } from './names.ts'
import { readText, type TextFacts } from './text-facts.ts'

/** An element that holds passages or other boxes. */
export interface Box {
  element: ParentNode
  name: string
  parent: Box | undefined
  depth: number
  /** Bits of `AROUND`: what it stands in, itself included. */
  around: number
  /** The kinds of what it is called by, as bits. */
  kinds: number
  /** For each kind of name, how many boxes up it is called by one: 0 itself, 15 none. Asked of few boxes (`calledOf`). */
  called: Uint8Array | undefined
  /** Its tag and classes, numbers in them evened. */
  own: string
  /** The same with its parent's. */
  signature: string
  /** Of all text in it. */
  units: number
  linkUnits: number
  /** Units in passages that read like prose. */
  prose: number
  /** Index of its first passage, and behind its last. */
  from: number
  to: number
  /** How many pictures are in it. */
  pictures: number
  /** How many things of other sites. */
  embeds: number
  /** Its children that are boxes. */
  boxes: number
  /** Its place among the boxes in its parent. */
  place: number
  /** Headings in it. */
  headings: number
}

/** A run of text and the nodes it is in: neighbours in `box.element`. */
export interface Passage extends TextFacts {
  nodes: ChildNode[]
  box: Box
  text: string
  /** Of its letters, in links. */
  linkLetters: number
  links: number
  /** Letters in `<b>`, `<strong>`, `<em>` and `<i>`. */
  stressed: number
  pictures: number
}

/** What a box may stand in. */
const PLACES = ['article', 'main', 'aside', 'header', 'footer', 'nav', 'form', 'figure', 'figcaption', 'table', 'ul', 'ol', 'dl', 'blockquote', 'section', 'pre', 'a', 'details', 'noscript', 'address', 'li', 'button', 'dialog'] as const // prettier-ignore
export const AROUND = Object.fromEntries([...PLACES, 'hidden', 'unseen'].map((name, index) => [name, 1 << index])) as Record<(typeof PLACES)[number] | 'hidden' | 'unseen', number> // prettier-ignore

const ROLES: Partial<Record<string, number>> = { navigation: AROUND.nav, search: AROUND.form, dialog: AROUND.dialog, alertdialog: AROUND.dialog, contentinfo: AROUND.footer, complementary: AROUND.aside, menu: AROUND.nav, menubar: AROUND.nav, toolbar: AROUND.nav, tablist: AROUND.nav, banner: AROUND.header, main: AROUND.main, article: AROUND.article } // prettier-ignore

/** Never text of an article. */
const SKIPPED = new Set(
  'script style template iframe frame object embed applet svg math select option textarea input datalist canvas map area head title link meta base noscript audio video'.split(
    ' ',
  ),
)
const PICTURES = new Set(['img', 'picture', 'amp-img', 'video'])
const EMBED = 'iframe'
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)
const STRESSED = new Set(['b', 'strong', 'em', 'i'])
/** Beyond it nothing is read: a page of so many pieces is none that a person reads. */
const MOST_PASSAGES = 12_000

export interface Passages {
  passages: Passage[]
  boxes: Box[]
  root: Box
}

const UNDERLINE = NAME_KINDS.indexOf('underline')
/** In units: a longer text is none, whatever it is called. */
const LONGEST_CAPTION = 600

/** Whether a passage is the caption of a picture: it stays with it, or goes with it, and is no text of the article. */
export function isCaption({ box, units }: Passage): boolean {
  if ((box.around & AROUND.figcaption) !== 0) return true
  if ((calledOf(box)[UNDERLINE] ?? NOT_CALLED) > 1 || units > LONGEST_CAPTION) return false
  return box.pictures > 0 || (box.parent?.pictures ?? 0) > 0 || (box.parent?.parent?.pictures ?? 0) > 0
}

/** The passages under `root`, in their order. */
export function readPassages(root: ParentNode): Passages {
  return new Reader().read(root)
}

class Reader {
  readonly passages: Passage[] = []
  readonly boxes: Box[] = []
  readonly #broken = new Set<ChildNode>()
  #nodes: ChildNode[] = []
  #pieces: string[] = []
  #linkLetters = 0
  #links = 0
  #stressed = 0
  #pictures = 0
  #isSolid = false

  read(root: ParentNode): Passages {
    this.#findBroken(root)
    return { passages: this.passages, boxes: this.boxes, root: this.#readBox(root, undefined, 0) }
  }

  /** Finds the inline elements that hold a block, or two breaks of line in succession: they are boxes too. */
  #findBroken(parent: ParentNode): boolean {
    let isBroken = false
    let breaks = 0
    for (const child of parent.children) {
      if (isText(child)) {
        if (breaks > 0 && /\S/.test(child.data)) breaks = 0
        continue
      }
      if (!isTag(child)) continue
      if (child.name === 'br') {
        if (++breaks > 1) isBroken = true
        continue
      }
      if (SKIPPED.has(child.name) || PICTURES.has(child.name)) continue
      breaks = 0
      const isInline = INLINE.has(child.name)
      if (this.#findBroken(child) && isInline) this.#broken.add(child)
      if (!isInline || this.#broken.has(child)) isBroken = true
    }
    return isBroken
  }

  #readBox(element: ParentNode, parent: Box | undefined, place: number): Box {
    const box = openBox(element, parent, place)
    box.from = this.passages.length
    this.boxes.push(box)
    let breaks = 0
    for (const child of element.children) {
      if (isText(child)) {
        const isBlank = !/\S/.test(child.data)
        if (!isBlank) breaks = 0
        this.#addText(child, isBlank)
      } else if (!isTag(child)) continue
      else if (child.name === 'br') {
        this.#pieces.push(' ')
        if (this.#nodes.length > 0) this.#nodes.push(child)
        if (++breaks > 1) this.#end(box)
      } else if (PICTURES.has(child.name)) {
        box.pictures++
        this.#pictures++
        if (this.#nodes.length > 0) this.#nodes.push(child)
      } else if (child.name === EMBED) {
        box.embeds++
        if (this.#nodes.length > 0) this.#nodes.push(child)
      } else if (SKIPPED.has(child.name)) continue
      else if (INLINE.has(child.name) && !this.#broken.has(child)) {
        breaks = 0
        this.#nodes.push(child)
        this.#readInline(child, child.name === 'a', false, box)
      } else {
        breaks = 0
        this.#end(box)
        const inner = this.#readBox(child, box, box.boxes++)
        box.units += inner.units
        box.linkUnits += inner.linkUnits
        box.prose += inner.prose
        box.pictures += inner.pictures
        box.embeds += inner.embeds
        box.headings += inner.headings
      }
    }
    this.#end(box)
    box.to = this.passages.length
    return box
  }

  #addText(node: Text, isBlank: boolean): void {
    if (isBlank && this.#nodes.length === 0) return
    this.#nodes.push(node)
    if (isBlank && !this.#isSolid) return
    this.#isSolid = true
    this.#pieces.push(node.data)
  }

  #readInline(element: Element, isInLink: boolean, isStressed: boolean, box: Box): void {
    if (element.name === 'a') this.#links++
    for (const child of element.children) {
      if (isText(child)) {
        this.#pieces.push(child.data)
        const letters = child.data.trim().length
        if (letters > 0) this.#isSolid = true
        if (isInLink) this.#linkLetters += letters
        if (isStressed) this.#stressed += letters
      } else if (!isTag(child)) continue
      else if (child.name === 'br') this.#pieces.push(' ')
      else if (PICTURES.has(child.name)) {
        box.pictures++
        this.#pictures++
      } else if (child.name === EMBED) box.embeds++
      else if (!SKIPPED.has(child.name))
        this.#readInline(child, isInLink || child.name === 'a', isStressed || STRESSED.has(child.name), box)
    }
  }

  #end(box: Box): void {
    if (this.#isSolid && this.passages.length < MOST_PASSAGES) {
      const text = this.#pieces.join('').replace(/\s+/g, ' ').trim()
      const isInLink = (box.around & AROUND.a) !== 0
      const isStressed = STRESSED.has(box.name)
      const facts = readText(text)
      const linkLetters = isInLink ? text.length : Math.min(this.#linkLetters, text.length)
      const linkShare = text.length === 0 ? 0 : linkLetters / text.length
      const passage: Passage = {
        units: facts.units,
        words: facts.words,
        digits: facts.digits,
        capitals: facts.capitals,
        stops: facts.stops,
        commas: facts.commas,
        bars: facts.bars,
        ending: facts.ending,
        quotes: facts.quotes,
        nodes: this.#nodes,
        box,
        text,
        linkLetters,
        links: isInLink ? Math.max(this.#links, 1) : this.#links,
        stressed: isStressed ? text.length : this.#stressed,
        pictures: this.#pictures,
      }
      this.passages.push(passage)
      box.units += facts.units
      box.linkUnits += facts.units * linkShare
      if (facts.units > 80 && linkShare < 0.4 && facts.stops > 0) box.prose += facts.units * (1 - linkShare)
    }
    this.#nodes = []
    this.#pieces = []
    this.#linkLetters = 0
    this.#links = 0
    this.#stressed = 0
    this.#pictures = 0
    this.#isSolid = false
  }
}

/** Of a kind of names: none of the boxes around is called so. */
export const NOT_CALLED = 15
const HEADING = /^h[1-6]$/

function openBox(element: ParentNode, parent: Box | undefined, place: number): Box {
  const name = isTag(element) ? element.name : ''
  const own = isTag(element) ? ownSignature(element) : ''
  return {
    element,
    name,
    parent,
    depth: (parent?.depth ?? -1) + 1,
    around: (parent?.around ?? 0) | (isTag(element) ? placeOf(element) : 0),
    kinds: isTag(element) ? namesOf(element) : 0,
    called: undefined,
    own,
    signature: `${own}<${parent?.own ?? ''}`,
    units: 0,
    linkUnits: 0,
    prose: 0,
    from: 0,
    to: 0,
    pictures: 0,
    embeds: 0,
    boxes: 0,
    place,
    headings: HEADING.test(name) ? 1 : 0,
  }
}

/** For each kind of name, how many boxes up from this one it is called by one: 0 itself, 15 none. */
export function calledOf(box: Box): Uint8Array {
  if (box.called !== undefined) return box.called
  const called = new Uint8Array(NAME_KINDS.length).fill(NOT_CALLED)
  let known = 0
  let around: Box | undefined = box
  for (let up = 0; up < NOT_CALLED && around !== undefined; up++) {
    let found = around.kinds & ~known
    known |= found
    for (let kind = 0; found !== 0; kind++) {
      if (found & 1) called[kind] = up
      found >>>= 1
    }
    around = around.parent
  }
  box.called = called
  return called
}

const signatures = new Map<string, string>()
const MOST_SIGNATURES = 20_000

function ownSignature({ name, attribs }: Element): string {
  const called = attribs['class'] ?? ''
  if (called === '') return `${name}.`
  let even = signatures.get(called)
  if (even === undefined) {
    even = called.trim().slice(0, 40).replace(/\d+/g, '0')
    if (signatures.size > MOST_SIGNATURES) signatures.clear()
    signatures.set(called, even)
  }
  return `${name}.${even}`
}

function placeOf({ name, attribs }: Element): number {
  let bits = (AROUND as Partial<Record<string, number>>)[name] ?? 0
  const role = attribs['role']
  if (role !== undefined) bits |= ROLES[role.toLowerCase()] ?? 0
  if (attribs['hidden'] !== undefined || attribs['aria-hidden'] === 'true') bits |= AROUND.hidden
  const style = attribs['style']
  if (style !== undefined && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)) bits |= AROUND.unseen
  return bits
}
