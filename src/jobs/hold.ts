/** Does a thing alone: under a lease that is renewed while the work goes on, and runs out when the process dies. */
import { type Log } from '../log.ts'
import { type Database } from '../store/database.ts'
import { dropLease, renewLease, takeLease } from '../store/leases.ts'

export interface HoldNeeds {
  db: Database
  now: () => Date
  log: Log
  /** Names this process; no other one that runs has the same. */
  worker: string
  /** How long after the last sign of life of a process that died another may go on. A minute if not given. */
  leaseMs?: number | undefined
}

const MINUTE_MS = 60_000

let taken = 0

/** What `work` gives; `busy` when somebody else is at it: another process, or this one. Throws what `work` throws. */
export async function hold<T>(needs: HoldNeeds, name: string, work: () => Promise<T>): Promise<{ did: T } | 'busy'> {
  const { db, now, log, worker, leaseMs = MINUTE_MS } = needs
  // One process may ask twice as well: the lease belongs to this one piece of work.
  const lease = { name, holder: `${worker}/${String((taken += 1))}` }
  if (!(await takeLease(db, lease, now(), leaseMs))) return 'busy'
  const heartbeat = setInterval(() => {
    renewLease(db, lease, now(), leaseMs)
      .then((isOurs) => {
        // After a long sleep of the machine, perhaps. What is done twice does no harm, and is worth knowing.
        if (!isOurs) log.warn({ job: name }, 'the lease ran out, and another process took it')
      })
      .catch((thrown: unknown) => log.warn({ job: name, err: thrown }, 'the lease could not be renewed'))
  }, leaseMs / 3)
  try {
    return { did: await work() }
  } finally {
    clearInterval(heartbeat)
    await dropLease(db, lease).catch((thrown: unknown) =>
      log.warn({ job: name, err: thrown }, 'the lease could not be given back; it runs out'),
    )
  }
}
