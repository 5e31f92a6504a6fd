/** One entry under `feeds:` in broadsheet.yaml. */
import { z } from 'zod'
import { categoryNames, isCategory } from './podcast-categories.ts'

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

const podcast = z.strictObject({
  image: z
    .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
    .refine((url) => !/\.(?:gif|webp|avif|svg|bmp|tiff?)$/i.test(URL.parse(url)?.pathname ?? ''), 'a JPEG or PNG')
    .describe('its cover: square, JPEG or PNG, 1400 to 3000 pixels'),
  categories: z
    .array(
      z.string().refine(
        (written) => {
          const [name = '', part, ...more] = categoryNames(written)
          return more.length === 0 && isCategory(name, part)
        },
        { error: 'a category of Apple’s list, such as News, or a part of one, such as News > Daily News' },
      ),
    )
    .min(1)
    .describe('of Apple’s list, the most fitting first: `News`, or a part of one as `News > Daily News`'),
  explicit: z.boolean().default(false).describe('not for children'),
  type: z.enum(['episodic', 'serial']).default('episodic').describe('`serial`: to be heard from the first episode on'),
  author: z.string().trim().min(1).optional().describe('who is heard; without it, the editor or the paper'),
  owner: z
    .strictObject({
      name: z.string().trim().min(1).describe('who answers for it'),
      email: z.email().describe('where directories write to; everybody can read it in the feed'),
    })
    .optional()
    .describe('directories ask for it when the podcast is submitted'),
  copyright: z.string().trim().min(1).optional().describe('whose it is'),
  guid: z
    .guid()
    .optional()
    .describe('the `podcast:guid` that it has already; without it, the one that follows from its address'),
  locked: z.boolean().default(false).describe('other hosts of podcasts may not take it over'),
})

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
  podcast: podcast.optional().describe('it is a podcast: what its directories want to know (docs/podcasts.md)'),
})
