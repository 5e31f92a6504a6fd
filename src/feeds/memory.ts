/** What was rendered and checked once, by the hash of what it shows: an item that did not change costs neither again. */
import { createHash } from 'node:crypto'
import type { Look } from './document.ts'
import type { Entry } from './entry.ts'
import { FEED_FILES, renderPieces, type Pieces } from './render.ts'
import { verifyItems, type ItemFault } from './verify.ts'

export interface Item {
  pieces: Pieces
  /** Of the largest of its pieces, in UTF-8. */
  bytes: number
  /** Why it may not be shown. */
  fault?: ItemFault
}

export interface Memory {
  /** One for each entry, in their order; those that are not remembered are rendered and checked now. */
  items(entries: readonly Entry[], look: Look): Item[]
}

/** Two bytes a character at most; a server of many feeds shows the same articles in several of them. */
const MOST_CHARACTERS = 24_000_000

/** Forgets what was asked for longest ago when it would hold more characters than `most`. */
export function openMemory(most = MOST_CHARACTERS): Memory {
  const known = new Map<string, Item>()
  let characters = 0

  const keep = (key: string, item: Item): void => {
    characters += sizeOf(item)
    known.set(key, item)
    for (const [oldest, forgotten] of known) {
      if (characters <= most) break
      known.delete(oldest)
      characters -= sizeOf(forgotten)
    }
  }
  return {
    items(entries, look) {
      const keys = entries.map((entry) => keyOf(entry, look))
      const fresh = new Map<string, Entry>()
      const found = new Map<string, Item>()
      for (const [index, entry] of entries.entries()) {
        const key = keys[index] ?? ''
        const item = known.get(key)
        if (item === undefined) {
          fresh.set(key, entry)
          continue
        }
        found.set(key, item)
        known.delete(key)
        known.set(key, item)
      }
      const made = [...fresh.values()].map((entry) => renderPieces(entry, look))
      const faults = verifyItems([...fresh.values()], made, look)
      for (const [index, key] of [...fresh.keys()].entries()) {
        const pieces = made[index]
        if (pieces === undefined) continue
        const fault = faults[index]
        const bytes = Math.max(...FEED_FILES.map((file) => Buffer.byteLength(pieces[file])))
        const item = { pieces, bytes, ...(fault && { fault }) }
        found.set(key, item)
        keep(key, item)
      }
      return keys.map((key) => found.get(key)).filter((item) => item !== undefined)
    },
  }
}

function sizeOf({ pieces }: Item): number {
  return FEED_FILES.reduce((sum, file) => sum + pieces[file].length, 0)
}

/** Of all that is shown; what else an article holds is not. */
function keyOf(entry: Entry, { content, language }: Look): string {
  const { html, ...shown } = { ...entry, article: undefined }
  return createHash('sha256')
    .update(JSON.stringify([content, language, shown]))
    .update('\n')
    .update(html)
    .digest('base64')
}
