/** What is read whole or not at all: a quote with its source, a table, a listing, a post of a network. */
import { AROUND, type Box } from './boxes.ts'
import { isPost } from './embeds.ts'
import { type Passages } from './passages.ts'
import { layoutTables } from './tables.ts'

const WHOLE = new Set(['blockquote', 'table', 'pre'])
/** In units: what is larger holds a page and is no part of one. */
const LARGEST = 20_000
const ASIDE = AROUND.aside | AROUND.nav | AROUND.footer | AROUND.form | AROUND.hidden | AROUND.unseen

/** The chosen passages, and those without which something of it would be half of what it is. */
export function withWhole({ passages, boxes }: Passages, chosen: Set<number>): Set<number> {
  const all = [...chosen].toSorted((one, other) => one - other)
  const [first = 0, last = -1] = [all[0], all.at(-1)]
  const kept = new Set(chosen)
  const layout = layoutTables(boxes)
  for (const box of boxes) {
    if (!WHOLE.has(box.name) || layout.has(box) || box.units > LARGEST || box.to <= first || box.from > last) continue
    const isBetween = box.from > first && box.to <= last
    // A listing in the midst of a text is part of it, though it reads like nothing that a person wrote.
    const isPart = isBetween && (isPost(box) || (box.name === 'pre' && (box.around & ASIDE) === 0))
    if (!isPart && unitsOf(box, chosen, passages) * 2 <= box.units) continue
    for (let index = box.from; index < box.to; index++) kept.add(index)
  }
  return kept
}

function unitsOf({ from, to }: Box, chosen: Set<number>, passages: Passages['passages']): number {
  let units = 0
  for (let index = from; index < to; index++) if (chosen.has(index)) units += passages[index]?.units ?? 0
  return units
}
