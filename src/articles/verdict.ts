/** Whether a page is an article: certain signs of what stands in its place, and else a small trained model. */
import { isTag, type ParentNode } from 'domhandler'
import { Failure, type FailureDetails } from '../failures.ts'
import { type Draft, type NotArticle, type Verdict } from '../item.ts'
import { parseHtml } from './markup.ts'
import { type Page } from './metadata/page.ts'
import { lookInto, type Stated } from './verdict/body-signs.ts'
import { kindSigns, type Kinds, weighKinds } from './verdict/kinds.ts'
import { lookAt as lookAtPage, type PageSigns } from './verdict/page-signs.ts'
import { type Signs } from './verdict/signs.ts'
import { findWall } from './verdict/walls.ts'
import { BIAS, WEIGHTS } from './verdict/weights.ts'

export interface PageLook extends PageSigns {
  /** What stands there instead of an article, where that is certain. */
  wall?: NotArticle
}

/** What the page shows of itself as it was sent. Called before anything is taken out of the document, which stays as it is. */
export function lookAt(page: Page, html: string): PageLook {
  const look = lookAtPage(page)
  const wall = findWall(page, look.text, html)
  return { ...look, ...(wall && { wall }) }
}

/**
 * The verdict on a page; `body` is what was chosen as its article, as nodes or as HTML. Where a person named the part of the
 * page that is the article (`isNamed`), it is one unless it is empty.
 */
export function judge(look: PageLook, body: ParentNode | string | undefined, stated: Stated, isNamed = false): Verdict {
  if (look.wall !== undefined && !isNamed) return { isArticle: false, confidence: CERTAIN, reason: look.wall }
  const nodes = typeof body === 'string' ? parseHtml(body)('body')[0] : body
  const signs = allSigns(look, nodes, stated)
  if (signs['body.letters'] === 0 && !hasPicture(nodes))
    return { isArticle: false, confidence: CERTAIN, reason: 'empty' }
  if (isNamed) return { isArticle: true, confidence: 1 }
  const chance = 1 / (1 + Math.exp(-weigh(signs)))
  if (chance >= 0.5) return { isArticle: true, confidence: chance }
  return { isArticle: false, confidence: 1 - chance, reason: kindOf(weighKinds(signs).kinds) }
}

const CERTAIN = 0.97

/** What certain signs tell, in words: it is refused wherever articles are collected. `passes`: it may be gone tomorrow. */
const WALLS: Partial<Record<NotArticle, { words: string; passes: boolean }>> = {
  robotCheck: { words: 'it asks whether one is a robot', passes: true },
  login: { words: 'it asks readers to log in', passes: true },
  consent: { words: 'it asks for consent to cookies', passes: true },
  error: { words: 'it says that the site is out of order', passes: true },
  notFound: { words: 'it says that there is nothing at the address', passes: false },
  parked: { words: 'its domain is for sale, or there is no site yet', passes: false },
  shell: { words: 'it is empty until a script fills it', passes: false },
}

/** What stands there instead of an article, where that is certain: no mere doubt whether it is one. */
export function wallOf(verdict: Verdict | undefined): NotArticle | undefined {
  return verdict?.reason !== undefined && WALLS[verdict.reason] ? verdict.reason : undefined
}

/** Throws Failure `article.wall` or `article.notOne` where something else than an article certainly stands on the page. */
export function refuseWall({ verdict }: Pick<Draft, 'verdict'>, about: FailureDetails): void {
  const wall = wallOf(verdict)
  const { words, passes } = (wall && WALLS[wall]) ?? {}
  if (words !== undefined) throw new Failure(passes ? 'article.wall' : 'article.notOne', { ...about, reason: words })
}

/** Everything that the model weighs. */
export function allSigns(look: PageSigns, body: ParentNode | undefined, stated: Stated): Signs {
  const signs: Signs = { ...look.signs, ...lookInto(body, look, stated) }
  return { ...signs, ...kindSigns(signs) }
}

/** Above 0: an article. */
function weigh(signs: Signs): number {
  let sum = BIAS
  for (const [name, mean, spread, weight] of WEIGHTS) {
    const value = ((signs[name] ?? 0) - mean) / spread
    sum += weight * Math.max(-FARTHEST, Math.min(FARTHEST, value))
  }
  return sum
}

/** In standard deviations: no single sign outweighs all the others. */
const FARTHEST = 4

function kindOf({ forum, ...others }: Kinds): NotArticle {
  const ranked = Object.entries({ forum: forum - 1, ...others }).toSorted(([, a], [, b]) => b - a)
  const [kind, value] = ranked[0] as [keyof Kinds, number]
  return value >= 1 ? kind : 'other'
}

function hasPicture(body: ParentNode | undefined): boolean {
  const waiting = [...(body?.children ?? [])]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isTag(node)) continue
    if (node.name === 'img') return true
    for (const child of node.children) waiting.push(child)
  }
  return false
}
