/** An edition that may go out gets a due delivery for each of its readers. */
import { Failure } from './failures.ts'
import { type Log } from './log.ts'
import { type Report } from './contracts.ts'
import { type Edition } from './model.ts'
import { transact, type Database } from './store/database.ts'
import { countDeliveries, openDeliveries } from './store/deliveries.ts'
import { editionById, lockEditionState, setEditionState } from './store/editions.ts'
import { audienceOf, moveWatermark, nextAudience } from './store/audiences.ts'

/** What releasing is given. */
export interface ReleaseNeeds {
  db: Database
  now: () => Date
  log: Log
  report?: Report | undefined
}

/** Readers whose deliveries are opened, and whose watermarks are moved, in one transaction. */
const readersAtOnce = 500

/**
 * Opens a delivery to each reader of each slice of an edition that is being composed, and moves their watermarks, in
 * pieces, each whole or not at all. Taken up again after a crash, or run by two processes at once, it goes on where the
 * pieces stopped; called off meanwhile, it ends. Gives how many readers the edition has.
 */
export async function release(needs: ReleaseNeeds, edition: Edition): Promise<number> {
  const { db, log, report } = needs
  const { newsletterId } = edition
  const total = await audienceOf(db, edition)
  let done = 0
  for (const slice of edition.slices) {
    for (;;) {
      const taken = await transact(db, async (trx) => {
        // An edition that another process finished or called off in between is left as it is.
        if ((await lockEditionState(trx, edition.id)) !== 'composing') return 0
        const { after: watermark, until } = slice
        const readers = await nextAudience(trx, {
          newsletterId,
          watermark,
          until,
          since: edition.composedAt,
          limit: readersAtOnce,
        })
        const subscriberIds = readers.map(({ subscriberId }) => subscriberId)
        await openDeliveries(trx, edition.id, slice.id, subscriberIds, needs.now())
        await moveWatermark(trx, subscriberIds, newsletterId, slice.upTo)
        return subscriberIds.length
      })
      if (taken === 0) break
      done += taken
      report?.({ verb: 'compose', id: newsletterId, done, total: Math.max(total, done) })
    }
  }
  // Another process may have finished it meanwhile, and a third be sending it: it must not be set back.
  const isReady = await setEditionState(db, edition.id, 'ready', ['composing'])
  const readers = Object.values(await countDeliveries(db, edition.id)).reduce((sum, count) => sum + count, 0)
  const { id, number, articleIds } = edition
  const facts = { newsletter: newsletterId, edition: id, number, articles: articleIds.length, readers }
  if (isReady) log.info(facts, 'edition composed')
  return readers
}

/**
 * An editor's yes to a draft: it goes to the readers that it was composed for, less those who left since; who came since
 * waits for the next one. Tells whether it was this yes that let it go. A second one only finishes what the first began.
 * Throws Failure `edition.state` when the edition was called off.
 */
export async function approve(needs: ReleaseNeeds, edition: Edition): Promise<{ changed: boolean; readers: number }> {
  const changed = await setEditionState(needs.db, edition.id, 'composing', ['draft'])
  const { state, newsletterId, number } = (await editionById(needs.db, edition.id)) ?? edition
  if (state === 'cancelled') throw new Failure('edition.state', { edition: `${newsletterId}/${number}`, state })
  return { changed, readers: await release(needs, edition) }
}
