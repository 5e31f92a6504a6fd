/** Addresses that moved or ended for good, as their servers said: they are not asked again. */
import { z } from 'zod'
import { type FetchMemory } from '../contracts.ts'

/** What is known of an address. */
export interface Fate {
  /** It is gone (410). */
  isGone: boolean
  /** It has moved (301, 308), said so often enough to be believed. */
  movedTo?: string
}

export interface Fates {
  read(url: URL): Promise<Fate>
  /** The server said that the address is gone. */
  gone(url: URL): Promise<void>
  /** The server said that it moved there for good. */
  moved(url: URL, to: URL): Promise<void>
  /** It is there after all, or what it moved to is not. */
  forget(url: URL): Promise<void>
}

/** Said once, a lasting move may be a mistake of an afternoon. */
const TIMES = 3

/** After so long, the address itself is asked once more: what was meant for ever seldom is. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000

const kept = z.object({ gone: z.literal(true).optional(), to: z.string().optional(), times: z.number().default(0) })

export function openFates(memory: FetchMemory, now: () => Date): Fates {
  const read = async (url: URL) => {
    const row = await memory.read(keyOf(url))
    if (row?.body === undefined || (row.freshUntil?.getTime() ?? 0) <= now().getTime()) return undefined
    return kept.safeParse(JSON.parse(row.body)).data
  }
  const write = (url: URL, fate: z.input<typeof kept>) =>
    memory.write(keyOf(url), {
      body: JSON.stringify(fate),
      fetchedAt: now(),
      freshUntil: new Date(now().getTime() + KEPT_MS),
    })
  return {
    async read(url) {
      const known = await read(url)
      const isMoved = known?.to !== undefined && known.times >= TIMES
      return { isGone: known?.gone === true, ...(isMoved && known.to !== undefined && { movedTo: known.to }) }
    },
    gone: (url) => write(url, { gone: true }),
    async moved(url, to) {
      const known = await read(url)
      await write(url, { to: to.href, times: known?.to === to.href ? known.times + 1 : 1 })
    },
    async forget(url) {
      if ((await memory.read(keyOf(url))) !== undefined) await memory.write(keyOf(url), undefined)
    },
  }
}

/** Beside the addresses in the same memory; no address looks like it. */
function keyOf(url: URL): string {
  return `fate:${url.href}`
}
