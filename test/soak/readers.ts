/** The readers of the soak test: they know the web and their mail, and come and go as chance has it. */
import assert from 'node:assert/strict'
import { type App } from '../../src/app.ts'
import { askFor, confirmationIn, leave, oneClickIn, parseMail, type Pages } from '../reader.ts'
import { type Chance } from './chance.ts'
import { type SoakClock } from './paper.ts'
import { type SoakRelay } from './relay.ts'

/** From a confirmation to a leave. */
export interface Stay {
  joinedAt: number
  /** How many messages the mail server had taken by then. */
  joinedAfter: number
  /** Articles first seen after this are new to the reader. */
  watermark: string
  leftAt?: number
  /** The same for the leave, and how many messages to this reader were begun and not answered. */
  leftAfter?: number
  begun?: number
}

export interface Reader {
  email: string
  stays: Stay[]
  askedAt?: number | undefined
  confirm?: string | undefined
  link?: string | undefined
}

/** An edition as a reader got it. */
export interface Received {
  to: string
  id: string
  /** How many messages were taken before it. */
  place: number
  /** Of the stories in it. */
  tokens: string[]
}

export interface Readers {
  all: Reader[]
  received: Received[]
  confirmations: string[]
  /** Everybody does what they feel like. */
  act(step: number, web: Pages, app: App): Promise<void>
  /** One of those who are on the list leaves at once; used in the middle of a delivery. */
  leaveNow(step: number, web: Pages, app: App): Promise<void>
  /** Reads what has come since. */
  read(): Promise<void>
}

const hour = 3_600_000

export function openReaders(count: number, chance: Chance, clock: SoakClock, relay: SoakRelay): Readers {
  const all = Array.from({ length: count }, (_, number): Reader => ({ email: `r${number}@reader.example`, stays: [] }))
  const received: Received[] = []
  const confirmations: string[] = []
  let read = 0
  const isIn = ({ stays }: Reader) => stays.length > 0 && stays.at(-1)!.leftAt === undefined

  const ask = async (reader: Reader, web: Pages) => {
    reader.askedAt = clock.ms
    assert.equal((await askFor(web, reader.email, () => (clock.ms += 10_000))).status, 200)
  }
  const confirm = async (reader: Reader, web: Pages, app: App) => {
    const path = reader.confirm!
    reader.confirm = undefined
    reader.askedAt = undefined
    assert.equal((await web.request(path)).status, 200)
    assert.equal((await web.request(path, { method: 'POST' })).status, 200)
    const row = await app.db
      .selectFrom('subscription')
      .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriberId')
      .select(['state', 'watermark'])
      .where('email', '=', reader.email)
      .executeTakeFirstOrThrow()
    // A link that lay for a week is over: they ask once more.
    if (row.state === 'active') {
      reader.stays.push({ joinedAt: clock.ms, joinedAfter: relay.taken.length, watermark: row.watermark })
    }
  }
  const goAway = async (reader: Reader, web: Pages, app: App) => {
    assert.equal((await leave(web, reader.link!)).status, 200)
    const begun = await app.db
      .selectFrom('delivery')
      .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriberId')
      .select('delivery.id')
      .where('email', '=', reader.email)
      .where('state', '=', 'sending')
      .execute()
    Object.assign(reader.stays.at(-1)!, { leftAt: clock.ms, leftAfter: relay.taken.length, begun: begun.length })
  }

  return {
    all,
    received,
    confirmations,
    async act(step, web, app) {
      for (const reader of all) {
        const { email, askedAt } = reader
        const draw = chance.draw('reader', email, step)
        if (isIn(reader)) {
          if (reader.link !== undefined && draw < 0.008) await goAway(reader, web, app)
        } else if (reader.confirm !== undefined) {
          if (draw < 0.3) await confirm(reader, web, app)
        } else if (askedAt === undefined ? draw < 0.03 : clock.ms - askedAt > 26 * hour) await ask(reader, web)
      }
    },
    async leaveNow(step, web, app) {
      const some = all.filter((reader) => isIn(reader) && reader.link !== undefined)
      if (some.length > 0) await goAway(chance.pick(some, 'leaves now', step), web, app)
    },
    async read() {
      for (; read < relay.taken.length; read += 1) {
        const { to, id, raw } = relay.taken[read]!
        const reader = all.find(({ email }) => email === to)
        assert(reader !== undefined, `a mail came to ${to}, who never asked for one`)
        const path = await confirmationIn(raw)
        if (path !== undefined) {
          confirmations.push(id)
          if (!isIn(reader)) reader.confirm = path
          continue
        }
        reader.link = await oneClickIn(raw)
        const { text = '' } = await parseMail(raw)
        received.push({ to, id, place: read, tokens: [...new Set(text.match(/\bs\d+x\b/g))] })
      }
    },
  }
}
