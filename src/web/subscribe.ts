/** `/subscribe`: the form that asks for newsletters, and the answer to it, which is the same whoever is on the list. */
import { subscribeAddress } from '../addresses.ts'
import { Failure } from '../failures.ts'
import { type Address, type Newsletter, type SigningKey } from '../model.ts'
import { signUp } from '../sign-up.ts'
import { countAttempt } from '../store/sign-ups.ts'
import { signingKeys } from '../store/signing-keys.ts'
import { parseAddress } from '../subscribers/address.ts'
import { formWordsFor, shortAgent, wordingFor, type FormWords, type Wording } from '../subscribers/consent.ts'
import { type Network } from '../subscribers/network.ts'
import { fingerprint } from '../subscribers/token.ts'
import { afterAnswer, ageOfForm, isFromElsewhere, networkAt, readFields, sealForm, trapField } from './forms.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { type View } from './view.ts'

/** What `web/sign-up.html` shows. */
export interface SignUpForm {
  action: string
  token: string
  trap: string
  words: FormWords
  wording: Wording
  email: string
  newsletters: { id: string; title: string; topics: string[]; isChosen: boolean }[]
  /** Whether there is something to choose. */
  several: boolean
}

interface Typed {
  email?: string
  chosen?: string[]
}

const hour = 60 * 60_000

/**
 * Requests of one network in an hour. A proxy in front of us stands on this machine or beside it, and everybody comes
 * from there: then this is only a limit to floods, and the one of each address does the rest.
 */
const requestsAnHour = { network: 30, proxy: 600 }

/** Requests with one and the same form in a day: a page out of a cache may well serve several people, but no crowd. */
const requestsAForm = 30

/** Referrer-Policy `no-referrer` would have browsers send `Origin: null` with the form (Fetch, section 3.2). */
export const formHeaders = { 'Referrer-Policy': 'same-origin' }

const faults = {
  address: 'That does not look like an e-mail address. It should read like name@host.example.',
  choice: 'Please choose at least one newsletter.',
  early: 'That was faster than a person can be. If you are one, please press the button once more.',
  late: 'This page lay open for more than a day. Please press the button once more.',
  foreign: 'This form has changed since it was shown. Please read it again, and press the button once more.',
  worn: 'This form was used many times today. Please press the button once more.',
  body: 'Nothing arrived that we could read. Please fill in the form here.',
}

type Fault = keyof typeof faults

/** The form, fresh; undefined while there is nothing to subscribe to. */
export async function signUpForm(
  needs: Needs,
  view: View,
  c: WebContext,
  typed: Typed,
): Promise<SignUpForm | undefined> {
  const { site, newsletters, addresses } = needs
  if (newsletters.length === 0) return undefined
  const now = needs.now()
  const key = newest(await signingKeys(needs.db, now))
  const wording = wordingFor(site.language, site.title, newsletters)
  return {
    action: view.place(c).href(subscribeAddress(addresses)),
    token: sealForm(key, 'subscribe', wording.text, now),
    trap: trapField,
    words: formWordsFor(site.language),
    wording,
    email: (typed.email ?? '').slice(0, 320),
    newsletters: newsletters.map(({ id, title, where }) => ({
      id,
      title,
      topics: where.topics ?? [],
      isChosen: typed.chosen?.includes(id) ?? newsletters.length === 1,
    })),
    several: newsletters.length > 1,
  }
}

export function showSubscribe(needs: Needs, view: View): Page {
  return (c) => showForm(needs, view, c, {})
}

