/** Opens sockets only to addresses that were checked: what a name resolved to is judged, and nothing else connected to. */
import { lookup, type LookupAddress } from 'node:dns'
import { type LookupFunction, type Socket } from 'node:net'
import { buildConnector } from 'undici'
import { describe, Failure } from '../failures.ts'
import { isAllowed, isLiteral, isPublic, type Allowed } from './guard.ts'

/** Every address that a name has now. Rejects when it has none. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>

export type Connector = buildConnector.connector

/** Opens the socket itself; its `lookup` is all that it may ask for addresses. */
export type Dial = (lookup: LookupFunction, timeoutMs: number) => Connector

export interface ConnectOptions {
  allowed: Allowed
  timeoutMs: number
  resolve?: Resolve
  dial?: Dial
}

/** The resolver of the machine: its hosts file too. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses)
      else reject(error)
    })
  })

/** Slow networks need more than the quarter of a second that Node gives each address before it tries the next one. */
const ATTEMPT_MS = 2_000

const dialWithUndici: Dial = (lookup, timeoutMs) =>
  buildConnector({
    allowH2: false,
    timeout: timeoutMs,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
  })

/**
 * A connector for undici. The name is resolved once, here, and the socket is handed what came of it: a second answer of
 * the name server (DNS rebinding) is never asked for. What the socket ended at is checked again before a byte is written.
 */
export function guardedConnector(options: ConnectOptions): Connector {
  const { allowed, timeoutMs, resolve = systemResolve, dial = dialWithUndici } = options
  return (target, callback) => {
    const mayBePrivate = isAllowed(allowed, target)
    const began = performance.now()
    addressesOf(target.hostname, mayBePrivate, resolve, timeoutMs).then(
      (addresses) => {
        const left = Math.max(1, timeoutMs - (performance.now() - began))
        dial(answering(addresses), left)(target, (error, socket) => {
          if (error !== null) {
            callback(error, null)
            return
          }
          const refused = mayBePrivate ? undefined : privateEnd(socket, target.hostname)
          if (refused === undefined) {
            callback(null, socket)
            return
          }
          socket.destroy()
          callback(refused, null)
        })
      },
      (thrown: unknown) => {
        callback(thrown instanceof Error ? thrown : new Error(describe(thrown)), null)
      },
    )
  }
}

async function addressesOf(
  hostname: string,
  mayBePrivate: boolean,
  resolve: Resolve,
  timeoutMs: number,
): Promise<LookupAddress[]> {
  const found = isLiteral(hostname)
    ? [{ address: hostname, family: hostname.includes(':') ? 6 : 4 }]
    : await inTime(resolve(hostname), hostname, timeoutMs)
  if (found.length === 0) throw new Failure('http.resolve', { host: hostname })
  const good = mayBePrivate ? found : found.filter(({ address }) => isPublic(address))
  if (good.length === 0) throw new Failure('http.private', { host: hostname, address: found[0]?.address })
  return good
}

async function inTime(answer: Promise<LookupAddress[]>, hostname: string, timeoutMs: number): Promise<LookupAddress[]> {
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Failure('http.timeout', { host: hostname, phase: 'looking up its address', ms: timeoutMs }))
      }, timeoutMs)
    })
    return await Promise.race([answer, late])
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('http.resolve', { host: hostname, reason: describe(thrown) }, thrown)
  } finally {
    clearTimeout(timer)
  }
}

/** A lookup that knows only these addresses. */
function answering(addresses: LookupAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses
    if (all === true) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family)
  }
}

function privateEnd(socket: Socket, host: string): Failure | undefined {
  const address = socket.remoteAddress
  return address !== undefined && isPublic(address) ? undefined : new Failure('http.private', { host, address })
}
