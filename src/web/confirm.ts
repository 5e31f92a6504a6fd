/** `/confirm/TOKEN`: GET shows and changes nothing, so that a scanner which follows links confirms nobody; POST confirms. */
import { Failure } from '../failures.ts'
import { findConfirmation, stateOf, useConfirmation, type Confirmation } from '../store/confirmations.ts'
import { signingKeys } from '../store/signing-keys.ts'
import { findSubscription, subscriberById } from '../store/subscribers.ts'
import { shortAgent } from '../subscribers/consent.ts'
import { fingerprint, readConfirmation } from '../subscribers/token.ts'
import { masked, networkAt } from './forms.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { formHeaders, signUpForm } from './subscribe.ts'
import { type View } from './view.ts'

export function showConfirm(needs: Needs, view: View): Page {
  return async (c) => {
    const { db, now } = needs
    const id = await readLink(c, needs)
    if (id === undefined) return unknownLink(c, view)
    const confirmation = await findConfirmation(db, id)
    if (confirmation === undefined) return askAgain(needs, view, c)
    const state = await stateOf(db, confirmation, now())
    if (state === 'used') return showUsed(needs, view, c, confirmation)
    if (state !== 'open') return askAgain(needs, view, c)
    const data = { state: 'asked', ...(await wordsOf(needs, confirmation)) }
    if (data.titles.length === 0) return noneLeft(c, view)
    return view.page(c, 'confirm', data, { title: 'Please confirm', private: true })
  }
}

export function confirm(needs: Needs, view: View): Page {
  return async (c) => {
    const { db, now, newsletters } = needs
    const id = await readLink(c, needs)
    if (id === undefined) return unknownLink(c, view)
    const confirmation = await findConfirmation(db, id)
    if (confirmation === undefined) return askAgain(needs, view, c)
    const words = await wordsOf(needs, confirmation)
    if (words.titles.length === 0) return noneLeft(c, view)
    const [key] = await signingKeys(db, now())
    const network = networkAt(c)
    const outcome = await useConfirmation(db, {
      id,
      newsletters,
      now: now(),
      path: 'link',
      evidence: 'pressed the button on the page of the confirmation link',
      agent: shortAgent(c.req.header('user-agent')),
      ...(key !== undefined && network?.isPublic === true && { network: fingerprint(key, 'network', network.name) }),
    })
    // Pressed twice, or by two windows at once: the second finds it done, and is told the same.
    if (outcome === 'used') return showUsed(needs, view, c, confirmation)
    if (outcome !== 'confirmed') return askAgain(needs, view, c)
    needs.log.info({ confirmation: id, newsletters: confirmation.newsletterIds }, 'confirmed')
    return view.page(c, 'confirm', { state: 'done', ...words }, { title: 'You are subscribed', private: true })
  }
}

/** A link that did its work: what came of it is what counts, for whoever opens it again. */
async function showUsed(needs: Needs, view: View, c: WebContext, confirmation: Confirmation): Promise<Response> {
  const { subscriberId, newsletterIds } = confirmation
  const known = await Promise.all(
    newsletterIds.map((newsletterId) => findSubscription(needs.db, { subscriberId, newsletterId })),
  )
  if (!known.some((subscription) => subscription?.state === 'active')) return askAgain(needs, view, c)
  const data = { state: 'done', ...(await wordsOf(needs, confirmation)) }
  return view.page(c, 'confirm', data, { title: 'You are subscribed', private: true })
}

/** Too old, swept, or followed by an unsubscribe: the way back is the form. It says nothing of who it was for. */
async function askAgain(needs: Needs, view: View, c: WebContext): Promise<Response> {
  const form = await signUpForm(needs, view, c, {})
  const data = { state: 'late', form }
  return view.page(c, 'confirm', data, { title: 'This link is over', private: true, headers: formHeaders })
}

/** What the pages say of a confirmation: its newsletters that there still are, and whose it is. */
async function wordsOf({ db, newsletters }: Needs, { subscriberId, newsletterIds }: Confirmation) {
  const subscriber = await subscriberById(db, subscriberId)
  return {
    titles: newsletters.filter(({ id }) => newsletterIds.includes(id)).map(({ title }) => title),
    address: subscriber && masked(subscriber.email),
  }
}

async function readLink(c: WebContext, { db, now }: Needs): Promise<string | undefined> {
  try {
    return readConfirmation(await signingKeys(db, now()), c.req.param('token') ?? '')
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'token.invalid') return undefined
    throw thrown
  }
}

function unknownLink(c: WebContext, view: View): Promise<Response> {
  const words =
    'It may have lost its end on the way here. Open it again from the mail, whole, or ask for another one on our front ' +
    'page. Nothing was changed.'
  return view.message(c, 'This link is not one of ours', words, { status: 404 })
}

function noneLeft(c: WebContext, view: View): Promise<Response> {
  const words = 'The newsletter that this link is for is no longer published. Nothing was changed.'
  return view.message(c, 'There is nothing left to confirm', words, { status: 404 })
}
