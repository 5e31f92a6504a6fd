/** How long what is kept: the options under `retention:` in broadsheet.yaml, and the moment that each of them means. */
import { z } from 'zod'

const DAY_MS = 86_400_000

/** A time that is kept: so many days, or for ever. `least` guards what is still needed. */
function keep(least: number) {
  return z
    .string()
    .regex(/^(forever|[1-9]\d{0,3}d)$/, { error: 'a number of days such as 90d, or forever' })
    .refine((text) => daysOf(text) >= least, { error: `at least ${least}d` })
}

export const options = z.strictObject({
  articles: keep(30)
    .default('forever')
    .describe(
      'Content of articles, since it was first seen; title and address stay, so that none is taken for new again. At least `30d`',
    ),
  media: keep(1).default('30d').describe('Pictures that no article, edition or feed file names any more'),
  mails: keep(1).default('90d').describe('Mails in the built-in mailbox'),
  changes: keep(1)
    .default('400d')
    .describe('What an article said before it was changed or corrected: for `articles show`'),
  deliveries: keep(30)
    .default('400d')
    .describe(
      'Who was sent which edition, since it was composed and everything was settled; how many stays for good. At least `30d`',
    ),
})

export type Retention = z.output<typeof options>

/** What is older than this goes; undefined where it is kept for ever. */
export function oldestKept(text: string, now: Date): Date | undefined {
  const days = daysOf(text)
  return Number.isFinite(days) ? daysBefore(now, days) : undefined
}

export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

function daysOf(text: string): number {
  return text === 'forever' ? Infinity : Number.parseInt(text, 10)
}
