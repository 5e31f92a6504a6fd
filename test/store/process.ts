/** Another process at work on a database file: run by `processes.ts` as `process.ts FILE TASK`, it answers in one line of JSON. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { claimDue, openDeliveries, settle, startSending } from '../../src/store/deliveries.ts'
import { openDatabase, transact, type Database } from '../../src/store/database.ts'
import { addEdition, editionById } from '../../src/store/editions.ts'
import { saveArticle } from '../../src/store/articles.ts'
import { signingKeys } from '../../src/store/signing-keys.ts'
import { subscribe } from '../../src/store/subscribers.ts'
import { addEditionWithReaders, article, at, edition, keysOf, pathOf } from './nouns.ts'
import { withSecond } from './second-migration.ts'

const me = String(process.pid)

export const tasks = {
  /** Claims until nothing is due: the ids. */
  async claim(db: Database): Promise<string[]> {
    const ids: string[] = []
    for (;;) {
      const some = await claimDue(db, { now: at(1), until: at(9), by: me, limit: 7 })
      if (some.length === 0) return ids
      ids.push(...some.map(({ id }) => id))
    }
  },

  /** Saves the same fifty articles as everyone else: how many were added. */
  async save(db: Database): Promise<number> {
    let added = 0
    for (let number = 0; number < 50; number += 1) {
      // Another id by each process: they know the article by its address.
      const url = `https://gazette.example/${String(number)}`
      const one = article({ id: `${me}-${String(number)}`, url })
      if ((await saveArticle(db, one, keysOf(one), pathOf(one))) === 'added') added += 1
    }
    return added
  },

  /** Subscribes the same fifty readers as everyone else: how many were new. */
  async subscribe(db: Database): Promise<number> {
    let changes = 0
    for (let number = 0; number < 50; number += 1) {
      const email = `reader${String(number)}@reader.example`
      const reader = { email, key: email, newsletterId: 'daily', watermark: at(0) }
      const { changed } = await subscribe(db, { ...reader, now: at(0), path: 'cli', evidence: '' })
      if (changed) changes += 1
    }
    return changes
  },

  /** Tries to be the one who composes each of twenty editions: which numbers it got. */
  async compose(db: Database): Promise<number[]> {
    const numbers: number[] = []
    for (let number = 1; number <= 20; number += 1) {
      if (await addEdition(db, edition({ id: `${me}-${String(number)}`, number }))) numbers.push(number)
    }
    return numbers
  },

  /** Reads a number and writes the next one, a hundred times. */
  async count(db: Database): Promise<void> {
    for (let round = 0; round < 100; round += 1) {
      await transact(db, async (trx) => {
        const { composedAt } = (await editionById(trx, 'e1'))!
        const next = new Date(composedAt.getTime() + 1).toISOString()
        await trx.updateTable('edition').set({ composedAt: next }).where('id', '=', 'e1').execute()
      })
    }
  },

  async keys(db: Database): Promise<string[]> {
    return (await signingKeys(db, at(0))).map(({ secret }) => secret)
  },

  /** Settles one delivery, begins another, claims a third, and is killed. */
  async die(db: Database): Promise<void> {
    await openDeliveries(db, 'e1', 's1', await addEditionWithReaders(db, 4), at(0))
    const [first, second] = await claimDue(db, { now: at(1), until: at(9), by: me, limit: 3 })
    await startSending(db, first!.id, me, at(1), at(9))
    await settle(db, first!.id, me, { kind: 'submitted', reply: '250' }, at(2))
    await startSending(db, second!.id, me, at(2), at(9))
    process.kill(process.pid, 'SIGKILL')
    await once(process, 'never')
  },

  /** Opening it is all. */
  open: () => Promise.resolve(null),
  upgrade: () => Promise.resolve(null),
}

export type Task = keyof typeof tasks

if (import.meta.main) {
  const [file, task] = process.argv.slice(2) as [string, Task]
  // All start together, once every one of them is loaded.
  process.stdout.write('ready\n')
  const lines = createInterface(process.stdin)
  await once(lines, 'line')
  lines.close()
  const store = await openDatabase(file, task === 'upgrade' ? withSecond : undefined)
  const answer = (await tasks[task](store.db)) ?? null
  await store.close()
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