/** Everything is decided from the form alone. Who is on the list is first looked up when the answer is on its way. */
export function subscribe(needs: Needs, view: View): Page {
  return async (c) => {
    if (isFromElsewhere(c, needs.addresses.server)) {
      const words = 'A page of another site sent this form, and nothing was done. You can subscribe on our own page.'
      return view.message(c, 'That came from elsewhere', words, { status: 403 })
    }
    const fields = await readFields(c)
    if (fields === undefined) return showForm(needs, view, c, {}, 'body')
    const typed = { email: fields.get('email') ?? '', chosen: fields.getAll('newsletter') }
    const keys = await signingKeys(needs.db, needs.now())
    const asked = readRequest(needs, keys, fields, typed)
    if (typeof asked === 'string') return showForm(needs, view, c, typed, asked)

    if ((fields.get(trapField) ?? '') === '') {
      const here = networkAt(c)
      const refused = await countRequest(needs, keys, here, fields.get('form') ?? '')
      if (refused === 'network') return tooMany(c, view)
      if (refused === 'form') return showForm(needs, view, c, typed, 'worn')
      const evidence = { ...fingerprintOf(keys, here), agent: shortAgent(c.req.header('user-agent')) }
      await afterAnswer(c, () => signUp(needs, { ...asked, ...evidence }))
    } else {
      needs.log.info('a sign-up came with the field filled in that no person sees; it was answered, and dropped')
    }
    const data = {
      state: 'sent',
      email: typed.email.trim(),
      titles: asked.newsletters.map(({ title }) => title),
      again: view.place(c).href(subscribeAddress(needs.addresses)),
    }
    return view.page(c, 'subscribe', data, { title: 'Look into your mail', private: true })
  }
}

/** What the form asks for, or what is wrong with it. */
function readRequest(
  { site, newsletters, now }: Needs,
  keys: SigningKey[],
  fields: URLSearchParams,
  typed: Required<Typed>,
): { address: Address; newsletters: [Newsletter, ...Newsletter[]]; wording: Wording } | Fault {
  // The token holds for the wording that was shown: what is kept as agreed to was really read.
  const wording = wordingFor(site.language, site.title, newsletters)
  const age = ageOfForm(keys, 'subscribe', wording.text, fields.get('form') ?? '', now())
  if (age !== 'fresh') return age
  const [first, ...more] = newsletters.filter(({ id }) => typed.chosen.includes(id))
  if (first === undefined) return 'choice'
  try {
    return { address: parseAddress(typed.email), newsletters: [first, ...more], wording }
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'subscriber.address') return 'address'
    throw thrown
  }
}

/** Counts a request against what its network and its form may ask for; says which of them asked too often. */
async function countRequest(
  { db, now }: Needs,
  keys: SigningKey[],
  network: Network | undefined,
  token: string,
): Promise<'network' | 'form' | undefined> {
  const time = now()
  const limit = network?.isPublic === true ? requestsAnHour.network : requestsAnHour.proxy
  const bucket = `network:${fingerprint(newest(keys), 'network', network?.name ?? '')}`
  const since = new Date(time.getTime() - hour)
  if (!(await countAttempt(db, { bucket, now: time, since, limit }))) return 'network'
  // The end of a token is its signature: no two forms have the same, unless they are copies of one.
  const form = { bucket: `form:${token.slice(-43)}`, now: time, since: new Date(time.getTime() - 25 * hour) }
  return (await countAttempt(db, { ...form, limit: requestsAForm })) ? undefined : 'form'
}

/** The network as evidence: a keyed hash, and none where it would be our own proxy's. */
function fingerprintOf(keys: SigningKey[], network: Network | undefined): { network?: string } {
  return network?.isPublic === true ? { network: fingerprint(newest(keys), 'network', network.name) } : {}
}

async function showForm(needs: Needs, view: View, c: WebContext, typed: Typed, fault?: Fault): Promise<Response> {
  const form = await signUpForm(needs, view, c, typed)
  if (form === undefined) {
    return view.message(c, 'There is nothing to subscribe to', 'This paper has no newsletter.', { status: 404 })
  }
  const data = { state: 'form', form, fault: fault && faults[fault] }
  return view.page(c, 'subscribe', data, {
    title: 'Subscribe',
    headers: formHeaders,
    ...(fault === undefined ? { canonical: subscribeAddress(needs.addresses) } : { status: 400, private: true }),
  })
}

function tooMany(c: WebContext, view: View): Promise<Response> {
  const words = 'Many requests came from your network within an hour. Please try again a little later.'
  return view.message(c, 'Just a moment', words, { status: 429, headers: { 'Retry-After': '3600' } })
}

function newest([key]: SigningKey[]): SigningKey {
  if (key === undefined) throw new Failure('database.unusable', { reason: 'it holds no signing key' })
  return key
}
