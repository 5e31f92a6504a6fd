/** What the config says of reading the web: the key `fetch`. */
import { z } from 'zod'
import { readAuthority } from './guard.ts'

const contact = z.union([z.url({ protocol: /^https?$/ }), z.email()], {
  error: 'an address that begins with https:// or http://, or a mail address',
})

/** A time such as `500ms`, `1s` or `2m`, as milliseconds. */
const duration = (leastMs: number, mostMs: number, words: string) =>
  z
    .string()
    .regex(/^\d{1,6}(ms|s|m)$/, { error: words })
    .transform(milliseconds)
    .refine((ms) => ms >= leastMs && ms <= mostMs, { error: words })

export const options = z.strictObject({
  contact: contact
    .optional()
    .describe(
      'Where a site that we read can find us: a page or a mail address, named in our User-Agent. Default: server.url, else site.url',
    ),
  allow: z
    .array(
      z.string().refine((entry) => readAuthority(entry) !== undefined, { error: 'HOST:PORT, such as 127.0.0.1:4001' }),
    )
    .default([])
    .describe('Each HOST:PORT inside a private network that may be read after all, as addresses name it'),
  gap: duration(0, 60_000, 'a time up to 1m, such as 500ms or 2s')
    .prefault('1s')
    .describe('Pause between two requests to one site; a longer Crawl-delay of its robots.txt is kept, up to 30s'),
  timeout: duration(1_000, 300_000, 'a time from 1s to 5m, such as 30s')
    .prefault('30s')
    .describe('Time for one request and its whole answer'),
  browser: z
    .string()
    .min(1)
    .optional()
    .describe('Path of Chromium, for sources of the kind `browser`; without it, the usual places are looked at'),
})

function milliseconds(text: string): number {
  const unit = { ms: 1, s: 1_000, m: 60_000 }[/[a-z]+$/.exec(text)?.[0] ?? ''] ?? Number.NaN
  return parseInt(text, 10) * unit
}
