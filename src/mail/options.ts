/** What stands under `mail:` in broadsheet.yaml. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { readRate, type Rate } from './pace.ts'

/** Where a server is and how to speak with it, read from its address. */
export interface Server {
  host: string
  port: number
  /** TLS from the first byte on (smtps), STARTTLS or the connection ends, STARTTLS where it is offered, or none. */
  tls: 'implicit' | 'required' | 'offered' | 'off'
  /**
   * Whether its certificate must be good. Not where TLS is only taken when offered (RFC 7435): whoever could forge one
   * could as well take the offer away.
   */
  verifies: boolean
  login?: { user: string; password: string }
}

/**
 * Reads `smtp://` and `smtps://` addresses. The password may hold any character as it is, because it comes out of the
 * environment: user and password end at the last `@`, and the user at the first `:`. Percent signs that make an escape
 * are read as one. Gives what is wrong, in words, when it cannot be used.
 */
export function readServer(url: string): Server | string {
  const [, scheme, login, bracketed, name, portText, query] =
    /^(smtps?):\/\/(?:([^]*)@)?(?:\[([^\]@]+)\]|([^\s@:/?#[\]]+))(?::(\d+))?\/?(?:\?(\S*))?$/i.exec(url) ?? []
  const host = bracketed ?? name
  if (scheme === undefined || host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    return 'smtp://HOST:PORT or smtps://USER:PASSWORD@HOST'
  }
  const colon = login?.indexOf(':') ?? -1
  if (login !== undefined && (colon < 1 || colon === login.length - 1)) return 'user and password as USER:PASSWORD@'
  const isSecure = scheme.toLowerCase() === 'smtps'
  const wish = readTls(query)
  if (wish === 'unknown' || (isSecure && wish !== undefined)) {
    return 'at its end nothing, or for smtp:// one of ?tls=required, ?tls=off'
  }
  const near = isNear(host)
  if (login !== undefined && wish === 'off' && !near) return 'no ?tls=off: the password would travel in clear text'
  const tls = isSecure ? 'implicit' : (wish ?? (login !== undefined && !near ? 'required' : 'offered'))
  const port = Number(portText ?? (isSecure ? 465 : login === undefined ? 25 : 587))
  if (port < 1 || port > 65_535) return 'a port from 1 to 65535'
  return {
    host,
    port,
    tls,
    verifies: !near && (tls === 'implicit' || tls === 'required'),
    ...(login !== undefined && {
      login: { user: decode(login.slice(0, colon)), password: decode(login.slice(colon + 1)) },
    }),
  }
}

/** This machine, where nobody is in between. */
export function isNear(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function readTls(query: string | undefined): 'required' | 'off' | 'unknown' | undefined {
  if (query === undefined || query === '') return undefined
  const [, value] = /^tls=(required|off)$/.exec(query) ?? []
  return value === 'required' || value === 'off' ? value : 'unknown'
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const rate = z.string().transform((text, context): Rate => {
  const read = readRate(text)
  if (read !== undefined) return read
  context.addIssue({ code: 'custom', message: 'a number for a second, minute or hour, such as 50/s, 100/m or 1000/h' })
  return z.NEVER
})

const server = z.string().transform((url, context): Server => {
  const read = readServer(url)
  if (typeof read !== 'string') return read
  context.addIssue({ code: 'custom', message: read })
  return z.NEVER
})

const transport = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'small letters, digits and hyphens, a letter or digit first')
    // While that one is the transport, `/mail/` shows it and the editor gets desk copies.
    .refine((id) => id !== 'mailbox', '`mailbox` is the built-in one; choose another id')
    .describe('its name in results and logs'),
  url: server.describe(
    '`smtps://USER:PASSWORD@HOST` (TLS, port 465) or `smtp://…` (port 587 with a user, else 25). With a user, `smtp://` insists on STARTTLS and a good certificate unless the host is this machine; without one it takes STARTTLS where it is offered. `?tls=required` insists always, `?tls=off` never asks. USER and PASSWORD are taken as they are, but for percent escapes',
  ),
  rate: rate.optional().describe('at most so many messages: `50/s`, `100/m`, `1000/h`; over all of its connections'),
  connections: z.int().min(1).max(100).default(4).describe('how many messages it takes at once'),
})

export const options = z.strictObject({
  transports: z
    .array(transport)
    .min(1)
    .superRefine((list, context) => {
      list.forEach(({ id }, index) => {
        if (list.findIndex((other) => other.id === id) === index) return
        const message = 'an id of its own: another of the transports is called so'
        context.addIssue({ code: 'custom', path: [index, 'id'], message, input: undefined })
      })
    })
    .optional()
    .describe(
      'mail servers, in order: the next takes over while one is down. Without any, mails go to the built-in mailbox',
    ),
  domains: z
    .record(z.string(), rate)
    .superRefine((domains, context) => {
      for (const domain of Object.keys(domains)) {
        if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) continue
        const message = 'a domain in small letters, such as gmail.com; one of another script as xn--…'
        context.addIssue({ code: 'custom', path: [domain], message, input: undefined })
      }
    })
    .default({})
    .describe('at most so many messages to readers of a domain: `gmail.com: 20/s`; over all transports'),
})

export type MailOptions = z.output<typeof options>

export type TransportOptions = z.output<typeof transport>
