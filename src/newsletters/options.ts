/** The options of one entry under `newsletters:` in broadsheet.yaml. */
import { z } from 'zod'
import { cron, duration, timezone } from '../times.ts'
import { usualSize } from './gate.ts'

const where = z.strictObject({
  sources: z.array(z.string().min(1)).min(1).optional().describe('Ids of sources'),
  topics: z.array(z.string().min(1)).min(1).optional().describe('Articles with one of these topics'),
  authors: z.array(z.string().min(1)).min(1).optional().describe('Articles by one of these people'),
  text: z.string().min(1).optional().describe('A word or phrase in title or text, whatever its case'),
})

const articles = z
  .strictObject({
    min: z.int().min(1).max(1000).default(1).describe('Fewer new articles than this: no edition yet'),
    max: z.int().min(1).max(50).default(12).describe('Shown with picture and excerpt; further ones as headlines'),
  })
  .refine(({ min, max }) => min <= max, { error: 'min that is not above max', path: ['min'] })

const unusual = z.strictObject({
  articles: z
    .int()
    .min(1)
    .default(usualSize.articles)
    .describe('New articles that are never too many; beyond them, five times the usual number holds the edition'),
  readers: z
    .int()
    .min(1)
    .default(usualSize.readers)
    .describe('Readers that are never too many; beyond them, three times those of late hold the edition'),
})

const zone = z
  .string()
  .refine((name) => name !== 'subscriber', {
    error: 'an IANA time zone such as Europe/London; `subscriber`, each reader’s own, is not built yet',
  })
  .pipe(timezone)

const late = z.strictObject({
  after: duration.prefault('6h').describe('How long after its time an edition still goes out: 90m, 6h, 14d'),
  then: z
    .enum(['send', 'skip', 'merge'])
    .default('merge')
    .describe(
      '`send` it all the same, `skip` it with its articles, or `merge` them into the next; however many were missed, one goes out',
    ),
})

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'small letters, digits and hyphens, such as daily' })

/** One newsletter, as `broadsheet.yaml` writes it. */
export const options = z.strictObject({
  id: id.describe('Name of the newsletter, part of addresses and headers: it stays when anything else changes'),
  was: z
    .union([id, z.array(id)])
    .default([])
    .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
    .describe('Former id or ids of the newsletter: its readers and editions come along when it is renamed'),
  title: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}*$/u, { error: 'one line of text' })
    .describe('What readers see it called'),
  from: z
    .string()
    .trim()
    .refine(isMailbox, {
      error:
        'one mailbox, such as The Harbour Gazette <daily@news.gazette.example>; a name with , . : ; @ or brackets goes in double quotes',
    })
    .describe('Sender of its mails: `Name <address>`'),
  schedule: cron.default('0 7 * * *').describe('When an edition is composed and sent, as cron'),
  timezone: zone.optional().describe('Time zone of its schedule; without it the one of the site'),
  late: late
    .prefault({})
    .describe('What happens to an edition whose time was missed, while the machine was off perhaps'),
  where: where.prefault({}).describe('Which articles: every condition given must hold; without any, all of them'),
  articles: articles.prefault({}).describe('How many articles make an edition'),
  first: z
    .enum(['next', 'now'])
    .default('next')
    .describe('A new newsletter or reader starts with what comes `next`, or with what is there `now`'),
  approve: z.boolean().default(false).describe('Each edition waits for `broadsheet editions approve`'),
  unusual: unusual.prefault({}).describe('From which size on an unusually large edition waits for an editor'),
  subject: z
    .string()
    .min(1)
    .default('{{ lead.title }}')
    .describe('Subject line in Liquid; it knows what the mail template knows (docs/templates.md)'),
  template: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, { error: 'name of a file in templates/mail/, without its ending' })
    .default('digest')
    .describe('NAME of templates/mail/NAME.mjml and NAME.txt'),
})

const NAME = /^(?:"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"|[^"\\()<>[\]:;@,.\p{Cc}]*)$/u
const ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([^@\s\p{Cc}]+)$/u
const DOMAIN =
  /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]$/u

/** RFC 5322 §3.4 `mailbox`, without comments and folding, which no one writes in a config on purpose. */
function isMailbox(text: string): boolean {
  const bracketed = /^(.*?)<([^<>]*)>$/su.exec(text)
  const name = bracketed?.[1]?.trim() ?? ''
  const address = bracketed?.[2] ?? text
  const domain = ADDRESS.exec(address)?.[1]
  return text.length <= 320 && NAME.test(name) && domain !== undefined && DOMAIN.test(domain)
}
