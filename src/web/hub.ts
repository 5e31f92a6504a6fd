/** `/hub`: our own hub, where whoever follows a feed asks to be told of its news (W3C Recommendation WebSub). */
import { join } from 'node:path'
import { documentAt } from '../hub/documents.ts'
import { leases, readRequest, type Asked } from '../hub/subscribing.ts'
import { countFollowers, isFollower, putRequest } from '../store/hub-subscriptions.ts'
import { countAttempt } from '../store/sign-ups.ts'
import { signingKeys } from '../store/signing-keys.ts'
import { fingerprint } from '../subscribers/token.ts'
import { networkAt, readFields } from './forms.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { openFile } from './shelf.ts'
import { type View } from './view.ts'

const hour = 60 * 60_000

/** Requests of one network in an hour: a reader of many feeds asks once for each. */
const requestsAnHour = 600

/** Subscriptions at one host and at all, and requests of one host whose subscribers have not answered yet. */
const most = { atHost: 1000, all: 50_000, waiting: 200 }

export function showHub(view: View): Page {
  return (c) =>
    view.message(
      c,
      'This is where feeds tell their news',
      `Programs subscribe to a feed here, by a POST as WebSub has it, for ${leases.usual / 86_400} days at a time.`,
      { status: 200 },
    )
}

/**
 * Takes a request for what the subscriber is to confirm (202), or says in plain words what is wrong with it. Nothing is
 * asked of the subscriber before the answer: how long that takes tells nothing, and holds nothing up.
 */
export function takeRequest(needs: Needs): Page {
  return async (c) => {
    const fields = await readFields(c)
    if (fields === undefined) return say(c, 400, 'a form is wanted, as application/x-www-form-urlencoded')
    const asked = readRequest(fields)
    if (typeof asked === 'string') return say(c, 400, asked)
    if (!(await isPublished(needs, asked.topic))) return say(c, 404, 'hub.topic is not the address of a feed of ours')
    if (!(await isWithinRate(needs, c))) {
      c.header('Retry-After', '3600')
      return say(c, 429, 'too many requests came from your network within an hour')
    }
    const refused = await whatIsTooMuch(needs, asked)
    if (refused !== undefined) return say(c, 403, refused)
    await putRequest(needs.db, asked, needs.now())
    return say(c, 202, 'the callback will be asked whether it wants this')
  }
}

function say(c: WebContext, status: 202 | 400 | 403 | 404 | 429, words: string): Response {
  return c.text(`${words}\n`, status, { 'Cache-Control': 'no-store' })
}

async function isPublished({ addresses, feeds, publishDirectory }: Needs, topic: string): Promise<boolean> {
  const document = documentAt(addresses, feeds, topic)
  const file = document && (await openFile(join(publishDirectory, document.feedId, document.file)))
  await file?.close()
  return file !== undefined
}

async function isWithinRate({ db, now }: Needs, c: WebContext): Promise<boolean> {
  const time = now()
  const [key] = await signingKeys(db, time)
  if (key === undefined) return false
  const bucket = `hub:${fingerprint(key, 'network', networkAt(c)?.name ?? '')}`
  return countAttempt(db, { bucket, now: time, since: new Date(time.getTime() - hour), limit: requestsAnHour })
}

/** Who only renews, or leaves, is never too much. */
async function whatIsTooMuch({ db }: Needs, asked: Asked): Promise<string | undefined> {
  const { all, atHost, waiting } = await countFollowers(db, asked.host)
  if (waiting >= most.waiting) return 'too many requests for this host wait for its word'
  if (asked.mode === 'unsubscribe' || (await isFollower(db, asked))) return undefined
  if (atHost >= most.atHost) return 'there are too many subscriptions at this host'
  return all >= most.all ? 'this hub takes no more subscriptions' : undefined
}
