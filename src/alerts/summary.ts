/** All that there is to tell at one moment, in one mail and one JSON document: a storm makes one of each. */
import { type FailureReport } from '../failures.ts'
import { type Alert } from '../model.ts'
import { type Occasion } from './dedupe.ts'

export interface News {
  alert: Alert
  occasion: Occasion
}

/** What is told; addresses of people are hidden already. */
export interface Summary {
  /** Every one of them. */
  told: ToldFailure[]
  subject: string
  text: string
  /** What a webhook is given. */
  json: { text: string; site: string; failures: ToldFailure[] }
}

export interface ToldFailure extends FailureReport {
  key: string
  state: Occasion
  /** ISO-8601. */
  since: string
  until?: string
}

/** More are counted: the log and /metrics have them all. */
const most = 20

const headings: Record<Occasion, string> = { new: 'New', still: 'Still so', over: 'Over' }

/** `hide` takes out of a text what must not leave the house. */
export function summarize(news: News[], site: string, hide: (text: string) => string): Summary {
  const told = (['new', 'still', 'over'] as const).flatMap((occasion) =>
    news.filter((one) => one.occasion === occasion).map(({ alert }) => toTold(alert, occasion, hide)),
  )
  const shown = told.slice(0, most)
  const groups = (['new', 'still', 'over'] as const).flatMap((state) => {
    const some = shown.filter((one) => one.state === state)
    return some.length === 0 ? [] : [`${headings[state]}:\n\n${some.map(paragraph).join('\n\n')}`]
  })
  if (told.length > shown.length) groups.push(`And ${told.length - shown.length} more: see the log.`)
  const text = groups.join('\n\n')
  return {
    told,
    subject: `[${site}] ${subjectOf(told)}`,
    text: `${text}\n`,
    json: { text: `${site}\n\n${text}`, site, failures: shown },
  }
}

function subjectOf(told: ToldFailure[]): string {
  const [only] = told
  if (only && told.length === 1) {
    const about = thing(only)
    const words = about === undefined ? only.says : `${about}: ${only.says}`
    return { new: words, still: `still: ${words}`, over: `over: ${words}` }[only.state]
  }
  return (['new', 'still', 'over'] as const)
    .map((state) => ({ state, count: told.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => ({ new: `${count} new`, still: `${count} still so`, over: `${count} over` })[state])
    .join(', ')
}

function paragraph(failure: ToldFailure): string {
  const facts = Object.entries(failure.details).filter(([, value]) => value !== undefined)
  return [
    `- ${failure.says}`,
    ...facts.map(([name, value]) => `    ${name}: ${String(value)}`),
    failure.until === undefined
      ? `    since ${minute(failure.since)}`
      : `    from ${minute(failure.since)} to ${minute(failure.until)}`,
    ...(failure.state === 'over' ? [] : [`    → ${failure.next}`]),
  ].join('\n')
}

function thing({ details }: ToldFailure): string | undefined {
  for (const name of ['source', 'feed', 'newsletter', 'transport'])
    if (details[name] !== undefined) return `${name} ${String(details[name])}`
  return undefined
}

function toTold(
  { key, failure, raisedAt, clearedAt }: Alert,
  state: Occasion,
  hide: (text: string) => string,
): ToldFailure {
  const details = Object.fromEntries(
    Object.entries(failure.details).map(([name, value]) => [name, typeof value === 'string' ? hide(value) : value]),
  )
  return {
    key: hide(key),
    state,
    since: raisedAt.toISOString(),
    ...(clearedAt && { until: clearedAt.toISOString() }),
    ...failure,
    details,
  }
}

/** `2026-07-14 12:05 UTC`. */
function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}
