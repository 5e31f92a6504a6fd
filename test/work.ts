/** How much work something is, without a clock: beside a piece of work that every machine and every load slows down as much. */
import { load } from 'cheerio'

const page = `<body>${'<div class="text"><p>The wall, they <a href="/wall">say</a>, will hold.</p></div>'.repeat(4000)}</body>`

/** The processor's time for something, in milliseconds. */
function spent(doing: () => unknown): number {
  const start = process.cpuUsage()
  doing()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/**
 * How many pages of 300 kB cheerio could have parsed with the work of `doing`. Some 60 ms each on a machine of today; what grows
 * with the square of its input is thousands of them.
 */
export function pagesOfWork(doing: () => unknown): number {
  const parse = () => spent(() => load(page))
  parse()
  const before = parse()
  const work = spent(doing)
  // The dearer one: its neighbours may have taken the processor's cache from one of them, and not from the other.
  return work / Math.max(before, parse())
}
