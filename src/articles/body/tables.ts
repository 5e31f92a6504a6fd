/** Tables that hold figures, and tables that hold the page: old pages are laid out by them. */
import { type Box } from './passages.ts'

/** What stands in no table of figures. */
const LAID_OUT = new Set(['table', 'h1', 'h2', 'h3', 'figure', 'form', 'nav', 'article', 'section', 'blockquote'])

/** The tables among these boxes that are there for the looks of the page. */
export function layoutTables(boxes: readonly Box[]): ReadonlySet<Box> {
  const found = new Set<Box>()
  for (const { name, parent } of boxes) {
    if (!LAID_OUT.has(name)) continue
    for (let around = parent; around; around = around.parent) {
      if (around.name !== 'table') continue
      // Where it was found before, so were those around it.
      if (found.has(around)) break
      found.add(around)
    }
  }
  return found
}
