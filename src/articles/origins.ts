/** Where each field of an article stood, small enough to be kept with it. */
import { type Item, type Origin, type Origins, type Picture } from '../model.ts'
import { evenText } from './characters.ts'

/** What the feed or list that led to the page said itself. */
export const LISTED = 'the feed or list'

/** As `findMetadata` gives them, whatever a field holds. */
type Findings = Partial<
  Record<string, { value: unknown; place: string; confidence: number; runnerUp?: { value: unknown; place: string } }>
>

/** The origins of what was found on a page. */
export function originsOf(findings: Findings): Origins {
  const origins: Origins = {}
  for (const [field, finding] of Object.entries(findings)) {
    if (finding === undefined) continue
    const { place, confidence, runnerUp } = finding
    origins[field] = {
      place,
      confidence: Math.round(confidence * 100) / 100,
      ...(runnerUp && { runnerUp: { value: shown(runnerUp.value), place: runnerUp.place } }),
    }
  }
  return origins
}

/** The same, where fields that the item itself has were taken from it. */
export function originsWithItem(item: Item, found: Origins = {}): Origins {
  const listed: (keyof Item)[] = ['title', 'authors', 'language', 'excerpt', 'image']
  const own: [string, Origin][] = [
    ...listed.filter((field) => item[field] !== undefined).map((field): [string, Origin] => [field, of(found[field])]),
    ...(item.published === undefined ? [] : [['publishedAt', of(found['publishedAt'])] as [string, Origin]]),
    ...(item.updated === undefined ? [] : [['updatedAt', of(found['updatedAt'])] as [string, Origin]]),
  ]
  return { ...found, ...Object.fromEntries(own) }
}

/** What the page says stands beside it, where it was another place. */
function of(found: Origin | undefined): Origin {
  return { ...(found?.place === LISTED ? found : {}), place: LISTED }
}

const LONGEST = 200

function shown(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return evenText(value.map(String).join(', '), LONGEST)
  if (typeof value === 'object' && value !== null && 'url' in value) return evenText((value as Picture).url, LONGEST)
  return evenText(String(value), LONGEST)
}
