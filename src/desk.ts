/** What the messages of one edition have in common, and each reader's message made from it. */
import { unsubscribeAddress, type Addresses } from './addresses.ts'
import { Failure } from './failures.ts'
import { buildMessage } from './mail/message.ts'
import { type Message } from './contracts.ts'
import { type Delivery, type Edition, type Newsletter, type SigningKey, type Site } from './model.ts'
import { personalizer } from './newsletters/personalize.ts'
import { type Database } from './store/database.ts'
import { countDeliveries } from './store/deliveries.ts'
import { editionById, setEditionState } from './store/editions.ts'
import { subscriberById } from './store/subscribers.ts'
import { signUnsubscribe } from './subscribers/token.ts'

/** One edition that is going out. */
export interface Desk {
  edition: Edition
  newsletter: Newsletter
  slices: Map<string, { subject: string; fill: ReturnType<typeof personalizer> }>
  /** How many of its messages have been seen to, of how many. */
  done: number
  total: number
}

/** Reads an edition, which then is `sending`. Throws Failure `usage.unknown` when its newsletter is no longer in the config. */
export async function readDesk(
  { db, newsletters }: { db: Database; newsletters: Newsletter[] },
  editionId: string,
): Promise<Desk> {
  const edition = await editionById(db, editionId)
  if (edition === undefined) throw new Failure('edition.failed', { edition: editionId, reason: 'no such edition' })
  const newsletter = newsletters.find(({ id }) => id === edition.newsletterId)
  if (newsletter === undefined)
    throw new Failure('usage.unknown', { newsletter: edition.newsletterId, edition: editionId })
  await setEditionState(db, editionId, 'sending', ['ready'])
  const { due, claimed, sending } = await countDeliveries(db, editionId)
  const slices = new Map(
    edition.slices.map(({ id, subject, ...slice }) => [id, { subject, fill: personalizer(slice) }]),
  )
  return { edition, newsletter, slices, done: 0, total: due + claimed + sending }
}

/** One reader's message, the same at every attempt. Throws Failure `edition.failed`, or those of `buildMessage`. */
export async function writeMessage(
  { db, site, addresses, key }: { db: Database; site: Site; addresses: Addresses; key: SigningKey },
  { edition, newsletter, slices }: Desk,
  delivery: Delivery,
): Promise<Message> {
  const { subscriberId, sliceId } = delivery
  const slice = slices.get(sliceId)
  const subscriber = await subscriberById(db, subscriberId)
  if (slice === undefined || subscriber === undefined) {
    const reason = slice ? 'no such subscriber' : 'no such slice'
    throw new Failure('edition.failed', { edition: edition.id, reason })
  }
  const token = signUnsubscribe(key, { subscriberId, newsletterId: newsletter.id })
  const unsubscribe = unsubscribeAddress(addresses, token)
  const content = { subject: slice.subject, ...slice.fill({ unsubscribe, email: subscriber.email }) }
  return buildMessage({ delivery, edition, newsletter, subscriber, content, unsubscribe, language: site.language })
}
