/** Where each field of an article stood, small enough to be kept with it. */
import { type Draft, type Item, type Origins } from '../item.ts'
import { type Picture } from '../model.ts'
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

const PLACES = { page: 'the page', fragment: LISTED, markdown: 'the file', text: 'the file' } as const

const FIELDS = [
  'title',
  'authors',
  'topics',
  'language',
  'publishedAt',
  'updatedAt',
  'canonicalUrl',
  'excerpt',
  'image',
] as const

/** Of these the item's own words were counted with those of its page (`article.ts`). */
const WEIGHED = new Set(['title', 'authors', 'image'])

/** The origins of an article: what the item says itself comes first, then what its body was found to say, and where. */
export function originsOfArticle(item: Item, draft: Draft): Origins {
  const { origins = {} } = draft
  const own = { ...item, publishedAt: item.published, updatedAt: item.updated, canonicalUrl: undefined }
  const place = item.body && PLACES[item.body.form]
  const found: Origins = {}
  for (const field of FIELDS) {
    const said = origins[field]
    if (isSaid(own[field]) && !(WEIGHED.has(field) && said !== undefined)) found[field] = { place: LISTED }
    else if (said !== undefined) found[field] = said
    else if (place !== undefined && isSaid(draft[field])) found[field] = { place }
  }
  // Of the text, what is worth telling: that it was put together, or that it is not all of it.
  if (origins['text'] !== undefined || draft.lacks !== undefined)
    found['text'] = {
      place: place ?? LISTED,
      ...origins['text'],
      ...(draft.lacks !== undefined && { lacks: draft.lacks }),
    }
  else if (item.isWhole === true) found['text'] = { place: LISTED }
  return found
}

function isSaid(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0)
}

const LONGEST = 200

function shown(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return evenText(value.map(String).join(', '), LONGEST)
  if (typeof value === 'object' && value !== null && 'url' in value) return evenText((value as Picture).url, LONGEST)
  return evenText(String(value), LONGEST)
}
