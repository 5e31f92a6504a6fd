/** One entry under `feeds:` in broadsheet.yaml. */
import { z } from 'zod'

const names = (of: string) => z.array(z.string().min(1)).optional().describe(of)

const choice = z.strictObject({
  sources: names('ids under `sources`; an article of any of them'),
  topics: names('an article with any of these topics'),
  authors: names('an article by any of these authors'),
  text: z.string().min(1).optional().describe('a word or phrase in title or text, in any case'),
})

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'small letters, digits and hyphens, a letter or digit first')
  // `media/` beside the feeds holds their pictures.
  .refine((name) => name !== 'media', '`media` is the folder of pictures; choose another id')

const kind = z.enum(['topic', 'author', 'source'])

export const options = z.strictObject({
  id: id.describe('part of its address: feeds/ID/rss.xml'),
  was: z
    .union([id, z.array(id)])
    .default([])
    .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
    .describe('former id or ids of the feed: its old addresses lead to the new ones'),
  title: z.string().trim().min(1).describe('what feed readers show'),
  description: z.string().trim().min(1).optional().describe('one sentence; without it the one of the site'),
  where: choice.default({}).describe('which articles; every condition given must hold'),
  each: z
    .union([kind, z.array(kind)])
    .default([])
    .transform((kinds) => [...new Set(typeof kinds === 'string' ? [kinds] : kinds)])
    .describe('beside it, a feed for each topic, author or source of its articles: feeds/ID/topic/harbour/rss.xml'),
  retired: z.boolean().default(false).describe('it has ended: what is out stays, readers are told to ask no more'),
  items: z.int().min(1).max(500).default(50).describe('how many articles, the newest first'),
  bytes: z
    .int()
    .min(10_000)
    .max(5_000_000)
    .default(1_000_000)
    .describe('how large a file of it may be; older articles that do not fit are in its archive'),
  content: z
    .enum(['full', 'excerpt'])
    .default('full')
    .describe('the whole article in the feed, or its first sentences and a link'),
})
