/** What differs between two versions of a text, for the eye: paragraph by paragraph, and within one word by word. */

export interface Difference {
  /** `same` only stands in for what was left out between two differences. */
  kind: 'same' | 'removed' | 'added' | 'changed'
  /** Of one that changed: what went as `[-word-]`, what came as `{+word+}`. */
  text: string
}

/** More parts than these are compared from both ends only. */
const MOST_PARTS = 600

/** The differences, in order; of what stays the same, nothing but that it is there. */
export function diffTexts(before: string, after: string): Difference[] {
  const steps = align(partsOf(before), partsOf(after))
  const found: Difference[] = []
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at]
    const next = steps[at + 1]
    if (step === undefined) continue
    if (step.kind === 'same') {
      if (found.at(-1)?.kind !== 'same') found.push({ kind: 'same', text: '…' })
    } else if (step.kind === 'removed' && next?.kind === 'added' && isLike(step.part, next.part)) {
      found.push({ kind: 'changed', text: markWords(step.part, next.part) })
      at += 1
    } else found.push({ kind: step.kind, text: step.part })
  }
  return found
}

interface Step {
  kind: 'same' | 'removed' | 'added'
  part: string
}

function partsOf(text: string): string[] {
  return text
    .split(/\n+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** The longest common subsequence of what lies between a common beginning and end; of runs, each removed part beside an added one. */
function align(before: string[], after: string[]): Step[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1
  const same = (parts: string[]): Step[] => parts.map((part) => ({ kind: 'same', part }))
  const one = before.slice(start, before.length - end)
  const other = after.slice(start, after.length - end)
  return [
    ...same(before.slice(0, start)),
    ...pair(alignMiddle(one, other)),
    ...same(end === 0 ? [] : before.slice(-end)),
  ]
}

function alignMiddle(one: string[], other: string[]): Step[] {
  const removed = one.map((part): Step => ({ kind: 'removed', part }))
  const added = other.map((part): Step => ({ kind: 'added', part }))
  if (one.length > MOST_PARTS || other.length > MOST_PARTS) return [...removed, ...added]
  const width = other.length + 1
  const lengths = new Uint16Array((one.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = one.length - 1; row >= 0; row -= 1)
    for (let column = other.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        one[row] === other[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
  const steps: Step[] = []
  let row = 0
  let column = 0
  while (row < one.length || column < other.length) {
    const [left, right] = [removed[row], added[column]]
    if (left !== undefined && left.part === right?.part) {
      steps.push({ kind: 'same', part: left.part })
      row += 1
      column += 1
    } else if (left !== undefined && (right === undefined || at(row + 1, column) >= at(row, column + 1))) {
      steps.push(left)
      row += 1
    } else if (right !== undefined) {
      steps.push(right)
      column += 1
    }
  }
  return steps
}

/** In a run of parts that went and parts that came, the first that went beside the first that came, and so on. */
function pair(steps: Step[]): Step[] {
  const paired: Step[] = []
  let removed: Step[] = []
  let added: Step[] = []
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      paired.push(...removed.slice(at, at + 1), ...added.slice(at, at + 1))
    removed = []
    added = []
  }
  for (const step of steps) {
    if (step.kind === 'removed') removed.push(step)
    else if (step.kind === 'added') added.push(step)
    else {
      flush()
      paired.push(step)
    }
  }
  flush()
  return paired
}

/** Words, and the spaces between them; where a script writes none, characters. */
function wordsOf(part: string): string[] {
  return (
    part.match(/\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+|./gsu) ??
    []
  )
}

function isLike(before: string, after: string): boolean {
  const words = new Set(wordsOf(before))
  const others = wordsOf(after)
  return others.filter((word) => words.has(word)).length * 2 > others.length
}

function markWords(before: string, after: string): string {
  let text = ''
  let removed = ''
  let added = ''
  const flush = () => {
    text += (removed === '' ? '' : `[-${removed}-]`) + (added === '' ? '' : `{+${added}+}`)
    removed = added = ''
  }
  for (const { kind, part } of align(wordsOf(before), wordsOf(after))) {
    if (kind === 'removed') removed += part
    else if (kind === 'added') added += part
    else {
      flush()
      text += part
    }
  }
  flush()
  return text
}
