/** How much there is of everything, for /metrics: each answer is read from an index, and none names a person. */
import { sql } from 'kysely'
import { type DeliveryState, type EditionState, type SubscriptionState } from '../model.ts'
import { fromDate, toDate } from './columns.ts'
import { type Database } from './database.ts'

export interface Figures {
  /** That were ever collected. */
  articles: { source: string; count: number }[]
  deliveries: { state: DeliveryState; count: number }[]
  /** That could go out now. */
  due: { count: number; oldest?: Date }
  editions: { state: EditionState; count: number }[]
  subscriptions: { newsletter: string; state: SubscriptionState; count: number }[]
  /** Conditions that the operator was or will be told of, and that are not over. */
  alerts: number
  hub: {
    /** At our own hub. */
    subscriptions: number
    /** Of them, those that took nothing last time. */
    failing: number
    /** Requests whose subscribers have not said yet that they want this. */
    requests: number
    /** Sendings and pings that are not done. */
    due: number
    /** Files of whose change the hub could not be told last time. */
    pingsFailing: number
  }
}

export async function readFigures(db: Database, now: Date): Promise<Figures> {
  const articles = await db
    .selectFrom('article')
    .select(({ fn }) => ['sourceId as source', fn.countAll<number | string>().as('count')])
    .groupBy('sourceId')
    .orderBy('sourceId')
    .execute()
  const deliveries = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute()
  const editions = await db
    .selectFrom('edition')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute()
  const subscriptions = await db
    .selectFrom('subscription')
    .select(({ fn }) => ['newsletterId as newsletter', 'state', fn.countAll<number | string>().as('count')])
    .groupBy(['newsletterId', 'state'])
    .orderBy('newsletterId')
    .orderBy('state')
    .execute()
  const alerts = await db
    .selectFrom('alert')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('clearedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return {
    articles: articles.map(counted),
    deliveries: deliveries.map(counted),
    due: await readDue(db, now),
    editions: editions.map(counted),
    subscriptions: subscriptions.map(counted),
    alerts: Number(alerts.count),
    hub: await readHub(db),
  }
}

async function readHub(db: Database): Promise<Figures['hub']> {
  const count = async (from: 'hubSubscription' | 'hubRequest' | 'hubTopic', ...where: ('dueAt' | 'failingSince')[]) => {
    let rows = db.selectFrom(from).select(({ fn }) => fn.countAll<number | string>().as('count'))
    for (const column of where) rows = rows.where(sql.ref(column), 'is not', null)
    return Number((await rows.executeTakeFirstOrThrow()).count)
  }
  return {
    subscriptions: await count('hubSubscription'),
    // Who took nothing is due again, and of those that are due there is an index.
    failing: await count('hubSubscription', 'dueAt', 'failingSince'),
    requests: await count('hubRequest'),
    due: (await count('hubSubscription', 'dueAt')) + (await count('hubTopic', 'dueAt')),
    pingsFailing: await count('hubTopic', 'failingSince'),
  }
}

/** An edition at a time, of the few that go out just now: what waits in a paused one is not late. */
async function readDue(db: Database, now: Date): Promise<Figures['due']> {
  const { count, oldest } = await db
    .selectFrom('delivery')
    .select(({ fn }) => [fn.countAll<number | string>().as('count'), fn.min('dueAt').as('oldest')])
    .where('state', '=', 'due')
    .where('dueAt', '<=', fromDate(now))
    .where('editionId', 'in', (editions) =>
      editions.selectFrom('edition').select('id').where('state', 'in', ['ready', 'sending']),
    )
    .executeTakeFirstOrThrow()
  const moment = oldest as string | null
  return { count: Number(count), ...(moment !== null && { oldest: toDate(moment, 'delivery.due_at') }) }
}

/** PostgreSQL counts in bigint, which comes as text. */
function counted<Row extends { count: number | string }>(row: Row): Omit<Row, 'count'> & { count: number } {
  return { ...row, count: Number(row.count) }
}
