/** What goes between the processes: tasks one way, answers the other, failures as the values that they are made of. */
import { describe, Failure, type FailureCode, type FailureDetails } from '../failures.ts'

export interface Task {
  name: string
  args: unknown[]
}

export type Result = { value: unknown } | Thrown

/** What came of a task, and the processor time that its process has taken so far. */
export type Answer = Result & { usedMs: number }

export type Thrown =
  | { failure: { code: FailureCode; details: FailureDetails; reason?: string } }
  | { error: { message: string; stack?: string } }

/** What was thrown, as plain values. */
export function thrownOf(thrown: unknown): Thrown {
  // V8 has no other sign for it: the stack is deeper than it may be, or a text, list or map longer.
  if (thrown instanceof RangeError) return { failure: { code: 'reading.tooHard', details: { limit: thrown.message } } }
  if (thrown instanceof Failure) {
    const { code, details, cause } = thrown
    return { failure: { code, details, ...(cause !== undefined && { reason: describe(cause) }) } }
  }
  const stack = thrown instanceof Error ? thrown.stack : undefined
  return { error: { message: describe(thrown), ...(stack !== undefined && { stack }) } }
}

/** The same to throw again. */
export function failureOf(thrown: Thrown): Error {
  if ('failure' in thrown) {
    const { code, details, reason } = thrown.failure
    return new Failure(code, details, reason === undefined ? undefined : new Error(reason))
  }
  const error = new Error(thrown.error.message)
  if (thrown.error.stack !== undefined) error.stack = thrown.error.stack
  return error
}
