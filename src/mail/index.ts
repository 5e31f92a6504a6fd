/** The transport that the config asks for: its mail servers in order, or the built-in mailbox where it names none. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Log } from '../log.ts'
import { type Transport } from '../contracts.ts'
import { openFailover } from './failover.ts'
import { openMailbox } from './mailbox.ts'
import { type MailOptions } from './options.ts'
import { openLimit, type Clock } from './pace.ts'
import { type Timeouts } from './session.ts'
import { openSmtp, type Smtp } from './smtp.ts'

export interface MailNeeds {
  /** Where the built-in mailbox keeps its mails. */
  directory: string
  /** What this machine calls itself before other mail servers. */
  name?: string | undefined
  log: Log
  clock?: Clock
  timeouts?: Timeouts | undefined
  /** Certificates to trust beside those of the system, as PEM. */
  ca?: string | undefined
}

/** The process's own clock: it never goes back, and a wait ends early without an error. */
export const ownClock: Clock = {
  now: () => performance.now(),
  wait: (ms, stop) => wait(ms, undefined, stop && { signal: stop }).catch(() => undefined),
}

export function openTransport(options: MailOptions | undefined, needs: MailNeeds): Transport {
  const servers = openServers(options, needs)
  if (servers.length === 0) return openMailbox(needs.directory)
  const { now } = needs.clock ?? ownClock
  return openFailover(servers, { now, log: needs.log })
}

/** Each mail server of the config alone, for whoever looks at them one by one. */
export function openServers(options: MailOptions | undefined, needs: MailNeeds): Smtp[] {
  const limits = new Map(Object.entries(options?.domains ?? {}).map(([domain, rate]) => [domain, openLimit(rate)]))
  const shared = { ...needs, clock: needs.clock ?? ownClock, limitOf: (domain: string) => limits.get(domain) }
  return (options?.transports ?? []).map((each) => openSmtp(each, shared))
}
