/** Pagers, as lists and long articles have them: which of their links leads on, by number, by word or by arrow. */
import { isTag, isText, type AnyNode, type Element } from 'domhandler'

/**
 * In a pager of numbers, the link to the one after the page that is shown: the one marked, or bare of a link, or else
 * `shown`, as the address says it.
 */
export function nextNumbered(elements: Element[], links: Element[], shown?: number): Element | undefined {
  const numberOf = (element: Element) => {
    const text = shortText(element)
    return /^\d{1,4}$/.test(text) ? Number(text) : undefined
  }
  const numbers = new Map<AnyNode | null, { link: Element; number: number }[]>()
  for (const link of links) {
    const number = numberOf(link)
    if (number === undefined || number === 0) continue
    // Links stand side by side, or each in an item of a list.
    const row = rowOf(link)
    const list = numbers.get(row) ?? []
    list.push({ link, number })
    numbers.set(row, list)
  }
  const marked = new Set(
    elements.filter(({ attribs, name }) => {
      if (attribs['aria-current'] === 'page' || attribs['aria-current'] === 'true') return true
      return name !== 'body' && /(?:^|[\s_-])(?:current|active|selected)(?:[\s_-]|$)/i.test(attribs['class'] ?? '')
    }),
  )
  const markedIn = new Map<AnyNode | null, number>()
  for (const element of marked) {
    const number = numberOf(element)
    if (number !== undefined)
      for (const row of [rowOf(element), element.parent]) if (!markedIn.has(row)) markedIn.set(row, number)
  }
  for (const [row, list] of numbers) {
    const own = markedIn.get(row) ?? bareNumbers(row, list)[0] ?? shown
    const next = list.find(({ number, link }) => number === (own ?? 1) + 1 && !marked.has(link))
    // One number alone is a count or a year.
    if (next !== undefined && (list.length > 1 || own !== undefined)) return next.link
  }
  return undefined
}

/** What the number of the page stands in beside its link: itself, or the item of a list that it is alone in. */
function rowOf(element: Element): AnyNode | null {
  const { parent } = element
  return parent !== null && isTag(parent) && ['li', 'span', 'td'].includes(parent.name) ? parent.parent : parent
}

/** The number that is no link is the page that is shown. */
function bareNumbers(row: AnyNode | null, links: { number: number }[]): number[] {
  if (row === null || !isTag(row)) return []
  const linked = new Set(links.map(({ number }) => number))
  return row.children.slice(0, 50).flatMap((child) => {
    const text = isText(child) ? child.data.trim() : isTag(child) ? shortText(child) : ''
    return /^\d{1,4}$/.test(text) && !linked.has(Number(text)) ? [Number(text)] : []
  })
}

const NEXT = /^(?:(?:next|older)(?: (?:page|posts|articles|entries|stories))?|nächste(?: seite)?|weiter|ältere (?:beiträge|artikel)|(?:page )?suivante?|articles plus anciens|(?:página )?siguiente|entradas (?:más )?antiguas|próxima(?: página)?|seguinte|(?:pagina )?successiva|avanti|volgende(?: pagina)?|oudere berichten|nästa(?: sida)?|næste(?: side)?|neste(?: side)?|seuraava|następna(?: strona)?|další(?: stránka)?|következő|următoarea|sonraki(?: sayfa)?|далее|следующая(?: страница)?|вперёд|наступна|επόμενη|التالي|الصفحة التالية|הבא|הבאה|بعدی|अगला|ถัดไป|berikutnya|tiếp theo|trang sau|次へ|次のページ|下一页|下一頁|다음(?: 페이지)?)$/iu // prettier-ignore
const ARROW = /^[\s›»→❯>]{1,3}$/u
const PAGER = /pag(?:er|inat|ing|enav)|(?:^|[\s_-])nav[_-]?(?:links|previous|next)|wp-block-query-pagination/i

/** Whether a link says `next` in one of many languages, or points on from within a pager. */
export function saysNext(link: Element): boolean {
  const text = shortText(link).replace(/^[‹«←❮<\s]+|[\s›»→❯>]+$/gu, '')
  const label = (link.attribs['aria-label'] ?? link.attribs['title'] ?? '').trim()
  if (NEXT.test(text) || NEXT.test(label)) return true
  const isNamed = /(?:^|[\s_-])next(?:[\s_-]|$)/i.test(link.attribs['class'] ?? '')
  return (isNamed || ARROW.test(shortText(link))) && isInPager(link)
}

/** Whether what is around it calls itself a pager. */
export function isInPager(link: Element): boolean {
  let node: AnyNode | null = link
  for (let up = 0; up < 5 && node !== null; up++, node = node.parent)
    if (
      isTag(node) &&
      PAGER.test(`${node.attribs['class'] ?? ''} ${node.attribs['id'] ?? ''} ${node.attribs['aria-label'] ?? ''}`)
    )
      return true
  return false
}

const LONGEST_LABEL = 60

/** The text of something small; of anything larger, only its beginning. */
export function shortText(element: Element): string {
  let text = ''
  const open: AnyNode[] = [element]
  for (let steps = 0; steps < 50 && text.length < LONGEST_LABEL; steps++) {
    const node = open.pop()
    if (node === undefined) break
    if (isText(node)) text += node.data.slice(0, LONGEST_LABEL)
    else if (isTag(node)) open.push(...node.children.slice(0, 20).toReversed())
  }
  return text.replace(/\s+/g, ' ').trim()
}
