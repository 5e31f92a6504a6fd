/** Reports that grow entry by entry: each entry keeps the time at which it was written, as its heading. */
import { type ChildNode, Element, isTag, Text } from 'domhandler'
import { listOf } from '../metadata/data.ts'
import { type Page } from '../metadata/page.ts'
import { type Box } from './boxes.ts'
import { textOf } from './element-text.ts'
import { type Passage, type Passages } from './passages.ts'

const CLOCK = /^\D{0,12}(?:[01]?\d|2[0-4])\s?[:.h時点點시]\s?[0-5]\d(?!\d|\.\d)/u
/** In units: a line with a time and more than a date and a name beside it is text. */
const LONGEST = 60
const HEADING = /^h[2-6]$/
/** So many entries of one kind with times are no accident. */
const FEWEST = 3

interface Entry {
  index: number
  box: Box
  clock: string
  datetime: string | undefined
}

/** Makes the times of entries headings; gives the chosen passages and these. */
export function withTimes({ passages }: Passages, chosen: Set<number>, page: Page): Set<number> {
  const entries = findEntries(passages, chosen)
  const kinds = new Map<string, Entry[]>()
  for (const entry of entries) {
    const kind = entry.box.signature
    kinds.set(kind, [...(kinds.get(kind)?.slice(-2000) ?? []), entry])
  }
  const fewest = isLive(page) ? 2 : FEWEST
  const kept = new Set(chosen)
  for (const { index, box, clock, datetime } of [...kinds.values()].filter((found) => found.length >= fewest).flat()) {
    const passage = passages[index]
    if (passage === undefined) continue
    // Headings of entries are as short as what points elsewhere, and may not have been chosen.
    const below = passages
      .slice(index + 1, box.to)
      .find((one, at) => HEADING.test(one.box.name) || chosen.has(index + 1 + at))
    if (below !== undefined) kept.add(passages.indexOf(below, index))
    putTime(passage, below?.box, clock, datetime)
    kept.add(index)
  }
  return kept
}

function isLive({ data }: Page): boolean {
  return data.some((node) => listOf(node['@type']).includes('LiveBlogPosting'))
}

/** Boxes with text of the article that a time stands above, each with no other such time in it. */
function findEntries(passages: Passage[], chosen: Set<number>): Entry[] {
  const times = passages.flatMap((passage, index) => {
    const found = passage.units > LONGEST ? undefined : timeIn(passage)
    return found === undefined ? [] : [{ index, ...found }]
  })
  if (times.length < 2) return []
  const counts = new Map<Box, number>()
  for (const { index } of times)
    for (let box = passages[index]?.box; box !== undefined; box = box.parent)
      counts.set(box, (counts.get(box) ?? 0) + 1)
  return times.flatMap(({ index, ...time }) => {
    let box = passages[index]?.box
    while (box?.parent !== undefined && counts.get(box.parent) === 1) box = box.parent
    if (box === undefined || firstOf(chosen, index + 1, box.to) === undefined) return []
    // Text of the entry above its time: the time is no heading of it.
    return firstOf(chosen, box.from, index) === undefined ? [{ index, box, ...time }] : []
  })
}

function firstOf(chosen: Set<number>, from: number, to: number): number | undefined {
  for (let index = from; index < to; index++) if (chosen.has(index)) return index
  return undefined
}

function timeIn({ nodes, text, box }: Passage): { clock: string; datetime: string | undefined } | undefined {
  const element = isTag(box.element) && box.element.name === 'time' ? box.element : firstTime(nodes)
  const datetime = element?.attribs['datetime']
  if (CLOCK.test(text)) return { clock: element === undefined ? text : textOf(element) || text, datetime }
  // "Five minutes ago" is another text an hour later.
  const stated = /T(\d\d:\d\d)/.exec(datetime ?? '')?.[1]
  return stated === undefined ? undefined : { clock: stated, datetime }
}

function firstTime(nodes: ChildNode[]): Element | undefined {
  for (const node of nodes) {
    if (!isTag(node)) continue
    if (node.name === 'time') return node
    const inner = firstTime(node.children.slice(0, 20))
    if (inner !== undefined) return inner
  }
  return undefined
}

/** Writes the time before the entry's own heading, or as one. */
function putTime({ nodes }: Passage, below: Box | undefined, clock: string, datetime: string | undefined): void {
  const [node] = nodes
  const { parent } = node ?? {}
  if (node === undefined || !parent) return
  const time = make('time', datetime === undefined ? {} : { datetime }, [new Text(clock)])
  const gone = new Set<ChildNode>(nodes)
  if (below !== undefined && HEADING.test(below.name) && isTag(below.element)) {
    adopt(below.element, [time, new Text(' '), ...below.element.children])
    adopt(
      parent,
      parent.children.filter((child) => !gone.has(child)),
    )
    return
  }
  const heading = make('h3', {}, [time])
  adopt(
    parent,
    parent.children.flatMap((child) => (child === node ? [heading] : gone.has(child) ? [] : [child])),
  )
}

function make(name: string, attribs: Record<string, string>, children: ChildNode[]): Element {
  const element = new Element(name, attribs)
  // Made by the parser, an element knows that it is HTML's.
  element.namespace = 'http://www.w3.org/1999/xhtml'
  adopt(element, children)
  return element
}

function adopt(parent: Element | NonNullable<ChildNode['parent']>, children: ChildNode[]): void {
  parent.children = children
  for (const [index, child] of children.entries()) {
    child.parent = parent
    child.prev = children[index - 1] ?? null
    child.next = children[index + 1] ?? null
  }
}
