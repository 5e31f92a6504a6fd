/** Tables that hold figures, and tables that hold the page: old pages are laid out by them. */
import { type Box } from './boxes.ts'

/** What stands in no table of figures. */
const LAID_OUT = new Set(['table', 'h1', 'form', 'nav', 'article'])
/** What stands in few of them: where the table has heads of its own, it is one all the same. */
const SELDOM = new Set(['h2', 'h3', 'figure', 'section', 'blockquote'])
const HEADS = new Set(['th', 'thead', 'caption'])

/** The tables among these boxes that are there for the looks of the page. */
export function layoutTables(boxes: readonly Box[]): ReadonlySet<Box> {
  const found = new Set<Box>()
  let headed: Set<Box> | undefined
  for (const { name, parent } of boxes) {
    const isSeldom = SELDOM.has(name)
    if (!isSeldom && !LAID_OUT.has(name)) continue
    for (let around = parent; around; around = around.parent) {
      if (around.name !== 'table') continue
      // Where it was found before, so were those around it.
      if (found.has(around)) break
      headed ??= headedTables(boxes)
      if (isSeldom && headed.has(around)) break
      found.add(around)
    }
  }
  return found
}

function headedTables(boxes: readonly Box[]): Set<Box> {
  const headed = new Set<Box>()
  for (const { name, parent } of boxes) {
    if (!HEADS.has(name)) continue
    let around = parent
    while (around !== undefined && around.name !== 'table') around = around.parent
    if (around !== undefined) headed.add(around)
  }
  return headed
}
