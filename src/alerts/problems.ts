/** Which of the things that a run met are worth waking someone for, and what each is about. */
import { type FailureReport } from '../failures.ts'
import { isHappening, type Problem } from './dedupe.ts'

/** What one verb did in a run. */
export interface Doing {
  /** `run`: the run itself, which broke off before it came to any of them. */
  verb: 'collect' | 'publish' | 'compose' | 'deliver' | 'announce' | 'upkeep' | 'run'
  /** The sources, feeds or newsletters that it was tried for; all when it is left out. */
  ids?: string[] | undefined
  /** It found nothing to do, and so cannot know whether what failed before works again. */
  isIdle?: boolean | undefined
  faults: FailureReport[]
  held: FailureReport[]
}

/** A warning: nothing has gone wrong yet. */
const warning = /^disk\.(low|unknown)$/

/** What each verb works through, as the details of failures name it. */
const things: Record<Doing['verb'], string | undefined> = {
  collect: 'source',
  publish: 'feed',
  compose: 'newsletter',
  deliver: undefined,
  announce: undefined,
  upkeep: undefined,
  run: undefined,
}

/** About one article, file or message: it is in the log and the result, and the rest of the work was done. */
const small = /^(article|media|file|frontMatter)\.|^(feed\.item|mail\.later)$/

/** Of a collection, only what has to do with this machine; a source that cannot be read may work again in a while. */
const ofTheMachine = /^(database|disk)\./

/** The details that tell one trouble from another; never an address. */
const subjects = ['source', 'feed', 'newsletter', 'edition', 'transport', 'domain', 'template', 'job'] as const

/** What of it an operator should know of. Its key begins with what it would have to be tried again for. */
export function problemsOf(doings: Doing[]): Problem[] {
  return doings.flatMap((doing) =>
    [...doing.faults, ...doing.held]
      .filter((failure) => isAlarming(doing, failure))
      .map((failure) => ({ key: keyOf(doing, failure), failure })),
  )
}

/** Whether a run did its work. Small faults, warnings and what waits for a person do not count against it. */
export function isGood(doings: Doing[]): boolean {
  // Of a source the store knows how its collection ended (alert.ts).
  return !doings.some((doing) =>
    doing.faults.some(
      (failure) => isAlarming(doing, failure) && !isHappening({ failure }) && !warning.test(failure.code),
    ),
  )
}

/** Tells of a key whether these doings would have raised it again if it still held. */
export function looker(doings: Doing[]): (key: string) => boolean {
  const tried = doings.filter(({ isIdle }) => isIdle !== true)
  return (key) => {
    const [origin = ''] = key.split(' ')
    const [verb, id] = splitOrigin(origin)
    if (verb === 'run') return doings.some((doing) => doing.verb !== 'run')
    return tried.some((doing) => {
      if (doing.verb !== verb) return false
      if (id === undefined) return true
      // A verb that broke off as a whole never came to its sources, feeds or newsletters.
      return !brokeOff(doing) && (doing.ids?.includes(id) ?? true)
    })
  }
}

/** What a key is about: the verb, and the source, feed or newsletter where there is one. */
export function splitOrigin(key: string): [verb: string, id: string | undefined] {
  const [origin = ''] = key.split(' ')
  const colon = origin.indexOf(':')
  return colon < 0 ? [origin, undefined] : [origin.slice(0, colon), origin.slice(colon + 1)]
}

function isAlarming({ verb }: Doing, { code, details }: FailureReport): boolean {
  if (small.test(code)) return false
  return verb !== 'collect' || ofTheMachine.test(code) || details['source'] === undefined
}

function brokeOff(doing: Doing): boolean {
  return things[doing.verb] !== undefined && doing.faults.some((failure) => idOf(doing, failure) === undefined)
}

/** The source, feed or newsletter that a failure names, or the job over it that broke off: `compose:daily`. */
function idOf({ verb }: Doing, { details }: FailureReport): string | undefined {
  const id = details[things[verb] ?? '']
  if (id !== undefined) return String(id)
  const [jobVerb, jobId] = splitOrigin(String(details['job'] ?? ''))
  return jobVerb === verb ? jobId : undefined
}

function keyOf(doing: Doing, failure: FailureReport): string {
  const { code, details } = failure
  const id = idOf(doing, failure)
  const origin = id === undefined ? doing.verb : `${doing.verb}:${id}`
  const facts = subjects.filter((name) => details[name] !== undefined).map((name) => `${name}=${String(details[name])}`)
  // A disk is named by a path on it.
  if (warning.test(code)) facts.push(`path=${String(details['path'])}`)
  return [origin, code, ...facts].join(' ')
}
