/** Addresses: absolute, of a scheme that is let through, without what only follows the reader. */

const LONGEST = 8192

/**
 * The address as an absolute one, or nothing when it cannot be or is of another scheme. User names and passwords in it
 * go: they serve only to show one host and lead to another.
 */
export function absolute(url: string, base: string, schemes: readonly string[] = WEB): string | undefined {
  const parsed = parseUrl(url, base)
  if (parsed === undefined || !schemes.includes(parsed.protocol)) return undefined
  if (parsed.username !== '' || parsed.password !== '') {
    parsed.username = ''
    parsed.password = ''
  }
  return parsed.href.length > LONGEST ? undefined : parsed.href
}

export const WEB = ['http:', 'https:'] as const

/** What a reader may be led to: the web, and a mail or a call that they themselves begin. */
export const LINKS = [...WEB, 'mailto:', 'tel:'] as const

export function parseUrl(url: string, base?: string): URL | undefined {
  const trimmed = url.trim()
  // An empty address would be the page itself, which nobody means by it.
  return trimmed === '' ? undefined : (URL.parse(trimmed, base) ?? undefined)
}

// Parameters that tell the site where a reader came from and change nothing of what it shows.
const TRACKING = new RegExp(
  `^(?:${[
    // Families, whose names go on in many ways.
    '(?:utm|mtm|pk|piwik|matomo|hsa|trk|oly|vero|itm|stm|sc_|at_|wt_|nb_|ml_subscriber)_?[\\w.-]*',
    '_hs(?:enc|mi)|__hs(?:tc|sc|fp)|hsctatracking',
    // One click, one reader or one mailing, as the large networks and mailers name it.
    '(?:fb|g|d|ms|y|tw|tt|ir|rb_)cl(?:ick|k)?_?id|rdt_cid|gclsrc|[gw]braid|fbadid|srsltid|igshi?d?|li_fat_id|epik',
    'mc_[ce]id|mkt_tok|_openstat|yadclid|_ga|_gl|_ke|_branch_match_id|dm_i|elqtrack(?:id)?|sfmc_[\\w]+',
    'ref_src|ref_url|guccounter|guce_[\\w]+|cmpid|campaign_?id|ncid|icid|s_cid|scid|xtor|spm|wickedid|ns_[\\w]+|__twitter_impression',
  ].join('|')})$`,
  'i',
)

// Names in the families above that sites use for what they show.
const NOT_TRACKING = /^(?:at|sc|pk|stm|trk|oly|wt|nb|vero|itm)$/i

/** The address without parameters that only follow the reader; the rest keeps its order and its spelling. */
export function withoutTracking(url: string): string {
  const [beforeHash = '', ...hashes] = url.split('#')
  const hash = hashes.join('#')
  const mark = beforeHash.indexOf('?')
  const kept = mark < 0 ? '' : keepParameters(beforeHash.slice(mark + 1))
  const path = mark < 0 ? beforeHash : beforeHash.slice(0, mark)
  const isTracker = hash.includes('=') && keepParameters(hash) === ''
  return path + (kept === '' ? '' : `?${kept}`) + (hash === '' || isTracker ? '' : `#${hash}`)
}

function keepParameters(query: string): string {
  return query
    .split('&')
    .filter((parameter) => parameter !== '' && !isTracking(parameter.split('=', 1)[0] ?? ''))
    .join('&')
}

function isTracking(name: string): boolean {
  return TRACKING.test(name) && !NOT_TRACKING.test(name)
}

/** One way to show a picture, as `srcset` offers it: `640w`, `2x`, or nothing. */
export interface Candidate {
  url: string
  descriptor: string
}

/** The candidates of a `srcset` (HTML, 4.8.4.2.1): an address may hold commas, so the white space separates. */
export function parseSrcset(srcset: string): Candidate[] {
  const candidates: Candidate[] = []
  const part = /[\s,]*(\S+)/y
  const rest = /\s*([^,]*)(?:,|$)/y
  while (candidates.length < 20) {
    const found = part.exec(srcset)
    if (found?.[1] === undefined) break
    const url = found[1].replace(/,+$/, '')
    let descriptor = ''
    rest.lastIndex = part.lastIndex
    if (url.length === found[1].length) {
      descriptor = rest.exec(srcset)?.[1]?.trim() ?? ''
      part.lastIndex = rest.lastIndex
    }
    if (part.lastIndex === 0) part.lastIndex = srcset.length
    if (url !== '' && (descriptor === '' || /^\d+(\.\d+)?[wx]$/.test(descriptor))) candidates.push({ url, descriptor })
  }
  return candidates
}

/** Wide enough for any column of text, and no more: wider ones only cost the reader. */
const GOOD_WIDTH = 1600

/** The candidate that serves alone: the widest up to 1600 pixels, else the narrowest. */
export function bestCandidate(candidates: Candidate[]): Candidate | undefined {
  const sorted = candidates.toSorted((a, b) => widthOf(a) - widthOf(b))
  return sorted.findLast((candidate) => widthOf(candidate) <= GOOD_WIDTH) ?? sorted[0]
}

function widthOf({ descriptor }: Candidate): number {
  const value = Number.parseFloat(descriptor)
  if (Number.isNaN(value)) return GOOD_WIDTH / 2
  return descriptor.endsWith('x') ? value * (GOOD_WIDTH / 2) : value
}
