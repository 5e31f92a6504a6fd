/** The authors on a card, by how their names are marked, linked or introduced. */
import { piecesOf } from './card-dates.ts'
import { type Found, type Leaf } from './leaves.ts'
import { dateKind, oneLine, widthOf } from './words.ts'

const AUTHOR_NAMES = /(?:^|[\s_-])(?:authors?|bylines?|by-line|byl|by|writers?|wr-name|autor|autora|autorzy|autorka|autores|autore|autori|auteurs?|verfasser|redakt[oö]r|forfatter|skribent|kirjoittaja|penulis|yazar|muharrir|tac-?gia|reporters?|contributors?|journalists?|kolumnist|posted-by|postedby|poster|nick-?name|user-?name|p-author|dc-creator|creator|vcard|fn)(?:$|[\s_-])/i // prettier-ignore
const NOT_AUTHOR = /(?:avatar|bio|count|author-?(?:image|img|photo|link-all))/i
export const BY =
  /^(?:(?:\p{L}{3,14}\s)?(?:by|von|par|por|door|przez|oleh)|(?:scritto\s|a cura\s)?(?:di|da)|(?:skre?ve[nt]\s|publicerad\s|postat\s)?a[vf]|od|autor(?:a|e|em)?|auteur|verfasser|napisał[ao]?|pisze|автор|текст|автори?|بقلم|كتب|كتبت|نویسنده|مأخذ|מאת|oleh|yazan|yazar|szerző|írta|de la|kirjoittaja|skrevet av|skriver|γράφει|του|โดย|bởi|द्वारा|लेखक|作者|文|撰文|记者|記者|執筆|取材|著者|글|기자|취재|texto|texte|testo|tekst|text|نوشته|گزارش|रिपोर्ट|اعداد|إعداد|كتبها|words by|story by|reported by)(?:[:：／/]\s*|\s+|(?<=[\p{Script=Han}])(?=\p{Script=Han}))/iu // prettier-ignore
const AFTER = /(?:\s*(?:기자|記者|记者|द्वारा))$/u

export function authorsOf(leaves: Leaf[], title: Found, date: Leaf | undefined): string[] {
  const names: string[] = []
  const add = (text: string) => {
    for (const name of splitNames(text)) if (!names.includes(name) && names.length < 8) names.push(name)
  }
  const marked = leaves.filter(
    (leaf) =>
      leaf.text !== title?.text &&
      AUTHOR_NAMES.test(leaf.names) &&
      !NOT_AUTHOR.test(leaf.names) &&
      !isDated(leaf, date),
  )
  // A byline with the section in it too says by a word which of them is the name.
  const said = marked.filter(({ text }) => marked.length > 1 && (BY.test(text) || AFTER.test(text)))
  for (const { text } of said) add(text)
  if (names.length > 0) return names
  const linked = marked.filter(({ inOtherLink }) => inOtherLink !== undefined)
  for (const { text } of linked.length > 0 ? linked : marked) add(text)
  if (names.length > 0) return names
  for (const leaf of marked) for (const part of piecesOf(leaf.text).slice(1)) add(part)
  if (names.length > 0) return names
  for (const [at, leaf] of leaves.entries()) {
    if (leaf.isHeading || leaf === title?.leaf || leaf.width > 120) continue
    const href = leaf.inOtherLink?.attribs['href'] ?? ''
    if (
      leaf.inOtherLink !== undefined &&
      /\/(?:@|(?:authors?|autor(?:es|as|en|zy)?|autori|auteurs?|by|people|persons?|profiles?|profil|writers?|contributors?|columnists?|kolumnist\w*|staff|redaktion|forfatter|skribent|penulis|yazar(?:lar)?|tac-gia|team|u|user|users)\/)[^/?]/i.test(
        href,
      )
    )
      add(leaf.text) // prettier-ignore
    else {
      for (const part of piecesOf(leaf.text)) {
        const by = BY.exec(part)
        if (by !== null || AFTER.test(part)) add(part)
        if (names.length > 0) break
      }
      // `by`, and then a link or a name in bold.
      const next = leaves[at + 1]
      if (names.length === 0 && next !== undefined && next.width < 60 && BY.test(`${leaf.text.split(/[|·•]/).at(-1)?.trim() ?? ''} `)) add(next.text) // prettier-ignore
    }
    if (names.length > 0) break
  }
  if (names.length > 0 || date === undefined) return names
  // Beside a date, what is written like a name is one: `Ana Prado · 3 March 2026`.
  for (const part of piecesOf(date.text)) if (names.length === 0 && isLikeName(part)) add(part)
  return names
}

const PARTICLE = /^(?:de|da|do|dos|di|del|della|van|von|der|den|la|le|du|al|el|bin|ibn|y|e)$/u

/** Two to four words that all begin with a capital letter. */
function isLikeName(text: string): boolean {
  const parts = text.trim().split(' ')
  return (
    parts.length >= 2 &&
    parts.length <= 4 &&
    parts.every((part) => /^\p{Lu}[\p{L}\p{M}.'’-]*$/u.test(part) || PARTICLE.test(part)) &&
    dateKind(text) === undefined &&
    widthOf(text) < 32
  )
}

function isDated(leaf: Leaf, date: Leaf | undefined): boolean {
  return leaf === date && dateKind(leaf.text) !== undefined
}

/** The names in a byline; none of what cannot be one. */
function splitNames(line: string): string[] {
  const [bare = ''] = line
    .replace(BY, '')
    .replace(AFTER, '')
    .split(/\s*[|·•]\s*|\s+[–—-]\s+|\s+on\s+(?=\p{L}+ \d)/u)
  return bare
    .split(/\s*(?:,|;|&|、|،|\s(?:and|und|et|y|e|i|og|och|en|и|та|و|ו|ve|dan|και|और|és|ja|și|a)\s)\s*/u)
    .map((name) => oneLine(name).replace(/^[:：]\s*/, ''))
    .filter((name) => name !== '' && widthOf(name) <= 40 && !/\p{Nd}|@|https?:|[?!。]/u.test(name) && /\p{L}/u.test(name) && name.split(' ').length <= 6 && dateKind(name) === undefined && !/^(?:by|author)$/i.test(name) && !ROLE.test(name) && (!/^\p{Ll}/u.test(name) || PARTICLE.test(name.split(' ')[0] ?? ''))) // prettier-ignore
}

const ROLE =
  /(?:^|\s)(?:editors?|reporters?|correspond\w+|korrespondent\w*|redakt\w+|redac\w+|redazione|rédact\w+|columnist|kolumnist\w*|newsroom|corresponsal|enviad[oa])$/iu
