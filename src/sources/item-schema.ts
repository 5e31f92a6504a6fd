/** What an item from outside our own code must look like. */
import { z } from 'zod'
import { webUrl } from './web-url.ts'

const LONGEST_BODY = 5_000_000

const words = z.string().max(20_000)
const names = z.array(words).max(100)
const address = z
  .string()
  .max(10_000)
  .refine((text) => webUrl(text) !== undefined, { error: 'it must be an address that begins with https:// or http://' })
/** Some write moments as such. */
const moment = z.union([words, z.date().transform((date) => date.toISOString())])

const picture = z.strictObject({
  url: address,
  alt: words.exactOptional(),
  caption: words.exactOptional(),
  credit: words.exactOptional(),
})

const enclosure = z.strictObject({
  url: address,
  type: z.string().max(200).default(''),
  bytes: z.int().positive().exactOptional(),
  title: words.exactOptional(),
  seconds: z.number().positive().exactOptional(),
})

const episode = z.strictObject({
  image: address.exactOptional(),
  explicit: z.boolean().exactOptional(),
  season: z.int().positive().exactOptional(),
  number: z.int().positive().exactOptional(),
  kind: z.enum(['full', 'trailer', 'bonus']).exactOptional(),
  transcripts: z
    .array(
      z.strictObject({
        url: address,
        type: z.string().max(200),
        language: words.exactOptional(),
        rel: z.literal('captions').exactOptional(),
      }),
    )
    .max(10)
    .exactOptional(),
})

const body = z.strictObject({
  form: z.enum(['page', 'fragment', 'markdown', 'text']),
  value: z.string().max(LONGEST_BODY),
})

const known = z.strictObject({
  url: address,
  guid: words.exactOptional(),
  title: words.exactOptional(),
  authors: names.exactOptional(),
  topics: names.exactOptional(),
  language: words.exactOptional(),
  published: moment.exactOptional(),
  updated: moment.exactOptional(),
  excerpt: words.exactOptional(),
  image: picture.exactOptional(),
  enclosures: z.array(enclosure).max(100).exactOptional(),
  episode: episode.exactOptional(),
  body: body.exactOptional(),
  revision: words.exactOptional(),
})

/** Whoever writes `undefined` or `null` for what is not known means nothing by it. */
export const itemSchema = z.preprocess(
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== null))
      : value,
  known,
)
