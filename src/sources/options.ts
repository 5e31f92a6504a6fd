/** The options that every kind of source takes, and those that every kind of source on the web takes besides. */
import { load } from 'cheerio'
import { z } from 'zod'
import { cron } from '../times.ts'
import { pattern } from './patterns.ts'

const sourceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'small letters, digits and hyphens, such as desk' })

export const id = sourceId.describe('Name of the source, part of addresses: it stays when anything else changes')

/** Beside `id` and `kind`, which stand first. */
export const sourceBase = {
  schedule: cron
    .default('*/30 * * * *')
    .describe('When `serve` and `run` collect it, as cron in the time zone of the site'),
  topics: z.array(z.string().min(1)).default([]).describe('Given to every article of this source'),
  ours: z
    .boolean()
    .optional()
    .describe(
      "Whether its articles are the publication's own; others' go out as excerpt and link. Without it, those of a folder and those under the domain of site.url are",
    ),
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
      'Sent with requests of this source to scheme and host of its `url`, for cookies and tokens: `{ Cookie: "session=${SESSION}" }`',
    ),
  ignoreRobots: z
    .boolean()
    .default(false)
    .describe('Reads what robots.txt asks robots not to read: only for a site of your own'),
}

/** How deep a list is read. */
export const pages = z
  .int()
  .min(1)
  .max(100)
  .default(1)
  .describe('So many pages of the list at most: further ones only while nothing on them was met before')

/** A CSS selector; one that cheerio cannot read is refused with its line, before anything is fetched by it. */
export const selector = z.string().min(1).max(1000).refine(isSelector, { error: 'a CSS selector such as article.card' })

/** What of an article's own page is the article, where it is not found by itself. */
export const pageParts = {
  content: selector
    .optional()
    .describe("On an article's own page: what holds its text, instead of what is found by itself"),
  remove: z.array(selector).default([]).describe("On an article's own page: what is no part of it"),
}

function isSelector(text: string): boolean {
  try {
    load('<p></p>')(text)
    // Mark-up would be made, not searched for; and every search is one of the whole page.
    return !/^\s*[<>+~]|:scope/i.test(text)
  } catch {
    return false
  }
}

/** Of the kinds that get the text itself from elsewhere. */
export const selectWithFullText = z
  .strictObject(pageParts)
  .prefault({})
  .describe('With `fullText`: what of an article’s page is the article, where it is not found by itself')

/** Of the kinds that read lists. */
export const fullTextOfList = z
  .boolean()
  .default(true)
  .describe("Reads each article's own page; with `false`, what stands in the list is the article")
