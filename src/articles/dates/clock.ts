/** Times of day and time zones, as they stand behind or before a date. */

/** Minutes east of UTC by name; those that several places use for their own stand for what most papers mean by them. */
const ZONE_MINUTES: Partial<Record<string, number>> = {
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 60, bst: 60, cet: 60, mez: 60, cest: 120, mesz: 120, eet: 120, eest: 180, msk: 180, 'мск': 180, trt: 180,
  gst: 240, pkt: 300, ist: 330, npt: 345, wib: 420, ict: 420, wita: 480, sgt: 480, hkt: 480, pht: 480, awst: 480, wit: 540, jst: 540, kst: 540,
  acst: 570, aest: 600, aedt: 660, nzst: 720, nzdt: 780, nst: -210, ast: -240, adt: -180, brt: -180, art: -180, clt: -240,
  est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420, akst: -540, akdt: -480, hst: -600,
} // prettier-ignore

/** Names that change their offset with the season. */
const ZONE_PLACES: Partial<Record<string, string>> = {
  'et': 'America/New_York', 'eastern time': 'America/New_York', 'eastern': 'America/New_York', 'ct': 'America/Chicago', 'central time': 'America/Chicago',
  'mt': 'America/Denver', 'mountain time': 'America/Denver', 'pt': 'America/Los_Angeles', 'pacific time': 'America/Los_Angeles', 'pacific': 'America/Los_Angeles',
} // prettier-ignore

/** An offset in minutes, or the IANA name of a place whose offset it is. */
export type Zone = number | string

/** `Z`, `GMT+1`, `+0530`, `PDT`, `Eastern Time`; nothing for a name that is not known. */
function readZone(text: string): Zone | undefined {
  const name = text.trim().toLowerCase()
  const [, sign, hours, minutes = '0'] =
    /^(?:utc|gmt)?\s?([+\-−])(\d{1,2}):?(\d\d)?$/.exec(name) ?? /^(?:utc|gmt)\s?([+\-−])(\d{1,2})$/.exec(name) ?? []
  if (hours === undefined) return ZONE_MINUTES[name] ?? ZONE_PLACES[name]
  const offset = Number(hours) * 60 + Number(minutes)
  // No place is further from UTC than this.
  return offset > 15 * 60 ? undefined : sign === '+' ? offset : -offset
}

export interface Clock {
  hour: number
  minute: number
  second: number
  zone?: Zone | undefined
  /** Of what was read: where it stands in the text. */
  start: number
  end: number
}

const BEFORE_NOON =
  'a\\.?\\s?m\\b\\.?|vorm\\.|πμ|π\\.μ\\.|дп|öö(?!\\p{L})|p\\.d\\.|pg(?!\\p{L})|ق\\.ظ\\.?|ص(?![\\p{L}\\p{M}])|上午|凌晨|早上|午前|오전'
const AFTER_NOON =
  'p\\.?\\s?m\\b\\.?|nachm\\.|μμ|μ\\.μ\\.|пп|ös(?!\\p{L})|m\\.d\\.|ptg(?!\\p{L})|ب\\.ظ\\.?|م(?![\\p{L}\\p{M}])|下午|晚上|中午|午後|오후'
const HALVES = new RegExp(`^(?:(${BEFORE_NOON})|(${AFTER_NOON}))`, 'iu')
const HALF_BEFORE = new RegExp(`(?:(${BEFORE_NOON})|(${AFTER_NOON}))\\s*$`, 'iu')
const TIME =
  /(?<![\d.:])(\d{1,2})(?:\s?[:：]\s?(\d\d)(?:\s?[:：]\s?(\d\d)(?:[.,]\d+)?)?|[.h](\d\d)(?:\.(\d\d))?(?![\d.])|\s?[时時시点點]\s?(?:(\d{1,2})\s?[分분]?)?|\s?h(?![\p{L}\d])|(?=\s?[ap]\.?m\b))/giu
const ZONE_BEHIND =
  /^\s?\(?((?:utc|gmt)?\s?[+\-−]\s?\d{1,2}(?::?\d\d)?(?!\d)|[a-zмск]{1,4}(?![\p{L}\d])|(?:eastern|central|mountain|pacific)(?: time)?)\)?/iu

/** The first time of day in `text` from `start` on and before `limit`. */
export function findClock(text: string, limit = text.length, start = 0): Clock | undefined {
  TIME.lastIndex = start
  for (let found = TIME.exec(text); found !== null && found.index < limit; found = TIME.exec(text)) {
    const [whole, hours, minutes, seconds, dotted, dottedSeconds, counted] = found
    let end = found.index + whole.length
    let hour = Number(hours)
    const behind = HALVES.exec(text.slice(end).replace(/^\s/, ''))
    const before = HALF_BEFORE.exec(text.slice(Math.max(0, found.index - 8), found.index))
    const half = behind ?? before
    if (behind !== null) end = text.indexOf(behind[0], end) + behind[0].length
    if (half !== null && hour <= 12) hour = (hour % 12) + (half[2] === undefined ? 0 : 12)
    const minute = Number(minutes ?? dotted ?? counted ?? 0)
    const second = Number(seconds ?? dottedSeconds ?? 0)
    if (hour > 23 || minute > 59 || second > 59) continue
    const uhr = /^\s?(?:uhr|hrs?|часов|ч)(?![\p{L}])\.?/iu.exec(text.slice(end))
    if (uhr !== null) end += uhr[0].length
    const named = ZONE_BEHIND.exec(text.slice(end, end + 24))
    const zone = named === null ? undefined : readZone((named[1] ?? '').replace(/([+\-−])\s/, '$1'))
    if (zone !== undefined) end += named?.[0].length ?? 0
    return { hour, minute, second, zone, start: found.index, end }
  }
  return undefined
}
