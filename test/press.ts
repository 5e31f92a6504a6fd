/** A small newsroom for tests of composing and delivering: a database, a newsletter, readers, and a count of mails. */
import { appendFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type KyselyPlugin } from 'kysely'
import { publicAddresses } from '../src/addresses.ts'
import { readTemplates } from '../src/disk/templates.ts'
import { openLog } from '../src/log.ts'
import { openTransport, type MailNeeds } from '../src/mail/index.ts'
import { type Message, type Transport } from '../src/contracts.ts'
import { type Article, type Edition, type Newsletter, type SafeHtml, type Site } from '../src/model.ts'
import { marks } from '../src/newsletters/personalize.ts'
import { saveArticle } from '../src/store/articles.ts'
import { transact, type Database } from '../src/store/database.ts'
import { openDeliveries } from '../src/store/deliveries.ts'
import { addEdition } from '../src/store/editions.ts'
import { subscribe } from '../src/store/subscribers.ts'

/** So many minutes past noon on 14 July 2026. */
export const at = (minutes: number): Date => new Date(Date.UTC(2026, 6, 14, 12, minutes))

export const epoch = new Date(0)

export const site: Site = {
  title: 'The Harbour Gazette',
  url: 'https://gazette.example/',
  language: 'en-GB',
  timezone: 'Europe/London',
  editor: { name: 'The Editors', email: 'editor@gazette.example' },
  colour: '#0b4f6c',
  address: '1 Quay Street, Harbour HB1 2AA',
}

export const addresses = publicAddresses('https://news.gazette.example')

export const daily: Newsletter = {
  id: 'daily',
  title: 'The Daily Gazette',
  from: 'The Harbour Gazette <daily@news.gazette.example>',
  where: {},
  articles: { min: 1, max: 12 },
  first: 'next',
  subject: '{{ lead.title }}',
  template: 'digest',
}

export const silent = openLog('silent', false)

export const templates = readTemplates([fileURLToPath(new URL('../templates', import.meta.url))])

export function article(id: string, firstSeenAt: Date, changes: Partial<Article> = {}): Article {
  return {
    id,
    sourceId: 'main',
    url: `https://gazette.example/news/${id}`,
    title: `The story of ${id}`,
    authors: ['Ada Moor'],
    html: `<p>What happened to ${id}.</p>` as SafeHtml,
    text: `What happened to ${id}.`,
    excerpt: `What happened to ${id}.`,
    topics: ['news'],
    images: [],
    enclosures: [],
    hash: `hash-${id}`,
    firstSeenAt,
    ...changes,
  }
}

export async function save(db: Database, ...articles: Article[]): Promise<void> {
  for (const one of articles) await saveArticle(db, one, [`url:${one.url}`], new URL(one.url).pathname)
}

export async function addReader(db: Database, name: string, watermark: Date, since = epoch, newsletterId = 'daily') {
  const email = `${name}@reader.example`
  const wish = { email, key: email, newsletterId, watermark, now: since, path: 'cli', evidence: 'asked in the shop' }
  return (await subscribe(db, wish)).subscriber
}

export async function addReaders(db: Database, count: number, watermark: Date): Promise<string[]> {
  return transact(db, async (trx) => {
    const ids: string[] = []
    for (let number = 0; number < count; number++) ids.push((await addReader(trx, `reader${number}`, watermark)).id)
    return ids
  })
}

export function edition(changes: Partial<Edition> = {}): Edition {
  const content = {
    subject: 'Ferry back on Monday',
    html: `<!doctype html><p>It sails.</p><a href="${marks.unsubscribe}">Unsubscribe ${marks.email}</a>`,
    text: `It sails.\n\nUnsubscribe: ${marks.unsubscribe}\n`,
  }
  return {
    id: 'edition1',
    newsletterId: 'daily',
    number: 1,
    state: 'ready',
    composedAt: at(0),
    from: daily.from,
    slices: [{ id: 's1', after: epoch, upTo: at(0), articleIds: ['a1'], ...content }],
    articleIds: ['a1'],
    ...changes,
  }
}

/** An edition that is ready, with a due delivery to each of so many readers; gives the ids of the readers. */
export async function addDueEdition(db: Database, readers: number, changes: Partial<Edition> = {}): Promise<string[]> {
  const due = edition(changes)
  await addEdition(db, due)
  const ids = await addReaders(db, readers, at(0))
  await openDeliveries(db, due.id, 's1', ids, at(0))
  return ids
}

/** Who is delivered to and what became of it: state by address. */
export async function ledger(db: Database, editionId = 'edition1'): Promise<Record<string, string>> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriberId')
    .select(['email', 'state'])
    .where('editionId', '=', editionId)
    .orderBy('email')
    .execute()
  return Object.fromEntries(rows.map(({ email, state }) => [email.replace('@reader.example', ''), state]))
}

/** Notes each message in a file, one line, the moment its body is written: a mailbox alone would hide a second copy. */
export function counting(transport: Transport, file: string, around?: { before?(): void; after?(): void }): Transport {
  const counted = (send: Transport['send']) => async (message: Message) => {
    around?.before?.()
    appendFileSync(file, `${message.to}\n`)
    const outcome = await send(message)
    around?.after?.()
    return outcome
  }
  const reserve: Transport['reserve'] = async (envelope, stop) => {
    const turn = (await transport.reserve?.(envelope, stop)) ?? 'down'
    return typeof turn === 'string' ? turn : { ...turn, send: counted((message) => turn.send(message)) }
  }
  return {
    ...transport,
    send: counted((message) => transport.send(message)),
    ...(transport.reserve !== undefined && { reserve }),
  }
}

/** A transport through the mail server on this port. */
export function openRelay(port: number, more: Partial<MailNeeds> = {}, connections = 4): Transport {
  const url = { host: '127.0.0.1', port, tls: 'off' as const, verifies: false }
  const options = { transports: [{ id: 'relay', url, connections }], domains: {} }
  return openTransport(options, { directory: 'nowhere', log: silent, ...more })
}

/** To whom bodies were written, by `counting`. */
export function countedIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}

/** Tells of every statement: `before` it runs, with its kind such as `InsertQueryNode`, and `after` it ran, within whatever transaction it is part of. */
export function watched(db: Database, told: (instant: 'before' | 'after', kind: string) => void): Database {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      told('before', node.kind)
      return node
    },
    async transformResult({ result }) {
      told('after', '')
      return result
    },
  }
  return db.withPlugin(plugin)
}

/** What `press-child.ts` is asked to do. */
export interface Errand {
  /** `approve` says yes to every draft. */
  verb: 'compose' | 'deliver' | 'approve'
  database: string
  mails: string
  /** Deliver through the mail server on this port instead. */
  smtp?: number
  /** Where bodies are counted. */
  counted: string
  worker: string
  /** ISO-8601. */
  now: string
  /**
   * The instant and how many of its kind go before it: `before` or `after` a statement to the database (after it, and
   * before what commits it), at the `body` of a message, not written yet, or at its `answer`, the body being written.
   */
  kill?: { instant: 'before' | 'after' | 'body' | 'answer'; number: number }
}
