/** A process of its own that collects the feed at the address it is given, and says how long it was held and how large it grew. */
import { openApp } from '../../src/app.ts'
import { collect } from '../../src/collect.ts'
import { needsOf } from '../../src/commands/round.ts'
import { readConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { countArticles } from '../../src/store/sources.ts'

const [, , config = ''] = process.argv
const app = await openApp(await readConfig(config, {}), openLog('silent', false))
// What compiles itself at first use is no matter of what is read.
await collect(needsOf(app), ['ordinary'])
// In processor time of this thread between two turns of its loop: what other processes of a busy machine take is none of it.
let heldMs = 0
let last = usedMs()
const turns = setInterval(() => {
  const used = usedMs()
  heldMs = Math.max(heldMs, used - last)
  last = used
}, 1)
await collect(needsOf(app), ['heavy'])
clearInterval(turns)
const articles = (await countArticles(app.db)).get('heavy') ?? 0
await app.close()
const { maxRSS } = process.resourceUsage()
process.stdout.write(JSON.stringify({ articles, heldMs, megabytes: maxRSS / 1024 }))

function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
