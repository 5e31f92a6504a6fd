/** The one class that carries a failure; what there is to fail at is in `failure-table.ts`. */
import { FAILURES, type Kind } from './failure-table.ts'

export type FailureCode = keyof typeof FAILURES

/** What a failure was about: values and places, never secrets. */
export type FailureDetails = Record<string, string | number | undefined>

/** A failure as the JSON results, the log and `docs/failures.md` show it. */
export interface FailureReport {
  code: FailureCode
  says: string
  details: FailureDetails
  next: string
  retry: boolean
}

/** Something went wrong that someone should know of. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly details: FailureDetails

  constructor(code: FailureCode, details: FailureDetails = {}, cause?: unknown) {
    const kind: Kind = FAILURES[code]
    const facts = Object.entries(details).filter(([, value]) => value !== undefined)
    super([kind.says, ...facts.map(([name, value]) => `${name}: ${String(value)}`)].join('; '), { cause })
    this.name = 'Failure'
    this.code = code
    this.details = details
  }

  get next(): string {
    return FAILURES[this.code].next
  }

  get retry(): boolean {
    return FAILURES[this.code].retry
  }

  toJSON(): FailureReport {
    return {
      code: this.code,
      says: FAILURES[this.code].says,
      details: this.details,
      next: this.next,
      retry: this.retry,
    }
  }
}

/** The words of whatever was thrown, for a detail of the failure that it caused. */
export function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
