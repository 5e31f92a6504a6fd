/** What a passage's odds owe to the company that it is in: tables and lists stay or go whole, strays are doubted. */
import { AROUND, type Box } from './boxes.ts'
import { NAME_KINDS } from './names.ts'
import { type Passages } from './passages.ts'
import { layoutTables } from './tables.ts'

interface Group {
  names: Set<string>
  /** How much of a member's odds are those of all. */
  share: number
  /** Units that a member has on average at most. */
  most: number
  /** Members at least. */
  least: number
}

const GROUPS: Group[] = [
  // Half a table is worse than none. One whose cells hold paragraphs is there for the looks of the page.
  { names: new Set(['table']), share: 1, most: 200, least: 4 },
  { names: new Set(['ul', 'ol']), share: 0.5, most: 400, least: 3 },
]

/** The odds when the cells of a table, and in part the points of a list, share theirs. */
export function ofOneMind({ boxes }: Passages, odds: Float64Array): Float64Array {
  const shared = odds.slice()
  const layout = layoutTables(boxes)
  for (const { names, share, most, least } of GROUPS) {
    /** Behind the last passage of the group before: one within another is part of it. */
    let done = 0
    for (const box of boxes) {
      const { name, from, to, units } = box
      if (from < done || !names.has(name) || layout.has(box) || to - from < least || units > most * (to - from))
        continue
      done = to
      const members = shared.subarray(from, to)
      // What is out of the question, such as a caption, has no say.
      const known = members.filter((one) => Number.isFinite(one))
      const mean = known.reduce((sum, one) => sum + one, 0) / Math.max(known.length, 1)
      for (const [at, one] of members.entries())
        if (Number.isFinite(one)) members[at] = one * (1 - share) + mean * share
    }
  }
  return shared
}

/** Odds that a core has on average of which the model is sure. */
const SURE = 3
/** What stands apart from it is doubted where its odds are less than this part of the core's, and less than this. */
const PART = 0.5
const MOST_BEHIND = 0.5
const MOST_ABOVE = 1.5
const DOUBT_APART = 3

/**
 * The odds when parts of the page are doubted that are much less likely than the core of the text: behind it, in boxes of
 * another kind or with headings that lead elsewhere, and above the headline. They are teasers that read like text.
 */
export function standingApart(found: Passages, odds: Float64Array, headline: number): Float64Array {
  const core = coreOf(found, odds)
  const sure = meanOf(found, odds, core)
  // What lies about in the core, such as buttons, makes what the headline announces no less sure.
  const sureBelow = meanOf(found, odds, core, 0)
  if (sureBelow < SURE) return odds
  const doubted = odds.slice()
  const apart = new Map<Box, Box[]>()
  for (const box of found.boxes) {
    const isAbove = box.to <= core.from && box.to <= headline
    const isBehind = box.from >= core.to && sure >= SURE
    if (box.parent === undefined || !(isAbove || isBehind)) continue
    const others = apart.get(box.parent)
    if (others === undefined) apart.set(box.parent, [box])
    else others.push(box)
  }
  for (let around = core; around.parent !== undefined; around = around.parent)
    for (const beside of apart.get(around.parent) ?? []) {
      const isAbove = beside.from < core.to
      const most = isAbove ? Math.min(sureBelow * PART, MOST_ABOVE) : Math.min(sure * PART, MOST_BEHIND)
      const isOfAKind = beside.own === around.own && !leadsElsewhere(found, beside)
      if (isOfAKind || meanOf(found, odds, beside) >= most) continue
      for (let index = beside.from; index < beside.to; index++) doubted[index] = (doubted[index] ?? 0) - DOUBT_APART
    }
  return doubted
}

/** Whether the first heading in a box is a link: what follows is another article's. */
function leadsElsewhere({ passages }: Passages, { from, to }: Box): boolean {
  for (let index = from; index < to; index++) {
    const { box, text, linkLetters } = passages[index] ?? {}
    if (box !== undefined && HEADING.test(box.name)) return (linkLetters ?? 0) > (text?.length ?? 0) * 0.8
  }
  return false
}

const HEADING = /^h[1-6]$/
const SIDE = 1 << NAME_KINDS.indexOf('side')
const DOUBT_MARGIN = 3

/** An `<aside>` is one where so much of what is likely stands between the headline and it, and hardly any behind it. */
const ENOUGH = 0.25
const NEXT_TO_NOTHING = 0.05

/** The odds when what stands beside the page's text, by its element or by what it is called, is doubted where it follows. */
export function inTheMargin(found: Passages, odds: Float64Array, headline: number): Float64Array {
  const core = coreOf(found, odds)
  const before = likelyBefore(found, odds)
  const all = before.at(-1) ?? 0
  const isLast = ({ from, to }: Box) =>
    headline >= 0 &&
    from > headline &&
    (before[from] ?? 0) - (before[headline] ?? 0) > all * ENOUGH &&
    all - (before[to] ?? 0) < all * NEXT_TO_NOTHING
  const doubted = odds.slice()
  for (const box of found.boxes) {
    const { name, kinds, from, to } = box
    const isBehind = from >= core.to && (name === 'aside' || (kinds & SIDE) !== 0)
    if (!isBehind && !(name === 'aside' && isLast(box))) continue
    // One within another is doubted once.
    for (let index = from; index < to; index++) doubted[index] = (odds[index] ?? 0) - DOUBT_MARGIN
  }
  return doubted
}

const DOUBT = 2

/**
 * The odds when what the page does not show is doubted, where it shows a text: another copy, or the panel of a menu. A page
 * that shows next to nothing until a script has run keeps its odds.
 */
export function hiddenBeside({ passages }: Passages, odds: Float64Array): Float64Array {
  let shown = 0
  let hidden = 0
  for (const [index, { box, units }] of passages.entries()) {
    if ((odds[index] ?? 0) <= 0) continue
    if (isHidden(box)) hidden += units
    else shown += units
  }
  if (hidden === 0 || shown < hidden * 2) return odds
  return odds.map((one, index) => (isHidden(passages[index]?.box) ? one - DOUBT : one))
}

function isHidden(box: Box | undefined): boolean {
  return box !== undefined && (box.around & (AROUND.hidden | AROUND.unseen)) !== 0
}

/** The innermost box with half of what is likely. */
function coreOf(found: Passages, odds: Float64Array): Box {
  const before = likelyBefore(found, odds)
  const half = (before.at(-1) ?? 0) / 2
  let core = found.root
  if (half === 0) return core
  for (const box of found.boxes)
    if (box.depth > core.depth && (before[box.to] ?? 0) - (before[box.from] ?? 0) >= half) core = box
  return core
}

/** How much is likely before each passage, and behind the last: units, as far as they are more likely than not. */
function likelyBefore({ passages }: Passages, odds: Float64Array): Float64Array {
  const before = new Float64Array(passages.length + 1)
  for (const [index, { units }] of passages.entries()) {
    const one = odds[index] ?? 0
    before[index + 1] = (before[index] ?? 0) + (one <= 0 ? 0 : units * (1 / (1 + Math.exp(-one)) - 0.5))
  }
  return before
}

/** The mean odds in a box of what has at least `least`, each passage counting by its length; nothing is surer than certain. */
function meanOf({ passages }: Passages, odds: Float64Array, { from, to }: Box, least = -Infinity): number {
  let sum = 0
  let all = 0
  for (let index = from; index < to; index++) {
    const one = odds[index] ?? 0
    if (one < least) continue
    const units = passages[index]?.units ?? 0
    sum += units * Math.max(-3, Math.min(one, 6))
    all += units
  }
  return all === 0 ? -3 : sum / all
}
