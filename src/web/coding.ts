/** Which of the compressed copies of a file a client gets, by its Accept-Encoding (RFC 9110, section 12.5.3). */

export const codings = ['zstd', 'br', 'gzip'] as const

/** A content coding that we offer, or none. */
export type Coding = (typeof codings)[number] | 'identity'

/** The best coding that the header allows; of equally welcome ones the first of `codings`. */
export function chooseCoding(accepted: string | undefined): Coding {
  if (accepted === undefined || accepted === '') return 'identity'
  const known = chosen.get(accepted)
  if (known !== undefined) return known
  const coding = choose(accepted)
  // Clients send few different ones, and whoever makes them up shall not fill the memory.
  if (chosen.size >= MOST_KEPT) chosen.clear()
  if (accepted.length <= LONGEST_KEPT) chosen.set(accepted, coding)
  return coding
}

const chosen = new Map<string, Coding>()
const MOST_KEPT = 500
const LONGEST_KEPT = 200

function choose(accepted: string): Coding {
  const weights = new Map<string, number>()
  for (const part of accepted.slice(0, 1000).split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const q = parameters.find((parameter) => /^q\s*=/.test(parameter))
    const weight = q === undefined ? 1 : Number(q.replace(/^q\s*=\s*/, ''))
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight >= 0 && weight <= 1 ? weight : 0)
  }
  const weigh = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  const identity = weights.get('identity') ?? 0
  let best: Coding = 'identity'
  let most = identity
  for (const coding of codings) {
    const weight = weigh(coding)
    if (weight > 0 && (best === 'identity' ? weight >= most : weight > most)) [best, most] = [coding, weight]
  }
  return best
}
