/** Cuts the article out of the document: the chosen passages with all that is around and between them and no text. */
import { type ChildNode, Element, isTag, type ParentNode } from 'domhandler'
import { AROUND, type Box, calledOf } from './boxes.ts'
import { NAME_KINDS } from './names.ts'
import { isCaption, type Passage, type Passages } from './passages.ts'
import { layoutTables } from './tables.ts'

/** The element that holds all passages of which `isKept` says so; everything else that says something is gone from it. */
export function cutOut(found: Passages, isKept: (index: number) => boolean): ParentNode | undefined {
  const kept = found.passages.flatMap((_, index) => (isKept(index) ? [index] : []))
  const first = found.passages[kept[0] ?? -1]
  if (first === undefined) return undefined
  const cutting = new Cutting(found, kept)
  const around = cutting.smallest(first.box, kept.length)
  cutting.trim(around)
  cutting.sweep()
  return around.element
}

class Cutting {
  readonly #passages: Passage[]
  readonly #kept: Set<number>
  readonly #first: number
  readonly #last: number
  /** How many kept passages are in a box. */
  readonly #counts = new Map<Box, number>()
  readonly #units = new Map<Box, number>()
  readonly #inside = new Map<Box | undefined, Box[]>()
  #core: Box | undefined
  readonly #layout: ReadonlySet<Box>
  /** What goes, by its parent. */
  readonly #gone = new Map<ParentNode, Set<ChildNode>>()

