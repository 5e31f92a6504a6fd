/** How long a feed asks to be left alone, in its own words. */

/** These words stand in its head, before the first item. */
const HEAD = 20_000

const PERIODS: Partial<Record<string, number>> = {
  hourly: 1,
  daily: 24,
  weekly: 7 * 24,
  monthly: 30 * 24,
  yearly: 365 * 24,
}

/** In ms, by `ttl` (RSS 2.0, in minutes) or the syndication module of RSS 1.0, whichever is longer; nothing where neither is said. */
export function restOf(feed: string): number | undefined {
  const [head = ''] = feed.slice(0, HEAD).split(/<(?:item|entry)[\s>]/, 1)
  const value = (name: string) =>
    new RegExp(`<(?:[\\w-]+:)?${name}\\s*>\\s*(\\w{1,10})\\s*</`, 'i').exec(head)?.[1]?.toLowerCase()
  const ttl = Number(value('ttl') ?? 0) * 60_000
  const hours = PERIODS[value('updatePeriod') ?? ''] ?? 0
  const times = Math.max(1, Number(value('updateFrequency') ?? 1) || 1)
  const ms = Math.max(Number.isNaN(ttl) ? 0 : ttl, (hours * 3_600_000) / times)
  return ms > 0 ? ms : undefined
}
