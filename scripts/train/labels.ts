/** Tells for each passage of a page how much of it is in the article's true text, by laying both side by side. */

/** Words as runs of letters, numbers and underscores. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? []
}

const MOST_CELLS = 150_000_000

/** For each passage the share of its words that are in `truth`, in the same order; a text that comes twice is found once. */
export function labelsOf(passages: readonly string[], truth: string): Float32Array {
  const numbers = new Map<string, number>()
  const number = (word: string) => {
    const known = numbers.get(word)
    if (known !== undefined) return known
    numbers.set(word, numbers.size)
    return numbers.size - 1
  }
  const wanted = Int32Array.from(wordsOf(truth).map(number))
  const owners: number[] = []
  const found: number[] = []
  const counts = new Float32Array(passages.length)
  for (const [index, text] of passages.entries())
    for (const word of wordsOf(text)) {
      owners.push(index)
      found.push(number(word))
      counts[index] = (counts[index] ?? 0) + 1
    }
  const matched = align(Int32Array.from(found), wanted)
  const labels = new Float32Array(passages.length)
  for (const [at, isMatched] of matched.entries()) {
    const owner = owners[at] ?? 0
    if (isMatched) labels[owner] = (labels[owner] ?? 0) + 1 / (counts[owner] ?? 1)
  }
  return labels
}

/** Which of `a` are in `b` in the same order, so that as many as possible are, and in long runs. */
function align(a: Int32Array, b: Int32Array): Uint8Array {
  const matched = new Uint8Array(a.length)
  if (a.length * b.length > MOST_CELLS || b.length === 0) return matched
  const width = b.length + 1
  // 1: from above, 2: from the left, 3: a match.
  const ways = new Uint8Array((a.length + 1) * width)
  let before = new Float32Array(width)
  let now = new Float32Array(width)
  for (let i = 1; i <= a.length; i++) {
    const word = a[i - 1]
    for (let j = 1; j <= b.length; j++) {
      let best = before[j] ?? 0
      let way = 1
      if ((now[j - 1] ?? 0) > best) {
        best = now[j - 1] ?? 0
        way = 2
      }
      if (word === b[j - 1]) {
        const score = (before[j - 1] ?? 0) + (ways[(i - 1) * width + j - 1] === 3 ? 2 : 0.6)
        if (score > best) {
          best = score
          way = 3
        }
      }
      now[j] = best
      ways[i * width + j] = way
    }
    const other = before
    before = now
    now = other
    now[0] = 0
  }
  let i = a.length
  let j = b.length
  while (i > 0 && j > 0) {
    const way = ways[i * width + j]
    if (way === 3) {
      matched[i - 1] = 1
      i--
      j--
    } else if (way === 2) j--
    else i--
  }
  return matched
}

/** How often each run of four words is in a text. */
export function shinglesOf(text: string): Map<string, number> {
  const words = wordsOf(text)
  const counts = new Map<string, number>()
  if (words.length === 0) return counts
  for (let at = 0; at < Math.max(1, words.length - 3); at++) {
    const shingle = words.slice(at, at + 4).join(' ')
    counts.set(shingle, (counts.get(shingle) ?? 0) + 1)
  }
  return counts
}

/** Precision, recall and F1 of one page's text, by shared runs of four words. */
export function compareTexts(truth: string, given: string): { precision: number; recall: number; f1: number } {
  const a = shinglesOf(truth)
  const b = shinglesOf(given)
  let shared = 0
  let missing = 0
  let extra = 0
  for (const [shingle, count] of a) {
    const other = b.get(shingle) ?? 0
    shared += Math.min(count, other)
    missing += Math.max(0, count - other)
  }
  for (const [shingle, count] of b) extra += Math.max(0, count - (a.get(shingle) ?? 0))
  return {
    precision: shared + extra === 0 ? NaN : shared / (shared + extra),
    recall: shared + missing === 0 ? NaN : shared / (shared + missing),
    f1: shared === 0 ? 0 : (2 * shared) / (2 * shared + extra + missing),
  }
}