  constructor({ passages, boxes }: Passages, kept: number[]) {
    this.#passages = passages
    this.#layout = layoutTables(boxes)
    this.#kept = new Set(kept)
    this.#first = kept[0] ?? 0
    this.#last = kept.at(-1) ?? 0
    let total = 0
    for (const index of kept) {
      const { box, units = 0 } = passages[index] ?? {}
      total += units
      for (let one = box; one; one = one.parent) {
        this.#counts.set(one, (this.#counts.get(one) ?? 0) + 1)
        this.#units.set(one, (this.#units.get(one) ?? 0) + units)
      }
    }
    for (const box of boxes) {
      const inside = this.#inside.get(box.parent)
      if (inside === undefined) this.#inside.set(box.parent, [box])
      else inside.push(box)
      if ((this.#units.get(box) ?? 0) > total / 2) this.#core = box
    }
  }

  /** The innermost box around `box` with so many kept passages. */
  smallest(box: Box, count: number): Box {
    let around = box
    while (around.parent !== undefined && (this.#counts.get(around) ?? 0) < count) around = around.parent
    // A list without its list, a cell without its table would be none.
    while (around.parent !== undefined && (PART.has(around.name) || !BLOCK_LIKE.test(around.name)))
      around = around.parent
    // A picture above the text is often beside its box: what else is there goes anyway.
    let article = around
    for (let up = 0; up < 6 && article.parent !== undefined && article.name !== 'article'; up++)
      article = article.parent
    return article.name === 'article' ? article : (around.parent ?? around)
  }

  trim(around: Box): void {
    const waiting = [around]
    for (let box = waiting.pop(); box !== undefined; box = waiting.pop()) {
      show(box)
      if (this.#isLaidOut(box) && isTag(box.element)) rename(box.element, 'div')
      for (let index = box.from; index < box.to; index++) this.#dropPassage(box, index)
      for (const inner of this.#inside.get(box) ?? []) {
        if ((this.#counts.get(inner) ?? 0) > 0) waiting.push(inner)
        else if (this.#isGallery(inner)) waiting.push(inner)
        else if (!this.#keepPictures(inner)) this.#drop(inner.element)
      }
    }
  }

  /** Whether a box is a table, row or cell that is there for the looks of the page. */
  #isLaidOut(box: Box): boolean {
    if (box.name !== 'table' && !PART.has(box.name)) return false
    let table: Box | undefined = box
    while (table !== undefined && table.name !== 'table' && PART.has(table.name)) table = table.parent
    return table !== undefined && this.#layout.has(table)
  }

  #dropPassage(box: Box, index: number): void {
    const passage = this.#passages[index]
    if (passage?.box !== box || this.#kept.has(index) || box.name === 'figcaption') return
    for (const node of passage.nodes) if (!holdsPicture(node)) this.#drop(node)
  }

  /** Whether a box without text of the article is one of its pictures, and then with its caption. */
  #keepPictures(box: Box): boolean {
    if (box.name === 'hr') return true
    if (box.name === 'figcaption') return true
    const passages = this.#passages.slice(box.from, box.to)
    const isBetween = box.from > this.#first && box.from <= this.#last
    const isAbove = box.to <= this.#first && box.to >= this.#first - 3 && box.pictures === 1
    if (!isBetween && !isAbove && !isWithin(box, this.#core)) return false
    // An empty cell keeps the others in their columns.
    const shown = box.pictures + box.embeds
    if (passages.length === 0) return shown > 0 || PART.has(box.name)
    if (shown === 0 || shown > 3 || box.units > MOST_CAPTION || box.linkUnits > box.units / 2) return false
    if (passages.length > 4 || box.headings > 0 || !passages.every(isUnderPicture)) return false
    this.#makeFigure(box, passages)
    return true
  }

  /** Whether a box holds several pictures of the article, each with words of its own: then they are looked at one by one. */
  #isGallery(box: Box): boolean {
    const shown = box.pictures + box.embeds
    if (shown < 2 || box.headings > 0 || box.units > MOST_CAPTION * shown) return false
    if (box.from <= this.#first || box.from > this.#last) return false
    if (box.linkUnits > box.units / 2) return false
    let captions = 0
    for (const passage of this.#passages.slice(box.from, box.to)) {
      if (isUnderPicture(passage)) captions++
      // Buttons and counters of a slider.
      else if (passage.units > 30) return false
    }
    return captions > 1 || (captions > 0 && shown > 3)
  }

  /** A picture with its caption in whatever elements becomes a figure. */
  #makeFigure(box: Box, passages: Passage[]): void {
    const loose = passages.filter((passage) => (passage.box.around & AROUND.figcaption) === 0)
    if (!isTag(box.element)) return
    if (loose.length > 0) {
      const caption = new Element('figcaption', {})
      // Made by the parser, an element knows that it is HTML's.
      caption.namespace = box.element.namespace ?? HTML
      for (const { nodes } of loose)
        for (const node of nodes) {
          if (holdsPicture(node)) continue
          this.#drop(node)
          append(caption, node)
        }
      append(box.element, caption)
    }
    const isFigure = passages.some((passage) => (passage.box.around & AROUND.figure) !== 0)
    if (!isFigure && !PART.has(box.name)) rename(box.element, 'figure')
  }

  #drop(node: ChildNode): void {
    if (node.parent === null) return
    const others = this.#gone.get(node.parent)
    if (others === undefined) this.#gone.set(node.parent, new Set([node]))
    else others.add(node)
  }

  /** Takes out what goes, once for each parent: one by one it would take quadratic time. */
  sweep(): void {
    for (const [parent, gone] of this.#gone) {
      parent.children = parent.children.filter((child) => !gone.has(child))
      for (const [index, child] of parent.children.entries()) {
        child.prev = parent.children[index - 1] ?? null
        child.next = parent.children[index + 1] ?? null
      }
    }
  }
}

const HTML = 'http://www.w3.org/1999/xhtml'
const MOST_CAPTION = 600
const PART = new Set(['li', 'td', 'th', 'tr', 'tbody', 'thead', 'tfoot', 'dd', 'dt', 'caption'])
const BLOCK_LIKE = /^(?:div|section|article|main|body|td|form|center|header|footer|aside|nav|$)/
const CALLED_CAPTION = NAME_KINDS.indexOf('caption')

function isUnderPicture(passage: Passage): boolean {
  const { box } = passage
  return isCaption(passage) || (box.around & AROUND.figure) !== 0 || (calledOf(box)[CALLED_CAPTION] ?? 9) <= 2
}

/** Shows what its page shows only later, and what stands in a form without being one. */
function show({ element, name }: Box): void {
  if (!isTag(element)) return
  delete element.attribs['hidden']
  if (/display\s*:\s*none/i.test(element.attribs['style'] ?? '')) delete element.attribs['style']
  if (CONTROLS.has(name)) rename(element, 'div')
}

const CONTROLS = new Set(['form', 'button', 'dialog', 'label', 'fieldset', 'legend', 'output', 'search', 'nav'])

function rename(element: Element, name: string): void {
  element.name = name
}

function isWithin(box: Box, other: Box | undefined): boolean {
  return other !== undefined && box.from >= other.from && box.to <= other.to && box.depth >= other.depth
}

const PICTURES = new Set(['img', 'picture', 'amp-img', 'video', 'iframe', 'audio'])

function holdsPicture(node: ChildNode): boolean {
  if (!isTag(node)) return false
  return PICTURES.has(node.name) || node.children.some(holdsPicture)
}

function append(parent: Element, node: ChildNode): void {
  // The last may be one that was moved elsewhere and is swept out later.
  const last = parent.children.findLast((child) => child.parent === parent)
  node.parent = parent
  node.prev = last ?? null
  node.next = null
  if (last) last.next = node
  parent.children.push(node)
}
