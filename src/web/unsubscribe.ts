/** `/unsubscribe/TOKEN`: GET shows and changes nothing, POST ends the subscription, by button or by one-click (RFC 8058). */
import { Failure } from '../failures.ts'
import { type Newsletter } from '../model.ts'
import { currentId } from '../store/renames.ts'
import { signingKeys } from '../store/signing-keys.ts'
import { endSubscription, findSubscription, subscriberById } from '../store/subscribers.ts'
import { readUnsubscribe } from '../subscribers/token.ts'
import { masked } from './forms.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { type View } from './view.ts'

export function showUnsubscribe(needs: Needs, view: View): Page {
  return async (c) => {
    if (isOfTestMail(c)) return explainTestMail(c, view)
    const link = await readLink(c, needs)
    if (link === undefined) return unknownLink(c, view)
    const subscriber = await subscriberById(needs.db, link.subscriberId)
    const subscription = subscriber && (await findSubscription(needs.db, link))
    const data = {
      state: subscription === undefined ? 'gone' : subscription.state === 'ended' ? 'left' : 'asked',
      newsletter: titleOf(link.newsletterId, needs.newsletters),
      address: subscriber && masked(subscriber.email),
    }
    return view.page(c, 'unsubscribe', data, { title: 'Unsubscribe', private: true })
  }
}

export function unsubscribe(needs: Needs, view: View): Page {
  return async (c) => {
    if (isOfTestMail(c)) return explainTestMail(c, view)
    const link = await readLink(c, needs)
    if (link === undefined) return unknownLink(c, view)
    const oneClick = isOneClick(await c.req.text())
    const subscriber = await subscriberById(needs.db, link.subscriberId)
    if (subscriber !== undefined) {
      await endSubscription(needs.db, {
        ...link,
        now: needs.now(),
        reason: 'unsubscribed',
        path: oneClick ? 'one-click' : 'link',
        evidence: oneClick ? 'List-Unsubscribe=One-Click' : 'pressed Unsubscribe on the page of the link',
      })
    }
    const newsletter = titleOf(link.newsletterId, needs.newsletters)
    if (oneClick) return c.text(`Unsubscribed from ${newsletter}.\n`, 200, { 'Cache-Control': 'no-store' })
    const data = { state: 'done', newsletter, address: subscriber && masked(subscriber.email) }
    return view.page(c, 'unsubscribe', data, { title: 'You are unsubscribed', private: true })
  }
}

/** RFC 8058 3.2 has the pair in an urlencoded or multipart form; what a mail service calls its body does not matter. */
function isOneClick(body: string): boolean {
  return /(^|&)List-Unsubscribe=One-Click(&|\s*$)/i.test(body) || /name="?List-Unsubscribe"?\r?\n/i.test(body)
}

/** The link of a preview and of `send-test`: no token, so that it stands for nobody. */
function isOfTestMail(c: WebContext): boolean {
  return ['preview', 'test'].includes(c.req.param('token') ?? '')
}

function explainTestMail(c: WebContext, view: View): Promise<Response> {
  const words =
    'It belongs to no subscription, so there is nothing to end here. In the mail that readers get, this link is their ' +
    'own and ends their subscription. Nothing was changed.'
  return view.message(c, 'This mail was a test', words)
}

async function readLink(c: WebContext, { db, now }: Needs) {
  try {
    const link = readUnsubscribe(await signingKeys(db, now()), c.req.param('token') ?? '')
    // The link may be older than the newsletter's name.
    return { ...link, newsletterId: await currentId(db, 'newsletter', link.newsletterId) }
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'token.invalid') return undefined
    throw thrown
  }
}

function unknownLink(c: WebContext, view: View): Promise<Response> {
  const words =
    'It may have lost its end on the way here. Open it again from the mail, whole, or use the unsubscribe ' +
    'button that your mail program shows beside the sender. Nothing was changed.'
  return view.message(c, 'This link is not one of ours', words, { status: 404 })
}

function titleOf(newsletterId: string, newsletters: Newsletter[]): string {
  return newsletters.find(({ id }) => id === newsletterId)?.title ?? newsletterId
}
