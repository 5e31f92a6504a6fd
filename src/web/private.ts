/** What is for whoever runs this installation and nobody else: the mailbox, the figures. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Next } from 'hono'
import { isFromHere } from './local.ts'
import { type Needs, type WebContext } from './needs.ts'

/** Lets through who may look: by the admin password where there is one, else only this machine. */
export function guardPrivate({ adminPassword }: Pick<Needs, 'adminPassword'>) {
  return async (c: WebContext, next: Next): Promise<Response | undefined> => {
    if (adminPassword === undefined) {
      if (!isFromHere(c)) return c.notFound()
    } else if (!knowsPassword(c.req.header('authorization'), adminPassword)) {
      return c.text('This asks for the admin password.\n', 401, {
        'WWW-Authenticate': 'Basic realm="Broadsheet", charset="UTF-8"',
        'Cache-Control': 'no-store',
      })
    }
    await next()
    return undefined
  }
}

/** RFC 7617: the user name may be anything; the password is compared by digests, so that time says nothing about it. */
function knowsPassword(header: string | undefined, password: string): boolean {
  const credentials = /^basic +([\w+/]+=*)$/i.exec(header ?? '')?.[1]
  if (credentials === undefined) return false
  const given = Buffer.from(credentials, 'base64').toString('utf8')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return given.includes(':') && timingSafeEqual(digest(given.slice(given.indexOf(':') + 1)), digest(password))
}
