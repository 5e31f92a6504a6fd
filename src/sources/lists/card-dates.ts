/** The date on a card, as it is written there. */
import { type Leaf } from './leaves.ts'
import { dateKind, plainDigits } from './words.ts'

export interface FoundDate {
  value: string
  isWhole: boolean
  leaf?: Leaf
}

export function dateOf(leaves: Leaf[], stamps: { value: string; rank: number }[]): FoundDate | undefined {
  const [stamp] = stamps.toSorted((a, b) => a.rank - b.rank)
  const dated = leaves.find(({ text, isHeading }) => !isHeading && dateKind(text) !== undefined)
  if (stamp !== undefined && dateKind(stamp.value.slice(0, 10)) === 'whole')
    return { value: stamp.value, isWhole: true, ...(dated && { leaf: dated }) }
  let part: FoundDate | undefined
  for (const leaf of leaves) {
    if (leaf.isHeading || leaf.width > 160) continue
    const pieces = piecesOf(leaf.text)
    // The shortest of them is the date without the words around it.
    const [whole] = pieces.filter((text) => dateKind(text) === 'whole').toSorted((a, b) => a.length - b.length)
    if (whole !== undefined) return { value: bareDate(whole), isWhole: true, leaf }
    const some = pieces.find((text) => dateKind(text) === 'part')
    if (some !== undefined) part ??= { value: some, isWhole: false, leaf }
  }
  return stamp === undefined ? part : { value: stamp.value, isWhole: false }
}

const SEPARATORS = /\s*[|·•∙⋅‧・／–—»›]\s*|\s+[-/]\s+|[()（）[\]【】]|\s{2,}/u

/** A line such as `By Ana Prado | 3 March 2026 | Sport`, in its parts, the whole one first. */
export function piecesOf(line: string): string[] {
  const parts = line.split(SEPARATORS).filter((part) => part !== '')
  const commas = parts.flatMap((part) =>
    part.includes(',') ? [part.slice(part.indexOf(',') + 1).trim(), part.slice(0, part.indexOf(','))] : [],
  )
  // `Posted on 3 March 2026 by Ana Prado`: the date within a line of words.
  const plain = plainDigits(line)
  const found = INNER.exec(plain)
  const inner = found?.[0]
  // What stands before and after it may be a name.
  const around = found === null ? [] : [plain.slice(0, found.index), plain.slice(found.index + found[0].length)].map((part) => part.replace(/^[\s,;:–-]+|[\s,;:–-]+$/gu, '')) // prettier-ignore
  return [
    ...new Set([
      line,
      ...parts,
      ...commas,
      ...(inner === undefined ? [] : [inner]),
      ...around.filter((part) => part.length > 2),
    ]),
  ]
}

const INNER =
  /(?:(?:\d{4}[-./年년]\s?\d{1,2}[-./月월]\s?\d{1,2}[日일]?)|(?:\d{1,2}\.?\s(?:de\s)?[\p{L}\p{M}]{3,12}\.?,?\s(?:de\s)?\d{4})|(?:[\p{L}\p{M}]{3,12}\.?\s\d{1,2},?\s\d{4})|(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}))(?:,?\s\d{1,2}:\d\d)?/u

/** Without a word such as `Published:` before it. */
function bareDate(text: string): string {
  const [, , rest = ''] = /^([\p{L}\p{M}\s]{2,30}[:：])\s*(.*)$/u.exec(text) ?? []
  return dateKind(rest) === 'whole' ? rest : text
}
