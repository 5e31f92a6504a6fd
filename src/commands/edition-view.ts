/** How an edition is told of, to a person and as JSON. */
import { type FailureReport } from '../failures.ts'
import { type DeliveryState, type Edition, type EditionState } from '../model.ts'
import { type Database } from '../store/database.ts'
import { countDeliveries } from '../store/deliveries.ts'
import { editionById } from '../store/editions.ts'
import { type UncertainDelivery } from '../store/reconcile.ts'
import { audienceOf } from '../store/audiences.ts'
import { columns } from '../terminal.ts'

/** An edition as results tell of it. */
export interface Told {
  id: string
  newsletter: string
  number: number
  state: EditionState
  subject: string
  composedAt: Date
  doneAt?: Date
  articles: number
  /** Of a draft, those who would get it now. */
  readers: number
  deliveries: Record<DeliveryState, number>
  heldFor?: FailureReport
}

/** The edition as it is now. */
export async function tell(db: Database, known: Edition): Promise<Told> {
  const edition = (await editionById(db, known.id)) ?? known
  const { id, state, composedAt, doneAt, heldFor, articleIds, slices } = edition
  const deliveries = await countDeliveries(db, id)
  const readers =
    state === 'draft' ? await audienceOf(db, edition) : Object.values(deliveries).reduce((sum, some) => sum + some, 0)
  return {
    id,
    ...toName(edition),
    state,
    subject: slices.at(-1)?.subject ?? '',
    composedAt,
    ...(doneAt && { doneAt }),
    articles: articleIds.length,
    readers,
    deliveries,
    ...(heldFor && { heldFor }),
  }
}

export const toName = ({ newsletterId, number }: Edition) => ({ newsletter: newsletterId, number })

export const nameOf = ({ newsletter, number }: Pick<Told, 'newsletter' | 'number'>): string => `${newsletter}/${number}`

/** To the minute, in UTC, as logs have it. */
export function minuteOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')}Z`
}

export function showCounts(deliveries: Record<DeliveryState, number>): string {
  return (Object.keys(deliveries) as DeliveryState[])
    .filter((state) => deliveries[state] > 0)
    .map((state) => `${deliveries[state]} ${state}`)
    .join(', ')
}

export function showHeld(edition: Told, { says, details }: FailureReport): string {
  const name = nameOf(edition)
  const numbers = (['articles', 'readers'] as const).flatMap((what) => {
    const usual = details[what === 'articles' ? 'usualArticles' : 'usualReaders']
    return details[what] === undefined ? [] : [`${details[what]} ${what} where ${usual ?? 0} are usual`]
  })
  return [
    `${name} waits: ${[says, ...numbers].join('; ')}`,
    `  yes → broadsheet editions approve ${name}`,
    `  no  → broadsheet editions cancel ${name} [--keep-articles]`,
  ].join('\n')
}

export function showUncertain(name: string, uncertain: (UncertainDelivery & { messageId: string })[]): string {
  return [
    'Nobody knows whether these arrived:',
    columns(uncertain.map(({ email, messageId, reason = '' }) => ['', email, messageId, reason])),
    `  → look for them in the log of the mail server, then: broadsheet editions reconcile ${name} --submitted ADDRESS`,
  ].join('\n')
}
