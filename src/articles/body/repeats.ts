/** Pictures that a page shows twice: as copies for screens of several widths, in sliders, for readers without scripts. */
import { type ChildNode, type Element, isTag, isText, type ParentNode } from 'domhandler'
import { findPicture } from '../images.ts'

const PICTURES = new Set(['img', 'picture', 'amp-img'])
const CLONE = /(?:^|[\s_-])(?:cloned?|duplicated?)(?:[\s_-]|$)/i
/** In letters: what holds more beside a picture is no caption of it. */
const LONGEST_CAPTION = 600
const MOST_PICTURES = 500

interface Seen {
  element: Element
  /** The largest element around it that holds nothing but it and its caption. */
  holder: Element
  url: string
  caption: string
  isClone: boolean
}

/** Takes all but one of the same picture out, where it stands alone and is not shown with other words. */
export function dropRepeats(article: ParentNode, base: string): void {
  const shown: Seen[] = []
  for (const element of [...picturesIn(article)].slice(0, MOST_PICTURES)) {
    const url = findPicture(element, base)?.url
    const holder = url === undefined ? undefined : holderOf(element, article)
    if (url === undefined || holder === undefined) continue
    shown.push({ element, holder, url, caption: lettersIn(holder, LONGEST_CAPTION + 1), isClone: isClone(holder) })
  }
  const first = new Map<string, Seen>()
  // The copies that a slider made of its first and last picture stand before and behind them all.
  for (const picture of [...shown.filter((one) => !one.isClone), ...shown.filter((one) => one.isClone)]) {
    const other = first.get(picture.url)
    if (other === undefined) first.set(picture.url, picture)
    else if (picture.caption === '' || picture.caption === other.caption) remove(picture.holder)
    else if (other.caption === '') {
      remove(other.holder)
      first.set(picture.url, picture)
    }
  }
}

function* picturesIn(article: ParentNode): Generator<Element> {
  const waiting = article.children.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isTag(node)) continue
    if (PICTURES.has(node.name)) yield node
    else for (const child of node.children.toReversed()) waiting.push(child)
  }
}

/** Nothing where the picture stands in a line of text. */
function holderOf(picture: Element, article: ParentNode): Element | undefined {
  let holder: Element = picture
  for (let up = 0; up < 8; up++) {
    const { parent } = holder
    if (parent === null || parent === article || !isTag(parent)) break
    const others = parent.children.filter((child) => child !== holder && says(child))
    if (others.length > 3 || !others.every(isCaption)) {
      const isInLine = others.some((child) => isText(child)) || parent.name === 'p'
      return isInLine ? undefined : holder
    }
    holder = parent
  }
  return holder
}

/** Whether a reader would see anything of it. */
function says(node: ChildNode): boolean {
  if (isText(node)) return node.data.trim() !== ''
  return isTag(node) && node.name !== 'noscript' && (PICTURES.has(node.name) || node.name === 'iframe' || node.children.slice(0, 200).some(says)) // prettier-ignore
}

function isCaption(node: ChildNode): boolean {
  return isTag(node) && (node.name === 'figcaption' || /caption/i.test(node.attribs['class'] ?? ''))
}

function lettersIn(element: Element, most: number): string {
  let text = ''
  const waiting: ChildNode[] = [element]
  for (let node = waiting.pop(); node !== undefined && text.length < most; node = waiting.pop()) {
    if (isText(node)) text += node.data
    else if (isTag(node) && node.name !== 'noscript') waiting.push(...node.children.slice(0, 500).reverse())
  }
  return text.replace(/\s+/g, ' ').trim()
}

function isClone(holder: Element): boolean {
  let node: ParentNode | null = holder
  for (let up = 0; up < 3 && node !== null && isTag(node); up++, node = node.parent)
    if (CLONE.test(node.attribs['class'] ?? '')) return true
  return false
}

function remove(node: Element): void {
  const { parent } = node
  if (parent === null) return
  parent.children = parent.children.filter((child) => child !== node)
  if (node.prev) node.prev.next = node.next
  if (node.next) node.next.prev = node.prev
  node.parent = null
}
