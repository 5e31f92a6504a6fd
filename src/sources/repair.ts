/** A list whose selectors no longer fit its page: found again by the articles that are known, or told apart from an empty one. */
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import type { FindContext } from './index.ts'

/** Of what is detected anew at least this share has to be known already. */
export const FAMILIAR = 0.6

/** How many of the items were met before, and whether that is enough to call their list the same. */
export async function familiarity(items: readonly Item[], { areKnown }: FindContext) {
  const known = ((await areKnown?.(items)) ?? []).filter(Boolean).length
  return { known: `${known} of ${items.length}`, isSame: items.length > 0 && known >= items.length * FAMILIAR }
}

const memoryShape = z.object({ version: z.literal(1), container: z.string(), count: z.number() })

interface ReadPage {
  html: string
  /** Where it was read. */
  url: string
  /** The selector of the config. */
  selector: string
  /** What its selectors find there. Throws Failure `source.empty`. */
  read: () => Promise<Item[]>
}

/**
 * What the selectors find, or, where that is nothing or nothing known, what detection finds instead of it: then the
 * operator is told of both selectors.
 * @throws Failure `source.empty` while what the articles stood in is still there, `source.changed` when it is gone.
 */
export async function readOrRepair({ html, url, selector, read }: ReadPage, context: FindContext): Promise<Item[]> {
  const memory = readMemory(context.memory?.last)
  try {
    const items = await read()
    if (memory !== undefined && items.length > 2 && (await context.areKnown?.(items))?.includes(true) === false)
      return (await detect({ html, url, selector }, memory, context)).items ?? items
    const container = memory?.container ?? (await context.parse('container', html, selector))
    context.memory?.keep(JSON.stringify({ version: 1, container, count: items.length }))
    return items
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'source.empty' || memory === undefined) throw thrown
    const { items, stands } = await detect({ html, url, selector }, memory, context)
    if (items !== undefined) return items
    throw stands ? thrown : new Failure('source.changed', { url, was: selector, container: memory.container }, thrown)
  }
}

async function detect(
  { html, url, selector }: Omit<ReadPage, 'read'>,
  { container, count }: z.output<typeof memoryShape>,
  context: FindContext,
): Promise<{ items?: Item[]; stands: boolean }> {
  const lists = [{ item: selector, container, count }]
  const answer = await context.parse('list', html, url, { version: 1, lists, doubts: [], keys: [], channels: [] })
  const { known, isSame } = await familiarity(answer.items, context)
  const stands = answer.stands
  if (!isSame) return { stands }
  context.notice?.(new Failure('source.repaired', { url, was: selector, now: answer.lists[0]?.item, known }))
  return { items: answer.items, stands }
}

function readMemory(last: string | undefined): z.output<typeof memoryShape> | undefined {
  try {
    return last === undefined ? undefined : memoryShape.parse(JSON.parse(last))
  } catch {
    return undefined
  }
}
