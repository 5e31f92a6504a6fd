/** The options that every kind of source takes, and those that every kind of source on the web takes besides. */
import { CronExpressionParser } from 'cron-parser'
import { z } from 'zod'
import { pattern } from './patterns.ts'

const sourceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'small letters, digits and hyphens, such as desk' })

export const id = sourceId.describe('Name of the source, part of addresses: it stays when anything else changes')

/** Five fields of cron: what node-cron runs by, and what cron-parser says the next moment of. */
export const cron = z.string().refine(isCron, {
  error: 'cron: minute, hour, day of month, month, day of week, such as "*/30 * * * *", in quotes',
})

/** Beside `id` and `kind`, which stand first. */
export const sourceBase = {
  schedule: cron
    .default('*/30 * * * *')
    .describe('When `serve` and `run` collect it, as cron in the time zone of the site'),
  topics: z.array(z.string().min(1)).default([]).describe('Given to every article of this source'),
  include: z
    .array(pattern)
    .default([])
    .describe('Only articles with one of these in path, address or title; `regex:` begins a regular expression'),
  exclude: z
    .array(pattern)
    .default([])
    .describe('No articles with one of these in path, address or title; `regex:` begins a regular expression'),
  was: z
    .union([sourceId, z.array(sourceId)])
    .default([])
    .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
    .describe('Former id or ids of the source: its articles come along when it is renamed'),
}

export const webAddress = z.url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })

// The name of a field is a token (RFC 9110, section 5.1); what belongs to the connection or the answer is not the source's.
const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'the name of a header, such as Cookie' })
  .refine((name) => !OURS.test(name), { error: 'a header that Broadsheet does not write itself' })

const OURS =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept-encoding|if-.*|range|user-agent|proxy-.*)$/i

export const webBase = {
  ...sourceBase,
  headers: z
    .record(headerName, z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'one line of text' }))
    .default({})
    .describe(
      'Sent with every request of this source to its own site, for cookies and tokens: `{ Cookie: "session=${SESSION}" }`',
    ),
}

function isCron(text: string): boolean {
  // Seconds (a sixth field), nicknames and the letters that only some kinds of cron know are not for every hand.
  if (!/^\s*(?:[\d*,/a-z-]+\s+){4}[\d*,/a-z-]+\s*$/i.test(text) || /(?:^|[\s,\d])[lwh](?=$|[\s,\d/])/i.test(text))
    return false
  try {
    CronExpressionParser.parse(text)
    return true
  } catch {
    return false
  }
}
