/**
 * A page as its passages: runs of text that stand between two breaks, as a reader sees them. All that is known of them
 * and of the boxes around them is gathered in one walk.
 */
import { type ChildNode, type Element, isTag, isText, type ParentNode, type Text } from 'domhandler'
import { evenSpace } from '../characters.ts'
import { AROUND, type Box, calledOf, NOT_CALLED, openBox } from './boxes.ts'
import { NAME_KINDS } from './names.ts'
import { readText, type TextFacts } from './text-facts.ts'

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
      const text = evenSpace(this.#pieces.join(''))
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
