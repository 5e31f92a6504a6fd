/** Holds a lease in a process of its own until it is killed: `holder.ts FILE NAME LEASE_MS`. Prints a line once it has it. */
import { once } from 'node:events'
import { hold } from '../../src/jobs/hold.ts'
import { openLog } from '../../src/log.ts'
import { openDatabase } from '../../src/store/database.ts'

const [file = '', name = '', leaseMs = ''] = process.argv.slice(2)
const store = await openDatabase(file)
const needs = { db: store.db, now: () => new Date(), log: openLog('silent', false), worker: String(process.pid) }
const held = await hold({ ...needs, leaseMs: Number(leaseMs) }, name, async () => {
  process.stdout.write('held\n')
  await once(process.stdin.resume(), 'end')
})
process.stdout.write(held === 'busy' ? 'busy\n' : 'done\n')
await store.close()
