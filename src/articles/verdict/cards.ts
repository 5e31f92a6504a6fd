/** Repeated units on a page, each of which leads elsewhere. */
import { type Element, isTag, isText } from 'domhandler'
import { type Page } from '../metadata/page.ts'
import { logOf, type Signs } from './signs.ts'

const MOST_CARDS_IN = 2000

/** Repeated units that each have a link and a picture or a heading. */
export function cardSigns({ tagged }: Page, least: number): Signs {
  const parents = new Set<Element>()
  for (const name of ['img', 'h2', 'h3', 'h4'])
    for (const { element } of tagged(name).slice(0, MOST_CARDS_IN)) {
      // The unit is some way up, at the first place with a neighbour of the same kind.
      let unit = element
      for (let up = 0; up < 6 && unit.parent !== null && isTag(unit.parent); up++) {
        const { parent } = unit
        if (parents.has(parent)) break
        if (isRepeated(unit)) {
          parents.add(parent)
          break
        }
        unit = parent
      }
    }
  let most = 0
  let all = 0
  for (const parent of parents) {
    const bySignature = new Map<string, number>()
    for (const child of parent.children.slice(0, 500)) {
      if (!isTag(child)) continue
      const { isLinked, letters } = contentOf(child)
      const signature = signatureOf(child)
      if (isLinked && letters > 3 && letters < least * 10)
        bySignature.set(signature, (bySignature.get(signature) ?? 0) + 1)
    }
    const count = Math.max(0, ...bySignature.values())
    most = Math.max(most, count)
    if (count >= 3) all += count
  }
  return { cards: logOf(most), allCards: logOf(all) }
}

function isRepeated(unit: Element): boolean {
  const next = nextElement(unit)
  const signature = signatureOf(unit)
  return next !== undefined && signatureOf(next) === signature && unit.name !== 'p' && !/^h\d$/.test(unit.name)
}

function nextElement({ next }: Element): Element | undefined {
  let node = next
  for (let step = 0; step < 5 && node !== null; step++) {
    if (isTag(node)) return node
    node = node.next
  }
  return undefined
}

function signatureOf({ name, attribs }: Element): string {
  return `${name} ${(attribs['class'] ?? '').replace(/[\d\s]+/g, ' ').slice(0, 60)}`
}

const MOST_NODES = 400

/** The letters in a unit and whether it has a link, as far as one looks. */
function contentOf(unit: Element): { letters: number; isLinked: boolean } {
  let letters = 0
  let isLinked = false
  const waiting = [...unit.children.slice(0, MOST_NODES)]
  if (unit.name === 'a') isLinked = true
  for (let at = 0; at < waiting.length && at < MOST_NODES; at++) {
    const node = waiting[at]
    if (node === undefined) break
    if (isText(node)) letters += node.data.trim().length
    if (!isTag(node)) continue
    if (node.name === 'a') isLinked = true
    waiting.push(...node.children.slice(0, MOST_NODES))
  }
  return { letters, isLinked }
}
