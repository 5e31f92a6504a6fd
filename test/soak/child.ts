/** One round in a process of its own, which dies by SIGKILL before its statement of that number to the database. */
import { needsOf } from '../../src/commands/round.ts'
import { runDue } from '../../src/jobs/run-due.ts'
import { watched } from '../press.ts'
import { openSoakPaper } from './paper.ts'

const { root, now, statement } = JSON.parse(process.argv[2] ?? '') as { root: string; now: number; statement: number }

const app = await openSoakPaper(root, { ms: now })
let seen = 0
const db = watched(app.db, (instant) => {
  if (instant === 'before' && (seen += 1) === statement) process.kill(process.pid, 'SIGKILL')
})
await runDue(needsOf({ ...app, db }))
await app.close()
