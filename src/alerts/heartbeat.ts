/** A sign of life after each good run: a service that misses it knows what nobody here could tell any more. */
import { Failure } from '../failures.ts'
import { ask, requestTo, type AskOptions } from './webhook.ts'

/** Asks for the address once (GET). Throws Failure `alert.heartbeat`, which names the host only: the address is a secret. */
export async function beat(address: string, options: AskOptions = {}): Promise<void> {
  const { url, headers } = requestTo(address)
  const answer = await ask(url, { headers }, options)
  if (!answer.ok) throw new Failure('alert.heartbeat', { host: url.host, reason: answer.reason })
}
