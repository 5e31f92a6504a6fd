/** A source beside its own history: what it gives today that it never gave before, or no longer gives. */
import { z } from 'zod'
import { type Item } from '../item.ts'

const share = z.number().min(0).max(1)

/** What one collection found that brought anything. */
export const sighting = z.object({
  at: z.string(),
  found: z.number(),
  fresh: z.number(),
  fill: z.object({ title: share, published: share, authors: share, image: share }),
})

export type Sighting = z.output<typeof sighting>

/** So many are kept: a month of a site that has something new every day and night. */
export const MOST_SIGHTINGS = 60
/** With fewer nothing can be called usual. */
const LEAST_SIGHTINGS = 5

const FIELDS = ['title', 'published', 'authors', 'image'] as const

export function sightingOf(items: readonly Item[], fresh: number, at: Date): Sighting {
  const part = (isSo: (item: Item) => boolean) =>
    items.length === 0 ? 0 : Math.round((items.filter(isSo).length / items.length) * 1000) / 1000
  return {
    at: at.toISOString(),
    found: items.length,
    fresh,
    fill: {
      title: part(({ title }) => title !== undefined),
      published: part(({ published }) => published !== undefined),
      authors: part(({ authors }) => authors !== undefined),
      image: part(({ image }) => image !== undefined),
    },
  }
}

/**
 * What about the latest of them is unusual for this source, in words for its operator: few items, everything new, or a
 * field that is missing all at once. Nothing while too little is known of it.
 */
export function unusualIn(before: readonly Sighting[], latest: Sighting): string | undefined {
  if (before.length < LEAST_SIGHTINGS) return undefined
  const usual = (of: (one: Sighting) => number) => median(before.map(of))
  const found = usual((one) => one.found)
  if (found >= 5 && latest.found < found * 0.35) return `${latest.found} articles where there are usually ${found}`
  const rate = usual((one) => one.fresh / Math.max(1, one.found))
  if (latest.found >= 5 && latest.fresh >= latest.found * 0.9 && rate < 0.4)
    return `all ${latest.fresh} articles are new, where usually ${Math.round(rate * 100)} % are`
  for (const field of FIELDS) {
    const before = usual((one) => one.fill[field])
    const now = latest.fill[field]
    if (before >= 0.7 && now <= before * 0.4)
      return `${WORDS[field]} is given for ${Math.round(now * 100)} % of the articles, where it usually is for ${Math.round(before * 100)} %`
  }
  return undefined
}

const WORDS = { title: 'the title', published: 'the date', authors: 'the author', image: 'the picture' }

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
