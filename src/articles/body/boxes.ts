/** The boxes of a page: its elements that hold passages, and what each is called and stands in. */
import { type Element, isTag, type ParentNode } from 'domhandler'
import { NAME_KINDS, namesOf } from './names.ts'

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

/** What a box may stand in. */
const PLACES = ['article', 'main', 'aside', 'header', 'footer', 'nav', 'form', 'figure', 'figcaption', 'table', 'ul', 'ol', 'dl', 'blockquote', 'section', 'pre', 'a', 'details', 'noscript', 'address', 'li', 'button', 'dialog'] as const // prettier-ignore
export const AROUND = Object.fromEntries([...PLACES, 'hidden', 'unseen'].map((name, index) => [name, 1 << index])) as Record<(typeof PLACES)[number] | 'hidden' | 'unseen', number> // prettier-ignore

const ROLES: Partial<Record<string, number>> = { navigation: AROUND.nav, search: AROUND.form, dialog: AROUND.dialog, alertdialog: AROUND.dialog, contentinfo: AROUND.footer, complementary: AROUND.aside, menu: AROUND.nav, menubar: AROUND.nav, toolbar: AROUND.nav, tablist: AROUND.nav, banner: AROUND.header, main: AROUND.main, article: AROUND.article } // prettier-ignore

/** Of a kind of names: none of the boxes around is called so. */
export const NOT_CALLED = 15
const HEADING = /^h[1-6]$/

/** A box as it is before anything in it is read. */
export function openBox(element: ParentNode, parent: Box | undefined, place: number): Box {
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

/** By classes, then by the element's name. */
const signatures = new Map<string, Map<string, string>>()
const MOST_SIGNATURES = 20_000
let known = 0

/** Its name and classes: the very same string for those that are alike, so that it is looked up at once. */
function ownSignature({ name, attribs }: Element): string {
  const called = attribs['class'] ?? ''
  const before = signatures.get(called)?.get(name)
  if (before !== undefined) return before
  const own = `${name}.${called.trim().slice(0, 40).replace(/\d+/g, '0')}`
  if (++known > MOST_SIGNATURES) {
    signatures.clear()
    known = 0
  }
  const named = signatures.get(called)
  if (named === undefined) signatures.set(called, new Map([[name, own]]))
  else named.set(name, own)
  return own
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
