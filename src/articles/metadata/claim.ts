/** Claims: what each place of a page says a field is, and the one that is believed. */

/** What one place says. */
export interface Claim<T> {
  value: T
  /** In words that a person understands: `og:title`, `byline`. Claims of one place count once. */
  place: string
  /** 0…1: how often such a place is right where nothing else is known. */
  weight: number
}

/** The value that is believed, and how much. */
export interface Finding<T> {
  value: T
  place: string
  /** 0…1. */
  confidence: number
  /** As the page writes it, where that says more than the value. */
  written?: string
  /** The best of what was not believed. */
  runnerUp?: { value: T; place: string }
}

/** How much of a confidence is left to a value that another place contradicts as strongly. */
const CONTRADICTED = 0.6

interface Group<T> {
  best: Claim<T>
  places: Map<string, number>
}

/**
 * The claim that is believed: places that agree support each other as independent witnesses do, each with its weight.
 * Of those that agree, the value of the strongest is taken; of equals, the first.
 */
export function decide<T>(claims: Claim<T>[], isSame: (a: T, b: T) => boolean): Finding<T> | undefined {
  const groups: Group<T>[] = []
  for (const claim of claims.slice(0, MOST)) {
    const { value, place, weight } = claim
    const group = groups.find(({ best }) => isSame(best.value, value))
    if (group === undefined) groups.push({ best: claim, places: new Map([[place, weight]]) })
    else {
      group.places.set(place, Math.max(weight, group.places.get(place) ?? 0))
      if (weight > group.best.weight) group.best = claim
    }
  }
  const ranked = groups
    .map(({ best, places }) => ({
      best,
      score: 1 - [...places.values()].reduce((left, weight) => left * (1 - weight), 1),
    }))
    .toSorted((a, b) => b.score - a.score)
  const [winner, second] = ranked
  if (winner === undefined) return undefined
  const { value, place } = winner.best
  if (second === undefined) return { value, place, confidence: winner.score }
  const confidence = winner.score * (1 - (1 - CONTRADICTED) * (second.score / winner.score))
  return { value, place, confidence, runnerUp: { value: second.best.value, place: second.best.place } }
}

const MOST = 60

/** Claims of one place, one for each value, each weighing a little less than the one before. */
export function claimsOf<T>(place: string, weight: number, values: T[]): Claim<T>[] {
  return values.map((value, index) => ({ value, place, weight: weight * 0.97 ** index }))
}
