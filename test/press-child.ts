/**
 * One verb in a process of its own, for tests that kill it. Takes JSON as its argument and prints the kinds of statements
 * it sent to the database, as JSON. Killed means SIGKILL, by its own hand, at the instant that the test names.
 */
import { openMailbox } from '../src/mail/mailbox.ts'
import { openDatabase } from '../src/store/database.ts'
import { addresses, counting, daily, openRelay, silent, site, templates, watched, type Errand } from './press.ts'

const { verb, database, mails, smtp, counted, worker, now, kill } = JSON.parse(process.argv[2] ?? '') as Errand

const seen = { before: 0, after: 0, body: 0, answer: 0 }

const kinds: string[] = []

function pass(instant: keyof typeof seen, kind = ''): void {
  if (instant === 'before') kinds.push(kind)
  if (kill?.instant === instant && seen[instant] === kill.number) process.kill(process.pid, 'SIGKILL')
  seen[instant] += 1
}

const store = await openDatabase(database)
const db = watched(store.db, pass)
const needs = { db, site, addresses, newsletters: [daily], templates, now: () => new Date(now), log: silent }
if (verb === 'compose') {
  const { compose } = await import('../src/compose.ts')
  await compose(needs)
} else if (verb === 'approve') {
  const { approve } = await import('../src/release.ts')
  const { editionsIn } = await import('../src/store/editions.ts')
  for (const draft of await editionsIn(db, ['draft'])) await approve(needs, draft)
} else {
  const { deliver } = await import('../src/deliver.ts')
  const around = { before: () => pass('body'), after: () => pass('answer') }
  const transport = smtp === undefined ? openMailbox(mails) : openRelay(smtp)
  await deliver({ ...needs, transport: counting(transport, counted, around), worker })
  await transport.close()
}
await store.close()
process.stdout.write(JSON.stringify(kinds))
