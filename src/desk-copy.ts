/** The editor's own copy of each edition, as long as nobody else gets one and no mail leaves the house. */
import { type Log } from './log.ts'
import { type Transport } from './contracts.ts'
import { type Newsletter, type Site } from './model.ts'
import { type Database } from './store/database.ts'
import { countSubscriptions, subscribe } from './store/subscribers.ts'
import { parseAddress } from './subscribers/address.ts'

export interface DeskCopyNeeds {
  db: Database
  site: Site
  newsletters: Newsletter[]
  transport: Pick<Transport, 'id'>
  now: () => Date
  log: Log
}

/**
 * While mails go no further than the built-in mailbox, a newsletter that never had a reader gets the paper's editor as
 * one, so that a new paper has somebody to show its editions to. Gives the newsletters where that was done.
 */
export async function ensureDeskCopies(needs: DeskCopyNeeds): Promise<string[]> {
  const { db, site, transport, log } = needs
  if (transport.id !== 'mailbox' || site.editor?.email === undefined) return []
  const address = parseAddress(site.editor.email)
  const made: string[] = []
  for (const { id, first } of needs.newsletters) {
    const counts = await countSubscriptions(db, id)
    // Ended ones count: an editor who left, or an operator who removed the copy, is taken at their word.
    if (counts.pending + counts.active + counts.ended > 0) continue
    const now = needs.now()
    await subscribe(db, {
      ...address,
      newsletterId: id,
      watermark: first === 'now' ? new Date(0) : now,
      now,
      path: 'desk-copy',
      evidence: 'site.editor.email in broadsheet.yaml: the editor’s own copy, kept in the built-in mailbox',
    })
    log.info({ newsletter: id }, 'the editor gets a desk copy')
    made.push(id)
  }
  return made
}
