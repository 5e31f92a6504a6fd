/** When the operator is told: once when something goes wrong, once a day while it lasts, once when it is over. */
import { type FailureCode, type FailureReport } from '../failures.ts'
import { type Alert } from '../model.ts'

/** Something that is wrong just now. */
export interface Problem {
  key: string
  failure: FailureReport
}

/** Why an alert is told just now: `new` trouble, the same `still`, or `over`. */
export type Occasion = 'new' | 'still' | 'over'

const hourMs = 3_600_000

/** While it lasts, it is told again after so long. */
export const againMs = 24 * hourMs

/** What comes back within so long of being told is not told again until then: a thing that flickers fills no mailbox. */
export const quietMs = hourMs

/** Happenings, not conditions: they are told and then over, and nothing works again afterwards. */
const happenings: ReadonlySet<FailureCode> = new Set(['mail.refused', 'mail.uncertain'])

/**
 * What is to be remembered after a look at what is wrong. `lookedAt` tells of a key whether it would be among the
 * problems if it still held; `concerns`, whether anything of that key exists any longer. What is neither kept nor new
 * is forgotten.
 */
export function note(
  known: Alert[],
  problems: Problem[],
  now: Date,
  { lookedAt, concerns }: { lookedAt: (key: string) => boolean; concerns: (key: string) => boolean },
): { keep: Alert[]; forget: string[] } {
  const before = new Map(known.map((alert) => [alert.key, alert]))
  const present = new Map<string, Problem>()
  for (const problem of problems) present.set(problem.key, together(present.get(problem.key), problem))
  const keep = [...present.values()].map((problem) => raise(before.get(problem.key), problem, now))
  const forget: string[] = []
  for (const alert of known) {
    if (present.has(alert.key)) continue
    const next = concerns(alert.key) ? settle(alert, now, lookedAt(alert.key)) : undefined
    if (next === undefined) forget.push(alert.key)
    else keep.push(next)
  }
  return { keep, forget }
}

/** Why this alert is to be told now, if it is. */
export function occasionOf({ raisedAt, toldAt, clearedAt }: Alert, now: Date): Occasion | undefined {
  if (clearedAt) return toldAt === undefined || clearedAt > toldAt ? 'over' : undefined
  if (toldAt === undefined) return ageOf(raisedAt, now) >= againMs ? 'still' : 'new'
  return raisedAt > toldAt && ageOf(toldAt, now) >= quietMs ? 'new' : undefined
}

function raise(known: Alert | undefined, { key, failure }: Problem, now: Date): Alert {
  if (known === undefined) return { key, failure, raisedAt: now }
  const { clearedAt, ...alert } = known
  if (isHappening(known)) {
    const isUntold = known.toldAt === undefined || known.raisedAt > known.toldAt
    return { ...alert, raisedAt: now, failure: isUntold ? sum(known.failure, failure) : failure }
  }
  const { toldAt } = known
  if (clearedAt) {
    // Nobody heard that it was over: for them it never was.
    const isHeard = toldAt !== undefined && toldAt >= clearedAt
    return { ...alert, failure, ...(isHeard && { raisedAt: now }) }
  }
  if (toldAt && raisedBeforeTold(known) && ageOf(toldAt, now) >= againMs) {
    return { key, failure, raisedAt: alert.raisedAt }
  }
  return { ...alert, failure }
}

/** An alert that is not among the problems; undefined when there is nothing left to remember. */
function settle(alert: Alert, now: Date, isLookedAt: boolean): Alert | undefined {
  const { toldAt, clearedAt } = alert
  const isQuiet = toldAt !== undefined && ageOf(toldAt, now) >= quietMs
  if (isHappening(alert)) return isQuiet && raisedBeforeTold(alert) ? undefined : alert
  if (clearedAt) return isQuiet && clearedAt <= toldAt ? undefined : alert
  if (!isLookedAt) return alert
  // It flickered within the quiet hour: neither its coming back nor its going was ever told.
  if (toldAt && !raisedBeforeTold(alert)) return { ...alert, clearedAt: toldAt }
  return { ...alert, clearedAt: now }
}

/** Whether it happened, and is over with that, rather than being so for a while. */
export function isHappening({ failure }: { failure: Pick<FailureReport, 'code'> }): boolean {
  return happenings.has(failure.code)
}

function raisedBeforeTold({ raisedAt, toldAt }: Alert): boolean {
  return toldAt !== undefined && raisedAt <= toldAt
}

/** Two of one look with one key: happenings are counted, of conditions the first speaks. */
function together(first: Problem | undefined, next: Problem): Problem {
  if (first === undefined) return next
  return isHappening(first) ? { key: first.key, failure: sum(first.failure, next.failure) } : first
}

function sum(first: FailureReport, next: FailureReport): FailureReport {
  const messages = Number(first.details['messages'] ?? 1) + Number(next.details['messages'] ?? 1)
  return { ...first, details: { ...first.details, messages } }
}

function ageOf(moment: Date, now: Date): number {
  return now.getTime() - moment.getTime()
}
