/** Bylines: the lines of a page that say who wrote its article. */
import { type Element, isTag } from 'domhandler'
import { type Claim } from './claim.ts'
import { afterBy, isByOnly, isPersonal, namesInLine } from './names.ts'
import { type Line, type Page } from './page.ts'
import { headlineOf } from './title.ts'

const LONGEST = 220
/** How many lines below and above the headline a byline stands. */
const BELOW = 14
const ABOVE = 6

const COMMENT =
  /(?:^|[\s_-])(?:comments?(?:-?(?:list|body|item|author|content))?|respond|repl(?:y|ies)|testimonials?|related)(?:$|[\s_-])/

/** What else is written by someone: comments, other articles. */
const ELSEWHERE =
  /(?:^|[\s_-])(?:comments?\S*|respond|reply|replies|related\S*|recirc\S*|recommend\S*|sidebar|teaser|promo|cards?|popular|trending|most-read|latest|similar|more-?(?:posts|stories|articles)|testimonials?|reviews?-list|site-footer|page-footer|pagefooter|nav\S*|menu\S*|breadcrumbs?|caption|credit|carousel|slider|upnext|next|prev\S*)(?:$|[\s_-])/
const AUTHOR =
  /(?:^|[\s_-])(?:(?:post|entry|article|blog|story|single|page)?_*-?(?:authors?|by-?_?lines?|writers?|contributors?|autor(?:in|en|es)?|auteurs?|autore|verfasser|redakteur|reporter|journalist|author-?_?name|by-?_?author))(?:$|[\s_-]|\d)/
const AUTHORISH = /author|byline|by-line|writer|contributor|autor|auteur|verfasser/
const NOT_AUTHOR =
  /authori[sz]|authorit|author(?:s?)[_-]?(?:bio|desc|about|role|title|job|position|social|links?|image|img|avatar|pic|photo|meta-date|date)/

const NEARBY_DATE =
  /\d{4}|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\bmin(?:ute)?s?\.?(?: read)?\b|\bago\b|\d{1,2}:\d\d|\b(?:published|updated|posted)\b/i

/** Claims of lines near the headline, and of what stands at the end. */
export function claimBylines(page: Page): Claim<string[]>[] {
  const { lines } = page
  const headline = headlineOf(page)
  const top = headline === undefined ? -1 : lines.findIndex(({ at }) => at >= headline.at)
  const claims: Claim<string[]>[] = []
  for (const [index, line] of lines.entries()) {
    const distance = index - top
    const isHead = top >= 0 && distance >= -ABOVE && distance <= BELOW
    if (line.length > (isHead ? LONGEST : LONGEST / 2)) continue
    const claim = judgeLine(lines, index, isHead)
    if (claim === undefined || claim.value.length === 0) continue
    const surroundings = namesAround(line.element, 8)
    let { weight } = claim
    if (ELSEWHERE.test(surroundings)) weight *= isHead && !COMMENT.test(surroundings) ? 0.7 : 0.25
    // The nearer to the headline, the surer; above it stand menus.
    if (isHead) weight *= distance < 0 ? 0.85 : 1 - 0.01 * distance
    claims.push({ ...claim, weight })
    if (claims.length > 200) break
  }
  // Many at the end are those of comments, or of other articles.
  const late = claims.filter(({ place }) => place === AT_END || place === IN_BOX)
  const isCrowd = new Set(late.map(({ value }) => value.join())).size > 4
  return isCrowd
    ? claims.map((claim) => (late.includes(claim) ? { ...claim, weight: claim.weight * 0.4 } : claim))
    : claims
}

const AT_END = 'byline at the end'
const IN_BOX = 'author box'
/** Who looked it over is not who wrote it. */
const CHECKED =
  /^(?:(?:fact[ -]?|medically )?(?:checked|reviewed|verified|edited|translated|approved|illustrated)(?: and \w+)? by|(?:medical )?(?:reviewer|editor|translator)s?:?|editor verified:?|photo(?:graph)?s? by)/i

function judgeLine(lines: Line[], index: number, isHead: boolean): Claim<string[]> | undefined {
  const line = lines[index]
  if (line === undefined) return undefined
  const { text, element } = line
  const before = lines[index - 1]?.text ?? ''
  if (CHECKED.test(before) && before.length < 40) return undefined
  const rest = afterBy(text.replace(/^Reviewed by/, 'By'))
  if (rest !== undefined && rest.trim() !== '') {
    const value = namesInLine(rest)
    const isSure = value.length > 0 && value.every(isPersonal)
    const isLoose = !/^(?:by|written by|posted by|words by|authors?:)\b/i.test(text)
    if (!isSure && (isLoose || text.length > 80)) return undefined
    return {
      value,
      place: isHead ? 'byline' : AT_END,
      weight: (isHead ? 0.85 : 0.5) * (isSure ? 1 : 0.65) * (CHECKED.test(text) ? 0.45 : 1),
    }
  }
  if (isByOnly(before) && !isByOnly(text)) {
    const value = namesInLine(text)
    const isSure = value.length > 0 && value.every(isPersonal)
    if (!isSure && text.length > 60) return undefined
    return { value, place: isHead ? 'byline' : AT_END, weight: (isHead ? 0.82 : 0.5) * (isSure ? 1 : 0.7) }
  }
  if (text.length > 120) return undefined
  const called = isMarked(element) ? namesAround(element, 3) : ''
  if (called !== '' && AUTHORISH.test(called) && !NOT_AUTHOR.test(called)) {
    const value = namesInLine(text)
    const isSure = value.length > 0 && value.every(isPersonal)
    const isCalled = AUTHOR.test(called)
    if (value.length > 0 && (isSure || text.length < 40))
      return { value, place: isHead ? 'element called author' : IN_BOX, weight: (isHead ? 0.72 : 0.42) * (isSure ? 1 : 0.5) * (isCalled ? 1 : 0.8) } // prettier-ignore
  }
  if (!isHead) return undefined
  // A name by itself, beside a date.
  if (/^(?:h\d|li|a|button|nav|label|th)$/.test(element.name) && !NEARBY_DATE.test(text)) return undefined
  const near = [text, lines[index + 1]?.text ?? '', before]
  if (!near.some((part) => part.length < 60 && NEARBY_DATE.test(part))) return undefined
  const parts = text.split(/\s*[|·•⋅]\s*|\s[-–—]\s/u).map((part) => namesInLine(part)).filter((names) => names.length > 0 && names.every(isPersonal)) // prettier-ignore
  const [value] = parts
  return value === undefined || parts.length > 1 ? undefined : { value, place: 'name beside the date', weight: 0.42 }
}

/** Whether the element, or one of the two around it, may be called after an author. */
function isMarked(element: Element): boolean {
  let node: Element['parent'] = element
  for (let level = 0; node && isTag(node) && level < 3; node = node.parent, level++) {
    const { class: classes, id } = node.attribs
    if ((classes !== undefined && MARK.test(classes)) || (id !== undefined && MARK.test(id))) return true
  }
  return false
}

const MARK = /aut[hoe]|by-?line|writer|contrib|verfasser/i

function namesAround(element: Element, depth: number): string {
  let names = ''
  let node: Element['parent'] = element
  for (let level = 0; node && isTag(node) && level < depth; node = node.parent, level++)
    names += ` ${(node.attribs['class'] ?? '').slice(0, 200)} ${(node.attribs['id'] ?? '').slice(0, 80)} ${node.name === 'nav' || (node.name === 'footer' && node.parent && isTag(node.parent) && node.parent.name === 'body') ? 'site-footer' : ''}`
  return names.toLowerCase()
} // prettier-ignore
